"""Bad days of mail from the outbox to the person's answer: real sockets, real bounces, the real database."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from bhxh.audit.models import Entry
from bhxh.connectors.mail.carrier import SmtpCarrier
from bhxh.kernel import jobs
from bhxh.kernel.actor import system_actor
from bhxh.notices.commands import Notice, enqueue
from bhxh.notices.flows import MailSide, Taken, deliver, sweep, take_returned
from bhxh.notices.outcomes import explain
from bhxh.notices.queries import MessageSeen, get_message
from bhxh.notices.return_path import ReturnPath
from sandbox.supervisor import Sandbox

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
RETURNS = ReturnPath("tra-lai@bhxh.example", b"a secret of the test")
RECIPIENT = "don-vi@mau.example"


@pytest.fixture
def queue() -> Iterator[None]:
    """Jobs are not wanted here."""
    kept = list(jobs._binding)
    jobs.bind(lambda name, payload, once_key: None)
    yield
    jobs._binding[:] = kept


class Office:
    """Our side: an outbox, the relay, the mailbox for what comes back."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.mail = self.side(timeout_s=5.0)
        self.count = 0
        for file in (sandbox.returned_mail / "new").iterdir():
            file.unlink()

    def side(self, *, timeout_s: float) -> MailSide:
        carrier = SmtpCarrier(host="127.0.0.1", port=self.sandbox.ports.smtp, timeout_s=timeout_s)
        return MailSide(carrier=carrier, sender="BHXH <khong-tra-loi@bhxh.example>", returns=RETURNS)

    def write(self, recipient: str = RECIPIENT, *, at: datetime = AT) -> UUID:
        self.count += 1
        due_at, key = at + timedelta(hours=2), f"receipt:{self.count}"
        return enqueue(
            actor=ACTOR,
            at=at,
            notice=Notice(
                kind="receipt",
                dedupe_key=key,
                dossier_id=UUID(int=7),
                recipient=recipient,
                subject="Đã nhận hồ sơ",
                text="Xin chào\n",
                html="<p>Xin chào</p>",
                due_at=due_at,
            ),
        )

    def arrived(self, message_id: UUID) -> list[dict[str, str]]:
        """How often the relay has this letter, with the envelopes."""
        listed = httpx.get(f"{self.sandbox.url('mail')}/messages", trust_env=False).json()
        return [line for line in listed if str(message_id) in line["message_id"]]

    def returned(self, *, count: int = 1) -> list[bytes]:
        """What the relay put into our Maildir, once it is there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            files = sorted((self.sandbox.returned_mail / "new").iterdir())
            if len(files) >= count:
                return [file.read_bytes() for file in files]
            time.sleep(0.02)
        raise AssertionError("nothing came back")

    def take(self, raw: bytes, *, at: datetime = AT + timedelta(minutes=3)) -> Taken:
        return take_returned(raw, at, returns=RETURNS)


@pytest.fixture
def office(database: None, queue: None, sandbox: Sandbox) -> Office:
    return Office(sandbox)


def outcome(message_id: UUID) -> tuple[str, str, str, str]:
    seen: MessageSeen = get_message(message_id)
    return seen.state, seen.failed_reason, seen.status, explain(seen).code


def test_greylisting_costs_minutes_and_no_letter(office: Office) -> None:
    """450 at the first tries; the same envelope later is let through, because the return path of a letter does not change."""
    message_id = office.write()
    office.sandbox.set_fault("mail", "greylist", seconds=0.9, recipient=RECIPIENT)
    assert not deliver(message_id, AT, office.mail)
    assert outcome(message_id) == ("waiting", "", "4.7.1", "NOT-011")
    assert sweep(AT + timedelta(seconds=14), office.mail) == 0, "not before its time"
    time.sleep(1)
    assert sweep(AT + timedelta(seconds=16), office.mail) == 1
    assert outcome(message_id) == ("sent", "", "", "NOT-012")
    assert len(office.arrived(message_id)) == 1


def test_greylisted_letters_do_not_hold_up_others(office: Office) -> None:
    """Three letters without an answer end a sweep; three that were asked to wait do not."""
    grey = [office.write(f"xam-{n}@mau.example") for n in range(4)]
    for n in range(4):
        office.sandbox.set_fault("mail", "greylist", seconds=60, recipient=f"xam-{n}@mau.example")
    white = office.write("trang@mau.example")
    assert sweep(AT, office.mail) == 1
    assert {get_message(one).state for one in grey} == {"waiting"}
    assert get_message(white).state == "sent"


def test_too_much_waits_and_no_such_mailbox_stops_at_once(office: Office) -> None:
    full, nobody = office.write("day@mau.example"), office.write("khong-co@mau.example")
    office.sandbox.set_fault("mail", "452", recipient="day@mau.example")
    office.sandbox.set_fault("mail", "550", recipient="khong-co@mau.example")
    at = AT
    for _ in range(3):
        assert sweep(at, office.mail) == 0
        at += timedelta(minutes=10)
    assert outcome(full) == ("waiting", "", "4.2.2", "NOT-011")
    assert outcome(nobody) == ("delivery_failed", "no_mailbox", "5.1.1", "NOT-023")
    assert (get_message(full).attempts, get_message(nobody).attempts) == (3, 1)
    office.sandbox.set_fault("mail", "ok", recipient="day@mau.example")
    assert sweep(at, office.mail) == 1


def test_a_mailbox_that_stays_full_is_given_up_after_five_days(office: Office) -> None:
    message_id = office.write()
    office.sandbox.set_fault("mail", "452", recipient=RECIPIENT)
    sweep(AT + timedelta(days=4, hours=23), office.mail)
    assert get_message(message_id).state == "waiting"
    sweep(AT + timedelta(days=5, hours=2), office.mail)
    assert outcome(message_id) == ("delivery_failed", "expired", "4.2.2", "NOT-027")


def test_a_relay_that_is_down_or_refuses_us_fails_no_letter_however_long(office: Office) -> None:
    message_id = office.write()
    office.sandbox.set_fault("mail", "sender_refused")
    assert sweep(AT + timedelta(days=9), office.mail) == 0
    assert outcome(message_id) == ("waiting", "", "", "NOT-010")
    office.sandbox.set_fault("mail", "ok")
    assert sweep(AT + timedelta(days=9, hours=2), office.mail) == 1


def test_a_slow_relay_may_send_twice_under_one_message_id(office: Office) -> None:
    """The one case SMTP cannot tell: it took the letter after we had hung up."""
    message_id = office.write()
    office.sandbox.set_fault("mail", "slow", seconds=4, count=1)
    assert not deliver(message_id, AT, office.side(timeout_s=0.5))
    assert get_message(message_id).state == "waiting"
    assert len(office.arrived(message_id)) == 1
    assert sweep(AT + timedelta(minutes=1), office.mail) == 1
    twice = office.arrived(message_id)
    assert len(twice) == 2 and len({line["message_id"] for line in twice}) == len({line["sender"] for line in twice}) == 1


def test_letters_beyond_ascii_go_where_the_relay_carries_them_and_say_why_where_not(office: Office) -> None:
    carried, domain_only, refused = (
        office.write("nguyễn.an@mau.example"),
        office.write("an@bảohiểm.example"),
        office.write("lê@mau.example"),
    )
    assert deliver(carried, AT, office.mail)
    (line,) = office.arrived(carried)
    assert line["recipients"] == "nguyễn.an@mau.example"
    office.sandbox.set_fault("mail", "no_utf8")
    assert deliver(domain_only, AT, office.mail), "a domain needs nothing of the relay: it travels in ASCII"
    assert office.arrived(domain_only)[0]["recipients"] == f"an@{'bảohiểm.example'.encode('idna').decode()}"
    assert not deliver(refused, AT, office.mail)
    assert outcome(refused) == ("delivery_failed", "needs_utf8", "", "NOT-022")


def test_a_bounce_is_a_failed_letter_with_its_hand_over_kept(office: Office) -> None:
    message_id = office.write()
    office.sandbox.set_fault("mail", "bounce", recipient=RECIPIENT, status="5.2.2")
    assert deliver(message_id, AT, office.mail)
    sent_at = get_message(message_id).sent_at
    (raw,) = office.returned()
    assert b"multipart/report" in raw and f"Original-Envelope-Id: {message_id.hex}".encode() in raw
    assert raw.startswith(b"Return-Path: <>\r\n"), "the null sender: nobody bounces a bounce"
    assert "Xin chào".encode() not in raw, "what comes back does not carry the letter again"
    assert office.take(raw) is Taken.FAILED
    assert outcome(message_id) == ("delivery_failed", "mailbox_full", "5.2.2", "NOT-024")
    seen = get_message(message_id)
    assert (seen.sent_at, seen.bounced_at) == (sent_at, AT + timedelta(minutes=3))
    assert office.take(raw, at=AT + timedelta(hours=1)) is Taken.REPEATED
    assert get_message(message_id) == seen
    assert [entry.detail["status"] for entry in Entry.objects.filter(verb="notices.message.bounce")] == ["5.2.2"]
    assert sweep(AT + timedelta(days=1), office.mail) == 0 and len(office.arrived(message_id)) == 1, "nothing is sent because of it"


def test_an_old_servers_plain_sentence_is_a_bounce_too(office: Office) -> None:
    message_id = office.write()
    office.sandbox.set_fault("mail", "bounce_text", recipient=RECIPIENT)
    assert deliver(message_id, AT, office.mail)
    (raw,) = office.returned()
    assert b"delivery-status" not in raw and str(message_id).encode() not in raw
    assert office.take(raw) is Taken.FAILED
    assert outcome(message_id) == ("delivery_failed", "no_mailbox", "5.1.1", "NOT-023")


def test_a_delay_is_told_and_fails_nothing(office: Office) -> None:
    message_id = office.write()
    office.sandbox.set_fault("mail", "delay", recipient=RECIPIENT)
    assert deliver(message_id, AT, office.mail)
    (raw,) = office.returned()
    assert office.take(raw) is Taken.DELAYED
    assert office.take(raw) is Taken.REPEATED
    assert outcome(message_id) == ("sent", "", "4.1.1", "NOT-013")


def test_a_bounce_quicker_than_our_mark_is_not_forgotten(office: Office) -> None:
    """The relay has the letter and the bounce is read before the worker wrote down that it was sent."""
    message_id = office.write()

    class Hasty(SmtpCarrier):
        def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
            super().send(message=message, sender=sender, recipient=recipient, envelope_id=envelope_id)
            assert office.take(office.returned()[0], at=AT) is Taken.FAILED

    office.sandbox.set_fault("mail", "bounce", recipient=RECIPIENT)
    carrier = Hasty(host="127.0.0.1", port=office.sandbox.ports.smtp, timeout_s=5)
    deliver(message_id, AT, MailSide(carrier=carrier, sender="khong-tra-loi@bhxh.example", returns=RETURNS))
    assert outcome(message_id) == ("delivery_failed", "no_mailbox", "5.1.1", "NOT-023")
    seen = get_message(message_id)
    assert seen.sent_at is not None and seen.bounced_at is not None
    assert sweep(AT + timedelta(days=1), office.mail) == 0


def test_nobody_can_mark_anothers_letter(office: Office) -> None:
    message_id, other = office.write(), office.write("khac@mau.example")
    office.sandbox.set_fault("mail", "bounce", recipient=RECIPIENT)
    assert deliver(message_id, AT, office.mail) and deliver(other, AT, office.mail)
    (raw,) = office.returned()
    forged = ReturnPath(RETURNS.mailbox, b"another secret").address_for(other)
    genuine = RETURNS.address_for(message_id)
    assert office.take(raw.replace(genuine.encode(), forged.encode())) is Taken.STRAY
    assert office.take(raw.replace(message_id.hex.encode(), other.hex.encode())) is Taken.FAILED, (
        "the envelope id in a report proves nothing"
    )
    assert get_message(other).state == "sent"


def test_a_bounce_of_long_ago_is_not_believed(office: Office) -> None:
    message_id = office.write()
    office.sandbox.set_fault("mail", "bounce", recipient=RECIPIENT)
    assert deliver(message_id, AT, office.mail)
    assert office.take(office.returned()[0], at=AT + timedelta(days=31)) is Taken.STRAY
    assert get_message(message_id).state == "sent"
