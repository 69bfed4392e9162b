"""What officers' own routes take and give: security keys, reading a person, the log, data protection."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Path, Query, Schema
from pydantic import Field

from bhxh.access.officer_key_queries import KeySummary, OfficerSummary
from bhxh.access.reading_purposes import MOST_CHARACTERS
from bhxh.audit.log_queries import Affected, LookCount
from bhxh.audit.proofs import InclusionProof
from bhxh.audit.queries import EntrySeen, LookSeen
from bhxh.doors.api.shapes import Instant
from bhxh.dossiers.person_readings import PersonRead
from bhxh.kernel.data_groups import DataGroup
from bhxh.registry.queries import PersonSummary

_NO_NUL = r"^[^\x00]*$"
LoginPath = Annotated[str, Path(description="login of an officer", max_length=60)]
AfterLogin = Annotated[str, Query(description="last login of the page before", max_length=60, pattern=r"^[^\x00]*$")]
_KeyId = Annotated[str, Field(min_length=1, max_length=1400, pattern=r"^[A-Za-z0-9_-]+$")]
_Words = Annotated[
    str, Field("", max_length=MOST_CHARACTERS, pattern=_NO_NUL, description="why, in the officer's own words; the person reads it")
]
_Purpose = Annotated[str, Field("", max_length=40, pattern=r"^[a-z_]*$", description="one of GET /office/reading-purposes")]
_Personal = Annotated[str, Field(min_length=1, max_length=40, pattern=_NO_NUL, description="any number of the person")]


class KeyAnswerIn(Schema):
    """What a browser answered, as `PublicKeyCredential.toJSON()` gives it."""

    id: str = Field(max_length=1400)
    rawId: str = Field(max_length=1400)  # noqa: N815  # WebAuthn's own name
    type: Literal["public-key"]
    response: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=20_000)] | list[str] | int | None] = Field(
        max_length=12
    )

    def answered(self) -> dict[str, Any]:
        """As the verification takes it; the rest of what browsers add is not read."""
        read = ("clientDataJSON", "attestationObject", "authenticatorData", "signature")
        given = {name: self.response[name] for name in read if isinstance(self.response.get(name), str)}
        return {"id": self.id, "rawId": self.rawId, "type": self.type, "response": given}


class KeyQuestionOut(Schema):
    """What `navigator.credentials.create` or `.get` takes, with bytes as base64url (`parseCreationOptionsFromJSON`)."""

    publicKey: dict[str, Any]  # noqa: N815  # WebAuthn's own name


class CodeIn(Schema):
    """The operator's one-time code; empty in a session in which another key was shown."""

    code: str = Field("", max_length=40, pattern=r"^[A-Za-z2-7]*$")


class NewKeyIn(CodeIn):
    """A key to register."""

    name: str = Field(min_length=1, max_length=60, pattern=_NO_NUL, description="what its owner calls it")
    credential: KeyAnswerIn


class NewKeyOut(Schema):
    """The key's id."""

    key_id: str


class OfficerSessionOut(Schema):
    """Whether this session is an officer's, and until when."""

    login: str
    is_proven: bool
    until_at: datetime | None
    keys: int = Field(description="security keys in use; 0: ask the operator for a one-time code")


class OfficerKeyOut(Schema):
    """One security key."""

    key_id: str
    name: str
    registered_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    ended_because: str

    @classmethod
    def of(cls, key: KeySummary) -> Self:
        """From the room's view."""
        return cls(**{name: getattr(key, name) for name in cls.model_fields})


class EndOfKeyIn(Schema):
    """A key that is no longer to open anything."""

    key_id: _KeyId
    because: Literal["lost", "replaced"]


class OfficerOut(Schema):
    """An officer as the operator sees them."""

    login: str
    agency_code: str
    roles: list[str]
    from_on: date
    until_on: date | None
    keys: int

    @classmethod
    def of(cls, officer: OfficerSummary) -> Self:
        """From the room's view."""
        return cls(**{name: getattr(officer, name) for name in cls.model_fields if name != "roles"}, roles=[*officer.roles])


class InvitationOut(Schema):
    """Shown once; hand it to the officer in person. A former code is void."""

    code: str


class PurposeOut(Schema):
    """A purpose an officer may state."""

    purpose: str
    vi: str
    en: str
    roles: list[str]


class PersonReadingIn(Schema):
    """Who is read, what of them, and why: a dossier, or a purpose with words."""

    number: _Personal
    groups: list[Literal[DataGroup.BASIC, DataGroup.CONTACT, DataGroup.EMPLOYER, DataGroup.SOCIAL_INSURANCE]] = Field(
        min_length=1, max_length=4, description="the least that does"
    )
    dossier: str = Field("", max_length=60, pattern=_NO_NUL, description="code of a dossier that concerns the person")
    purpose: _Purpose
    words: _Words


class BasicOut(Schema):
    """Identity and numbers."""

    full_name: str
    birth_on: date | None
    sex: str
    nationality: str
    verification: str
    vital_status: str
    numbers: list[dict[str, str]]


