"""Mandates: who may act for whom today, and who could on a day as the records stood at an instant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bhxh.access.authority import Authority, MandateSummary, representative_of, scope_of
from bhxh.access.errors import ACC_NO_MANDATE, ACC_NO_MANDATE_FOUND
from bhxh.access.mandate_documents import holder_in
from bhxh.access.mandate_errors import ACC_EMPLOYER_DISSOLVED, ACC_MANDATE_ENDED
from bhxh.access.models import Account, Mandate, MandateRecord
from bhxh.access.roles import EmployerFacts, MandateRole, person_reference
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import NotAllowed, NotFound

_LIMIT = 200  # LIMIT: a page of mandates; an employer with more of them pages on
_RANKS = {MandateRole.LEGAL_REPRESENTATIVE: 0, MandateRole.AUTHORISED: 1, MandateRole.AGENT: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMandate:
    """A mandate as it stood at an instant, and since when it had stood so."""

    mandate: MandateSummary
    at: datetime
    by_account: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateDocument:
    """A sealed document of a mandate: its grant, or its revocation."""

    n: int
    at: datetime
    sealed: bytes
    signed: bytes


def prove_authority(*, employer: EmployerFacts, pin: str, holders: Collection[str], on: date) -> Authority:
    """As what somebody acts for an employer: its legal representative by the register, else the holder of a mandate in force.

    Shape:  `pin` is the acting person's, `holders` every name a mandate may know them by.
    Raises: NotAllowed ACC-014 (no mandate), ACC-101 (it ended), ACC-102 (the employer was dissolved).
    """
    if employer.is_dissolved:
        raise NotAllowed(ACC_EMPLOYER_DISSOLVED)
    if pin and pin == employer.legal_representative_pin:
        return representative_of(employer.employer_id)
    found = find_mandate(holders=holders, employer_id=employer.employer_id, on=on)
    if found is not None:
        return found.authority
    ended = Mandate.objects.filter(account__in=holders, employer_id=employer.employer_id, until_on__lte=on).order_by("-until_on").first()
    if ended is None or ended.until_on is None:
        raise NotAllowed(ACC_NO_MANDATE)
    raise NotAllowed(ACC_MANDATE_ENDED, day=f"{ended.until_on:%d/%m/%Y}")


def check_still_in_force(actor: Actor, at: datetime) -> None:
    """The mandate an actor was made by, asked once more where something is written. Raises NotAllowed ACC-101."""
    if actor.mandate_id is None:
        return
    row = Mandate.objects.filter(mandate_id=actor.mandate_id).first()
    on = day_in_vietnam(at)
    if row is None or (row.until_on is not None and row.until_on <= on):
        raise NotAllowed(ACC_MANDATE_ENDED, day=f"{row.until_on if row and row.until_on else on:%d/%m/%Y}")


def find_mandate(*, holders: Collection[str], employer_id: int, on: date) -> MandateSummary | None:
    """The strongest mandate under any of these names for an employer that is in force on a day: by role, then by reach."""
    found = [_summary(row) for row in Mandate.objects.filter(_in_force(on), account__in=holders, employer_id=employer_id)]
    return min(found, key=_weakness, default=None)


def holds_mandate(*, person_id: int, employer_id: int, on: date) -> bool:
    """Whether a person may act for an employer on a day by a mandate, under whatever name it knows them."""
    accounts = Account.objects.filter(person_id=person_id).values_list("account", flat=True)
    return find_mandate(holders=[person_reference(person_id), *accounts], employer_id=employer_id, on=on) is not None


def list_mandates(*, employer_id: int, on: date | None = None, after: UUID | None = None) -> tuple[MandateSummary, ...]:
    """An employer's mandates in the order of granting: in force on a day, or all there ever were. At most 200."""
    asked = Mandate.objects.filter(employer_id=employer_id)
    if on is not None:
        asked = asked.filter(_in_force(on))
    if after is not None:
        asked = asked.filter(mandate_id__gt=after)
    return tuple(_summary(row) for row in asked.order_by("mandate_id")[:_LIMIT])


def list_held(*, holders: Collection[str], on: date) -> tuple[MandateSummary, ...]:
    """What somebody may act for on a day, under any of their names. At most 200."""
    rows = Mandate.objects.filter(_in_force(on), account__in=holders).order_by("employer_id", "mandate_id")
    return tuple(_summary(row) for row in rows[:_LIMIT])


def get_mandate(mandate_id: UUID) -> MandateSummary:
    """As it stands. Raises NotFound ACC-022."""
    row = Mandate.objects.filter(mandate_id=mandate_id).first()
    if row is None:
        raise NotFound(ACC_NO_MANDATE_FOUND)
    return _summary(row)


def list_documents(mandate_id: UUID) -> tuple[MandateDocument, ...]:
    """The grant, then the revocations where there are any, each for a sooner day. Empty for what is not there."""
    rows = MandateRecord.objects.filter(mandate_id=mandate_id).order_by("n")
    return tuple(MandateDocument(n=row.n, at=row.at, sealed=bytes(row.sealed), signed=bytes(row.signed)) for row in rows)


def list_holders(mandate_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and number of each holder, as the sealed grant has them; absent where there is no sealed one.

    WHY read from the document: the tables of this room hold references, never a name.
    """
    rows = MandateRecord.objects.filter(mandate_id__in=mandate_ids, n=1).values_list("mandate_id", "sealed")
    return {mandate_id: holder_in(bytes(sealed)) for mandate_id, sealed in rows if sealed}


_REPLAY = """
SELECT mandate_id, n, account, role, acts, procedures, from_on, until_on, at, by_account
  FROM (SELECT DISTINCT ON (mandate_id) * FROM access_mandate_record
         WHERE employer_id = %(employer)s AND at <= %(known_at)s ORDER BY mandate_id, n DESC) AS stood
 WHERE from_on <= %(on)s AND (until_on IS NULL OR until_on > %(on)s)
 ORDER BY mandate_id LIMIT %(limit)s"""
"""Of each mandate the last state recorded by then; of these, the ones that covered the day."""


def replay(*, employer_id: int, on: date, known_at: datetime) -> tuple[RecordedMandate, ...]:
    """Who could act for an employer on a day, as the records stood at an instant. At most 200."""
    with connection.cursor() as cursor:
        cursor.execute(_REPLAY, {"employer": employer_id, "on": on, "known_at": known_at, "limit": _LIMIT})
        rows = cursor.fetchall()
    return tuple(
        RecordedMandate(
            mandate=MandateSummary(
                mandate_id=mandate_id,
                employer_id=employer_id,
                account=account,
                role=MandateRole(role),
                scope=scope_of(acts, procedures),
                from_on=from_on,
                until_on=until_on,
            ),
            at=at,
            by_account=by_account,
            n=n,
        )
        for mandate_id, n, account, role, acts, procedures, from_on, until_on, at, by_account in rows
    )


def _in_force(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def _weakness(mandate: MandateSummary) -> tuple[int, bool, int, UUID]:
    return _RANKS[mandate.role], mandate.scope.procedures is not None, -len(mandate.scope.acts), mandate.mandate_id


def _summary(row: Mandate) -> MandateSummary:
    return MandateSummary(
        mandate_id=row.mandate_id,
        employer_id=row.employer_id,
        account=row.account,
        role=MandateRole(row.role),
        scope=scope_of(row.acts, row.procedures),
        from_on=row.from_on,
        until_on=row.until_on,
    )
