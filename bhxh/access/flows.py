"""From what somebody presents to the Actor everything else works with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bhxh.access.authority import Authority, Standing, employer_reference
from bhxh.access.errors import (
    ACC_ACCOUNT_UNKNOWN,
    ACC_EMPLOYER_UNKNOWN,
    ACC_LEVEL_TOO_LOW,
    ACC_NO_MACHINE,
    ACC_NO_OFFICER,
)
from bhxh.access.machine_queries import find_machine
from bhxh.access.mandate_queries import prove_authority
from bhxh.access.officer_errors import ACC_KEY_COPIED, ACC_NO_SECOND_FACTOR
from bhxh.access.officer_key_commands import show_officer_key
from bhxh.access.queries import OfficerAtWork, find_account_by_reference, find_officer_at_work
from bhxh.access.roles import AccountType, EmployerFacts, MachineFacts, OfficerFacts, person_reference
from bhxh.access.security_keys import Site
from bhxh.access.sessions import KnownSession
from bhxh.access.tokens import EidClaims
from bhxh.access.verified_tokens import VerifiedToken
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import NotAllowed

LEVEL_NEEDED = 2


def standing_for_claims(
    claims: EidClaims,
    *,
    at: datetime,
    request_id: str,
    purpose: str,
    employer: EmployerFacts | None = None,
    acting_for: EmployerFacts | None = None,
) -> Standing:
    """Who acts, and by what right: a person for themselves, or a person for an employer.

    Shape:   for an ORG account the caller looks up `employer` by `claims.org_id`; with `acting_for` that organisation acts as the agent
             of another, and the person no further than they may act for their own. A citizen's own account acts for `acting_for` as its
             legal representative or clerk. A mandate names the account, the person (`person:<id>`) or the organisation (`employer:<id>`).
    Raises:  NotAllowed ACC-010 (level), ACC-011 (citizen never linked: link_account first), ACC-013, ACC-014, ACC-101, ACC-102.
    """
    check_level(claims.assurance_level)
    known = find_account_by_reference(claims.account)
    on = day_in_vietnam(at)
    if claims.account_type is AccountType.ORG:
        if employer is None:
            raise NotAllowed(ACC_EMPLOYER_UNKNOWN)
        person_id = known.person_id if known else employer.acting_person_id
        own = prove_authority(employer=employer, pin=claims.acting_pin, holders=_names(claims.account, person_id), on=on)
        if acting_for is None or acting_for.employer_id == employer.employer_id:
            return _for_employer(claims, own, person_id=person_id, request_id=request_id, purpose=purpose)
        agent = [employer_reference(employer.employer_id)]
        authority = prove_authority(employer=acting_for, pin="", holders=agent, on=on).within(own)
        return _for_employer(claims, authority, person_id=person_id, request_id=request_id, purpose=purpose)
    if known is None:
        raise NotAllowed(ACC_ACCOUNT_UNKNOWN)
    if acting_for is not None:
        names = _names(claims.account, known.person_id)
        authority = prove_authority(employer=acting_for, pin=claims.pin, holders=names, on=on)
        return _for_employer(claims, authority, person_id=known.person_id, request_id=request_id, purpose=purpose)
    basis = LegalBasis.OWN_DATA
    return Standing(actor=_person(claims, request_id=request_id, purpose=purpose, basis=basis, person_id=known.person_id))


def remembered_actor(token: VerifiedToken | KnownSession, *, request_id: str, purpose: str) -> Actor | None:
    """The person that `standing_for_claims` once made of this token, acting for themselves; None where it made none yet.

    WHY: a hot read proves the account's person in the statement that reads (`session_queries.HELD_BY`), and so needs no statement before it.
    """
    if token.person_id is None:
        return None
    basis = LegalBasis.OWN_DATA
    return _person(token.claims, request_id=request_id, purpose=purpose, basis=basis, person_id=token.person_id)


def officer_for_claims(claims: EidClaims, *, session: str, at: datetime, request_id: str, purpose: str) -> tuple[Actor, OfficerFacts]:
    """An officer in service, signed in with their own e-ID account, who showed a security key in this session.

    Raises: NotAllowed ACC-010, ACC-015, ACC-060.
    """
    found = _at_work(claims, session=session, at=at)
    if not found.has_shown_key:
        raise NotAllowed(ACC_NO_SECOND_FACTOR)
    return replace(_officer(claims, found, request_id=request_id, purpose=purpose), roles=found.facts.roles), found.facts


def officer_without_key(claims: EidClaims, *, at: datetime, request_id: str, purpose: str) -> tuple[Actor, OfficerFacts]:
    """An officer in service who has only signed in: good for registering, showing and ending a key. The actor has no role yet.

    Raises: NotAllowed ACC-010, ACC-015.
    """
    found = _at_work(claims, session="", at=at)
    return _officer(claims, found, request_id=request_id, purpose=purpose), found.facts


def _at_work(claims: EidClaims, *, session: str, at: datetime) -> OfficerAtWork:
    check_level(claims.assurance_level)
    is_human = claims.account_type is not AccountType.ORG
    found = find_officer_at_work(account=claims.account, session=session, at=at) if is_human else None
    if found is None:
        raise NotAllowed(ACC_NO_OFFICER)
    return found


def _officer(claims: EidClaims, found: OfficerAtWork, *, request_id: str, purpose: str) -> Actor:
    return Actor(
        kind=ActorKind.OFFICER,
        account=f"officer:{found.facts.login}",
        request_id=request_id,
        purpose=purpose,
        legal_basis=LegalBasis.LEGAL_DUTY,
        person_id=found.person_id,
        assurance_level=claims.assurance_level,
    )


def show_key(*, actor: Actor, at: datetime, site: Site, session: str, login: str, answer: Mapping[str, Any], lives: timedelta) -> datetime:
    """Make the session an officer's; returns until when.

    Raises: NotAllowed ACC-062; Conflict ACC-063; NotAllowed ACC-064, after the copied key was ended for good.
    """
    shown = show_officer_key(actor=actor, at=at, site=site, session=session, login=login, answer=answer, lives=lives)
    if shown.until_at is None:
        raise NotAllowed(ACC_KEY_COPIED)
    return shown.until_at


def actor_for_portal(
    *, client_id: str, person_id: int, assurance_level: int, at: datetime, request_id: str, purpose: str
) -> tuple[Actor, MachineFacts]:
    """A portal whose signed message the caller has verified, filing for a citizen who signed in there.

    Shape:   the portal is registered with `register_machine` and FILE_FOR_PERSONS; the level is what its message says of the citizen.
    Raises:  NotAllowed ACC-010, ACC-016.
    """
    check_level(assurance_level)
    registered = find_machine(client_id=client_id, at=at)
    if registered is None:
        raise NotAllowed(ACC_NO_MACHINE)
    actor = Actor(
        kind=ActorKind.MACHINE,
        account=f"machine:{client_id}",
        request_id=request_id,
        purpose=purpose,
        legal_basis=LegalBasis.LEGAL_DUTY,
        on_behalf_of_person_id=person_id,
        assurance_level=assurance_level,
        roles=registered[0].grants,
    )
    return actor, registered[0]


def check_level(level: int) -> None:
    """Level 2 exactly, whoever vouches for it: the e-ID issuer or a portal. Raises NotAllowed ACC-010."""
    if level != LEVEL_NEEDED:
        raise NotAllowed(ACC_LEVEL_TOO_LOW, level=level)


def _names(account: str, person_id: int | None) -> list[str]:
    """Every name under which a mandate may know the person."""
    return [account] if person_id is None else [account, person_reference(person_id)]


def _for_employer(claims: EidClaims, authority: Authority, *, person_id: int | None, request_id: str, purpose: str) -> Standing:
    actor = _person(
        claims,
        request_id=request_id,
        purpose=purpose,
        basis=LegalBasis.LEGAL_DUTY,
        person_id=person_id,
        employer_id=authority.employer_id,
        mandate_id=authority.mandate_id,
    )
    return Standing(actor=actor, authority=authority)


def _person(
    claims: EidClaims,
    *,
    request_id: str,
    purpose: str,
    basis: LegalBasis,
    person_id: int | None,
    employer_id: int | None = None,
    mandate_id: UUID | None = None,
) -> Actor:
    return Actor(
        kind=ActorKind.PERSON,
        account=claims.account,
        request_id=request_id,
        purpose=purpose,
        legal_basis=basis,
        person_id=person_id,
        employer_id=employer_id,
        assurance_level=claims.assurance_level,
        mandate_id=mandate_id,
    )
