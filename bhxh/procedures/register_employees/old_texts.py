"""Text fields of a line that were typed with a font of before Unicode. Pure.

The line is signed and kept as it was written; what such a text says is only proposed, and used once the clerk confirmed the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bhxh.kernel.old_encodings import OldEncoding, recognise
from bhxh.procedures.register_employees.columns import COLUMNS, Kind
from bhxh.procedures.register_employees.form import Line

_TITLES = frozenset({"change_title", "declaration_type_title"})
"""Read for their codes only."""
_FIELDS = tuple(column.field for column in COLUMNS if column.kind is Kind.TEXT and column.field not in _TITLES)
_NAMES = frozenset({"full_name", "guardian_name"})


@dataclass(frozen=True, slots=True)
class OldTextField:
    """One field, what stands in it, and what it says."""

    field: str
    written: str
    encodings: tuple[OldEncoding, ...]
    proposed: str
    """Empty where it cannot be told with certainty."""


def find_old_texts(line: Line) -> tuple[OldTextField, ...]:
    """Every such field of a line. WHY not foreigners' names: a letter of their own language is no old font."""
    is_foreign = line.nationality not in ("", "VN")
    found, given = [], line.model_fields_set
    for field in _FIELDS:
        if field not in given:
            continue
        written = getattr(line, field)
        if written.isascii() or (is_foreign and field in _NAMES):
            continue
        old = recognise(written)
        if old is not None:
            found.append(OldTextField(field, written, old.encodings, old.unicode))
    return tuple(found)


def in_unicode(line: Line, found: Sequence[OldTextField] | None = None) -> Line:
    """The line with every such text as it reads in Unicode; what is not certain stays as it is."""
    known = {old.field: old.proposed for old in (find_old_texts(line) if found is None else found) if old.proposed}
    return line.model_copy(update=known) if known else line
