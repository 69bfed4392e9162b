"""Other people's programs: are they here, which version, what did they say."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_TIMEOUT_S = 240
_ASKED_FOR_VERSION = {
    "xmlsec1": "--version",
    "openssl": "version",
    "pdfsig": "-v",
    "qpdf": "--version",
    "mutool": "-v",
    "zbarimg": "--version",
    "node": "--version",
}
"""Programs that judge. `pdftoppm` (of pdfsig's package) only draws, `npm` only fetches."""


class NotHereError(RuntimeError):
    """A program of others is not installed, or could not be fetched. Nothing was judged."""


_EACH_TIME = re.compile(r"(?<![\w:/])/(?:[^\s/:]+/)+|\b[0-9A-F]{16}:error:[0-9A-F]+:|Using configuration from \S+")
"""Folders, openssl's numbers of threads and errors, and that it was told to read no configuration."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program answered."""

    holds: bool
    words: str
    """Its own, on one line."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What it read, where it is one that reads."""

    def but(self, *, holds: bool, because: str) -> "Said":
        """The same, judged by one thing more."""
        return self if self.holds and holds else Said(holds=False, words=self.words if not self.holds else because)


def run(
    program: str, *arguments: str | Path, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """Run a program of others to its end. Raises NotHereError."""
    found = shutil.which(program)
    if found is None:
        raise NotHereError(program)
    # WHY resolved: a path is the caller's, a plain name one in the folder.
    command = [found, *(str(one.resolve()) if isinstance(one, Path) else one for one in arguments)]
    # WHY no input: a program that asks back would wait for ever.
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **(environment or {})}, capture_output=True, input=b"", check=False, timeout=_TIMEOUT_S
    )


@cache
def version(program: str) -> str:
    """As it tells it. Raises NotHereError."""
    done = run(program, _ASKED_FOR_VERSION[program])
    found = re.search(rb"\d+\.\d[\w.]*", done.stdout + done.stderr)
    return found[0].decode() if found else "?"


def in_short(*outputs: bytes, longest: int = 110) -> str:
    """What was printed, on one line, without folders and without what differs each time."""
    line = " ".join(_EACH_TIME.sub("", b" ".join(outputs).decode("utf-8", "replace")).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
