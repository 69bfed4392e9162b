"""What a granted D02 line leaves behind in registry and ledger, on real PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.procedure import Effects, EffectsRequest, Filing, FilingLine, GrantedLine, Subject
from bhxh.kernel.actor import system_actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.ledger.queries import list_open_months, totals
from bhxh.procedures.register_employees import PROCEDURE
from bhxh.procedures.register_employees.form import Line, identify
from bhxh.registry.commands import register_employer, register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance
from bhxh.registry.models import PersonFact
from bhxh.registry.queries import find_persons, get_book_facts, get_person, list_participations

pytestmark = pytest.mark.usefixtures("db")

ACTOR = system_actor(name="test", request_id="r1", purpose="register_employees")
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PIN = "079188000123"
FROM_REGISTER = Provenance(source_kind="NATIONAL_DB", source_system="population")
TAX_CODES = ("0110000027", "0100233488")


@pytest.fixture
def employers() -> tuple[int, int]:
    first, second = (
        register_employer(
            actor=ACTOR,
            at=AT,
            unit_code=f"TA000{number}Z",
            tax_code=tax_code,
            name=f"Công ty Mẫu {number}",
            agency_code="00101",
            industry="14",
            enterprise_type="LLC",
            wage_region=1,
            provenance=FROM_REGISTER,
        )
        for number, tax_code in enumerate(TAX_CODES, start=1)
    )
    return first, second


def line(code: str = "TM", starts: str = "2026-11", pin: str = PIN, **more: Any) -> Line:
    wage = {"wage_vnd": 14_500_000} if code in {"TM", "TD", "TC", "ON", "DC"} else {}
    return Line(full_name="Nguyễn Thị Mẫu", si_code=pin, change_code=code, from_month=starts, **{**wage, **more})


def granted(number: int, of: Line, *, is_answered: bool = True) -> GrantedLine:
    pin = identify(of).pin or ""
    answer = Answer(
        subject=pin,
        kind=AnswerKind.ANSWERED,
        source_kind=SourceKind.NATIONAL_DB,
        source_system="population",
        record_id=f"DC-{pin}",
        fetched_at=AT,
        content={"full_name": "Nguyễn Thị Mẫu", "birth_on": "1988-05-20", "sex": "FEMALE", "is_deceased": False},
    )
    filed = FilingLine(number=number, pin=pin, content=of.as_content())
    return GrantedLine(line=filed, subject=None, answer=answer if is_answered else None)


def carry_out(employer_id: int, *lines: Line, period: str = "2026-11", is_answered: bool = True) -> Effects:
    rows = [granted(number, of, is_answered=is_answered) for number, of in enumerate(lines, start=1)]
    filing = Filing(filer_identifier=TAX_CODES[0], period=period, lines=tuple(row.line for row in rows))
    return PROCEDURE.effects(
        EffectsRequest(
            actor=ACTOR,
            at=AT,
            dossier_id=UUID(int=7),
            dossier_code="G12.99.01-261121-0001",
            employer_id=employer_id,
            filing=filing,
            lines=rows,
        )
    )


def counted(person_id: int) -> list[tuple[str, int, int]]:
    months = list_open_months([person_id], Month(2020, 1))[person_id]
    return [(str(month.month), month.employer_id, month.base_vnd) for month in months]


def test_somebody_new_is_registered_insured_and_gets_a_card(employers: tuple[int, int]) -> None:
    employer, _ = employers
    effects = carry_out(employer, line(starts="2026-10"))
    [person_id] = effects.touched_person_ids
    assert effects.person_id_by_line == {1: person_id}
    person = get_person(person_id)
    assert (person.pin, person.full_name, person.birth_on, person.verification) == (PIN, "Nguyễn Thị Mẫu", date(1988, 5, 20), "VERIFIED")
    assert counted(person_id) == [("2026-10", employer, 14_500_000), ("2026-11", employer, 14_500_000)]
    [work] = list_participations([person_id], Month(2026, 11), employer)[person_id]
    assert (work.status, work.wage_vnd, work.from_month) == ("WORKING", 14_500_000, Month(2026, 10))
    [card] = get_book_facts([person_id], valid_on=AT.date(), known_at=AT)[person_id].health_cover
    assert card["card_code"] == "DN4799188000123"[:3] + "79" + "9188000123"


def test_each_fact_of_somebody_new_names_the_record_it_came_from(employers: tuple[int, int]) -> None:
    employer, _ = employers
    other = "079188000124"
    effects = carry_out(employer, line(), line(pin=other))
    for line_number, pin in ((1, PIN), (2, other)):
        facts = PersonFact.objects.filter(person_id=effects.person_id_by_line[line_number], name="full_name")
        assert list(facts.values_list("source_system", "source_record_id")) == [("population", f"DC-{pin}")]


def test_a_leaver_stops_and_later_months_are_taken_back(employers: tuple[int, int]) -> None:
    employer, _ = employers
    [person_id] = carry_out(employer, line(starts="2026-09")).touched_person_ids
    carry_out(employer, line("GH", starts="2026-11"))
    assert [month for month, _, _ in counted(person_id)] == ["2026-09", "2026-10"]
    assert list_participations([person_id], Month(2026, 11), employer) == {}


def test_a_wage_change_posts_its_months_anew(employers: tuple[int, int]) -> None:
    employer, _ = employers
    [person_id] = carry_out(employer, line(starts="2026-09")).touched_person_ids
    carry_out(employer, line("DC", starts="2026-10", wage_vnd=16_000_000))
    assert [base for _, _, base in counted(person_id)] == [14_500_000, 16_000_000, 16_000_000]
    assert totals(person_id, AT).si_months == 3


def test_leave_is_not_contributed_and_back_to_work_is(employers: tuple[int, int]) -> None:
    employer, _ = employers
    [person_id] = carry_out(employer, line(starts="2026-08"), period="2026-08").touched_person_ids
    carry_out(employer, line("TS", starts="2026-09", to_month="2027-02"), period="2026-09")
    assert [month for month, _, _ in counted(person_id)] == ["2026-08", "2026-09"]
    assert [month.month for month in list_open_months([person_id], Month(2020, 1))[person_id] if month.is_contributed] == [Month(2026, 8)]
    assert list_participations([person_id], Month(2026, 9), employer)[person_id][0].status == "ON_LEAVE"
    carry_out(employer, line("ON", starts="2026-11"))
    assert [month for month, _, _ in counted(person_id)] == ["2026-08", "2026-09", "2026-11"]


def test_a_second_contract_counts_no_month_twice(employers: tuple[int, int]) -> None:
    first, second = employers
    [person_id] = carry_out(first, line(starts="2026-10")).touched_person_ids
    carry_out(second, line(starts="2026-10", wage_vnd=9_000_000))
    assert {employer for _, employer, _ in counted(person_id)} == {first}
    assert totals(person_id, AT).si_months == 2
    assert len(list_participations([person_id], Month(2026, 11))[person_id]) == 2


def test_a_new_title_changes_no_month(employers: tuple[int, int]) -> None:
    employer, _ = employers
    [person_id] = carry_out(employer, line()).touched_person_ids
    before = counted(person_id)
    carry_out(employer, Line(si_code=PIN, change_code="CD", job_title="Tổ trưởng"))
    [work] = list_participations([person_id], Month(2026, 11), employer)[person_id]
    assert (work.job_title, work.wage_vnd, work.status) == ("Tổ trưởng", 14_500_000, "WORKING")
    assert counted(person_id) == before


def test_granted_by_officers_without_an_answer_the_lists_own_facts_are_kept_as_the_filers_word(employers: tuple[int, int]) -> None:
    employer, _ = employers
    effects = carry_out(employer, line(birth_on="1988", sex="FEMALE"), is_answered=False)
    person = get_person(effects.touched_person_ids[0])
    assert (person.birth_precision, person.verification) == ("YEAR", "UNVERIFIED")


@pytest.mark.parametrize(
    "bad",
    [
        {"change_code": "TN", "declaration_type": "2"},
        {"change_code": "DL"},
        {"wage_vnd": None},
        {"from_month": ""},
        {"si_code": "7916001234"},
    ],
)
def test_what_this_version_cannot_do_is_refused_and_not_half_done(employers: tuple[int, int], bad: Mapping[str, Any]) -> None:
    employer, _ = employers
    with pytest.raises(Conflict) as caught, transaction.atomic():
        carry_out(employer, line(), Line.model_validate({**line().as_content(), **bad}))
    assert caught.value.code == "D02-122"
    assert find_persons([("PIN", PIN)]) == {}


def test_another_custodians_person_is_not_touched(employers: tuple[int, int]) -> None:
    employer, _ = employers
    who = IdentityFacts(full_name="Trần Văn Lính", birth_on=date(1988, 5, 20), sex="MALE")
    soldier = PersonEntry(identity=who, pin=Pin(PIN), managed_by=Custodian.MND)
    register_persons(actor=ACTOR, at=AT, entries=[soldier], provenance=FROM_REGISTER)
    with pytest.raises(NotFound) as caught:
        carry_out(employer, line())
    assert caught.value.code == "REG-002"


def test_own_facts_say_where_somebody_works_and_what_counts(employers: tuple[int, int]) -> None:
    first, second = employers
    [person_id] = carry_out(second, line(starts="2026-10")).touched_person_ids
    subject = Subject(person_id=person_id, pin=PIN, full_name="x", birth_on="", sex="", managed_by="mof")
    filing = Filing(filer_identifier=TAX_CODES[0], period="2026-11", lines=(granted(1, line(starts="2026-09")).line,))
    facts = PROCEDURE.known(filing, [subject])[PIN]
    assert (facts["elsewhere"], facts["counted_elsewhere"], "here" in facts) == (1, ["2026-10", "2026-11"], False)
    carry_out(first, line("TM", starts="2026-11"))
    assert PROCEDURE.known(filing, [subject])[PIN]["here"]["status"] == "WORKING"  # type: ignore[index, call-overload]


def test_the_number_of_statements_does_not_grow_with_the_list(employers: tuple[int, int]) -> None:
    employer, _ = employers

    def count(first: int, size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            carry_out(employer, *(line(pin=f"079188{number:06d}") for number in range(first, first + size)))
        return len(captured)

    assert count(1000, 40) == count(2000, 4)
