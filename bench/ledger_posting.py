"""Contribution lines posted per second, beside a bare COPY of the same rows into a table of the same shape."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from statistics import median

import psycopg
from django.db import connection

from bench.measuring import Row, median_seconds
from bhxh.kernel.actor import system_actor
from bhxh.kernel.decisions import Citation
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import ParticipantType, contributions_due
from bhxh.ledger.commands import LineDraft, LineKind, post_lines
from bhxh.ledger.joining import join_lines
from bhxh.ledger.lines import COLUMNS
from bhxh.registry.commands import register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance
from bhxh.wiring.configuration import configuration

_PERSONS, _MONTHS, _ROUNDS = 2_500, 4, 5
_LINES = _PERSONS * _MONTHS
_FAR_AWAY, _OTHER_MONTH = 1_000, 199001
"""Line number and month of the single inserts, which must not collide with the copied rows."""
_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_ACTOR = system_actor(name="bench", request_id="bench", purpose="operation")


def run() -> list[Row]:
    """Each round posts four further months of every person: one command, locked, checked, journalled and committed.

    WHY in turns with the bare COPY: on a shared machine both then meet the same weather.
    """
    person_ids = _register()
    posting, copying, posting_one, inserting_one = [], [], [], []
    with _twin() as (copy_all, insert_one):
        for number in range(_ROUNDS):
            months = [Month(2024, 1).plus(number * _MONTHS + month) for month in range(_MONTHS)]
            drafts = [_draft(person_id, month) for person_id in person_ids for month in months]
            posting.append(median_seconds(partial(_post, drafts), times=1))
            rows = _rows(months)
            assert len(rows) == _LINES
            copying.append(median_seconds(partial(copy_all, rows), times=1))
        for number in range(100):
            posting_one.append(median_seconds(partial(_post, [_draft(person_ids[0], Month(2018, 12).plus(-number))]), times=1))
            inserting_one.append(median_seconds(partial(insert_one, rows[number * _MONTHS]), times=1))
    books_s = median_seconds(lambda: join_lines(person_ids, _AT))
    return [
        Row(
            what=f"ledger lines posted, {_LINES:,} in one command",
            value=_LINES / median(posting),
            unit="per s",
            beside="bare COPY, same rows, indexes and checks",
            beside_value=_LINES / median(copying),
        ),
        Row(
            what="ledger: one line posted",
            value=median(posting_one) * 1000,
            unit="ms",
            beside="one-row INSERT + commit",
            beside_value=median(inserting_one) * 1000,
        ),
        Row(what=f"ledger: lines and totals read for {_PERSONS:,} books of 20 lines", value=_PERSONS / books_s, unit="books per s"),
    ]


def _post(drafts: list[LineDraft]) -> None:
    post_lines(actor=_ACTOR, at=_AT, drafts=drafts, basis=Citation("bench"), dossier_id=None)


def _rows(months: list[Month]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM ledger_contribution_line WHERE month = ANY(%s) ORDER BY person_id, month",
            [[month.number for month in months]],
        )
        return list(cursor.fetchall())


@contextmanager
def _twin() -> Iterator[tuple[Callable[[list[tuple[object, ...]]], None], Callable[[tuple[object, ...]], None]]]:
    """A table of the same shape: how to COPY many rows into it, and how to insert one; both commit."""
    columns = ", ".join(COLUMNS)
    insert = f"INSERT INTO bench_twin ({columns}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
    with psycopg.connect(configuration().address_of_database("bhxh_owner")) as owner:
        owner.execute("CREATE TABLE bench_twin (LIKE ledger_contribution_line INCLUDING ALL)")
        owner.commit()

        def copy_all(rows: list[tuple[object, ...]]) -> None:
            with owner.cursor().copy(f"COPY bench_twin ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            owner.commit()

        def insert_one(row: tuple[object, ...]) -> None:
            changed = dict(zip(COLUMNS, row, strict=True)) | {"n": _FAR_AWAY + int(str(row[1])), "month": _OTHER_MONTH}
            owner.execute(insert, tuple(changed.values()))
            owner.commit()

        yield copy_all, insert_one
        owner.execute("DROP TABLE bench_twin")


def _register() -> list[int]:
    who = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")
    entries = [PersonEntry(identity=who, pin=Pin(f"001199{number:06d}")) for number in range(_PERSONS)]
    source = Provenance(source_kind="NATIONAL_DB", source_system="bench")
    return list(register_persons(actor=_ACTOR, at=_AT, entries=entries, provenance=source).values())


def _draft(person_id: int, month: Month) -> LineDraft:
    participant_type = ParticipantType.LABOUR_CONTRACT
    return LineDraft(
        person_id=person_id,
        employer_id=7,
        unit_code="TA0007A",
        unit_name="Công ty TNHH May mặc Mẫu",
        workplace="Phường Cầu Giấy, Hà Nội",
        job_title="Công nhân may công nghiệp",
        participant_type=participant_type,
        month=month,
        kind=LineKind.NORMAL,
        due=contributions_due(participant_type=participant_type, month=month, wage_vnd=Vnd(9_000_000 + person_id * 17), wage_region=1),
    )
