"""From an e-ID's answer to a signed-in browser, and from its notice to a signed-out one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bhxh.access.errors import ACC_NOT_SIGNED_IN_ANEW, NotSignedIn
from bhxh.access.flows import check_level
from bhxh.access.ports import IdentityProvider
from bhxh.access.queries import find_account_by_reference
from bhxh.access.session_commands import begin_session, end_session, end_signed_out, forget_ended, renew_session
from bhxh.access.session_queries import check_not_signed_out, has_ended
from bhxh.access.sessions import Session, SessionRules, digest_of, is_fresh, new_secret, own_roles
from bhxh.access.sign_in_requests import SignInRequest
from bhxh.access.tokens import EidClaims
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis, system_actor


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser gets, and what was found out about its holder."""

    secret: str
    session_id: UUID
    claims: EidClaims
    is_renewed: bool


def holder(claims: EidClaims, *, request_id: str) -> Actor:
    """Whoever signs in, chooses a role or signs out: the account's holder, whatever they act as otherwise."""
    known = find_account_by_reference(claims.account)
    return Actor(
        kind=ActorKind.PERSON,
        account=claims.account,
        request_id=request_id,
        purpose="sign_in",
        legal_basis=LegalBasis.OWN_DATA,
        person_id=known.person_id if known else None,
        assurance_level=claims.assurance_level,
    )


def sign_in(
    *,
    provider: IdentityProvider,
    request: SignInRequest,
    code: str,
    sender: str | None,
    present: Session | None,
    device: str,
    at: datetime,
    request_id: str,
    rules: SessionRules,
) -> NewSession:
    """Redeem a code. The same account in the same browser goes on where it was, under a new secret; anybody else begins anew.

    WHY always a new secret: one that somebody else may have put into this browser before must not be signed in by it.
    Raises: NotSignedIn ACC-001 to ACC-003, ACC-007, ACC-009, ACC-033, ACC-036, ACC-039; NotAllowed ACC-010; Trouble.
    """
    claims = provider.redeem(request=request, code=code, sender=sender, at=at)
    check_level(claims.assurance_level)
    if request.is_fresh_wanted and not is_fresh(claims, at=at, within=rules.fresh):
        raise NotSignedIn(ACC_NOT_SIGNED_IN_ANEW)
    check_not_signed_out(claims)
    actor, secret = holder(claims, request_id=request_id), new_secret()
    if present is not None and present.claims.account == claims.account:
        renew_session(actor=actor, at=at, session_id=present.session_id, claims=claims, secret_sha256=digest_of(secret), rules=rules)
        return NewSession(secret, present.session_id, claims, is_renewed=True)
    if present is not None:
        left = holder(present.claims, request_id=request_id)
        end_session(actor=left, at=at, session_id=present.session_id, account=present.claims.account)
    session_id = begin_session(
        actor=actor,
        at=at,
        claims=claims,
        secret_sha256=digest_of(secret),
        acting_as=own_roles(claims.account_type)[0],
        device=device,
        rules=rules,
    )
    return NewSession(secret, session_id, claims, is_renewed=False)


def take_notice(token: str, *, provider: IdentityProvider, at: datetime, request_id: str) -> int:
    """The e-ID says that somebody signed out there. Returns how many sessions ended here.

    Raises: NotSignedIn ACC-001 to ACC-004; Trouble.
    """
    notice = provider.read_notice(token, at=at)
    return end_signed_out(actor=system_actor(name="access", request_id=request_id, purpose="sign_out"), at=at, notice=notice)


def sweep(at: datetime, *, request_id: str, rules: SessionRules) -> int:
    """Remove sessions that are over. Returns how many."""
    if not has_ended(at, rules=rules):
        return 0
    return forget_ended(actor=system_actor(name="access", request_id=request_id, purpose="sign_out"), at=at, rules=rules)
