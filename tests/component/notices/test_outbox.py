import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from time import sleep
from uuid import UUID

import pytest
from django.db import connection

from bhxh.audit.models import Entry
from bhxh.kernel import jobs
from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import NotFound, Rejected, Sentence, Trouble, Unavailable
from bhxh.notices import flows
from bhxh.notices.commands import Notice, enqueue, mark_sent
from bhxh.notices.flows import MailSide, deliver, sweep
from bhxh.notices.models import Message
from bhxh.notices.queries import AlarmLevel, get_message, list_handed_over, list_messages, list_overdue
from bhxh.notices.return_path import ReturnPath

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
SENDER = "BHXH <khong-tra-loi@bhxh.example>"
RETURNS = ReturnPath("tra-lai@bhxh.example", b"a secret of the test")
DOSSIER = UUID(int=7)
TROUBLE = Sentence("T-1", "x", "x")


class Carrier:
    """A mail server in memory: a small implementation of the port."""

    def __init__(self, *troubles: Trouble | None) -> None:
        self.troubles = list(troubles)
        self.taken: list[tuple[bytes, str, str]] = []
        self.was_in_transaction = False

    def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
        self.was_in_transaction |= connection.in_atomic_block
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            raise trouble
        self.taken.append((message, sender, recipient))


@pytest.fixture
def deferred() -> Iterator[list[tuple[str, dict[str, object], str | None]]]:
    """The queue as a list, in place of the bound one."""
    kept = list(jobs._binding)
    seen: list[tuple[str, dict[str, object], str | None]] = []
    jobs.bind(lambda name, payload, once_key: seen.append((name, payload, once_key)))
    yield seen
    jobs._binding[:] = kept


def through(carrier: Carrier) -> MailSide:
    return MailSide(carrier=carrier, sender=SENDER, returns=RETURNS)


def notice(key: str = "receipt:7", recipient: str = "don-vi@mau.example", due_at: datetime = AT + timedelta(hours=2)) -> Notice:
    return Notice(
        kind="receipt",
        dedupe_key=key,
        dossier_id=DOSSIER,
        recipient=recipient,
        subject="Đã nhận\r\nhồ sơ",
        text="Xin chào\n",
        html="<p>Xin chào</p>",
        due_at=due_at,
    )


def queued(key: str = "receipt:7", **changes: object) -> UUID:
    return enqueue(actor=ACTOR, at=AT, notice=notice(key, **changes))  # type: ignore[arg-type]


def test_a_letter_is_queued_once_per_key(database: None, deferred: list[object]) -> None:
    assert queued() == queued()
    assert Message.objects.count() == 1
    assert len(deferred) == 1
    assert Entry.objects.filter(verb="notices.message.enqueue").count() == 2


def test_what_leaves_is_a_whole_mail(database: None, deferred: list[object]) -> None:
    carrier = Carrier()
    message_id = queued()
    assert deliver(message_id, AT, through(carrier)) is True
    ((raw, sender, recipient),) = carrier.taken
    mail = message_from_bytes(raw, policy=default)
    assert (sender, recipient) == (RETURNS.address_for(message_id), "don-vi@mau.example")
    assert mail["Message-ID"] == f"<{message_id}@bhxh.example>"
    assert mail["Subject"] == "Đã nhận hồ sơ"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "vi, en"
    assert mail["Date"].datetime == AT
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().split() == ["Xin", "chào"]
    assert not mail.defects
    assert all(len(line) <= 998 for line in raw.splitlines())
    assert carrier.was_in_transaction is False


def test_a_sent_letter_is_not_sent_again(database: None, deferred: list[object]) -> None:
    carrier = Carrier()
    message_id = queued()
    assert deliver(message_id, AT, through(carrier))
    assert not deliver(message_id, AT + timedelta(hours=1), through(carrier))
    assert sweep(AT + timedelta(hours=1), through(carrier)) == 0
    assert len(carrier.taken) == 1
    seen = get_message(message_id)
    assert seen.state == "sent" and seen.sent_at is not None and seen.sent_at >= AT


def test_an_unreachable_server_backs_off_up_to_ten_minutes(database: None, deferred: list[object]) -> None:
    carrier = Carrier(*[Unavailable(TROUBLE)] * 9)
    message_id, at, pauses = queued(), AT, []
    for _ in range(9):
        assert not deliver(message_id, at, through(carrier))
        following = Message.objects.get().next_attempt_at
        pauses.append(round((following - at).total_seconds()))
        assert not deliver(message_id, following - timedelta(seconds=1), through(carrier)), "not before its time"
        at = following
    assert pauses == [15, 30, 60, 120, 240, 480, 600, 600, 600]
    assert sweep(at, through(carrier)) == 1
    assert len(carrier.taken) == 1


def test_the_same_bytes_go_at_every_attempt(database: None, deferred: list[object]) -> None:
    class Crashing(Carrier):
        def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
            super().send(message=message, sender=sender, recipient=recipient, envelope_id=envelope_id)
            if len(self.taken) == 1:
                raise KeyboardInterrupt  # the worker dies after the server's 250, before our mark

    carrier = Crashing()
    message_id = queued()
    with pytest.raises(KeyboardInterrupt):
        deliver(message_id, AT, through(carrier))
    assert sweep(AT + timedelta(seconds=29), through(carrier)) == 0, "the dead worker's lease still holds"
    assert sweep(AT + timedelta(seconds=30), through(carrier)) == 1
    first, second = (raw for raw, _, _ in carrier.taken)
    assert first == second


