"""What a list of workers costs, apart from the request it came in: three pieces of work that take and give plain values.

Short lists are worked on where they came in, long ones in the list room (`doors/list_room.py`); the answer is the same.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar
from uuid import UUID

from bhxh.doors.api.confirmation_shapes import ConfirmationPreparationOut, ToConfirmOut
from bhxh.doors.api.shapes import CheckOut, DraftOut, PreparationOut
from bhxh.doors.partners import partners
from bhxh.dossiers import flows, remote_signing
from bhxh.dossiers.confirming import prepare_confirmation
from bhxh.dossiers.facts import Channel, ReceiptView, SourceDocument
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.checking import check_lines, write_documents
from bhxh.procedures.register_employees.errors import NOTHING_READABLE
from bhxh.registry.queries import get_employer

SLUG = "register_employees"
LONG_DOCUMENT_BYTES = 1024 * 1024  # LIMIT: about 2,000 lines
P = ParamSpec("P")
T = TypeVar("T")


def work_on(is_long: bool, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:  # named ones are the work's
    """Here, or in the list room. Raises Busy where the room is taken."""
    return partners().list_room.run(work, *arguments, **named) if is_long else work(*arguments, **named)


def check(*, actor: Actor, employer_id: int, content: bytes, period: Month, batch: int, confirmed_repairs: frozenset[int]) -> bytes:
    """The answer's JSON: every row's verdict, written down as it is found."""
    at, employer = now(), get_employer(employer_id)
    written = write_documents(content, employer=employer, period=period, batch=batch, at=at)
    judged = check_lines(written, actor=actor, employer=employer, at=at, confirmed_repairs=confirmed_repairs, deps=partners().gathering())
    return CheckOut.write(period=str(period), documents=[part.document for part in written[1]], lines=judged)


def prepare(
    *,
    actor: Actor,
    employer_id: int,
    source: SourceDocument,
    certificate: bytes,
    period: Month,
    batch: int,
    confirmed_repairs: frozenset[int],
) -> bytes:
    """The answer's JSON: the drafts, and what the key outside must sign of each."""
    at = now()
    _, batches = write_documents(source.content, employer=get_employer(employer_id), period=period, batch=batch, at=at)
    if not batches:
        raise Invalid(NOTHING_READABLE)
    drafts = []
    for part in batches:
        prepared = flows.prepare(
            actor=actor,
            at=at,
            procedure_slug=SLUG,
            canonical=part.document,
            certificate=certificate,
            source=source,
            confirmed_repairs=confirmed_repairs,
            is_own=True,
        )
        drafts.append(DraftOut.of(part.document, prepared, lines=len(part.filing.lines)))
    first, *further = drafts
    return PreparationOut(**first.model_dump(), further=further).model_dump_json().encode()


def prepare_to_confirm(
    *, actor: Actor, employer_id: int, source: SourceDocument, period: Month, batch: int, confirmed_repairs: frozenset[int]
) -> bytes:
    """The answer's JSON: the documents, each to be confirmed by whoever acts for the unit."""
    at = now()
    _, batches = write_documents(source.content, employer=get_employer(employer_id), period=period, batch=batch, at=at)
    if not batches:
        raise Invalid(NOTHING_READABLE)
    first, *further = [
        ToConfirmOut.of(
            prepare_confirmation(
                actor=actor, at=at, procedure_slug=SLUG, document=part.document, source=source, confirmed_repairs=confirmed_repairs
            )
        )
        for part in batches
    ]
    return ConfirmationPreparationOut(**first.model_dump(), further=further).model_dump_json().encode()


def complete(
    *, actor: Actor, draft_id: UUID, signature: bytes, idempotency_key: str, items: Sequence[tuple[str, UUID]] = ()
) -> ReceiptView:
    """File a prepared document with its signature, and with papers of the filer's warehouse."""
    at = now()
    return flows.complete(
        actor=actor,
        at=at,
        draft_id=draft_id,
        signature=signature,
        channel=Channel.API,
        idempotency_key=idempotency_key,
        items=items,
        deps=partners().receiving(at),
    )


def collect(*, actor: Actor, draft_id: UUID, items: Sequence[tuple[str, UUID]] = ()) -> ReceiptView | None:
    """File a prepared document with the signature a remote signing service made; None while its holder has not answered."""
    at = now()
    return remote_signing.collect(
        actor=actor,
        at=at,
        draft_id=draft_id,
        channel=Channel.API,
        signer=partners().remote_signer,
        items=items,
        deps=partners().receiving(at),
    )


def receive(*, actor: Actor, document: bytes, idempotency_key: str) -> ReceiptView:
    """File a document signed elsewhere."""
    at = now()
    return flows.receive(
        actor=actor,
        at=at,
        procedure_slug=SLUG,
        channel=Channel.API,
        document=document,
        idempotency_key=idempotency_key,
        deps=partners().receiving(at),
    )
