"""2,000 broken bounces through the whole door, with the database behind it: no traceback, nobody else's letter touched."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from bhxh.kernel.ids import uuid7
from bhxh.notices.flows import Taken, take_returned
from bhxh.notices.models import Message
from bhxh.notices.states import MessageState
from tests.proof.conftest import Proof
from tests.unit.notices.returned_samples import SAMPLES, addressed, mutated
from tests.unit.notices.test_returned_mail import RETURNS

_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_no_broken_bounce_makes_the_door_raise(database: None, proof: Proof) -> None:
    bystander = _sent()
    became = dict.fromkeys(Taken, 0)
    for number in range(proof.rounds(2_000)):
        random = Random(f"{proof.seed}:{number}")
        letter = _sent()
        token = RETURNS.address_for(letter).partition("+")[2].partition("@")[0]
        raw = mutated(addressed(random.choice(sorted(SAMPLES.values()))[0], token), random)
        try:
            became[take_returned(raw, _AT + timedelta(minutes=1), returns=RETURNS)] += 1
        except Exception as error:
            raise AssertionError(f"seed {proof.seed}, round {number}: {type(error).__name__}") from error
        touched = set(Message.objects.exclude(state=MessageState.SENT).values_list("message_id", flat=True))
        assert touched <= {letter}, f"seed {proof.seed}, round {number}: another letter was touched"
        Message.objects.filter(message_id=letter).delete()
    assert Message.objects.get(message_id=bystander).state == MessageState.SENT
    assert became[Taken.FAILED] and became[Taken.STRAY], "mutations of both kinds were met"
    proof.summary(
        f"{sum(became.values()):,} broken bounces, 0 tracebacks; " + ", ".join(f"{n} {one.value}" for one, n in became.items() if n)
    )


def _sent() -> UUID:
    message_id = uuid7(_AT)
    Message.objects.create(
        message_id=message_id,
        kind="receipt",
        dedupe_key=str(message_id),
        recipient="don-vi@vidu.example",
        subject="x",
        body_text="x",
        body_html="x",
        created_at=_AT,
        due_at=_AT,
        state=MessageState.SENT,
        next_attempt_at=_AT,
        sent_at=_AT,
    )
    return message_id
