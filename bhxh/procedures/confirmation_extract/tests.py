"""The golden cases, the form's edges, and the reuse rule of CF-01."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bhxh.dossiers.procedure import Case, Subject
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.confirmation_extract import PROCEDURE
from bhxh.procedures.confirmation_extract.extract import compose_extract
from bhxh.procedures.confirmation_extract.form import compose_document, read

PIN = Pin("001199000001")
DAY = date(2026, 11, 21)
CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
SUBJECT = Subject(person_id=7, pin=PIN, full_name="Nguyễn Thị Mẫu", birth_on="1999-05-20", sex="FEMALE", managed_by="mof")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden_case(case: dict[str, Any]) -> None:
    filing = read(compose_document(PIN, case["request"], asked_on=case["event_on"]))
    [decision] = PROCEDURE.judge(
        Case(
            filing=filing,
            on=case["event_on"],
            filed_at=datetime(2026, 11, 21, tzinfo=UTC),
            custodian="mof",
            subjects={PIN: SUBJECT} if case["known"] else {},
            answers={},
        )
    ).values()
    assert decision.proposal.value == case["proposal"]
    assert {finding.code: finding.outcome.value for finding in decision.findings} == case["findings"]
    for finding in decision.findings:
        assert "{" not in finding.text("vi") + finding.text("en"), "every placeholder is filled"


def test_nothing_but_the_signed_in_persons_number_is_needed() -> None:
    filing = read(compose_document(PIN, asked_on=DAY))
    assert filing.filer_identifier == PIN
    assert [line.pin for line in filing.lines] == [PIN]
    assert PROCEDURE.needs(filing, {}) == (), "nobody outside is asked either"


def test_the_same_wish_is_the_same_document_on_one_day_and_another_on_the_next() -> None:
    wishes = {"from_month": "01/2025", "purpose": " Vay  mua nhà "}
    first = compose_document(PIN, wishes, asked_on=DAY)
    assert compose_document(PIN, {"from_month": "2025-01", "purpose": "Vay mua nhà"}, asked_on=DAY) == first
    assert compose_document(PIN, wishes, asked_on=date(2026, 11, 22)) != first
    assert read(first).content["asked_on"] == "2026-11-21"


def test_nobody_can_say_a_day_or_a_number_of_their_own() -> None:
    wishes = {"asked_on": "2020-01-01", "pin": "001199000002"}
    assert compose_document(PIN, wishes, asked_on=DAY) == compose_document(PIN, asked_on=DAY)


def test_the_reuse_rule_is_real() -> None:
    """A source off and on: the identity card is demanded only where neither register can be asked."""
    from bhxh.dossiers.components import list_demanded

    assert list_demanded(PROCEDURE) == ()
    assert list_demanded(PROCEDURE, {"population"}) == ()
    assert [component.code for component in list_demanded(PROCEDURE, {"population", "registry"})] == ["CCCD"]


def test_an_account_confirmation_is_enough() -> None:
    assert not PROCEDURE.signature_rule(date(2026, 11, 21)).needs_certificate
    assert PROCEDURE.signature_profile is None


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{",
        b'{"asked_on":"2026-11-21","pin": "001199000001"}',
        b'{"pin":"001199000001"}',
        b'{"asked_on":"21/11/2026","pin":"001199000001"}',
        b'{"asked_on":"20261121","pin":"001199000001"}',
        b'{"asked_on":"2026-11-21","extra":1,"pin":"001199000001"}',
        b'{"asked_on":"2026-11-21","pin":1}',
        b'{"asked_on":"2026-11-21","from_month":"13/2025","pin":"001199000001"}',
        b'{"pin":"' + b"0" * 5000 + b'"}',
    ],
    ids=[
        "empty",
        "list",
        "half",
        "spelling",
        "no day",
        "day as people write it",
        "day without dashes",
        "unknown field",
        "number",
        "month 13",
        "too large",
    ],
)
def test_a_request_that_cannot_be_read_says_so_without_quoting(document: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read(document)
    assert caught.value.code == "CFX-001"
    assert "001199000001" not in caught.value.text()


def test_a_wrong_number_is_refused() -> None:
    with pytest.raises(Invalid):
        read(canonical_bytes({"asked_on": "2026-11-21", "pin": "12"}))


def _line(number: int, month: str, **rest: Any) -> dict[str, Any]:
    return {"line": number, "from_month": month, **({} if number == 1 else {"terms_of": 1}), **rest}


_TERMS = {"unit_code": "TA1", "unit_name": "Cty", "participant_type": "LABOUR_CONTRACT", "salary_base_vnd": 5, "worker_vnd": 1}


def test_an_extract_counts_only_standing_months_of_the_period() -> None:
    lines = [
        _line(1, "2025-01", terms=_TERMS),
        *(_line(number, f"2025-{number:02d}") for number in range(2, 7)),
        _line(7, "2025-03", reverses=3, line_kind="ADJUST"),
    ]
    header = {
        "book_id": "SBH-A",
        "state": "ACTIVE",
        "version": 2,
        "custodian": "mof",
        "issuer": "MOF",
        "issuing_office": {"code": "1", "name": "BHXH"},
    }
    book = {"header": header, "contributions": lines, "person": {"full_name": "A"}, "totals": {"si_months": 5}}
    extract: dict[str, Any] = compose_extract(
        book,
        book_sha256="0" * 64,
        is_sealed=True,
        dossier_code="G12",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        wishes={"from_month": "2025-02", "until_month": "2025-05"},
    )
    assert extract["months_in_period"] == 3
    assert [(row["from_month"], row["to_month"], row["months"]) for row in extract["periods"]] == [
        ("2025-04", "2025-05", 2),
        ("2025-02", "2025-02", 1),
    ]
    assert canonical_bytes(extract)
