"""What people are shown before they confirm instead of signing, whom they may act for, and what officers filed for them."""

from base64 import b64encode
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from bhxh.doors.api.warehouse_shapes import Papers
from bhxh.dossiers import catalogue
from bhxh.dossiers.confirming import ToConfirm
from bhxh.dossiers.facts import CounterFilingView, WhyAtCounter
from bhxh.dossiers.states import FACTS
from bhxh.registry.representation import Represented

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the content that was shown, in hexadecimal")]


class ToConfirmOut(Schema):
    """Exactly what will be confirmed and filed."""

    draft_id: str
    procedure: str
    title_vi: str
    title_en: str
    content: str = Field(description="the document, base64: show it, or what it says, before it is confirmed")
    content_sha256: str = Field(description="send it back with the confirmation")
    media_type: str
    expires_at: datetime

    @classmethod
    def of(cls, shown: ToConfirm) -> "ToConfirmOut":
        """From the engine's view."""
        procedure = catalogue.get(shown.procedure_slug)
        return cls(
            draft_id=str(shown.draft_id),
            procedure=shown.procedure_slug,
            title_vi=procedure.title_vi,
            title_en=procedure.title_en,
            content=b64encode(shown.content).decode(),
            content_sha256=shown.sha256,
            media_type=shown.media_type,
            expires_at=shown.expires_at,
        )


class ConfirmationPreparationOut(ToConfirmOut):
    """The same of a list."""

    further: list[ToConfirmOut] = Field(default_factory=list, description="the following documents of a list too long for one")


class ConfirmationIn(Schema):
    """A person confirms what they were shown."""

    content_sha256: Sha256


class FilingConfirmationIn(ConfirmationIn):
    """The same, of what is filed by it."""

    papers: Papers


class RepresentedOut(Schema):
    """Somebody the registers let the signed-in person act for."""

    reference: str = Field(description="for the header Acting-For")
    full_name: str
    birth_on: date
    relation: str = Field(description="MOTHER, FATHER, GUARDIAN, HEAD_OF_HOUSEHOLD")
    until_on: date | None = Field(description="the first day on which it no longer holds; for a child the eighteenth birthday")

    @classmethod
    def of(cls, reference: str, one: Represented) -> "RepresentedOut":
        """From the registry's view."""
        right = one.representation
        return cls(
            reference=reference, full_name=one.full_name, birth_on=one.birth_on, relation=right.relation.value, until_on=right.until_on
        )


class CounterFilingIn(Schema):
    """What a person at the counter asks for."""

    pin: str = Field(max_length=20, description="personal number of the person at the counter")
    procedure: str = Field(max_length=60)
    form: dict[str, Any] = Field(default_factory=dict, description="as the procedure's own form has it")
    why: WhyAtCounter


class CounterFilingOut(Schema):
    """What an officer filed for a person, and what the person said to it."""

    code: str
    procedure: str
    title_vi: str
    title_en: str
    state: str
    state_vi: str
    state_en: str
    filed_at: datetime
    why: str
    answer: str = Field(description="empty: not answered yet; confirmed, refused")
    answered_at: datetime | None
    is_decided: bool

    @classmethod
    def of(cls, view: CounterFilingView) -> "CounterFilingOut":
        """From the engine's view."""
        procedure, facts = catalogue.get(view.procedure_slug), FACTS[view.state]
        return cls(
            code=view.code,
            procedure=view.procedure_slug,
            title_vi=procedure.title_vi,
            title_en=procedure.title_en,
            state=view.state.value,
            state_vi=facts.vi,
            state_en=facts.en,
            filed_at=view.filed_at,
            why=view.why.value,
            answer=view.answer.value,
            answered_at=view.answered_at,
            is_decided=view.is_decided,
        )


class OwnCounterFilingOut(CounterFilingOut):
    """The same for the person, with what exactly was filed."""

    content: str = Field(description="the document as filed, base64")
    content_sha256: str = Field(description="send it back with the confirmation")


class CounterAnswerOut(Schema):
    """Where a filing at the counter stands after its person answered."""

    code: str
    answer: str
    is_taken_back: bool = Field(description="whether the dossier was ended by the refusal")
