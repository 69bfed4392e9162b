"""What the desk for typing old books takes and gives."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from bhxh.dossiers.facts import DossierView
from bhxh.kernel.actor import Actor
from bhxh.transcripts.facts import StepView, TranscriptView
from bhxh.transcripts.rows import MOST_CHARACTERS, MOST_ROWS
from bhxh.transcripts.states import NAMES, TranscriptState

_NO_NUL = r"^[^\x00]*$"
_Text = Annotated[str, Field(max_length=MOST_CHARACTERS, pattern=_NO_NUL)]


class RowIn(Schema):
    """A line of an old book as somebody types it; a save keeps it readable or not."""

    from_month: _Text = Field("", description="MM/YYYY")
    to_month: _Text = ""
    unit_code: _Text = ""
    unit_name: _Text = ""
    job_title: _Text = ""
    participant_type: _Text = "LABOUR_CONTRACT"
    wage: _Text = Field("", description="a coefficient such as 2,34, or đồng")
    has_unemployment: _Text = Field("", description="1 where unemployment insurance was paid, else empty")
    is_hazardous: _Text = Field("", description="1 for hazardous work, else empty")


class TranscriptIn(Schema):
    """From which certified conversion the book is typed."""

    case_id: UUID


class RowsIn(Schema):
    """The lines."""

    rows: Annotated[list[RowIn], Field(max_length=MOST_ROWS)]

    def typed(self) -> list[dict[str, str]]:
        """As the room takes them."""
        return [row.model_dump() for row in self.rows]


class TranscriptSaveIn(RowsIn):
    """What was typed so far."""

    after: int = Field(0, ge=0, le=100_000, description="`save` of the answer that this was made from; 0 for the first")


class SettlementIn(Schema):
    """What the book says where the two entries differ."""

    choices: Annotated[dict[str, _Text], Field(max_length=MOST_ROWS * 10)] = Field(description="by the key of each difference")
    words: str = Field("", max_length=1000, pattern=_NO_NUL)


class DiscardIn(Schema):
    """Why it does not stand."""

    words: str = Field(min_length=1, max_length=1000, pattern=_NO_NUL)


class EntryOut(Schema):
    """Who completed an entry."""

    by: str
    at: datetime


class DifferenceOut(Schema):
    """One thing on which the two entries differ."""

    key: str
    place: int
    field: str = Field(description="a field of a line, or `line`: whether there is such a line")
    first: str
    second: str


class BookToTypeOut(Schema):
    """A dossier whose book waits. Nobody's data."""

    code: str
    state: TranscriptState
    state_vi: str
    state_en: str
    entries: int

    @classmethod
    def of(cls, dossier: DossierView, transcript: TranscriptView) -> "BookToTypeOut":
        """From what the room says."""
        vi, en = NAMES[transcript.state]
        return cls(code=dossier.code, state=transcript.state, state_vi=vi, state_en=en, entries=len(transcript.entries))


class TranscriptOut(BookToTypeOut):
    """Where it stands. Before there are two entries nobody is shown another's."""

    case_id: UUID | None
    entered_by: list[EntryOut]
    save: int = Field(description="number of one's own last save; 0 without one")
    rows: list[RowIn] = Field(description="of that save")
    differences: list[DifferenceOut]
    agreed: list[RowIn] = Field(description="what the book says; empty before two agree or somebody settled it")

    @classmethod
    def shown_to(cls, actor: Actor, dossier: DossierView, transcript: TranscriptView) -> "TranscriptOut":
        """As this officer may see it."""
        own: StepView | None = transcript.last_save_of(actor.account)
        comparison = transcript.comparison
        return cls(
            **BookToTypeOut.of(dossier, transcript).model_dump(),
            case_id=transcript.case_id,
            entered_by=[EntryOut(by=entry.by, at=entry.at) for entry in transcript.entries],
            save=own.n if own else 0,
            rows=[RowIn(**row) for row in own.rows] if own else [],
            differences=[
                DifferenceOut(key=one.key, place=one.place, field=one.field, first=one.first, second=one.second)
                for one in (comparison.differences if comparison else ())
            ],
            agreed=[RowIn(**row.as_typed()) for row in transcript.agreed or ()],
        )
