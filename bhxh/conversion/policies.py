"""May this officer do this with this paper, now? Asked inside the commands, whichever door they came by."""

from datetime import datetime

from bhxh.conversion.converters import get_converter, is_in_office
from bhxh.conversion.errors import CNV_NOT_NOW, CNV_OWN_PAPERS, CNV_RIGHT_ENDED, CNV_SAME_PERSON
from bhxh.conversion.facts import CaseView, Converter, Scanned
from bhxh.conversion.originals import ORIGINALS
from bhxh.conversion.states import NAMES, STEPS, Step
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict, NotAllowed
from bhxh.warehouse.owners import Owner


def is_already_proposed(case: CaseView, actor: Actor, scanned: Scanned) -> bool:
    """Whether the same officer put the same files forward before, and nothing was done since but to certify them."""
    proposed = case.proposed
    is_standing = case.last is not None and case.last.step in (Step.PROPOSED, Step.CERTIFIED)
    same = [scan.sha256 for scan in case.scanned.scans] == [scan.sha256 for scan in scanned.scans]
    return proposed is not None and is_standing and same and proposed.by == actor.account


def check_certifier(*, actor: Actor, at: datetime, case: CaseView) -> Converter:
    """Whether this officer may certify what was proposed, now.

    Raises: NotAllowed CNV-010, CNV-011; Conflict CNV-013, CNV-014, CNV-015.
    """
    by, proposed = acting_converter(actor, case.owner), case.proposed
    check_may_follow(case, Step.CERTIFIED)
    assert proposed is not None, "only what was proposed can be certified"
    is_same = proposed.by == actor.account or proposed.by_person_id == by.person_id
    if is_same and ORIGINALS[case.original].needs_second:
        raise NotAllowed(CNV_SAME_PERSON)
    if not is_in_office(proposed.by, at=at):
        raise Conflict(CNV_RIGHT_ENDED)
    return by


def acting_converter(actor: Actor, owner: Owner) -> Converter:
    """Whoever acts, as a certificate names them: never about their own papers. Raises NotAllowed CNV-010; Conflict CNV-014."""
    by = get_converter(actor.account)
    if owner.kind == "person" and owner.id in (by.person_id, actor.person_id):
        raise NotAllowed(CNV_OWN_PAPERS)
    return by


def check_may_follow(case: CaseView, step: Step) -> None:
    """Raises Conflict CNV-013."""
    if step not in STEPS[case.state]:
        vi, en = NAMES[case.state]
        raise Conflict(CNV_NOT_NOW, state=vi, state_en=en)
