"""The golden cases, the form's edges, and what the months of a book do, of SI-10. How it is typed: tests/component/procedures."""

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
from bhxh.kernel.errors import CATALOGUE, Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.procedures.correct_contribution_history import PROCEDURE
from bhxh.procedures.correct_contribution_history.form import BOOK, WORDS, compose_document, describe_line, read
from bhxh.procedures.correct_contribution_history.month_plan import Doing, HeldMonth, plan_months, spans_shown
from bhxh.transcripts.rows import Row, rows_of

PIN = Pin("001199000001")
DAY, AT = date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)
CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
SAID = {"words": "Thiếu thời gian ở nhà máy dệt."}
PLAIN = {
    "from_month": "01/2006",
    "to_month": "03/2006",
    "unit_code": "TA0009Z",
    "unit_name": "Công ty Dệt Mẫu",
    "job_title": "Thợ dệt",
    "participant_type": "LABOUR_CONTRACT",
    "wage": "1200000",
    "has_unemployment": "",
    "is_hazardous": "",
}


def answer(rows: Any) -> Answer:
    is_there = isinstance(rows, list)
    content: dict[str, Any] = {
        "rows": [{**PLAIN, **row} for row in rows] if is_there else [],
        "converted_sha256": "ab" * 32,
        "conversion_code": "cd" * 32,
        "entered_by": ["officer:lan", "officer:minh"],
        "differences": 1,
        "settled_by": "officer:ba",
    }
    return Answer(
        subject=PIN,
        kind=AnswerKind.ANSWERED if is_there else AnswerKind.NOT_FOUND,
        source_kind=SourceKind.OFFICER,
        source_system="transcript",
        fetched_at=AT,
        content=content if is_there else {},
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_golden_case(case: dict[str, Any]) -> None:
    facts = {"counted": case.get("held", {}), "awarded": case.get("awarded", [])}
    subject = Subject(person_id=7, pin=PIN, full_name="Nguyễn Thị Mẫu", birth_on="1980-05-20", sex="FEMALE", managed_by="mof", facts=facts)
    subjects: dict[str, Subject] = {PIN: subject} if case.get("known", True) else {}
    [decision] = PROCEDURE.judge(
        Case(
            filing=read(compose_document(PIN, SAID, asked_on=DAY)),
            on=DAY,
            filed_at=AT,
            custodian="mof",
            subjects=subjects,
            answers={("transcript", str(PIN)): answer(case["rows"])} if "rows" in case else {},
        )
    ).values()
    assert decision.proposal.value == case["proposal"]
    assert {finding.code: finding.outcome.value for finding in decision.findings} == case["findings"]
    for finding in decision.findings:
        assert "{" not in finding.text("vi") + finding.text("en"), "every placeholder is filled"


def test_every_finding_has_a_case() -> None:
    findings = {code for code in CATALOGUE if code.startswith("CCH-1") and code not in ("CCH-121", "CCH-122")}
    assert {code for case in CASES for code in case["findings"]} == findings


def test_nothing_is_granted_without_people() -> None:
    assert all(case["proposal"] != "grant" for case in CASES)
    assert PROCEDURE.needs_second_officer and not PROCEDURE.decides_clean_lines_at_once


def test_the_pages_of_the_book_are_demanded_whatever_register_is_on() -> None:
    assert [component.code for component in list_demanded(PROCEDURE)] == [BOOK]
    assert PROCEDURE.needs(read(compose_document(PIN, SAID, asked_on=DAY)), {}) == ()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"words": ""},
        {"words": " \u200b"},
        {"words": "x" * (WORDS + 1)},
        {**SAID, "from_month": "13/2003"},
        {**SAID, "extra": 1},
        {"words": 5},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_without_quoting(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        compose_document(PIN, said, asked_on=DAY)
    assert caught.value.code == "CCH-001"
    assert "xxx" not in caught.value.text()


def test_the_request_in_words_repeats_nothing_the_person_said() -> None:
    content = read(compose_document(PIN, {**SAID, "from_month": "3/2003", "until_month": "2008-12"}, asked_on=DAY)).content
    vi, en = describe_line(content)
    assert "03/2003" in vi and "12/2008" in en and "nhà máy" not in vi + en
    forged = {**SAID, "pin": "001199000002", "asked_on": "2020-01-01"}
    assert compose_document(PIN, forged, asked_on=DAY) == compose_document(PIN, SAID, asked_on=DAY)


def test_months_that_follow_each_other_are_one_span() -> None:
    months = [Month(2005, 11), Month(2005, 12), Month(2006, 1), Month(2006, 3)]
    assert spans_shown(list(reversed(months))) == "11/2005–01/2006, 03/2006"
    assert spans_shown([]) == ""


_ROWS = st.lists(
    st.builds(
        lambda first, length, unit, wage: {
            **PLAIN,
            "from_month": Month(2006, first).shown,
            "to_month": Month(2006, first).plus(length).shown,
            "unit_code": unit,
            "wage": wage,
        },
        st.integers(1, 12),
        st.integers(0, 6),
        st.sampled_from(["", "TA0009Z", "TA0002Z"]),
        st.sampled_from(["1200000", "900000", "2.34"]),
    ),
    max_size=5,
).map(rows_of)
_HELD = st.dictionaries(
    st.integers(1, 12).map(lambda month: Month(2006, month)),
    st.builds(HeldMonth, st.sampled_from(["TA0009Z", "TA0002Z", ""]), st.sampled_from([1_200_000, 900_000])),
)


@given(rows=_ROWS, held=_HELD)
def test_no_month_is_ever_counted_twice(rows: tuple[Row, ...], held: dict[Month, HeldMonth]) -> None:
    plan = plan_months(rows, held)
    assert len(plan) == sum(len(list(row.months)) for row in rows), "each month of each line is accounted for"
    new = [planned.month for planned in plan if planned.doing is Doing.NEW]
    assert len(new) == len(set(new)) and not set(new) & held.keys()
    corrected = [planned.month for planned in plan if planned.doing is Doing.CORRECTED]
    assert set(corrected) <= held.keys() | set(new)
