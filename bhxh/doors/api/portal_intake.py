"""The national portal's signed intake: a dossier that a citizen confirmed there. The portal's signature is the proof."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Status

from bhxh.access.flows import actor_for_portal
from bhxh.access.permissions import check_file
from bhxh.access.representation import HolderFacts, check_holder
from bhxh.access.roles import Grant
from bhxh.audit.commands import record_look
from bhxh.connectors.npsp.intake import UNKNOWN_KEY, PortalIntake, read_intake
from bhxh.doors.admission import admit, lets_in
from bhxh.doors.api.errors import API_NO_PORTAL_PERSON, API_PORTAL_PROCEDURE
from bhxh.doors.api.shapes import ReceiptOut, takes
from bhxh.doors.partners import partners
from bhxh.dossiers import catalogue, flows
from bhxh.dossiers.facts import Channel, PortalConfirmation
from bhxh.dossiers.procedure import Composer
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import machine
from bhxh.registry.queries import find_person

router = Router(tags=["national portal"])
_CLIENT = "npsp"
"""The portal is a program like any other: `bhxh program npsp --grants FILE_FOR_PERSONS` lets it in."""


@router.post(
    "/intakes",
    response={200: ReceiptOut, 201: ReceiptOut},
    auth=None,
    summary="A dossier handed over by the national portal",
    openapi_extra=takes("application/jose"),
)
@lets_in(machine(Grant.FILE_FOR_PERSONS), proof="the portal's signature over the dossier")
def take(request: HttpRequest) -> Status[ReceiptOut]:
    """The body is the portal's compact JWS (application/jose). The same dossier again gives the first receipt."""
    at, known = now(), partners()
    intake = _read(request.body, at)
    slug, compose = _procedure_of(intake.procedure_code)
    person = find_person("PIN", intake.pin)
    if person is None or person.managed_by != known.custodian:
        raise Invalid(API_NO_PORTAL_PERSON)
    check_holder(HolderFacts(is_kept_here=True, is_deceased=person.vital_status == "DECEASED"))
    actor, portal = actor_for_portal(
        client_id=_CLIENT,
        person_id=person.person_id,
        assurance_level=intake.assurance_level,
        at=at,
        request_id=str(request.META["BHXH_REQUEST_ID"]),
        purpose=slug,
    )
    check_file(admit(actor), filer="person", person_id=person.person_id, machine=portal)
    view = flows.receive(
        actor=actor,
        at=at,
        procedure_slug=slug,
        channel=Channel.NPSP,
        document=compose(intake.pin, intake.form, asked_on=day_in_vietnam(intake.confirmed_at)),
        idempotency_key=f"npsp:{intake.portal_reference}",
        portal_reference=intake.portal_reference,
        confirmation=_confirmation(intake),
        deps=known.receiving(at),
    )
    record_look(actor=actor, at=at, person_id=person.person_id, what="receipt", dossier_id=view.dossier_id)
    return Status(200 if view.is_repeat else 201, ReceiptOut.of(view))


def _read(message: bytes, at: datetime) -> PortalIntake:
    """With the portal's keys as kept; a key we do not know makes us fetch them once more."""
    known = partners()
    try:
        return read_intake(message, keys=known.portal_keys.get(), audience=known.eid_audience, at=at)
    except Invalid as error:
        if error.parameters.get("reason") != UNKNOWN_KEY:
            raise
    return read_intake(message, keys=known.portal_keys.get(is_refresh_wanted=True), audience=known.eid_audience, at=at)


def _procedure_of(code: str) -> tuple[str, Composer]:
    for procedure in catalogue.list_procedures():
        if code in (procedure.slug, procedure.code) and procedure.compose is not None:
            return procedure.slug, procedure.compose
    raise Invalid(API_PORTAL_PROCEDURE, code=code[:60])


def _confirmation(intake: PortalIntake) -> PortalConfirmation:
    return PortalConfirmation(
        subject_pin=str(intake.pin),
        message_sha256=sha256_hex(intake.document),
        confirmed_at=intake.confirmed_at,
        assurance_level=intake.assurance_level,
    )