class WorkOut(Schema):
    """One participation, without wages."""

    employer: str
    unit_code: str
    from_month: str
    until_month: str | None
    participant_type: str
    status: str


class PersonOut(Schema):
    """The groups asked for; the others are absent."""

    basic: BasicOut | None = None
    contact: dict[str, str] | None = None
    employer: list[WorkOut] | None = None
    social_insurance: dict[str, int] | None = None

    @classmethod
    def of(cls, read: PersonRead, groups: Collection[DataGroup]) -> Self:
        """From the room's view."""
        person, sums = read.person, read.sums
        basic = BasicOut(
            **{name: getattr(person, name) for name in BasicOut.model_fields if name != "numbers"},
            numbers=[{"scheme": scheme, "value": value} for scheme, value in read.identifiers],
        )
        return cls(
            basic=basic if DataGroup.BASIC in groups else None,
            contact={"email": person.email} if DataGroup.CONTACT in groups else None,
            employer=None
            if read.participations is None
            else [
                WorkOut(
                    employer=employer.name,
                    unit_code=employer.unit_code,
                    from_month=str(row.from_month),
                    until_month=str(row.until_month) if row.until_month else None,
                    participant_type=row.participant_type,
                    status=row.status,
                )
                for row, employer in read.participations
            ],
            social_insurance=None
            if sums is None
            else {"si_months": sums.si_months, "ui_months": sums.ui_months, "hi_months": sums.hi_months},
        )


class LogEntryOut(Schema):
    """One change as the log holds it. Whom it concerns is not told here; only that it concerns somebody."""

    entry_id: int
    at: datetime
    verb: str
    actor_kind: str
    account: str
    purpose: str
    legal_basis: str
    concerns_a_person: bool
    dossier_id: str | None
    detail: Any

    @classmethod
    def of(cls, entry: EntrySeen) -> Self:
        """From the room's view."""
        taken = {name: getattr(entry, name) for name in cls.model_fields if name not in {"concerns_a_person", "dossier_id"}}
        return cls(**taken, concerns_a_person=entry.person_id is not None, dossier_id=str(entry.dossier_id) if entry.dossier_id else None)


class LoggedLookOut(Schema):
    """One look as the log holds it. Whose data it was is not told here."""

    look_id: str
    at: datetime
    what: str
    groups: list[str]
    actor_kind: str
    account: str
    purpose: str
    legal_basis: str
    reason: str
    dossier_id: str | None

    @classmethod
    def of(cls, look: LookSeen) -> Self:
        """From the room's view."""
        plain = ("at", "what", "actor_kind", "account", "purpose", "legal_basis", "reason")
        return cls(
            **{name: getattr(look, name) for name in plain},
            look_id=str(look.look_id),
            groups=[*look.groups],
            dossier_id=str(look.dossier_id) if look.dossier_id else None,
        )


class ProofOut(Schema):
    """That a row is in the log under a sealed root: RFC 9162, to be checked without us."""

    leaf_number: int
    leaf_hash: str
    size: int
    path: list[str]
    root: str
    sealed_head: str = Field(description="the seal over size and root: flattened JWS")

    @classmethod
    def of(cls, proof: InclusionProof) -> Self:
        """From the room's view."""
        return cls(
            leaf_number=proof.leaf_number,
            leaf_hash=proof.leaf_hash.hex(),
            size=proof.size,
            path=[one.hex() for one in proof.path],
            root=proof.root.hex(),
            sealed_head=proof.sealed_head.decode(),
        )


class LooksOfPersonIn(Schema):
    """Whose looks, and why they are read."""

    number: _Personal
    purpose: _Purpose
    words: _Words
    before: UUID | None = Field(None, description="the last look of the page before")


class LookCountOut(Schema):
    """How often something was shown."""

    what: str
    actor_kind: str
    purpose: str
    legal_basis: str
    looks: int
    persons: int

    @classmethod
    def of(cls, counted: LookCount) -> Self:
        """From the room's view."""
        return cls(**{name: getattr(counted, name) for name in cls.model_fields})


class BreachIn(Schema):
    """Whose doings, when, and what happened."""

    account: str = Field(min_length=1, max_length=200, pattern=_NO_NUL, description="officer:..., machine:..., eid:...")
    from_at: Instant
    until_at: Instant
    words: str = Field(min_length=10, max_length=MOST_CHARACTERS, pattern=_NO_NUL, description="what happened; those concerned read it")


class AffectedOut(Schema):
    """One person a breach concerns: whom to tell, and of what."""

    si_code: str
    full_name: str
    email: str
    looks: int
    what: list[str]
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(cls, affected: Affected, person: PersonSummary | None) -> Self:
        """From the rooms' views."""
        return cls(
            si_code=person.si_code if person else "",
            full_name=person.full_name if person else "",
            email=person.email if person else "",
            looks=affected.looks,
            what=[*affected.whats],
            first_at=affected.first_at,
            last_at=affected.last_at,
        )
