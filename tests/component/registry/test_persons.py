"""One person, one code; markers of other custodians; set-based registration."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bhxh.kernel.actor import system_actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.identifiers import PassportNumber, Pin, SocialInsuranceCode
from bhxh.registry.commands import lock_persons, record_facts, record_verification, register_person, register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance, Verification, VerificationResult
from bhxh.registry.models import Identifier, Person, PersonFact
from bhxh.registry.queries import find_person, find_persons, get_person, list_identifiers, search_persons

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
SOURCE = Provenance(source_kind="NATIONAL_DB", source_system="population")
MAU = IdentityFacts(full_name="Nguyễn Thị  Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")


def _register(pin: str = "001199000001", **rest: object) -> int:
    return register_person(actor=ACTOR, at=AT, pin=Pin(pin), identity=MAU, provenance=SOURCE, **rest)  # type: ignore[arg-type]


def _entries(count: int) -> list[PersonEntry]:
    return [PersonEntry(identity=MAU, pin=Pin(f"001199{number:06d}"), legacy_si_codes=(f"01{number:08d}",)) for number in range(count)]


def test_a_registered_person_is_found_by_every_number(db: None) -> None:
    [person_id] = register_persons(
        actor=ACTOR,
        at=AT,
        provenance=SOURCE,
        entries=[
            PersonEntry(identity=MAU, pin=Pin("001199000001"), legacy_si_codes=("0112345678",), old_id="012345678", email="a@vidu.example")
        ],
    ).values()
    numbers = [("PIN", "001199000001"), ("SI", "001199000001"), ("SI", "0112345678"), ("OLD_ID", "012345678"), ("PIN", "001199000002")]
    found = find_persons(numbers)
    assert [found[number].person_id for number in numbers[:4]] == [person_id] * 4
    assert numbers[4] not in found
    summary = found["SI", "0112345678"]
    assert (summary.si_code, summary.full_name, summary.email) == ("001199000001", "Nguyễn Thị Mẫu", "a@vidu.example")
    assert get_person(person_id) == summary
    assert len(list_identifiers([person_id])[person_id]) == 4


def test_one_code_has_one_person(db: None) -> None:
    _register()
    with pytest.raises(Conflict) as caught, transaction.atomic():
        _register()
    assert caught.value.code == "REG-003"
    assert "001199000001" not in str(caught.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(scheme="SI", value="001199000001", person_id=99, managed_by="mof", recorded_at=AT)


def test_one_person_has_one_code(db: None) -> None:
    person_id = _register()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(person_id=person_id).update(si_code=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(person_id=person_id).update(si_code="0112345678")  # not the PIN
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(
            person_id=person_id,
            si_code="0112345679",
            full_name="X",
            birth_on=date(2000, 1, 1),
            sex="MALE",
            managed_by="mof",
            recorded_at=AT,
        )


def test_the_same_number_twice_in_a_list_is_refused(db: None) -> None:
    with pytest.raises(Conflict) as caught:
        register_persons(actor=ACTOR, at=AT, entries=[*_entries(2), *_entries(1)], provenance=SOURCE)
    assert caught.value.where == "entries[2]"


def test_without_any_number_nobody_is_registered(db: None) -> None:
    with pytest.raises(Invalid) as caught:
        register_persons(actor=ACTOR, at=AT, entries=[PersonEntry(identity=MAU)], provenance=SOURCE)
    assert caught.value.code == "REG-004"


def test_a_foreigner_without_pin_gets_a_ten_digit_code(db: None) -> None:
    person_id = register_person(
        actor=ACTOR, at=AT, passport_country="KR", passport_number=PassportNumber("M1234567"), identity=MAU, provenance=SOURCE
    )
    found = find_person("PASSPORT", "KR:M1234567")
    assert found is not None and found.person_id == person_id
    assert SocialInsuranceCode.parse(found.si_code).is_legacy


@pytest.mark.parametrize(
    "field, value", [("full_name", "  "), ("birth_on", date(1889, 1, 1)), ("birth_on", date(2027, 1, 1)), ("sex", "M")]
)
def test_identity_that_cannot_be_is_refused(db: None, field: str, value: object) -> None:
    identity = IdentityFacts(**{"full_name": "Lê An", "birth_on": date(1990, 1, 1), "sex": "MALE", field: value})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as caught:
        register_person(actor=ACTOR, at=AT, pin=Pin("001090000001"), identity=identity, provenance=SOURCE)
    assert caught.value.where == f"entries[0].{field}"


def test_names_are_stored_nfc_and_found_without_marks(db: None) -> None:
    decomposed = "Nguye\u0302\u0303n Thi\u0323 Qu\u1ef3nh"
    person_id = register_person(
        actor=ACTOR,
        at=AT,
        pin=Pin("001199000009"),
        identity=IdentityFacts(full_name=decomposed, birth_on=date(1999, 1, 1), sex="FEMALE"),
        provenance=SOURCE,
    )
    assert [person.person_id for person in search_persons(name="nguyen thi quynh")] == [person_id]
    assert search_persons(name="%") == ()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(person_id=person_id).update(full_name=decomposed)


def test_of_a_soldier_only_the_marker_exists(db: None) -> None:
    person_id = _register(managed_by=Custodian.MND, email="x@vidu.example")
    assert not Person.objects.exists() and not PersonFact.objects.exists()
    found = find_person("PIN", "001199000001")
    assert found is not None
    assert (found.person_id, found.managed_by, found.full_name, found.pin, found.birth_on, found.email) == (
        person_id,
        "mnd",
        "",
        "",
        None,
        "",
    )
    assert search_persons(name="Nguyễn") == ()
    assert list_identifiers([person_id]) == {}
    for refused in (lambda: get_person(person_id), lambda: lock_persons([person_id]), lambda: _record_name(person_id)):
        with pytest.raises(NotFound) as caught:
            refused()
        assert caught.value.code == "REG-002"


def _record_name(person_id: int) -> None:
    record_facts(actor=ACTOR, at=AT, person_id=person_id, facts={"full_name": "X"}, valid_from=date(2026, 1, 1), provenance=SOURCE)


def test_a_person_handed_over_is_no_longer_shown(db: None) -> None:
    person_id = _register()
    Person.objects.filter(person_id=person_id).update(managed_by="mps")
    found = find_person("PIN", "001199000001")
    assert found is not None and (found.managed_by, found.full_name, found.si_code) == ("mps", "", "")
    assert search_persons(name="Nguyễn") == ()
    for refused in (lambda: get_person(person_id), lambda: _record_name(person_id)):
        with pytest.raises(NotFound) as caught:
            refused()
        assert caught.value.code == "REG-002"


def test_an_unknown_person_is_said_to_be_unknown(db: None) -> None:
    with pytest.raises(NotFound) as caught:
        lock_persons([123456789])
    assert caught.value.code == "REG-001"


def test_a_list_costs_a_constant_number_of_statements(db: None) -> None:
    counts = []
    for size, offset in ((10, 0), (2000, 10)):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            register_persons(actor=ACTOR, at=AT, entries=_entries(size + offset)[offset:], provenance=SOURCE)
        counts.append(sum("audit_entry" not in query["sql"] for query in captured.captured_queries))
    assert counts[0] == counts[1] < 15


def test_verification_is_recorded_for_many(db: None) -> None:
    ids = list(register_persons(actor=ACTOR, at=AT, entries=_entries(3), provenance=SOURCE).values())
    results = [
        VerificationResult(person_id=ids[0], verification=Verification.VERIFIED),
        VerificationResult(person_id=ids[1], verification=Verification.MISMATCH, mismatch_fields=("birth_on",)),
    ]
    assert record_verification(actor=ACTOR, at=AT, results=results, provenance=SOURCE) == 2
    assert [get_person(person_id).verification for person_id in ids] == ["VERIFIED", "MISMATCH", "UNVERIFIED"]
    assert Person.objects.get(person_id=ids[1]).mismatch_fields == ["birth_on"]


@pytest.mark.parametrize(
    "table",
    [
        "registry_identifier",
        "registry_person_fact",
        "registry_household_member",
        "registry_employer_fact",
        "registry_participation",
        "registry_health_card",
        "registry_unemployment_cover",
        "registry_benefit_event",
        "registry_settlement_event",
    ],
)
def test_history_cannot_be_edited(db: None, table: str) -> None:
    for statement in (f"UPDATE {table} SET recorded_at = recorded_at", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)
