"""What a filer does with a dossier after filing: follow its history, take it back, answer a supplement request."""

from typing import Annotated

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from bhxh.access.permissions import check_withdraw
from bhxh.doors.admission import lets_in
from bhxh.doors.api.act_shapes import ActedOut, ReusedItemsIn, StepOut, WithdrawalIn
from bhxh.doors.api.dossiers import look_at_filer, own_dossier, standing_and_dossier
from bhxh.doors.api.shapes import Code, RowVersion
from bhxh.doors.api.warehouse_shapes import named_papers
from bhxh.doors.own_dossiers import check_file_further
from bhxh.doors.partners import partners
from bhxh.doors.uploads import read_attachments
from bhxh.dossiers import flows
from bhxh.dossiers.commands import withdraw
from bhxh.dossiers.policies import FILERS, FILERS_AND_PROGRAMS
from bhxh.dossiers.queries import get_dossier, list_history
from bhxh.kernel.clock import now

router = Router(tags=["dossiers"])

Documents = Annotated[list[UploadedFile], File(description="PDF, JPEG or PNG; together no larger than one upload", max_length=20)]
Components = Annotated[
    str,
    Form(
        description="codes of the components the documents are for, in their order: contract,identity",
        max_length=1000,
        pattern=r"^[A-Za-z0-9_,-]*$",
    ),
]


@router.get("/{code}/history", response=list[StepOut], summary="Every step of a dossier, with time and reason")
@lets_in(FILERS_AND_PROGRAMS)
def show_history(request: HttpRequest, code: Code) -> list[StepOut]:
    """In order (R-066)."""
    actor, dossier = own_dossier(request, code)
    look_at_filer(actor, dossier, "dossier")
    return [StepOut.of(step) for step in list_history(dossier.dossier_id)]


@router.post("/{code}/withdrawal", response=ActedOut, summary="Take a dossier back, until a decision is signed")
@lets_in(FILERS)
def take_back(request: HttpRequest, code: Code, body: WithdrawalIn) -> ActedOut:
    """Asked for again after it was done, it answers the same (R-086)."""
    who, dossier = standing_and_dossier(request, code)
    check_withdraw(
        who.actor,
        filer_person_id=dossier.person_id,
        filer_employer_id=dossier.employer_id,
        procedure=dossier.procedure_slug,
        authority=who.authority,
    )
    withdraw(actor=who.actor, at=now(), dossier_id=dossier.dossier_id, reason=body.reason, row_version=body.row_version)
    return ActedOut.of(get_dossier(code))


@router.post("/{code}/supplement", response=ActedOut, summary="Answer a supplement request with documents")
@lets_in(FILERS_AND_PROGRAMS)
def supply(
    request: HttpRequest, code: Code, documents: Documents, row_version: Annotated[RowVersion, Form()], components: Components = ""
) -> ActedOut:
    """The limit restarts. The same documents sent again answer the same. Corrected lines are filed as a new list."""
    who, dossier = standing_and_dossier(request, code)
    check_file_further(who, dossier)
    at = now()
    flows.answer_supplement(
        actor=who.actor,
        at=at,
        dossier_id=dossier.dossier_id,
        attachments=read_attachments(documents, components.split(",")),
        deps=partners().receiving(at),
        row_version=row_version,
    )
    return ActedOut.of(get_dossier(code))


@router.post("/{code}/supplement/items", response=ActedOut, summary="Answer a supplement request with papers of the warehouse")
@lets_in(FILERS_AND_PROGRAMS)
def supply_items(request: HttpRequest, code: Code, body: ReusedItemsIn) -> ActedOut:
    """Nothing is sent again (R-041): each item is named by its id. What is new is kept in the warehouse first. The same items again answer the same."""
    who, dossier = standing_and_dossier(request, code)
    check_file_further(who, dossier)
    at = now()
    flows.answer_supplement(
        actor=who.actor,
        at=at,
        dossier_id=dossier.dossier_id,
        attachments=(),
        items=named_papers(body.items, otherwise="supplement"),
        deps=partners().receiving(at),
        row_version=body.row_version,
    )
    return ActedOut.of(get_dossier(code))
