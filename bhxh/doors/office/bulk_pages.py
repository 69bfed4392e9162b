"""Deciding identical clean cases together: how many, a sample to open, one reason, one confirmation; then each by itself, with what became of it.

WHY only these: nothing is unclear and nothing unmet on any of their lines, the rules found the very same on each, and nobody's judgement is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import may_appraise, may_approve
from bhxh.access.roles import OfficerFacts
from bhxh.doors import dossier_desk as desk
from bhxh.doors.admission import lets_in
from bhxh.doors.office import queue_address as address
from bhxh.doors.office.done_before import has_approved, has_proposed
from bhxh.doors.office.dossier_forms import read_number
from bhxh.doors.office.officer_page import QUEUE, officers_frame, officers_page, said
from bhxh.doors.office.queue_view import plain_words
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.errors import DOS_LINES_NOT_OPEN, DOS_STALE, DOS_WRONG_STATE
from bhxh.dossiers.facts import DossierView, LineView
from bhxh.dossiers.office_queue import LONGEST, LOOKED_AT, Check, QueueFilter, QueueRow, list_page
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.queries import get_dossier, list_appraisals, list_appraised, list_lines
from bhxh.dossiers.states import LineState
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.decisions import Outcome, Proposal
from bhxh.kernel.errors import Conflict, Refusal
from bhxh.kernel.text import tidy
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

BULK: Final = f"{QUEUE}/hang-loat"
_MOST: Final = 100  # LIMIT: decided in one request; each is a transaction of some tens of milliseconds
_SAMPLE: Final = 3
_DOUBTS: Final = {Outcome.UNCLEAR.value, Outcome.NOT_MET.value}
_PROPOSE, _APPROVE = "de-xuat", "phe-duyet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Cases that differ in nothing the rules look at."""

    act: str
    procedure_slug: str
    codes: tuple[str, ...]
    """Of what the rules found."""
    rows: tuple[QueueRow, ...]

    @property
    def key(self) -> str:
        """By which its form says which group it is of, whatever its members became meanwhile."""
        return "~".join((self.act, self.procedure_slug, *self.codes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of one case."""

    code: str
    kind: str
    words: str


@officers_page("GET", "POST")
@lets_in(DECIDING_OFFICERS)
def bulk(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Groups of two or more; after confirming, the list of what became of each. The same again tells the same."""
    actor, officer = desk.at_the_queue(signed_in)
    if request.method != "POST" or is_switch(request):
        return _show(request, signed_in, actor, officer, reason=request.POST.get("ly-do", "")[:2000])
    act, reason = request.POST.get("viec", ""), tidy(request.POST.get("ly-do", "")[:2000])
    errors = []
    if act == _PROPOSE and not reason:
        errors.append(("ly-do", in_words(("Ghi lý do chung, người nộp sẽ đọc", "Write the reason; each filer reads it"))))
    if request.POST.get("da-xem") != "1":
        errors.append(("da-xem", in_words(("Mở hồ sơ mẫu, rồi đánh dấu vào ô này", "Open the sample, then tick this box"))))
    if errors or act not in (_PROPOSE, _APPROVE):
        return _show(request, signed_in, actor, officer, errors=errors, reason=reason, status=422)
    asked = [one.partition("~") for one in dict.fromkeys(request.POST.getlist("ho-so")[:_MOST])]
    became = [_decide(signed_in, actor, code[:60], read_number(version), act, reason) for code, _, version in asked]
    context = {"became": became, "done": sum(one.kind == "ok" for one in became), "all": len(became), "queue": QUEUE}
    title = in_words(("Kết quả giải quyết hàng loạt", "What became of each"))
    frame = officers_frame(request, signed_in, QUEUE, officer, back=(QUEUE, in_words(("Hàng việc", "Work queue"))))
    return page(request, "office/bulk_done.html", context, title=title, frame=frame)


def alike(rows: Sequence[QueueRow]) -> list[Alike]:
    """Rows put together by procedure, step and findings; the largest group first. What could not be looked at whole is left out. Pure."""
    found: dict[tuple[str, str, tuple[str, ...]], list[QueueRow]] = {}
    for row in rows:
        act = _PROPOSE if not row.appraised else _APPROVE
        if row.lines_officer > LOOKED_AT or row.appraised not in (0, row.lines_officer):
            continue
        codes = tuple(sorted({str(finding["code"]) for finding in row.findings}))
        found.setdefault((act, row.procedure_slug, codes), []).append(row)
    groups = [
        Alike(act=act, procedure_slug=slug, codes=codes, rows=tuple(members[:_MOST]))
        for (act, slug, codes), members in found.items()
        if len(members) > 1
    ]
    return sorted(groups, key=lambda group: -len(group.rows))


def _show(
    request: HttpRequest,
    signed_in: SignedIn,
    actor: Actor,
    officer: OfficerFacts,
    *,
    errors: list[tuple[str, str]] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    clean = QueueFilter(checks=frozenset({Check.CLEAN}))
    groups = [one for one in alike(list_page(clean, on=day_in_vietnam(now()), limit=LONGEST)) if _may(one, actor, officer)]
    chosen = request.POST.get("nhom", "")
    # WHY the first where none is: the way from the summary of errors leads to a field that is there.
    at_fault = chosen if chosen in {one.key for one in groups} else groups[0].key if groups else ""
    shown = [_group(one, is_at_fault=one.key == at_fault) for one in groups]
    if at_fault == chosen or not chosen:
        # WHY only there, and ticked only over the same cases: nobody answers for what they have not looked at.
        typed = {"reason": reason, "is_ticked": request.POST.get("da-xem") == "1", "looked_at": request.POST.getlist("ho-so")}
        shown = [one | typed if one["is_at_fault"] else one for one in shown]
    context = {
        "groups": shown,
        "errors": errors or [],
        "error": dict(errors or []),
        "here": BULK,
    }
    title = in_words(("Giải quyết hàng loạt", "Decide together"))
    frame = officers_frame(request, signed_in, QUEUE, officer, back=(QUEUE, in_words(("Hàng việc", "Work queue"))))
    return page(
        request, "office/bulk.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=bool(groups)
    )


def _may(group: Alike, actor: Actor, officer: OfficerFacts) -> bool:
    if group.act == _PROPOSE:
        return may_appraise(actor, procedure=group.procedure_slug, officer=officer)
    return may_approve(actor, procedure=group.procedure_slug, appraised_by="", officer=officer)


def _group(group: Alike, *, is_at_fault: bool) -> dict[str, object]:
    procedure = catalogue.get(group.procedure_slug)
    return {
        "key": group.key,
        "is_at_fault": is_at_fault,
        "act": group.act,
        "name": in_words((procedure.title_vi, procedure.title_en)),
        "count": len(group.rows),
        "found": [(code, in_words(plain_words(code))) for code in group.codes],
        "sample": [(row.code, address.dossier_address(row.code, QueueFilter())) for row in group.rows[:_SAMPLE]],
        "members": [f"{row.code}~{row.row_version}" for row in group.rows],
    }


def _decide(signed_in: SignedIn, actor: Actor, code: str, version: int, act: str, reason: str) -> Became:
    """One case, by itself: what happens to it changes nothing for the others."""
    try:
        dossier = get_dossier(code)
        lines = list_lines(dossier.dossier_id, state=LineState.OFFICER, limit=LOOKED_AT + 1)
        numbers = tuple(line.number for line in lines)
        if _is_doubtful(lines):
            return Became(
                code=code, kind="wait", words=in_words(("Không còn giống các hồ sơ khác; mở riêng", "No longer like the others; open it"))
            )
        try:
            _act(signed_in, dossier, numbers, version, act, reason)
        except Conflict as conflict:
            if conflict.sentence not in (DOS_STALE, DOS_LINES_NOT_OPEN, DOS_WRONG_STATE) or not _was_done(
                actor, dossier, numbers, act, reason
            ):
                raise
    except Refusal as refused:
        return Became(code=code, kind="late", words=said(refused))
    words = ("Đã đề xuất chấp nhận", "Proposed to grant") if act == _PROPOSE else ("Đã phê duyệt", "Approved")
    return Became(code=code, kind="ok", words=in_words(words))


def _act(signed_in: SignedIn, dossier: DossierView, numbers: tuple[int, ...], version: int, act: str, reason: str) -> None:
    if act == _PROPOSE:
        desk.propose(signed_in, dossier.code, line_numbers=numbers, proposal=Proposal.GRANT, reason=reason, row_version=version)
        return
    proposals = {one.n: one.proposal for one in list_appraisals(dossier.dossier_id)}
    if any(proposals[n] != Proposal.GRANT.value for n in list_appraised(dossier.dossier_id)):
        raise Conflict(DOS_STALE)
    desk.approve(signed_in, dossier.code, line_numbers=numbers or None, row_version=version)


def _is_doubtful(lines: Sequence[LineView]) -> bool:
    return len(lines) > LOOKED_AT or any(finding["outcome"] in _DOUBTS for line in lines for finding in line.findings)


def _was_done(actor: Actor, dossier: DossierView, numbers: tuple[int, ...], act: str, reason: str) -> bool:
    if act == _PROPOSE:
        return has_proposed(dossier.dossier_id, actor.account, proposal=Proposal.GRANT, reason=reason, line_numbers=numbers)
    return not numbers and has_approved(dossier.dossier_id, actor.account, line_numbers=())
