"""What holds between a worker and the filing employer, month by month, and what a change makes of it. Pure.

The registry keeps spans, the later recorded one wins where they overlap. A change is therefore a few further spans: it rewrites each stretch
of the months it speaks of and keeps of it what it does not change, so that a fund joined in March does not undo the wage of May.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bhxh.kernel.canonical import Json
from bhxh.kernel.months import Month
from bhxh.law.figures import Fund
from bhxh.law.participant_types import ParticipantType
from bhxh.procedures.register_employees.base_wage import base_vnd, has_wage
from bhxh.procedures.register_employees.change_codes import Effect
from bhxh.procedures.register_employees.form import Line

WORKING, ON_LEAVE, ENDED = "WORKING", "ON_LEAVE", "ENDED"
BACK_DATED = frozenset({Effect.BACK_PAY, Effect.BACK_FUND, Effect.BACK_CUT})
"""Effects on a closed stretch of the past: without a last month, up to the declared one (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds in a month."""

    status: str = WORKING
    participant_type: ParticipantType = ParticipantType.LABOUR_CONTRACT
    wage_vnd: int = 0
    job_title: str = ""
    workplace: str = ""
    left_funds: frozenset[Fund] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The same terms from a month on, up to another (exclusive) where given."""

    from_month: Month
    until_month: Month | None
    terms: Terms

    def covers(self, month: Month) -> bool:
        """Whether it speaks of the month."""
        return self.from_month <= month and (self.until_month is None or month < self.until_month)


@dataclass(frozen=True, slots=True)
class Standing:
    """All spans in the order in which they were recorded."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def from_json(cls, rows: Sequence[Mapping[str, Json]]) -> "Standing":
        """The inverse of `as_json`."""
        return cls(
            tuple(
                Span(
                    from_month=Month.parse(str(row["from_month"])),
                    until_month=Month.parse(str(row["until_month"])) if row.get("until_month") else None,
                    terms=Terms(
                        status=str(row.get("status", WORKING)),
                        wage_vnd=int(str(row.get("wage_vnd", 0))),
                        left_funds=frozenset(Fund(str(fund)) for fund in (row.get("left_funds") or ())),  # type: ignore[union-attr]
                    ),
                )
                for row in rows
            )
        )

    def as_json(self) -> list[Json]:
        """What the rules need of it, as plain data."""
        return [
            {
                "from_month": str(span.from_month),
                "until_month": str(span.until_month) if span.until_month else "",
                "status": span.terms.status,
                "wage_vnd": span.terms.wage_vnd,
                "left_funds": sorted(span.terms.left_funds),
            }
            for span in self.spans
        ]

    def at(self, month: Month) -> Terms | None:
        """What holds in a month, None where nothing ever did."""
        return next((span.terms for span in reversed(self.spans) if span.covers(month)), None)

    def stretches(self, first: Month, until: Month | None) -> Iterator[Span]:
        """The months from `first` on as spans that follow each other, gaps left out."""
        edges = {edge for span in self.spans for edge in (span.from_month, span.until_month) if edge is not None and first < edge}
        borders = [first, *sorted(edge for edge in edges if until is None or edge < until)]
        for begins, ends in zip(borders, [*borders[1:], until], strict=True):
            terms = self.at(begins)
            if terms is not None:
                yield Span(from_month=begins, until_month=ends, terms=terms)

    def plus(self, spans: Sequence[Span]) -> "Standing":
        """The same with further spans recorded."""
        return Standing((*self.spans, *spans))


def months_of(line: Line, effect: Effect, period: Month) -> tuple[Month, Month | None]:
    """The months a change speaks of: the first, and the one after the last, None where it has no end."""
    starts = line.starts or period
    if effect in BACK_DATED:
        return starts, (line.ends or period).plus(1)
    is_closed = line.ends is not None and effect in (Effect.START, Effect.PAUSE, Effect.FUND)
    return starts, line.ends.plus(1) if is_closed and line.ends is not None else None


def change_standing(standing: Standing, line: Line, *, period: Month, newcomer: ParticipantType) -> tuple[Span, ...]:
    """The spans a granted line adds; none where there is nothing it could change.

    Shape:  `newcomer` is the participant type of whoever was never here.
    """
    change = line.change
    effect = change.effect if change is not None else Effect.UNKNOWN
    first, until = months_of(line, effect, period)
    before = standing.at(first) or next((span.terms for span in reversed(standing.spans)), None)
    known = before or Terms(participant_type=newcomer)
    place = {name: written for name in ("job_title", "workplace") if (written := getattr(line, name))}
    match effect:
        case Effect.START:
            left = known.left_funds if known.status == ON_LEAVE else frozenset()
            left |= {change.fund} if change is not None and change.fund else frozenset()
            # WHY not the old job: who comes back after leaving has a new contract
            joined = Terms(participant_type=known.participant_type) if known.status == ENDED else known
            return _paid(line, first, until, period, replace(joined, status=WORKING, left_funds=left, **place))
        case Effect.STOP:
            return (Span(from_month=first, until_month=None, terms=replace(known, status=ENDED)),)
        case Effect.BACK_CUT if not has_wage(line):
            return (Span(from_month=first, until_month=until, terms=replace(known, status=ENDED)),) if before else ()
        case Effect.BACK_PAY | Effect.BACK_CUT:
            left = known.left_funds
            return _paid(line, first, until, period, replace(known, status=WORKING, left_funds=left, **place)) if before else ()
        case Effect.BACK_FUND if before:
            return _back_fund(standing, line, first, until, known)
        case Effect.WAGE:
            return tuple(_waged(standing, line, first, until, period, replace(known, status=WORKING), place))
        case Effect.PAUSE:
            stretches = _alive(standing, first, until) or [Span(from_month=first, until_month=until, terms=known)]
            return tuple(replace(span, terms=replace(span.terms, status=ON_LEAVE, **place)) for span in stretches)
        case Effect.TITLE:
            return tuple(replace(span, terms=replace(span.terms, **place)) for span in _alive(standing, first, until))
        case Effect.FUND:
            return _with_fund(standing, line, first, until)
        case _:
            return ()


def _with_fund(standing: Standing, line: Line, first: Month, until: Month | None) -> tuple[Span, ...]:
    change = line.change
    is_joining = change.find_fund_direction(line.declaration_type) if change is not None else None
    if change is None or change.fund is None or is_joining is None:
        return ()
    changed = []
    for span in _alive(standing, first, until):
        left = span.terms.left_funds - {change.fund} if is_joining else span.terms.left_funds | {change.fund}
        if left != span.terms.left_funds:
            changed.append(replace(span, terms=replace(span.terms, left_funds=left)))
    return tuple(changed)


def _back_fund(standing: Standing, line: Line, first: Month, until: Month | None, known: Terms) -> tuple[Span, ...]:
    """The fund is paid in every month; months in which nothing was paid are paid to this fund alone."""
    joined = frozenset({line.change.fund} if line.change is not None and line.change.fund else ())
    spans: list[Span] = []
    month = first
    while until is not None and month < until:
        now = standing.at(month)
        is_paid = now is not None and now.status == WORKING
        terms = now if is_paid and now is not None else replace(known, status=WORKING, left_funds=frozenset(Fund))
        wage_vnd = base_vnd(line, month) if has_wage(line) and not is_paid else terms.wage_vnd
        terms = replace(terms, left_funds=terms.left_funds - joined, wage_vnd=wage_vnd)
        if spans and spans[-1].terms == terms:
            spans[-1] = replace(spans[-1], until_month=month.plus(1))
        else:
            spans.append(Span(from_month=month, until_month=month.plus(1), terms=terms))
        month = month.plus(1)
    return tuple(spans)


def _waged(
    standing: Standing, line: Line, first: Month, until: Month | None, period: Month, known: Terms, place: Mapping[str, str]
) -> Iterator[Span]:
    stretches = _alive(standing, first, until)
    if standing.at(first) is None:
        stretches = [Span(from_month=first, until_month=stretches[0].from_month if stretches else until, terms=known), *stretches]
    for span in stretches:
        yield from _paid(line, span.from_month, span.until_month, period, replace(span.terms, **place))  # type: ignore[arg-type]


def _paid(line: Line, first: Month, until: Month | None, period: Month, terms: Terms) -> tuple[Span, ...]:
    """The terms at the line's wage: a further span for each month in which a coefficient's worth changes with the reference level."""
    spans = [Span(from_month=first, until_month=until, terms=replace(terms, wage_vnd=base_vnd(line, first)))]
    month = first.plus(1)
    while line.wage_coefficient and month <= period and (until is None or month < until):
        wage_vnd = base_vnd(line, month)
        if wage_vnd != spans[-1].terms.wage_vnd:
            spans[-1] = replace(spans[-1], until_month=month)
            spans.append(Span(from_month=month, until_month=until, terms=replace(terms, wage_vnd=wage_vnd)))
        month = month.plus(1)
    return tuple(spans)


def _alive(standing: Standing, first: Month, until: Month | None) -> list[Span]:
    return [span for span in standing.stretches(first, until) if span.terms.status != ENDED]
