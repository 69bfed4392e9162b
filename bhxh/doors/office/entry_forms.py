"""What officers send from the pages where old books are typed. Pure: a form's fields in, what the room takes out."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from bhxh.conversion.originals import Paper
from bhxh.doors.office.dossier_forms import LONGEST_NUMBER
from bhxh.doors.office.entry_view import MORE_LINES, cell_name
from bhxh.transcripts.comparing import KEPT, LEFT_OUT, LINE, Comparison
from bhxh.transcripts.rows import FIELDS, MOST_ROWS

_MOST_LINES = MOST_ROWS + MORE_LINES


def read_grid(sent: QueryDict) -> list[dict[str, str]]:
    """Every line of the grid as typed, empty ones too; the room cuts and tidies."""
    numbers = [number for number in range(1, _MOST_LINES + 1) if cell_name(number, FIELDS[0]) in sent]
    last = max(numbers, default=0)
    return [{name: sent.get(cell_name(number, name), "") for name in FIELDS} for number in range(1, last + 1)]


def read_choices(sent: QueryDict, comparison: Comparison) -> dict[str, tuple[str, str]]:
    """Key -> (`first`, `second`, `other` or nothing, what else was typed)."""
    return {one.key: (sent.get(f"c-{one.key}", ""), sent.get(f"o-{one.key}", "")) for one in comparison.differences}


def chosen_values(chosen: Mapping[str, tuple[str, str]], comparison: Comparison) -> dict[str, str]:
    """What each difference is settled with, where something was chosen."""
    values = {}
    for one in comparison.differences:
        which, other = chosen[one.key]
        if which in ("first", "second"):
            values[one.key] = one.first if which == "first" else one.second
        elif which == "other" and one.field != LINE:
            values[one.key] = other
        elif which in (KEPT, LEFT_OUT) and one.field == LINE:
            values[one.key] = which
    return values


@dataclass(frozen=True, slots=True)
class ConversionForm:
    """The pages that the filer sent, put forward as the paper's picture."""

    pages: str = ""
    paper: str = Paper.A5.value
    has_compared: bool = False

    @classmethod
    def of(cls, sent: QueryDict) -> "ConversionForm":
        """From what was sent."""
        paper = sent.get("co-giay", "")
        return cls(
            pages=sent.get("so-trang", "")[:LONGEST_NUMBER],
            paper=paper if paper in {one.value for one in Paper} else Paper.A5.value,
            has_compared=sent.get("doi-chieu") == "1",
        )
