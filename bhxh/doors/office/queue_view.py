"""What the queue shows of a dossier: how long it has, what it waits for, and WHAT the registers say otherwise. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bhxh.doors.office.field_words import officer_named
from bhxh.doors.office.queue_address import dossier_address
from bhxh.dossiers.load_queries import ReceiptTimes
from bhxh.dossiers.office_queue import QueueCounts, QueueFilter, QueueRow
from bhxh.dossiers.states import State
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.errors import CATALOGUE
from bhxh.web.languages import in_words, spoken

_DAYS_SOON, _LONGEST_WORDS = 3, 48
_SHOWN_CHECKS = 2  # LIMIT: of one row; the rest are counted
_SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "D02-105": ("Chỉ có số cũ", "Old number only"),
    "D02-109": ("Chưa có ở dân cư", "Not in the population register"),
    "D02-110": ("Lệch {label}", "{label} differs"),
    "D02-112": ("Dân cư chưa trả lời", "Population register is silent"),
    "RPM-102": ("Người dân báo sai", "A person reports a mistake"),
    "DOS-023": ("Chưa ghi được", "Could not be recorded"),
}
"""Findings that come often, in the few words a row has room for; any other is told by the beginning of its sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One line on a desktop, one card on a phone."""

    code: str
    address: str
    filer: str
    procedure: str
    lines: str
    filed_at: str
    waits: str
    taken_by: str
    checks: tuple[tuple[str, str], ...]
    """(kind, words)."""
    more_checks: int
    left: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileShown:
    """One number on top, with what it counts and where the list behind it is."""

    kind: str
    value: str
    name: str
    address: str = ""


def rows_of(
    rows: Sequence[QueueRow], wanted: QueueFilter, *, on: date, titles: Mapping[str, str], employers: Mapping[int, str]
) -> list[RowShown]:
    """The rows of a page. `titles`: of procedures by slug; `employers`: names by id."""
    return [_row(row, wanted, on, titles, employers) for row in rows]


def tiles_of(counts: QueueCounts, receipts: ReceiptTimes) -> list[TileShown]:
    """Overdue; receipts about to be late; receipts in time; how long a receipt takes."""
    share = f"{receipts.in_time / receipts.due:.1%}" if receipts.due else "–"
    return [
        TileShown(
            kind="late" if counts.overdue else "ok",
            value=str(counts.overdue),
            name=in_words(("hồ sơ quá hạn giải quyết", "dossiers past their day")),
            address="/can-bo/viec?han=qua-han" if counts.overdue else "",
        ),
        TileShown(
            kind="wait" if receipts.urgent else "ok",
            value=str(receipts.urgent),
            name=in_words(("phiếu tiếp nhận còn dưới 30 phút", "receipts with under 30 minutes left")),
        ),
        TileShown(
            kind="ok",
            value=share if spoken() == "en" else share.replace(".", ","),
            name=in_words(("phiếu tiếp nhận đúng hạn 2 giờ, hôm nay", "receipts within two hours, today")),
        ),
        TileShown(kind="ok", value=_span(receipts.median_s), name=in_words(("thời gian tiếp nhận trung vị", "median time to the receipt"))),
    ]


def time_left(due_on: date | None, on: date) -> tuple[str, str]:
    """(kind, words) of a deadline; its clock runs until the end of that day."""
    if due_on is None:
        return "plain", in_words(("Chưa có hạn", "No day set"))
    days = (due_on - on).days
    if days < 0:
        return "late", in_words((f"Quá hạn {-days} ngày", f"{-days} days late"))
    if days == 0:
        return "wait", in_words(("Hạn hôm nay", "Due today"))
    return "wait" if days < _DAYS_SOON else "info", in_words((f"Còn {days} ngày", f"{days} days left"))


def checks_of(findings: Sequence[Mapping[str, Json]]) -> list[tuple[str, str]]:
    """What keeps it from being plain, worst first; that nothing does where nothing does."""
    told = {
        _short(finding): "late" if finding["outcome"] == Outcome.NOT_MET.value else "wait"
        for outcome in (Outcome.NOT_MET.value, Outcome.UNCLEAR.value)
        for finding in findings
        if finding["outcome"] == outcome
    }
    return [(kind, words) for words, kind in told.items()] or [("ok", in_words(("Không vướng mắc", "Nothing in the way")))]


def filer_words(employer: str | None) -> str:
    """An employer by name; a person by nothing, because the list is read by many who will not work on it."""
    return employer if employer is not None else in_words(("Cá nhân", "A person"))


def _row(row: QueueRow, wanted: QueueFilter, on: date, titles: Mapping[str, str], employers: Mapping[int, str]) -> RowShown:
    checks = checks_of(row.findings)
    if row.signature_pending:
        checks = [("wait", in_words(("Chữ ký chưa xác minh", "Signature not proven")))]
    return RowShown(
        code=row.code,
        address=dossier_address(row.code, wanted),
        filer=filer_words(employers.get(row.employer_id, "–") if row.employer_id is not None else None),
        procedure=titles.get(row.procedure_slug, row.procedure_slug),
        lines=in_words((f"{row.lines_officer}/{row.lines_total} dòng", f"{row.lines_officer} of {row.lines_total} lines"))
        if row.lines_total > 1
        else "",
        filed_at=_instant(row.submitted_at),
        waits=_waits(row),
        taken_by=officer_named(row.assigned_to),
        checks=tuple(checks[:_SHOWN_CHECKS]),
        more_checks=max(0, len(checks) - _SHOWN_CHECKS),
        left=time_left(row.supplement_due_on if row.state is State.SUPPLEMENT_REQUIRED else row.due_on, on),
    )


def _waits(row: QueueRow) -> str:
    if row.state is State.SUPPLEMENT_REQUIRED:
        return in_words(("Chờ bổ sung", "Waits for the filer"))
    if row.state is State.RECEIVED:
        return in_words(("Chờ chữ ký", "Waits for the signature"))
    if row.appraised:
        return in_words(("Chờ phê duyệt", "Waits for approval"))
    return in_words(("Chờ thẩm định", "Waits for appraisal"))


def _short(finding: Mapping[str, Json]) -> str:
    given = finding.get("parameters")
    parameters = given if isinstance(given, dict) else {}
    short = _SHORT.get(str(finding["code"]))
    if short is not None:
        lowered = {"label": str(parameters.get("label", "")).lower()}, {"label": parameters.get("label_en", "")}
        return in_words((short[0].format_map(lowered[0]), short[1].format_map(lowered[1])))
    return _beginning(in_words(plain_words(str(finding["code"]))))


def plain_words(code: str) -> tuple[str, str]:
    """A finding's sentence without what it says of one person: numbers and names stand with the dossier, behind a look."""
    sentence, blank = CATALOGUE.get(code), defaultdict[str, str](lambda: "…")
    return (sentence.vi.format_map(blank), sentence.en.format_map(blank)) if sentence else (code, code)


def _beginning(sentence: str) -> str:
    first = min((sentence.split(mark, maxsplit=1)[0] for mark in (". ", ": ", "; ", ", ")), key=len).rstrip(".")
    return first if len(first) <= _LONGEST_WORDS else f"{first[:_LONGEST_WORDS].rsplit(' ', 1)[0]}…"


def _instant(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m")


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 90:  # a minute and a half: below it seconds say more
        return in_words((f"{seconds:.0f} giây", f"{seconds:.0f} s"))
    return in_words((f"{seconds / 60:.0f} phút", f"{seconds / 60:.0f} min"))
