"""A filer's own dossiers: where they stand, line by line, with receipt, results and decisions."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bhxh.access.authority import Standing
from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.api.errors import API_NOT_CONFIRMED, API_NOT_FOUND
from bhxh.doors.api.letter_shapes import DossierWithLettersOut, MailAddressIn, SentAgainOut
from bhxh.doors.api.shapes import SEALED, After, Code, DossierOut, LineOut, Number, ResultOut, produces
from bhxh.doors.dossier_looks import look_at_lines
from bhxh.doors.own_dossiers import check_file_further, find_own, may_see
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.confirmations import media_type_of
from bhxh.dossiers.facts import DecisionView, DossierView
from bhxh.dossiers.mail_commands import change_mail_address
from bhxh.dossiers.policies import FILERS_AND_PROGRAMS
from bhxh.dossiers.queries import find_receipt, get_decisions, list_all_lines, list_dossiers, list_lines
from bhxh.dossiers.rendering import payload_of, render_decision_pdf, render_receipt_pdf
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound
from bhxh.notices.letters import KINDS_TO_FILER
from bhxh.notices.queries import list_messages
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import StoredItem, list_items, read_item
from bhxh.warehouse.store import read_blob

router = Router(tags=["dossiers"])
_JOSE = "application/jose+json"


@router.get("", response=list[DossierOut], summary="The filer's own dossiers, newest first")
@lets_in(FILERS_AND_PROGRAMS)
def list_own(request: HttpRequest) -> list[DossierOut]:
    """At most a page."""
    who = _standing(request)
    actor = who.actor
    if actor.employer_id is None and actor.for_person_id is None:  # a program that names no organisation
        return []
    filer = {"employer_id": actor.employer_id} if actor.employer_id is not None else {"person_id": actor.for_person_id}
    if actor.for_person_id is not None and actor.employer_id is None:  # an employer's list names nobody
        record_looks(actor=actor, at=now(), person_ids=[actor.for_person_id], what="dossiers")
    return [DossierOut.of(view) for view in list_dossiers(**filer) if may_see(who, view)]


@router.get("/{code}", response=DossierWithLettersOut, summary="Where a dossier stands, and whether its letters arrived")
@lets_in(FILERS_AND_PROGRAMS)
def show(request: HttpRequest, code: Code) -> DossierWithLettersOut:
    """State, clock and counts; each letter to the filer with what became of it."""
    actor, dossier = own_dossier(request, code)
    look_at_filer(actor, dossier, "dossier")
    return DossierWithLettersOut.with_letters(dossier, list_messages(dossier.dossier_id, kinds=KINDS_TO_FILER))


@router.post("/{code}/mail-address", response=SentAgainOut, summary="Correct the address for letters; those that failed are sent again")
@lets_in(FILERS_AND_PROGRAMS)
def correct_mail_address(request: HttpRequest, code: Code, content: MailAddressIn) -> SentAgainOut:
    """Of this dossier only; five times at most for each letter."""
    who, dossier = standing_and_dossier(request, code)
    check_file_further(who, dossier)
    again = change_mail_address(actor=who.actor, at=now(), dossier_id=dossier.dossier_id, email=content.email)
    return SentAgainOut(letters_again=again)


@router.get("/{code}/lines", response=list[LineOut], summary="Verdicts line by line")
@lets_in(FILERS_AND_PROGRAMS)
def show_lines(request: HttpRequest, code: Code, after: After = 0) -> list[LineOut]:
    """A page of lines after a line number."""
    actor, dossier = own_dossier(request, code)
    lines = list_lines(dossier.dossier_id, after_number=after)
    look_at_lines(actor, dossier, lines, "dossier_line")
    return [LineOut.of(line) for line in lines]


@router.get("/{code}/receipt", summary="The sealed receipt", openapi_extra=produces(_JOSE, SEALED))
@lets_in(FILERS_AND_PROGRAMS)
def show_receipt(request: HttpRequest, code: Code) -> HttpResponse:
    """Flattened JWS."""
    return HttpResponse(_receipt(request, code), content_type=_JOSE)


@router.get(
    "/{code}/receipt.pdf",
    summary="The receipt and appointment as a letter to read, with the sealed receipt attached",
    openapi_extra=produces("application/pdf"),
)
@lets_in(FILERS_AND_PROGRAMS)
def show_receipt_pdf(request: HttpRequest, code: Code) -> HttpResponse:
    """PDF/A-3 and PDF/UA as the writer claims."""
    receipt = _receipt(request, code)
    return _pdf(render_receipt_pdf(payload_of(receipt), receipt), f"giay-tiep-nhan-{code}")


@router.get("/{code}/document", summary="The document as filed: what was confirmed or signed", openapi_extra=produces("*/*"))
@lets_in(FILERS_AND_PROGRAMS)
def show_document(request: HttpRequest, code: Code) -> HttpResponse:
    """The very bytes a confirmation names by digest; of a signed list the XML with its signature."""
    actor, dossier = own_dossier(request, code)
    look_at_lines(actor, dossier, list_all_lines(dossier.dossier_id), "document")
    content = read_blob(dossier.document_sha256)
    response = HttpResponse(content, content_type=media_type_of(content))
    response["Content-Disposition"] = "attachment"
    return response


@router.get("/{code}/confirmation", summary="The sealed confirmation that stands for a signature", openapi_extra=produces(_JOSE, SEALED))
@lets_in(FILERS_AND_PROGRAMS)
def show_confirmation(request: HttpRequest, code: Code) -> HttpResponse:
    """Flattened JWS, verified by `bhxh verify` or any JOSE library: who confirmed which content, how freshly signed in."""
    actor, dossier = own_dossier(request, code)
    digest = str(dossier.proof.get("confirmation_sha256", ""))
    if not digest:
        raise NotFound(API_NOT_CONFIRMED)
    if dossier.person_id is not None:  # an employer's names its own clerk
        record_looks(actor=actor, at=now(), person_ids=[dossier.person_id], what="confirmation", dossier_id=dossier.dossier_id)
    return HttpResponse(read_blob(digest), content_type=_JOSE)


# WHY before the sealed decision: its path would take `1.pdf` for a number.
@router.get(
    "/{code}/decisions/{number}.pdf",
    summary="A decision as a letter to read, with the sealed decision attached",
    openapi_extra=produces("application/pdf"),
)
@lets_in(FILERS_AND_PROGRAMS)
def show_decision_pdf(request: HttpRequest, code: Code, number: Number) -> HttpResponse:
    """PDF/A-3 and PDF/UA as the writer claims. A list of 10,000 lines takes about ten seconds the first time."""
    decision = _decision(request, code, number)
    return _pdf(render_decision_pdf(decision.payload, decision.sealed, number=decision.n), f"quyet-dinh-{code}-{decision.n}")


@router.get("/{code}/decisions/{number}", summary="A sealed decision", openapi_extra=produces(_JOSE, SEALED))
@lets_in(FILERS_AND_PROGRAMS)
def show_decision(request: HttpRequest, code: Code, number: Number) -> HttpResponse:
    """Flattened JWS; decisions are numbered from 1."""
    return HttpResponse(_decision(request, code, number).sealed, content_type=_JOSE)


@router.get("/{code}/results", response=list[ResultOut], summary="What was put into the filer's warehouse for this dossier")
@lets_in(FILERS_AND_PROGRAMS)
def show_results(request: HttpRequest, code: Code) -> list[ResultOut]:
    """Kind, title and digest of each item."""
    actor, dossier = own_dossier(request, code)
    look_at_filer(actor, dossier, "results")
    return [
        ResultOut(kind=item.kind, title_vi=item.title_vi, title_en=item.title_en, media_type=item.media_type, sha256=item.sha256)
        for item in list_items(_owner(actor), dossier_id=dossier.dossier_id)
    ]


# WHY before the result itself: its path would take `.pdf` for a part of the digest.
@router.get(
    "/{code}/results/{sha256}.pdf",
    summary="A sealed result as a page to read, with the sealed original attached",
    openapi_extra=produces("application/pdf"),
)
@lets_in(FILERS_AND_PROGRAMS)
def show_result_pdf(request: HttpRequest, code: Code, sha256: str) -> HttpResponse:
    """PDF/A-3 and PDF/UA as the writer claims. Of what the procedure sealed besides its decisions, such as an extract."""
    actor, dossier = own_dossier(request, code)
    item = _result(actor, dossier, sha256)
    render = catalogue.get(dossier.procedure_slug).pages.get(item.kind)
    if render is None:
        raise NotFound(API_NOT_FOUND)
    look_at_lines(actor, dossier, list_all_lines(dossier.dossier_id), item.kind)
    return _pdf(render(read_item(item.item_id)), f"{item.kind}-{code}")


@router.get("/{code}/results/{sha256}", summary="One result document", openapi_extra=produces("*/*"))
@lets_in(FILERS_AND_PROGRAMS)
def show_result(request: HttpRequest, code: Code, sha256: str) -> HttpResponse:
    """The bytes as stored."""
    actor, dossier = own_dossier(request, code)
    item = _result(actor, dossier, sha256)
    look_at_lines(actor, dossier, list_all_lines(dossier.dossier_id), item.kind)
    response = HttpResponse(read_item(item.item_id), content_type=item.media_type)
    response["Content-Disposition"] = "attachment"
    return response


def look_at_filer(actor: Actor, dossier: DossierView, what: str) -> None:
    """What names the filer alone; where that is an employer, nobody."""
    look_at_lines(actor, dossier, (), what)


def _standing(request: HttpRequest) -> Standing:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in.standing("own_dossiers")


def _owner(actor: Actor) -> Owner:
    if actor.employer_id is not None:
        return Owner("employer", actor.employer_id)
    assert actor.for_person_id is not None, "a signed-in citizen is a person"
    return Owner("person", actor.for_person_id)


def _receipt(request: HttpRequest, code: Code) -> bytes:
    actor, dossier = own_dossier(request, code)
    receipt = find_receipt(code)
    if receipt is None:
        raise NotFound(API_NOT_FOUND)
    look_at_filer(actor, dossier, "receipt")
    return receipt.receipt


def _decision(request: HttpRequest, code: Code, number: Number) -> DecisionView:
    actor, dossier = own_dossier(request, code)
    for decision in get_decisions(dossier.dossier_id):
        if decision.n == number:
            decided = {*decision.granted_lines, *decision.refused_lines}
            look_at_lines(actor, dossier, [line for line in list_all_lines(dossier.dossier_id) if line.number in decided], "decision")
            return decision
    raise NotFound(API_NOT_FOUND)


def _result(actor: Actor, dossier: DossierView, sha256: str) -> StoredItem:
    for item in list_items(_owner(actor), dossier_id=dossier.dossier_id):
        if item.sha256 == sha256:
            return item
    raise NotFound(API_NOT_FOUND)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def own_dossier(request: HttpRequest, code: Code) -> tuple[Actor, DossierView]:
    """The dossier, for its filer only, and as far as a mandate reaches. Whether it exists is not told to others."""
    who, dossier = standing_and_dossier(request, code)
    return who.actor, dossier


def standing_and_dossier(request: HttpRequest, code: Code) -> tuple[Standing, DossierView]:
    """The same with the facts that further permissions ask for."""
    who = _standing(request)
    return who, find_own(who, code, absent=API_NOT_FOUND)
