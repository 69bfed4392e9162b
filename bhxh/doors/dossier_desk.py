"""What officers do with a dossier, as the API and their pages both do it: may they, the look, the act. Nothing takes effect before a second officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bhxh.access.permissions import check_appraise, check_approve, check_decide, check_see_documents, check_see_dossier, check_see_queue
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.conversion.sheets import count_sheets, find_sheet
from bhxh.doors.dossier_looks import look_at_lines
from bhxh.doors.errors import NO_DOCUMENT
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import flows
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.line_commands import appraise
from bhxh.dossiers.ports import SourceKind
from bhxh.dossiers.queries import get_dossier, list_all_lines, list_appraisals, list_components
from bhxh.dossiers.signature_commands import refuse_signature
from bhxh.dossiers.supplement_commands import Shortcoming, request_supplement
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import officer as officers
from bhxh.warehouse.proving import JPEG, PDF, PNG
from bhxh.warehouse.store import read_blob

SEE_THE_QUEUE: Final = officers(OfficerRole.RECEPTION, OfficerRole.APPRAISER, OfficerRole.APPROVER, OfficerRole.SUPERVISOR)
SEE_DOCUMENTS: Final = SEE_THE_QUEUE | officers(OfficerRole.CONVERTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """A document that the filer supplied."""

    content: bytes
    media_type: str


def at_the_queue(signed_in: SignedIn) -> tuple[Actor, OfficerFacts]:
    """An officer who may see what waits in the whole country. Raises NotAllowed ACC-020."""
    actor, officer = signed_in.officer("queue")
    check_see_queue(actor, officer=officer)
    return actor, officer


def at_the_dossier(signed_in: SignedIn, code: str) -> tuple[Actor, OfficerFacts, DossierView]:
    """An officer and the dossier they may see. Whoever shows somebody of it writes down the look. Raises NotFound DOS-002; NotAllowed ACC-020."""
    actor, officer = signed_in.officer("queue")
    dossier = get_dossier(code)
    check_see_dossier(actor, filer_person_id=dossier.person_id, filer_employer_id=dossier.employer_id, officer=officer)
    return actor, officer, dossier


def propose(
    signed_in: SignedIn, code: str, *, line_numbers: Sequence[int], proposal: Proposal, reason: str, row_version: int | None
) -> int:
    """Propose to grant or refuse lines. Returns the appraisal's number. Raises as `line_commands.appraise` does; NotAllowed ACC-020."""
    actor, officer = signed_in.officer("decide")
    dossier = get_dossier(code)
    check_appraise(actor, procedure=dossier.procedure_slug, officer=officer)
    return appraise(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        line_numbers=line_numbers,
        proposal=proposal,
        reason=reason,
        row_version=row_version,
    )


def approve(signed_in: SignedIn, code: str, *, line_numbers: Sequence[int] | None, row_version: int | None) -> int:
    """Decide what another officer proposed. Returns how many lines were decided. Raises as `flows.approve` does; NotAllowed ACC-020."""
    actor, officer = signed_in.officer("decide")
    dossier = get_dossier(code)
    proposed = [appraisal.officer for appraisal in list_appraisals(dossier.dossier_id)]
    others = next((account for account in proposed if account != actor.account), actor.account)
    check_approve(actor, procedure=dossier.procedure_slug, appraised_by=others, officer=officer)
    return flows.approve(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        row_version=row_version,
        line_numbers=line_numbers,
        deps=partners().gathering(),
    )


def ask_for_supplement(signed_in: SignedIn, code: str, *, defects: Sequence[Shortcoming], days: int, row_version: int) -> DossierView:
    """Ask the filer for everything that is missing, once. Raises as `request_supplement` does; NotAllowed ACC-020."""
    actor, dossier = at_decision(signed_in, code)
    request_supplement(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        row_version=row_version,
        defects=defects,
        days=days,
        sender=partners().sender,
    )
    return get_dossier(code)


def end_for_signature(signed_in: SignedIn, code: str, *, reason: str, row_version: int) -> DossierView:
    """End a dossier whose signature nobody could prove. Raises as `refuse_signature` does; NotAllowed ACC-020."""
    actor, dossier = at_decision(signed_in, code)
    refuse_signature(actor=actor, at=now(), dossier_id=dossier.dossier_id, row_version=row_version, reason=reason, sender=partners().sender)
    return get_dossier(code)


def at_decision(signed_in: SignedIn, code: str) -> tuple[Actor, DossierView]:
    """An officer who takes part in deciding this dossier. Raises NotFound DOS-002; NotAllowed ACC-020."""
    actor, officer = signed_in.officer("decide")
    dossier = get_dossier(code)
    check_decide(actor, procedure=dossier.procedure_slug, officer=officer)
    return actor, dossier


def at_documents(signed_in: SignedIn, code: str) -> tuple[Actor, DossierView]:
    """An officer who may see the documents of this dossier. Raises NotFound DOS-002; NotAllowed ACC-020."""
    actor, officer = signed_in.officer("queue")
    check_see_documents(actor, officer=officer)
    return actor, get_dossier(code)


def open_document(signed_in: SignedIn, code: str, sha256: str) -> OpenedDocument:
    """A document as stored. Whom it names is not known, so it is a look at everybody of the dossier. Raises NotFound API-016."""
    actor, dossier = at_documents(signed_in, code)
    media_type = _media_type(dossier, sha256)
    _look_at_document(actor, dossier)
    return OpenedDocument(content=read_blob(sha256), media_type=media_type)


def count_sheets_of(signed_in: SignedIn, code: str, sha256: str) -> tuple[str, int]:
    """(media type, how many sheets can be looked at one by one; 0: it is to be saved). Shows nothing of it. Raises NotFound API-016."""
    _, dossier = at_documents(signed_in, code)
    media_type = _media_type(dossier, sha256)
    return media_type, int(media_type in (JPEG, PNG)) or (count_sheets(read_blob(sha256)) if media_type == PDF else 0)


def open_sheet(signed_in: SignedIn, code: str, sha256: str, number: int) -> OpenedDocument:
    """One sheet of a scan, counted from 1: a look as at the whole of it. Raises NotFound API-016."""
    actor, dossier = at_documents(signed_in, code)
    _media_type(dossier, sha256)
    sheet = find_sheet(read_blob(sha256), number)
    if sheet is None:
        raise NotFound(NO_DOCUMENT)
    _look_at_document(actor, dossier)
    return OpenedDocument(content=sheet.content, media_type=sheet.media_type)


def _media_type(dossier: DossierView, sha256: str) -> str:
    """Of a document that the filer supplied. Raises NotFound API-016: what registers answered is not handed out."""
    for component in list_components(dossier.dossier_id):
        is_filers = not component.is_reused or component.source_kind == SourceKind.WAREHOUSE.value
        if component.content_sha256 == sha256 and is_filers:
            return component.media_type or "application/octet-stream"
    raise NotFound(NO_DOCUMENT)


def _look_at_document(actor: Actor, dossier: DossierView) -> None:
    look_at_lines(actor, dossier, list_all_lines(dossier.dossier_id), "document")
