"""An old book typed twice: who may, what is found, what is never lost, and what the ledger and the sealed book say afterwards."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from bhxh.conversion import commands as conversion
from bhxh.dossiers import flows
from bhxh.dossiers.queries import list_evidence_of_line
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import BhxhError, Conflict, Invalid, NotAllowed
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import ContributionsDue, contributions_due
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.commands import LineDraft, LineKind, post_lines
from bhxh.ledger.models import ContributionLine
from bhxh.ledger.queries import list_sources, totals
from bhxh.transcripts import commands
from bhxh.transcripts.models import TranscriptStep
from bhxh.transcripts.states import TranscriptState
from tests.component.procedures.conftest import LINE, Entering
from tests.dossier_kit import AT, SYSTEM, states_of
from tests.locks import wait_until_somebody_waits_for_us


def refused(kind: type[BhxhError], code: str, what: Any, *args: Any, **options: Any) -> None:
    with pytest.raises(kind) as caught:
        what(*args, **options)
    assert caught.value.code == code


def post(entering: Entering, month: str, *, unit_code: str = "TA0009Z", wage: int = 678_600, employer_id: int = 0) -> None:
    """A month that the ledger holds before the book is entered."""
    due: ContributionsDue = contributions_due(
        participant_type=ParticipantType.LABOUR_CONTRACT, month=Month.parse(month), wage_vnd=Vnd(wage), wage_region=1
    )
    draft = LineDraft(
        person_id=entering.person_id,
        employer_id=employer_id,
        unit_code=unit_code,
        unit_name="Công ty Dệt Mẫu",
        workplace="",
        job_title="",
        participant_type=ParticipantType.LABOUR_CONTRACT,
        month=Month.parse(month),
        kind=LineKind.NORMAL,
        due=due,
    )
    post_lines(actor=SYSTEM, at=AT, drafts=[draft], basis=Citation("Test", is_assumed=True), dossier_id=None)


def test_from_the_photos_to_the_sealed_book(entering: Entering) -> None:
    assert entering.codes() == {"CCH-102": "unclear"}
    entering.open()
    entering.enter("lan", {})
    assert entering.see().state is TranscriptState.ENTERING
    assert states_of(entering.dossier_id) == {1: LineState.OFFICER.value}, "one entry changes nothing"
    assert entering.enter("minh", {}).state is TranscriptState.AGREED
    assert states_of(entering.dossier_id) == {1: LineState.PENDING.value}, "the rules look again"
    [asked] = entering.world.jobs("dossiers.dossier.gather")
    assert asked["dossier_id"] == str(entering.dossier_id)
    entering.decide()
    found = {code: outcome for code, outcome in entering.codes().items() if code.startswith("CCH")}
    assert found == {"CCH-103": "computed", "CCH-104": "unclear", "CCH-111": "met"}
    assert entering.world.see(entering.dossier_id).state is State.RESOLVED
    book = entering.book()
    assert (book["totals"]["si_months"], book["totals"]["ui_months"], book["totals"]["hi_months"]) == (34, 0, 0)
    assert book["totals"]["hazardous_months"] == 34


def test_each_line_says_how_it_is_known(entering: Entering) -> None:
    entering.open()
    entering.enter("lan", {})
    entering.enter("minh", {"wage": "2,67"})
    entering.settle("ba", {"1.wage": "2,67"})
    entering.decide()
    sources = list_sources(entering.person_id)
    assert len(sources) == 34
    for source in sources.values():
        assert source.dossier_id == entering.dossier_id
        assert entering.case.file_sha256 in source.basis
        assert all(account in source.basis for account in ("officer:lan", "officer:minh", "officer:ba"))
    [(register, answer)] = list_evidence_of_line(entering.dossier_id, 1)
    assert (register, answer.source_kind, answer.record_id) == ("transcript", "OFFICER", str(entering.case.case_id))
    assert answer.content["converted_sha256"] == entering.case.file_sha256
    assert answer.content["entered_by"] == ["officer:lan", "officer:minh"]


def test_a_coefficient_counts_against_the_base_salary_of_each_month(entering: Entering) -> None:
    """si-law 2.1: 290,000 until September 2005, 350,000 since; 2.3: 15 and 5 percent before 2010."""
    entering.open()
    for login in ("lan", "minh"):
        entering.enter(login, {})
    entering.decide()
    lines = {row.month: row for row in ContributionLine.objects.filter(person_id=entering.person_id)}
    before, after = lines[200509], lines[200510]
    assert (before.si_base_vnd, after.si_base_vnd) == (678_600, 819_000)
    assert (before.worker_vnd, before.employer_vnd) == (33_930, 101_790)
    sums = totals(entering.person_id, AT)
    assert sums.worker_vnd == 31 * 33_930 + 3 * 40_950


def test_the_same_human_being_does_not_enter_twice(entering: Entering) -> None:
    from bhxh.access.commands import appoint_officer, link_account
    from bhxh.access.roles import OfficerRole

    entering.open()
    entering.enter("lan", {})
    entering.enter("lan", {})  # the same again: an answer that was lost
    assert len(entering.see().entries) == 1
    refused(Conflict, "TRN-004", entering.enter, "lan", {"wage": "2,67"})
    refused(Conflict, "TRN-004", entering.save, "lan", LINE)
    account = link_account(
        actor=SYSTEM, at=entering.at, issuer="https://other.example", subject="lan2", person_id=entering.desk.people["lan"]
    )
    appoint_officer(
        actor=SYSTEM,
        at=entering.at,
        login="lan2",
        account=account,
        agency_code="00101",
        roles=[OfficerRole.CONVERTER],
        from_on=date(2026, 1, 1),
    )
    entering.desk.people["lan2"] = entering.desk.people["lan"]
    refused(Conflict, "TRN-004", entering.enter, "lan2", {})


def test_differences_are_found_and_never_settled_by_the_first(entering: Entering) -> None:
    entering.open()
    entering.enter("lan", {}, {"from_month": "01/2006", "to_month": "02/2006"})
    seen = entering.enter("minh", {"wage": "2,67", "job_title": "Thợ cả"})
    assert seen.state is TranscriptState.DIFFERING
    assert {one.key for one in seen.comparison.differences} == {"1.wage", "1.job_title", "2.line"}
    choices = {"1.wage": "2,67", "1.job_title": "Thợ dệt", "2.line": "1"}
    refused(NotAllowed, "TRN-007", entering.settle, "lan", choices)
    refused(Invalid, "TRN-031", entering.settle, "minh", {"1.wage": "2,67"})
    refused(Invalid, "TRN-009", entering.settle, "minh", {**choices, "1.wage": "hai"})
    settled = entering.settle("minh", choices)
    assert [(row.wage, row.job_title) for row in settled.agreed] == [("2.67", "Thợ dệt"), ("2.34", "Thợ dệt")]
    refused(Conflict, "TRN-002", entering.settle, "ba", choices)
    entering.world.gather(entering.dossier_id)
    refused(Conflict, "TRN-001", entering.settle, "ba", choices)


def test_nobody_sees_one_entry_alone(entering: Entering) -> None:
    entering.open()
    entering.save("lan", LINE)
    entering.enter("lan", {})
    seen = entering.see()
    assert seen.comparison is None and seen.agreed is None
    assert seen.last_save_of("officer:minh") is None


def test_a_save_loses_nothing(entering: Entering) -> None:
    entering.open()
    typed = {**LINE, "wage": "không đọc được", "from_month": "3/200"}
    first = entering.save("lan", typed)
    assert entering.see().last_save_of("officer:lan").rows == [typed], "readable or not"
    assert entering.save("lan", typed, after=first) == first, "the same again is the same save"
    assert entering.save("lan", typed, after=0) == first, "also when the answer was lost"
    second = entering.save("lan", LINE, after=first)
    refused(Conflict, "TRN-005", entering.save, "lan", {**LINE, "wage": "9"}, after=first)
    third = entering.save("lan", {**LINE, "wage": "9"}, after=second)
    kept = [step.rows[0]["wage"] for step in entering.see().present if step.step == "SAVED"]
    assert (kept, third) == (["không đọc được", "2,34", "9"], second + 1), "what another window saved stays on record"
    assert entering.save("minh", LINE) == third + 1, "another officer's saves are their own"


def test_a_late_or_foreign_save_changes_nothing(entering: Entering) -> None:
    refused(Conflict, "TRN-001", entering.save, "lan", LINE)  # nobody opened it
    entering.open()
    refused(NotAllowed, "CNV-010", _as_citizen, entering)
    appraiser = entering.desk.officer("appraiser", "APPRAISER")
    refused(NotAllowed, "AUD-010", commands.save, actor=appraiser, at=AT, dossier_id=entering.dossier_id, rows=[LINE], after=0)
    for login in ("lan", "minh"):
        entering.enter(login, {})
    refused(Conflict, "TRN-002", entering.save, "ba", LINE)
    entering.decide()
    refused(Conflict, "TRN-002", entering.save, "ba", LINE)
    refused(Conflict, "TRN-002", entering.discard)
    assert not TranscriptStep.objects.filter(step="SAVED").exists()


def _as_citizen(entering: Entering) -> None:
    """The dossier's own filer, who is an officer besides."""
    actor = entering.desk.officer("lan")
    commands.save(actor=replace(actor, person_id=entering.person_id), at=AT, dossier_id=entering.dossier_id, rows=[LINE], after=0)


