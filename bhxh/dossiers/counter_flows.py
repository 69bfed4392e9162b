"""The two ends of a filing at the counter: the officer files and signs, the person later confirms from their own account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from bhxh.dossiers import catalogue
from bhxh.dossiers.confirming import Signatory, confirm_document, seal_what_was_shown
from bhxh.dossiers.counter_commands import confirm_counter_filing
from bhxh.dossiers.counter_queries import get_counter_filing
from bhxh.dossiers.directories import check_listed
from bhxh.dossiers.errors import DOS_NOT_AT_COUNTER
from bhxh.dossiers.facts import Channel, CounterAnswer, ReceiptView, WhyAtCounter
from bhxh.dossiers.filing import ReceivingPorts, owner_of
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.signing.confirmations import check_content
from bhxh.warehouse.store import read_blob, store_blob

OFFICERS_RIGHT: Final = "COUNTER"
"""What lets an officer sign for a person: that they came to the counter (R-028)."""


def file_for_person(
    *,
    actor: Actor,
    at: datetime,
    pin: Pin,
    procedure_slug: str,
    form: Mapping[str, Any],
    why: WhyAtCounter,
    signatory: Signatory,
    idempotency_key: str = "",
    items: Sequence[tuple[str, UUID]] = (),
    deps: ReceivingPorts,
) -> ReceiptView:
    """An officer files what a person at the counter asks for; the receipt goes to the person, with the request to confirm or refuse.

    `items`: papers of the person's warehouse, each with its component.

    Raises: Invalid DOS-044 where the procedure is not for persons or takes a certificate only, DOS-079 where a code is in no list; what `confirm_document` raises.
    """
    procedure = catalogue.get(procedure_slug)
    compose = procedure.compose
    if compose is None:
        raise Invalid(DOS_NOT_AT_COUNTER, slug=procedure_slug)
    if procedure.questions is not None:
        check_listed(procedure.questions, form, on=day_in_vietnam(at))
    return confirm_document(
        actor=actor,
        at=at,
        procedure_slug=procedure_slug,
        document=compose(pin, form, asked_on=day_in_vietnam(at)),
        signatory=signatory,
        channel=Channel.COUNTER,
        idempotency_key=idempotency_key,
        at_counter=why,
        items=items,
        deps=deps,
    )


def confirm_later(*, actor: Actor, at: datetime, dossier_id: UUID, content_sha256: str, signatory: Signatory, deps: ReceivingPorts) -> bool:
    """The person confirms what an officer filed for them: the same seal as if they had filed it. False where they did so before.

    Raises: NotFound DOS-042; Invalid SIG-073 (they saw something else); NotAllowed SIG-070, SIG-071; Conflict DOS-043.
    """
    filing = get_counter_filing(dossier_id, person_id=actor.for_person_id)
    content = read_blob(filing.content_sha256)
    check_content(content, content_sha256)
    digest = ""
    if filing.answer is CounterAnswer.NONE:
        act = f"confirm:{filing.procedure_slug}"
        digest = store_blob(
            seal_what_was_shown(actor=actor, at=at, act=act, slug=filing.procedure_slug, content=content, signatory=signatory, deps=deps),
            owner=owner_of(employer_id=None, person_id=actor.for_person_id),
        )
    return confirm_counter_filing(actor=actor, at=at, dossier_id=dossier_id, confirmation_sha256=digest)
