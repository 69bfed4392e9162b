"""What a granted list does: register who is new, record who joins, leaves and changes, post the months, issue cards.

Runs inside the decision's transaction, through commands of the rooms below, set-based: the number of statements does not grow with the
list. Facts are read again under the persons' locks, because something may have happened since the list was judged.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bhxh.dossiers.procedure import Effects, EffectsRequest, GrantedLine
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import NOTHING_DUE, ContributionsDue, Funds, contributions_due
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.commands import LineDraft, LineKind, post_lines, reverse_months
from bhxh.ledger.queries import list_open_months
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.evidence import answered, find_facts
from bhxh.procedures.register_employees.form import Line
from bhxh.procedures.register_employees.month_plan import Change, PlannedMonth, Posting, plan_months
from bhxh.registry.commands import (
    issue_health_cards,
    lock_persons,
    record_participations,
    record_verification,
    register_persons,
)
from bhxh.registry.facts import (
    HealthCardRow,
    IdentityFacts,
    ParticipationRow,
    ParticipationStatus,
    PersonEntry,
    Provenance,
    Scheme,
    Verification,
    VerificationResult,
)
from bhxh.registry.queries import EmployerSummary, Participation, find_persons, get_book_facts, get_employer, list_participations

_BASIS = Citation("Law 41/2024/QH15, Art. 28 and 31; procedure SI-02")
_ONLY_ACCIDENT = Funds(retirement=False, sickness=False, accident=True, unemployment=False, health=False)
"""A further contract still pays the accident fund (assumed: Law 84/2015/QH13, Art. 43)."""
_NOTES = {
    Posting.COUNTED: "",
    Posting.SECOND_CONTRACT: "Tháng này đã tính đóng tại đơn vị khác",
    Posting.PAUSED: "Không đóng: {title}",
}
_STATUS = {
    Effect.START: ParticipationStatus.WORKING,
    Effect.WAGE: ParticipationStatus.WORKING,
    Effect.PAUSE: ParticipationStatus.ON_LEAVE,
    Effect.STOP: ParticipationStatus.ENDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Granted:
    """A granted line whose person is known and locked."""

    granted: GrantedLine
    line: Line
    person_id: int
    present: Participation | None

    @property
    def effect(self) -> Effect:
        """What the change code does."""
        change = self.line.change
        return change.effect if change is not None else Effect.LATER


def carry_out(request: EffectsRequest) -> Effects:
    """Carry out the granted lines of one decision.

    Raises: Conflict D02-122 where a granted line cannot be carried out by this version; what the rooms below raise.
    """
    assert request.employer_id is not None, "only an employer files this procedure"
    employer = get_employer(request.employer_id)
    period = Month.parse(request.filing.period)
    lines = [(granted, Line.from_content(granted.line.content)) for granted in request.lines]
    for granted, line in lines:
        _check_can_be_carried_out(granted, line)
    person_ids = _find_or_register(request, lines)
    lock_persons(person_ids.values())
    at_work = list_participations(person_ids.values(), on_month=period, employer_id=employer.employer_id)
    rows = [
        _Granted(
            granted=granted,
            line=line,
            person_id=person_ids[granted.line.pin],
            present=next(iter(at_work.get(person_ids[granted.line.pin], ())), None),
        )
        for granted, line in lines
    ]
    _record_participations(request, rows, employer, period)
    _post_months(request, rows, employer, period)
    _issue_cards(request, rows, period)
    by_line = {row.granted.line.number: row.person_id for row in rows}
    return Effects(touched_person_ids=tuple(sorted(set(by_line.values()))), person_id_by_line=by_line)


# -- who --------------------------------------------------------------------------------------------------------


def _check_can_be_carried_out(granted: GrantedLine, line: Line) -> None:
    change = line.change
    effect = change.effect if change is not None else Effect.LATER
    lacks_wage = effect in (Effect.START, Effect.WAGE) and line.wage_vnd is None
    lacks_month = effect is not Effect.TITLE and line.starts is None
    if effect is Effect.LATER or lacks_wage or lacks_month or not granted.line.pin:
        raise Conflict(errors.CODE_NOT_CARRIED_OUT, change_code=line.change_code, line=granted.line.number)


def _find_or_register(request: EffectsRequest, lines: Sequence[tuple[GrantedLine, Line]]) -> dict[str, int]:
    """The person of each line by personal number; who is not here yet is registered from the population register's answer."""
    found = find_persons([(Scheme.PIN, granted.line.pin) for granted, _ in lines])
    person_ids = {value: summary.person_id for (_, value), summary in found.items()}
    newcomers: dict[Provenance, dict[str, PersonEntry]] = defaultdict(dict)
    for granted, line in lines:
        if granted.line.pin not in person_ids:
            newcomers[_provenance_of(granted, request)][granted.line.pin] = _entry(granted, line)
    for provenance, entries in newcomers.items():
        registered = register_persons(actor=request.actor, at=request.at, entries=list(entries.values()), provenance=provenance)
        person_ids.update(registered)
        if provenance.source_system != _OWN_WORD:
            results = [VerificationResult(person_id=person_id, verification=Verification.VERIFIED) for person_id in registered.values()]
            record_verification(actor=request.actor, at=request.at, results=results, provenance=provenance)
    return person_ids