def test_only_a_certified_conversion_of_the_filers_own_paper_is_typed_from(entering: Entering) -> None:
    from tests.component.conversion.conftest import photo

    theirs = entering.desk.converted("contract", who="other")
    refused(Conflict, "TRN-003", entering.open, case_id=theirs.case_id)
    waiting = entering.desk.convert(entering.desk.open("paper_book", pages=1), entering.desk.keep(photo(1)))
    refused(Conflict, "TRN-003", entering.open, case_id=waiting.case_id)
    entering.open()
    entering.open()  # the same again
    assert [step.step for step in entering.see().present] == ["OPENED"]


def test_what_was_discarded_is_typed_anew(entering: Entering) -> None:
    entering.open()
    for login in ("lan", "minh"):
        entering.enter(login, {})
    entering.world.gather(entering.dossier_id)
    refused(Invalid, "TRN-008", entering.discard, words="sai")
    entering.discard("ba")
    assert states_of(entering.dossier_id) == {1: LineState.PENDING.value}
    entering.world.gather(entering.dossier_id)
    assert entering.codes() == {"CCH-102": "unclear"}
    refused(Conflict, "CCH-121", entering.decide)
    entering.open("minh")
    for login in ("lan", "minh"):
        entering.enter(login, {"wage": "3,00"})
    entering.decide()
    assert {row.si_base_vnd for row in ContributionLine.objects.filter(month__lt=200510)} == {870_000}


