"""What did we know on D about day V: one query per table; later statements win; other custodians' people are refused everywhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bhxh.audit.models import Entry
from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.identifiers import PassportNumber, Pin
from bhxh.kernel.months import Month
from bhxh.registry.commands import (
    assign_pin,
    issue_health_cards,
    lock_persons,
    record_benefit_events,
    record_contacts,
    record_employer_facts,
    record_facts,
    record_facts_of_many,
    record_participations,
    record_settlement_events,
    record_unemployment_cover,
    record_verification,
    refresh_present_state,
    register_employer,
    register_households,
    register_person,
    register_persons,
)
from bhxh.registry.facts import (
    BenefitEventRow,
    ContactRow,
    FactsRow,
    HealthCardRow,
    HouseholdRow,
    IdentityFacts,
    ParticipationRow,
    PersonEntry,
    Provenance,
    SettlementEventRow,
    UnemploymentCoverRow,
    Verification,
    VerificationResult,
)
from bhxh.registry.models import EmployerFact, HouseholdMember, PersonFact
from bhxh.registry.queries import (
    find_employer,
    find_person,
    get_book_facts,
    get_employer,
    get_person,
    list_identifiers,
    list_participations,
    list_workers,
)

JANUARY, MARCH, MAY = (datetime(2026, month, 5, 9, 0, tzinfo=UTC) for month in (1, 3, 5))
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
SOURCE = Provenance(source_kind="NATIONAL_DB", source_system="population", content_sha256="ab" * 32, fetched_at=JANUARY)
AN = IdentityFacts(full_name="Lê Thị An", birth_on=date(1990, 2, 3), sex="FEMALE")


@pytest.fixture
def person_id(db: None) -> int:
    return register_person(actor=ACTOR, at=JANUARY, pin=Pin("001190000001"), identity=AN, provenance=SOURCE, email="an@vidu.example")


def _name(person_id: int, valid_on: date, known_at: datetime) -> object:
    return get_book_facts([person_id], valid_on, known_at)[person_id].person["full_name"]


def test_what_was_known_on_a_day_about_a_day(person_id: int) -> None:
    record_facts(actor=ACTOR, at=MAY, person_id=person_id, facts={"full_name": "Lê Thị Ân"}, valid_from=date(2026, 2, 1), provenance=SOURCE)
    assert _name(person_id, date(2026, 4, 1), MARCH) == "Lê Thị An"  # not known yet
    assert _name(person_id, date(2026, 4, 1), MAY) == "Lê Thị Ân"
    assert _name(person_id, date(2026, 1, 31), MAY) == "Lê Thị An"  # not true yet
    assert get_person(person_id).full_name == "Lê Thị Ân"


def test_a_later_statement_wins_for_the_days_it_covers(person_id: int) -> None:
    for at, name, start, end in (
        (MARCH, "Lê Thị Anh", date(2026, 1, 1), None),
        (MAY, "Lê Thị Ánh", date(2026, 2, 1), date(2026, 3, 1)),
    ):
        record_facts(
            actor=ACTOR, at=at, person_id=person_id, facts={"full_name": name}, valid_from=start, valid_until=end, provenance=SOURCE
        )
    assert [_name(person_id, day, MAY) for day in (date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 1))] == [
        "Lê Thị Anh",
        "Lê Thị Ánh",
        "Lê Thị Anh",
    ]
    assert get_person(person_id).full_name == "Lê Thị Anh"


def test_a_clock_set_back_does_not_change_what_was_known(person_id: int) -> None:
    record_facts(actor=ACTOR, at=MAY, person_id=person_id, facts={"sex": "MALE"}, valid_from=date(2026, 1, 1), provenance=SOURCE)
    record_facts(actor=ACTOR, at=JANUARY, person_id=person_id, facts={"sex": "FEMALE"}, valid_from=date(2026, 1, 1), provenance=SOURCE)
    before_may = get_book_facts([person_id], date(2026, 4, 1), MAY - timedelta(seconds=1))[person_id]
    assert before_may.person["sex"] == "FEMALE"
    rows = list(PersonFact.objects.filter(person_id=person_id).order_by("n").values_list("recorded_at", flat=True))
    assert rows == sorted(rows)


def test_every_fact_says_where_it_comes_from(person_id: int) -> None:
    fact = PersonFact.objects.get(person_id=person_id, name="full_name")
    assert (fact.value, fact.source_kind, fact.source_system, fact.content_sha256, fact.fetched_at, fact.recorded_at) == (
        "Lê Thị An",
        "NATIONAL_DB",
        "population",
        "ab" * 32,
        JANUARY,
        JANUARY,
    )


def test_a_fact_of_a_day_to_come_becomes_present_when_the_day_comes(person_id: int) -> None:
    record_facts(actor=ACTOR, at=JANUARY, person_id=person_id, facts={"sex": "MALE"}, valid_from=date(2026, 3, 1), provenance=SOURCE)
    assert get_person(person_id).sex == "FEMALE"
    assert refresh_present_state(actor=ACTOR, at=MARCH, since=date(2026, 2, 1)) == 1
    assert get_person(person_id).sex == "MALE"
    assert refresh_present_state(actor=ACTOR, at=MAY, since=date(2026, 3, 5)) == 0


def test_facts_of_many_cost_as_much_as_of_one(db: None) -> None:
    entries = [PersonEntry(identity=AN, pin=Pin(f"001190{number:06d}")) for number in range(40)]
    ids = list(register_persons(actor=ACTOR, at=JANUARY, entries=entries, provenance=SOURCE).values())
    counts = []
    for asked in (ids[:1], ids):
        rows = [FactsRow(person_id=i, facts={"full_name": f"Lê Số {i}"}, valid_from=date(2026, 1, 1), provenance=SOURCE) for i in asked]
        with CaptureQueriesContext(connection) as captured:
            record_facts_of_many(actor=ACTOR, at=MARCH, rows=rows, provenance=SOURCE)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 12
    assert [get_person(i).full_name for i in ids] == [f"Lê Số {i}" for i in ids]


@pytest.mark.parametrize(
    "name", ["record_participations", "issue_health_cards", "record_benefit_events", "record_verification", "record_contacts"]
)
def test_lists_cost_a_constant_number_of_statements(db: None, name: str) -> None:
    entries = [PersonEntry(identity=AN, pin=Pin(f"001190{number:06d}")) for number in range(310)]
    ids = list(register_persons(actor=ACTOR, at=JANUARY, entries=entries, provenance=SOURCE).values())
    commands: dict[str, Callable[[list[int]], int]] = {
        "record_participations": lambda some: record_participations(
            actor=ACTOR, at=MAY, rows=[_work_row(i) for i in some], provenance=SOURCE
        ),
        "issue_health_cards": lambda some: issue_health_cards(
            actor=ACTOR, at=MAY, rows=[replace(_card_row(i), card_code=f"DN401{i:010d}") for i in some], provenance=SOURCE
        ),
        "record_benefit_events": lambda some: record_benefit_events(
            actor=ACTOR, at=MAY, rows=[_benefit_row(i) for i in some], provenance=SOURCE
        ),
        "record_verification": lambda some: record_verification(
            actor=ACTOR,
            at=MAY,
            results=[VerificationResult(person_id=i, verification=Verification.VERIFIED) for i in some],
            provenance=SOURCE,
        ),
        "record_contacts": lambda some: record_contacts(
            actor=ACTOR, at=MAY, rows=[ContactRow(person_id=i) for i in some], provenance=SOURCE
        ),
    }
    counts = []
    for some in (ids[:10], ids[10:]):
        with CaptureQueriesContext(connection) as captured:
            assert commands[name](some) == len(some)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 12


def test_each_of_a_list_may_come_from_elsewhere(db: None) -> None:
    sources = [replace(SOURCE, content_sha256=digit * 64) for digit in "12"]
    entries = [PersonEntry(identity=AN, pin=Pin(f"00119000000{n}"), provenance=source) for n, source in enumerate(sources)]
    ids = list(register_persons(actor=ACTOR, at=JANUARY, entries=entries, provenance=SOURCE).values())
    results = [
        VerificationResult(person_id=person_id, verification=Verification.VERIFIED, provenance=source)
        for person_id, source in zip(ids, sources, strict=True)
    ]
    record_verification(actor=ACTOR, at=JANUARY, results=results, provenance=SOURCE)
    for person_id, source in zip(ids, sources, strict=True):
        assert set(PersonFact.objects.filter(person_id=person_id).values_list("content_sha256", flat=True)) == {source.content_sha256}


@pytest.mark.parametrize(
    "facts",
    [
        {"full_name": None},
        {"full_name": " "},
        {"si_code": "1"},
        {"sex": "M"},
        {"birth_on": "1990-02-30"},
        {"full_name": 5},
        {"vital_status": "GONE"},
        {"hobby": "x"},
    ],
)
def test_what_is_no_fact_is_refused(person_id: int, facts: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        record_facts(actor=ACTOR, at=MAY, person_id=person_id, facts=facts, valid_from=date(2026, 1, 1), provenance=SOURCE)  # type: ignore[arg-type]
    assert caught.value.code == "REG-005"


def test_a_number_assigned_later_becomes_the_code(db: None) -> None:
    person_id = register_person(
        actor=ACTOR, at=JANUARY, passport_country="KR", passport_number=PassportNumber("M1234567"), identity=AN, provenance=SOURCE
    )
    old_code = get_person(person_id).si_code
    assign_pin(actor=ACTOR, at=MARCH, person_id=person_id, pin=Pin("001190000002"), provenance=SOURCE)
    assert get_person(person_id).si_code == get_person(person_id).pin == "001190000002"
    for value in (old_code, "001190000002"):
        found = find_person("SI", value)
        assert found is not None and found.person_id == person_id
    earlier, later = (get_book_facts([person_id], known.date(), known)[person_id].person for known in (JANUARY, MARCH))
    assert (earlier["si_code"], earlier["pin"], earlier["passport"], earlier["legacy_si_codes"]) == (old_code, "", "KR:M1234567", [])
    assert (later["si_code"], later["pin"], later["legacy_si_codes"]) == ("001190000002", "001190000002", [old_code])
    with pytest.raises(Conflict) as caught:
        assign_pin(actor=ACTOR, at=MAY, person_id=person_id, pin=Pin("001190000003"), provenance=SOURCE)
    assert caught.value.code == "REG-014"


def test_book_facts_are_json_as_of_a_day(person_id: int) -> None:
    _fill(person_id, MARCH)
    facts = get_book_facts([person_id], date(2026, 3, 10), MARCH)[person_id]
    for block in (facts.person, facts.unemployment_cover, *facts.benefits, *facts.settlements, *facts.health_cover):
        canonical_bytes(block)
    assert facts.benefits[0]["decision_number"] == "0001/QD" and facts.benefits[0]["amount_vnd"] == 5_000_000
    assert facts.settlements[0]["dossier_code"] == "G22.99.01-260301-0001"
    assert facts.health_cover[0]["card_code"] == "DN4010112345678" and facts.health_cover[0]["state"] == "VALID"
    assert facts.unemployment_cover == {"preserved_months": 36, "as_of_on": "2026-03-01", "note": ""}
    before = get_book_facts([person_id], date(2026, 3, 10), MARCH - timedelta(days=1))[person_id]
    assert (before.benefits, before.settlements, before.health_cover, before.unemployment_cover) == ((), (), (), {})
    earlier = get_book_facts([person_id], date(2026, 1, 10), MARCH)[person_id]
    assert (earlier.benefits, earlier.unemployment_cover) == ((), {})


def test_a_later_state_replaces_the_earlier_one(person_id: int) -> None:
    _fill(person_id, MARCH)
    issue_health_cards(actor=ACTOR, at=MAY, rows=[replace(_card_row(person_id), state="TEMP_LOCKED", reason="loss")], provenance=SOURCE)
    record_benefit_events(actor=ACTOR, at=MAY, rows=[replace(_benefit_row(person_id), status="ENDED")], provenance=SOURCE)
    assert [
        (facts.health_cover[0]["state"], facts.benefits[0]["status"], len(facts.health_cover), len(facts.benefits))
        for facts in (get_book_facts([person_id], date(2026, 5, 10), known)[person_id] for known in (MARCH, MAY))
    ] == [("VALID", "PAYING", 1, 1), ("TEMP_LOCKED", "ENDED", 1, 1)]


def test_book_facts_of_many_cost_as_much_as_of_one(db: None) -> None:
    entries = [PersonEntry(identity=AN, pin=Pin(f"001190{number:06d}")) for number in range(40)]
    ids = list(register_persons(actor=ACTOR, at=JANUARY, entries=entries, provenance=SOURCE).values())
    counts = []
    for asked in (ids[:1], ids):
        with CaptureQueriesContext(connection) as captured:
            assert len(get_book_facts(asked, date(2026, 1, 10), JANUARY)) == len(asked)
        counts.append(len(captured))
    assert counts == [5, 5]


def _card_row(person_id: int) -> HealthCardRow:
    return HealthCardRow(person_id=person_id, card_code="DN4010112345678", valid_from=date(2026, 1, 1), facility_code="01001")


def _benefit_row(person_id: int) -> BenefitEventRow:
    return BenefitEventRow(
        person_id=person_id,
        scheme="UNEMPLOYMENT",
        decision_number="0001/QD",
        decided_on=date(2026, 3, 1),
        from_on=date(2026, 3, 1),
        until_on=None,
        amount_vnd=5_000_000,
        paying_office="00101",
        status="PAYING",
    )


def _settlement_row(person_id: int) -> SettlementEventRow:
    return SettlementEventRow(
        person_id=person_id,
        scheme="UNEMPLOYMENT",
        dossier_code="G22.99.01-260301-0001",
        settled_on=date(2026, 3, 1),
        office="00101",
        state="RESOLVED",
    )


def _cover_row(person_id: int) -> UnemploymentCoverRow:
    return UnemploymentCoverRow(person_id=person_id, preserved_months=36, as_of_on=date(2026, 3, 1))


def _fill(person_id: int, at: datetime) -> None:
    issue_health_cards(actor=ACTOR, at=at, rows=[_card_row(person_id)], provenance=SOURCE)
    record_benefit_events(actor=ACTOR, at=at, rows=[_benefit_row(person_id)], provenance=SOURCE)
    record_settlement_events(actor=ACTOR, at=at, rows=[_settlement_row(person_id)], provenance=SOURCE)
    record_unemployment_cover(actor=ACTOR, at=at, rows=[_cover_row(person_id)], provenance=SOURCE)


def _work_row(person_id: int, employer_id: int = 1) -> ParticipationRow:
    return ParticipationRow(
        person_id=person_id,
        employer_id=employer_id,
        participant_type="LABOUR_CONTRACT",
        wage_vnd=8_000_000,
        from_month=Month(2026, 1),
        change_code="TM",
    )


def test_participation_in_a_month_is_the_latest_statement(person_id: int) -> None:
    steps = [
        _work_row(person_id),
        replace(_work_row(person_id), from_month=Month(2026, 4), wage_vnd=9_000_000, change_code="DC"),
        replace(_work_row(person_id), from_month=Month(2026, 6), until_month=Month(2026, 8), status="ON_LEAVE", change_code="OF"),
        replace(_work_row(person_id), from_month=Month(2026, 10), status="ENDED", change_code="GH"),
        _work_row(person_id, employer_id=2),
    ]
    assert record_participations(actor=ACTOR, at=MAY, rows=steps, provenance=SOURCE) == 5
    seen = []
    for month in (Month(2025, 12), Month(2026, 3), Month(2026, 4), Month(2026, 7), Month(2026, 8), Month(2026, 10)):
        held = list_participations([person_id], month, 1).get(person_id, ())
        seen.append([(row.status, row.wage_vnd) for row in held])
    assert seen == [
        [],
        [("WORKING", 8_000_000)],
        [("WORKING", 9_000_000)],
        [("ON_LEAVE", 8_000_000)],
        [("WORKING", 9_000_000)],
        [],
    ]
    assert [row.employer_id for row in list_participations([person_id], Month(2026, 10))[person_id]] == [2]
    assert len(list_participations([person_id])[person_id]) == 5
    assert [row.person_id for row in list_workers(1, Month(2026, 9))] == [person_id]
    assert list_workers(1, Month(2026, 10)) == ()


def test_statements_that_cannot_be_are_refused(person_id: int) -> None:
    for row in (replace(_work_row(person_id), status="BUSY"), replace(_work_row(person_id), until_month=Month(2026, 1))):
        with pytest.raises(Invalid) as caught:
            record_participations(actor=ACTOR, at=MAY, rows=[row], provenance=SOURCE)
        assert caught.value.code == "REG-013"
    for card in (
        replace(_card_row(person_id), card_code="DN9010112345678"),
        replace(_card_row(person_id), valid_until=date(2025, 1, 1)),
        replace(_card_row(person_id), state="LOST"),
    ):
        with pytest.raises(Invalid) as caught:
            issue_health_cards(actor=ACTOR, at=MAY, rows=[card], provenance=SOURCE)
        assert caught.value.code == "REG-008"


def test_a_card_code_belongs_to_one_person(person_id: int) -> None:
    other = register_person(actor=ACTOR, at=JANUARY, pin=Pin("001190000077"), identity=AN, provenance=SOURCE)
    issue_health_cards(actor=ACTOR, at=MAY, rows=[_card_row(person_id)], provenance=SOURCE)
    found = find_person("HI", "DN4010112345678")
    assert found is not None and found.person_id == person_id
    with pytest.raises(Conflict) as caught:
        issue_health_cards(actor=ACTOR, at=MAY, rows=[_card_row(other)], provenance=SOURCE)
    assert caught.value.code == "REG-009"


def test_contact_is_replaced_and_remembered(person_id: int) -> None:
    row = ContactRow(person_id=person_id, email="moi@vidu.example", mobile_phone="+84900000001")
    record_contacts(actor=ACTOR, at=MAY, rows=[row], provenance=SOURCE)
    assert get_person(person_id).email == "moi@vidu.example"
    emails = [fact.value["email"] for fact in PersonFact.objects.filter(person_id=person_id, name="contact").order_by("n")]
    assert emails == ["an@vidu.example", "moi@vidu.example"]


def test_a_household_has_one_head(person_id: int) -> None:
    row = HouseholdRow(ward="00004", street="Số 1", members=((person_id, "00"),), from_on=date(2026, 1, 1))
    [household_id] = register_households(actor=ACTOR, at=MAY, rows=[row], provenance=SOURCE)
    assert HouseholdMember.objects.get(person_id=person_id).household_id == household_id
    with pytest.raises(Invalid) as caught:
        register_households(actor=ACTOR, at=MAY, rows=[replace(row, members=((person_id, "08"),))], provenance=SOURCE)
    assert caught.value.code == "REG-010"


_COMMANDS: dict[str, Callable[[int], object]] = {
    "lock_persons": lambda p: lock_persons([p]),
    "record_facts": lambda p: record_facts(
        actor=ACTOR, at=MAY, person_id=p, facts={"sex": "MALE"}, valid_from=date(2026, 1, 1), provenance=SOURCE
    ),
    "record_verification": lambda p: record_verification(
        actor=ACTOR, at=MAY, results=[VerificationResult(person_id=p, verification=Verification.VERIFIED)], provenance=SOURCE
    ),
    "record_contacts": lambda p: record_contacts(actor=ACTOR, at=MAY, rows=[ContactRow(person_id=p)], provenance=SOURCE),
    "record_participations": lambda p: record_participations(actor=ACTOR, at=MAY, rows=[_work_row(p)], provenance=SOURCE),
    "issue_health_cards": lambda p: issue_health_cards(actor=ACTOR, at=MAY, rows=[_card_row(p)], provenance=SOURCE),
    "record_benefit_events": lambda p: record_benefit_events(actor=ACTOR, at=MAY, rows=[_benefit_row(p)], provenance=SOURCE),
    "record_settlement_events": lambda p: record_settlement_events(actor=ACTOR, at=MAY, rows=[_settlement_row(p)], provenance=SOURCE),
    "record_unemployment_cover": lambda p: record_unemployment_cover(actor=ACTOR, at=MAY, rows=[_cover_row(p)], provenance=SOURCE),
    "register_households": lambda p: register_households(
        actor=ACTOR,
        at=MAY,
        rows=[HouseholdRow(ward="", street="", members=((p, "00"),), from_on=date(2026, 1, 1))],
        provenance=SOURCE,
    ),
    "assign_pin": lambda p: assign_pin(actor=ACTOR, at=MAY, person_id=p, pin=Pin("001190000055"), provenance=SOURCE),
    "get_person": get_person,
    "get_book_facts": lambda p: get_book_facts([p], date(2026, 1, 1), MAY),
}


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_nothing_is_done_with_people_of_another_custodian(db: None, name: str) -> None:
    soldier = register_person(actor=ACTOR, at=JANUARY, pin=Pin("001090000009"), identity=AN, provenance=SOURCE, managed_by=Custodian.MND)
    with pytest.raises(NotFound) as caught:
        _COMMANDS[name](soldier)
    assert caught.value.code == "REG-002"
    assert (list_participations([soldier]), list_identifiers([soldier])) == ({}, {})


def test_one_soldier_in_a_list_stops_the_list(person_id: int) -> None:
    soldier = register_person(actor=ACTOR, at=JANUARY, pin=Pin("001090000009"), identity=AN, provenance=SOURCE, managed_by=Custodian.MND)
    with pytest.raises(NotFound):
        get_book_facts([person_id, soldier], date(2026, 1, 1), MAY)
    with pytest.raises(NotFound):
        record_participations(actor=ACTOR, at=MAY, rows=[_work_row(person_id), _work_row(soldier)], provenance=SOURCE)
    assert list_participations([person_id]) == {}


def test_the_log_names_the_person_and_nothing_personal(person_id: int) -> None:
    record_facts(actor=ACTOR, at=MAY, person_id=person_id, facts={"full_name": "Lê Thị Ân"}, valid_from=date(2026, 1, 1), provenance=SOURCE)
    entries = list(Entry.objects.filter(person_id=person_id).order_by("entry_id"))
    assert [entry.verb for entry in entries] == ["registry.person.register", "registry.person.record_facts"]
    assert "Lê" not in str([entry.detail for entry in entries])


_EMPLOYER = {"name": "Hợp tác xã  Ví Dụ", "agency_code": "00101", "wage_region": 1, "provenance": SOURCE}


def test_employers_are_found_by_either_code(db: None) -> None:
    employer_id = register_employer(actor=ACTOR, at=JANUARY, unit_code="TA0001Z", tax_code="0110000027", **_EMPLOYER)  # type: ignore[arg-type]
    by_tax, by_unit = find_employer(tax_code="0110000027"), find_employer(unit_code="TA0001Z")
    assert by_tax == by_unit == get_employer(employer_id)
    assert by_tax is not None and by_tax.name == "Hợp tác xã Ví Dụ"
    assert find_employer(tax_code="0110000027", unit_code="TA0002Z") is None
    for codes in ({"unit_code": "TA0001Z", "tax_code": ""}, {"unit_code": "TA0009Z", "tax_code": "0110000027"}):
        with pytest.raises(Conflict) as caught:
            register_employer(actor=ACTOR, at=JANUARY, **codes, **_EMPLOYER)  # type: ignore[arg-type]
        assert caught.value.code == "REG-007"
    with pytest.raises(Invalid):
        register_employer(actor=ACTOR, at=JANUARY, unit_code="TA0003Z", tax_code="0110000021", **_EMPLOYER)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        get_employer(987_654_321)


def test_an_employers_history_stays(db: None) -> None:
    employer_id = register_employer(actor=ACTOR, at=JANUARY, unit_code="TA0001Z", tax_code="0110000027", **_EMPLOYER)  # type: ignore[arg-type]
    record_employer_facts(
        actor=ACTOR, at=MAY, employer_id=employer_id, facts={"status": "SUSPENDED"}, valid_from=date(2026, 5, 1), provenance=SOURCE
    )
    assert get_employer(employer_id).status == "SUSPENDED"
    assert list(EmployerFact.objects.filter(employer_id=employer_id, name="status").order_by("n").values_list("value", flat=True)) == [
        "ACTIVE",
        "SUSPENDED",
    ]
    with pytest.raises(Invalid):
        record_employer_facts(
            actor=ACTOR, at=MAY, employer_id=employer_id, facts={"tax_code": "1"}, valid_from=date(2026, 5, 1), provenance=SOURCE
        )


def test_two_who_register_the_same_number_at_once_leave_one_person(database: None) -> None:
    from django.db import connections

    barrier, outcomes = Barrier(2), []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            barrier.wait(timeout=60)
            outcomes.append(register_person(actor=ACTOR, at=JANUARY, pin=Pin("001190000001"), identity=AN, provenance=SOURCE) > 0)
        except Conflict as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=180)
    assert sorted(map(str, outcomes)) == ["REG-003", "True"]
    assert PersonFact.objects.filter(name="pin").count() == 1
