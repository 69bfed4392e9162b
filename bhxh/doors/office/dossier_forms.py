"""What officers fill in on a dossier's page, read from what a browser sends. Pure: what is missing comes back as (field, sentence)."""

from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict

from bhxh.dossiers.facts import LineView
from bhxh.dossiers.supplement_commands import DAYS, Shortcoming
from bhxh.kernel.decisions import Outcome, Proposal
from bhxh.kernel.text import tidy
from bhxh.web.languages import in_words

OWN_DEFECTS: Final = 3
"""Rows for defects in the officer's own words; what the rules found is ticked."""
LONGEST: Final = 2000
"""Characters of a reason."""
_MOST_DAYS, _LONGEST_DEFECT = 90, 1000
LONGEST_NUMBER: Final = 6
"""Digits: no list is longer, no dossier changed so often."""

Error = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalForm:
    """A first officer's proposal."""

    lines: tuple[int, ...] = ()
    proposal: Proposal | None = None
    reason: str = ""
    law: str = ""
    errors: tuple[Error, ...] = ()

    @property
    def written(self) -> str:
        """The reason as the decision gives it: the law it rests on stands in it."""
        return f"{self.reason.rstrip('.')}. Căn cứ: {self.law}." if self.law else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementForm:
    """Everything that is missing, once."""

    chosen: frozenset[str] = frozenset()
    own: tuple[tuple[str, str], ...] = field(default=(("", ""),) * OWN_DEFECTS)
    """(Vietnamese, English) in the officer's own words."""
    days: str = str(DAYS)
    defects: tuple[Shortcoming, ...] = ()
    errors: tuple[Error, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A defect the rules found, to be ticked."""

    key: str
    shortcoming: Shortcoming
    words: str


def read_number(text: str) -> int:
    """A small number; 0 where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def row_version_of(posted: QueryDict) -> int:
    """On which state of the dossier the page was built; 0, which none ever is, where it does not say."""
    return read_number(posted.get("phien-ban", ""))


def lines_of(posted: QueryDict) -> tuple[int, ...]:
    """The lines that were ticked."""
    return tuple(sorted({number for one in posted.getlist("dong") if (number := read_number(one))}))


def read_proposal(posted: QueryDict) -> ProposalForm:
    """With a reason always, and with the law where something is refused (R-085)."""
    lines, reason = lines_of(posted), tidy(posted.get("ly-do", "")[:LONGEST])
    law = tidy(posted.get("can-cu", "")[:500])
    proposal = {"chap-nhan": Proposal.GRANT, "tu-choi": Proposal.REFUSE}.get(posted.get("de-xuat", ""))
    errors: list[Error] = []
    if not lines:
        errors.append(("dong", in_words(("Chọn ít nhất một dòng", "Choose at least one line"))))
    if proposal is None:
        errors.append(("de-xuat", in_words(("Chọn chấp nhận hoặc từ chối", "Choose to grant or to refuse"))))
    if not reason:
        errors.append(("ly-do", in_words(("Ghi lý do, người nộp sẽ đọc", "Write the reason; the filer reads it"))))
    if proposal is Proposal.REFUSE and not law:
        errors.append(("can-cu", in_words(("Chọn căn cứ pháp lý của việc từ chối", "Choose the law the refusal rests on"))))
    return ProposalForm(lines=lines, proposal=proposal, reason=reason, law=law, errors=tuple(errors))


def suggested_defects(lines: tuple[LineView, ...]) -> tuple[Suggested, ...]:
    """What the rules could not settle on the lines shown."""
    found = []
    for line in lines:
        for one in line.findings:
            if one["outcome"] in (Outcome.UNCLEAR.value, Outcome.NOT_MET.value):
                shortcoming = Shortcoming(vi=str(one["vi"]), en=str(one["en"]), line_number=line.number)
                words = in_words((f"Dòng {line.number}: {one['vi']}", f"Line {line.number}: {one['en']}"))
                found.append(Suggested(key=f"{line.number}-{one['code']}-{one['where']}", shortcoming=shortcoming, words=words))
    return tuple(found)


def read_supplement(posted: QueryDict, suggested: tuple[Suggested, ...]) -> SupplementForm:
    """What was ticked and what was written; where no English was written the Vietnamese stands in its place."""
    chosen = frozenset(posted.getlist("thieu"))
    own = tuple(
        (tidy(posted.get(f"thieu-{n}", "")[:_LONGEST_DEFECT]), tidy(posted.get(f"thieu-{n}-en", "")[:_LONGEST_DEFECT]))
        for n in range(1, OWN_DEFECTS + 1)
    )
    defects = tuple(one.shortcoming for one in suggested if one.key in chosen)
    defects += tuple(Shortcoming(vi=vi, en=en or vi) for vi, en in own if vi)
    days = posted.get("so-ngay", str(DAYS)).strip()
    errors: list[Error] = []
    if not defects:
        errors.append(("thieu", in_words(("Chọn hoặc ghi ít nhất một điều còn thiếu", "Tick or write at least one thing that is missing"))))
    if not 1 <= read_number(days) <= _MOST_DAYS:
        errors.append(("so-ngay", in_words((f"Ghi số ngày từ 1 đến {_MOST_DAYS}", f"Write a number of days from 1 to {_MOST_DAYS}"))))
    return SupplementForm(chosen=chosen, own=own, days=days[:6], defects=defects, errors=tuple(errors))
