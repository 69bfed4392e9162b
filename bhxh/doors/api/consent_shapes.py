"""What the API takes and gives about consent: requests in plain words, receipts, data with their receipt."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import orjson
from ninja import Path, Schema
from pydantic import Field

from bhxh.access.consents import PURPOSE_WORDS, ConsentPurpose, ConsentRequestView, ConsentView, last_day
from bhxh.access.data_catalogue import FIELDS, HEADINGS, DataField, in_words
from bhxh.sharing.disclosing import Disclosure

RequestId = Annotated[UUID, Path(description="number of a request for data")]
ConsentId = Annotated[UUID, Path(description="number of a consent, as its receipt says")]
_Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
_Day = Annotated[date, Field(ge=date(1930, 1, 1), le=date(2199, 12, 31))]
Fields = Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=60)]


class Sealed(Schema):
    """Flattened JWS (RFC 7515, section 7.2.2); verified with the keys at /api/v1/open/keys."""

    payload: str
    protected: str
    signature: str

    @classmethod
    def of(cls, flattened: bytes) -> Self:
        """From the sealed file. WHY the parts and not base64 of the file: the three parts in this order, without spaces, are the file."""
        return cls(**orjson.loads(flattened))


class DataFieldOut(Schema):
    """One thing that can be asked for by itself."""

    name: str
    group: str
    vi: str
    en: str
    is_on_a_day: bool = Field(description="says how something stood on one day")
    tells_money: bool

    @classmethod
    def of(cls, field: DataField) -> Self:
        """From the catalogue."""
        vi, en = HEADINGS[field.group]
        return cls(
            name=field.name,
            group=field.group.value,
            vi=f"{vi}: {field.vi}",
            en=f"{en}: {field.en}",
            is_on_a_day=field.is_on_a_day,
            tells_money=field.tells_money,
        )


class AskIn(Schema):
    """A question to a person."""

    personal_number: str = Field(max_length=20)
    fields: Fields = Field(description="names of the catalogue; the name of a group stands for all its fields of today")
    purpose: ConsentPurpose
    reason: _Text = Field(min_length=1, max_length=300, description="why, in the requester's own words; the person reads it")
    until: _Day = Field(description="last day on which data may be read")
    on: _Day | None = Field(None, description="the day that fields about a day speak of; not given: the day of each look")
    reference: _Text = Field("", max_length=60, description="the requester's own number")


class AskedOut(Schema):
    """A request as its requester sees it. Whether the person is known here is not told."""

    request_id: UUID
    state: str = Field(description="WAITING, GRANTED, REFUSED, CANCELLED, LAPSED")
    fields: list[str]
    purpose: str
    until: date
    reference: str
    asked_at: datetime
    lapses_at: datetime
    consent_id: UUID | None

    @classmethod
    def of(cls, view: ConsentRequestView) -> Self:
        """From the access room's view."""
        return cls(
            request_id=view.request_id,
            state=view.state.value,
            fields=list(view.fields),
            purpose=view.purpose.value,
            until=last_day(view.until_on),
            reference=view.reference,
            asked_at=view.asked_at,
            lapses_at=view.lapses_at,
            consent_id=view.consent_id,
        )


class WantedOut(Schema):
    """Who wants what, why and for how long, in both languages, as the person reads it before deciding."""

    request_id: UUID
    state: str
    requester: str
    requester_kind: str
    contact: str
    notice_url: str
    purpose_vi: str
    purpose_en: str
    reason: str = Field(description="the requester's own words")
    fields: list[DataFieldOut]
    words_vi: list[str]
    words_en: list[str]
    tells_money: bool
    on: date | None
    until: date
    asked_at: datetime
    answer_by: datetime = Field(description="without an answer it lapses: silence is not consent")

    @classmethod
    def of(cls, view: ConsentRequestView) -> Self:
        """From the access room's view."""
        vi, en = PURPOSE_WORDS[view.purpose]
        return cls(
            request_id=view.request_id,
            state=view.state.value,
            requester=view.requester.name,
            requester_kind=view.requester.kind.value,
            contact=view.requester.contact,
            notice_url=view.requester.notice_url,
            purpose_vi=vi,
            purpose_en=en,
            reason=view.reason,
            fields=[DataFieldOut.of(FIELDS[name]) for name in view.fields],
            words_vi=list(in_words(view.fields, "vi")),
            words_en=list(in_words(view.fields, "en")),
            tells_money=any(FIELDS[name].tells_money for name in view.fields),
            on=view.on,
            until=last_day(view.until_on),
            asked_at=view.asked_at,
            answer_by=view.lapses_at,
        )


class GrantIn(Schema):
    """What the person grants. Nothing is chosen beforehand: every field is named."""

    fields: Fields = Field(description="fields of the request, by name: all of them or fewer")
    until: _Day = Field(description="last day; that of the request or an earlier one")


class ConsentOut(Schema):
    """A consent as its person sees it."""

    consent_id: UUID
    request_id: UUID
    requester: str
    contact: str
    purpose_vi: str
    purpose_en: str
    fields: list[str]
    words_vi: list[str]
    words_en: list[str]
    on: date | None
    until: date
    granted_at: datetime
    withdrawn_at: datetime | None
    status: str = Field(description="given, withdrawn, expired")

    @classmethod
    def of(cls, view: ConsentView, at: datetime) -> Self:
        """From the access room's view."""
        vi, en = PURPOSE_WORDS[view.purpose]
        return cls(
            consent_id=view.consent_id,
            request_id=view.request_id,
            requester=view.requester.name,
            contact=view.requester.contact,
            purpose_vi=vi,
            purpose_en=en,
            fields=list(view.fields),
            words_vi=list(in_words(view.fields, "vi")),
            words_en=list(in_words(view.fields, "en")),
            on=view.on,
            until=last_day(view.until_on),
            granted_at=view.granted_at,
            withdrawn_at=view.withdrawn_at,
            status=view.status(at).value,
        )


class GrantedOut(Schema):
    """The consent with its receipt."""

    consent: ConsentOut
    receipt: Sealed


class DutyReadIn(Schema):
    """What a State agency wants to read by law."""

    scope: _Text = Field(max_length=80, description="the agreed scope")
    personal_number: str = Field(max_length=20)
    reference: _Text = Field(min_length=1, max_length=60, description="the case; the person reads it")
    fields: list[Annotated[str, Field(max_length=80)]] = Field(default_factory=list, max_length=60, description="fewer than the scope's")
    on: _Day | None = Field(None, description="the day that fields about a day speak of; not given: today")


class DisclosedOut(Schema):
    """Data of a person, sealed, and the receipt they rest on; without a receipt where a law is the ground."""

    disclosure: Sealed
    receipt: Sealed | None
    data: dict[str, Any] = Field(description="what the disclosure's payload says under `data`, to read without decoding")

    @classmethod
    def of(cls, made: Disclosure) -> Self:
        """From the sharing room's view."""
        return cls(disclosure=Sealed.of(made.sealed), receipt=Sealed.of(made.receipt) if made.receipt else None, data=dict(made.data))
