"""What a granted book does: lines of the append-only ledger that name the converted original and both officers. One transaction."""

from collections.abc import Iterable, Mapping
from typing import Final

from bhxh.conversion.facts import CaseView
from bhxh.conversion.queries import get_case
from bhxh.conversion.states import ConversionState
from bhxh.dossiers.procedure import Effects, EffectsRequest
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict
from bhxh.ledger.commands import LineDraft, LineKind, post_lines, reverse_months
from bhxh.ledger.queries import list_open_months, list_uncounted_months
from bhxh.procedures.correct_contribution_history.errors import CCH_CONVERSION_WITHDRAWN, CCH_NOTHING_ENTERED
from bhxh.procedures.correct_contribution_history.evidence import FIRST_MONTH
from bhxh.procedures.correct_contribution_history.month_plan import Doing, HeldMonth, PlannedMonth, plan_months
from bhxh.registry.commands import lock_persons
from bhxh.registry.queries import EmployerSummary, find_employer_ids, list_employers
from bhxh.transcripts.facts import TranscriptView
from bhxh.transcripts.queries import get_transcript

NO_EMPLOYER: Final = 0
"""A unit of the book that is not registered here: dissolved long ago, or written without its code."""
_ANY_REGION: Final = 1
"""WHY: an old book does not say the wage region; it matters only where the unemployment base reaches its cap (assumed)."""
_WRITTEN: Final = {Doing.NEW: LineKind.NORMAL, Doing.CORRECTED: LineKind.ADJUST, Doing.ELSEWHERE: LineKind.NOT_COUNTED}
_NOTES: Final = {
    Doing.NEW: "Theo sổ giấy",
    Doing.CORRECTED: "Điều chỉnh theo sổ giấy",
    Doing.ELSEWHERE: "Theo sổ giấy; tháng này đã tính đóng tại đơn vị khác",
}


def carry_out(request: EffectsRequest) -> Effects:
    """Post what the two officers agreed on.

    Raises: Conflict CCH-121, CCH-122; what the ledger raises.
    """
    person_ids = {granted.line.number: granted.subject.person_id for granted in request.lines if granted.subject}
    for person_id in person_ids.values():
        _post(request, person_id)
    return Effects(touched_person_ids=tuple(person_ids.values()), person_id_by_line=person_ids)


def _post(request: EffectsRequest, person_id: int) -> None:
    transcript = get_transcript(request.dossier_id, person_id=person_id)
    if transcript.agreed is None or transcript.case_id is None:
        raise Conflict(CCH_NOTHING_ENTERED)
    case = get_case(transcript.case_id)
    if case.state is not ConversionState.CERTIFIED:
        raise Conflict(CCH_CONVERSION_WITHDRAWN)
    lock_persons([person_id])
    # WHY read again: months may have been posted since the rules looked.
    counted = {held.month: held for held in list_open_months([person_id], FIRST_MONTH)[person_id]}
    plan = plan_months(transcript.agreed, {month: HeldMonth(held.unit_code, held.base_vnd) for month, held in counted.items()})
    units = _find_units(planned.row.unit_code for planned in plan)
    taken_back = [(person_id, one.month, counted[one.month].employer_id) for one in plan if one.doing is Doing.CORRECTED]
    if taken_back:
        reason = f"{request.dossier_code}: điều chỉnh theo sổ giấy"
        reverse_months(actor=request.actor, at=request.at, months=taken_back, reason=reason, dossier_id=request.dossier_id)
    written = {(held.month, held.employer_id) for held in list_uncounted_months([person_id], FIRST_MONTH)[person_id]}
    drafts = [_draft(person_id, one, units) for one in plan if one.doing in _WRITTEN]
    drafts = [draft for draft in drafts if draft.is_counted or (draft.month, draft.employer_id) not in written]
    if drafts:
        basis = Citation(basis_of(case, transcript))
        post_lines(actor=request.actor, at=request.at, drafts=drafts, basis=basis, dossier_id=request.dossier_id)


def basis_of(case: CaseView, transcript: TranscriptView) -> str:
    """How each of these lines is known: the converted original by its digest, and who typed it."""
    first, second = transcript.entries
    settled = f"; thống nhất chỗ khác nhau: {transcript.settled.by}" if transcript.settled else ""
    return f"Sổ giấy đã chuyển đổi, SHA-256 {case.file_sha256}; hai cán bộ nhập độc lập: {first.by}, {second.by}{settled}"


def _find_units(codes: Iterable[str]) -> Mapping[str, EmployerSummary]:
    ids = find_employer_ids({code for code in codes if code})
    employers = list_employers(ids.values())
    return {code: employers[employer_id] for code, employer_id in ids.items()}


def _draft(person_id: int, planned: PlannedMonth, units: Mapping[str, EmployerSummary]) -> LineDraft:
    row, unit = planned.row, units.get(planned.row.unit_code)
    return LineDraft(
        person_id=person_id,
        employer_id=unit.employer_id if unit else NO_EMPLOYER,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        workplace=row.unit_name,
        job_title=row.job_title,
        participant_type=row.participant_type,
        month=planned.month,
        kind=_WRITTEN[planned.doing],
        due=row.due(planned.month, unit.wage_region if unit else _ANY_REGION),
        note=_NOTES[planned.doing],
        is_hazardous=row.is_hazardous,
    )
