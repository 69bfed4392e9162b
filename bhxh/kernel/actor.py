"""Who acts: for whom, why, and on which legal basis. Every command and every look carries one."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What kind of somebody acts."""

    PERSON = "person"
    OFFICER = "officer"
    MACHINE = "machine"
    """Another agency's or a vendor's program."""
    SYSTEM = "system"
    """This installation itself: jobs, automatic decisions."""


class LegalBasis(StrEnum):
    """Why personal data may be touched. Law: decree-164 section 8.9."""

    OWN_DATA = "OWN_DATA"
    CONSENT = "CONSENT"
    LEGAL_DUTY = "LEGAL_DUTY"
    VITAL_INTEREST = "VITAL_INTEREST"
    COURT_ORDER = "COURT_ORDER"
    STATISTICS = "STATISTICS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One acting somebody in one request.

    Shape:  ids only, never a name or a personal number, so an Actor may be logged and stored.
            `person_id` is the natural person who acts; `employer_id` the organisation they act for.
    """

    kind: ActorKind
    account: str
    """Stable reference: `eid:<issuer-short>:<sub>`, `officer:<login>`, `machine:<client>`, `system:<job or rule>`."""
    request_id: str
    purpose: str
    """Slug of why: a procedure's slug, or `own_book`, `queue`, `sealing`, `operation`."""
    legal_basis: LegalBasis
    person_id: int | None = None
    employer_id: int | None = None
    on_behalf_of_person_id: int | None = None
    assurance_level: int = 0
    roles: frozenset[str] = frozenset()
    """An officer's roles or a program's grants, as sign-in proved them; empty for everybody else."""
    consent_id: UUID | None = None
    """The consent under which another's data are read."""
    mandate_id: UUID | None = None
    """The mandate by which they act for `employer_id`."""

    @property
    def for_person_id(self) -> int | None:
        """Whose own affairs this is: the represented person's, else the acting person's; nobody's who acts for an organisation or in office."""
        if self.on_behalf_of_person_id is not None:
            return self.on_behalf_of_person_id
        return self.person_id if self.kind is ActorKind.PERSON and self.employer_id is None else None


def system_actor(*, name: str, request_id: str, purpose: str) -> Actor:
    """This installation acting by itself, under its public duty."""
    return Actor(
        kind=ActorKind.SYSTEM,
        account=f"system:{name}",
        request_id=request_id,
        purpose=purpose,
        legal_basis=LegalBasis.LEGAL_DUTY,
    )
