"""Publish status lists: put together anew from how books and cards stand now."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from bhxh.audit.commands import command, record
from bhxh.book.queries import PresentBook, list_present
from bhxh.book.states import BookState
from bhxh.credentials.contents import ISSUED_IN, Kind
from bhxh.credentials.issuing import Issuer
from bhxh.credentials.models import Credential, PublishedList, Withdrawal
from bhxh.credentials.status_lists import FRESH, Standing, Status, seal_list
from bhxh.credentials.suspensions import Reason
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.who import SYSTEM
from bhxh.registry.queries import list_card_states
from bhxh.signing.ports import SealKey

_PAGE: Final = 5000  # LIMIT: persons asked about in one statement
_OF_CARDS: Final = {
    "TEMP_LOCKED": Standing(Status.SUSPENDED, "CARD_LOCKED"),
    "WITHDRAWN": Standing(Status.WITHDRAWN, "CARD_WITHDRAWN"),
    "EXPIRED": Standing(Status.WITHDRAWN, "CARD_EXPIRED"),
    "REPLACED": Standing(Status.REPLACED),
}
_BY_HOLDER: Final = Standing(Status.WITHDRAWN, "BY_HOLDER")
_SUSPICIONS: Final = {Reason.SUSPECTED_FRAUD.value, Reason.SUSPECTED_FORGERY.value}


@command(by=SYSTEM)
def publish_list(*, actor: Actor, at: datetime, list_number: int, issuer: Issuer, key: SealKey) -> None:
    """Seal a list as everything stands now. What is sealed replaces the list before.

    WHY from the books and cards, not from notes kept beside them: nothing that changes one can forget to tell the list.
    """
    # WHY before anything is read: of two at once the second would otherwise seal over what the first had just withdrawn.
    PublishedList.objects.select_for_update().filter(list_number=list_number).first()
    standings = dict(_gather(list_number, at))
    sealed = seal_list(standings, address=issuer.status_address(list_number), at=at.replace(microsecond=0), key=key)
    PublishedList.objects.update_or_create(
        list_number=list_number, defaults={"made_at": at, "fresh_until": at + FRESH, "sealed": sealed, "kid": key.kid}
    )
    detail: dict[str, Json] = {"list_number": list_number, "not_valid": len(standings), "kid": key.kid}
    record(actor=actor, at=at, verb="credentials.status_list.publish", detail=detail)


def publish_lists_of(person_id: int, *, actor: Actor, at: datetime, issuer: Issuer, key: SealKey) -> None:
    """Inside a command: every list in which a person has something that has not expired, so that a change shows at once."""
    numbers = Credential.objects.filter(person_id=person_id, expires_at__gt=at).values_list("list_number", flat=True).distinct()
    for number in sorted(numbers):
        publish_list(actor=actor, at=at, list_number=number, issuer=issuer, key=key)


def _gather(list_number: int, at: datetime) -> Iterator[tuple[int, Standing]]:
    """(place, standing) of what does not hold; expired ones are refused anyhow and left out."""
    issued = Credential.objects.filter(list_number=list_number, expires_at__gt=at).order_by("person_id", "n")
    rows = issued.values_list("person_id", "n", "kind", "subject", "list_index").iterator(chunk_size=_PAGE)
    while page := list(islice(rows, _PAGE)):
        persons = sorted({row[0] for row in page})
        newest, books, cards, taken_back = _newest(persons), list_present(persons), list_card_states(persons), _taken_back(persons)
        for person_id, n, kind, subject, index in page:
            if (person_id, n) in taken_back:
                yield index, _BY_HOLDER
                continue
            is_newest = newest[person_id, kind, _of(kind, subject)] == n
            standing = _standing(Kind(kind), subject, books.get(person_id), cards.get((person_id, subject), "VALID"), is_newest=is_newest)
            if standing.status is not Status.VALID:
                yield index, standing


def _newest(persons: Sequence[int]) -> dict[tuple[int, str, str], int]:
    rows = Credential.objects.filter(person_id__in=persons).order_by("person_id", "n").values_list("person_id", "n", "kind", "subject")
    return {(person_id, kind, _of(kind, subject)): n for person_id, n, kind, subject in rows}


def _taken_back(persons: Sequence[int]) -> set[tuple[int, int]]:
    return set(Withdrawal.objects.filter(person_id__in=persons).values_list("person_id", "n"))


def _of(kind: str, subject: str) -> str:
    """What a newer one replaces: a summary any other, a card the same card's."""
    return subject if kind == Kind.HEALTH_CARD else ""


def _standing(kind: Kind, subject: str, book: PresentBook | None, card_state: str, *, is_newest: bool) -> Standing:
    state = book.state if book else BookState.NONE
    if state not in ISSUED_IN[kind] or book is None:
        if state is BookState.SUSPENDED:
            return Standing(Status.SUSPENDED, "SUSPICION" if book and book.reason in _SUSPICIONS else "OTHER")
        return Standing(Status.WITHDRAWN, state.value)
    if kind is Kind.HEALTH_CARD and card_state in _OF_CARDS:
        return _OF_CARDS[card_state]
    is_latest = kind is Kind.HEALTH_CARD or subject == str(book.version)
    return Standing(Status.VALID if is_newest and is_latest else Status.REPLACED)
