"""What a granted list does: register who is new, record who joins, leaves and changes, post the months, issue cards.

Runs inside the decision's transaction, through commands of the rooms below, set-based: the number of statements does not grow with the
list. Facts are read again under the persons' locks, because something may have happened since the list was judged.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bhxh.dossiers.procedure import Effects, EffectsRequest, GrantedLine
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import NOTHING_DUE, ContributionsDue, Funds, contributions_due
from bhxh.law.figures import Fund
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.commands import LineDraft, LineKind, post_lines, reverse_months
from bhxh.ledger.queries import list_open_months, list_uncounted_months
from bhxh.procedures.register_employees import errors
from bhxh.procedures.register_employees.base_wage import has_wage
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.form import Line
from bhxh.procedures.register_employees.month_plan import Change, InEffect, PlannedMonth, Posting, plan_months
from bhxh.procedures.register_employees.newcomers import find_or_register, submitted
from bhxh.procedures.register_employees.old_texts import in_unicode
from bhxh.procedures.register_employees.own_facts import standing_of
from bhxh.procedures.register_employees.rules import FARTHEST_BACK_MONTHS
from bhxh.procedures.register_employees.standing import Span, Standing, change_standing, months_of
from bhxh.registry.commands import issue_health_cards, lock_persons, record_participations
from bhxh.registry.facts import HealthCardRow, ParticipationRow
from bhxh.registry.queries import EmployerSummary, get_book_facts, get_employer, list_participations

_BASIS = Citation("Law 41/2024/QH15, Art. 28 and 31; procedure SI-02")
_SECOND_CONTRACT_FUNDS = frozenset({Fund.ACCIDENT})
"""A further contract still pays the accident fund (assumed: Law 84/2015/QH13, Art. 43)."""
_NOTES = {
    Posting.COUNTED: "",
    Posting.SECOND_CONTRACT: "Tháng này đã tính đóng tại đơn vị khác",
    Posting.PAUSED: "Không đóng: {title}",
    Posting.INSURED: "Nghỉ thai sản: tính là thời gian đóng, không phải đóng",
}
_KINDS = {Effect.BACK_PAY: LineKind.BACK_PAY, Effect.BACK_FUND: LineKind.BACK_PAY, Effect.BACK_CUT: LineKind.ADJUST}
_ADJUSTING = frozenset({"DN", "DL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A granted line whose person is known and locked, with what it makes of the participation."""

    granted: GrantedLine
    line: Line
    person_id: int
    spans: tuple[Span, ...]

    @property
    def effect(self) -> Effect:
        """What the change code does."""
        return effect_of(self.line)


def carry_out(request: EffectsRequest) -> Effects:
    """Carry out the granted lines of one decision.

    Raises: Conflict D02-122 where a granted line cannot be carried out; what the rooms below raise.
    """
    assert request.employer_id is not None, "only an employer files this procedure"
    employer = get_employer(request.employer_id)
    period = Month.parse(request.filing.period)
    # WHY in Unicode here too: a line typed with an old font was granted because the clerk confirmed what it says
    lines = [(granted, in_unicode(Line.from_content(granted.line.content))) for granted in request.lines]
    for granted, line in lines:
        _check_can_be_carried_out(granted, line)
    person_ids = find_or_register(request, lines)
    lock_persons(person_ids.values())
    history = list_participations(person_ids.values(), employer_id=employer.employer_id)
    standing = {person_id: standing_of(history.get(person_id, ())) for person_id in person_ids.values()}
    rows = list(apply_lines(lines, person_ids, standing, period))
    _record_participations(request, rows, employer)
    _post_months(request, rows, standing, employer, period)
    _issue_cards(request, rows, period)
    by_line = {row.granted.line.number: row.person_id for row in rows}
    return Effects(touched_person_ids=tuple(sorted(set(by_line.values()))), person_id_by_line=by_line)


def effect_of(line: Line) -> Effect:
    """What the line's change code does."""
    return line.change.effect if line.change is not None else Effect.UNKNOWN


