"""A person, or whoever represents them, decides about their data: granting after a fresh sign-in, refusing, ending. Shared by the doors."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from bhxh.access.consent_commands import refuse_consent
from bhxh.access.consent_queries import get_request
from bhxh.access.consents import ConsentView, GrantProof
from bhxh.access.permissions import check_decide_consent, check_see_consents, check_withdraw_consent
from bhxh.audit.commands import record_look
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.sharing.commands import grant, withdraw

PURPOSE: Final = "own_consents"


def see_consents(signed_in: SignedIn) -> tuple[Actor, int]:
    """Whoever looks at requests and consents, and whose they are; the look is written down. Raises NotAllowed ACC-020."""
    actor = signed_in.actor(PURPOSE)
    person_id = actor.for_person_id or 0
    check_see_consents(actor, person_id=person_id)
    record_look(actor=actor, at=now(), person_id=person_id, what="consents")
    return actor, person_id


def grant_request(signed_in: SignedIn, request_id: UUID, *, fields: Collection[str], until_on: date) -> ConsentView:
    """Grant all or a part. Raises NotAllowed ACC-020, ACC-030; as `sharing.commands.grant` besides."""
    actor, at, known = signed_in.actor(PURPOSE), now(), partners()
    person_id = actor.for_person_id or 0
    check_decide_consent(actor, person_id=person_id)
    get_request(request_id, at=at, person_id=person_id)  # WHY first: nobody signs in again for what is not there
    consent = grant(
        actor=actor,
        at=at,
        person_id=person_id,
        request_id=request_id,
        fields=fields,
        until_on=until_on,
        proof=_proof(signed_in, actor),
        issuer=known.receipt_issuer,
        key=known.keys.seal_key("consent"),
    )
    record_look(actor=actor, at=at, person_id=person_id, what="consents")
    return consent


def refuse_request(signed_in: SignedIn, request_id: UUID) -> None:
    """Without a reason and without a fresh sign-in. Raises NotAllowed ACC-020; as `refuse_consent` besides."""
    actor = signed_in.actor(PURPOSE)
    check_decide_consent(actor, person_id=actor.for_person_id or 0)
    refuse_consent(actor=actor, at=now(), person_id=actor.for_person_id or 0, request_id=request_id)


def end_consent(signed_in: SignedIn, consent_id: UUID) -> ConsentView:
    """From now on. No fresh sign-in: ending it is easier than granting it. Raises NotAllowed ACC-020; NotFound ACC-148."""
    actor, at = signed_in.actor(PURPOSE), now()
    check_withdraw_consent(actor, person_id=actor.for_person_id or 0)
    consent = withdraw(actor=actor, at=at, person_id=actor.for_person_id or 0, consent_id=consent_id, issuer=partners().receipt_issuer)
    record_look(actor=actor, at=at, person_id=consent.person_id, what="consents")
    return consent


def _proof(signed_in: SignedIn, actor: Actor) -> GrantProof:
    """How the person was known, and when. A fresh sign-in is demanded: what is granted here is read by others. Raises NotAllowed ACC-030."""
    signed_in.check_fresh()
    claims, session = signed_in.claims, signed_in.session
    assert claims.signed_in_at is not None, "what is fresh has an instant"
    return GrantProof(
        authenticated_at=claims.signed_in_at,
        assurance_level=claims.assurance_level,
        session_sha256=session.secret_sha256 if session else sha256_hex(claims.jti.encode()),
        is_by_representative=actor.on_behalf_of_person_id is not None,
    )
