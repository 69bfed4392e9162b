"""Random histories of posting and taking back, against a model in a few lines of plain Python."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bhxh.kernel.actor import system_actor
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import Funds, ParticipantType, contributions_due
from bhxh.ledger.commands import LineDraft, LineKind, post_lines, reverse_months
from bhxh.ledger.fragments import written_out
from bhxh.ledger.joining import join_lines
from bhxh.ledger.queries import Totals, list_employer_months, list_fragments, list_open_months, list_totals, list_uncounted_months
from bhxh.registry.commands import register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
BASIS = Citation("Law 41/2024/QH15, Art. 33")
PERSONS, MONTHS, EMPLOYERS = 2, [Month(2026, month) for month in (6, 7)], (7, 8)


@dataclass(frozen=True)
class Posting:
    person: int
    month: Month
    employer_id: int
    kind: LineKind
    wage: int
    funds: Funds
    is_hazardous: bool

    def draft(self, person_ids: list[int]) -> LineDraft:
        return LineDraft(
            person_id=person_ids[self.person],
            employer_id=self.employer_id,
            unit_code="TA0007A",
            unit_name="Công ty Mẫu",
            workplace="",
            job_title="",
            participant_type=ParticipantType.LABOUR_CONTRACT,
            month=self.month,
            kind=self.kind,
            is_hazardous=self.is_hazardous,
            due=contributions_due(
                participant_type=ParticipantType.LABOUR_CONTRACT,
                month=self.month,
                wage_vnd=Vnd(self.wage),
                wage_region=1,
                funds=self.funds,
            ),
        )


@dataclass(frozen=True)
class Reversal:
    person: int
    month: Month
    employer_id: int


_where = (st.integers(0, PERSONS - 1), st.sampled_from(MONTHS), st.sampled_from(EMPLOYERS))
_postings = st.builds(
    Posting,
    *_where,
    st.sampled_from([LineKind.NORMAL, LineKind.BACK_PAY, LineKind.ADJUST, LineKind.NOT_COUNTED, LineKind.NOT_COUNTED]),
    st.integers(1, 150_000_000),
    st.builds(Funds, *[st.booleans()] * 5) | st.just(Funds()),
    st.booleans(),
)


@st.composite
def _histories(draw: st.DrawFn) -> list[list[Posting] | list[Reversal]]:
    """Steps that come back to the places of earlier steps more often than chance would."""
    steps: list[list[Posting] | list[Reversal]] = []
    seen: list[Posting] = []
    for _ in range(draw(st.integers(0, 14))):
        if seen and draw(st.booleans()):
            back = draw(st.lists(st.sampled_from(seen), min_size=1, max_size=2))
            steps.append([Reversal(p.person, p.month, p.employer_id) for p in back])
        elif seen and draw(st.booleans()):
            steps.append([draw(st.sampled_from(seen))])
        else:
            new = draw(st.lists(_postings, min_size=1, max_size=3))
            seen += new
            steps.append(new)
    return steps


@dataclass
class Model:
    """Who has what in effect: nothing but two dictionaries."""

    counted: dict[tuple[int, Month], Posting] = field(default_factory=dict)
    uncounted: dict[tuple[int, Month, int], Posting] = field(default_factory=dict)

    def apply(self, step: list[Posting] | list[Reversal]) -> "Model | None":
        """The model afterwards, None where the whole step must be refused."""
        after = Model(dict(self.counted), dict(self.uncounted))
        for item in step:
            month, place = (item.person, item.month), (item.person, item.month, item.employer_id)
            if isinstance(item, Reversal):
                if month in after.counted and after.counted[month].employer_id == item.employer_id:
                    del after.counted[month]
                elif after.uncounted.pop(place, None) is None:
                    return None
            elif item.kind is LineKind.NOT_COUNTED:
                if place in after.uncounted:
                    return None
                after.uncounted[place] = item
            else:
                if month in after.counted:
                    return None
                after.counted[month] = item
        return after

    def totals(self, person: int, person_ids: list[int]) -> Totals:
        counted = [p for (who, _), p in self.counted.items() if who == person]
        paid = [p.draft(person_ids).due for p in (*counted, *(p for (who, *_), p in self.uncounted.items() if who == person))]
        return Totals(
            si_months=sum(p.funds.retirement for p in counted),
            ui_months=sum(p.funds.unemployment for p in counted),
            hi_months=sum(p.funds.health for p in counted),
            hazardous_months=sum(p.is_hazardous for p in counted),
            worker_vnd=Vnd(sum(due.worker_vnd for due in paid)),
            employer_vnd=Vnd(sum(due.employer_vnd for due in paid)),
        )


def _register() -> list[int]:
    who = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")
    entries = [PersonEntry(identity=who, pin=Pin(f"001199{number:06d}")) for number in range(PERSONS)]
    source = Provenance(source_kind="NATIONAL_DB", source_system="population")
    return list(register_persons(actor=ACTOR, at=AT, entries=entries, provenance=source).values())


def _take(step: list[Posting] | list[Reversal], at: datetime, person_ids: list[int]) -> bool:
    """Do it for real. False where it is refused."""
    try:
        if isinstance(step[0], Posting):
            drafts = [item.draft(person_ids) for item in step if isinstance(item, Posting)]
            post_lines(actor=ACTOR, at=at, drafts=drafts, basis=BASIS, dossier_id=None)
        else:
            months = [(person_ids[item.person], item.month, item.employer_id) for item in step]
            reverse_months(actor=ACTOR, at=at, months=months, reason="kê khai nhầm", dossier_id=None)
    except Conflict:
        return False
    return True


def _sum_of_fragments(fragments: list[bytes]) -> Totals:
    lines = written_out(json.loads(fragment) for fragment in fragments)
    return Totals(
        si_months=sum(line["sign"] for line in lines if line["retirement_worker_bp"]),
        ui_months=sum(line["sign"] for line in lines if line["ui_worker_bp"]),
        hi_months=sum(line["sign"] for line in lines if line["hi_worker_bp"]),
        hazardous_months=sum(line["sign"] for line in lines if line["hazard_flag"]),
        worker_vnd=Vnd(sum(line["worker_vnd"] * (-1 if "reverses" in line else 1) for line in lines)),
        employer_vnd=Vnd(sum(line["employer_vnd"] * (-1 if "reverses" in line else 1) for line in lines)),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_histories())
def test_the_ledger_agrees_with_the_model_at_every_instant(db: None, steps: list[list[Posting] | list[Reversal]]) -> None:
    with transaction.atomic():
        person_ids = _register()
        model, known = Model(), {AT: Model()}
        for number, step in enumerate(steps, start=1):
            at = AT + timedelta(minutes=number)
            after = model.apply(step)
            assert _take(step, at, person_ids) is (after is not None)
            model = known[at] = after or model
        for at, then in known.items():
            totals = list_totals(person_ids, at)
            fragments = list_fragments(person_ids, at)
            assert join_lines(person_ids, at) == {
                person_id: (b",".join(lines), canonical_bytes(asdict(totals[person_id]))) for person_id, lines in fragments.items()
            }
            for person, person_id in enumerate(person_ids):
                assert totals[person_id] == then.totals(person, person_ids)
                assert totals[person_id] == _sum_of_fragments(fragments[person_id])
                assert [json.loads(fragment)["line"] for fragment in fragments[person_id]] == list(range(1, len(fragments[person_id]) + 1))
        open_months, uncounted = list_open_months(person_ids, MONTHS[0]), list_uncounted_months(person_ids, MONTHS[0])
        for person, person_id in enumerate(person_ids):
            expected = {(p.month, p.employer_id) for (who, _), p in model.counted.items() if who == person}
            assert {(found.month, found.employer_id) for found in open_months[person_id]} == expected
            beside = {(p.month, p.employer_id) for (who, *_), p in model.uncounted.items() if who == person}
            assert {(found.month, found.employer_id) for found in uncounted[person_id]} == beside
        owed = [list_employer_months(employer_id, MONTHS[0], Month(2026, 8), at) for employer_id in EMPLOYERS]
        assert sum(month.worker_vnd for months in owed for month in months) == sum(
            model.totals(person, person_ids).worker_vnd for person in range(PERSONS)
        )
        transaction.set_rollback(True)
