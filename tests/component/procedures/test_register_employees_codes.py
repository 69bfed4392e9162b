"""Every change code on real PostgreSQL: what it leaves in registry and ledger, and that the sealed book is what the ledger says."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bhxh.book import issuing
from bhxh.book.commands import seal_books
from bhxh.book.queries import get_payload_and_sealed, list_stale
from bhxh.dossiers.procedure import EffectsRequest, Filing, FilingLine, GrantedLine
from bhxh.kernel.actor import system_actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.law.figures import Fund
from bhxh.ledger.fragments import written_out
from bhxh.ledger.queries import list_fragments, totals
from bhxh.procedures.register_employees import PROCEDURE
from bhxh.procedures.register_employees.change_codes import CHANGE_CODES, Effect
from bhxh.procedures.register_employees.form import Line, identify
from bhxh.registry.commands import register_employer, register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance
from bhxh.registry.queries import get_book_facts, list_participations
from bhxh.signing.key_files import FileKeys

pytestmark = pytest.mark.usefixtures("db")

ACTOR = system_actor(name="test", request_id="r1", purpose="register_employees")
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PIN = "079188000123"
SOURCE = Provenance(source_kind="NATIONAL_DB", source_system="population")
WAGE = 14_500_000


class World:
    """Two employers, one worker, and the key that seals the book."""

    def __init__(self, folder: Path) -> None:
        self.key = FileKeys(folder, "mof").seal_key("book")
        self.first, self.second = (
            register_employer(
                actor=ACTOR, at=AT, unit_code=f"TA000{n}Z", tax_code=tax_code, name=f"Công ty Mẫu {n}", agency_code="00101",
                industry="14", enterprise_type="LLC", wage_region=1, provenance=SOURCE,
            )
            for n, tax_code in ((1, "0110000027"), (2, "0100233488"))
        )  # fmt: skip
        who = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1988, 5, 20), sex="FEMALE")
        entries = [PersonEntry(identity=who, pin=Pin(PIN))]
        self.person_id = register_persons(actor=ACTOR, at=AT, entries=entries, provenance=SOURCE)[PIN]

    def file(self, *lines: Line, period: str = "2026-11", employer_id: int | None = None) -> None:
        """Carry the lines out, then seal: the book must be what the database says."""
        rows = [
            GrantedLine(line=FilingLine(number=n, pin=identify(of).pin or "", content=of.as_content()), subject=None, answer=None)
            for n, of in enumerate(lines, start=1)
        ]
        filing = Filing(filer_identifier="0110000027", period=period, lines=tuple(row.line for row in rows))
        PROCEDURE.effects(
            EffectsRequest(
                actor=ACTOR, at=AT, dossier_id=UUID(int=7), dossier_code="G12.99.01-261121-0001",
                employer_id=employer_id or self.first, filing=filing, lines=rows,
            )
        )  # fmt: skip
        seal_books(actor=ACTOR, at=AT, person_ids=[self.person_id], key=self.key)
        assert list_stale([self.person_id], valid_on=AT.date(), known_at=AT) == ()
        book = json.loads(get_payload_and_sealed(self.person_id)[0])
        assert book["contributions"] == [json.loads(fragment) for fragment in list_fragments([self.person_id], AT)[self.person_id]]
        assert book["totals"]["si_months"] == totals(self.person_id, AT).si_months

    def lines(self, employer_id: int | None = None) -> list[dict[str, Any]]:
        """The lines in effect, in order of month."""
        every = written_out(json.loads(fragment) for fragment in list_fragments([self.person_id], AT)[self.person_id])
        gone = {line["reverses"] for line in every if "reverses" in line}
        unit = {None: "", self.first: "TA0001Z", self.second: "TA0002Z"}[employer_id]
        now = [line for line in every if line["line"] not in gone and "reverses" not in line and unit in ("", line["unit_code"])]
        return sorted(now, key=lambda line: (line["from_month"], line["line"]))

    def shown(self, *names: str) -> list[tuple[Any, ...]]:
        """Some columns of the lines in effect."""
        return [tuple(line[name] for name in names) for line in self.lines()]

    def left_funds(self, month: str) -> frozenset[Fund]:
        """What the participation does not pay in a month."""
        [now] = list_participations([self.person_id], Month.parse(month), self.first)[self.person_id]
        return now.left_funds


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    before = list(issuing._bound)
    custodian = Custodian.MOF
    issuing.bind_issuer(
        issuing.Issuer(custodian=custodian, office_code="00101", office_name="Bảo hiểm xã hội Việt Nam", public_url="https://bhxh.example")
    )
    yield World(tmp_path)
    issuing._bound[:] = before


def line(code: str, starts: str = "2026-11", **more: Any) -> Line:
    return Line(full_name="Nguyễn Thị Mẫu", si_code=PIN, change_code=code, from_month=starts, **more)


def hire(starts: str, wage_vnd: int = WAGE, **more: Any) -> Line:
    return line("TM", starts, wage_vnd=wage_vnd, birth_on="1988-05-20", sex="FEMALE", **more)


COLUMN = {
    Fund.RETIREMENT: "retirement_worker_vnd",
    Fund.ACCIDENT: "accident_employer_vnd",
    Fund.UNEMPLOYMENT: "ui_worker_vnd",
    Fund.HEALTH: "hi_worker_vnd",
}


@pytest.mark.parametrize(("leaves", "joins"), [("GN", "TN"), ("GL", "TL"), ("GV", "TV"), ("TU", "TT")])
def test_a_fund_is_left_and_joined_again(world: World, leaves: str, joins: str) -> None:
    fund = CHANGE_CODES[leaves].fund
    assert fund is not None
    world.file(hire("2026-08"))
    whole = world.lines()[0]
    world.file(line(leaves, "2026-09", declaration_type="4"))
    assert [bool(paid) for (paid,) in world.shown(COLUMN[fund])] == [True, False, False, False]
    assert world.left_funds("2026-08") == frozenset()
    assert world.left_funds("2026-11") == {fund}
    others = set(COLUMN) - {fund}
    assert all(now[COLUMN[other]] == whole[COLUMN[other]] for now in world.lines() for other in others)
    world.file(line(joins, "2026-11", declaration_type="2"))
    assert [bool(paid) for (paid,) in world.shown(COLUMN[fund])] == [True, False, False, True]
    assert world.left_funds("2026-11") == frozenset()


def test_a_fund_left_in_the_past_keeps_later_wages_and_titles(world: World) -> None:
    world.file(hire("2026-09", job_title="Thợ may", hazardous_from_on="2026-09-01"))
    world.file(line("DC", "2026-10", wage_vnd=16_000_000))
    world.file(line("GN", "2026-09", declaration_type="4"))
    assert world.shown("salary_base_vnd", "ui_base_vnd", "job_title", "hazard_flag") == [
        (WAGE, 0, "Thợ may", True),
        (16_000_000, 0, "Thợ may", True),
        (16_000_000, 0, "Thợ may", True),
    ]
    world.file(line("DC", "2026-11", wage_vnd=17_000_000))
    assert world.shown("salary_base_vnd", "ui_base_vnd")[-1] == (17_000_000, 0)


@pytest.mark.parametrize("code", ["DN", "DL"])
def test_a_fund_is_adjusted_for_some_months_only(world: World, code: str) -> None:
    fund = CHANGE_CODES[code].fund
    assert fund is not None
    world.file(hire("2026-08"))
    world.file(line(code, "2026-09", to_month="2026-10", declaration_type="4"))
    assert [(bool(paid), kind) for paid, kind in world.shown(COLUMN[fund], "line_kind")] == [
        (True, "NORMAL"), (False, "ADJUST"), (False, "ADJUST"), (True, "NORMAL"),
    ]  # fmt: skip
    assert world.left_funds("2026-11") == frozenset()
    world.file(line(code, "2026-10", to_month="2026-10", declaration_type="2"))
    assert [bool(paid) for (paid,) in world.shown(COLUMN[fund])] == [True, False, True, True]


def test_th_pays_no_health_and_gives_no_card_and_tt_gives_it(world: World) -> None:
    world.file(line("TH", "2026-10", wage_vnd=WAGE))
    assert [bool(paid) for (paid,) in world.shown("hi_worker_vnd")] == [False, False]
    assert totals(world.person_id, AT).si_months == totals(world.person_id, AT).ui_months == 2
    assert not get_book_facts([world.person_id], AT.date(), AT)[world.person_id].health_cover
    world.file(line("TT", "2026-11", declaration_type="2"))
    assert [bool(paid) for (paid,) in world.shown("hi_worker_vnd")] == [False, True]
    assert get_book_facts([world.person_id], AT.date(), AT)[world.person_id].health_cover


@pytest.mark.parametrize("code", [code for code, row in CHANGE_CODES.items() if row.effect is Effect.STOP])
def test_a_leaver_stops_paying(world: World, code: str) -> None:
    world.file(hire("2026-09"))
    world.file(line(code, "2026-11"))
    assert world.shown("from_month") == [("2026-09",), ("2026-10",)]


def test_ad_pays_a_forgotten_month_and_raises_one_with_the_figures_of_each(world: World) -> None:
    world.file(hire("2026-05", wage_vnd=60_000_000), period="2026-05")
    world.file(line("AD", "2026-05", to_month="2026-07", wage_vnd=90_000_000))
    # the cap is twenty times the reference level, which rose in July 2026
    assert world.shown("from_month", "line_kind", "salary_base_vnd") == [
        ("2026-05", "BACK_PAY", 46_800_000),
        ("2026-06", "BACK_PAY", 46_800_000),
        ("2026-07", "BACK_PAY", 50_600_000),
    ]
    assert totals(world.person_id, AT).si_months == 3


def test_at_pays_a_coefficient_at_the_reference_level_of_each_month(world: World) -> None:
    world.file(hire("2026-06", wage_vnd=4_000_000), period="2026-07")
    world.file(line("AT", "2026-06", to_month="2026-07", wage_coefficient="2.34"), period="2026-07")
    assert world.shown("line_kind", "salary_base_vnd") == [("BACK_PAY", 5_475_600), ("BACK_PAY", 5_920_200)]


def test_dv_adds_the_retirement_fund_and_pays_it_alone_where_nothing_was_paid(world: World) -> None:
    world.file(hire("2026-09"), period="2026-09")
    world.file(line("GV", "2026-09", declaration_type="4"), period="2026-09")
    world.file(line("KL", "2026-10", to_month="2026-10"), period="2026-10")
    world.file(line("DV", "2026-09", to_month="2026-10", wage_vnd=WAGE))
    assert world.shown("from_month", "line_kind", "retirement_worker_vnd", "ui_worker_vnd") == [
        ("2026-09", "BACK_PAY", 1_160_000, 145_000),
        ("2026-10", "BACK_PAY", 1_160_000, 0),
    ]
    assert world.left_funds("2026-11") == {Fund.RETIREMENT}


def test_sb_lowers_months_or_takes_them_back(world: World) -> None:
    world.file(hire("2026-08"))
    world.file(line("SB", "2026-09", to_month="2026-09", wage_vnd=9_000_000))
    world.file(line("SB", "2026-10", to_month="2026-10"))
    assert world.shown("from_month", "line_kind", "salary_base_vnd") == [
        ("2026-08", "NORMAL", WAGE),
        ("2026-09", "ADJUST", 9_000_000),
        ("2026-11", "NORMAL", WAGE),
    ]
    [now] = list_participations([world.person_id], Month(2026, 11), world.first)[world.person_id]
    assert (now.status, now.wage_vnd) == ("WORKING", WAGE)


def test_a_month_declared_more_than_three_months_late_is_back_pay(world: World) -> None:
    world.file(hire("2026-07"))
    assert [kind for (kind,) in world.shown("line_kind")] == ["BACK_PAY", "NORMAL", "NORMAL", "NORMAL", "NORMAL"]


@pytest.mark.parametrize("code", ["KL", "OF", "TS"])
def test_back_at_work_in_a_month_written_as_leave(world: World, code: str) -> None:
    world.file(hire("2026-09"), period="2026-09")
    world.file(line(code, "2026-10", to_month="2026-12"))
    kind, months = ("NORMAL", 3) if code == "TS" else ("NOT_COUNTED", 1)
    assert world.shown("from_month", "line_kind") == [("2026-09", "NORMAL"), ("2026-10", kind), ("2026-11", kind)]
    assert totals(world.person_id, AT).si_months == months
    world.file(line("ON", "2026-11", wage_vnd=WAGE))
    assert world.shown("from_month", "line_kind") == [("2026-09", "NORMAL"), ("2026-10", kind), ("2026-11", "NORMAL")]
    assert bool(world.lines()[-1]["retirement_worker_vnd"])
    world.file(line(code, "2026-11", to_month="2026-12"))
    assert world.shown("from_month", "line_kind")[-1] == ("2026-11", kind)
    assert totals(world.person_id, AT).si_months == months


def test_maternity_leave_counts_as_insured_and_nobody_contributes(world: World) -> None:
    world.file(hire("2026-08"))
    world.file(line("TS", "2026-09", to_month="2027-02"))
    assert world.shown("from_month", "line_kind", "salary_base_vnd", "retirement_worker_vnd", "worker_vnd", "employer_vnd")[1:] == [
        (month, "NORMAL", WAGE, 0, 0, 0) for month in ("2026-09", "2026-10", "2026-11")
    ]
    sums = totals(world.person_id, AT)
    assert (sums.si_months, sums.hi_months, sums.ui_months) == (4, 4, 1)
    world.file(hire("2026-10", wage_vnd=9_000_000), employer_id=world.second)
    assert totals(world.person_id, AT).si_months == 4, "a month counts once"
    world.file(line("GH", "2026-11"))
    assert totals(world.person_id, AT).si_months == 3


def test_a_month_with_fourteen_unpaid_days_is_left_out_and_the_next_goes_on(world: World) -> None:
    """The form has no column for days: one month of KL says it. Later months stay as they are."""
    world.file(hire("2026-09"))
    world.file(line("KL", "2026-10", to_month="2026-10"))
    assert world.shown("from_month", "line_kind") == [("2026-09", "NORMAL"), ("2026-10", "NOT_COUNTED"), ("2026-11", "NORMAL")]
    assert totals(world.person_id, AT).si_months == 2
    [now] = list_participations([world.person_id], Month(2026, 11), world.first)[world.person_id]
    assert (now.status, now.wage_vnd) == ("WORKING", WAGE)


@pytest.mark.parametrize("code", [code for code, row in CHANGE_CODES.items() if row.effect is Effect.START])
def test_every_way_of_joining_posts_its_months(world: World, code: str) -> None:
    world.file(line(code, "2026-10", wage_vnd=WAGE))
    assert world.shown("from_month", "line_kind", "salary_base_vnd") == [("2026-10", "NORMAL", WAGE), ("2026-11", "NORMAL", WAGE)]


def test_overlapping_periods_at_one_employer_count_each_month_once_on_the_later_word(world: World) -> None:
    world.file(hire("2026-08", wage_vnd=9_000_000, to_month="2026-10"))
    world.file(line("AD", "2026-10", to_month="2026-11", wage_vnd=12_000_000))
    assert world.shown("from_month", "line_kind", "salary_base_vnd") == [
        ("2026-08", "NORMAL", 9_000_000), ("2026-09", "NORMAL", 9_000_000), ("2026-10", "BACK_PAY", 12_000_000), ("2026-11", "BACK_PAY", 12_000_000),
    ]  # fmt: skip
    assert totals(world.person_id, AT).si_months == 4


@pytest.mark.parametrize("at_once", [True, False])
def test_a_leaver_hired_anew_in_the_same_month(world: World, at_once: bool) -> None:
    world.file(hire("2026-10", job_title="Thợ may"))
    steps: Sequence[Line] = (line("GH", "2026-11"), hire("2026-11", wage_vnd=16_000_000))
    if at_once:
        world.file(*steps)
    else:
        for step in steps:
            world.file(step)
    assert world.shown("from_month", "salary_base_vnd", "job_title") == [("2026-10", WAGE, "Thợ may"), ("2026-11", 16_000_000, "")]
    assert totals(world.person_id, AT).si_months == 2


def test_two_contracts_pay_the_funds_once_and_the_second_counts_when_the_first_is_gone(world: World) -> None:
    world.file(hire("2026-09"))
    world.file(hire("2026-09", wage_vnd=9_000_000), employer_id=world.second)
    second = world.lines(world.second)
    assert [(row["line_kind"], bool(row["retirement_worker_vnd"]), bool(row["accident_employer_vnd"])) for row in second] == [
        ("NOT_COUNTED", False, True)
    ] * 3
    world.file(line("GL", "2026-11", declaration_type="4"), employer_id=world.second)
    assert [bool(row["accident_employer_vnd"]) for row in world.lines(world.second)] == [True, True, False]
    world.file(line("GH", "2026-10"))
    world.file(line("AD", "2026-10", to_month="2026-10", wage_vnd=9_000_000), employer_id=world.second)
    assert [row["line_kind"] for row in world.lines(world.second)] == ["NOT_COUNTED", "BACK_PAY", "NOT_COUNTED"]
    assert totals(world.person_id, AT).si_months == 2


def test_a_coefficient_with_allowances_follows_the_reference_level(world: World) -> None:
    world.file(line("TM", "2026-06", wage_coefficient="3", position_allowance="0.2", professional_seniority="10"), period="2026-07")
    assert [base for (base,) in world.shown("salary_base_vnd")] == [8_236_800, 8_905_600]
    [now] = list_participations([world.person_id], Month(2026, 7), world.first)[world.person_id]
    assert now.wage_vnd == 8_905_600
