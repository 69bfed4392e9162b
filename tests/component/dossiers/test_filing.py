"""Filing: one receipt, one dossier, whatever is sent twice; the receipt exists before the state does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import orjson
import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bhxh.audit.models import Entry
from bhxh.dossiers import commands, flows, queries
from bhxh.dossiers.facts import ReceiptView
from bhxh.dossiers.models import Dossier, Line, SuppliedComponent, Transition
from bhxh.dossiers.states import State
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed
from bhxh.notices.commands import mark_sent
from bhxh.notices.models import Message
from bhxh.signing.seals import verify_flattened
from tests.dossier_kit import AT, SENDER, SYSTEM, World, document


def test_a_filing_is_received_with_a_sealed_receipt_and_a_letter(world: World) -> None:
    receipt = world.file("grant", "refuse", portal_reference="NPSP-1")
    dossier = queries.get_dossier(receipt.code)
    assert receipt.code == "G12.99.01-261121-0001"
    assert dossier.state is State.RECEIVED
    assert [step.to_state for step in queries.list_history(receipt.dossier_id)] == ["SUBMITTED", "RECEIVED"]
    told = orjson.loads(verify_flattened(receipt.receipt, keys=world.keys.key_set(), type_name="bhxh-receipt+json").payload)
    assert (told["dossier_code"], told["lines_total"], told["appointment_on"]) == (receipt.code, 2, "2026-11-30")
    letter = Message.objects.get(dossier_id=receipt.dossier_id)
    assert (letter.kind, letter.recipient, letter.due_at) == ("receipt", "ketoan@mau.example", AT + timedelta(hours=2))
    assert receipt.code in letter.body_text
    assert world.jobs("dossiers.dossier.gather") == [{"dossier_id": str(receipt.dossier_id), "lines": 2}]
    assert [payload["n"] for payload in world.jobs("dossiers.portal.report")] == [1, 2]
    assert Entry.objects.filter(verb="dossiers.dossier.file", dossier_id=receipt.dossier_id).count() == 1


def test_saturday_is_not_counted_and_neither_is_a_day_off(world: World) -> None:
    # Saturday 21 November; Tuesday 24 November is a day off.
    assert world.file("grant").due_on == date(2026, 11, 30)


def test_the_version_in_force_is_pinned(world: World) -> None:
    assert world.see(world.file("grant").dossier_id).procedure_version == "1.0"
    later = world.file("grant", at=AT.replace(year=2027), document=document("grant", period="2027-11"))
    assert world.see(later.dossier_id).procedure_version == "2.0"


def test_the_same_key_again_gives_the_first_receipt(world: World) -> None:
    first = world.file("grant", idempotency_key="k1")
    again = world.file("grant", idempotency_key="k1", at=AT + timedelta(hours=3))
    assert again == replace(first, is_repeat=True)
    assert Dossier.objects.count() == 1
    assert Message.objects.count() == 1


def test_the_same_content_under_another_key_gives_the_first_receipt(world: World) -> None:
    first = world.file("grant", idempotency_key="k1")
    assert world.file("grant", idempotency_key="k2").receipt == first.receipt
    assert Dossier.objects.count() == 1


def test_a_key_used_for_other_content_is_refused(world: World) -> None:
    world.file("grant", idempotency_key="k1")
    with pytest.raises(Conflict) as caught:
        world.file("refuse", idempotency_key="k1")
    assert caught.value.code == "DOS-018"


def test_after_withdrawal_the_same_content_may_be_filed_anew(world: World) -> None:
    first = world.file("grant", idempotency_key="k1")
    commands.withdraw(actor=world.clerk, at=AT, dossier_id=first.dossier_id, reason="nhầm")
    assert world.file("grant", idempotency_key="k2").code != first.code


def test_two_identical_requests_at_once_make_one_dossier(committed_world: World) -> None:
    world, together = committed_world, Barrier(2)

    def send() -> ReceiptView:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        try:
            together.wait(timeout=60)
            return world.file(*["grant"] * 50, idempotency_key="k1")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        receipts = [future.result(timeout=180) for future in [pool.submit(send), pool.submit(send)]]
    assert len({receipt.receipt for receipt in receipts}) == 1
    assert sorted(receipt.is_repeat for receipt in receipts) == [False, True]
    assert Dossier.objects.count() == 1
    assert Line.objects.count() == 50
    assert Message.objects.count() == 1


def test_serials_have_no_gaps(committed_world: World) -> None:
    def send(n: int) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        try:
            return committed_world.file(document=document("grant", period=f"2026-{n % 12 + 1:02d}", first=n + 1)).code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(send, range(12)))
    assert codes == [f"G12.99.01-261121-{n:04d}" for n in range(1, 13)]


def test_the_document_must_name_the_account_that_sends_it(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        world.file("grant", actor=replace(world.clerk, employer_id=world.employer_id + 1))
    assert caught.value.code == "DOS-007"
    with pytest.raises(Invalid) as caught:
        world.file(document=document("grant", filer="0309999997"))
    assert caught.value.code == "DOS-008"
    assert Dossier.objects.count() == 0


def test_without_signature_or_confirmation_nothing_is_filed(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        world.file("grant", confirmation=None)
    assert caught.value.code == "DOS-025"
    with pytest.raises(Invalid) as caught:
        world.file("grant", procedure_slug="test_signed")
    assert caught.value.code == "DOS-005"


def test_what_a_register_holds_is_not_demanded_until_it_is_off(world: World) -> None:
    receipt = world.file("grant")
    reused = SuppliedComponent.objects.get(dossier_id=receipt.dossier_id, code="identity")
    assert (reused.is_reused, reused.source_kind, reused.source_system) == (True, "NATIONAL_DB", "population")
    with pytest.raises(Invalid) as caught:
        world.file("refuse", deps=replace(world.receiving, sources_off=frozenset({"population"})))
    assert (caught.value.code, caught.value.where) == ("DOS-009", "identity")


def test_an_empty_list_and_repeated_numbers_are_refused(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        world.file(document=document())
    assert caught.value.code == "DOS-010"


def test_received_cannot_exist_without_a_receipt(world: World) -> None:
    receipt = world.file("grant")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(dossier_id=receipt.dossier_id).update(receipt_sha256="")


@pytest.mark.parametrize("table", ["transition", "component", "evidence", "decision", "appraisal"])
@pytest.mark.parametrize("verb", ["UPDATE dossiers_{} SET n = 9", "DELETE FROM dossiers_{}", "TRUNCATE dossiers_{}"])
def test_history_is_append_only(world: World, table: str, verb: str) -> None:
    world.file("grant")
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_statements_do_not_grow_with_the_lines(world: World) -> None:
    counts = []
    for size in (10, 1000):
        with CaptureQueriesContext(connection) as captured:
            world.file(document=document(*["grant"] * size, first=size * 2))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Transition.objects.count() == 4


def test_late_is_a_fact_beside_the_state(world: World) -> None:
    receipt = world.file("grant")
    commands.mark_receipt_sent(actor=SYSTEM, at=AT + timedelta(hours=2, seconds=1), dossier_id=receipt.dossier_id)
    dossier = world.see(receipt.dossier_id)
    assert (dossier.receipt_late, dossier.state) == (True, State.RECEIVED)


def test_only_the_filer_may_withdraw(world: World) -> None:
    receipt = world.file("grant")
    with pytest.raises(NotAllowed) as caught:
        commands.withdraw(actor=replace(world.clerk, employer_id=world.employer_id + 1), at=AT, dossier_id=receipt.dossier_id, reason="")
    assert caught.value.code == "DOS-027"


def test_a_receipt_sent_by_the_sweeper_is_noted_and_a_quiet_minute_writes_nothing(world: World) -> None:
    receipt = world.file("grant")
    letter = Message.objects.get(dossier_id=receipt.dossier_id)
    sent_at = AT + timedelta(hours=2, minutes=1)
    mark_sent(actor=SYSTEM, at=sent_at, message_id=letter.message_id)
    flows.sweep(sent_at + timedelta(seconds=5), sender=SENDER)
    noted = queries.get_dossier(receipt.code)
    assert (noted.receipt_sent_at, noted.receipt_late) == (sent_at, True)
    written = Entry.objects.count()
    flows.sweep(sent_at + timedelta(seconds=6), sender=SENDER)
    assert Entry.objects.count() == written
