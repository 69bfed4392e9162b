"""The golden cases, the form's edges, and what may be taken over without anybody looking, of SI-06."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bhxh.dossiers.components import list_demanded
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.procedure import Case, Subject
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.change_personal_data import PROCEDURE
from bhxh.procedures.change_personal_data.form import WISHES, compose_document, describe_line, read
from bhxh.procedures.change_personal_data.identity import Held, facts_of, is_clean, list_differing

PIN = Pin("001199000001")
DAY, AT = date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)
CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
PLAIN = {"full_name": "Nguyễn Thị Mẫu", "birth_on": "1999-05-20", "birth_precision": "DAY", "sex": "FEMALE"}
SILENT = {"silent": AnswerKind.UNAVAILABLE, "unknown": AnswerKind.NOT_FOUND}


def subject(held: dict[str, Any]) -> Subject:
    has = {"birth_precision": "DAY", "has_card": True, "is_being_paid": False, **PLAIN, **held}
    facts = {name: has[name] for name in ("birth_precision", "has_card", "is_being_paid")}
    return Subject(
        person_id=7,
        pin=PIN,
        full_name=has["full_name"],
        birth_on=str(has["birth_on"]),
        sex=has["sex"],
        managed_by="mof",
        facts=facts,
    )


def answer(said: Any) -> Answer:
    kind = SILENT.get(said, AnswerKind.ANSWERED) if isinstance(said, str) else AnswerKind.ANSWERED
    content: dict[str, Any] = {name: PLAIN[name] for name in ("full_name", "birth_on", "sex")} | (said if isinstance(said, dict) else {})
    return Answer(
        subject=PIN,
        kind=kind,
        source_kind=SourceKind.NATIONAL_DB,
        source_system="population",
        fetched_at=AT,
        content=content if kind is AnswerKind.ANSWERED else {},
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden_case(case: dict[str, Any]) -> None:
    held = case.get("held", {})
    filing = read(compose_document(PIN, case["wishes"], asked_on=DAY))
    subjects: dict[str, Subject] = {} if held == "nobody" else {PIN: subject(held)}
    needed = {(need.register, need.subject) for need in PROCEDURE.needs(filing, subjects)}
    [decision] = PROCEDURE.judge(
        Case(
            filing=filing,
            on=DAY,
            filed_at=AT,
            custodian="mof",
            subjects=subjects,
            answers={key: answer(case.get("register", {})) for key in needed},
            reference=case.get("reference", {}),
        )
    ).values()
    assert decision.proposal.value == case["proposal"]
    assert {finding.code: finding.outcome.value for finding in decision.findings} == case["findings"]
    for finding in decision.findings:
        assert "{" not in finding.text("vi") + finding.text("en"), "every placeholder is filled"


def test_every_finding_has_a_case() -> None:
    from bhxh.kernel.errors import CATALOGUE

    findings = {code for code in CATALOGUE if code.startswith("CPD-1") and code != "CPD-121"}
    assert {code for case in CASES for code in case["findings"]} == findings


def test_who_somebody_is_cannot_be_typed() -> None:
    for name in ("full_name", "birth_on", "sex"):
        with pytest.raises(Invalid) as caught:
            compose_document(PIN, {name: "x"}, asked_on=DAY)
        assert caught.value.code == "CPD-001"


def test_the_register_is_asked_only_where_its_values_are_wanted() -> None:
    asked = PROCEDURE.needs(read(compose_document(PIN, {"changes": ["identity"]}, asked_on=DAY)), {})
    assert [(need.register, need.subject) for need in asked] == [("population", PIN)]
    assert PROCEDURE.needs(read(compose_document(PIN, {"changes": ["email"], "email": "a@b.vn"}, asked_on=DAY)), {}) == ()


def test_a_paper_is_demanded_only_while_the_register_is_off() -> None:
    assert list_demanded(PROCEDURE) == ()
    assert [component.code for component in list_demanded(PROCEDURE, {"population"})] == ["CCCD"]


@pytest.mark.parametrize(
    "wishes",
    [
        {"changes": ["email"], "email": "mau"},
        {"changes": ["email"], "email": "mau@example"},
        {"changes": ["email"], "email": "mau@example.vn, hai@example.vn"},
        {"changes": ["email"]},
        {"email": "mau@example.vn"},
        {"changes": ["mobile_phone"], "mobile_phone": "12345"},
        {"changes": ["mobile_phone"], "mobile_phone": "0123456789"},
        {"changes": ["address"], "ward": "00004"},
        {"changes": ["email"], "email": "mau@example.vn", "ward": "00004"},
        {"changes": ["address"], "ward": "4", "address": "Số 1"},
        {"changes": ["account"], "bank": "Ngân hàng Mẫu"},
        {"changes": ["account"], "bank_account": "0123456789"},
        {"changes": ["account"], "bank": "Ngân hàng Mẫu", "bank_account": "12a"},
        {"changes": ["preferred_channel"], "preferred_channel": "FAX"},
        {"changes": ["facility"], "facility": "1"},
        {"changes": ["full_name"]},
        {"changes": "identity"},
        {"extra": 1},
    ],
    ids=str,
)
def test_what_is_not_in_its_form_is_refused_without_quoting(wishes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        compose_document(PIN, wishes, asked_on=DAY)
    assert caught.value.code == "CPD-001"
    assert "0123456789" not in caught.value.text()


@pytest.mark.parametrize("wishes", [{}, {"changes": []}, {"email": " \u200b "}], ids=["nothing", "none", "unseen"])
def test_nothing_wished_for_is_no_dossier(wishes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        compose_document(PIN, wishes, asked_on=DAY)
    assert caught.value.code == "CPD-002"


def test_the_same_wish_however_it_was_typed_is_one_document() -> None:
    chosen = {"changes": ["account", "mobile_phone", "account"]}
    wishes = {**chosen, "mobile_phone": " 0901 234 567", "bank": "Ngân  hàng Mẫu ", "bank_account": "0123 456 789"}
    tidied = {"changes": ["mobile_phone", "account"], "mobile_phone": "0901234567", "bank": "Ngân hàng Mẫu", "bank_account": "0123456789"}
    assert compose_document(PIN, wishes, asked_on=DAY) == compose_document(PIN, tidied, asked_on=DAY)
    forged = {**tidied, "pin": "001199000002", "asked_on": "2020-01-01"}
    assert compose_document(PIN, forged, asked_on=DAY) == compose_document(PIN, tidied, asked_on=DAY)


def test_the_wish_in_words_repeats_no_value() -> None:
    wishes = {"changes": ["identity", "email", "account"], "email": "mau@example.vn", "bank": "Ngân hàng Mẫu", "bank_account": "0123456789"}
    vi, en = describe_line(read(compose_document(PIN, wishes, asked_on=DAY)).content)
    assert all(WISHES[name][0] in vi and WISHES[name][1] in en for name in ("identity", "email", "account"))
    assert "0123456789" not in vi + en and "mau@" not in vi + en


_NAMES = st.sampled_from(["Nguyễn Thị Mẫu", "Nguyễn Văn Mẫu", "Trần Văn Ất", "Mẫu", "NGUYỄN THỊ MẪU"])
_BIRTHS = st.sampled_from(["1999", "1999-05", "1999-05-20", "1998", "1999-06-20"])
_PERSONS = st.builds(Held, _NAMES, _BIRTHS, st.sampled_from(["MALE", "FEMALE"]))


@given(held=_PERSONS, said=_PERSONS)
def test_what_is_taken_over_agrees_with_the_register_afterwards(held: Held, said: Held) -> None:
    facts = facts_of(held, said)
    digits = {"YEAR": 4, "MONTH": 7, "DAY": 10}[str(facts.get("birth_precision", "DAY"))]
    after = Held(
        str(facts.get("full_name", held.full_name)),
        str(facts["birth_on"])[:digits] if "birth_on" in facts else held.birth_on,
        str(facts.get("sex", held.sex)),
    )
    assert list_differing(after, said) == ()
    assert bool(facts) is bool(list_differing(held, said))


@given(held=_PERSONS, said=_PERSONS)
def test_no_birth_date_or_sex_changes_without_anybody_looking(held: Held, said: Held) -> None:
    if is_clean(held, said):
        assert held.sex == said.sex
        assert held.birth_on.startswith(said.birth_on) or said.birth_on.startswith(held.birth_on)
