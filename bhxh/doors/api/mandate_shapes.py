"""What the mandate routes take and give."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from bhxh.access.authority import MandateAct, MandateSummary
from bhxh.access.mandate_documents import MandateContent
from bhxh.access.mandate_queries import list_holders
from bhxh.access.roles import MandateRole
from bhxh.doors.api.shapes import Instant
from bhxh.doors.standing import StoodFor
from bhxh.registry.queries import EmployerSummary

_NO_NUL = r"^[^\x00]*$"
_Slug = Annotated[str, Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Digest = Annotated[str, Field(max_length=64, pattern=_NO_NUL, description="SHA-256, hexadecimal")]
Base64 = Annotated[str, Field(max_length=400_000, pattern=r"^[A-Za-z0-9+/=\r\n]*$")]
EmployerIn = Annotated[str, Query(description="tax code or unit code", max_length=20, pattern=_NO_NUL)]
OnDay = Annotated[date | None, Query(description="the day asked about; today where not given")]
KnownAt = Annotated[Instant | None, Query(description="as the records stood then, with an offset from UTC; now where not given")]


class HolderIn(Schema):
    """Who is to act: a person by number and name, another organisation by tax code, or a program by its client id."""

    kind: Literal["person", "organisation", "program"]
    number: str = Field(max_length=60, pattern=_NO_NUL, description="personal number, tax code, or client id")
    full_name: str = Field("", max_length=200, pattern=_NO_NUL, description="of a person; must be that of the number's holder")


class MandateIn(Schema):
    """What a mandate should say."""

    holder: HolderIn
    role: MandateRole
    acts: list[MandateAct] = Field(min_length=1, max_length=len(MandateAct))
    procedures: list[_Slug] | None = Field(None, max_length=100, description="slugs; every procedure where not given")
    from_on: date
    until_on: date = Field(description="exclusive; five years at most")


class WordingOut(Schema):
    """What the representative reads before confirming."""

    vi: str
    en: str
    content_sha256: Digest


class MandateConfirmedIn(MandateIn):
    """The same content, and the digest of what was read."""

    content_sha256: Digest


class MandatePreparationIn(MandateIn):
    """The content, and the certificate whose key will sign it."""

    certificate: Base64 = Field(description="DER, base64")


class MandatePreparationOut(WordingOut):
    """What the key outside must sign."""

    document: str = Field(description="the document with an empty signature, base64")
    to_sign: str = Field(description="bytes to sign, base64")


class MandateSignedIn(MandateIn):
    """The content, and the prepared document with the signature's value."""

    document: Base64
    to_sign: Base64
    certificate: Base64
    signature: Base64


class RevocationIn(Schema):
    """From when the holder no longer acts."""

    from_on: date | None = Field(None, description="today where not given; never a day that is past")


class MandateOut(Schema):
    """Who may act for an employer, as what, how far, from when until when (exclusive)."""

    mandate_id: UUID
    holder: str = Field(description="person:…, eid:…, employer:… or machine:…")
    holder_name: str = Field(description="as the sealed mandate has it")
    holder_number: str = Field(description="masked personal number, tax code, or client id")
    role: MandateRole
    acts: list[MandateAct]
    procedures: list[str] | None
    from_on: date
    until_on: date | None

    @classmethod
    def of_all(cls, mandates: Sequence[MandateSummary]) -> list["MandateOut"]:
        """From the room's views, each with its holder's name."""
        named = list_holders([mandate.mandate_id for mandate in mandates])
        return [cls(**_fields(mandate, named)) for mandate in mandates]


class HeldOut(MandateOut):
    """A mandate as its holder sees it."""

    employer_tax_code: str
    employer_name: str

    @classmethod
    def of_held(cls, mandates: Sequence[MandateSummary], employers: Mapping[int, EmployerSummary]) -> list["HeldOut"]:
        """With each employer's code and name."""
        named = list_holders([mandate.mandate_id for mandate in mandates])
        return [
            cls(**_fields(mandate, named), employer_tax_code=employer.tax_code, employer_name=employer.name)
            for mandate in mandates
            if (employer := employers.get(mandate.employer_id)) is not None
        ]


class MandateGrantedOut(Schema):
    """A mandate that was granted, with its digest."""

    mandate_id: UUID
    vi: str
    en: str
    content_sha256: str

    @classmethod
    def of(cls, mandate_id: UUID, content: MandateContent, words: tuple[str, str]) -> "MandateGrantedOut":
        """From what was confirmed."""
        return cls(mandate_id=mandate_id, vi=words[0], en=words[1], content_sha256=content.sha256)


class StoodForOut(Schema):
    """Somebody who could act for the employer on the day, as the records stood."""

    role: MandateRole
    by: str = Field(description="register, or mandate:<id>")
    holder: str
    acts: list[MandateAct]
    procedures: list[str] | None
    from_on: date | None
    until_on: date | None
    recorded_at: datetime | None
    recorded_by: str

    @classmethod
    def of(cls, one: StoodFor) -> "StoodForOut":
        """From the doors' view."""
        return cls(
            role=one.role,
            by=one.by,
            holder=one.holder,
            acts=sorted(one.scope.acts),
            procedures=None if one.scope.procedures is None else sorted(one.scope.procedures),
            from_on=one.from_on,
            until_on=one.until_on,
            recorded_at=one.recorded_at,
            recorded_by=one.recorded_by,
        )


def _fields(mandate: MandateSummary, named: Mapping[UUID, tuple[str, str]]) -> dict[str, Any]:
    procedures = mandate.scope.procedures
    name, number = named.get(mandate.mandate_id, ("", ""))
    return {
        "mandate_id": mandate.mandate_id,
        "holder": mandate.account,
        "holder_name": name,
        "holder_number": number,
        "role": mandate.role,
        "acts": sorted(mandate.scope.acts),
        "procedures": None if procedures is None else sorted(procedures),
        "from_on": mandate.from_on,
        "until_on": mandate.until_on,
    }
