"""A letter that comes back, as its filer sees it: why, what to do, and doing it. And what monitoring is told."""

import argparse
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.doors.test_answers import check_problem
from tests.doors.test_filing import person_of
from tests.doors.world import World


def _letters(api: World, role: str = "clerk") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = api.get(f"/dossiers/{api.code}", role).json()["letters"]
    return listed


def _send_all(dossier_id: UUID) -> str:
    """As the jobs do; the filer's address."""
    from bhxh.doors.jobs import tasks
    from bhxh.notices.letters import KINDS_TO_FILER
    from bhxh.notices.queries import list_messages

    letters = list_messages(dossier_id, kinds=KINDS_TO_FILER)
    for letter in letters:
        if letter.state == "waiting":
            tasks.send_message(message_id=str(letter.message_id))
    return letters[0].recipient


def _take_returned(api: World, count: int) -> dict[str, int]:
    """`bhxh bounces --maildir`, once so many are there."""
    from bhxh.doors.cli import bounces

    deadline = time.monotonic() + 60
    while len(list((api.sandbox.returned_mail / "new").iterdir())) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return bounces.run(argparse.Namespace(maildir=str(api.sandbox.returned_mail), recipient=""))


def test_a_returned_receipt_is_seen_corrected_and_sent_again(api: World, dossier_id: UUID) -> None:
    assert {letter["code"] for letter in _letters(api)} == {"NOT-010"}
    count = len(_letters(api))
    api.misbehave("mail", "bounce")
    _send_all(dossier_id)
    sent = _letters(api)[0]
    assert (sent["kind"], sent["state"], sent["code"], sent["returned_at"]) == ("receipt", "sent", "NOT-012", None)
    assert _take_returned(api, count) == {"failed": count}
    assert list((api.sandbox.returned_mail / "new").iterdir()) == [], "what was understood is not kept: it holds an address"

    failed = _letters(api)[0]
    assert (failed["state"], failed["code"], failed["sent_at"]) == ("delivery_failed", "NOT-023", sent["sent_at"])
    assert failed["returned_at"] and "sửa lại địa chỉ" in failed["vi"] and "correct" in failed["en"]
    assert api.get(f"/dossiers/{api.code}", "clerk").json()["receipt_sent_at"] == sent["sent_at"], "the law's clock counts the hand-over"
    assert api.get(f"/dossiers/{api.code}/receipt", "clerk").status_code == 200, "the receipt is there without any mail"

    api.sandbox.set_fault("mail", "ok")
    reply = api.post(f"/dossiers/{api.code}/mail-address", {"email": "ke-toan@vidu.example"}, "clerk")
    assert (reply.status_code, reply.json()) == (200, {"letters_again": count})
    _send_all(dossier_id)
    again = _letters(api)[count:]
    assert {letter["recipient"] for letter in again} == {"ke-toan@vidu.example"} and {letter["state"] for letter in again} == {"sent"}
    assert _letters(api)[0] == failed, "what happened stays written"
    assert api.post(f"/dossiers/{api.code}/mail-address", {"email": "x@vidu.example"}, "clerk").json() == {"letters_again": 0}


def test_letters_to_workers_are_not_shown_to_the_employer(api: World, dossier_id: UUID) -> None:
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.clock import now
    from bhxh.notices.commands import Notice, enqueue

    words = {"subject": "x", "text": "x", "html": "x", "due_at": now() + timedelta(hours=2), "dossier_id": dossier_id}
    worker = Notice(kind="book_updated", dedupe_key="book_updated:x", recipient="nguoi-lao-dong@vidu.example", **words)  # type: ignore[arg-type]
    enqueue(actor=system_actor(name="test", request_id="r", purpose="operation"), at=now(), notice=worker)
    assert "nguoi-lao-dong@vidu.example" not in api.get(f"/dossiers/{api.code}", "clerk").content.decode()


@pytest.mark.parametrize("email", ["khong", "a b@c.vn", "a@b", "a@b.vn\r\nBcc: x@y.vn", "a\u202eb@c.vn"])
def test_an_address_nobody_could_take_is_refused_and_nothing_changes(api: World, email: str) -> None:
    before = api.get(f"/dossiers/{api.code}", "clerk").json()
    check_problem(api.post(f"/dossiers/{api.code}/mail-address", {"email": email}, "clerk"), 422, "NOT-002")
    assert api.get(f"/dossiers/{api.code}", "clerk").json() == before


