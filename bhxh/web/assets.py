"""The built files: small, few, committed, and kept in memory with their gzip. Their address holds their digest, so they never grow stale.

WHY not a static-file package: there are a dozen files, they are built already, and nothing is uploaded among them.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

BUILT: Final = Path(__file__).parent / "built"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_IS_TEXT = ("text/", "image/svg", "application/manifest")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    name: str
    content_type: str
    content: bytes
    squeezed: bytes | None
    """The same as gzip, where that is smaller."""
    digest: str

    @property
    def address(self) -> str:
        """Changes with the content."""
        return f"/tinh/{self.digest}/{self.name}"


@cache
def all_assets() -> dict[str, Asset]:
    """By name."""
    return {file.name: _read(file) for file in sorted(BUILT.iterdir()) if file.suffix in _TYPES}


def _read(file: Path) -> Asset:
    content, content_type = file.read_bytes(), _TYPES[file.suffix]
    squeezed = gzip.compress(content, mtime=0) if content_type.startswith(_IS_TEXT) else None
    return Asset(file.name, content_type, content, squeezed, sha256(content).hexdigest()[:16])
