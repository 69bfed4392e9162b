"""Every row of the tables of attacks names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TABLES = ("signature-attacks.md", "sign-in-attacks.md")
_LINES = [line for name in _TABLES for line in (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines()]
_ROWS = [line for line in _LINES if line.startswith("| ")]
ROWS = [row for row in _ROWS if not row.startswith("| Attack ")]
_FILE = re.compile(r"`([a-z_/]+\.py)`: ((?:`[^`]+`(?:, )?)+)")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_a_row_names_tests_that_exist(row: str) -> None:
    named = _FILE.findall(row)
    assert named, "an attack without a test"
    for file, names in named:
        text = "".join(path.read_text(encoding="utf-8") for path in _with_its_parts(ROOT / "tests" / file))
        for name in re.findall(r"`([^`]+)`", names):
            assert name in text, f"{file} has no {name}"


def _with_its_parts(file: Path) -> list[Path]:
    """A test module and the module of mutations beside it that it runs."""
    beside = file.with_name(file.name.removeprefix("test_"))
    return [file, beside] if beside.exists() else [file]


def test_the_table_is_whole() -> None:
    assert len(ROWS) >= 34 + 25
