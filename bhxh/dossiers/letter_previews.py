"""What a filer would read if an officer went on as they are about to: the very letters, composed and not sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    dossier: DossierView, *, at: datetime, found: Sequence[Mapping[str, Json]], count: int, reason: str, sender: Sender
) -> tuple[str, str]:
    """Subject and text of the letter after so many lines, with these findings, are refused."""
    refused = officers_verdict(number=0, person_id=None, found=found, proposal=Proposal.REFUSE, reason=reason)
    waiting = max(0, dossier.lines[LineState.OFFICER] - count)
    lines = {**dossier.lines, LineState.OFFICER: waiting, LineState.REFUSED: dossier.lines[LineState.REFUSED] + count}
    is_refusal = lines[LineState.REFUSED] == dossier.lines_total
    context = result_context(
        replace(dossier, lines=lines),
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
