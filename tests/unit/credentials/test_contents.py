"""What cards and summaries say, and that they stay small."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bhxh.credentials.contents import CONTENT, Kind, card_of, claims_of, expiry_of, month_number, month_of, subject_of, summary_of
from bhxh.credentials.verification import verify
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.months import Month
from bhxh.signing.cose_seals import seal_claims
from bhxh.signing.key_files import FileKeys
from tests.unit.book.books import composed, months

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
CARD = {
    "card_code": "DN4790791880001",
    "participant_type": "DN",
    "benefit_level": 4,
    "facility_code": "79013",
    "valid_from": "2024-01-01",
    "valid_until": "2026-12-31",
    "five_year_on": "2028-01-01",
    "area_code": "",
    "state": "VALID",
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    made = FileKeys(Path(tmp_path_factory.mktemp("credential-keys")), "mof")
    made.seal_key("credential")
    return made


def book(**blocks: Any) -> Any:
    lines = months("2020-01", 24) + months("2022-03", 30, start=25, unit_name="Công ty Cổ phần May xuất khẩu Đồng bằng sông Cửu Long")
    return json.loads(composed(lines, health_cover=[CARD], **blocks).payload)


def sealed(content: Any, keys: FileKeys, *, at: datetime = AT) -> str:
    claims = claims_of(
        content,
        issued_at=at,
        expires_at=expiry_of(content, at),
        status_address="https://bhxh.example/tt/0",
        status_index=4711,
    )
    return seal_claims(claims, key=keys.seal_key("credential"))


def test_a_card_says_what_the_plastic_one_said() -> None:
    assert card_of(book(), ON) == {
        "k": "HI",
        "card": "DN4790791880001",
        "name": "Nguyễn Thị Minh Hạnh",
        "born": "1988-03-12",
        "sex": "F",
        "from": "2024-01-01",
        "until": "2026-12-31",
        "level": 4,
        "clinic": "79013",
        "five": "2028-01-01",
    }


@pytest.mark.parametrize(
    "change", [{"state": "TEMP_LOCKED"}, {"state": "WITHDRAWN"}, {"valid_from": "2026-11-23"}, {"valid_until": "2026-11-21"}]
)
def test_a_card_that_is_not_valid_is_not_shown(change: dict[str, str]) -> None:
    said = book()
    said["health_cover"] = [{**CARD, **change}]
    with pytest.raises(Conflict) as caught:
        card_of(said, ON)
    assert caught.value.code == "CRD-001"


def test_of_two_valid_cards_the_later_one() -> None:
    said = book()
    said["health_cover"] = [CARD, {**CARD, "card_code": "DN4790791880002", "valid_from": "2026-01-01", "valid_until": None}]
    content = card_of(said, ON)
    assert content["card"] == "DN4790791880002" and "until" not in content


def test_a_summary_says_totals_workplaces_and_the_digest() -> None:
    content = summary_of(book(), sha256=b"\x01" * 32)
    assert (content["si"], content["version"], content["sha256"]) == (54, 1, b"\x01" * 32)
    assert [row[1:] for row in content["work"]] == [[626, 655], [600, 623]]
    assert all(len(row[0]) <= 48 for row in content["work"])
    assert (subject_of(content), subject_of(card_of(book(), ON))) == ("1", "DN4790791880001")


@pytest.mark.parametrize(("code", "said"), [("079188000123", None), ("7910001234", "7910001234")])
def test_a_code_that_is_the_personal_number_is_not_said(code: str, said: str | None) -> None:
    made = book()
    made["header"]["si_code"] = code
    assert summary_of(made, sha256=bytes(32)).get("code") == said


def test_a_birth_known_by_year_only_says_the_year() -> None:
    said = book()
    said["person"] = {**said["person"], "birth_precision": "YEAR"}
    assert card_of(said, ON)["born"] == "1988"


def test_months_go_there_and_back() -> None:
    for text in ("1970-01", "1995-12", "2026-11"):
        assert str(month_of(month_number(Month.parse(text)))) == text


def test_both_fit_on_a_photocopy(keys: FileKeys) -> None:
    """Beyond 600 characters a photocopy is no longer read; `commands.issue` then leaves the oldest workplace out."""
    card, summary = sealed(card_of(book(), ON), keys), sealed(summary_of(book(), sha256=bytes(range(32))), keys)
    assert len(card) <= 440 and len(summary) <= 680, (len(card), len(summary))


def test_a_credential_ends_after_ninety_days_or_with_the_card() -> None:
    assert expiry_of(summary_of(book(), sha256=b""), AT) == AT + timedelta(days=90)
    assert expiry_of(card_of(book(), ON), AT) == datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "its last day counts, in Viet Nam"


def test_what_was_sealed_is_read_back(keys: FileKeys) -> None:
    content = card_of(book(), ON)
    read = verify(sealed(content, keys), keys.key_set(), at=AT)
    assert read.kind is Kind.HEALTH_CARD
    assert {"k": "HI", **read.content} == content
    assert (read.status_address, read.status_index) == ("https://bhxh.example/tt/0", 4711)


@pytest.mark.parametrize(
    ("at", "code"), [(AT + timedelta(days=90), "CRD-004"), (AT - timedelta(minutes=6), "CRD-005"), (AT - timedelta(minutes=4), "")]
)
def test_an_instant_outside_its_life_is_refused(keys: FileKeys, at: datetime, code: str) -> None:
    text = sealed(summary_of(book(), sha256=b"1"), keys)
    if not code:
        assert verify(text, keys.key_set(), at=at)
        return
    with pytest.raises(Invalid) as caught:
        verify(text, keys.key_set(), at=at)
    assert caught.value.code == code


def test_a_key_past_its_end_issues_nothing(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path, "mof")
    keys.seal_key("credential")
    text = sealed(card_of(book(), ON), keys)
    keys.rotate("credential", at=AT - timedelta(days=1))
    with pytest.raises(Invalid) as caught:
        verify(text, keys.key_set(), at=AT)
    assert caught.value.code == "CRD-006"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {4: 2, 6: 1, 65535: {"status_list": {"idx": 0, "uri": "u"}}, CONTENT: {0: "OTHER"}},
        {4: 2, 6: 1, 65535: {"status_list": {"idx": 0, "uri": "u"}}, CONTENT: {0: "HI", 99: "x"}},
        {4: 2, 6: 1, 65535: {"status_list": {"idx": 0, "uri": "u"}}, CONTENT: {0: "HI", "name": "x"}},
        {4: 2, 6: 1, 65535: {"status_list": {"idx": -1, "uri": "u"}}, CONTENT: {0: "HI"}},
        {4: 1, 6: 2, 65535: {"status_list": {"idx": 0, "uri": "u"}}, CONTENT: {0: "HI"}},
        {4: 2**60, 6: 1, 65535: {"status_list": {"idx": 0, "uri": "u"}}, CONTENT: {0: "HI"}},
        {4: 2, 6: 1, CONTENT: {0: "HI"}},
        {1: "x", 4: 2, 6: 1, 65535: {"status_list": {"idx": 0, "uri": "u"}}, CONTENT: {0: "HI"}},
    ],
)
def test_other_claims_under_our_key_are_no_credential(keys: FileKeys, claims: Any) -> None:
    with pytest.raises(Invalid) as caught:
        verify(seal_claims(claims, key=keys.seal_key("credential")), keys.key_set(), at=AT)
    assert caught.value.code == "CRD-003"
