"""The golden cases and the form's edges of PR-01."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bhxh.dossiers.components import list_demanded
from bhxh.dossiers.procedure import Case, EffectsRequest, Subject
from bhxh.kernel.actor import system_actor
from bhxh.kernel.data_groups import DataGroup
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.report_mistake import PROCEDURE
from bhxh.procedures.report_mistake.form import WORDS, compose_document, describe_line, read

PIN = Pin("001199000001")
DAY = date(2026, 11, 22)
CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
SUBJECT = Subject(person_id=7, pin=PIN, full_name="Nguyễn Thị Mẫu", birth_on="1999-05-20", sex="FEMALE", managed_by="mof")
SAID = {"group": "basic", "words": "Ngày sinh sai."}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden_case(case: dict[str, Any]) -> None:
    filing = read(compose_document(PIN, case["report"], asked_on=DAY))
    [decision] = PROCEDURE.judge(
        Case(
            filing=filing,
            on=DAY,
            filed_at=datetime(2026, 11, 22, tzinfo=UTC),
            custodian="mof",
            subjects={PIN: SUBJECT} if case["known"] else {},
            answers={},
        )
    ).values()
    assert decision.proposal.value == case["proposal"]
    assert {finding.code: finding.outcome.value for finding in decision.findings} == case["findings"]
    for finding in decision.findings:
        assert "{" not in finding.text("vi") + finding.text("en"), "every placeholder is filled"


def test_what_the_person_said_reaches_the_officer_word_for_word() -> None:
    said = {"group": "social_insurance", "about": "2025-03", "words": "  Thiếu  phụ cấp ", "right": "9.500.000"}
    filing = read(compose_document(PIN, said, asked_on=DAY))
    case = Case(filing=filing, on=DAY, filed_at=datetime(2026, 11, 22, tzinfo=UTC), custodian="mof", subjects={PIN: SUBJECT}, answers={})
    [decision] = PROCEDURE.judge(case).values()
    for language in ("vi", "en"):
        told = decision.findings[0].text(language)
        assert all(part in told for part in ("2025-03", "“Thiếu phụ cấp”", "“9.500.000”"))


def test_nothing_changes_by_itself() -> None:
    filing = read(compose_document(PIN, SAID, asked_on=DAY))
    request = EffectsRequest(
        actor=system_actor(name="test", request_id="r", purpose="report_mistake"),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        dossier_id=None,  # type: ignore[arg-type]
        dossier_code="G12",
        employer_id=None,
        filing=filing,
        lines=(),
    )
    assert PROCEDURE.effects(request).touched_person_ids == ()
    assert not PROCEDURE.decides_clean_lines_at_once
    assert PROCEDURE.result is None


def test_nothing_is_demanded_and_nobody_is_asked() -> None:
    filing = read(compose_document(PIN, SAID, asked_on=DAY))
    assert PROCEDURE.needs(filing, {}) == ()
    assert list_demanded(PROCEDURE) == ()
    assert list_demanded(PROCEDURE, {"population", "registry"}) == ()


def test_who_reports_and_when_is_not_the_reports_to_say() -> None:
    forged = {**SAID, "pin": "001199000002", "asked_on": "2020-01-01"}
    assert compose_document(PIN, forged, asked_on=DAY) == compose_document(PIN, SAID, asked_on=DAY)


@pytest.mark.parametrize("group", DataGroup)
def test_every_group_can_be_reported_and_is_told_in_both_languages(group: DataGroup) -> None:
    filing = read(compose_document(PIN, {"group": group.value, "words": "Sai."}, asked_on=DAY))
    vi, en = describe_line(filing.lines[0].content)
    assert vi.startswith("Báo sai sót: ") and en.startswith("Report of a mistake: ")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"group": "basic"},
        {"group": "basic", "words": ""},
        {"group": "basic", "words": " \u200b "},
        {"group": "secrets", "words": "Sai."},
        {"group": "basic", "words": "x" * (WORDS + 1)},
        {"group": "basic", "words": "Sai.", "about": "x" * 201},
        {"group": "basic", "words": "Sai.", "extra": 1},
        {"group": "basic", "words": 5},
    ],
    ids=["nothing", "no words", "empty", "unseen", "no such group", "too long", "about too long", "unknown field", "number"],
)
def test_a_report_that_says_nothing_is_refused_without_quoting(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        compose_document(PIN, said, asked_on=DAY)
    assert caught.value.code == "RPM-001"
    assert "xxx" not in caught.value.text()


@pytest.mark.parametrize("document", [b"", b"[]", b"{", b'{"group": "basic"}', b'{"pin":"' + b"0" * 20000 + b'"}'], ids=range(5))
def test_a_document_of_another_making_is_refused(document: bytes) -> None:
    with pytest.raises(Invalid):
        read(document)


def test_the_same_report_is_the_same_document_on_one_day() -> None:
    assert compose_document(PIN, SAID, asked_on=DAY) == compose_document(PIN, SAID, asked_on=DAY)
    assert compose_document(PIN, SAID, asked_on=date(2026, 11, 23)) != compose_document(PIN, SAID, asked_on=DAY)
