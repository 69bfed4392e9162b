"""A prepared document signed by a service that keeps the filer's key: ask the holder on their device, collect the value, file at once.

What is asked for once is asked for once: as long as a question stands open, asking again gives the same one, and collecting after the
filing gives the first receipt. Whatever goes wrong on the way, the prepared document stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bhxh.dossiers import catalogue, drafts, flows, queries
from bhxh.dossiers.errors import (
    DOS_HOLDER_NOT_ASKED,
    DOS_NO_REMOTE_CERTIFICATE,
    DOS_NO_REMOTE_SIGNING,
    DOS_OTHER_REMOTE_CERTIFICATE,
)
from bhxh.dossiers.facts import Channel, ReceiptView
from bhxh.dossiers.filing import ReceivingPorts
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Conflict, NotAllowed
from bhxh.registry.queries import get_employer, get_person
from bhxh.signing.ports import RemoteSigner
from bhxh.signing.remote import ask_to_sign

_CODE_LETTERS: Final = 8
"""Of the digest: enough to see that the device shows the same document as the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHolder:
    """A question that waits on the holder's device."""

    draft_id: UUID
    shown: str
    """What the device shows. The screen shows it too, so that the holder can compare."""
    asked_at: datetime
    open_until: datetime
    is_repeat: bool


def find_certificate(*, actor: Actor, signer: RemoteSigner | None) -> bytes:
    """The filer's certificate at the service, to prepare a document for. Raises Conflict DOS-047, DOS-048; Trouble."""
    return _credential(actor, signer)[1]


def ask_holder(*, actor: Actor, at: datetime, draft_id: UUID, signer: RemoteSigner | None) -> AskedHolder:
    """Ask the holder of the filer's certificate to sign a prepared document. Asked again, the open question is given, and nothing is asked.

    Raises: NotFound DOS-019; Conflict DOS-046 to DOS-049; Trouble CON-101 to CON-103: nothing was asked, the draft stays.
    """
    draft = drafts.get_draft(draft_id, at=at, actor=actor)
    shown = _shown(draft)
    if draft.remote_request and draft.remote_asked_at is not None and at < draft.remote_asked_at + drafts.ASKED_FOR:
        asked_at = draft.remote_asked_at
        return AskedHolder(draft_id=draft_id, shown=shown, asked_at=asked_at, open_until=asked_at + drafts.ASKED_FOR, is_repeat=True)
    credential, certificate = _credential(actor, signer)
    if certificate != draft.certificate:
        raise Conflict(DOS_OTHER_REMOTE_CERTIFICATE)
    assert signer is not None, "whoever has a credential has a service"
    request_id = ask_to_sign(draft.to_sign, credential=credential, certificate=certificate, shown=shown, signer=signer)
    asked_at = drafts.keep_question(actor=actor, at=at, draft_id=draft_id, request_id=request_id)
    return AskedHolder(draft_id=draft_id, shown=shown, asked_at=asked_at, open_until=asked_at + drafts.ASKED_FOR, is_repeat=asked_at != at)


def collect(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    channel: Channel | str,
    signer: RemoteSigner | None,
    items: Sequence[tuple[str, UUID]] = (),
    deps: ReceivingPorts,
) -> ReceiptView | None:
    """File with the value the holder gave; None while they have not answered. Collected again it gives the first receipt.

    Raises: NotFound DOS-019; Conflict DOS-046, DOS-047, DOS-050; NotAllowed CON-104 (declined); Invalid SIG-031; Trouble; what `receive`
            raises. The draft stays each time, and the holder can be asked anew.
    """
    filed = queries.find_filed_under(filer=drafts.filer_of(actor), idempotency_key=flows.key_of(draft_id))
    if filed is not None:
        return filed
    draft = drafts.get_draft(draft_id, at=at, actor=actor)
    if signer is None:
        raise Conflict(DOS_NO_REMOTE_SIGNING)
    if not draft.remote_request or draft.remote_asked_at is None:
        raise _not_asked()
    try:
        value = signer.collect(draft.remote_request)
    except NotAllowed:
        drafts.close_question(actor=actor, at=at, draft_id=draft_id, request_id=draft.remote_request, why="declined")
        raise
    if value is not None:
        return flows.complete(actor=actor, at=at, draft_id=draft_id, signature=value, channel=channel, items=items, deps=deps)
    if at >= draft.remote_asked_at + drafts.ASKED_FOR:
        drafts.close_question(actor=actor, at=at, draft_id=draft_id, request_id=draft.remote_request, why="unanswered")
        raise _not_asked()
    return None


def _not_asked() -> Conflict:
    return Conflict(DOS_HOLDER_NOT_ASKED, minutes=int(drafts.ASKED_FOR.total_seconds() // 60))


def _shown(draft: drafts.DraftView) -> str:
    """WHY no names and no numbers: it goes to somebody else's service."""
    return f"{catalogue.get(draft.procedure_slug).title_vi} · mã đối chiếu {sha256_hex(draft.to_sign)[:_CODE_LETTERS].upper()}"


def _credential(actor: Actor, signer: RemoteSigner | None) -> tuple[str, bytes]:
    if signer is None:
        raise Conflict(DOS_NO_REMOTE_SIGNING)
    if actor.employer_id is not None:
        holder = f"MST:{get_employer(actor.employer_id).tax_code}"
    else:
        assert actor.for_person_id is not None, "whoever files is somebody"
        holder = f"CCCD:{get_person(actor.for_person_id).pin}"
    found = signer.find_credential(holder)
    if found is None:
        raise Conflict(DOS_NO_REMOTE_CERTIFICATE)
    return found
