"""What people's own acts take and give: asking for an extract, withdrawing a dossier, the supplement, the history."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from bhxh.doors.api.shapes import LineNumber, RowVersion
from bhxh.doors.api.warehouse_shapes import ComponentCode, PaperIn, Papers
from bhxh.dossiers.facts import ComponentSource, DossierView, TransitionView
from bhxh.dossiers.states import FACTS, State
from bhxh.dossiers.supplement_commands import DAYS, Shortcoming

_NO_NUL = r"^[^\x00]*$"
_Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_NUL)]


class ExtractIn(Schema):
    """What an extract should cover; all may be left out."""

    from_month: str = Field("", max_length=10, description="MM/YYYY or YYYY-MM; empty: from the first month")
    until_month: str = Field("", max_length=10, description="the last month, inclusive; empty: to the present")
    purpose: str = Field("", max_length=200, pattern=_NO_NUL, description="the person's own words, printed on the extract; never asked for")


class ExtractRequestIn(ExtractIn):
    """The same, filed at once."""

    papers: Papers


class ExtractToSignIn(ExtractIn):
    """The same, to be signed by the person's own certificate."""

    certificate: str = Field("", max_length=16_000, description="DER or PEM, base64; empty: the one at the remote signing service")


class WithdrawalIn(Schema):
    """The filer takes the dossier back."""

    reason: str = Field("", max_length=1000, pattern=_NO_NUL, description="in the filer's own words; may be empty")
    row_version: RowVersion


class DefectIn(Schema):
    """One thing that is missing or wrong."""

    vi: _Words
    en: _Words
    component: ComponentCode = Field("", description="code of the component it is about, where it is about one")
    line: LineNumber | None = None

    def shortcoming(self) -> Shortcoming:
        """As the engine names it."""
        return Shortcoming(vi=self.vi, en=self.en, component=self.component, line_number=self.line)


class SupplementRequestIn(Schema):
    """Everything that is missing, once."""

    defects: list[DefectIn] = Field(min_length=1, max_length=100)
    days: int = Field(DAYS, ge=1, le=90, description="how many days the filer has")
    row_version: RowVersion


class ReusedItemsIn(Schema):
    """The answer to a supplement request, with nothing sent again."""

    items: list[PaperIn] = Field(min_length=1, max_length=20)
    row_version: RowVersion


class SignatureRefusalIn(Schema):
    """A signature that nobody could prove."""

    reason: str = Field(min_length=1, max_length=2000, pattern=_NO_NUL, description="in writing; the filer reads it")
    row_version: RowVersion


class ActedOut(Schema):
    """Where the dossier stands after an act."""

    code: str
    state: str
    state_vi: str
    state_en: str
    appointment_on: date | None
    supplement_due_on: date | None = Field(description="until when the filer may answer a supplement request")
    row_version: int

    @classmethod
    def of(cls, view: DossierView) -> "ActedOut":
        """From the engine's view."""
        facts = FACTS[view.state]
        return cls(
            code=view.code,
            state=view.state.value,
            state_vi=facts.vi,
            state_en=facts.en,
            appointment_on=view.appointment_on or view.due_on,
            supplement_due_on=view.supplement_due_on,
            row_version=view.row_version,
        )


class StepOut(Schema):
    """One step of a dossier's history (R-066). Who took it is told by kind, not by name."""

    n: int
    state: str
    state_vi: str
    state_en: str
    at: datetime
    by: str = Field(description="person, officer, machine, system")
    reason: str

    @classmethod
    def of(cls, step: TransitionView) -> "StepOut":
        """From the engine's view."""
        facts = FACTS[State(step.to_state)]
        return cls(
            n=step.n, state=step.to_state, state_vi=facts.vi, state_en=facts.en, at=step.at, by=step.actor_kind.lower(), reason=step.reason
        )


class DocumentOut(Schema):
    """One component of a dossier: supplied by the filer, or reused from a source."""

    code: str
    is_reused: bool
    source: str
    media_type: str
    sha256: str = Field(description="empty where nothing was supplied")

    @classmethod
    def of(cls, component: ComponentSource) -> "DocumentOut":
        """From the engine's view."""
        return cls(
            code=component.code,
            is_reused=component.is_reused,
            source=component.source_system,
            media_type=component.media_type,
            sha256=component.content_sha256,
        )
