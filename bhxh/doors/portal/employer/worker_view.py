"""An organisation's workers as it declared them, and the months of one of them there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bhxh.ledger.queries import OpenMonth
from bhxh.registry.facts import ParticipationStatus
from bhxh.registry.worker_lists import Worker
from bhxh.web.amounts import grouped
from bhxh.web.languages import in_words

STATES: Final = {
    "dang-lam": (ParticipationStatus.WORKING, ("Đang làm việc", "Working"), "ok"),
    "tam-nghi": (ParticipationStatus.ON_LEAVE, ("Tạm nghỉ", "On leave"), "wait"),
    "da-nghi": (ParticipationStatus.ENDED, ("Đã nghỉ việc", "Left"), "plain"),
}
"""Word in an address or a form -> (state, words, kind of tag)."""
_OF: Final = {status: (words, kind) for status, words, kind in STATES.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """One worker in the list."""

    reference: str
    name: str
    pin: str
    job: str
    wage: str
    since: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One state that can be chosen, and how many are in it."""

    word: str
    words: str
    count: int
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Months in a row on the same wage."""

    months: str
    count: int
    wage: str
    note: str


def rows_of(workers: Sequence[Worker], references: Mapping[int, str]) -> tuple[WorkerRow, ...]:
    """In the order given."""
    return tuple(
        WorkerRow(
            reference=references[one.person_id],
            name=one.full_name,
            pin=one.pin_masked,
            job=one.job_title,
            wage=grouped(one.wage_vnd) if one.wage_vnd else "",
            since=one.from_month.shown,
            state=in_words(_OF[one.status][0]),
            kind=_OF[one.status][1],
        )
        for one in workers
    )


def choices_of(counts: Mapping[ParticipationStatus, int], chosen: str) -> tuple[Choice, ...]:
    """Everybody first, then each state."""
    every = Choice(word="", words=in_words(("Tất cả", "All")), count=sum(counts.values()), is_here=not chosen)
    return (
        every,
        *(
            Choice(word=word, words=in_words(words), count=counts.get(status, 0), is_here=word == chosen)
            for word, (status, words, _) in STATES.items()
        ),
    )


def spans_of(months: Sequence[OpenMonth]) -> tuple[Span, ...]:
    """Months one after the other on the same terms are one row; the newest first."""
    spans: list[list[OpenMonth]] = []
    for month in months:
        if spans and _goes_on(spans[-1][-1], month):
            spans[-1].append(month)
        else:
            spans.append([month])
    return tuple(_span(span) for span in reversed(spans))


def _goes_on(before: OpenMonth, month: OpenMonth) -> bool:
    same = (before.base_vnd, before.is_hazardous, before.is_contributed) == (month.base_vnd, month.is_hazardous, month.is_contributed)
    return same and before.month.plus(1) == month.month


def _span(span: Sequence[OpenMonth]) -> Span:
    first, last = span[0], span[-1]
    notes = []
    if first.is_hazardous:
        notes.append(in_words(("Nặng nhọc, độc hại", "Hazardous work")))
    if not first.is_contributed:
        notes.append(in_words(("Tính là đóng, không phải nộp tiền", "Counts, nothing is due")))
    return Span(
        months=f"{first.month.shown} – {last.month.shown}" if len(span) > 1 else first.month.shown,
        count=len(span),
        wage=grouped(first.base_vnd),
        note=" · ".join(notes),
    )