_OWN_WORD = "register_employees"


def _provenance_of(granted: GrantedLine, request: EffectsRequest) -> Provenance:
    answer = granted.answer
    if answer is None or not answered(answer):
        return _provenance(request)
    return Provenance(
        source_kind=answer.source_kind.value,
        source_system=answer.source_system,
        fetched_at=answer.fetched_at,
        content_sha256=answer.content_sha256,
        dossier_id=request.dossier_id,
    )


def _provenance(request: EffectsRequest) -> Provenance:
    return Provenance(
        source_kind="SUBMITTER",
        source_system=_OWN_WORD,
        source_record_id=request.dossier_code,
        fetched_at=request.at,
        dossier_id=request.dossier_id,
    )


def _entry(granted: GrantedLine, line: Line) -> PersonEntry:
    facts = find_facts(line, granted.answer, granted.subject)
    if not {"full_name", "birth_on", "sex"} <= facts.keys():
        raise Conflict(errors.CODE_NOT_CARRIED_OUT, change_code=line.change_code, line=granted.line.number)
    born = facts["birth_on"].value
    identity = IdentityFacts(
        full_name=facts["full_name"].value,
        birth_on=date(int(born[:4]), int(born[5:7] or 1), int(born[8:10] or 1)),
        birth_precision={4: "YEAR", 7: "MONTH"}.get(len(born), "DAY"),
        sex=facts["sex"].value,
        nationality=line.nationality or "VN",
        ethnicity=line.ethnicity,
    )
    return PersonEntry(identity=identity, pin=Pin(granted.line.pin), email=line.email, mobile_phone=line.phone)


# -- participation ----------------------------------------------------------------------------------------------


def _record_participations(request: EffectsRequest, rows: Sequence[_Granted], employer: EmployerSummary, period: Month) -> None:
    in_order = sorted(rows, key=lambda row: (row.line.starts or period, row.granted.line.number))
    participations = [_participation(row, employer, period) for row in in_order]
    record_participations(actor=request.actor, at=request.at, rows=participations, provenance=_provenance(request))


def _participation(row: _Granted, employer: EmployerSummary, period: Month) -> ParticipationRow:
    line, present = row.line, row.present
    is_spanned = row.effect in (Effect.START, Effect.PAUSE) and line.ends is not None
    status = _STATUS.get(row.effect) or (ParticipationStatus(present.status) if present is not None else ParticipationStatus.WORKING)
    return ParticipationRow(
        person_id=row.person_id,
        employer_id=employer.employer_id,
        participant_type=_participant_type(row).value,
        wage_vnd=line.base_vnd if row.effect in (Effect.START, Effect.WAGE) else (present.wage_vnd if present is not None else 0),
        from_month=line.starts or period,
        until_month=line.ends.plus(1) if is_spanned and line.ends is not None else None,
        job_title=line.job_title or (present.job_title if present is not None else ""),
        workplace=line.workplace or (present.workplace if present is not None else ""),
        change_code=line.change_code,
        status=status.value,
    )


def _participant_type(row: _Granted) -> ParticipantType:
    if row.present is not None:
        return ParticipantType(row.present.participant_type)
    return ParticipantType.LABOUR_CONTRACT if row.line.nationality in ("", "VN") else ParticipantType.FOREIGN_WORKER


# -- months -----------------------------------------------------------------------------------------------------


