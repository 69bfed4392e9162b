"""A list of workers from the workbook to the receipt, as the API and pages both go: prepared for whichever key signs, or to be confirmed; filed.

Short lists are worked on where they came in, long ones in the list room (`doors/list_room.py`); the answer is the same. So each of these
takes and gives plain values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from bhxh.doors.partners import partners
from bhxh.dossiers import flows, remote_signing
from bhxh.dossiers.confirming import ToConfirm, prepare_confirmation
from bhxh.dossiers.facts import Channel, ReceiptView, SourceDocument
from bhxh.dossiers.flows import PreparedDraft
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.procedures.register_employees.canonical_xml import Batch
from bhxh.procedures.register_employees.checking import write_documents
from bhxh.procedures.register_employees.xml_errors import NOTHING_READABLE
from bhxh.registry.queries import get_employer

SLUG: Final = "register_employees"
LONG_DOCUMENT_BYTES: Final = 1024 * 1024  # LIMIT: about 2,000 lines
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFile:
    """Which lines of a workbook are to be filed, for which month."""

    employer_id: int
    source: SourceDocument
    period: Month
    batch: int
    confirmed_repairs: frozenset[int]
    left_out: frozenset[int] = frozenset()
    """Numbers of lines that are not filed now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedPart:
    """One document to be signed, and how many lines it holds."""

    document: bytes
    draft: PreparedDraft
    lines: int


def work_on(is_long: bool, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:  # named ones are the work's
    """Here, or in the list room. Raises Busy where the room is taken."""
    return partners().list_room.run(work, *arguments, **named) if is_long else work(*arguments, **named)


def prepare(*, actor: Actor, list_: ToFile, certificate: bytes) -> tuple[PreparedPart, ...]:
    """The drafts, and what the key outside must sign of each. Raises Invalid D02-044 where no line is left, and what reading raises."""
    return tuple(
        PreparedPart(
            document=part.document,
            draft=flows.prepare(
                actor=actor,
                at=now(),
                procedure_slug=SLUG,
                canonical=part.document,
                certificate=certificate,
                source=list_.source,
                confirmed_repairs=list_.confirmed_repairs,
                is_own=True,
            ),
            lines=len(part.filing.lines),
        )
        for part in _parts(list_)
    )


def prepare_to_confirm(*, actor: Actor, list_: ToFile) -> tuple[tuple[ToConfirm, int], ...]:
    """The documents, each to be confirmed by whoever acts for the unit, with how many lines each holds. Raises as `prepare`."""
    return tuple(
        (
            prepare_confirmation(
                actor=actor,
                at=now(),
                procedure_slug=SLUG,
                document=part.document,
                source=list_.source,
                confirmed_repairs=list_.confirmed_repairs,
            ),
            len(part.filing.lines),
        )
        for part in _parts(list_)
    )


def complete(
    *,
    actor: Actor,
    draft_id: UUID,
    signature: bytes,
    channel: Channel,
    idempotency_key: str = "",
    items: Sequence[tuple[str, UUID]] = (),
) -> ReceiptView:
    """File a prepared document with its signature, and with papers of the filer's warehouse."""
    at = now()
    return flows.complete(
        actor=actor,
        at=at,
        draft_id=draft_id,
        signature=signature,
        channel=channel,
        idempotency_key=idempotency_key,
        items=items,
        deps=partners().receiving(at),
    )


def collect(*, actor: Actor, draft_id: UUID, channel: Channel, items: Sequence[tuple[str, UUID]] = ()) -> ReceiptView | None:
    """File a prepared document with the signature a remote signing service made; None while its holder has not answered."""
    at = now()
    return remote_signing.collect(
        actor=actor,
        at=at,
        draft_id=draft_id,
        channel=channel,
        signer=partners().remote_signer,
        items=items,
        deps=partners().receiving(at),
    )


def receive(*, actor: Actor, document: bytes, channel: Channel, idempotency_key: str) -> ReceiptView:
    """File a document signed elsewhere."""
    at = now()
    return flows.receive(
        actor=actor,
        at=at,
        procedure_slug=SLUG,
        channel=channel,
        document=document,
        idempotency_key=idempotency_key,
        deps=partners().receiving(at),
    )


def _parts(list_: ToFile) -> tuple[Batch, ...]:
    _, parts = write_documents(
        list_.source.content,
        employer=get_employer(list_.employer_id),
        period=list_.period,
        batch=list_.batch,
        at=now(),
        left_out=list_.left_out,
    )
    if not parts:
        raise Invalid(NOTHING_READABLE)
    return parts