def _check_can_be_carried_out(granted: GrantedLine, line: Line) -> None:
    effect = effect_of(line)
    lacks_wage = effect in (Effect.START, Effect.WAGE, Effect.BACK_PAY) and not has_wage(line)
    lacks_month = effect is not Effect.TITLE and line.starts is None
    if effect is Effect.UNKNOWN or lacks_wage or lacks_month or not granted.line.pin:
        raise Conflict(errors.CODE_NOT_CARRIED_OUT, change_code=line.change_code, line=granted.line.number)


# -- participation ----------------------------------------------------------------------------------------------


def apply_lines(
    lines: Sequence[tuple[GrantedLine, Line]], person_ids: Mapping[str, int], standing: dict[int, Standing], period: Month
) -> Iterator[Applied]:
    """Each line in order of month, on what the lines before it left; `standing` ends as what holds after all of them."""
    for granted, line in sorted(lines, key=lambda pair: (pair[1].starts or period, pair[0].line.number)):
        person_id = person_ids[granted.line.pin]
        newcomer = ParticipantType.LABOUR_CONTRACT if line.nationality in ("", "VN") else ParticipantType.FOREIGN_WORKER
        spans = change_standing(standing[person_id], line, period=period, newcomer=newcomer)
        if not spans:
            raise Conflict(errors.CODE_NOT_CARRIED_OUT, change_code=line.change_code, line=granted.line.number)
        standing[person_id] = standing[person_id].plus(spans)
        yield Applied(granted=granted, line=line, person_id=person_id, spans=spans)


def _record_participations(request: EffectsRequest, rows: Sequence[Applied], employer: EmployerSummary) -> None:
    participations = [
        ParticipationRow(
            person_id=row.person_id,
            employer_id=employer.employer_id,
            participant_type=span.terms.participant_type.value,
            wage_vnd=span.terms.wage_vnd,
            from_month=span.from_month,
            until_month=span.until_month,
            job_title=span.terms.job_title,
            workplace=span.terms.workplace,
            change_code=row.line.change_code,
            status=span.terms.status,
            left_funds=span.terms.left_funds,
        )
        for row in rows
        for span in row.spans
    ]
    record_participations(actor=request.actor, at=request.at, rows=participations, provenance=submitted(request))


# -- months -----------------------------------------------------------------------------------------------------


def _post_months(
    request: EffectsRequest, rows: Sequence[Applied], standing: Mapping[int, Standing], employer: EmployerSummary, period: Month
) -> None:
    changes = [Change(person_id=row.person_id, number=row.granted.line.number, line=row.line, effect=row.effect) for row in rows]
    earliest = min(months_of(change.line, change.effect, period)[0] for change in changes)
    in_effect = read_in_effect({row.person_id for row in rows}, earliest, employer.employer_id)
    plan = plan_months(changes, period=period, standing=standing, in_effect=in_effect)
    if plan.taken_back:
        taken_back = [(person_id, month, employer.employer_id) for person_id, month in plan.taken_back]
        reason = f"{request.dossier_code}: báo giảm, điều chỉnh"
        reverse_months(actor=request.actor, at=request.at, months=taken_back, reason=reason, dossier_id=request.dossier_id)
    drafts = [_draft(month, employer, period) for month in plan.posted]
    if drafts:
        post_lines(actor=request.actor, at=request.at, drafts=drafts, basis=_BASIS, dossier_id=request.dossier_id)


def read_in_effect(person_ids: Collection[int], earliest: Month, employer_id: int) -> dict[int, InEffect]:
    """The lines in effect of each person, here and elsewhere: two statements for the whole list."""
    counted = list_open_months(person_ids, earliest)
    uncounted = list_uncounted_months(person_ids, earliest, employer_id)
    return {
        person_id: InEffect(
            counted_here=frozenset(
                month.month for month in counted[person_id] if month.employer_id == employer_id and month.is_contributed
            ),
            insured_here=frozenset(
                month.month for month in counted[person_id] if month.employer_id == employer_id and not month.is_contributed
            ),
            paused_here=frozenset(month.month for month in uncounted[person_id] if not month.base_vnd),
            second_here=frozenset(month.month for month in uncounted[person_id] if month.base_vnd),
            counted_elsewhere=frozenset(month.month for month in counted[person_id] if month.employer_id != employer_id),
            hazardous_here=frozenset(
                month.month for month in counted[person_id] if month.employer_id == employer_id and month.is_hazardous
            ),
        )
        for person_id in person_ids
    }


