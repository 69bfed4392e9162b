"""What a person's own data look like over HTTP: looks in plain words, and a report of a mistake."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from bhxh.doors.api.warehouse_shapes import Papers
from bhxh.kernel.data_groups import DataGroup
from bhxh.own_data.looks import PAGE, LookTold
from bhxh.procedures.report_mistake.form import WORDS

_NO_NUL = r"^[^\x00]*$"
Before = Annotated[UUID | None, Query(description="id of the last look of the page before")]
Limit = Annotated[int, Query(ge=1, le=PAGE, description="how many at most")]
WithoutOwn = Annotated[bool, Query(description="leave out what one did oneself")]


class GroupOut(Schema):
    """One of the seven data groups."""

    group: str
    vi: str
    en: str


class LookOut(Schema):
    """One look at one's own data: who, when, why, which data, by which right. No account and no other person's name."""

    look_id: UUID
    at: datetime
    what: str
    what_vi: str
    what_en: str
    groups: list[GroupOut]
    recipient: str = Field(description="you, representative, person, employer, office, program, installation")
    who_vi: str = Field(description="organisation and role; an officer's name as far as the agency tells it")
    who_en: str
    purpose: str
    why_vi: str
    why_en: str
    legal_basis: str
    basis_vi: str
    basis_en: str
    reason: str = Field(description="what an officer wrote, where they had to give a reason")
    dossier: str = Field(description="code of the dossier it belongs to; may be empty")
    consent_id: UUID | None
    mandate_id: UUID | None

    @classmethod
    def of(cls, told: LookTold) -> "LookOut":
        """From the room's view."""
        return cls(
            look_id=told.look_id,
            at=told.at,
            what=told.what,
            what_vi=told.shown[0],
            what_en=told.shown[1],
            groups=[GroupOut(group=group, vi=vi, en=en) for group, vi, en in told.groups],
            recipient=told.recipient.value,
            who_vi=told.who[0],
            who_en=told.who[1],
            purpose=told.purpose,
            why_vi=told.why[0],
            why_en=told.why[1],
            legal_basis=told.legal_basis,
            basis_vi=told.basis[0],
            basis_en=told.basis[1],
            reason=told.reason,
            dossier=told.dossier_code,
            consent_id=told.consent_id,
            mandate_id=told.mandate_id,
        )


class MistakeIn(Schema):
    """What is wrong in one's own data."""

    group: DataGroup
    about: str = Field("", max_length=200, pattern=_NO_NUL, description="the line or field, as the book or the copy names it")
    words: str = Field(min_length=1, max_length=WORDS, pattern=_NO_NUL, description="what is wrong, in one's own words")
    right: str = Field("", max_length=500, pattern=_NO_NUL, description="what would be right, where one knows")
    papers: Papers
