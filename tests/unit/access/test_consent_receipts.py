"""The receipt and what reads it: the standard's fields, one spelling, refused when anything about it is off."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bhxh.access.consent_receipts import RECEIPT_TYPE, STATUS_TYPE, ReceiptIssuer, compose_receipt, compose_status, read_receipt, sealed
from bhxh.access.consents import (
    PURPOSE_WORDS,
    ConsentPurpose,
    ConsentRequestView,
    ConsentStatus,
    ConsentView,
    GrantProof,
    RequesterFacts,
    RequesterKind,
    RequestState,
)
from bhxh.access.data_catalogue import FIELDS, HEADINGS, fields_of, in_words
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import Invalid
from bhxh.signing.key_files import FileKeys

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CONSENT = UUID("01930000-0000-7000-8000-000000000001")
GRANTED = ("basic.full_name", "social_insurance.insured_on_day")
BANK = RequesterFacts(
    requester_id="bank-a",
    name="Ngân hàng Mẫu",
    kind=RequesterKind.BANK,
    client_id="bank-a",
    employer_id=None,
    fields=tuple(FIELDS),
    purposes=tuple(ConsentPurpose),
    contact="lienhe@example.vn",
    notice_url="https://bank.example/privacy",
)
REQUEST = ConsentRequestView(
    request_id=UUID("01930000-0000-7000-8000-000000000002"),
    requester=BANK,
    person_id=7,
    fields=(*GRANTED, "social_insurance.contribution_bases"),
    purpose=ConsentPurpose.CREDIT,
    reason="Xét khoản vay",
    reference="V-17",
    on=date(2026, 10, 1),
    until_on=date(2026, 12, 31),
    asked_at=AT - timedelta(days=1),
    lapses_at=AT + timedelta(days=29),
    state=RequestState.WAITING,
    consent_id=None,
)


def content() -> bytes:
    return compose_receipt(
        consent_id=CONSENT,
        request=REQUEST,
        fields=GRANTED,
        until_on=date(2026, 12, 1),
        granted_at=AT,
        subject_masked="001*****0001",
        proof=GrantProof(authenticated_at=AT - timedelta(minutes=2), assurance_level=2, session_sha256="cd" * 32),
        issuer=ReceiptIssuer(custodian="mof", name="Bảo hiểm xã hội Việt Nam", public_url="https://bhxh.example"),
    )


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    return FileKeys(Path(tmp_path_factory.mktemp("keys")), "mof")


def made(
    keys: FileKeys, change: Callable[[Any], object] = lambda said: None, *, purpose: Any = "consent", type_name: str = RECEIPT_TYPE
) -> bytes:
    said = json.loads(content())
    change(said)
    return sealed(canonical_bytes(said), key=keys.seal_key(purpose), type_name=type_name)


def test_the_receipt_has_the_fields_of_the_standard() -> None:
    said = json.loads(content())
    assert {"schema_version", "record_id", "pii_principal_id", "receipt_id", "pii_processing", "party_identification", "events"} < set(said)
    [purpose] = said["pii_processing"]["purposes"]
    for name in ("purpose", "purpose_type", "lawful_basis", "pii_information", "pii_controllers", "collection_method", "retention_period"):
        assert purpose[name]
    for name in ("withdrawal_method", "privacy_rights", "jurisdiction", "recipient_third_parties"):
        assert purpose[name]
    assert [item["pii_attribute_id"] for item in purpose["pii_information"]] == list(GRANTED)
    assert [party["party_role"] for party in said["party_identification"]] == ["pii_controller", "recipient_third_party"]
    [event] = said["events"]
    assert (event["event_state"], event["event_type"], event["event_time"]) == ("given", "explicit", AT.isoformat())
    assert said["bhxh"]["status_address"] == f"https://bhxh.example/api/v1/open/consents/{CONSENT}"


def test_the_receipt_reads_back_as_it_was_made(keys: FileKeys) -> None:
    said = read_receipt(made(keys), keys=keys.key_set())
    assert (said.consent_id, said.requester_id, said.fields) == (CONSENT, "bank-a", GRANTED)
    assert (said.on, said.until_on) == (date(2026, 10, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda keys: made(keys)[:-4] + b'AA"}',
        lambda keys: made(keys, purpose="book"),
        lambda keys: made(keys, type_name=STATUS_TYPE),
        lambda keys: made(keys, lambda said: said.pop("bhxh")),
        lambda keys: made(keys, lambda said: said.update(events=[])),
        lambda keys: made(keys, lambda said: said["pii_processing"]["purposes"].append({})),
        lambda keys: made(keys, lambda said: said["bhxh"].update(until_on="never")),
        lambda keys: b"",
        lambda keys: b"[]",
    ],
    ids=["a byte", "a key of another purpose", "another type", "without a part", "no event", "two purposes", "no day", "empty", "a list"],
)
def test_a_receipt_that_is_off_is_no_receipt(keys: FileKeys, spoil: Callable[[FileKeys], bytes]) -> None:
    with pytest.raises(Invalid) as caught:
        read_receipt(spoil(keys), keys=keys.key_set())
    assert caught.value.code == "ACC-150"


def test_a_receipt_dated_outside_its_keys_window_is_no_receipt(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path, "mof")
    old = made(keys)
    keys.rotate("consent", at=AT - timedelta(days=1))
    with pytest.raises(Invalid) as caught:
        read_receipt(old, keys=keys.key_set())
    assert caught.value.code == "ACC-150"
    assert read_receipt(made(keys), keys=keys.key_set()).consent_id == CONSENT


def test_the_status_says_how_it_stands_and_names_nobody() -> None:
    consent = ConsentView(
        consent_id=CONSENT,
        request_id=REQUEST.request_id,
        person_id=7,
        requester=BANK,
        fields=GRANTED,
        purpose=ConsentPurpose.CREDIT,
        on=None,
        until_on=date(2026, 12, 1),
        granted_at=AT,
        withdrawn_at=None,
        receipt=b"{}",
    )
    assert consent.status(AT) is ConsentStatus.GIVEN
    assert consent.status(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) is ConsentStatus.EXPIRED  # midnight in Viet Nam
    assert replace(consent, withdrawn_at=AT).status(AT) is ConsentStatus.WITHDRAWN
    said = compose_status(consent, at=AT)
    assert json.loads(said)["status"] == "given"
    assert b"bank" not in said and b"person" not in said


def test_the_catalogue_is_in_plain_words_and_every_group_of_the_database_is_in_it() -> None:
    assert {field.group for field in FIELDS.values()} == set(DataGroup) == set(HEADINGS)
    assert set(PURPOSE_WORDS) == set(ConsentPurpose)
    for name, field in FIELDS.items():
        assert name == field.name and name.startswith(f"{field.group.value}.")
        assert field.vi and field.en and field.vi != field.en
    assert in_words(["social_insurance.months_total", "basic.sex"], "en") == (
        "Who you are: your sex",
        "Social insurance: how many months you have contributed",
    )


def test_a_group_stands_for_its_fields_and_the_unknown_is_named() -> None:
    assert fields_of(["health_insurance", "basic.sex"]) == ("basic.sex", "health_insurance.covered_on_day", "health_insurance.card")
    for unknown in ([], ["basic.shoe_size"], ["everything"]):
        with pytest.raises(Invalid) as caught:
            fields_of(unknown)
        assert caught.value.code == "ACC-140"


def test_insured_on_a_day_is_asked_for_without_any_field_that_tells_money() -> None:
    assert not FIELDS["social_insurance.insured_on_day"].tells_money
    assert {name for name, field in FIELDS.items() if field.tells_money} == {
        "social_insurance.contribution_bases",
        "social_insurance.benefits",
    }