def test_a_final_refusal_is_a_failed_delivery(database: None, deferred: list[object]) -> None:
    carrier = Carrier(Rejected(TROUBLE))
    message_id = queued()
    assert not deliver(message_id, AT, through(carrier))
    assert sweep(AT + timedelta(days=1), through(carrier)) == 0
    seen = get_message(message_id)
    assert (seen.state, seen.failed_reason, seen.sent_at) == ("delivery_failed", "rejected", None)
    assert [letter.text for letter in list_messages(DOSSIER)] == ["Xin chào\n"], "the same words stay to be shown"


@pytest.mark.parametrize(
    ("address", "reason"),
    [("", "no_address"), ("a@b", "bad_address"), ("a@b.example\r\nBcc: c@d.example", "bad_address"), ("a b@c.example", "bad_address")],
)
def test_an_unusable_address_stops_nothing(database: None, deferred: list[object], address: str, reason: str) -> None:
    seen = get_message(queued(recipient=address))
    assert (seen.state, seen.failed_reason) == ("delivery_failed", reason)
    assert deferred == []


def test_a_sweep_stops_asking_a_dead_server(database: None, deferred: list[object]) -> None:
    for n in range(6):
        queued(f"k{n}")
    carrier = Carrier(*[Unavailable(TROUBLE)] * 6)
    assert sweep(AT, through(carrier)) == 0
    assert len(carrier.troubles) == 3


def test_a_sweep_does_not_stay_with_a_slow_server(database: None, deferred: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Carrier):
        def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
            sleep(0.05)
            super().send(message=message, sender=sender, recipient=recipient, envelope_id=envelope_id)

    for n in range(8):
        queued(f"k{n}")
    monkeypatch.setattr(flows, "_SWEEP_S", 0.12)
    taken = sweep(AT, through(Slow()))
    assert 1 <= taken <= 3
    monkeypatch.undo()
    assert sweep(AT, through(Slow())) == 8 - taken, "the rest goes with the next"


def test_alarms_rise_with_the_waiting(database: None, deferred: list[object]) -> None:
    queued()

    def level(minutes: int) -> list[AlarmLevel]:
        return [found.level for found in list_overdue(AT + timedelta(minutes=minutes), alarm_after_s=(3600, 5400))]

    assert [level(59), level(60), level(90), level(121)] == [[], [AlarmLevel.WARN], [AlarmLevel.CALL], [AlarmLevel.LATE]]


def test_the_first_hand_over_is_the_one_that_counts(database: None, deferred: list[object]) -> None:
    message_id = queued()
    mark_sent(actor=ACTOR, at=AT, message_id=message_id)
    mark_sent(actor=ACTOR, at=AT + timedelta(hours=3), message_id=message_id)
    assert get_message(message_id).sent_at == AT


def test_what_was_handed_over_can_be_read_by_kind_and_time(database: None, deferred: list[object]) -> None:
    first, _ = queued("a"), queued("b")
    mark_sent(actor=ACTOR, at=AT + timedelta(minutes=1), message_id=first)
    assert [(one.message_id, one.dossier_id) for one in list_handed_over(kind="receipt", since=AT)] == [(first, DOSSIER)]
    assert list_handed_over(kind="decision", since=AT) == ()
    assert list_handed_over(kind="receipt", since=AT + timedelta(minutes=2)) == ()


def test_workers_at_once_send_it_once(database: None, deferred: list[object]) -> None:
    message_id, carrier = queued(), Carrier()
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        try:
            deliver(message_id, AT, through(carrier))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(carrier.taken) == 1


def test_an_unknown_letter_is_not_found(database: None) -> None:
    with pytest.raises(NotFound):
        get_message(UUID(int=9))


class SweptMeanwhile(Carrier):
    """A slow server: while it takes the letter the clock jumps by an hour, and the sweeper of another session comes by."""

    def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
        super().send(message=message, sender=sender, recipient=recipient, envelope_id=envelope_id)
        others = Carrier()

        def sweep_by() -> None:
            self.swept = sweep(AT + timedelta(hours=1), through(others))
            connection.close()

        thread = threading.Thread(target=sweep_by)
        thread.start()
        thread.join()
        self.taken += others.taken


def test_a_clock_that_jumps_takes_no_letter_out_of_a_hand(database: None, deferred: list[object]) -> None:
    carrier = SweptMeanwhile()
    letter = queued()
    assert deliver(letter, AT, through(carrier))
    assert (len(carrier.taken), carrier.swept) == (1, 0)


@pytest.mark.parametrize("of_a_lease", [True, False])
def test_a_letter_put_off_by_a_clock_ahead_goes_when_it_is_set_right(database: None, deferred: list[object], of_a_lease: bool) -> None:
    letter, ahead = queued(), AT + timedelta(hours=5)
    Message.objects.filter(message_id=letter).update(**({"lease_until": ahead} if of_a_lease else {"next_attempt_at": ahead}))
    carrier = Carrier()
    assert sweep(AT, through(carrier)) == 1
    assert len(carrier.taken) == 1
