"""From the question to the data with the receipt: nothing beyond the scope, nothing where anything is in doubt, a look for every read."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from bhxh.access.consent_commands import cancel_request, refuse_consent, withdraw_consent
from bhxh.access.consent_queries import get_consent, get_request, list_consents, list_requests
from bhxh.access.consent_receipts import DISCLOSURE_TYPE, PURPOSE
from bhxh.access.consents import ConsentPurpose, ConsentStatus, RequesterKind, RequestState
from bhxh.access.data_catalogue import FIELDS
from bhxh.access.models import ConsentRequest
from bhxh.access.requester_commands import agree_scope, end_requester, register_requester
from bhxh.audit.models import Entry, Look
from bhxh.kernel.actor import LegalBasis, system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import BhxhError, Invalid, NotAllowed
from bhxh.notices.models import Message
from bhxh.registry.commands import record_facts
from bhxh.registry.facts import Provenance
from bhxh.sharing.gathering import GATHERERS, gather
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import verify_flattened
from tests.component.sharing.conftest import AT, DEAD_PIN, OTHER_PIN, PIN, SOLDIER_PIN, WAGE, Scene

ON = date(2026, 11, 21)
OPERATOR = system_actor(name="test", request_id="r1", purpose="operation")


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(BhxhError) as caught:
        call()
    return caught.value.code


def said(scene: Scene, sealed: bytes) -> Any:
    """The payload of a disclosure whose seal holds."""
    return json.loads(verify_flattened(sealed, keys=scene.keys.key_set(), type_name=DISCLOSURE_TYPE, purpose=PURPOSE).payload)


def looks(scene: Scene, what: str) -> list[Look]:
    return list(Look.objects.filter(person_id=scene.person_id, what=what).order_by("look_id"))


# -- what is known -----------------------------------------------------------------------------------------------


def test_every_field_of_the_catalogue_has_a_gatherer_and_no_other() -> None:
    assert set(GATHERERS) == set(FIELDS)


def test_each_field_says_what_it_says_and_no_more(scene: Scene) -> None:
    assert gather(scene.person_id, FIELDS, on=ON, known_at=AT) == {
        "basic.full_name": "Nguyễn Thị Mẫu",
        "basic.birth_date": "1999-05-20",
        "basic.sex": "FEMALE",
        "basic.nationality": "VN",
        "basic.personal_number": PIN,
        "contact.email": "mau@example.vn",
        "contact.mobile_phone": "+84900000000",
        "contact.address": {"ward": "00004", "street": "1 Hàng Mẫu"},
        "household.address": {"ward": "00004", "street": "1 Hàng Mẫu"},
        "household.relation": "00",
        "social_insurance.insured_on_day": True,
        "social_insurance.months_total": 4,
        "social_insurance.periods": [
            {"from_month": "2026-03", "until_month": "2026-05", "months": 2},
            {"from_month": "2026-07", "until_month": "2026-09", "months": 2},
        ],
        "social_insurance.contribution_bases": [
            {"from_month": "2026-03", "until_month": "2026-05", "months": 2, "base_vnd": WAGE},
            {"from_month": "2026-07", "until_month": "2026-09", "months": 2, "base_vnd": WAGE},
        ],
        "social_insurance.benefits": [],
        "health_insurance.covered_on_day": True,
        "health_insurance.card": {
            "card_code": "DN4010112345678",
            "participant_type": "DN",
            "benefit_level": 4,
            "facility_code": "",
            "valid_from": "2026-03-01",
            "valid_until": "2026-12-31",
            "five_year_on": None,
            "state": "VALID",
        },
        "unemployment_insurance.months_total": 4,
        "unemployment_insurance.months_preserved": 4,
        "employer.present": [{"name": "Công ty TNHH Mẫu", "tax_code": "0110000027"}],
        "employer.history": [
            {"from_month": "2026-03", "until_month": "2026-05", "months": 2, "name": "Công ty TNHH Mẫu", "tax_code": "0110000027"},
            {"from_month": "2026-07", "until_month": "2026-09", "months": 2, "name": "Công ty TNHH Mẫu", "tax_code": "0110000027"},
        ],
    }


def test_of_somebody_without_a_history_every_field_still_answers(scene: Scene) -> None:
    found = gather(scene.other_id, FIELDS, on=ON, known_at=AT)
    assert (found["social_insurance.insured_on_day"], found["social_insurance.periods"], found["health_insurance.card"]) == (
        False,
        [],
        None,
    )
    assert found["household.relation"] == "02"


@pytest.mark.parametrize(
    ("on", "is_insured"), [(date(2026, 4, 30), True), (date(2026, 5, 1), False), (date(2026, 2, 28), False), (ON, True)]
)
def test_insured_on_a_day_is_yes_or_no(scene: Scene, on: date, is_insured: bool) -> None:
    assert gather(scene.person_id, ["social_insurance.insured_on_day"], on=on, known_at=AT) == {
        "social_insurance.insured_on_day": is_insured
    }


# -- from request to read ----------------------------------------------------------------------------------------


def test_the_whole_way(scene: Scene) -> None:
    request = scene.ask("basic.full_name", "social_insurance")
    assert request.state is RequestState.WAITING
    [seen] = list_requests(scene.person_id, at=AT)
    assert seen.request_id == request.request_id and "social_insurance.contribution_bases" in seen.fields
    consent = scene.grant(request.request_id, "social_insurance.insured_on_day", "social_insurance.months_total")
    assert get_request(request.request_id, at=AT, requester_id="bank-a").consent_id == consent.consent_id
    made = scene.read(consent.consent_id)
    payload = said(scene, made.sealed)
    assert payload["data"] == made.data == {"social_insurance.insured_on_day": True, "social_insurance.months_total": 4}
    assert payload["basis"] == {
        "legal_basis": "CONSENT",
        "consent_id": str(consent.consent_id),
        "receipt_sha256": sha256_hex(made.receipt),
        "purpose": "CREDIT",
    }
    assert payload["recipient"] == "bank-a" and payload["subject"] == "001*****0001" and payload["left_out"] == []
    scene.withdraw(consent.consent_id)
    assert code_of(lambda: scene.read(consent.consent_id)) == "ACC-149"
    assert [one.status(AT) for one in list_consents(scene.person_id)] == [ConsentStatus.WITHDRAWN]


def test_what_was_narrowed_away_never_leaves_not_even_inside_something_else(scene: Scene) -> None:
    request = scene.ask("basic.full_name", "social_insurance")
    consent = scene.grant(request.request_id, "social_insurance.insured_on_day", "social_insurance.periods")
    made = scene.read(consent.consent_id)
    everything = made.sealed + json.dumps(said(scene, made.sealed), ensure_ascii=False).encode()
    for kept_back in (str(WAGE), "Mẫu", PIN, "Công ty", "1999"):
        assert kept_back.encode() not in everything


def test_every_read_is_a_look_that_names_the_consent_and_the_fields(scene: Scene) -> None:
    consent = scene.consent("social_insurance.months_total", "basic.full_name")
    for _ in range(2):
        made = scene.read(consent.consent_id)
    first, second = looks(scene, "consented")
    assert first.consent_id == second.consent_id == consent.consent_id
    assert (first.account, first.legal_basis, first.groups) == (
        "machine:bank-a",
        "CONSENT",
        "basic.full_name,social_insurance.months_total",
    )
    assert first.reason == "xét cho bạn vay"
    entry = Entry.objects.filter(verb="sharing.data.disclose").latest("entry_id")
    assert (entry.person_id, entry.consent_id, entry.detail["sha256"]) == (scene.person_id, consent.consent_id, sha256_hex(made.sealed))


def test_a_refused_read_leaves_no_look_and_no_data(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    scene.withdraw(consent.consent_id)
    assert code_of(lambda: scene.read(consent.consent_id)) == "ACC-149"
    assert looks(scene, "consented") == []


# -- it fails closed ---------------------------------------------------------------------------------------------


def test_an_expired_consent_opens_nothing_from_the_first_minute_of_the_day(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    last_minute = AT.replace(month=12, day=30, hour=16, minute=59)  # 23:59 in Viet Nam
    assert scene.read(consent.consent_id, at=last_minute).data
    assert code_of(lambda: scene.read(consent.consent_id, at=last_minute + timedelta(minutes=1))) == "ACC-149"
    assert get_consent(consent.consent_id).status(last_minute + timedelta(minutes=1)) is ConsentStatus.EXPIRED


def test_an_unknown_consent_and_another_banks_are_the_same(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    other = scene.program("bank-b", "READ_WITH_CONSENT")
    assert code_of(lambda: scene.read(uuid4())) == "ACC-148"
    assert code_of(lambda: scene.read(consent.consent_id, actor=other, requester="bank-b")) == "ACC-148"


def test_a_receipt_under_a_key_that_is_not_published_opens_nothing(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    assert code_of(lambda: scene.read(consent.consent_id, keys=KeySet([]))) == "ACC-150"


def _as_owner(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL ROLE bhxh_app")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE access_consent SET fields = fields || '{basic.personal_number}' WHERE consent_id = %s",
        "UPDATE access_consent SET until_on = until_on + 365 WHERE consent_id = %s",
        "UPDATE access_consent SET requester_id = 'bank-b' WHERE consent_id = %s",
        "UPDATE access_consent SET receipt = substring(receipt from 1 for length(receipt) - 3) || 'AA\"}' WHERE consent_id = %s",
    ],
)
def test_a_row_that_says_more_than_its_receipt_opens_nothing(scene: Scene, change: str) -> None:
    consent = scene.consent("basic.full_name")
    _as_owner(change, consent.consent_id)
    requester = "bank-b" if "bank-b" in change else "bank-a"
    reader = scene.program(requester, "READ_WITH_CONSENT")
    assert code_of(lambda: scene.read(consent.consent_id, actor=reader, requester=requester)) == "ACC-150"


def test_the_application_cannot_undo_a_withdrawal(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    scene.withdraw(consent.consent_id)
    for table in ("access_consent_withdrawal", "access_consent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_a_status_that_cannot_be_read_opens_nothing(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    _as_owner("REVOKE SELECT ON access_consent_withdrawal FROM bhxh_app")
    with pytest.raises(DatabaseError):
        scene.read(consent.consent_id)
    assert looks(scene, "consented") == []


def test_a_requester_that_was_shut_out_or_narrowed_reads_no_more(scene: Scene) -> None:
    consent = scene.consent("basic.full_name", "social_insurance.months_total")
    register_requester(
        actor=OPERATOR,
        at=AT,
        requester_id="bank-a",
        name="A",
        kind=RequesterKind.BANK,
        fields=["basic.full_name"],
        purposes=[ConsentPurpose.CREDIT],
        client_id="bank-a",
    )
    made = scene.read(consent.consent_id)
    assert made.data == {"basic.full_name": "Nguyễn Thị Mẫu"}
    assert said(scene, made.sealed)["left_out"] == ["social_insurance.months_total"]
    end_requester(actor=OPERATOR, at=AT, requester_id="bank-a", on=ON)
    assert code_of(lambda: scene.read(consent.consent_id)) == "ACC-141"


def test_a_consent_ends_with_its_person(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    source = Provenance(source_kind="NATIONAL_DB", source_system="population")
    record_facts(actor=OPERATOR, at=AT, person_id=scene.person_id, facts={"vital_status": "DECEASED"}, valid_from=ON, provenance=source)
    assert code_of(lambda: scene.read(consent.consent_id)) == "ACC-149"


def test_a_person_taken_over_by_another_custodian_is_read_by_nobody_here(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    _as_owner("UPDATE registry_person SET managed_by = 'mnd' WHERE person_id = %s", scene.person_id)
    assert code_of(lambda: scene.read(consent.consent_id)) == "REG-002"


def test_a_consent_is_only_for_programs_and_organisations(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    assert code_of(lambda: scene.read(consent.consent_id, actor=scene.person())) == "AUD-010"
    assert code_of(lambda: scene.read(consent.consent_id, actor=scene.program("bank-a", "FILE_FOR_PERSONS"))) == "AUD-010"


# -- asking ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["001199999999", DEAD_PIN, SOLDIER_PIN])
def test_whether_somebody_is_insured_here_is_not_told_by_asking(scene: Scene, number: str) -> None:
    asked = scene.ask("basic.full_name", number=number)
    known = scene.ask("basic.full_name", number=OTHER_PIN)
    assert (asked.state, asked.fields, asked.lapses_at) == (known.state, known.fields, known.lapses_at)
    assert asked.person_id is None
    assert not Message.objects.filter(kind="consent_asked", dedupe_key__contains=":None:").exists()


@pytest.mark.parametrize(
    ("fields", "more", "code"),
    [
        (("basic.shoe_size",), {}, "ACC-140"),
        (("contact.email",), {}, "ACC-142"),
        (("basic.full_name",), {"purpose": ConsentPurpose.RECRUITMENT}, "ACC-142"),
        (("basic.full_name",), {"until_on": ON}, "ACC-143"),
        (("basic.full_name",), {"until_on": date(2028, 1, 1)}, "ACC-143"),
        (("social_insurance.insured_on_day",), {"on": date(2026, 11, 22)}, "ACC-153"),
    ],
)
def test_a_question_beyond_what_may_be_asked_is_refused(scene: Scene, fields: tuple[str, ...], more: dict[str, Any], code: str) -> None:
    assert code_of(lambda: scene.ask(*fields, **more)) == code


def test_a_second_question_takes_the_place_of_the_first_and_one_letter_goes_out_a_day(scene: Scene) -> None:
    first, second = scene.ask("basic.full_name"), scene.ask("basic.birth_date")
    assert get_request(first.request_id, at=AT, requester_id="bank-a").state is RequestState.CANCELLED
    assert get_request(second.request_id, at=AT, requester_id="bank-a").state is RequestState.WAITING
    assert Message.objects.filter(kind="consent_asked").count() == 1
    scene.ask("basic.sex", at=AT + timedelta(days=1))
    assert Message.objects.filter(kind="consent_asked").count() == 2


def test_a_no_is_not_worn_down(scene: Scene) -> None:
    request = scene.ask("basic.full_name")
    refuse_consent(actor=scene.person(), at=AT, person_id=scene.person_id, request_id=request.request_id)
    assert get_request(request.request_id, at=AT, requester_id="bank-a").state is RequestState.REFUSED
    assert code_of(lambda: scene.ask("basic.birth_date", at=AT + timedelta(days=29))) == "ACC-144"
    assert scene.ask("basic.birth_date", at=AT + timedelta(days=30)).state is RequestState.WAITING
    assert code_of(lambda: scene.grant(request.request_id, "basic.full_name")) == "ACC-146"


def test_silence_is_no_consent(scene: Scene) -> None:
    request = scene.ask("basic.full_name")
    later = AT + timedelta(days=30)
    assert get_request(request.request_id, at=later, requester_id="bank-a").state is RequestState.LAPSED
    assert code_of(lambda: scene.grant(request.request_id, "basic.full_name", at=later)) == "ACC-146"


def test_a_question_taken_back_cannot_be_granted(scene: Scene) -> None:
    request = scene.ask("basic.full_name")
    assert code_of(lambda: cancel_request(actor=scene.bank, at=AT, requester_id="bank-b", request_id=request.request_id)) == "ACC-145"
    cancel_request(actor=scene.bank, at=AT, requester_id="bank-a", request_id=request.request_id)
    assert code_of(lambda: scene.grant(request.request_id, "basic.full_name")) == "ACC-146"


# -- granting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "until_on"),
    [
        ((), date(2026, 12, 31)),
        (("basic.birth_date",), date(2026, 12, 31)),
        (("basic.full_name", "basic.personal_number"), date(2026, 12, 31)),
        (("basic",), date(2026, 12, 31)),
        (("basic.full_name",), date(2027, 1, 1)),
        (("basic.full_name",), ON),
    ],
    ids=["nothing", "something else", "more", "a group by name", "for longer", "for no day"],
)
def test_only_what_was_asked_can_be_granted(scene: Scene, fields: tuple[str, ...], until_on: date) -> None:
    request = scene.ask("basic.full_name", "social_insurance.months_total")
    assert code_of(lambda: scene.grant(request.request_id, *fields, until_on=until_on)) == "ACC-147"
    assert list_consents(scene.person_id) == ()


def test_a_request_is_granted_once_and_by_its_person_only(scene: Scene) -> None:
    request = scene.ask("basic.full_name")
    assert code_of(lambda: scene.grant(request.request_id, "basic.full_name", person_id=scene.other_id)) == "ACC-145"
    scene.grant(request.request_id, "basic.full_name")
    assert code_of(lambda: scene.grant(request.request_id, "basic.full_name")) == "ACC-146"


def test_granting_to_somebody_who_was_shut_out_meanwhile_is_refused(scene: Scene) -> None:
    request = scene.ask("basic.full_name")
    end_requester(actor=OPERATOR, at=AT, requester_id="bank-a", on=ON)
    assert code_of(lambda: scene.grant(request.request_id, "basic.full_name")) == "ACC-141"
    assert ConsentRequest.objects.get(request_id=request.request_id).state == "WAITING"


def test_withdrawing_twice_keeps_the_first_instant_and_another_person_cannot(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    assert (
        code_of(
            lambda: withdraw_consent(actor=scene.person(scene.other_id), at=AT, person_id=scene.other_id, consent_id=consent.consent_id)
        )
        == "ACC-148"
    )
    scene.withdraw(consent.consent_id)
    assert scene.withdraw(consent.consent_id, at=AT + timedelta(hours=1)).withdrawn_at == AT


def test_letters_say_who_what_and_until_when_and_nothing_of_the_person(scene: Scene) -> None:
    consent = scene.consent("basic.full_name", "social_insurance.contribution_bases")
    scene.withdraw(consent.consent_id)
    texts = {message.kind: message.body_text for message in Message.objects.filter(kind__startswith="consent_")}
    assert set(texts) == {"consent_asked", "consent_granted", "consent_withdrawn"}
    assert "Tổ chức bank-a" in texts["consent_asked"] and "họ và tên" in texts["consent_asked"]
    assert "số tiền" in texts["consent_asked"] and "30/12/2026" in texts["consent_asked"] and "until the end of" in texts["consent_asked"]
    assert str(consent.consent_id) in texts["consent_granted"] and "lienhe@example.vn" in texts["consent_withdrawn"]
    for text in texts.values():
        assert PIN not in text and "Nguyễn" not in text and "vay mua nhà" not in text, "a letter never repeats what somebody typed"


# -- by law ------------------------------------------------------------------------------------------------------


def test_an_agency_reads_its_agreed_scope_and_the_person_sees_why(scene: Scene) -> None:
    made = scene.read_by_duty()
    assert made.receipt is None
    assert made.data == {
        "social_insurance.insured_on_day": True,
        "employer.present": [{"name": "Công ty TNHH Mẫu", "tax_code": "0110000027"}],
    }
    assert said(scene, made.sealed)["basis"]["ground"] == "Thỏa thuận 1/2026"
    [look] = looks(scene, "agreed_scope")
    assert Entry.objects.filter(verb="sharing.data.disclose").latest("entry_id").detail["scope"] == "tax-2026"
    assert (look.legal_basis, look.account, look.reason) == ("LEGAL_DUTY", "machine:tax", "quản lý thuế (HS-9); Thỏa thuận 1/2026")
    assert scene.read_by_duty("social_insurance.insured_on_day").data == {"social_insurance.insured_on_day": True}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scope": "tax-2025"}, "ACC-151"),
        ({"reference": "  "}, "ACC-155"),
        ({"number": "001199999999"}, "ACC-154"),
        ({"number": SOLDIER_PIN}, "REG-002"),
        ({"number": "12"}, "KER-002"),
    ],
)
def test_by_law_too_everything_must_be_in_place(scene: Scene, change: dict[str, str], code: str) -> None:
    assert code_of(lambda: scene.read_by_duty(**change)) == code  # type: ignore[arg-type]


def test_beyond_the_agreed_scope_is_nothing(scene: Scene) -> None:
    assert code_of(lambda: scene.read_by_duty("social_insurance.contribution_bases")) == "ACC-142"


@pytest.mark.parametrize("basis", [LegalBasis.CONSENT, LegalBasis.OWN_DATA])
def test_a_scope_by_law_does_not_rest_on_consent(scene: Scene, basis: LegalBasis) -> None:
    with pytest.raises(Invalid) as caught:
        agree_scope(
            actor=OPERATOR,
            at=AT,
            scope_id="x",
            requester_id="tax",
            legal_basis=basis,
            purpose_vi="x",
            purpose_en="x",
            ground="x",
            fields=["basic"],
            from_on=ON,
        )
    assert caught.value.code == "ACC-152"


def test_a_scope_that_ended_opens_nothing(scene: Scene) -> None:
    agree_scope(
        actor=OPERATOR,
        at=AT,
        scope_id="tax-2026",
        requester_id="tax",
        legal_basis=LegalBasis.COURT_ORDER,
        purpose_vi="x",
        purpose_en="x",
        ground="x",
        fields=["basic.full_name"],
        from_on=date(2026, 1, 1),
        until_on=ON,
    )
    with pytest.raises(NotAllowed) as caught:
        scene.read_by_duty()
    assert caught.value.code == "ACC-151"


def test_ids_are_those_of_the_row(scene: Scene) -> None:
    consent = scene.consent("basic.full_name")
    assert isinstance(consent.consent_id, UUID) and get_consent(consent.consent_id).request_id == consent.request_id
