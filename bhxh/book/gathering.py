"""Put together the books of many persons: one statement per table, however many persons.

A composition is the sealed book where nothing has happened since, byte for byte; otherwise it is what the next version
would be if it were sealed at `known_at`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from bhxh.book.composing import BookBlocks, BookHeader, ComposedBook, book_number, compose_book
from bhxh.book.issuing import Issuer, bound_issuer
from bhxh.book.states import BookState
from bhxh.kernel.postgres_format import bigint_array
from bhxh.ledger.joining import join_lines
from bhxh.ledger.queries import last_line_recorded_at
from bhxh.registry.queries import get_book_pieces, last_fact_recorded_at


class Composition(NamedTuple):
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
    facts, lines = get_book_pieces(person_ids, valid_on, known_at), join_lines(person_ids, known_at)
    sealed, states = _latest(person_ids, known_at), _states(person_ids, known_at)
    made: dict[int, Composition] = {}
    now = _Moment(valid_on, known_at)
    for person_id, known in facts.items():
        last = sealed.get(person_id)
        state = states.get(person_id) or (last.state if last else BookState.ACTIVE)
        contributions, totals = lines[person_id]
        blocks = BookBlocks(
            person=known.person,
            totals=totals,
            contributions=contributions,
            benefits=known.benefits,
            settlements=known.settlements,
            health_cover=known.health_cover,
            unemployment_cover=known.unemployment_cover,
        )
        version, previous = (last.n + 1, last.digest) if last else (1, None)
        book = compose_book(_header(issuer, person_id, known.si_code, state, version, known_at, now, previous), blocks)
        is_sealed = last is not None and book.content_digest == last.content_digest
        if last is not None and is_sealed:
            # WHY: nobody's book gets a new version because a clock went on; where nothing happened, the book is the one of then.
            version, previous = last.n, last.previous_digest
            book = compose_book(_header(issuer, person_id, known.si_code, state, version, last.sealed_at, last, previous), blocks)
        made[person_id] = Composition(person_id, version, state, book, previous, is_sealed)
    return made


def not_before_the_last(person_ids: Collection[int], at: datetime) -> datetime:
    """`at`, but never before what is recorded of these persons or sealed for them.

    WHY: another process may have been quicker, or the host's clock was set back since. A book made now says what is recorded now;
    made as of an instant before the last line it would leave that line out, and pass for being up to date.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(max(sealed_at), max(since)) FROM book_state AS present JOIN book_version AS latest"
            " ON latest.person_id = present.person_id AND latest.n = present.latest_n WHERE present.person_id = ANY(%s::bigint[])",
            [bigint_array(person_ids)],
        )
        of_book: datetime | None = cursor.fetchone()[0]
    return max(filter(None, (at, of_book, last_fact_recorded_at(person_ids), last_line_recorded_at(person_ids))))


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


def _latest(person_ids: Collection[int], known_at: datetime) -> dict[int, _Sealed]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.person_id, latest.* FROM unnest(%s::bigint[]) AS asked (person_id) CROSS JOIN LATERAL"
            " (SELECT n, sealed_at, valid_on, known_at, digest, content_digest, previous_digest, state FROM book_version AS own"
            "  WHERE own.person_id = asked.person_id AND sealed_at <= %s ORDER BY n DESC LIMIT 1) AS latest",
            [bigint_array(person_ids), known_at],
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
        cursor.execute(
            "SELECT person_id, state FROM book_state WHERE person_id = ANY(%s::bigint[]) AND since <= %s",
            [bigint_array(person_ids), known_at],
        )
        return {person_id: BookState(state) for person_id, state in cursor.fetchall()}
