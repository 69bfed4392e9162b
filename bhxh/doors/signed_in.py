"""What a person's token or session proves, as the API and pages both know it, and the actor that follows from it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from bhxh.access.authority import Standing
from bhxh.access.commands import link_account
from bhxh.access.errors import ACC_ACCOUNT_UNKNOWN, ACC_NOT_FRESH, ACC_OTHER_ROLE, ACC_SESSION_OVER, NotSignedIn
from bhxh.access.flows import officer_for_claims, officer_without_key, remembered_actor, standing_for_claims
from bhxh.access.representation_errors import ACC_OTHER_CUSTODIAN
from bhxh.access.roles import AccountType, EmployerFacts, OfficerFacts
from bhxh.access.session_commands import SEEN_EVERY
from bhxh.access.session_queries import check_not_signed_out, held_by_parameters
from bhxh.access.sessions import ActingAs, KnownSession, KnownSessions, Session, digest_of, is_fresh
from bhxh.access.tokens import EidClaims
from bhxh.access.verified_tokens import VerifiedToken, VerifiedTokens
from bhxh.doors.admission import admit
from bhxh.doors.partners import partners
from bhxh.doors.representing import ACTING_FOR_HEADER, check_living, for_another
from bhxh.doors.sessions import open_session, session_secret
from bhxh.doors.standing import FOR_EMPLOYER, count_for_employer, employer_by_code, employer_facts
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotAllowed
from bhxh.registry.queries import EmployerSummary, find_employer, find_person, get_employer


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a request's token or cookie proves."""

    token: VerifiedToken | KnownSession
    request_id: str
    acting_for: str = ""
    """The reference of whom the person acts for in this request, as it says or as the browser's session goes on; empty: for themselves."""
    for_employer: str = ""
    """Code of an organisation whose mandate is to be used, as the request says; a browser's session knows by itself."""

    @property
    def claims(self) -> EidClaims:
        """What the e-ID says. By cookie without name and day of birth, which a session does not keep."""
        return self.token.claims

    @property
    def session(self) -> Session | None:
        """The browser's session; None where a token was presented."""
        return self.token.session if isinstance(self.token, KnownSession) else None

    def is_fresh(self, within: timedelta | None = None) -> bool:
        """Whether the person proved themselves to the e-ID a short while ago (as configured)."""
        return is_fresh(self.claims, at=now(), within=within or partners().signing_in.rules.fresh)

    def check_fresh(self, within: timedelta | None = None) -> None:
        """For what a sign-in of this morning is not enough. Raises NotAllowed ACC-030."""
        if not self.is_fresh(within):
            asked = within or partners().signing_in.rules.fresh
            raise NotAllowed(ACC_NOT_FRESH, minutes=int(asked.total_seconds() // 60))

    def held(self, actor: Actor, at: datetime) -> tuple[Any, ...]:
        """What a statement needs that proves this sign-in again (`access.session_queries.HELD_BY`)."""
        session = self.session
        return held_by_parameters(
            self.claims,
            person_id=actor.person_id or 0,
            at=at,
            secret_sha256=session.secret_sha256 if session else None,
            idle=partners().signing_in.rules.idle,
        )

    def remembered_actor(self, purpose: str) -> Actor | None:
        """The person this token's earlier request acted as. Only for a statement that proves it again (`book.showing`)."""
        if self.acting_for or self.for_employer or (self.session is not None and self.session.acting_as is not ActingAs.SELF):
            return None
        actor = remembered_actor(self.token, request_id=self.request_id, purpose=purpose)
        return actor and admit(actor)

    def actor(self, purpose: str) -> Actor:
        """The person, acting for themselves, for an employer, or for a child or ward. Raises as `standing` does."""
        return self.standing(purpose).actor

    def standing(self, purpose: str) -> Standing:
        """The same with how far a right to act for an employer reaches.

        Raises: NotAllowed ACC-010 to ACC-014, ACC-020, ACC-038, ACC-101, ACC-102, ACC-20x; NotFound ACC-111; TooMany ACC-034.
        """
        made = self._own_standing(purpose)
        actor = check_living(made.actor)
        return replace(made, actor=admit(for_another(actor, self.acting_for) if self.acting_for else actor))

    def _own_standing(self, purpose: str) -> Standing:
        self._check_role(ActingAs.SELF, ActingAs.EMPLOYER)
        employer = None
        if self.claims.account_type is AccountType.ORG:
            found = find_employer(tax_code=self.claims.org_id)
            if found is not None:
                employer = employer_facts(found, acting_person_id=_find_ours(self.claims.acting_pin))
        other = self._other_employer()
        acting_for = employer_facts(other) if other is not None else None
        try:
            made = self._stand(purpose, employer, acting_for)
        except NotAllowed as error:
            if error.sentence is not ACC_ACCOUNT_UNKNOWN:
                raise
            self._link_on_first_sight()
            made = self._stand(purpose, employer, acting_for)
        if other is not None and other.tax_code != self.claims.org_id:
            count_for_employer(other)
        return made

    def _stand(self, purpose: str, employer: EmployerFacts | None, acting_for: EmployerFacts | None) -> Standing:
        made = standing_for_claims(
            self.claims, at=now(), request_id=self.request_id, purpose=purpose, employer=employer, acting_for=acting_for
        )
        if made.actor.employer_id is None:
            self.token.person_id = made.actor.person_id
        return made

    def _other_employer(self) -> EmployerSummary | None:
        if self.session is not None:
            return None if self.session.employer_id is None else get_employer(self.session.employer_id)
        return employer_by_code(self.for_employer) if self.for_employer else None

    @property
    def reference(self) -> str:
        """What an officer's second factor is bound to: this sign-in and no other. A browser gets a new one with each role it chooses."""
        if self.session is not None:
            return f"session:{self.session.secret_sha256}"
        return f"token:{sha256_hex(f'{self.claims.issuer} {self.claims.jti}'.encode())}"

    def officer(self, purpose: str) -> tuple[Actor, OfficerFacts]:
        """An officer in service who showed a security key in this session.

        Raises: NotAllowed ACC-010, ACC-015, ACC-020, ACC-038, ACC-060, ACC-201.
        """
        self._check_role(ActingAs.OFFICER)
        actor, facts = officer_for_claims(self.claims, session=self.reference, at=now(), request_id=self.request_id, purpose=purpose)
        return admit(check_living(actor)), facts

    def officer_without_key(self, purpose: str) -> tuple[Actor, OfficerFacts]:
        """An officer before showing a key: for the key's own routes, nothing else. Raises NotAllowed ACC-010, ACC-015, ACC-020, ACC-038, ACC-201."""
        self._check_role(ActingAs.OFFICER)
        actor, facts = officer_without_key(self.claims, at=now(), request_id=self.request_id, purpose=purpose)
        return admit(check_living(actor)), facts

    def _check_role(self, *roles: ActingAs) -> None:
        """WHY only by cookie: a browser goes on in the role that was chosen; a program says by its address what it does."""
        if self.session is not None and self.session.acting_as not in roles:
            raise NotAllowed(ACC_OTHER_ROLE)

    def _link_on_first_sight(self) -> None:
        person = find_person("PIN", self.claims.pin)
        if person is None:
            return
        if person.managed_by != partners().custodian:
            raise NotAllowed(ACC_OTHER_CUSTODIAN)  # LAW: R-136: they are told whose they are, and nothing else
        person_id = person.person_id
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


_tokens, _sessions = VerifiedTokens(), KnownSessions()
_COUNTED = "BHXH_COUNTED"


def sign_in(request: HttpRequest, token: str) -> SignedIn:
    """What a token proves. Raises NotSignedIn ACC-001 to ACC-003, ACC-033, ACC-039; TooMany ACC-034; Trouble where the issuer's keys cannot be had."""
    signed_in = _read(request, token)
    check_not_signed_out(signed_in.claims)
    return signed_in


def recognise(request: HttpRequest) -> SignedIn | None:
    """Whoever was seen before, without asking the database: for a statement that proves it again. Raises as `sign_in` does."""
    scheme, _, token = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme == "Bearer":
        return _read(request, token)
    secret = "" if scheme else session_secret(request, partners().signing_in)
    known = _sessions.find(digest_of(secret)) if secret else None
    if known is None or now() - known.session.seen_at >= SEEN_EVERY:  # then the long way notes that the browser is still there
        return None
    return _counted(request, known)


def _read(request: HttpRequest, token: str) -> SignedIn:
    known = partners()
    read = _tokens.read(token, keys=known.eid_keys, issuer=known.eid_issuer, audience=known.eid_audience, at=now())
    return _counted(request, read)


def _counted(request: HttpRequest, proof: VerifiedToken | KnownSession) -> SignedIn:
    """WHY marked: a request that goes the long way after the short one is still one."""
    if not request.META.get(_COUNTED):
        partners().signing_in.limits.check_account(proof.claims.account, org_id=proof.claims.org_id)
        request.META[_COUNTED] = True
    chosen = proof.session.acting_for if isinstance(proof, KnownSession) else ""
    return SignedIn(
        proof,
        str(request.META["BHXH_REQUEST_ID"]),
        request.headers.get(ACTING_FOR_HEADER, "") or chosen,
        request.headers.get(FOR_EMPLOYER, "").strip(),
    )


def session_sign_in(request: HttpRequest) -> SignedIn:
    """What the browser's cookie proves. Raises NotSignedIn ACC-031; TooMany ACC-034."""
    side = partners().signing_in
    session = open_session(request, side, at=now())
    if session is None:
        _sessions.forget(digest_of(session_secret(request, side)))
        raise NotSignedIn(ACC_SESSION_OVER)
    return _counted(request, _sessions.keep(session))
