"""Put together the books of many persons: one statement per table, however many persons.

A composition is the sealed book where nothing has happened since, byte for byte; otherwise it is what the next version
would be if it were sealed at `known_at`.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection

from bhxh.book.composing import BookBlocks, BookHeader, ComposedBook, book_number, compose_book
from bhxh.book.issuing import Issuer, bound_issuer
from bhxh.book.states import BookState
from bhxh.ledger.joining import join_fragments
from bhxh.ledger.queries import Totals, list_totals
from bhxh.registry.queries import BookFacts, get_book_facts


@dataclass(frozen=True, slots=True)
class Composition:
    """One person's book as composed."""

    person_id: int
    version: int
    state: BookState
    book: ComposedBook
    previous_digest: bytes | None
    is_sealed: bool
    """The latest sealed version is exactly this."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    n: int
    sealed_at: datetime
    valid_on: date
    known_at: datetime
    digest: bytes
    content_digest: bytes
    previous_digest: bytes | None
    state: BookState


def compose_books(person_ids: Collection[int], valid_on: date, known_at: datetime) -> dict[int, Composition]:
    """Compose as of any day, as known at any instant. Raises NotFound where a person is unknown or kept by another custodian."""
    issuer = bound_issuer()
    facts = get_book_facts(person_ids, valid_on, known_at)
    lines, totals = join_fragments(person_ids, known_at), list_totals(person_ids, known_at)
    sealed, states = _latest(person_ids, known_at), _states(person_ids, known_at)
    made: dict[int, Composition] = {}
    for person_id, known in facts.items():
        last = sealed.get(person_id)
        state = states.get(person_id) or (last.state if last else BookState.ACTIVE)
        blocks = _blocks(known, lines[person_id], totals[person_id])
        si_code = str(known.person["si_code"])
        if last is not None:
            # WHY before the next: nobody's book gets a new version because a clock went on.
            same = compose_book(_header(issuer, person_id, si_code, state, last.n, last.sealed_at, last, last.previous_digest), blocks)
            if same.content_digest == last.content_digest:
                made[person_id] = Composition(person_id, last.n, state, same, last.previous_digest, is_sealed=True)
                continue
        version, previous = (last.n + 1, last.digest) if last else (1, None)
        now = _Moment(valid_on, known_at)
        book = compose_book(_header(issuer, person_id, si_code, state, version, known_at, now, previous), blocks)
        made[person_id] = Composition(person_id, version, state, book, previous, is_sealed=False)
    return made


@dataclass(frozen=True, slots=True)
class _Moment:
    valid_on: date
    known_at: datetime


def _header(
    issuer: Issuer,
    person_id: int,
    si_code: str,
    state: BookState,
    version: int,
    issued_at: datetime,
    moment: "_Moment | _Sealed",
    previous: bytes | None,
) -> BookHeader:
    return BookHeader(
        book_id=book_number(issuer.custodian, person_id),
        si_code=si_code,
        version=version,
        issued_at=issued_at,
        valid_on=moment.valid_on,
        known_at=moment.known_at,
        custodian=issuer.custodian,
        office_code=issuer.office_code,
        office_name=issuer.office_name,
        state=state,
        previous_sha256=previous.hex() if previous else "",
    )


def _blocks(facts: BookFacts, fragments: bytes, totals: Totals) -> BookBlocks:
    return BookBlocks(
        person=facts.person,
        contributions=fragments,
        totals=asdict(totals),
        benefits=facts.benefits,
        settlements=facts.settlements,
        health_cover=facts.health_cover,
        unemployment_cover=facts.unemployment_cover,
    )


def _latest(person_ids: Collection[int], known_at: datetime) -> dict[int, _Sealed]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (person_id) person_id, n, sealed_at, valid_on, known_at, digest, content_digest, previous_digest, state"
            " FROM book_version WHERE person_id = ANY(%s) AND sealed_at <= %s ORDER BY person_id, n DESC",
            [list(person_ids), known_at],
        )
        return {
            person_id: _Sealed(
                n=n,
                sealed_at=sealed_at,
                valid_on=day,
                known_at=known,
                digest=bytes(digest),
                content_digest=bytes(content_digest),
                previous_digest=bytes(previous_digest) if previous_digest else None,
                state=BookState(state),
            )
            for person_id, n, sealed_at, day, known, digest, content_digest, previous_digest, state in cursor.fetchall()
        }


def _states(person_ids: Collection[int], known_at: datetime) -> dict[int, BookState]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, state FROM book_state WHERE person_id = ANY(%s) AND since <= %s", [list(person_ids), known_at])
        return {person_id: BookState(state) for person_id, state in cursor.fetchall()}