def test_a_withdrawn_conversion_posts_nothing(entering: Entering) -> None:
    entering.open()
    for login in ("lan", "minh"):
        entering.enter(login, {})
    conversion.withdraw(
        actor=entering.desk.officer("lan"),
        at=entering.at,
        case_id=entering.case.case_id,
        words="Thiếu một trang của sổ.",
        organisation=entering.desk.ports.organisation,
    )
    refused(Conflict, "CCH-122", entering.decide)
    assert not ContributionLine.objects.exists()


def test_months_that_are_held_are_not_counted_twice(entering: Entering) -> None:
    post(entering, "2003-03")  # the same
    post(entering, "2003-04", wage=500_000)  # another wage at the same unit
    post(entering, "2003-05", unit_code="TA0002Z", employer_id=9)  # at another unit
    entering.open()
    for login in ("lan", "minh"):
        entering.enter(login, {"to_month": "06/2003"})
    entering.world.gather(entering.dossier_id)
    assert entering.codes() == {
        "CCH-103": "computed",
        "CCH-104": "unclear",
        "CCH-111": "met",
        "CCH-112": "computed",
        "CCH-113": "unclear",
        "CCH-114": "unclear",
    }
    entering.decide()
    assert totals(entering.person_id, AT).si_months == 4
    lines = [(row.month, row.sign, row.kind, row.si_base_vnd) for row in ContributionLine.objects.order_by("n")]
    assert lines[3:] == [
        (200304, -1, "ADJUST", 500_000),
        (200304, 1, "ADJUST", 678_600),
        (200305, 0, "NOT_COUNTED", 678_600),
        (200306, 1, "NORMAL", 678_600),
    ]
    assert entering.book()["totals"]["si_months"] == 4


def test_whoever_appraised_less_does_not_grant_more(entering: Entering) -> None:
    """What an officer proposed before the book was typed stands no longer afterwards."""
    from bhxh.dossiers import line_commands
    from bhxh.kernel.decisions import Proposal

    line_commands.appraise(
        actor=entering.world.first_officer,
        at=AT,
        dossier_id=entering.dossier_id,
        line_numbers=[1],
        proposal=Proposal.GRANT,
        reason="Đã xem ảnh.",
    )
    entering.open()
    for login in ("lan", "minh"):
        entering.enter(login, {})
    entering.world.gather(entering.dossier_id)
    refused(
        Conflict,
        "DOS-013",
        flows.approve,
        actor=entering.world.second_officer,
        at=AT,
        dossier_id=entering.dossier_id,
        deps=entering.world.gathering,
    )


def test_two_who_finish_at_once_are_one_after_the_other(committed_entering: Entering) -> None:
    entering = committed_entering
    entering.open()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            entering.enter("lan", {})
            other = pool.submit(_enter_elsewhere, entering)
            wait_until_somebody_waits_for_us()
            assert not other.done()
        assert other.result(20) is TranscriptState.AGREED
    assert len(entering.world.jobs("dossiers.dossier.gather")) == 1


def _enter_elsewhere(entering: Entering) -> TranscriptState:
    """On this thread's own connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        state: TranscriptState = entering.enter("minh", {}).state
        return state
    finally:
        connection.close()


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_whoever_dies_while_the_second_entry_is_written_loses_nothing(committed_entering: Entering, moment: str) -> None:
    """Either nothing was written and the same press does it, or all of it was and the same press changes nothing."""
    entering = committed_entering
    entering.open()
    entering.save("minh", LINE)
    entering.enter("lan", {})
    connection.close()  # WHY: the child must not end this process's own connection
    child = os.fork()
    if child == 0:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            if moment == "before the commit":
                with transaction.atomic():
                    entering.enter("minh", {})
                    os.kill(os.getpid(), signal.SIGKILL)
            entering.enter("minh", {})
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE bhxh_app")
    was_written = moment == "after the commit"
    assert len(entering.see().entries) == 1 + was_written
    assert entering.see().last_save_of("officer:minh").rows == [LINE], "what was saved is there whatever died"
    assert states_of(entering.dossier_id) == {1: (LineState.PENDING if was_written else LineState.OFFICER).value}
    if not was_written:
        assert entering.enter("minh", {}).state is TranscriptState.AGREED
    entering.decide()
    assert entering.book()["totals"]["si_months"] == 34
