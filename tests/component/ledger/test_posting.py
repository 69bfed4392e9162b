"""Posting and taking back: every month once, every line for ever."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from bhxh.audit.models import Entry
from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import ContributionsDue
from bhxh.ledger.commands import LineDraft, LineKind, post_lines, reverse_months
from bhxh.ledger.fragments import written_out
from bhxh.ledger.lines import MONEY_COLUMNS, PLACE_COLUMNS
from bhxh.ledger.models import ContributionLine
from bhxh.ledger.queries import Totals, list_employer_months, list_fragments, list_open_months, list_uncounted_months, totals

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_IN_THE_BOOK = {
    **{name: name for name in (*PLACE_COLUMNS, *MONEY_COLUMNS, "sign", "note")},
    "n": "line",
    "reverses_n": "reverses",
    "kind": "line_kind",
    "si_base_vnd": "salary_base_vnd",
    "is_hazardous": "hazard_flag",
}
"""A column of the table, and its name in the book."""
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
BASIS = Citation("Law 41/2024/QH15, Art. 33")
DOSSIER = UUID("01938e5c-0000-7000-8000-000000000001")
OCTOBER = Month(2026, 10)

Register = Callable[[int], list[int]]
Draft = Callable[..., LineDraft]


def post(*drafts: LineDraft, at: datetime = AT) -> int:
    return post_lines(actor=ACTOR, at=at, drafts=drafts, basis=BASIS, dossier_id=DOSSIER)


def reverse(*months: tuple[int, Month, int], at: datetime = AT, reason: str = "Đơn vị kê khai nhầm") -> int:
    return reverse_months(actor=ACTOR, at=at, months=months, reason=reason, dossier_id=None)


def test_a_posted_month_is_open_and_summed(db: None, register: Register, draft: Draft) -> None:
    one, two = register(2)
    assert post(draft(one), draft(two), draft(one, "2026-11", is_hazardous=True)) == 3
    found = list_open_months([one, two, 999], Month(2026, 1))
    assert [(open_month.month, open_month.base_vnd, open_month.line) for open_month in found[one]] == [
        (Month(2026, 10), 10_000_000, 1),
        (Month(2026, 11), 10_000_000, 2),
    ]
    assert (len(found[two]), found[999]) == (1, ())
    assert totals(one, AT) == Totals(
        si_months=2, ui_months=2, hi_months=2, hazardous_months=1, worker_vnd=2_100_000, employer_vnd=4_300_000
    )
    assert totals(999, AT) == Totals()
    line = ContributionLine.objects.get(person_id=two)
    assert (line.n, line.turn, line.sign, line.dossier_id, line.basis) == (1, 1, 1, DOSSIER, str(BASIS))
    assert Entry.objects.filter(verb="ledger.line.post", dossier_id=DOSSIER).count() == 2


def test_open_months_can_be_asked_for_one_employer_and_from_a_month(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person, "2026-08", employer_id=7), draft(person, "2026-09", employer_id=8), draft(person, "2026-10", employer_id=8))
    assert [o.month for o in list_open_months([person], Month(2026, 1), 8)[person]] == [Month(2026, 9), Month(2026, 10)]
    assert [o.month for o in list_open_months([person], Month(2026, 10))[person]] == [Month(2026, 10)]


def test_no_month_is_counted_twice(db: None, register: Register, draft: Draft) -> None:
    one, two = register(2)
    post(draft(one))
    with pytest.raises(Conflict) as caught:
        post(draft(two), draft(one, employer_id=8))
    assert (caught.value.code, caught.value.parameters) == ("LED-001", {"position": 2, "month": "10/2026"})
    with pytest.raises(Conflict):
        post(draft(two, "2026-09"), draft(two, "2026-09"))
    assert ContributionLine.objects.filter(person_id=two).count() == 0, "all or nothing"


def test_a_month_taken_back_can_be_posted_again(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    for round_number in range(3):
        post(draft(person, wage=10_000_000 + round_number))
        assert len(list_open_months([person], OCTOBER)[person]) == 1
        reverse((person, OCTOBER, 7))
        assert list_open_months([person], OCTOBER)[person] == ()
        assert totals(person, AT) == Totals()
    post(draft(person, kind=LineKind.BACK_PAY))
    lines = list(ContributionLine.objects.filter(person_id=person).order_by("n").values_list("n", "turn", "sign", "reverses_n", "kind"))
    assert lines[:3] == [(1, 1, 1, None, "NORMAL"), (2, 1, -1, 1, "ADJUST"), (3, 2, 1, None, "NORMAL")]
    assert lines[-1] == (7, 4, 1, None, "BACK_PAY")


def test_only_a_line_in_effect_can_be_taken_back(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person), draft(person, "2026-09"))
    for wrong in [(person, OCTOBER, 8), (person, Month(2026, 8), 7)]:
        with pytest.raises(Conflict) as caught:
            reverse((person, Month(2026, 9), 7), wrong)
        assert (caught.value.code, caught.value.parameters["position"]) == ("LED-002", 2)
    with pytest.raises(Conflict):
        reverse((person, OCTOBER, 7), (person, OCTOBER, 7))
    reverse((person, OCTOBER, 7))
    with pytest.raises(Conflict):
        reverse((person, OCTOBER, 7))
    with pytest.raises(Invalid) as invalid:
        reverse((person, Month(2026, 9), 7), reason="  ")
    assert invalid.value.code == "LED-005"


def test_a_second_employer_posts_without_counting(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person), draft(person, employer_id=8, kind=LineKind.NOT_COUNTED))
    assert totals(person, AT) == Totals(si_months=1, ui_months=1, hi_months=1, worker_vnd=2_100_000, employer_vnd=4_300_000)
    with pytest.raises(Conflict) as caught:
        post(draft(person, employer_id=8, kind=LineKind.NOT_COUNTED))
    assert caught.value.code == "LED-003"
    assert [(o.month, o.employer_id, o.line) for o in list_uncounted_months([person], OCTOBER)[person]] == [(OCTOBER, 8, 2)]
    reverse((person, OCTOBER, 8))
    assert list_uncounted_months([person], OCTOBER)[person] == ()
    assert totals(person, AT).worker_vnd == 1_050_000
    post(draft(person, employer_id=8, kind=LineKind.NOT_COUNTED))
    reverse((person, OCTOBER, 7))
    assert totals(person, AT) == Totals(worker_vnd=1_050_000, employer_vnd=2_150_000)
    assert [o.employer_id for o in list_open_months([person], OCTOBER)[person]] == []


def test_a_preserving_mark_carries_no_money(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person, kind=LineKind.PRESERVED))
    assert totals(person, AT) == Totals()
    paid = draft(person, "2026-09")
    with pytest.raises(Invalid) as caught:
        post(LineDraft(**{**vars(paid), "kind": LineKind.PRESERVED}))
    assert caught.value.code == "LED-004"


def test_an_unknown_person_is_refused(db: None, draft: Draft) -> None:
    with pytest.raises(NotFound):
        post(draft(424_242))


def test_nothing_to_post_is_on_record(db: None) -> None:
    assert post() == 0
    assert Entry.objects.get(verb="ledger.line.post").detail == {"lines": 0}


def test_the_fragment_is_the_line_as_the_book_shows_it(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person, note="Truy thu", is_hazardous=True))
    reverse((person, OCTOBER, 7))
    first, second = list_fragments([person], AT)[person]
    for fragment in (first, second):
        assert canonical_bytes(json.loads(fragment)) == fragment
    assert json.loads(second) == {
        "from_month": "2026-10",
        "line": 2,
        "line_kind": "ADJUST",
        "note": "Đơn vị kê khai nhầm",
        "reverses": 1,
        "terms_of": 1,
    }
    shown, back = written_out(map(json.loads, (first, second)))
    expected = {
        "line": 1,
        "sign": 1,
        "from_month": "2026-10",
        "to_month": "2026-10",
        "unit_code": "TA0007A",
        "unit_name": "Công ty TNHH Mẫu",
        "workplace": "Hà Nội",
        "job_title": "Công nhân may",
        "salary_base_vnd": 10_000_000,
        "retirement_worker_bp": 800,
        "retirement_worker_vnd": 800_000,
        "sickness_worker_bp": 0,
        "participant_type": "LABOUR_CONTRACT",
        "line_kind": "NORMAL",
        "hazard_flag": True,
        "note": "Truy thu",
        "worker_vnd": 1_050_000,
        "employer_vnd": 2_150_000,
    }
    assert {name: shown[name] for name in expected} == expected
    assert not {"person_id", "employer_id", "dossier_id", "reverses"} & set(shown)
    assert (back["line"], back["reverses"], back["sign"], back["line_kind"], back["note"]) == (2, 1, -1, "ADJUST", "Đơn vị kê khai nhầm")
    assert back["worker_vnd"] == shown["worker_vnd"], "a line taken back is shown with its amounts"


def test_a_month_that_equals_the_one_before_says_only_so(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person, "2026-10"), draft(person, "2026-11"))
    post(draft(person, "2026-12"), replace(draft(person, "2027-01"), job_title="Tổ trưởng"))
    reverse((person, OCTOBER.plus(2), 7))
    post(draft(person, "2026-12"))
    fragments = list_fragments([person], AT)[person]
    assert [json.loads(fragment).get("terms_of") for fragment in fragments] == [None, 1, 1, 1, 1, 1]
    assert fragments[1] == b'{"from_month":"2026-11","line":2,"terms_of":1}'
    assert fragments[3] == '{"from_month":"2027-01","line":4,"terms":{"job_title":"Tổ trưởng"},"terms_of":1}'.encode()
    assert [line["job_title"] for line in written_out(map(json.loads, fragments))] == [
        *["Công nhân may"] * 3,
        "Tổ trưởng",
        *["Công nhân may"] * 2,
    ]


def test_the_book_says_every_field_of_the_line(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(
        replace(draft(person, "2026-09"), due=replace(draft(person, wage=9_000_001).due, hi_worker_vnd=Vnd(7))),
        draft(person, "2026-10"),
        draft(person, "2026-11", note="Truy thu", kind=LineKind.BACK_PAY),
        draft(person, "2026-12", is_hazardous=True),
    )
    post(draft(person, "2026-10", employer_id=8, kind=LineKind.NOT_COUNTED), draft(person, "2027-01", kind=LineKind.PRESERVED))
    reverse((person, Month(2026, 11), 7), (person, Month(2026, 10), 8))
    fragments = list_fragments([person], AT)[person]
    assert b'"hi_worker_vnd":7' in fragments[0], "an amount that is not base times rate is spelled out"
    lines = written_out(map(json.loads, fragments))
    rows = ContributionLine.objects.filter(person_id=person).order_by("n").values(*_IN_THE_BOOK)
    assert [{name: line.get(shown) for name, shown in _IN_THE_BOOK.items()} for line in lines] == list(rows)
    assert [line["from_month"].replace("-", "") for line in lines] == [
        *("202609", "202610", "202611", "202612", "202610", "202701", "202611", "202610"),
    ]


def test_the_past_is_as_it_was_known(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person))
    reverse((person, OCTOBER, 7), at=AT + timedelta(hours=1))
    assert totals(person, AT - timedelta(seconds=1)) == Totals()
    assert totals(person, AT).si_months == 1
    assert len(list_fragments([person], AT)[person]) == 1
    assert totals(person, AT + timedelta(hours=1)).si_months == 0
    post(draft(person), at=AT - timedelta(days=1))
    assert totals(person, AT).si_months == 1, "a late clock never changes what was known before"
    assert ContributionLine.objects.get(person_id=person, n=3).recorded_at == AT + timedelta(hours=1)


def test_what_an_employer_owes_by_month(db: None, register: Register, draft: Draft) -> None:
    one, two = register(2)
    post(draft(one, "2026-09"), draft(two, "2026-09"), draft(one), draft(two, employer_id=8), draft(one, "2026-11"))
    reverse((two, Month(2026, 9), 7))
    found = list_employer_months(7, Month(2026, 9), Month(2026, 11), AT)
    assert [(m.month, m.lines, m.worker_vnd, m.employer_vnd) for m in found] == [
        (Month(2026, 9), 1, 1_050_000, 2_150_000),
        (OCTOBER, 1, 1_050_000, 2_150_000),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_contribution_line SET note = ''",
        "DELETE FROM ledger_contribution_line",
        "TRUNCATE ledger_contribution_line",
        "SELECT 1 FROM ledger_contribution_line FOR UPDATE",
    ],
)
def test_no_line_can_be_edited_or_removed(db: None, register: Register, draft: Draft, statement: str) -> None:
    post(draft(register(1)[0]))
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({}, "ledger_line_month_counted_once"),
        ({"turn": 0}, "ledger_line_numbers"),
        ({"turn": 2, "sign": -1}, "ledger_line_sign"),
        ({"turn": 2, "sign": 0}, "ledger_line_sign"),
        ({"turn": 2, "kind": "NOT_COUNTED"}, "ledger_line_sign"),
        ({"turn": 2, "sign": 0, "kind": "ADJUST", "reverses_n": 2}, "ledger_line_sign"),
        ({"turn": 2, "kind": "OTHER"}, "ledger_line_kind"),
        ({"turn": 2, "month": 202613}, "ledger_line_month"),
        ({"turn": 2, "month": 202600}, "ledger_line_month"),
        ({"turn": 2, "ui_base_vnd": -1}, "ledger_line_amounts_not_negative"),
        ({"turn": 2, "worker_vnd": 1}, "ledger_line_totals"),
        ({"turn": 2, "hi_employer_vnd": 1}, "ledger_line_totals"),
        ({"turn": 2, "sign": 0, "kind": "PRESERVED"}, "ledger_line_preserved_is_free"),
    ],
)
def test_the_table_itself_refuses(db: None, register: Register, draft: Draft, change: dict[str, object], constraint: str) -> None:
    [person] = register(1)
    post(draft(person))
    line = ContributionLine.objects.get(person_id=person)
    columns = {field.attname: getattr(line, field.attname) for field in line._meta.concrete_fields} | {"n": 2} | change
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        ContributionLine.objects.create(**columns)
    assert isinstance(caught.value.__cause__, psycopg.Error)
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_a_line_is_reversed_once(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    post(draft(person, kind=LineKind.NOT_COUNTED))
    reverse((person, OCTOBER, 7))
    line = ContributionLine.objects.get(person_id=person, n=2)
    columns = {field.attname: getattr(line, field.attname) for field in line._meta.concrete_fields} | {"n": 3}
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        ContributionLine.objects.create(**columns)
    assert isinstance(caught.value.__cause__, psycopg.Error)
    assert caught.value.__cause__.diag.constraint_name == "ledger_line_reversed_once"


def _statements(drafts: list[LineDraft]) -> list[str]:
    seen: list[str] = []

    def note(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        post(*drafts)
    return [sql for sql in seen if "audit_" not in sql and "SAVEPOINT" not in sql]


def test_ten_thousand_drafts_take_as_many_statements_as_one(db: None, register: Register, draft: Draft) -> None:
    persons = register(2_500)
    few = _statements([draft(persons[0], "2025-01")])
    many = _statements([draft(person, f"2026-{month:02d}") for person in persons for month in range(7, 11)])
    assert [sql.split()[0] for sql in many] == [sql.split()[0] for sql in few]
    assert len(many) == 3, "lock, last numbers, months; the lines themselves go in by one COPY"
    assert ContributionLine.objects.count() == 10_001


def test_no_statement_waits_for_the_audit_of_each_line(db: None, register: Register, draft: Draft) -> None:
    persons = register(20)
    post(*[draft(person, f"2026-{month:02d}") for person in persons for month in range(1, 11)])
    entries = Entry.objects.filter(verb="ledger.line.post")
    assert entries.count() == 20
    assert {entry.detail["lines"] for entry in entries} == {10}


def test_a_worker_without_funds_counts_no_month(db: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    plain = draft(person)
    due = ContributionsDue(accident_employer_vnd=plain.due.accident_employer_vnd, accident_employer_bp=plain.due.accident_employer_bp)
    post(LineDraft(**{**vars(plain), "due": due}))
    assert totals(person, AT) == Totals(employer_vnd=due.employer_vnd)
