"""The 27 change codes of form D02, what each means for us, and with which kind of declaration it may stand.

Source: the look-up sheet of the import workbook employers use (template of November 2025) and decree-164 section 8.7. They name the codes
and no more: what a code does to months is our reading of its name and of its pairs, so every effect but START, STOP and TITLE is assumed.
Where a name can be read in two ways the line goes to an officer (D02-121): `find_fund_direction`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bhxh.kernel.canonical import Json
from bhxh.kernel.months import Month
from bhxh.kernel.text import search_form
from bhxh.law.figures import Fund


class Effect(StrEnum):
    """What a change does to a worker's participation and months."""

    START = "start"
    """The worker joins, or comes back: months are contributed from the given month on."""
    STOP = "stop"
    """The worker leaves: nothing is contributed from the given month on."""
    PAUSE = "pause"
    """The contract goes on, the given months are not contributed."""
    WAGE = "wage"
    """The wage that contributions are computed on changes from the given month on."""
    TITLE = "title"
    """Only the job title or the place of work changes."""
    FUND = "fund"
    """One fund is joined or left from the given month on, or for the given months; the others stay."""
    BACK_PAY = "back_pay"
    """Months of the past are paid at the line's wage, with the figures of each month: missing ones, or ones paid on less."""
    BACK_FUND = "back_fund"
    """The fund is paid for months of the past, with the figures of each month; the others stay."""
    BACK_CUT = "back_cut"
    """Months of the past are paid on the line's lower wage; without a wage they are not paid at all."""
    UNKNOWN = "unknown"
    """No code, or none of the list."""


@dataclass(frozen=True, slots=True)
class ChangeCode:
    """One row of the code list."""

    code: str
    title_vi: str
    title_en: str
    effect: Effect
    declaration_types: str
    """The kinds of declaration it may stand with, as digits: "24" means 2 and 4."""
    fund: Fund | None = None
    """The fund that is joined, left or paid; of a START, the one that is not paid."""
    is_joining: bool | None = None
    """Of FUND: whether the fund is joined. None: the kind of declaration says it."""

    def is_allowed_with(self, declaration_type: str) -> bool:
        """Whether the pair is in the official matrix."""
        return declaration_type in set(self.declaration_types)

    def find_fund_direction(self, declaration_type: str) -> bool | None:
        """Whether the fund is joined or left; None where that cannot be told.

        WHY the kind of declaration: DN and DL say "adjusts", and the matrix has them with "higher wage" (2) and "lower wage" (4).
        """
        return self.is_joining if self.is_joining is not None else {"2": True, "4": False}.get(declaration_type)


DECLARATION_TYPES: Mapping[str, tuple[str, str]] = {
    "1": ("Tăng lao động", "More workers"),
    "2": ("Tăng mức lương", "Higher wage"),
    "3": ("Giảm lao động", "Fewer workers"),
    "4": ("Giảm mức lương", "Lower wage"),
    "5": ("Khác", "Other"),
}