def _draft(month: PlannedMonth, employer: EmployerSummary, period: Month) -> LineDraft:
    line, terms = month.line, month.terms
    return LineDraft(
        person_id=month.person_id,
        employer_id=employer.employer_id,
        unit_code=employer.unit_code,
        unit_name=employer.name,
        workplace=terms.workplace,
        job_title=terms.job_title,
        participant_type=terms.participant_type,
        month=month.month,
        kind=_kind(month, period),
        due=due_of(month, employer.wage_region),
        note=_NOTES[month.posting].format(title=line.change.title_vi if line.change is not None else ""),
        is_hazardous=_is_hazardous(month),
    )


def _kind(month: PlannedMonth, period: Month) -> LineKind:
    """Source: decree-164 section 4.8 (kinds) and section 5, SI-03 (back payment); which code writes which kind is assumed."""
    if month.posting is Posting.INSURED:
        return LineKind.NORMAL
    if month.posting is not Posting.COUNTED:
        return LineKind.NOT_COUNTED
    effect = effect_of(month.line)
    if month.line.change_code in _ADJUSTING:
        return LineKind.ADJUST
    is_late = effect in (Effect.START, Effect.WAGE) and month.month.until(period) > FARTHEST_BACK_MONTHS
    return LineKind.BACK_PAY if is_late else _KINDS.get(effect, LineKind.NORMAL)


def due_of(month: PlannedMonth, employer_region: int) -> ContributionsDue:
    """With the figures of the month itself, however late it is declared.

    Law: maternity leave counts as insured, health insurance goes on, nobody contributes (Law 41/2024/QH15, Art. 33 and 50 to 60).
    """
    if month.posting is Posting.PAUSED:
        return NOTHING_DUE
    paid = frozenset(Fund) - month.terms.left_funds
    if month.posting is Posting.SECOND_CONTRACT:
        paid &= _SECOND_CONTRACT_FUNDS
    due = contributions_due(
        participant_type=month.terms.participant_type,
        month=month.month,
        # WHY at least one: who is on leave may stand here without a wage, and then the lowest base is theirs
        wage_vnd=Vnd(max(month.terms.wage_vnd, 1) if month.posting is Posting.INSURED else month.terms.wage_vnd),
        wage_region=int(month.line.wage_region or employer_region),
        funds=Funds(**{fund.value: fund in paid for fund in Fund}),
    )
    if month.posting is Posting.INSURED:
        return ContributionsDue(si_base_vnd=due.si_base_vnd, hi_base_vnd=due.hi_base_vnd)
    return due


def _is_hazardous(month: PlannedMonth) -> bool:
    """As the line says; a line that says nothing of it leaves a month what it was."""
    first, last = month.line.hazardous_from_on[:7], month.line.hazardous_to_on[:7]
    if not first and not last:
        return month.was_hazardous and month.posting is Posting.COUNTED
    return bool(first) and first <= str(month.month) and (not last or str(month.month) <= last)


# -- health cards -----------------------------------------------------------------------------------------------


def _issue_cards(request: EffectsRequest, rows: Sequence[Applied], period: Month) -> None:
    """A card for everyone who joins the health fund and has none. Leaving it locks no card: our sources do not say when it ends."""
    joining = {row.person_id: row for row in rows if _joins_health(row)}
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
        issue_health_cards(actor=request.actor, at=request.at, rows=cards, provenance=submitted(request))


def _joins_health(row: Applied) -> bool:
    if row.effect is Effect.START:
        return any(Fund.HEALTH not in span.terms.left_funds for span in row.spans)
    return row.line.change_code == "TT"


def _card_code(pin: str) -> str:
    """Type DN (enterprise worker), level 4, the two digits of the province, the last ten digits of the personal number.

    WHY: so the card keeps every digit of the number but its leading 0, and no two persons get the same card.
    The composition for twelve-digit codes is not published (assumed).
    """
    return f"DN4{pin[1:3]}{pin[2:]}"
