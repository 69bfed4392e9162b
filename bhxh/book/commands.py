"""Seal books and change their state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload
from uuid import UUID

from django.db import connection

from bhxh.audit.commands import command, record, record_look, record_many
from bhxh.book.errors import BOK_NO_BOOK, BOK_NO_PERSON, BOK_OTHER_CUSTODIAN, BOK_TOO_MANY, BOK_WRONG_KEY, BOK_WRONG_STATE
from bhxh.book.gathering import Composition, compose_books, not_before_the_last
from bhxh.book.issuing import bound_issuer
from bhxh.book.models import State
from bhxh.book.states import FOLLOWING, BookState
from bhxh.book.verification import TYPE_NAME
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Defect, NotAllowed, NotFound, Refusal
from bhxh.kernel.postgres_format import END, START, bigint_array, day, int4, int8, octets, start_of_row, text, timestamptz, uuid
from bhxh.kernel.who import SYSTEM
from bhxh.registry.commands import lock_kept_persons, lock_persons
from bhxh.registry.errors import REG_OTHER_CUSTODIAN
from bhxh.registry.queries import get_person, list_persons
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import Seal, seal_many

MAXIMUM_AT_ONCE = 20_000  # LIMIT: some 100 MB of payloads in one transaction; larger work is cut into slices by its job


@dataclass(frozen=True, slots=True)
class SealedBook:
    """A person's present sealed book."""

    person_id: int
    version: int
    digest: str
    """SHA-256 of the payload, hexadecimal."""
    is_new: bool
    """False where nothing had happened, and the version of before stands."""


@dataclass(frozen=True, slots=True)
class RefusedBook:
    """A book that was not made, and why. Never stands in the way of the others."""

    person_id: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Sealing(Sequence[SealedBook]):
    """What one sealing gave: iterates over the sealed books in person order; asked again it gives the same."""

    books: tuple[SealedBook, ...]
    refused: tuple[RefusedBook, ...]

    @overload
    def __getitem__(self, index: int) -> SealedBook: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SealedBook]: ...
    def __getitem__(self, index: int | slice) -> SealedBook | Sequence[SealedBook]:
        return self.books[index]

    def __len__(self) -> int:
        return len(self.books)

    def __iter__(self) -> Iterator[SealedBook]:
        return iter(self.books)


@command(by=SYSTEM)
def seal_books(*, actor: Actor, at: datetime, person_ids: Sequence[int], key: SealKey, dossier_id: UUID | None = None) -> Sealing:
    """Make a new sealed version of every person's book in which something happened. Idempotent.

    Shape:  set-based; the number of statements does not grow with the persons. Persons of other custodians are listed, not sealed.
    Law:    R-122 to R-124, R-127 (equal to the database), R-135 and R-136 (custodians).
    Raises: Defect BOK-006 where the key is another custodian's, Conflict BOK-010 beyond the limit.
    """
    wanted = sorted(set(person_ids))
    if len(wanted) > MAXIMUM_AT_ONCE:
        raise Conflict(BOK_TOO_MANY, maximum=MAXIMUM_AT_ONCE, count=len(wanted))
    _check_key(key)
    kept = lock_kept_persons(wanted)
    refused = _refuse([person_id for person_id in wanted if person_id not in set(kept)]) if len(kept) < len(wanted) else []
    at = not_before_the_last(kept, at)
    composed = compose_books(kept, day_in_vietnam(at), at) if kept else {}
    new = [composition for _, composition in sorted(composed.items()) if not composition.is_sealed]
    seals = seal_many([composition.book.payload for composition in new], key=key, type_name=TYPE_NAME)
    if new:
        _insert(at, new, seals, dossier_id)
        _remember(new)
    record_many(
        actor=actor,
        at=at,
        verb="book.version.seal",
        subjects=[(made.person_id, {"version": made.version, "sha256": made.book.digest.hex(), "kid": key.kid}) for made in new],
        dossier_id=dossier_id,
    )
    # WHY no person here: of another custodian's people only a number may appear in our log.
    counts = {"asked": len(wanted), "sealed": len(new), "unchanged": len(composed) - len(new), "refused": len(refused)}
    record(actor=actor, at=at, verb="book.books.seal", dossier_id=dossier_id, detail=counts)
    books = tuple(
        SealedBook(person_id, made.version, made.book.digest.hex(), not made.is_sealed) for person_id, made in sorted(composed.items())
    )
    return Sealing(books, tuple(refused))