_ROWS = (
    ChangeCode("TM", "Tăng mới", "New worker", Effect.START, "1"),
    ChangeCode("TD", "Tăng do chuyển đơn vị", "Joins from another employer", Effect.START, "1"),
    ChangeCode("TC", "Tăng do chuyển tỉnh", "Joins from another province", Effect.START, "1"),
    ChangeCode("ON", "Đi làm lại", "Back to work", Effect.START, "1"),
    # WHY without health: the look-up sheet says "on probation for three months, only social and unemployment insurance"
    ChangeCode("TH", "Tăng mới hợp đồng", "New contract on probation", Effect.START, "15", Fund.HEALTH),
    ChangeCode("GH", "Giảm hẳn", "Leaves for good", Effect.STOP, "3"),
    ChangeCode("GD", "Giảm do chuyển đơn vị", "Leaves to another employer", Effect.STOP, "3"),
    ChangeCode("GC", "Giảm do chuyển tỉnh", "Leaves to another province", Effect.STOP, "3"),
    ChangeCode("KL", "Nghỉ không lương", "Unpaid leave", Effect.PAUSE, "3"),
    ChangeCode("OF", "Nghỉ do ốm đau, nghỉ không lương", "Sick or unpaid leave", Effect.PAUSE, "3"),
    ChangeCode("TS", "Thai sản", "Maternity leave", Effect.PAUSE, "3"),
    ChangeCode("DC", "Điều chỉnh lương", "Wage change", Effect.WAGE, "24"),
    ChangeCode("CD", "Điều chỉnh chức danh", "Change of job title", Effect.TITLE, "5"),
    # fund by fund
    ChangeCode("TV", "Tăng quỹ hưu trí, tử tuất", "Joins the retirement fund", Effect.FUND, "125", Fund.RETIREMENT, True),
    ChangeCode("GV", "Giảm quỹ hưu trí, tử tuất", "Leaves the retirement fund", Effect.FUND, "345", Fund.RETIREMENT, False),
    ChangeCode(
        "TL", "Tăng tham gia tai nạn lao động, bệnh nghề nghiệp", "Joins the work accident fund", Effect.FUND, "12", Fund.ACCIDENT, True
    ),
    ChangeCode(
        "GL", "Giảm tham gia tai nạn lao động, bệnh nghề nghiệp", "Leaves the work accident fund", Effect.FUND, "4", Fund.ACCIDENT, False
    ),
    ChangeCode(
        "DL", "Điều chỉnh tham gia tai nạn lao động, bệnh nghề nghiệp", "Adjusts the work accident fund", Effect.FUND, "245", Fund.ACCIDENT
    ),
    ChangeCode("TN", "Tăng tham gia thất nghiệp", "Joins unemployment insurance", Effect.FUND, "2", Fund.UNEMPLOYMENT, True),
    ChangeCode("GN", "Giảm tham gia thất nghiệp", "Leaves unemployment insurance", Effect.FUND, "45", Fund.UNEMPLOYMENT, False),
    ChangeCode("DN", "Điều chỉnh tham gia thất nghiệp", "Adjusts unemployment insurance", Effect.FUND, "24", Fund.UNEMPLOYMENT),
    ChangeCode("TT", "Bổ sung tăng quỹ khám chữa bệnh", "Adds the health fund", Effect.FUND, "25", Fund.HEALTH, True),
    ChangeCode("TU", "Bổ sung giảm quỹ khám chữa bệnh", "Reduces the health fund", Effect.FUND, "4", Fund.HEALTH, False),
    # months of the past
    ChangeCode("AD", "Bổ sung tăng nguyên lương", "Back-dated increase at full wage", Effect.BACK_PAY, "25"),
    ChangeCode("AT", "Truy đóng theo mức lương cơ sở tại thời điểm", "Back payment at the base salary of that time", Effect.BACK_PAY, "24"),
    ChangeCode("DV", "Truy đóng hưu trí, tử tuất", "Back payment to the retirement fund", Effect.BACK_FUND, "12345", Fund.RETIREMENT),
    ChangeCode("SB", "Bổ sung giảm nguyên lương", "Back-dated decrease at full wage", Effect.BACK_CUT, "45"),
)

CHANGE_CODES: Mapping[str, ChangeCode] = {row.code: row for row in _ROWS}


def find_change_code(text: str) -> ChangeCode | None:
    """Read `ON` or the drop-down's `ON - Đi làm lại`."""
    return CHANGE_CODES.get(text.split("-", maxsplit=1)[0].strip().upper())


def find_declaration_type(text: str) -> str | None:
    """Read `1` or the drop-down's `Tăng lao động`."""
    if text in DECLARATION_TYPES:
        return text
    wanted = search_form(text)
    return next((key for key, (title_vi, _) in DECLARATION_TYPES.items() if search_form(title_vi) == wanted), None)


def describe_line(content: Mapping[str, Json]) -> tuple[str, str]:
    """A line's change in a few words: `TM – Tăng mới, từ 11/2026`. Content that was never checked is described as far as it goes."""
    code = str(content.get("change_code", ""))
    known = CHANGE_CODES.get(code)
    first, last = (_month_shown(content.get(name)) for name in ("from_month", "to_month"))
    vi = " – ".join(part for part in (code, known.title_vi if known else "") if part)
    en = known.title_en if known else ""
    if first and last:
        return f"{vi}, {first} đến {last}", f"{en}, {first} to {last}".removeprefix(", ")
    return (f"{vi}, từ {first}", f"{en}, from {first}".removeprefix(", ")) if first else (vi, en)


def list_words(content: Mapping[str, Json], field: str) -> tuple[str, str] | None:
    """What the code is called that stands beside a title: `TM – Tăng mới`. WHY by the code: it counts, the title was typed or came from a formula."""
    if field == "change_title" and (known := CHANGE_CODES.get(str(content.get("change_code", "")))):
        return f"{known.code} – {known.title_vi}", f"{known.code} – {known.title_en}"
    return DECLARATION_TYPES.get(str(content.get("declaration_type", ""))) if field == "declaration_type_title" else None


def _month_shown(value: Json) -> str:
    return Month.parse(value).shown if isinstance(value, str) and value else ""
