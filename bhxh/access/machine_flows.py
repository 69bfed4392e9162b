"""A program gets a token for an assertion, and acts with it: for an employer only under that employer's mandate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bhxh.access.authority import Standing, employer_reference, machine_reference
from bhxh.access.commands import use_assertion
from bhxh.access.errors import ACC_NO_MACHINE, NotSignedIn
from bhxh.access.machine_errors import ACC_KEY_RETIRED, ACC_SCOPE_NOT_GRANTED
from bhxh.access.machine_queries import find_machine
from bhxh.access.machine_tokens import LIFETIME, ProgramClaims, make_program_token, verify_client_assertion
from bhxh.access.mandate_queries import prove_authority
from bhxh.access.roles import EmployerFacts, Grant, MachineFacts
from bhxh.access.tokens import find_claimed_client
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid
from bhxh.signing.ports import SealKey


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """What the token endpoint answers."""

    access_token: str
    expires_in_s: int
    grants: frozenset[Grant]


def issue_token(
    assertion: str, *, scope: str, audiences: Collection[str], issuer: str, key: SealKey, at: datetime, request_id: str
) -> IssuedToken:
    """A token of ours for an assertion of a registered program, good once (`private_key_jwt`).

    Shape:   `scope` names grants with spaces between; none named: all that are registered.
    Raises:  NotSignedIn ACC-001 to ACC-004, ACC-016; Invalid ACC-122.
    """
    client_id = find_claimed_client(assertion)
    registered = find_machine(client_id=client_id, at=at)
    if registered is None:
        raise NotSignedIn(ACC_NO_MACHINE)
    facts, keys = registered
    jti, kid = verify_client_assertion(assertion, keys=keys, client_id=client_id, audiences=audiences, at=at)
    use_assertion(actor=_actor(facts, facts.grants, request_id=request_id, purpose="sign_in"), at=at, client_id=client_id, jti=jti)
    wanted = frozenset(scope.split()) or facts.grants
    for name in sorted(wanted - {grant.value for grant in facts.grants}):
        raise Invalid(ACC_SCOPE_NOT_GRANTED, where="scope", scope=name[:40])
    grants = frozenset(map(Grant, wanted))
    token = make_program_token(client_id=client_id, kid=kid, grants=grants, issuer=issuer, key=key, at=at)
    return IssuedToken(access_token=token, expires_in_s=int(LIFETIME.total_seconds()), grants=grants)


def machine_for_claims(claims: ProgramClaims, *, at: datetime) -> MachineFacts:
    """The program behind a token, as registered now, with no more grants than the token names.

    Raises: NotSignedIn ACC-016 (retired), ACC-123 (the key it was got with is).
    """
    registered = find_machine(client_id=claims.client_id, at=at)
    if registered is None:
        raise NotSignedIn(ACC_NO_MACHINE)
    facts, keys = registered
    if not any(key.get("kid") == claims.kid for key in keys["keys"]):
        raise NotSignedIn(ACC_KEY_RETIRED)
    return MachineFacts(
        client_id=facts.client_id, name=facts.name, grants=facts.grants & claims.grants, owner_employer_id=facts.owner_employer_id
    )


def standing_for_program(
    facts: MachineFacts,
    *,
    at: datetime,
    request_id: str,
    purpose: str,
    acting_for: EmployerFacts | None = None,
    owner: EmployerFacts | None = None,
) -> Standing:
    """A program at work: for an employer under a mandate that names it, or the organisation that owns it.

    Raises: NotAllowed ACC-014, ACC-101, ACC-102.
    """
    authority = None
    if acting_for is not None:
        holders = [machine_reference(facts.client_id)]
        if owner is not None and not owner.is_dissolved:
            holders.append(employer_reference(owner.employer_id))
        authority = prove_authority(employer=acting_for, pin="", holders=holders, on=day_in_vietnam(at))
    actor = _actor(
        facts,
        facts.grants,
        request_id=request_id,
        purpose=purpose,
        employer_id=acting_for.employer_id if acting_for else None,
        mandate_id=authority.mandate_id if authority else None,
    )
    return Standing(actor=actor, authority=authority, machine=facts)


def _actor(
    facts: MachineFacts,
    grants: Collection[Grant],
    *,
    request_id: str,
    purpose: str,
    employer_id: int | None = None,
    mandate_id: UUID | None = None,
) -> Actor:
    return Actor(
        kind=ActorKind.MACHINE,
        account=machine_reference(facts.client_id),
        request_id=request_id,
        purpose=purpose,
        legal_basis=LegalBasis.LEGAL_DUTY,
        employer_id=employer_id,
        mandate_id=mandate_id,
        roles=frozenset(grants),
    )
