"""What a contribution line is: its kinds, its columns, and the draft that is posted."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bhxh.kernel.months import Month
from bhxh.law.contributions import ContributionsDue
from bhxh.law.participant_types import ParticipantType


class LineKind(StrEnum):
    """Why there is a line. Source: decree-164 section 4.8."""

    NORMAL = "NORMAL"
    BACK_PAY = "BACK_PAY"
    ADJUST = "ADJUST"
    """A corrected line, or one that takes an earlier line back."""
    NOT_COUNTED = "NOT_COUNTED"
    """The month is already counted at another employer, or is not counted at all."""
    PRESERVED = "PRESERVED"
    """A mark: from here the time is kept. Without money."""


UNCOUNTED_KINDS: Final = frozenset({LineKind.NOT_COUNTED, LineKind.PRESERVED})

WORKER_AMOUNTS: Final = ("retirement_worker", "sickness_worker", "ui_worker", "hi_worker")
EMPLOYER_AMOUNTS: Final = ("retirement_employer", "sickness_employer", "accident_employer", "ui_employer", "hi_employer")

MONEY_COLUMNS: Final = (
    "si_base_vnd",
    "hi_base_vnd",
    "ui_base_vnd",
    *(f"{name}_{unit}" for name in (*WORKER_AMOUNTS, *EMPLOYER_AMOUNTS) for unit in ("vnd", "bp")),
    "worker_vnd",
    "employer_vnd",
)
PLACE_COLUMNS: Final = ("unit_code", "unit_name", "workplace", "job_title", "participant_type")
COLUMNS: Final = (
    "person_id",
    "n",
    "turn",
    "sign",
    "reverses_n",
    "terms_n",
    "month",
    "employer_id",
    *PLACE_COLUMNS,
    "kind",
    "is_hazardous",
    *MONEY_COLUMNS,
    "note",
    "dossier_id",
    "basis",
    "recorded_at",
    "fragment",
)
"""Every column of the table, in the order in which rows are written."""

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class LineDraft:
    """One month to post.

    Shape:  `due` is what `law.contributions.contributions_due` says; a PRESERVED line carries NOTHING_DUE.
            Text is tidied (NFC) at the edge.
    """

    person_id: int
    employer_id: int
    unit_code: str
    unit_name: str
    workplace: str
    job_title: str
    participant_type: ParticipantType
    month: Month
    kind: LineKind
    due: ContributionsDue
    note: str = ""
    is_hazardous: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether posting it counts the month."""
        return self.kind not in UNCOUNTED_KINDS

    def columns(self) -> Row:
        """The columns that the draft itself decides."""
        row: Row = {name: getattr(self.due, name) for name in MONEY_COLUMNS}
        row.update(
            person_id=self.person_id,
            employer_id=self.employer_id,
            month=self.month.number,
            unit_code=self.unit_code,
            unit_name=self.unit_name,
            workplace=self.workplace,
            job_title=self.job_title,
            participant_type=self.participant_type.value,
            kind=self.kind.value,
            is_hazardous=self.is_hazardous,
            note=self.note,
        )
        return row
