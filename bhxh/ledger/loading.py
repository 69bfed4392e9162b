"""Post whole working lives of persons who are new here, in the database's own binary form: for filling an installation.

What it writes is what `post_lines` would, row for row (a test holds the two together). It spares the questions that have one answer for a
person without lines: where do they end, is the month counted. Keys and constraints refuse whatever is wrong all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import attrgetter
from struct import Struct
from typing import Final

from django.db import connection

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.decisions import Citation
from bhxh.kernel.months import Month
from bhxh.kernel.who import SYSTEM
from bhxh.law.contributions import ContributionsDue
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.fragments import Terms, repeat_fragment, write_fragment
from bhxh.ledger.lines import COLUMNS, MONEY_COLUMNS, PLACE_COLUMNS, LineKind, Row

_VARYING: Final = ("person_id", "n", "month", "terms_n", "fragment")
_FIXED: Final = tuple(name for name in COLUMNS if name not in {*_VARYING, *MONEY_COLUMNS})
_WIDTHS: Final = {"turn": 4, "sign": 2, **{name: 2 for name in MONEY_COLUMNS if name.endswith("_bp")}}
"""Bytes of the integer columns that are no bigint."""
_MONEY_WIDTHS: Final = tuple(_WIDTHS.get(name, 8) for name in MONEY_COLUMNS)
_MONEY = Struct(">" + "".join("ih" if width == 2 else "iq" for width in _MONEY_WIDTHS))
_LINE = Struct(">hiqiiiiiii")
"""How many fields, then length and value of each varying one; of the fragment the length."""
_BEGIN, _END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_BLOCK_BYTES = 1024 * 1024
_amounts = attrgetter(*MONEY_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Ordinary contributed months of one person at one employer, in order.

    Shape:   `due` of months with equal amounts is best one object; it is then looked at once.
    """

    person_id: int
    employer_id: int
    unit_code: str
    unit_name: str
    job_title: str
    participant_type: ParticipantType
    months: Sequence[tuple[Month, ContributionsDue]]


@command(by=SYSTEM)
def load_lines(*, actor: Actor, at: datetime, engagements: Iterable[Engagement], basis: Citation) -> int:
    """Append a line for every month, all or nothing, under one audit entry. Returns how many.

    Shape:   a person's engagements follow each other; the persons were registered in this transaction, so nobody else knows them yet.
    Raises:  django.db.IntegrityError where a person has lines, or two engagements of one share a month.
    """
    lines = 0
    statement = f"COPY ledger_contribution_line ({', '.join((*_VARYING, *MONEY_COLUMNS, *_FIXED))}) FROM STDIN (FORMAT BINARY)"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        block = bytearray(_BEGIN)
        for line in _binary_lines(at, engagements, str(basis)):
            lines += 1
            block += line
            if len(block) > _BLOCK_BYTES:
                copy.write(bytes(block))
                block.clear()
        copy.write(bytes(block) + _END)
    record(actor=actor, at=at, verb="ledger.line.load", detail={"lines": lines})
    return lines


def _binary_lines(at: datetime, engagements: Iterable[Engagement], basis: str) -> Iterator[bytes]:
    person_id, n, terms = 0, 0, Terms()
    for engagement in engagements:
        if engagement.person_id != person_id:
            person_id, n, terms = engagement.person_id, 0, Terms()
        last: ContributionsDue | None = None
        row = _row(engagement, at=at, basis=basis)
        money, fixed = b"", b"".join([_binary(name, row[name]) for name in _FIXED])
        for month, due in engagement.months:
            n += 1
            if due is last:
                fragment = repeat_fragment(n=n, year=month.year, month=month.month, terms_n=terms.n)
            else:
                amounts = _amounts(due)
                row.update(zip(MONEY_COLUMNS, amounts, strict=True), n=n, month=month.number)
                terms, last = write_fragment(row, terms), due
                fragment, money = row["fragment"], _MONEY.pack(*chain.from_iterable(zip(_MONEY_WIDTHS, amounts, strict=True)))
            yield _LINE.pack(len(COLUMNS), 8, person_id, 4, n, 4, month.number, 4, terms.n, len(fragment)) + fragment + money + fixed


def _row(engagement: Engagement, *, at: datetime, basis: str) -> Row:
    """What all its lines have in common."""
    row: Row = {name: getattr(engagement, name, "") for name in PLACE_COLUMNS}
    row.update(
        participant_type=engagement.participant_type.value,
        employer_id=engagement.employer_id,
        turn=1,
        sign=1,
        kind=LineKind.NORMAL.value,
        is_hazardous=False,
        note="",
        reverses_n=None,
        dossier_id=None,
        basis=basis,
        recorded_at=at,
    )
    return row


def _binary(name: str, value: object) -> bytes:
    """One field of a row of COPY's binary form: its length and its bytes."""
    match value:
        case None:
            return _NULL
        case bool():
            return b"\x00\x00\x00\x01\x01" if value else b"\x00\x00\x00\x01\x00"
        case int():
            width = _WIDTHS.get(name, 8)
            return width.to_bytes(4, "big") + value.to_bytes(width, "big", signed=True)
        case datetime():
            return _binary("", (value - _POSTGRES_EPOCH) // timedelta(microseconds=1))
        case _:
            data = str(value).encode()
            return len(data).to_bytes(4, "big") + data
