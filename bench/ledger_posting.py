"""Contribution lines posted per second, beside a bare COPY of the same rows into a table of the same shape."""

from datetime import UTC, date, datetime

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
from bhxh.ledger.lines import COLUMNS
from bhxh.ledger.queries import list_fragments, list_totals
from bhxh.registry.commands import register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance
from bhxh.wiring.configuration import configuration

_PERSONS, _MONTHS, _ROUNDS = 2_500, 4, 5
_LINES = _PERSONS * _MONTHS
_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_ACTOR = system_actor(name="bench", request_id="bench", purpose="operation")


def run() -> list[Row]:
    """Each round posts four further months of every person: one command, locked, checked, journalled and committed."""
    person_ids = _register()
    rounds = iter([[_draft(p, Month(2024, 1).plus(r * _MONTHS + m)) for p in person_ids for m in range(_MONTHS)] for r in range(_ROUNDS)])

    def post() -> None:
        post_lines(actor=_ACTOR, at=_AT, drafts=next(rounds), basis=Citation("bench"), dossier_id=None)

    posting_s = median_seconds(post, times=_ROUNDS)
    one_s = median_seconds(lambda: _post_one(person_ids[0]), times=50)
    copying_s, commit_s = _bare_copy()
    books_s = median_seconds(lambda: (list_fragments(person_ids, _AT), list_totals(person_ids, _AT)))
    return [
        Row(
            what=f"ledger lines posted, {_LINES:,} in one command",
            value=_LINES / posting_s,
            unit="per s",
            beside="bare COPY, same rows, indexes and checks",
            beside_value=_LINES / copying_s,
        ),
        Row(
            what="ledger: one line posted",
            value=one_s * 1000,
            unit="ms",
            beside="one-row INSERT + commit",
            beside_value=commit_s * 1000,
        ),
        Row(what=f"ledger: lines and totals read for {_PERSONS:,} books of 20 lines", value=_PERSONS / books_s, unit="books per s"),
    ]


_next_month = iter(range(500))


def _post_one(person_id: int) -> None:
    draft = _draft(person_id, Month(2018, 12).plus(-next(_next_month)))
    post_lines(actor=_ACTOR, at=_AT, drafts=[draft], basis=Citation("bench"), dossier_id=None)


def _bare_copy() -> tuple[float, float]:
    """Seconds of one COPY of a round's rows into a twin of the table, and of one INSERT with its commit."""
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ledger_contribution_line WHERE month BETWEEN 202401 AND 202404")
        rows = cursor.fetchall()
    assert len(rows) == _LINES
    with psycopg.connect(configuration().address_of_database("bhxh_owner")) as owner:
        owner.execute("CREATE TABLE bench_twin (LIKE ledger_contribution_line INCLUDING ALL)")
        owner.commit()

        def copy_all() -> None:
            owner.execute("TRUNCATE bench_twin")
            owner.commit()
            with owner.cursor().copy(f"COPY bench_twin ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            owner.commit()

        copying_s = median_seconds(copy_all)
        owner.execute("TRUNCATE bench_twin")
        pending = iter(rows)

        def insert_one() -> None:
            owner.execute(f"INSERT INTO bench_twin ({columns}) VALUES ({', '.join(['%s'] * len(COLUMNS))})", next(pending))
            owner.commit()

        commit_s = median_seconds(insert_one, times=50)
        owner.execute("DROP TABLE bench_twin")
    return copying_s, commit_s


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
