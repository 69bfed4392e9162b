"""A filing at the counter: an officer files for somebody who cannot sign in, signs as officer, and the person confirms or refuses later.

The dossier goes its way meanwhile: the officer's signature and the person before them are the proof. Whoever says afterwards that they
never wanted it takes the dossier back while nothing is decided; a refusal that comes later stands in a list that supervisors read.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.dossiers.errors import DOS_ANSWERED_OTHERWISE, DOS_NO_COUNTER_FILING, DOS_REFUSED_BY_PERSON
from bhxh.dossiers.facts import CounterAnswer, WhyAtCounter
from bhxh.dossiers.models import CounterFiling, Dossier
from bhxh.dossiers.receipts import Sender
from bhxh.dossiers.records import lock_dossier, move, save
from bhxh.dossiers.states import State, is_allowed
from bhxh.dossiers.telling import tell
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.kernel.who import PERSON, REPRESENTATIVE, SYSTEM
from bhxh.notices.letters import LetterKind

REMINDED_AFTER: Final = timedelta(days=7)
"""House rule, assumed: one letter at once, one reminder after a week, then silence is left alone."""
_REMINDED_AT_ONCE = 200  # LIMIT: one sweep; the next takes the rest


def note_counter_filing(actor: Actor, at: datetime, row: Dossier, *, why: WhyAtCounter, sender: Sender) -> None:
    """Inside the filing's transaction: the person is asked by letter, and reminded once."""
    assert row.person_id is not None, "an officer files for a person"
    CounterFiling.objects.create(
        dossier_id=row.dossier_id,
        person_id=row.person_id,
        officer=actor.account,
        why=why.value,
        filed_at=at,
        remind_at=at + REMINDED_AFTER,
    )
    tell(actor, at, row, LetterKind.FILED_FOR_YOU, sender, reasons=())


@command(by=PERSON | REPRESENTATIVE)
def confirm_counter_filing(*, actor: Actor, at: datetime, dossier_id: UUID, confirmation_sha256: str) -> bool:
    """The person, or who represents them, says that the officer filed what they wanted. False where they said so before.

    Raises: NotFound DOS-042, also for somebody else's; Conflict DOS-043 where they refused it before.
    """
    row = _lock(dossier_id, actor)
    is_new = _answer(row, CounterAnswer.CONFIRMED, at)
    if is_new:
        row.confirmation_sha256 = confirmation_sha256
        row.save()
    record(
        actor=actor,
        at=at,
        verb="dossiers.counter.confirm",
        person_id=row.person_id,
        dossier_id=dossier_id,
        detail={"is_new": is_new, "confirmation_sha256": row.confirmation_sha256},
    )
    return is_new


@command(by=PERSON | REPRESENTATIVE)
def refuse_counter_filing(*, actor: Actor, at: datetime, dossier_id: UUID) -> bool:
    """The person never wanted it: the dossier is taken back where nothing is decided yet; where something is, supervisors see it.

    Returns: whether the dossier was taken back.
    Raises:  NotFound DOS-042, also for somebody else's; Conflict DOS-043 where they confirmed it before.
    """
    row = _lock(dossier_id, actor)
    dossier = lock_dossier(dossier_id)
    is_new = _answer(row, CounterAnswer.REFUSED, at)
    if is_new:
        row.save()
    is_taken_back = is_new and not dossier.decision_count and is_allowed(State(dossier.state), State.WITHDRAWN)
    if is_taken_back:
        move(dossier, State.WITHDRAWN, actor=actor, at=at, reason=DOS_REFUSED_BY_PERSON.code)
        save(dossier)
    detail: dict[str, Json] = {"is_new": is_new, "is_taken_back": is_taken_back, "officer": row.officer}
    record(actor=actor, at=at, verb="dossiers.counter.refuse", person_id=row.person_id, dossier_id=dossier_id, detail=detail)
    return is_taken_back or dossier.state == State.WITHDRAWN.value


@command(by=SYSTEM)
def remind(*, actor: Actor, at: datetime, sender: Sender) -> int:
    """Remind persons who have not answered yet, once each; who took the dossier back has said enough. Returns how many."""
    due = CounterFiling.objects.select_for_update(skip_locked=True).filter(remind_at__lte=at).order_by("remind_at")[:_REMINDED_AT_ONCE]
    rows = list(due)
    dossiers = Dossier.objects.in_bulk([row.dossier_id for row in rows])
    unanswered = [dossier for dossier in dossiers.values() if dossier.state != State.WITHDRAWN.value]
    for dossier in unanswered:
        tell(actor, at, dossier, LetterKind.FILED_FOR_YOU, sender, reasons=(), key=f"reminder:{dossier.code}")
    CounterFiling.objects.filter(dossier_id__in=[row.dossier_id for row in rows]).update(remind_at=None)
    record(actor=actor, at=at, verb="dossiers.counter.remind", detail={"reminded": len(unanswered)})
    return len(unanswered)


def is_a_reminder_due(at: datetime) -> bool:
    """Whether there is somebody to remind."""
    return CounterFiling.objects.filter(remind_at__lte=at).exists()


def _lock(dossier_id: UUID, actor: Actor) -> CounterFiling:
    row = CounterFiling.objects.select_for_update().filter(dossier_id=dossier_id).first()
    if row is None or row.person_id != actor.for_person_id:
        raise NotFound(DOS_NO_COUNTER_FILING)
    return row


def _answer(row: CounterFiling, answer: CounterAnswer, at: datetime) -> bool:
    if row.answer not in ("", answer.value):
        raise Conflict(DOS_ANSWERED_OTHERWISE)
    is_new = not row.answer
    if is_new:
        row.answer, row.answered_at, row.remind_at = answer.value, at, None
    return is_new
