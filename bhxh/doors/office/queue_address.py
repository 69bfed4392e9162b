"""The queue's filter as an address holds it: kept by a bookmark, carried from dossier to dossier. Codes and kinds only; nobody's data."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from bhxh.doors.office.officer_page import QUEUE
from bhxh.dossiers.office_queue import Check, Deadline, QueueFilter, Waits

NEXT: Final = f"{QUEUE}/tiep"
PROCEDURES, WAITS, DEADLINES, CHECKS, MINE, AFTER = "thu-tuc", "cho", "han", "xac-minh", "cua-toi", "sau"
WAIT_NAMES: Final[Mapping[str, Waits]] = {
    "tham-dinh": Waits.APPRAISAL,
    "phe-duyet": Waits.APPROVAL,
    "chu-ky": Waits.SIGNATURE,
    "bo-sung": Waits.SUPPLEMENT,
}
DEADLINE_NAMES: Final[Mapping[str, Deadline]] = {
    "qua-han": Deadline.OVERDUE,
    "hom-nay": Deadline.TODAY,
    "ba-ngay": Deadline.SOON,
    "sau-do": Deadline.LATER,
}
CHECK_NAMES: Final[Mapping[str, Check]] = {"chua-ro": Check.UNCLEAR, "khong-dat": Check.NOT_MET, "sach": Check.CLEAN}
_MOST_PROCEDURES = 20  # LIMIT: of one filter


def read_filter(asked: QueryDict, *, account: str) -> QueueFilter:
    """What an address asks for; what it cannot ask for is left out."""
    return QueueFilter(
        procedures=frozenset(slug[:80] for slug in asked.getlist(PROCEDURES)[:_MOST_PROCEDURES] if slug.isidentifier()),
        waits=frozenset(WAIT_NAMES[name] for name in asked.getlist(WAITS) if name in WAIT_NAMES),
        deadlines=frozenset(DEADLINE_NAMES[name] for name in asked.getlist(DEADLINES) if name in DEADLINE_NAMES),
        checks=frozenset(CHECK_NAMES[name] for name in asked.getlist(CHECKS) if name in CHECK_NAMES),
        taken_by=account if asked.get(MINE) == "1" else "",
    )


def write_filter(wanted: QueueFilter, **more: str) -> str:
    """The same as the query of an address, with its question mark; empty where everything is asked for."""
    pairs = [
        *((PROCEDURES, slug) for slug in sorted(wanted.procedures)),
        *_named(WAITS, WAIT_NAMES, wanted.waits),
        *_named(DEADLINES, DEADLINE_NAMES, wanted.deadlines),
        *_named(CHECKS, CHECK_NAMES, wanted.checks),
        *([(MINE, "1")] if wanted.taken_by else []),
        *more.items(),
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


def read_after(text: str) -> tuple[date, UUID] | None:
    """The last row of the page before; None where there is none, or the address was made up."""
    day, _, dossier_id = text.partition("~")
    try:
        return date.fromisoformat(day), UUID(dossier_id)
    except ValueError:
        return None


def write_after(due_on: date | None, dossier_id: UUID) -> str:
    """Where the next page goes on."""
    return f"{(due_on or date.max).isoformat()}~{dossier_id}"


def dossier_address(code: str, wanted: QueueFilter, **more: str) -> str:
    """A dossier, opened from this queue."""
    return f"/can-bo/ho-so/{code}{write_filter(wanted, **more)}"


def _named(field: str, names: Mapping[str, object], chosen: Iterable[object]) -> list[tuple[str, str]]:
    kept = set(chosen)
    return [(field, name) for name, value in names.items() if value in kept]
