"""Gathering and deciding: clean lines at once, the rest to two officers, silence is waited for, and a crash loses nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bhxh.book.commands import seal_books
from bhxh.dossiers import case_making, commands, flows, gathering, line_commands, queries, supplement_commands
from bhxh.dossiers.judging import DECISION_TYPE
from bhxh.dossiers.models import Appraisal, Decision, Evidence, Line
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed
from bhxh.notices.models import Message
from bhxh.registry.commands import register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry
from bhxh.registry.queries import find_person, list_participations
from bhxh.signing.seals import verify_flattened
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items
from tests.dossier_kit import AT, SENDER, SOURCE, SYSTEM, TAX_CODE, World, document, officer, states_of
from tests.mandate_kit import grant, revoke


def seal_deferred(world: World, at: datetime = AT) -> None:
    """What the job `book.books.seal` does."""
    for payload in world.jobs("book.books.seal"):
        persons: Any = payload["person_ids"]
        seal_books(actor=SYSTEM, at=at, person_ids=persons, key=world.keys.seal_key("book"), dossier_id=UUID(str(payload["dossier_id"])))


def test_clean_lines_take_effect_at_once_and_the_rest_waits_for_people(world: World) -> None:
    dossier_id = world.file("grant", "officer", "refuse", "grant").dossier_id
    outcome = world.gather(dossier_id)
    assert states_of(dossier_id) == {1: "clean", 2: "officer", 3: "refused", 4: "clean"}
    assert (outcome.state, outcome.decided, outcome.retry_at) == (State.IN_PROCESS, 4, None)
    [decision] = queries.get_decisions(dossier_id)
    assert (decision.kind, decision.granted_lines, decision.refused_lines) == ("automatic", (1, 4), (3,))
    assert (decision.appraiser, decision.approver) == ("rule:test_list@1.0", f"key:{decision.kid}")
    sealed = verify_flattened(decision.sealed, keys=world.keys.key_set(), type_name=DECISION_TYPE)
    assert sealed.payload == decision.payload
    said = orjson.loads(decision.payload)
    assert [(line["number"], line["outcome"]) for line in said["lines"]] == [(1, "granted"), (3, "refused"), (4, "granted")]
    assert said["lines"][1]["findings"][-1]["code"] == "TST-003"
    person = find_person("PIN", "001199000001")
    assert person is not None
    assert set(decision.touched_person_ids) >= {person.person_id}
    assert list_participations([person.person_id])[person.person_id][0].employer_id == world.employer_id
    assert [job["person_ids"] for job in world.jobs("book.books.seal")] == [sorted(decision.touched_person_ids)]
    assert [dossier.dossier_id for dossier in queries.list_queue()] == [dossier_id]
    evidence = queries.list_evidence_of_line(dossier_id, 1)
    assert [(register, answer.source_system) for register, answer in evidence] == [("population", "population")]


def test_gathering_twice_changes_nothing(world: World) -> None:
    dossier_id = world.file("grant", "officer").dossier_id
    world.gather(dossier_id)
    before, asked = world.see(dossier_id), list(world.registers.asked)
    assert world.gather(dossier_id, AT + timedelta(minutes=1)).decided == 0
    assert world.see(dossier_id) == before
    assert world.registers.asked == asked
    assert Decision.objects.count() == 1


def test_a_silent_register_is_waited_for_and_only_by_its_lines(world: World) -> None:
    dossier_id = world.file("grant", "grant").dossier_id
    world.registers.silent = {"001199000002"}
    outcome = world.gather(dossier_id)
    assert states_of(dossier_id) == {1: "clean", 2: "pending"}
    assert outcome.retry_at == AT + gathering.PAUSES[0]
    world.registers.silent = set()
    world.registers.asked.clear()
    later = AT + timedelta(minutes=1)
    assert commands.wake(actor=SYSTEM, at=later) == 1
    assert world.gather(dossier_id, later).state is State.RESOLVED
    assert world.registers.asked == ["001199000002"]
    assert states_of(dossier_id) == {1: "clean", 2: "clean"}
    assert len(queries.get_decisions(dossier_id)) == 2


def test_after_the_last_round_people_look(world: World) -> None:
    dossier_id = world.file("grant").dossier_id
    world.registers.silent = {TAX_CODE}
    at = AT
    for pause in gathering.PAUSES:
        assert world.gather(dossier_id, at).retry_at == at + pause
        at += pause
    assert world.gather(dossier_id, at).retry_at is None
    assert states_of(dossier_id) == {1: "officer"}
    assert Evidence.objects.filter(register="business").count() == len(gathering.PAUSES) + 1


def test_a_person_of_another_custodian_is_refused_untouched_and_not_asked_about(world: World) -> None:
    from bhxh.kernel.custodian import Custodian
    from bhxh.kernel.identifiers import Pin

    identity = IdentityFacts(full_name="Lê Văn Lính", birth_on=AT.date().replace(year=1999), sex="MALE")
    entries = [PersonEntry(identity=identity, pin=Pin("001199000001"), managed_by=Custodian.MND)]
    register_persons(actor=SYSTEM, at=AT, entries=entries, provenance=SOURCE)
    dossier_id = world.file("grant", "grant").dossier_id
    world.gather(dossier_id)
    assert states_of(dossier_id) == {1: "refused", 2: "clean"}
    line = queries.list_lines(dossier_id)[0]
    assert (line.findings[-1]["code"], line.person_id) == ("DOS-022", None)
    assert "001199000001" not in world.registers.asked


def test_one_line_a_lower_room_refuses_does_not_block_the_others(world: World) -> None:
    dossier_id = world.file("grant", "grant", "poison", "grant", "grant").dossier_id
    world.gather(dossier_id)
    assert states_of(dossier_id) == {1: "clean", 2: "clean", 3: "officer", 4: "clean", 5: "clean"}
    assert queries.list_lines(dossier_id)[2].findings[-1]["code"] == "DOS-023"


def test_where_lines_are_decided_together_a_clean_one_waits(world: World) -> None:
    dossier_id = world.file("grant", "officer", procedure_slug="test_together").dossier_id
    world.gather(dossier_id)
    assert states_of(dossier_id) == {1: "officer", 2: "officer"}
    assert Decision.objects.count() == 0


def test_two_officers_decide_and_they_are_two(world: World) -> None:
    dossier_id = world.file("officer", "officer").dossier_id
    world.gather(dossier_id)
    grant: Callable[..., int] = line_commands.appraise
    grant(actor=world.first_officer, at=AT, dossier_id=dossier_id, line_numbers=[1], proposal=Proposal.GRANT, reason="Đủ giấy tờ")
    grant(actor=world.first_officer, at=AT, dossier_id=dossier_id, line_numbers=[2], proposal=Proposal.REFUSE, reason="Không đúng đơn vị")
    with pytest.raises(NotAllowed) as caught:
        flows.approve(actor=world.first_officer, at=AT, dossier_id=dossier_id, deps=world.gathering)
    assert caught.value.code == "DOS-012"
    assert flows.approve(actor=world.second_officer, at=AT, dossier_id=dossier_id, deps=world.gathering) == 2
    assert states_of(dossier_id) == {1: "clean", 2: "refused"}
    [decision] = queries.get_decisions(dossier_id)
    assert (decision.kind, decision.appraiser, decision.approver) == ("officers", "officer:mot", "officer:hai")
    assert orjson.loads(decision.payload)["lines"][1]["findings"][-1]["parameters"] == {"reason": "Không đúng đơn vị"}
    assert world.see(dossier_id).state is State.RESOLVED
    assert find_person("PIN", "001199000001") is not None
    assert find_person("PIN", "001199000002") is None


def test_an_appraisal_needs_an_officer_a_reason_and_open_lines(world: World) -> None:
    dossier_id = world.file("officer", "grant").dossier_id
    world.gather(dossier_id)
    base: dict[str, Any] = {"at": AT, "dossier_id": dossier_id, "proposal": Proposal.GRANT}
    with pytest.raises(NotAllowed):
        line_commands.appraise(actor=world.clerk, line_numbers=[1], reason="x", **base)
    with pytest.raises(Invalid):
        line_commands.appraise(actor=world.first_officer, line_numbers=[1], reason=" ", **base)
    with pytest.raises(Conflict) as caught:
        line_commands.appraise(actor=world.first_officer, line_numbers=[1, 2], reason="x", **base)
    assert caught.value.code == "DOS-013"
    assert Appraisal.objects.count() == 0


def test_an_officer_does_not_decide_about_themselves(world: World) -> None:
    """Two roles in one person: an officer is insured, too."""
    dossier_id = world.file("officer", "officer").dossier_id
    world.gather(dossier_id)
    Line.objects.filter(dossier_id=dossier_id, number=1).update(person_id=501)
    insured = {"actor": replace(world.first_officer, person_id=501), "at": AT, "dossier_id": dossier_id}
    words = {"proposal": Proposal.GRANT, "reason": "Đã đối chiếu."}
    with pytest.raises(NotAllowed) as caught:
        line_commands.appraise(**insured, line_numbers=[1, 2], **words)
    assert caught.value.code == "ACC-072"
    assert line_commands.appraise(**insured, line_numbers=[2], **words) == 1, "others' lines are not their own"
    line_commands.appraise(actor=world.second_officer, at=AT, dossier_id=dossier_id, line_numbers=[1], **words)
    with pytest.raises(NotAllowed) as caught:
        flows.approve(**insured, line_numbers=[1], deps=world.gathering)
    assert caught.value.code == "ACC-072"
    with pytest.raises(NotAllowed) as caught:
        line_commands.supersede(**insured, row_version=world.see(dossier_id).row_version, line_numbers=[1], by_code="X", reason="x")
    assert caught.value.code == "ACC-072"


def test_an_officer_does_not_decide_what_a_unit_filed_that_they_act_for(world: World) -> None:
    """Two roles in one person: an officer who keeps the books of a company after hours."""
    dossier_id = world.file("officer", "officer").dossier_id
    world.gather(dossier_id)
    employer_id = world.see(dossier_id).employer_id
    assert employer_id is not None
    clerk = {"actor": replace(world.first_officer, person_id=502), "at": AT, "dossier_id": dossier_id, "line_numbers": [1]}
    mandate = grant(at=AT, employer_id=employer_id, holder="person:502", from_on=day_in_vietnam(AT))
    with pytest.raises(NotAllowed) as caught:
        line_commands.appraise(**clerk, proposal=Proposal.GRANT, reason="Đã đối chiếu.")
    assert caught.value.code == "ACC-112"
    revoke(mandate, at=AT, on=day_in_vietnam(AT))
    assert line_commands.appraise(**clerk, proposal=Proposal.GRANT, reason="Đã đối chiếu.") == 1


def test_an_officer_neither_ends_nor_sends_back_what_they_are_party_to(world: World) -> None:
    """Ending a dossier and asking for a supplement decide about it, too."""
    dossier_id = world.file("officer", "officer").dossier_id
    world.gather(dossier_id)
    employer_id, version = world.see(dossier_id).employer_id, world.see(dossier_id).row_version
    assert employer_id is not None
    grant(at=AT, employer_id=employer_id, holder="person:502", from_on=day_in_vietnam(AT))
    Line.objects.filter(dossier_id=dossier_id, number=1).update(person_id=501)
    act = {"at": AT, "dossier_id": dossier_id, "row_version": version, "sender": SENDER}
    missing = [supplement_commands.Shortcoming(vi="Thiếu hợp đồng", en="The contract is missing")]
    for person_id, code in ((501, "ACC-072"), (502, "ACC-112")):
        party = replace(world.first_officer, person_id=person_id)
        with pytest.raises(NotAllowed) as caught:
            commands.stop(actor=party, reason="Không đủ điều kiện", **act)
        assert caught.value.code == code
        with pytest.raises(NotAllowed) as caught:
            supplement_commands.request_supplement(actor=party, defects=missing, days=30, **act)
        assert caught.value.code == code
    stranger = replace(world.first_officer, person_id=503)
    supplement_commands.request_supplement(actor=stranger, defects=missing, days=30, **act)
    assert world.see(dossier_id).state is State.SUPPLEMENT_REQUIRED


def test_a_stale_page_overwrites_nothing(world: World) -> None:
    dossier_id = world.file("officer").dossier_id
    world.gather(dossier_id)
    seen = world.see(dossier_id).row_version
    base: dict[str, Any] = {"at": AT, "dossier_id": dossier_id, "line_numbers": [1], "proposal": Proposal.GRANT, "reason": "x"}
    line_commands.appraise(actor=world.first_officer, row_version=seen, **base)
    for attempt in (
        lambda: line_commands.appraise(actor=world.second_officer, row_version=seen, **base),
        lambda: flows.approve(actor=world.second_officer, at=AT, dossier_id=dossier_id, row_version=seen, deps=world.gathering),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "DOS-004"
    assert Appraisal.objects.count() == 1


def test_no_withdrawal_after_a_decision_was_signed(world: World) -> None:
    dossier_id = world.file("grant", "officer").dossier_id
    world.gather(dossier_id)
    with pytest.raises(Conflict) as caught:
        commands.withdraw(actor=world.clerk, at=AT, dossier_id=dossier_id, reason="")
    assert caught.value.code == "DOS-015"


def test_a_supplement_is_asked_once_and_restarts_the_limit(world: World) -> None:
    from bhxh.dossiers.facts import Attachment

    dossier_id = world.file("officer").dossier_id
    world.gather(dossier_id)
    missing = [supplement_commands.Shortcoming(vi="Thiếu hợp đồng", en="The contract is missing", component="contract")]

    def ask() -> None:
        version = world.see(dossier_id).row_version
        supplement_commands.request_supplement(
            actor=world.first_officer, at=AT, dossier_id=dossier_id, row_version=version, defects=missing, days=30, sender=SENDER
        )

    ask()
    assert world.see(dossier_id).state is State.SUPPLEMENT_REQUIRED
    assert Message.objects.filter(kind="supplement").count() == 1
    later = AT + timedelta(days=10)
    supplied = [Attachment(code="contract", content=b"%PDF", media_type="application/pdf")]
    flows.answer_supplement(actor=world.clerk, at=later, dossier_id=dossier_id, attachments=supplied, deps=world.receiving)
    dossier = world.see(dossier_id)
    assert (dossier.state, dossier.lines[LineState.PENDING]) == (State.RECEIVED, 1)
    assert dossier.due_on is not None
    assert dossier.due_on > later.date()
    world.gather(dossier_id, later)
    with pytest.raises(Conflict) as caught:
        ask()
    assert caught.value.code == "DOS-016"


def test_a_supplement_that_never_comes_stops_the_dossier(world: World) -> None:
    dossier_id = world.file("officer").dossier_id
    world.gather(dossier_id)
    supplement_commands.request_supplement(
        actor=world.first_officer,
        at=AT,
        dossier_id=dossier_id,
        row_version=world.see(dossier_id).row_version,
        defects=[supplement_commands.Shortcoming(vi="Thiếu", en="Missing")],
        days=30,
        sender=SENDER,
    )
    flows.sweep(AT + timedelta(days=30), sender=SENDER)
    assert world.see(dossier_id).state is State.SUPPLEMENT_REQUIRED
    flows.sweep(AT + timedelta(days=31), sender=SENDER)
    assert world.see(dossier_id).state is State.STOPPED


def test_delivery_waits_for_the_books_and_then_returns_everything_once(world: World) -> None:
    receipt = world.file("grant", "refuse", portal_reference="P-1")
    world.gather(receipt.dossier_id)
    assert world.see(receipt.dossier_id).state is State.RESOLVED
    assert not flows.deliver(receipt.dossier_id, AT, world.delivery)
    seal_deferred(world)
    assert flows.deliver(receipt.dossier_id, AT, world.delivery)
    assert flows.deliver(receipt.dossier_id, AT + timedelta(minutes=1), world.delivery)
    assert world.see(receipt.dossier_id).state is State.RETURNED
    assert [item.kind for item in list_items(Owner("employer", world.employer_id))] == ["decision"]
    worker = find_person("PIN", "001199000001")
    assert worker is not None
    assert [item.kind for item in list_items(Owner("person", worker.person_id))] == ["book_reference"]
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["decision", "receipt"]
    told: list[tuple[str, int, str]] = []

    class Portal:
        def send_status(self, *, portal_reference: str, dossier_code: str, npsp_status: int, at: datetime, result_sha256: str) -> None:
            told.append((portal_reference, npsp_status, result_sha256[:1] and "result"))

    for payload in world.jobs("dossiers.portal.report"):
        flows.report(receipt.dossier_id, int(str(payload["n"])), AT, Portal())
    assert told == [("P-1", 1, ""), ("P-1", 2, ""), ("P-1", 4, ""), ("P-1", 9, "result"), ("P-1", 10, "result")]


@pytest.mark.parametrize("point", ["evidence", "begin", "effects", "verdicts"])
def test_a_death_between_two_steps_is_taken_up_where_it_stands(committed_world: World, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = committed_world
    dossier_id = world.file("grant", "officer").dossier_id

    class DeathError(BaseException):
        """Stands for kill -9: nothing of ours catches it."""

    def die(*args: Any, **rest: Any) -> Any:
        raise DeathError

    place = {
        "evidence": (line_commands, "record_evidence"),
        "begin": (commands, "begin"),
        "effects": (line_commands, "_write_decision"),
        "verdicts": (line_commands, "count_lines"),
    }[point]
    with monkeypatch.context() as patched:
        patched.setattr(*place, die)
        with pytest.raises(DeathError):
            world.gather(dossier_id)
    assert states_of(dossier_id) == {1: "pending", 2: "pending"}
    assert find_person("PIN", "001199000001") is None
    assert queries.conservation(AT).holds
    assert commands.wake(actor=SYSTEM, at=AT + timedelta(minutes=3)) == 1
    world.gather(dossier_id, AT + timedelta(minutes=3))
    assert states_of(dossier_id) == {1: "clean", 2: "officer"}
    assert Decision.objects.count() == 1


def test_statements_do_not_grow_with_the_lines(world: World) -> None:
    counts = []
    for size in (10, 400):
        dossier_id = world.file(document=document(*["grant"] * size, first=size * 3)).dossier_id
        with CaptureQueriesContext(connection) as captured:
            world.gather(dossier_id)
        # WHY without looks: `record_looks` of the audit room sends its rows through executemany, one logged statement.
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_same_input_gives_the_same_decision_bytes(world: World) -> None:
    from bhxh.dossiers.judging import compose_decision

    dossier_id = world.file("grant", "refuse").dossier_id
    world.gather(dossier_id)
    [decision] = queries.get_decisions(dossier_id)
    procedure = gathering.catalogue.get("test_list")
    dossier = world.see(dossier_id)
    filing = procedure.read(document("grant", "refuse"))
    case = case_making.case_from(dossier, procedure, filing, {}, "mof")
    lines = queries.list_all_lines(dossier_id)
    verdicts = [
        gathering.Verdict(number=line.number, to_state=line.state, proposal=line.proposal, findings=line.findings, person_id=None)
        for line in lines
    ]
    again = compose_decision(
        procedure=procedure,
        version="1.0",
        case=case,
        verdicts=verdicts,
        dossier_code=dossier.code,
        document_sha256=dossier.document_sha256,
        kind="automatic",
        appraiser=decision.appraiser,
        approver=decision.approver,
        agency={"code": dossier.office, "name": SENDER.agency_name},
        decided_at=AT,
    )
    from bhxh.kernel.canonical import canonical_bytes

    assert canonical_bytes(again) == decision.payload


def test_an_unknown_register_does_not_pass(world: World) -> None:
    from bhxh.dossiers import catalogue
    from bhxh.dossiers.procedure import Need
    from tests.dossier_kit import LAW, PROCEDURE

    catalogue.bind([replace(PROCEDURE, needs=lambda filing, subjects: (Need(register="gossip", subject="x", why=LAW),))])
    dossier_id = world.file("grant").dossier_id
    with pytest.raises(AssertionError):
        world.gather(dossier_id)


def test_overdue_is_listed_while_the_clock_runs(world: World) -> None:
    receipt = world.file("officer")
    assert queries.list_overdue(receipt.due_on) == ()
    assert [dossier.code for dossier in queries.list_overdue(receipt.due_on + timedelta(days=1))] == [receipt.code]
    assert officer("mot").employer_id is None


def test_the_filer_hears_once_of_lines_judged_while_some_are_with_officers(world: World) -> None:
    dossier_id = world.file("grant", "officer", "refuse").dossier_id
    world.gather(dossier_id)
    world.gather(dossier_id, AT + timedelta(minutes=1))
    assert Message.objects.filter(dossier_id=dossier_id, kind="line_results").count() == 1


def test_a_result_that_is_sealed_anew_each_time_is_found_once(world: World) -> None:
    from uuid import uuid4

    from bhxh.dossiers import catalogue, delivery_commands
    from bhxh.dossiers.procedure import ResultDocument
    from tests.dossier_kit import PROCEDURE

    def result(request: Any) -> tuple[ResultDocument, ...]:
        assert [granted.line.number for granted in request.lines] == [1]
        return (ResultDocument(kind="extract", title_vi="x", title_en="x", media_type="text/plain", content=uuid4().bytes),)

    catalogue.bind([replace(PROCEDURE, result=result)])
    dossier_id = world.file("grant", "refuse").dossier_id
    world.gather(dossier_id)
    seal_deferred(world)

    def die(**rest: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delivery_commands, "mark_returned", die)
        with pytest.raises(KeyboardInterrupt):
            flows.deliver(dossier_id, AT, world.delivery)
    assert world.see(dossier_id).state is State.RESOLVED
    assert flows.deliver(dossier_id, AT + timedelta(minutes=1), world.delivery)
    kinds = sorted(item.kind for item in list_items(Owner("employer", world.employer_id)))
    assert kinds == ["decision", "extract"]


def test_the_source_comes_back_with_its_results(world: World) -> None:
    from bhxh.dossiers.facts import SourceDocument

    source = SourceDocument(content=b"workbook", name="d02.xlsx", media_type="application/vnd.ms-excel")
    dossier_id = world.file("grant", "refuse", source=source).dossier_id
    world.gather(dossier_id)
    seal_deferred(world)

    def render(content: bytes, lines: Any) -> bytes:
        return content + ",".join(line.state.value for line in lines).encode()

    flows.deliver(dossier_id, AT, replace(world.delivery, render_source={"test_list": render}))
    [item] = [item for item in list_items(Owner("employer", world.employer_id)) if item.kind == "line_results"]
    from bhxh.warehouse.store import read_blob

    assert read_blob(item.sha256) == b"workbookclean,refused"


def test_lines_taken_over_by_another_dossier_are_closed_by_an_officer(world: World) -> None:
    dossier_id = world.file("officer", "grant").dossier_id
    world.gather(dossier_id)
    line_commands.supersede(
        actor=world.first_officer,
        at=AT,
        dossier_id=dossier_id,
        row_version=world.see(dossier_id).row_version,
        line_numbers=[1],
        by_code="G12.99.01-261121-0002",
        reason="Nộp lại",
    )
    assert states_of(dossier_id) == {1: "superseded", 2: "clean"}
    assert world.see(dossier_id).state is State.RESOLVED


def test_two_gatherings_at_once_decide_once(committed_world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    world, together = committed_world, Barrier(2)
    dossier_id = world.file(*["grant"] * 30).dossier_id

    def gather() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        try:
            together.wait(timeout=60)
            return world.gather(dossier_id).decided
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        decided = sorted(future.result(timeout=180) for future in [pool.submit(gather), pool.submit(gather)])
    assert decided == [0, 30]
    assert Decision.objects.count() == 1
    assert world.see(dossier_id).state is State.RESOLVED


def test_a_withdrawal_while_a_register_is_asked_wins(world: World) -> None:
    dossier_id = world.file("grant").dossier_id
    look_up = world.registers.look_up

    def withdraw_meanwhile(queries: Any) -> Any:
        if world.see(dossier_id).state is State.RECEIVED:
            commands.withdraw(actor=world.clerk, at=AT, dossier_id=dossier_id, reason="nhầm")
        return look_up(queries)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(world.registers, "look_up", withdraw_meanwhile)
        assert world.gather(dossier_id).state is State.WITHDRAWN
    assert Decision.objects.count() == 0