def test_a_letter_is_sent_again_five_times_and_no_more(api: World, dossier_id: UUID) -> None:
    api.misbehave("mail", "550")
    for n in range(5):
        _send_all(dossier_id)
        assert api.post(f"/dossiers/{api.code}/mail-address", {"email": f"lan-{n}@vidu.example"}, "clerk").status_code == 200
    _send_all(dossier_id)
    check_problem(api.post(f"/dossiers/{api.code}/mail-address", {"email": "lan-6@vidu.example"}, "clerk"), 409, "NOT-003")


def test_strays_and_answers_are_left_for_a_person(api: World) -> None:
    maildir = api.sandbox.returned_mail
    (maildir / "new" / "1.stray").write_bytes(b"To: tra-lai+" + b"a" * 40 + b"@bhxh.example\n\nMAILER-DAEMON 550 5.1.1\n")
    (maildir / "new" / "2.empty").write_bytes(b"")
    (maildir / "new" / "3.linked").symlink_to(maildir)
    assert _take_returned(api, 2) == {"stray": 2}
    assert {file.name for file in (maildir / "cur").iterdir()} >= {"1.stray:2,F", "2.empty:2,F"}
    (maildir / "new" / "3.linked").unlink()


def test_a_filer_without_an_address_is_told_and_may_give_one(api: World) -> None:
    from bhxh.dossiers.queries import get_dossier
    from bhxh.registry.models import Contact

    Contact.objects.filter(person_id=person_of(api, "citizen")).update(email="")
    taken = api.take(api.intake(api.people["citizen"]))
    assert taken.status_code == 201, taken.content
    code = taken.json()["code"]
    (letter,) = api.get(f"/dossiers/{code}", "citizen").json()["letters"]
    assert (letter["state"], letter["code"]) == ("delivery_failed", "NOT-020")
    assert api.post(f"/dossiers/{code}/mail-address", {"email": " dân.cư@vidu.example "}, "citizen").json() == {"letters_again": 1}
    _send_all(get_dossier(code).dossier_id)
    shown = api.get(f"/dossiers/{code}", "citizen").json()
    assert [letter["state"] for letter in shown["letters"]] == ["delivery_failed", "sent"]
    assert shown["receipt_sent_at"] == shown["letters"][1]["sent_at"]


def _health(api: World) -> Any:
    from bhxh.doors.api import open_data

    open_data._recent_health.cache_clear()
    return api.get("/health/mail")


def test_monitoring_is_told_of_receipts_that_do_not_arrive(api: World, dossier_id: UUID) -> None:
    from structlog.testing import capture_logs

    from bhxh.doors.jobs import clockwork
    from bhxh.kernel.ids import uuid7
    from bhxh.notices.models import Message

    healthy = _health(api)
    assert (healthy.status_code, healthy.json()["alarms"]) == (200, [])
    assert healthy.json()["waiting"] > 0
    receipt = Message.objects.get(dossier_id=dossier_id, kind="receipt")
    for n in range(5):
        receipt.pk, receipt.dedupe_key, receipt.dossier_id = uuid7(receipt.created_at), f"copy:{n}", uuid4()
        receipt.state, receipt.failed_reason = "delivery_failed", "no_mailbox"
        receipt.save(force_insert=True)
    ringing = _health(api)
    assert (ringing.status_code, ringing.json()["alarms"]) == (503, ["receipts_not_delivered"])
    assert (ringing.json()["receipts_failed"], ringing.json()["failed_by_reason"]) == (5, {"no_mailbox": 5})
    Message.objects.filter(state="waiting").update(created_at=receipt.created_at - timedelta(hours=1, minutes=1))
    assert set(_health(api).json()["alarms"]) == {"receipts_not_delivered", "oldest_waiting"}
    assert "@" not in ringing.content.decode(), "numbers, no address"
    with capture_logs() as logged:
        clockwork._watch_letters()
    assert [(line["event"], line["alarm"]) for line in logged] == [
        ("notices.delivery.alarm", "receipts_not_delivered"),
        ("notices.delivery.alarm", "oldest_waiting"),
    ]