def _post_months(request: EffectsRequest, rows: Sequence[_Granted], employer: EmployerSummary, period: Month) -> None:
    changes = [
        Change(
            person_id=row.person_id,
            number=row.granted.line.number,
            line=row.line,
            effect=row.effect,
            starts=row.line.starts or period,
            is_already_paused=row.present is not None and row.present.status == ParticipationStatus.ON_LEAVE,
        )
        for row in rows
    ]
    earliest = min(change.starts for change in changes)
    counted = list_open_months({row.person_id for row in rows}, earliest)
    plan = plan_months(
        changes,
        period=period,
        counted_here={
            person_id: {month.month for month in months if month.employer_id == employer.employer_id}
            for person_id, months in counted.items()
        },
        counted_elsewhere={
            person_id: {month.month for month in months if month.employer_id != employer.employer_id}
            for person_id, months in counted.items()
        },
    )
    if plan.taken_back:
        taken_back = [(person_id, month, employer.employer_id) for person_id, month in plan.taken_back]
        reason = f"{request.dossier_code}: báo giảm, điều chỉnh"
        reverse_months(actor=request.actor, at=request.at, months=taken_back, reason=reason, dossier_id=request.dossier_id)
    drafts = list(_drafts(plan.posted, {row.person_id: row for row in rows}, employer))
    if drafts:
        post_lines(actor=request.actor, at=request.at, drafts=drafts, basis=_BASIS, dossier_id=request.dossier_id)


def _drafts(planned: Sequence[PlannedMonth], rows: Mapping[int, _Granted], employer: EmployerSummary) -> Iterator[LineDraft]:
    for month in planned:
        row, line = rows[month.person_id], month.line
        participant_type = _participant_type(row)
        present = row.present
        yield LineDraft(
            person_id=month.person_id,
            employer_id=employer.employer_id,
            unit_code=employer.unit_code,
            unit_name=employer.name,
            workplace=line.workplace or (present.workplace if present is not None else ""),
            job_title=line.job_title or (present.job_title if present is not None else ""),
            participant_type=participant_type,
            month=month.month,
            kind=LineKind.NORMAL if month.posting is Posting.COUNTED else LineKind.NOT_COUNTED,
            due=_due(month, participant_type, employer.wage_region),
            note=_NOTES[month.posting].format(title=line.change.title_vi if line.change is not None else ""),
            is_hazardous=_is_hazardous(line, month.month),
        )


def _due(month: PlannedMonth, participant_type: ParticipantType, employer_region: int) -> ContributionsDue:
    if month.posting is Posting.PAUSED:
        return NOTHING_DUE
    return contributions_due(
        participant_type=participant_type,
        month=month.month,
        wage_vnd=Vnd(month.line.base_vnd),
        wage_region=int(month.line.wage_region or employer_region),
        funds=Funds() if month.posting is Posting.COUNTED else _ONLY_ACCIDENT,
    )


def _is_hazardous(line: Line, month: Month) -> bool:
    first, last = line.hazardous_from_on[:7], line.hazardous_to_on[:7]
    return bool(first) and first <= str(month) and (not last or str(month) <= last)


# -- health cards -----------------------------------------------------------------------------------------------


def _issue_cards(request: EffectsRequest, rows: Sequence[_Granted], period: Month) -> None:
    """A card for everyone who joins and has none."""
    joining = {row.person_id: row for row in rows if row.effect is Effect.START}
    if not joining:
        return
    held = get_book_facts(joining, valid_on=period.first_on, known_at=request.at)
    cards = [
        HealthCardRow(
            person_id=person_id,
            card_code=_card_code(row.granted.line.pin),
            valid_from=(row.line.starts or period).first_on,
            facility_code=row.line.facility,
            area_code=row.line.living_area,
        )
        for person_id, row in joining.items()
        if person_id not in held or not held[person_id].health_cover
    ]
    if cards:
        issue_health_cards(actor=request.actor, at=request.at, rows=cards, provenance=_provenance(request))


def _card_code(pin: str) -> str:
    """Type DN (enterprise worker), level 4, the two digits of the province, the last ten digits of the personal number.

    WHY: so the card keeps every digit of the number but its leading 0, and no two persons get the same card.
    The composition for twelve-digit codes is not published (assumed).
    """
    return f"DN4{pin[1:3]}{pin[2:]}"
