"""What a filer would read if an officer went on as they are about to: the very letters, composed and not sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bhxh.dossiers import catalogue
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.judging import officers_verdict
from bhxh.dossiers.receipts import Sender, letter_reasons, result_context
from bhxh.dossiers.states import LineState
from bhxh.dossiers.supplement_commands import Shortcoming, supplement_reasons
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.decisions import Proposal
from bhxh.notices.letters import LetterKind, render


def preview_refusal(
    dossier: DossierView, *, at: datetime, found: Sequence[Mapping[str, Json]], reason: str, is_all: bool, sender: Sender
) -> tuple[str, str]:
    """Subject and text of the letter after lines with these findings are refused. `is_all`: nothing of the dossier is left to grant."""
    refused = officers_verdict(number=0, person_id=None, found=found, proposal=Proposal.REFUSE, reason=reason)
    is_refusal = is_all and not dossier.lines[LineState.CLEAN]
    context = result_context(
        dossier,
        procedure=catalogue.get(dossier.procedure_slug),
        sender=sender,
        reasons=letter_reasons(refused.findings),
        decided_at=at,
    )
    subject, text, _ = render(LetterKind.REFUSAL if is_refusal else LetterKind.DECISION, context)
    return subject, text


def preview_supplement(dossier: DossierView, *, at: datetime, defects: Sequence[Shortcoming], days: int, sender: Sender) -> tuple[str, str]:
    """Subject and text of the letter that asks for everything that is missing."""
    context = result_context(
        dossier,
        procedure=catalogue.get(dossier.procedure_slug),
        sender=sender,
        reasons=supplement_reasons(defects),
        answer_by_on=day_in_vietnam(at) + timedelta(days=days),
        decided_at=at,
    )
    subject, text, _ = render(LetterKind.SUPPLEMENT, context)
    return subject, text
