"""Which keys officers have, which sessions were opened with one, and who is in service."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from bhxh.access.models import Officer, OfficerKey, SecondFactor
from bhxh.access.roles import OfficerRole

_MOST = 500  # LIMIT: a page of officers


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySummary:
    """One key as its owner and the operator see it."""

    key_id: str
    name: str
    registered_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    ended_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSummary:
    """An officer as the operator sees them."""

    login: str
    agency_code: str
    roles: tuple[OfficerRole, ...]
    from_on: date
    until_on: date | None
    keys: int
    """Keys in use."""


def find_second_factor(*, session: str, login: str, at: datetime) -> datetime | None:
    """Until when this session is this officer's; None where no key was shown in it, or too long ago."""
    found = SecondFactor.objects.filter(session=session, login=login, until_at__gt=at)
    return found.values_list("until_at", flat=True).first()


def list_officer_keys(login: str) -> tuple[KeySummary, ...]:
    """An officer's keys, those in use first; ended ones stay to be seen."""
    rows = OfficerKey.objects.filter(login=login).order_by("-ended_at", "registered_at", "key_id")
    names = tuple(KeySummary.__dataclass_fields__)
    return tuple(KeySummary(**row) for row in rows.values(*names)[:_MOST])


def list_officers(*, after: str = "") -> tuple[OfficerSummary, ...]:
    """A page of officers by login, past ones too."""
    rows = list(Officer.objects.filter(login__gt=after).order_by("login")[:_MOST])
    in_use = OfficerKey.objects.filter(login__in=[row.login for row in rows], ended_at__isnull=True)
    keys = Counter(in_use.values_list("login", flat=True))
    return tuple(
        OfficerSummary(
            login=row.login,
            agency_code=row.agency_code,
            roles=tuple(OfficerRole(role) for role in row.roles),
            from_on=row.from_on,
            until_on=row.until_on,
            keys=keys[row.login],
        )
        for row in rows
    )
