"""What is known of a transcript, as the room hands it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bhxh.transcripts.comparing import Comparison, compare
from bhxh.transcripts.rows import Row, Typed, rows_of
from bhxh.transcripts.states import ENTRIES, Step, TranscriptState

REGISTER = "transcript"
"""Under which name what was agreed is among the evidence of a dossier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One thing that was done."""

    n: int
    step: Step
    by: str
    by_person_id: int
    at: datetime
    case_id: UUID
    rows: Sequence[Typed]
    words: str


@dataclass(frozen=True, kw_only=True)
class TranscriptView:
    """The transcript of a dossier. `steps`: all of them, also of what was discarded."""

    dossier_id: UUID
    steps: tuple[StepView, ...]

    @property
    def present(self) -> tuple[StepView, ...]:
        """The steps that stand: since the last opening, none where that was discarded."""
        last = max((place for place, step in enumerate(self.steps) if step.step is Step.OPENED), default=len(self.steps))
        present = self.steps[last:]
        return () if any(step.step is Step.DISCARDED for step in present) else present

    @property
    def state(self) -> TranscriptState:
        """Where it stands."""
        if not self.present:
            return TranscriptState.NONE
        if len(self.entries) < ENTRIES:
            return TranscriptState.ENTERING
        return TranscriptState.DIFFERING if self.agreed is None else TranscriptState.AGREED

    @property
    def case_id(self) -> UUID | None:
        """The conversion that is typed from."""
        return self.present[0].case_id if self.present else None

    @property
    def entries(self) -> tuple[StepView, ...]:
        """Who completed it, in order: the first and the second."""
        return tuple(step for step in self.present if step.step is Step.ENTERED)[:ENTRIES]

    @property
    def settled(self) -> StepView | None:
        """Who settled the differences."""
        return next((step for step in self.present if step.step is Step.SETTLED), None)

    @property
    def comparison(self) -> Comparison | None:
        """Both entries side by side; None before there are two: nobody sees one of them alone."""
        if len(self.entries) < ENTRIES:
            return None
        first, second = self.entries
        return compare(rows_of(first.rows), rows_of(second.rows))

    @property
    def agreed(self) -> tuple[Row, ...] | None:
        """What the paper says, once two agree on it or it was settled."""
        if self.settled is not None:
            return rows_of(self.settled.rows)
        comparison = self.comparison
        return rows_of(self.entries[0].rows) if comparison is not None and not comparison.differences else None

    def entry_of(self, account: str, person_id: int) -> StepView | None:
        """What this officer, or another account of the same human being, completed."""
        return next((step for step in self.entries if step.by == account or step.by_person_id == person_id), None)

    def last_save_of(self, account: str) -> StepView | None:
        """What this officer saved last."""
        return next((step for step in reversed(self.present) if step.step is Step.SAVED and step.by == account), None)

    def count_saves_of(self, account: str) -> int:
        """How often this officer saved."""
        return sum(1 for step in self.present if step.step is Step.SAVED and step.by == account)
