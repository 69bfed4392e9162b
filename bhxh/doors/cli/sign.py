"""`bhxh sign`: a prepared list signed by the unit's key at the remote signing service: ask the holder, collect and file, prepare anew."""

import argparse
from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any, Final
from uuid import UUID

from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import counter, employer_of
from bhxh.doors.cli.values import parsed_papers
from bhxh.doors.partners import partners
from bhxh.dossiers import flows, remote_signing
from bhxh.dossiers.drafts import procedure_of_draft
from bhxh.dossiers.errors import DOS_NO_DRAFT
from bhxh.dossiers.facts import Channel, ReceiptView
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import EMPLOYER

_EVERY_S: Final = 2.0


@lets_in(EMPLOYER)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One act on a prepared document of an employer's. Each may be repeated: a question is asked once, a list is filed once."""
    employer = employer_of(options.employer)
    draft_id = _draft_id(options.draft)
    actor = counter(purpose="sign", employer_id=employer.employer_id)
    actor = counter(purpose=procedure_of_draft(draft_id, actor=actor) or "sign", employer_id=employer.employer_id)
    match options.what:
        case "ask":
            return ask(actor, draft_id)
        case "renew":
            certificate = remote_signing.find_certificate(actor=actor, signer=partners().remote_signer)
            made = flows.prepare_anew(actor=actor, at=now(), draft_id=draft_id, certificate=certificate)
            return {"draft": str(made.draft_id), "expires_at": made.expires_at}
        case _:
            return told(draft_id, collect(actor, draft_id, wait_s=options.wait, papers=options.paper))


def ask(actor: Actor, draft_id: UUID) -> dict[str, Any]:
    """Ask the holder. What the device shows is printed too, to be compared."""
    asked = remote_signing.ask_holder(actor=actor, at=now(), draft_id=draft_id, signer=partners().remote_signer)
    text = f"{asked.shown}\nDuyệt trên thiết bị trước · approve on the device before: {shown(asked.open_until)}"
    return {"draft": str(draft_id), "shown": asked.shown, "open_until": asked.open_until, "is_repeat": asked.is_repeat, "text": text}


def collect(actor: Actor, draft_id: UUID, *, wait_s: float, papers: Sequence[str] = ()) -> ReceiptView | None:
    """File once the holder approved; None where they have not by the end of the wait."""
    deadline = monotonic() + wait_s
    while True:
        at = now()
        receipt = remote_signing.collect(
            actor=actor,
            at=at,
            draft_id=draft_id,
            channel=Channel.COUNTER,
            signer=partners().remote_signer,
            items=parsed_papers(papers),
            deps=partners().receiving(at),
        )
        if receipt is not None or monotonic() + _EVERY_S > deadline:
            return receipt
        sleep(_EVERY_S)


def told(draft_id: UUID, receipt: ReceiptView | None) -> dict[str, Any]:
    """What became of it."""
    if receipt is None:
        text = f"Chưa nộp: người giữ chứng thư chưa duyệt. · Not filed yet: the holder has not approved. bhxh sign collect {draft_id}"
        return {"filed": False, "draft": str(draft_id), "text": text}
    return {
        "filed": True,
        "draft": str(draft_id),
        "code": receipt.code,
        "is_repeat": receipt.is_repeat,
        "received_at": receipt.received_at,
        "appointment_on": receipt.due_on,
        "text": receipt_text(receipt),
    }


def receipt_text(receipt: ReceiptView) -> str:
    """A receipt on one line."""
    again = " (đã nộp trước đó · filed before)" if receipt.is_repeat else ""
    return f"Phiếu tiếp nhận · receipt: {receipt.code}{again}, hẹn trả · appointment {receipt.due_on:%d/%m/%Y}"


def _draft_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(DOS_NO_DRAFT) from None
