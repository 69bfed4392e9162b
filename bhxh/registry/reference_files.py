"""Read the tables that ship with the registry. Pure: files in, rows out; their sources are named in reference_data/README.md."""

import csv
import gzip
import io
from functools import cache
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).parent / "reference_data"


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one file, by column name; every value is text."""
    return tuple(csv.DictReader(io.StringIO(read_bytes(name).decode())))


def read_bytes(name: str) -> bytes:
    """The uncompressed content of one file."""
    content = (_FOLDER / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def digest(name: str) -> str:
    """By what an edition of a file is known."""
    return sha256(read_bytes(name)).hexdigest()
