"""The counter: an officer files for whoever stands there and cannot sign in (R-028); the person answers later. For pages and the API alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from bhxh.access.permissions import check_file_at_counter
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.audit.commands import record_look
from bhxh.doors.errors import NO_COUNTER_PERSON
from bhxh.doors.partners import partners
from bhxh.doors.signatory import officer_as_signatory, signatory_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.counter_commands import refuse_counter_filing
from bhxh.dossiers.counter_flows import confirm_later, file_for_person
from bhxh.dossiers.counter_queries import get_counter_filing_by_code
from bhxh.dossiers.facts import ReceiptView, WhyAtCounter
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import officer as officer_who
from bhxh.registry.queries import PersonSummary

RECEPTIONISTS: Final = officer_who(OfficerRole.RECEPTION)
_DEAD = "DECEASED"


def at_counter(signed_in: SignedIn, purpose: str) -> tuple[Actor, OfficerFacts]:
    """The officer at the counter, before anybody stands there. Raises NotAllowed as `SignedIn.officer`, ACC-020."""
    actor, officer = signed_in.officer(purpose)
    check_file_at_counter(actor, officer=officer)
    return actor, officer


def for_whom(actor: Actor, officer: OfficerFacts, person: PersonSummary | None) -> Actor:
    """The officer, acting for this person.

    Raises: Invalid API-030 where nothing can be filed for them; NotAllowed ACC-020 for oneself.
    """
    if person is None or person.managed_by != partners().custodian or person.vital_status == _DEAD:
        raise Invalid(NO_COUNTER_PERSON, where="pin")
    check_file_at_counter(actor, person_id=person.person_id, officer=officer)
    return replace(actor, on_behalf_of_person_id=person.person_id)


def file_for(
    request: HttpRequest,
    signed_in: SignedIn,
    actor: Actor,
    *,
    pin: str,
    procedure_slug: str,
    form: Mapping[str, Any],
    why: WhyAtCounter,
    idempotency_key: str = "",
    items: Sequence[tuple[str, UUID]] = (),
) -> ReceiptView:
    """File for the person `actor` acts for; they see the look, and are asked by letter to confirm or refuse. Raises as `file_for_person`."""
    at = now()
    view = file_for_person(
        actor=actor,
        at=at,
        pin=Pin.parse(pin),
        procedure_slug=procedure_slug,
        form=form,
        why=why,
        signatory=officer_as_signatory(request, signed_in, actor),
        idempotency_key=idempotency_key,
        items=items,
        deps=partners().receiving(at),
    )
    assert actor.on_behalf_of_person_id is not None, "an officer files for a person"
    record_look(actor=actor, at=at, person_id=actor.on_behalf_of_person_id, what="counter_filing", dossier_id=view.dossier_id)
    return view


def confirm_own(request: HttpRequest, signed_in: SignedIn, actor: Actor, code: str, *, content_sha256: str) -> None:
    """Needs a sign-in of the last minutes; sealed as if they had filed it. Raises NotAllowed ACC-030; as `get_counter_filing_by_code`, `confirm_later`."""
    at = now()
    filing = get_counter_filing_by_code(code, person_id=actor.for_person_id)
    signatory = signatory_of(request, signed_in, actor)
    confirm_later(
        actor=actor,
        at=at,
        dossier_id=filing.dossier_id,
        content_sha256=content_sha256,
        signatory=signatory,
        deps=partners().receiving(at),
    )


def refuse_own(actor: Actor, code: str) -> bool:
    """Whether the dossier is taken back by it. Raises as `get_counter_filing_by_code`, `refuse_counter_filing`."""
    filing = get_counter_filing_by_code(code, person_id=actor.for_person_id)
    return refuse_counter_filing(actor=actor, at=now(), dossier_id=filing.dossier_id)
