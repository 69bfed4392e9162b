"""Letters about a dossier into the outbox, in the transaction of what they tell of."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bhxh.dossiers import catalogue
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.queries import view
from bhxh.dossiers.receipts import RECEIPT_LIMIT, Sender, result_context
from bhxh.kernel.actor import Actor
from bhxh.notices.commands import enqueue
from bhxh.notices.letters import LetterContext, LetterKind, LetterReason, compose


def tell(
    actor: Actor, at: datetime, row: Dossier, kind: LetterKind, sender: Sender, *, reasons: tuple[LetterReason, ...], key: str = ""
) -> None:
    """A letter to the filer about what just happened; with a `key` of its own, at most once."""
    context = result_context(
        view(row),
        procedure=catalogue.get(row.procedure_slug),
        sender=sender,
        reasons=reasons,
        answer_by_on=row.supplement_due_on,
        decided_at=at,
    )
    write_letter(
        actor,
        at,
        kind,
        context,
        dossier_id=row.dossier_id,
        recipient=row.filer_email,
        due_at=at + RECEIPT_LIMIT,
        person_id=row.person_id,
        key=key or f"{kind.value}:{row.code}:{row.history_length}",
    )


def write_letter(
    actor: Actor,
    at: datetime,
    kind: LetterKind,
    context: LetterContext,
    *,
    dossier_id: UUID,
    recipient: str,
    due_at: datetime,
    person_id: int | None,
    key: str = "",
) -> None:
    """One letter; the same key again queues nothing. `person_id`: whose inbox it stands in; None where it goes to an organisation."""
    notice = compose(
        kind, context, dedupe_key=key or f"{kind.value}:{context.dossier_code}", dossier_id=dossier_id, recipient=recipient, due_at=due_at
    )
    enqueue(actor=actor, at=at, notice=replace(notice, person_id=person_id))
