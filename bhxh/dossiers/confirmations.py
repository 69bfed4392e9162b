"""What a filing is proven by where no certificate signs it: the e-ID account's sealed confirmation, or the national portal's word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bhxh.dossiers.errors import (
    DOS_CONFIRMATION_USED,
    DOS_CONFIRMED_BY_ANOTHER,
    DOS_NO_SUBMISSION_PROOF,
    DOS_SIGNATURE_MISSING,
)
from bhxh.dossiers.facts import Confirmation, EidConfirmation, Filer, PortalConfirmation, Proof
from bhxh.dossiers.procedure import Procedure
from bhxh.kernel.actor import Actor, ActorKind
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid, NotAllowed
from bhxh.signing.confirmations import Confirmed, PartyKind, SignerKind, VerifiedConfirmation, verify_confirmation
from bhxh.signing.keysets import KeySet
from bhxh.signing.ports import SealKey
from bhxh.signing.signers import SignerCertificate
from bhxh.signing.xml_door import parse_xml, signed_form

USED_WITHIN: Final = timedelta(seconds=60)
"""LIMIT: a confirmation is sealed in the request that files by it; one that is older was kept back to be used again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document whose proof holds, whichever way it was proven."""

    signed_content: bytes
    proof: Proof
    signer: SignerCertificate | None = None
    """Whose certificate signed it, where one did."""
    others: Mapping[str, SignerCertificate] = field(default_factory=dict)
    """By role: whoever else signed it."""
    confirmed: Confirmed | None = None
    sealed: bytes = b""
    """The confirmation itself, to be kept once everything else holds."""
    portal_pin: str = ""


def file_act(procedure_slug: str) -> str:
    """How a confirmation names the act of filing."""
    return f"file:{procedure_slug}"


def media_type_of(content: bytes) -> str:
    """Canonical documents are JSON or XML."""
    return "application/json" if content.lstrip().startswith(b"{") else "application/xml"


def confirmable_content(document: bytes, procedure: Procedure) -> bytes:
    """The very bytes that are shown, confirmed and filed: of XML the canonical form, the one a certificate would sign. Raises Invalid SIG."""
    profile = procedure.signature_profile
    return document if profile is None else signed_form(parse_xml(document, maximum_bytes=profile.maximum_bytes))


def open_confirmed(*, procedure: Procedure, document: bytes, confirmation: Confirmation, at: datetime, key: SealKey) -> Opened:
    """Check what stands instead of a certificate, by itself; whether it is the filer's, `check_confirmed` says.

    Raises: Invalid DOS-005 where the rule in force asks for a certificate; DOS-041; SIG-040 to SIG-046, SIG-072, SIG-073; NotAllowed
            SIG-070, SIG-071.
    """
    if procedure.signature_rule(day_in_vietnam(at)).needs_certificate:
        raise Invalid(DOS_SIGNATURE_MISSING)
    match confirmation:
        case EidConfirmation():
            return _open_eid(procedure, document, confirmation, at, key)
        case PortalConfirmation():
            return _open_portal(document, confirmation)


def check_confirmed(opened: Opened, *, actor: Actor, filer: Filer, acting_pin: str, person_pin: str) -> None:
    """The confirmation is by whoever files, for whom the document says. Raises NotAllowed DOS-040; Invalid DOS-025 for the portal's."""
    if opened.confirmed is None:
        if not opened.portal_pin or opened.portal_pin not in (acting_pin, person_pin):
            raise Invalid(DOS_NO_SUBMISSION_PROOF)
        return
    signer, party = opened.confirmed.signer, opened.confirmed.party
    # WHY the account before the number: the number of an acting person who takes part nowhere is not known here.
    is_officers = signer.kind is SignerKind.OFFICER
    is_actors_own = (
        signer.account == actor.account
        and is_officers == (actor.kind is ActorKind.OFFICER)
        and (is_officers or not acting_pin or signer.pin == acting_pin)
    )
    match party.kind:
        case PartyKind.SELF:
            is_for_filer = filer.person_id is not None and actor.person_id == filer.person_id and signer.pin == person_pin
        case PartyKind.PERSON:
            is_for_filer = (
                filer.person_id is not None and actor.on_behalf_of_person_id == filer.person_id and party.identifier == person_pin
            )
        case PartyKind.ORGANISATION:
            is_for_filer = filer.employer_id is not None and party.identifier == filer.masked_id
    if not (is_actors_own and is_for_filer):
        raise NotAllowed(DOS_CONFIRMED_BY_ANOTHER)


def _open_eid(procedure: Procedure, document: bytes, confirmation: EidConfirmation, at: datetime, key: SealKey) -> Opened:
    content = confirmable_content(document, procedure)
    verified = verify_confirmation(confirmation.sealed, keys=_published(key), content=content)
    confirmed = verified.confirmed
    if confirmed.act != file_act(procedure.slug):
        raise NotAllowed(DOS_CONFIRMED_BY_ANOTHER)
    if not timedelta() <= at - confirmed.confirmed_at <= USED_WITHIN:
        raise Invalid(DOS_CONFIRMATION_USED)
    kind = "counter" if confirmed.signer.kind is SignerKind.OFFICER else "eid"
    proof = Proof(kind=kind, is_pending=False, facts=_facts(verified))
    return Opened(signed_content=content, proof=proof, confirmed=confirmed, sealed=confirmation.sealed)


def _facts(verified: VerifiedConfirmation) -> dict[str, Json]:
    one = verified.confirmed
    return {
        "confirmation_id": str(one.confirmation_id),
        "confirmation_sha256": verified.sha256,
        "kid": verified.kid,
        "confirmed_at": one.confirmed_at.isoformat(),
        "authenticated_at": one.login.authenticated_at.isoformat(),
        "assurance_level": one.login.assurance_level,
        "session_sha256": one.login.session_sha256,
        "device": one.login.device,
        "acted_for": one.party.kind.value,
        "by_right": one.party.right,
        "rule": one.rule,
    }


def _open_portal(document: bytes, confirmation: PortalConfirmation) -> Opened:
    facts: dict[str, Json] = {
        "message_sha256": confirmation.message_sha256,
        "confirmed_at": confirmation.confirmed_at.isoformat(),
        "assurance_level": confirmation.assurance_level,
    }
    return Opened(signed_content=document, proof=Proof(kind="portal", is_pending=False, facts=facts), portal_pin=confirmation.subject_pin)


def _published(key: SealKey) -> KeySet:
    return KeySet.from_json(canonical_bytes({"keys": [key.public_jwk()]}))
