"""A dossier that an officer has open: everything its page and its acts go by, read once."""

from collections.abc import Mapping
from dataclasses import dataclass

from bhxh.access.roles import OfficerFacts
from bhxh.doors.office.dossier_forms import Suggested, suggested_defects
from bhxh.doors.office.queue_address import dossier_address
from bhxh.dossiers.facts import AppraisalView, DossierView, LineView
from bhxh.dossiers.office_queue import QueueFilter
from bhxh.dossiers.procedure import Procedure
from bhxh.dossiers.states import LineState
from bhxh.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The dossier, the officer, the lines shown, and the queue they came from."""

    actor: Actor
    officer: OfficerFacts
    dossier: DossierView
    procedure: Procedure
    lines: tuple[LineView, ...]
    is_more: bool
    appraisals: tuple[AppraisalView, ...]
    appraised: Mapping[int, tuple[int, ...]]
    wanted: QueueFilter
    """The queue from which it was opened."""

    @property
    def address(self) -> str:
        """Of this page, with its queue."""
        return dossier_address(self.dossier.code, self.wanted)

    @property
    def suggested(self) -> tuple[Suggested, ...]:
        """What could be asked of the filer."""
        return suggested_defects(tuple(line for line in self.lines if line.state is LineState.OFFICER))
