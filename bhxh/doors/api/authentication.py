"""Who calls: an e-ID token becomes an Actor. Nothing else lets anybody in."""

from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security import HttpBearer

from bhxh.access.commands import link_account
from bhxh.access.errors import ACC_ACCOUNT_UNKNOWN
from bhxh.access.flows import actor_for_claims, officer_for_claims, remembered_actor
from bhxh.access.roles import AccountType, EmployerFacts, OfficerFacts
from bhxh.access.tokens import EidClaims
from bhxh.access.verified_tokens import VerifiedToken, VerifiedTokens
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotAllowed
from bhxh.registry.queries import find_employer, find_person


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a request's token proves."""

    token: VerifiedToken
    request_id: str

    @property
    def claims(self) -> EidClaims:
        """What the token says."""
        return self.token.claims

    def remembered_actor(self, purpose: str) -> Actor | None:
        """The person this token's earlier request acted as. Only for a statement that proves it again (`book.showing`)."""
        return remembered_actor(self.token, request_id=self.request_id, purpose=purpose)

    def actor(self, purpose: str) -> Actor:
        """The person, or the person acting for an employer. Raises NotAllowed ACC-010 to ACC-014."""
        employer = None
        if self.claims.account_type is AccountType.ORG:
            found = find_employer(tax_code=self.claims.org_id)
            if found is not None:
                employer = EmployerFacts(
                    employer_id=found.employer_id,
                    legal_representative_pin=found.legal_representative_pin,
                    acting_person_id=_find_ours(self.claims.acting_pin),
                )
        try:
            return self._act(purpose, employer)
        except NotAllowed as error:
            if error.sentence is not ACC_ACCOUNT_UNKNOWN:
                raise
        self._link_on_first_sight()
        return self._act(purpose, employer)

    def _act(self, purpose: str, employer: EmployerFacts | None) -> Actor:
        actor = actor_for_claims(self.claims, at=now(), request_id=self.request_id, purpose=purpose, employer=employer)
        if actor.employer_id is None:
            self.token.person_id = actor.person_id
        return actor

    def officer(self, purpose: str) -> tuple[Actor, OfficerFacts]:
        """An officer in service. Raises NotAllowed ACC-010, ACC-015."""
        return officer_for_claims(self.claims, at=now(), request_id=self.request_id, purpose=purpose)

    def _link_on_first_sight(self) -> None:
        person_id = _find_ours(self.claims.pin)
        if person_id is None:
            return
        link_account(
            actor=system_actor(name="access", request_id=self.request_id, purpose="sign_in"),
            at=now(),
            issuer=self.claims.issuer,
            subject=self.claims.sub,
            person_id=person_id,
            account_type=self.claims.account_type,
        )


def _find_ours(pin: str) -> int | None:
    person = find_person("PIN", pin)
    # WHY the custodian too: an account of a person kept elsewhere is not linked to anything here.
    return person.person_id if person is not None and person.managed_by == partners().custodian else None


_tokens = VerifiedTokens()


def sign_in(request: HttpRequest, token: str) -> SignedIn:
    """What a token proves. Raises NotSignedIn ACC-001 to ACC-003; Trouble where the issuer's keys cannot be had."""
    known = partners()
    read = _tokens.read(token, keys=known.eid_keys, issuer=known.eid_issuer, audience=known.eid_audience, at=now())
    return SignedIn(read, str(request.META["BHXH_REQUEST_ID"]))


class EidToken(HttpBearer):
    """`Authorization: Bearer <e-ID token>`."""

    def authenticate(self, request: HttpRequest, token: str) -> SignedIn | None:
        """A token that proves nothing is a 401; the reason is told where it helps (expired)."""
        return sign_in(request, token)
