"""SI-06 through the engine: what is recorded, from where, who looks first, and what the book says afterwards."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from bhxh.book.commands import seal_books
from bhxh.book.queries import get_payload_and_sealed
from bhxh.dossiers import flows, line_commands
from bhxh.dossiers.ports import Answer, AnswerKind
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import Conflict
from bhxh.registry.commands import issue_health_cards, record_benefit_events
from bhxh.registry.facts import BenefitEventRow, HealthCardRow
from bhxh.registry.home_facts import get_contact
from bhxh.registry.models import PersonFact
from bhxh.registry.present_cover import list_present_cover
from bhxh.registry.queries import get_person
from tests.dossier_kit import AT, SOURCE, SYSTEM, Registers, World, states_of

SLUG = "change_personal_data"
HELD = {"full_name": "Trần Văn Kế", "birth_on": "1988-02-03", "sex": "MALE"}


class Saying(Registers):
    """A population register with these values."""

    def __init__(self, **said: Any) -> None:
        super().__init__()
        self.said = {**HELD, **said}

    def _answer(self, subject: str, system: str) -> Answer:
        told = super()._answer(subject, system)
        return replace(told, content=self.said, record_id="NPD-7") if told.kind is AnswerKind.ANSWERED else told


@pytest.fixture
def world(citizen_world: World) -> World:
    return citizen_world


def saying(world: World, **said: Any) -> World:
    register = Saying(**said)
    return replace(world, registers=register, gathering=replace(world.gathering, population=register))


def sealed_book(world: World, person_id: int) -> dict[str, Any]:
    """After what the engine asked to be sealed was sealed."""
    for payload in world.jobs("book.books.seal"):
        persons: Any = payload["person_ids"]
        seal_books(actor=SYSTEM, at=AT, person_ids=persons, key=world.keys.seal_key("book"), dossier_id=UUID(str(payload["dossier_id"])))
    book: dict[str, Any] = json.loads(get_payload_and_sealed(person_id)[0])
    return book


def source_of(person_id: int, name: str) -> tuple[str, str, str]:
    row = PersonFact.objects.filter(person_id=person_id, name=name).order_by("-n")[0]
    return row.source_kind, row.source_system, row.source_record_id


def test_a_name_is_taken_over_at_once_with_the_registers_word(world: World, file_own: Callable[..., UUID]) -> None:
    seal_books(actor=SYSTEM, at=AT, person_ids=[world.clerk_id], key=world.keys.seal_key("book"))
    dossier_id = file_own(SLUG, {"changes": ["identity"]}, person_id=world.clerk_id)
    saying(world, full_name="Trần Văn Kệ").gather(dossier_id)
    assert world.see(dossier_id).state is State.RESOLVED
    person = get_person(world.clerk_id)
    assert (person.full_name, person.verification) == ("Trần Văn Kệ", "VERIFIED")
    row = PersonFact.objects.filter(person_id=world.clerk_id, name="full_name").order_by("-n")[0]
    assert (row.source_kind, row.source_system, row.source_record_id, row.dossier_id) == ("NATIONAL_DB", "population", "NPD-7", dossier_id)
    book = sealed_book(world, world.clerk_id)
    assert (book["person"]["full_name"], book["header"]["version"]) == ("Trần Văn Kệ", 2)
    assert PersonFact.objects.filter(person_id=world.clerk_id, name="full_name").count() == 2, "the old one stays readable"


def test_another_birth_date_waits_for_two_officers(world: World, file_own: Callable[..., UUID]) -> None:
    dossier_id = file_own(SLUG, {"changes": ["identity"]}, person_id=world.clerk_id)
    asking = saying(world, birth_on="1987-02-03")
    asking.gather(dossier_id)
    assert states_of(dossier_id) == {1: LineState.OFFICER.value}
    assert get_person(world.clerk_id).birth_on == date(1988, 2, 3)
    line_commands.appraise(
        actor=world.first_officer, at=AT, dossier_id=dossier_id, line_numbers=[1], proposal=Proposal.GRANT, reason="Đã đối chiếu."
    )
    flows.approve(actor=world.second_officer, at=AT, dossier_id=dossier_id, deps=asking.gathering)
    assert get_person(world.clerk_id).birth_on == date(1987, 2, 3)
    assert sealed_book(world, world.clerk_id)["person"]["birth_on"] == "1987-02-03"


def test_what_the_register_does_not_say_cannot_be_taken_over(world: World, file_own: Callable[..., UUID]) -> None:
    dossier_id = file_own(SLUG, {"changes": ["identity"]}, person_id=world.clerk_id)
    asking = saying(world)
    asking.registers.silent.add("001188000001")
    at = AT
    while (again := asking.gather(dossier_id, at).retry_at) is not None:
        at = again + timedelta(seconds=1)
    line_commands.appraise(
        actor=world.first_officer, at=at, dossier_id=dossier_id, line_numbers=[1], proposal=Proposal.GRANT, reason="Đã đối chiếu."
    )
    with pytest.raises(Conflict) as caught:
        flows.approve(actor=world.second_officer, at=at, dossier_id=dossier_id, deps=asking.gathering)
    assert caught.value.code == "CPD-121"
    assert get_person(world.clerk_id).full_name == HELD["full_name"]


def test_contact_and_account_are_the_persons_word_and_the_rest_stays(world: World, file_own: Callable[..., UUID]) -> None:
    wishes = {
        "changes": ["mobile_phone", "address", "account"],
        "mobile_phone": "0901234567",
        "address": "12 phố Mẫu, phường Ba Đình, Hà Nội",
        "bank": "Ngân hàng Mẫu",
        "bank_account": "0123456789",
    }
    dossier_id = file_own(SLUG, wishes, person_id=world.clerk_id)
    world.gather(dossier_id)
    assert world.registers.asked == [], "nobody is asked for what nobody holds"
    contact = get_contact(world.clerk_id)
    assert (contact.mobile_phone, contact.street, contact.email) == ("0901234567", "12 phố Mẫu, phường Ba Đình, Hà Nội", "ke@mau.example")
    account = PersonFact.objects.get(person_id=world.clerk_id, name="bank_account")
    assert account.value == {"bank": "Ngân hàng Mẫu", "number": "0123456789", "holder": "Trần Văn Kế"}
    assert source_of(world.clerk_id, "contact") == ("SUBMITTER", SLUG, world.see(dossier_id).code)


def test_an_account_that_receives_a_pension_is_looked_at_first(world: World, file_own: Callable[..., UUID]) -> None:
    pension = BenefitEventRow(
        person_id=world.clerk_id,
        scheme="RETIREMENT",
        decision_number="1/QĐ",
        decided_on=date(2026, 1, 1),
        from_on=date(2026, 1, 1),
        until_on=None,
        amount_vnd=5_000_000,
        paying_office="00101",
        status="PAYING",
    )
    record_benefit_events(actor=SYSTEM, at=AT, rows=[pension], provenance=SOURCE)
    wishes = {"changes": ["account"], "bank": "Ngân hàng Mẫu", "bank_account": "0123456789"}
    dossier_id = file_own(SLUG, wishes, person_id=world.clerk_id)
    world.gather(dossier_id)
    assert states_of(dossier_id) == {1: LineState.OFFICER.value}
    assert not PersonFact.objects.filter(name="bank_account").exists()


def test_the_card_in_force_gets_another_facility_and_keeps_the_rest(world: World, file_own: Callable[..., UUID]) -> None:
    card = HealthCardRow(
        person_id=world.clerk_id,
        card_code="DN4010118800001",
        valid_from=date(2026, 1, 1),
        facility_code="01001",
        five_year_on=date(2030, 1, 1),
        area_code="K1",
    )
    issue_health_cards(actor=SYSTEM, at=AT, rows=[card], provenance=SOURCE)
    listed = "01131"
    _list_facility(listed)
    dossier_id = file_own(SLUG, {"changes": ["facility"], "facility": listed}, person_id=world.clerk_id)
    world.gather(dossier_id)
    assert world.see(dossier_id).state is State.RESOLVED
    [now] = list_present_cover([world.clerk_id], on=AT.date())[world.clerk_id].cards
    assert now == replace(card, facility_code=listed)
    [shown] = sealed_book(world, world.clerk_id)["health_cover"]
    assert (shown["facility_code"], shown["five_year_on"]) == (listed, "2030-01-01")


def _list_facility(code: str) -> None:
    from bhxh.registry.models import HealthFacility

    HealthFacility.objects.get_or_create(
        facility_code=code, defaults={"province_code": "01", "name": "Bệnh viện Mẫu", "name_search": "BENH VIEN MAU"}
    )
