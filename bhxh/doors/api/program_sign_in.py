"""A program calls with a token of ours: it acts for whom a mandate lets it, and is nobody otherwise."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from bhxh.access.authority import Standing
from bhxh.access.errors import ACC_NO_OFFICER, ACC_NOT_ALLOWED
from bhxh.access.machine_flows import machine_for_claims, standing_for_program
from bhxh.access.machine_tokens import ProgramClaims, read_program_token
from bhxh.access.roles import EmployerFacts, MachineFacts, OfficerFacts
from bhxh.access.tokens import EidClaims, find_claimed_client
from bhxh.doors.admission import admit
from bhxh.doors.partners import partners
from bhxh.doors.standing import FOR_EMPLOYER, count_for_employer, employer_by_code, employer_facts
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotAllowed
from bhxh.registry.queries import get_employer


@dataclass(frozen=True, slots=True)
class SignedInProgram:
    """What a program's token proves; stands where `SignedIn` stands for people."""

    token: ProgramClaims
    machine: MachineFacts
    request_id: str
    for_employer: str

    @property
    def session(self) -> None:
        """A program has none."""
        return

    @property
    def claims(self) -> EidClaims:
        """A program is no person. Raises NotAllowed ACC-020."""
        raise NotAllowed(ACC_NOT_ALLOWED, permission="person")

    def is_fresh(self, within: timedelta | None = None) -> bool:
        """Nobody is at the keyboard."""
        return False

    def check_fresh(self, within: timedelta | None = None) -> None:
        """What a person must confirm, no program does. Raises NotAllowed ACC-020."""
        raise NotAllowed(ACC_NOT_ALLOWED, permission="fresh_sign_in")

    def actor(self, purpose: str) -> Actor:
        """The program. Raises as `standing` does."""
        return self.standing(purpose).actor

    def standing(self, purpose: str) -> Standing:
        """The program, for the organisation the request names.

        Raises: NotAllowed ACC-014, ACC-020, ACC-101, ACC-102; NotFound ACC-111; TooMany ACC-034.
        """
        owner_id = self.machine.owner_employer_id
        acting_for = employer_by_code(self.for_employer) if self.for_employer else None
        made = standing_for_program(
            self.machine,
            at=now(),
            request_id=self.request_id,
            purpose=purpose,
            acting_for=employer_facts(acting_for) if acting_for is not None else None,
            owner=_facts_of(owner_id) if owner_id is not None and self.for_employer else None,
        )
        admit(made.actor)
        if acting_for is not None:
            count_for_employer(acting_for)
        return made

    def officer(self, purpose: str) -> tuple[Actor, OfficerFacts]:
        """A program is no officer. Raises NotAllowed ACC-015."""
        raise NotAllowed(ACC_NO_OFFICER)

    def officer_without_key(self, purpose: str) -> tuple[Actor, OfficerFacts]:
        """Nor one who has still to show a key. Raises NotAllowed ACC-015."""
        raise NotAllowed(ACC_NO_OFFICER)


def is_program_token(token: str) -> bool:
    """Whether a token says it is ours. Unverified: only to choose by which rules to verify it."""
    return find_claimed_client(token) == _ours()


def program_sign_in(request: HttpRequest, token: str) -> SignedInProgram:
    """What the token proves. Raises NotSignedIn ACC-001 to ACC-003, ACC-016, ACC-123; TooMany ACC-034."""
    known, at = partners(), now()
    claims = read_program_token(token, issuer=_ours(), key=known.keys.seal_key("token"), at=at)
    known.signing_in.limits.check_machine(claims.client_id)
    for_employer = request.headers.get(FOR_EMPLOYER, "").strip()
    return SignedInProgram(claims, machine_for_claims(claims, at=at), str(request.META["BHXH_REQUEST_ID"]), for_employer)


def _ours() -> str:
    return partners().sender.public_url.rstrip("/")


def _facts_of(employer_id: int) -> EmployerFacts:
    return employer_facts(get_employer(employer_id))
