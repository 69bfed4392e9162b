"""Whether an officer did this very thing before: the answer to a first press may have been lost on the way, and a second one must not alarm."""

from collections.abc import Sequence
from uuid import UUID

from bhxh.dossiers.queries import get_decisions, list_appraisals, list_history
from bhxh.dossiers.states import State
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.text import tidy


def has_proposed(dossier_id: UUID, account: str, *, proposal: Proposal | None, reason: str, line_numbers: Sequence[int]) -> bool:
    """The same proposal for the same lines with the same reason."""
    wanted = (account, proposal, tidy(reason), tuple(line_numbers))
    return any((one.officer, one.proposal, one.reason, one.line_numbers) == wanted for one in list_appraisals(dossier_id))


def has_approved(dossier_id: UUID, account: str, *, line_numbers: Sequence[int]) -> bool:
    """All of these lines, in one decision."""
    asked = set(line_numbers)
    return any(one.approver == account and asked <= {*one.granted_lines, *one.refused_lines} for one in get_decisions(dossier_id))


def has_moved(dossier_id: UUID, account: str, *, to: State) -> bool:
    """The last step of its history was theirs."""
    return any(one.account == account and one.to_state == to for one in list_history(dossier_id)[-1:])
