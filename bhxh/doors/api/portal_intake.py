"""The national portal's signed intake: a dossier that a citizen confirmed there. The portal's signature is the proof."""

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.flows import check_level
from bhxh.connectors.npsp.intake import PortalIntake, read_intake
from bhxh.doors.api.errors import API_NO_PORTAL_PERSON, API_PORTAL_PROCEDURE
from bhxh.doors.api.shapes import ReceiptOut
from bhxh.doors.partners import partners
from bhxh.dossiers import catalogue, flows
from bhxh.dossiers.facts import Channel, Confirmation
from bhxh.dossiers.procedure import FilerKind
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.procedures.confirmation_extract.form import compose_document
from bhxh.registry.queries import find_person

router = Router(tags=["national portal"])


@router.post("/intakes", response={200: ReceiptOut, 201: ReceiptOut}, auth=None, summary="A dossier handed over by the national portal")
def take(request: HttpRequest) -> Status[ReceiptOut]:
    """The body is the portal's compact JWS (application/jose). The same dossier again gives the first receipt."""
    at, known = now(), partners()
    intake = read_intake(request.body, keys=known.portal_keys.get(), audience=known.eid_audience, at=at)
    check_level(intake.assurance_level)
    slug = _slug_of(intake.procedure_code)
    person = find_person("PIN", intake.pin)
    if person is None or person.managed_by != known.custodian:
        raise Invalid(API_NO_PORTAL_PERSON)
    actor = Actor(
        kind=ActorKind.MACHINE,
        account="machine:npsp",
        request_id=str(request.META["BHXH_REQUEST_ID"]),
        purpose=slug,
        legal_basis=LegalBasis.OWN_DATA,
        on_behalf_of_person_id=person.person_id,
        assurance_level=intake.assurance_level,
    )
    view = flows.receive(
        actor=actor,
        at=at,
        procedure_slug=slug,
        channel=Channel.NPSP,
        document=compose_document(intake.pin, intake.form),
        idempotency_key=f"npsp:{intake.portal_reference}",
        portal_reference=intake.portal_reference,
        confirmation=_confirmation(intake),
        deps=known.receiving(at),
    )
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


def _slug_of(code: str) -> str:
    for procedure in catalogue.list_procedures():
        if code in (procedure.slug, procedure.code) and procedure.filer is FilerKind.PERSON:
            return procedure.slug
    raise Invalid(API_PORTAL_PROCEDURE, code=code[:60])


def _confirmation(intake: PortalIntake) -> Confirmation:
    return Confirmation(
        kind="portal",
        subject_pin=str(intake.pin),
        assertion_sha256=sha256_hex(intake.document),
        confirmed_at=intake.confirmed_at,
        assurance_level=intake.assurance_level,
    )