@command(by=SYSTEM)
def change_state(*, actor: Actor, at: datetime, person_id: int, state: BookState, reason: str) -> None:
    """Move a book to another state (R-132: on suspicion it may be withdrawn for a time). Seal afterwards: the state is in the book.

    Raises: NotFound BOK-003, Conflict BOK-008, NotFound REG-001, REG-002.
    """
    get_person(person_id)
    lock_persons([person_id])
    present = State.objects.filter(person_id=person_id).first()
    if present is None:
        raise NotFound(BOK_NO_BOOK)
    if state not in FOLLOWING[BookState(present.state)]:
        raise Conflict(BOK_WRONG_STATE, state=present.state, wanted=state.value)
    State.objects.filter(person_id=person_id).update(state=state.value, reason=reason, since=at)
    record(actor=actor, at=at, verb="book.state.change", person_id=person_id, detail={"from": present.state, "to": state.value})


@command(by=SYSTEM)
def record_publication(*, actor: Actor, at: datetime, person_id: int, version: int) -> None:
    """Write down that a version reached the holder's e-ID account, with the look that sending it was; once more changes no book."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO book_publication (person_id, n, published_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [person_id, version, at],
        )
    record_look(actor=actor, at=at, person_id=person_id, what="book_published")
    record(actor=actor, at=at, verb="book.version.publish", person_id=person_id, detail={"version": version})


def _check_key(key: SealKey) -> None:
    custodian = bound_issuer().custodian.value
    if key.public_jwk().get("custodian") != custodian:
        raise Defect(BOK_WRONG_KEY, kid=key.kid, reason=f"not of {custodian}")


def _refuse(person_ids: Sequence[int]) -> list[RefusedBook]:
    """Why no book is made here of persons who are not kept here."""
    found = list_persons(person_ids)
    return [
        RefusedBook(person_id, NotAllowed(BOK_OTHER_CUSTODIAN) if person_id in found else _why_absent(person_id))
        for person_id in person_ids
    ]


def _why_absent(person_id: int) -> Refusal:
    # LIMIT: one statement each; only bare markers of other custodians and numbers that never were come here.
    try:
        get_person(person_id)
    except NotFound as error:
        if error.sentence is REG_OTHER_CUSTODIAN:
            return NotAllowed(BOK_OTHER_CUSTODIAN)
    return NotFound(BOK_NO_PERSON)


_COLUMNS = "person_id, n, payload, digest, content_digest, previous_digest, state, signature, sealed_at, known_at, valid_on, protected, kid, dossier_id"


def _insert(at: datetime, new: Sequence[Composition], seals: Sequence[Seal], dossier_id: UUID | None) -> None:
    first = seals[0]
    assert all(seal.kid == first.kid for seal in seals), "one key seals them all"
    shared = b"".join((timestamptz(at), timestamptz(at), day(day_in_vietnam(at)), text(first.protected), text(first.kid), uuid(dossier_id)))
    start = start_of_row(_COLUMNS.count(",") + 1)
    rows = [
        b"".join(
            (
                *(start, int8(made.person_id), int4(made.version), octets(made.book.payload), octets(made.book.digest)),
                *(octets(made.book.content_digest), octets(made.previous_digest), text(made.state), text(its_seal.signature), shared),
            )
        )
        for made, its_seal in zip(new, seals, strict=True)
    ]
    statement = f"COPY book_version ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(b"".join((START, *rows, END)))


def _remember(new: Sequence[Composition]) -> None:
    """The version just written beside the state, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO book_state (person_id, state, reason, since, latest_n, latest_digest, latest_content_digest)"
            " SELECT asked.person_id, state, '', sealed_at, n, digest, content_digest FROM unnest(%s::bigint[]) AS asked (person_id)"
            " CROSS JOIN LATERAL (SELECT * FROM book_version AS own WHERE own.person_id = asked.person_id ORDER BY n DESC LIMIT 1) AS latest"
            " ON CONFLICT (person_id) DO UPDATE SET latest_n = excluded.latest_n, latest_digest = excluded.latest_digest,"
            " latest_content_digest = excluded.latest_content_digest",
            [bigint_array([made.person_id for made in new])],
        )
