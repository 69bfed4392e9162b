"""The log for auditors and data-protection officers: pages of entries and looks of a span of time, counts, whom a breach concerns.

Every question names a span of at most `LONGEST_SPAN`: rows are found by their instant (a BRIN index), never by reading the whole log.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, QuerySet

from bhxh.audit.errors import AUD_SPAN_TOO_LONG
from bhxh.audit.models import Entry, Look
from bhxh.audit.queries import EntrySeen, LookSeen, seen_look
from bhxh.kernel.errors import Invalid

LONGEST_SPAN: Final = timedelta(days=92)  # LIMIT: a quarter; longer questions are asked in parts
_YEARS = (2020, 2200)  # LIMIT: no log is older; instants at the end of the calendar overflow in other time zones
_PAGE = 200  # LIMIT: every row of a page that concerns a person becomes a look at that person


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From an instant (inclusive) until another (exclusive). Raises Invalid AUD-011 where it is empty or too long."""

    from_at: datetime
    until_at: datetime

    def __post_init__(self) -> None:
        is_near = all(_YEARS[0] <= at.year <= _YEARS[1] for at in (self.from_at, self.until_at))
        if not is_near or not timedelta(0) < self.until_at - self.from_at <= LONGEST_SPAN:
            raise Invalid(AUD_SPAN_TOO_LONG, where="from_at", days=LONGEST_SPAN.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedLook:
    """A look with the person it concerns."""

    person_id: int
    look: LookSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class LookCount:
    """How often something was shown to a kind of somebody for a purpose, and of how many persons."""

    what: str
    actor_kind: str
    purpose: str
    legal_basis: str
    looks: int
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What one account saw of one person in a span."""

    person_id: int
    looks: int
    whats: tuple[str, ...]
    first_at: datetime
    last_at: datetime


def list_logged_entries(
    span: Span, *, account: str = "", verb: str = "", dossier_id: UUID | None = None, after: int = 0
) -> tuple[EntrySeen, ...]:
    """A page of entries in the order they were written; `verb` is the whole or its beginning (`access.`)."""
    rows = Entry.objects.filter(at__gte=span.from_at, at__lt=span.until_at, entry_id__gt=after)
    if account:
        rows = rows.filter(account=account)
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if dossier_id is not None:
        rows = rows.filter(dossier_id=dossier_id)
    names = tuple(EntrySeen.__dataclass_fields__)
    return tuple(EntrySeen(**row) for row in rows.order_by("entry_id").values(*names)[:_PAGE])


def list_logged_looks(span: Span, *, account: str = "", what: str = "", after: UUID | None = None) -> tuple[LoggedLook, ...]:
    """A page of looks at anybody, in order of time."""
    rows = _looks(span, account)
    if what:
        rows = rows.filter(what=what)
    if after is not None:
        rows = rows.filter(look_id__gt=after)
    names = ("person_id", *LookSeen.__dataclass_fields__)
    return tuple(_logged(row) for row in rows.order_by("look_id").values(*names)[:_PAGE])


def count_looks(span: Span) -> tuple[LookCount, ...]:
    """Looks of everybody by what, by whom and why. Names nobody."""
    kinds = ("what", "actor_kind", "purpose", "legal_basis")
    counted = _looks(span, "").values(*kinds).annotate(looks=Count("look_id"), persons=Count("person_id", distinct=True))
    return tuple(LookCount(**row) for row in counted.order_by("-looks", *kinds)[:_PAGE])


def list_affected(span: Span, *, account: str, after_person_id: int = 0) -> tuple[Affected, ...]:
    """Whose data an account saw: what has to be told to the authority and to the persons after a breach. A page in person order."""
    rows = _looks(span, account).filter(person_id__gt=after_person_id).values("person_id").order_by("person_id")
    seen = rows.annotate(looks=Count("look_id"), whats=ArrayAgg("what", distinct=True, default=[]), first_at=Min("at"), last_at=Max("at"))
    return tuple(
        Affected(
            person_id=row["person_id"],
            looks=row["looks"],
            whats=tuple(sorted(row["whats"])),
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in seen[:_PAGE]
    )


def _looks(span: Span, account: str) -> "QuerySet[Look, Look]":
    rows = Look.objects.filter(at__gte=span.from_at, at__lt=span.until_at)
    return rows.filter(account=account) if account else rows


def _logged(row: dict[str, Any]) -> LoggedLook:
    return LoggedLook(person_id=row.pop("person_id"), look=seen_look(row))
