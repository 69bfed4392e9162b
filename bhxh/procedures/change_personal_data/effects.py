"""What a granted change does: facts with their source, contact, account, card. One transaction; the engine seals the book anew."""

from collections.abc import Mapping
from dataclasses import replace

from bhxh.dossiers.procedure import Effects, EffectsRequest, GrantedLine
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict
from bhxh.procedures.change_personal_data.errors import CPD_NO_CARD, CPD_NOTHING_TO_TAKE_OVER
from bhxh.procedures.change_personal_data.form import list_wishes
from bhxh.procedures.change_personal_data.identity import Held, facts_of, find_said
from bhxh.registry.commands import issue_health_cards, lock_persons, record_contacts, record_facts, record_verification
from bhxh.registry.facts import ContactRow, Provenance, Verification, VerificationResult
from bhxh.registry.home_facts import get_contact
from bhxh.registry.present_cover import list_present_cover
from bhxh.registry.queries import get_person

_CONTACT = frozenset({"email", "mobile_phone", "preferred_channel", "address"})


def carry_out(request: EffectsRequest) -> Effects:
    """Carry out the one granted line.

    Raises: Conflict CPD-117, CPD-121 where what was granted cannot be done any more; what the registry raises.
    """
    touched = {granted.line.number: _change(request, granted, granted.subject.person_id) for granted in request.lines if granted.subject}
    return Effects(touched_person_ids=tuple(touched.values()), person_id_by_line=touched)


def _change(request: EffectsRequest, granted: GrantedLine, person_id: int) -> int:
    lock_persons([person_id])
    wishes = granted.line.content
    if "identity" in list_wishes(wishes):
        _take_over(request, granted, person_id)
    if _CONTACT & set(list_wishes(wishes)):
        _record_contact(request, wishes, person_id)
    if wishes.get("bank"):
        account = {"bank": wishes["bank"], "number": wishes["bank_account"], "holder": get_person(person_id).full_name}
        record_facts(
            actor=request.actor,
            at=request.at,
            person_id=person_id,
            facts={"bank_account": account},
            valid_from=day_in_vietnam(request.at),
            provenance=_said_by_filer(request),
        )
    if wishes.get("facility"):
        _change_facility(request, str(wishes["facility"]), person_id)
    return person_id


def _take_over(request: EffectsRequest, granted: GrantedLine, person_id: int) -> None:
    """WHY compared again: another dossier may have changed the person since the rules looked."""
    said, answer = find_said(granted.answer), granted.answer
    if said is None or answer is None:
        raise Conflict(CPD_NOTHING_TO_TAKE_OVER)
    source = Provenance(
        source_kind=answer.source_kind.value,
        source_system=answer.source_system,
        source_record_id=answer.record_id,
        fetched_at=answer.fetched_at,
        content_sha256=answer.content_sha256,
        dossier_id=request.dossier_id,
    )
    person = get_person(person_id)
    assert person.birth_on is not None, "a person kept here has a birth date"
    held = Held.of(full_name=person.full_name, birth_on=person.birth_on.isoformat(), birth_precision=person.birth_precision, sex=person.sex)
    facts = facts_of(held, said)
    if facts:
        record_facts(
            actor=request.actor,
            at=request.at,
            person_id=person_id,
            facts=facts,
            valid_from=day_in_vietnam(request.at),
            provenance=source,
        )
    result = VerificationResult(person_id=person_id, verification=Verification.VERIFIED)
    record_verification(actor=request.actor, at=request.at, results=[result], provenance=source)


def _record_contact(request: EffectsRequest, wishes: Mapping[str, Json], person_id: int) -> None:
    now = get_contact(person_id)
    row = ContactRow(
        person_id=person_id,
        email=str(wishes["email"] or now.email),
        mobile_phone=str(wishes["mobile_phone"] or now.mobile_phone),
        # WHY together: a commune belongs to its address.
        current_ward=str(wishes["ward"]) if wishes["address"] else now.ward,
        current_street=str(wishes["address"] or now.street),
        preferred_channel=str(wishes["preferred_channel"] or now.preferred_channel or "EMAIL"),
    )
    record_contacts(actor=request.actor, at=request.at, rows=[row], provenance=_said_by_filer(request))


def _change_facility(request: EffectsRequest, facility: str, person_id: int) -> None:
    cards = list_present_cover([person_id], on=day_in_vietnam(request.at))[person_id].cards
    if not cards:
        raise Conflict(CPD_NO_CARD)
    rows = [replace(card, facility_code=facility) for card in cards]
    issue_health_cards(actor=request.actor, at=request.at, rows=rows, provenance=_said_by_filer(request))


def _said_by_filer(request: EffectsRequest) -> Provenance:
    return Provenance(
        source_kind="SUBMITTER",
        source_system="change_personal_data",
        source_record_id=request.dossier_code,
        fetched_at=request.at,
        dossier_id=request.dossier_id,
    )
