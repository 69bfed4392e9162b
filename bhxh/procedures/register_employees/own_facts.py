"""What the National Insurance Database already knows of the workers in a list: a few queries for the whole list."""

from collections.abc import Mapping, Sequence

from bhxh.dossiers.procedure import Filing, FilingLine, Subject
from bhxh.kernel.canonical import Json
from bhxh.kernel.months import Month
from bhxh.law.participant_types import ParticipantType
from bhxh.ledger.queries import list_open_months
from bhxh.procedures.register_employees.standing import Span, Standing, Terms
from bhxh.registry.queries import Participation, find_employer, list_participations


def known(filing: Filing, subjects: Sequence[Subject]) -> Mapping[str, Mapping[str, Json]]:
    """Facts for `rules`, by personal number.

    Shape:  `here`: the participation with the filing employer in the declared month, absent where there is none;
            `standing`: what held with the filing employer, span by span (`Standing.as_json`);
            `elsewhere`: how many other employers the person works for in that month;
            `counted_here`, `counted_elsewhere`: months from the list's first month on that count already.
    """
    employer = find_employer(tax_code=filing.filer_identifier)
    employer_id = employer.employer_id if employer is not None else 0
    period = Month.parse(filing.period)
    person_ids = [subject.person_id for subject in subjects]
    participations = list_participations(person_ids, on_month=period)
    history = list_participations(person_ids, employer_id=employer_id)
    counted = list_open_months(person_ids, _earliest_month(filing.lines, period))
    facts: dict[str, Mapping[str, Json]] = {}
    for subject in subjects:
        at_work = participations.get(subject.person_id, ())
        here = next((row for row in at_work if row.employer_id == employer_id), None)
        months = counted.get(subject.person_id, ())
        of_person: dict[str, Json] = {
            "elsewhere": sum(1 for row in at_work if row.employer_id != employer_id),
            "counted_here": [str(month.month) for month in months if month.employer_id == employer_id],
            "counted_elsewhere": [str(month.month) for month in months if month.employer_id != employer_id],
            "standing": standing_of(history.get(subject.person_id, ())).as_json(),
        }
        if here is not None:
            of_person["here"] = {
                "since": str(here.from_month),
                "status": here.status,
                "wage_vnd": here.wage_vnd,
                "job_title": here.job_title,
                "workplace": here.workplace,
                "participant_type": here.participant_type,
            }
        facts[subject.pin] = of_person
    return facts


def standing_of(history: Sequence[Participation]) -> Standing:
    """One worker's whole history with one employer, in the order in which it was recorded."""
    return Standing(
        tuple(
            Span(
                from_month=row.from_month,
                until_month=row.until_month,
                terms=Terms(
                    status=row.status,
                    participant_type=ParticipantType(row.participant_type),
                    wage_vnd=row.wage_vnd,
                    job_title=row.job_title,
                    workplace=row.workplace,
                    left_funds=row.left_funds,
                ),
            )
            for row in history
        )
    )


def _earliest_month(lines: Sequence[FilingLine], period: Month) -> Month:
    months = [Month.parse(text) for line in lines if isinstance(text := line.content.get("from_month"), str)]
    return min([*months, period])
