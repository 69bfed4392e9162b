"""A dossier as its filer sees it: where it stands, what happens next and by when. Pure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bhxh.doors.portal.letter_headings import heading_of
from bhxh.dossiers import catalogue
from bhxh.dossiers.facts import Channel, DossierView, TransitionView
from bhxh.dossiers.judging import SILENT, latest_answers
from bhxh.dossiers.ports import Answer
from bhxh.dossiers.states import FACTS, TERMINAL, WITHOUT_RESULT, State
from bhxh.notices.outcomes import explain
from bhxh.notices.queries import MessageSeen
from bhxh.warehouse.queries import StoredItem
from bhxh.web.languages import in_words
from bhxh.web.moments import instant

_KINDS: Final = {
    **dict.fromkeys((State.RESOLVED, State.RETURNED), "ok"),
    **dict.fromkeys((State.SUPPLEMENT_REQUIRED, State.FEE_REQUIRED), "wait"),
    **dict.fromkeys((State.NOT_ACCEPTED, State.STOPPED), "late"),
    State.WITHDRAWN: "plain",
}
_NEXT: Final[dict[State, tuple[str, str]]] = {
    State.SUBMITTED: ("Phiếu tiếp nhận được gửi trong 2 giờ.", "The receipt is sent within 2 hours."),
    State.RECEIVED: ("Dữ liệu được đối chiếu với các cơ sở dữ liệu quốc gia.", "Your data are compared with the national registers."),
    State.IN_PROCESS: ("Hồ sơ đang được xem xét; bạn không phải làm gì.", "It is being decided; you need do nothing."),
    State.SUPPLEMENT_REQUIRED: (
        "Bạn cần bổ sung giấy tờ theo thư yêu cầu; thời hạn giải quyết tạm dừng đến khi bạn nộp.",
        "Send what the letter asks for; the time limit stands still until you do.",
    ),
    State.FEE_REQUIRED: ("Đơn vị cần nộp số tiền còn thiếu.", "The amount owed is to be paid."),
    State.RESOLVED: ("Kết quả đang được chuyển vào kho giấy tờ của bạn.", "The result is on its way to your documents."),
    State.RETURNED: ("Kết quả đã ở trong kho giấy tờ và thư của bạn.", "The result is among your documents and in your mail."),
    State.WITHDRAWN: ("Bạn đã rút hồ sơ này. Không có gì thay đổi.", "You withdrew it. Nothing was changed."),
    State.STOPPED: ("Lý do và cách khiếu nại ở trong thư gửi bạn.", "The reason, and how to complain, are in the letter sent to you."),
    State.NOT_ACCEPTED: ("Lý do và cách khiếu nại ở trong thư gửi bạn.", "The reason, and how to complain, are in the letter sent to you."),
}
_REGISTERS: Final = {
    "population": ("Cơ sở dữ liệu quốc gia về dân cư", "the population register"),
    "business": ("cơ sở dữ liệu đăng ký doanh nghiệp", "the business register"),
}
IN_WORK: Final = frozenset({State.RECEIVED, State.IN_PROCESS})
_AHEAD: Final = (State.RECEIVED, State.IN_PROCESS, State.RESOLVED, State.RETURNED)
"""The way that most dossiers go."""


_DONE: Final[dict[str, tuple[str, str]]] = {
    "bo-sung": (
        "Đã nhận phần bổ sung. Thời hạn giải quyết tính lại từ bây giờ.",
        "What you supplied was received. The time limit begins anew.",
    ),
    "rut": ("Đã rút hồ sơ.", "The dossier was withdrawn."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One dossier in a list."""

    code: str
    title: str
    state: str
    kind: str
    next: str
    filed_at: str
    by: str
    """Until when, as a sentence; empty where nothing is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the timeline."""

    kind: str
    name: str
    note: str


def summary_of(dossier: DossierView) -> Summary:
    """In the language that is spoken."""
    procedure, facts = catalogue.get(dossier.procedure_slug), FACTS[dossier.state]
    return Summary(
        code=dossier.code,
        title=in_words((procedure.title_vi, procedure.title_en)),
        state=in_words((facts.vi, facts.en)),
        kind=_KINDS.get(dossier.state, "info"),
        next=in_words(_NEXT.get(dossier.state, ("", ""))),
        filed_at=instant(dossier.submitted_at),
        by=_by(dossier),
    )


def steps_of(dossier: DossierView, history: Sequence[TransitionView]) -> tuple[Step, ...]:
    """What was, where it stands, and what usually comes."""
    done = [
        Step(kind="failed" if State(one.to_state) in WITHOUT_RESULT else "done", name=_name(State(one.to_state)), note=instant(one.at))
        for one in history
    ]
    if not done:
        done = [Step(kind="done", name=_name(dossier.state), note=instant(dossier.submitted_at))]
    if dossier.state in TERMINAL:
        return tuple(done)
    here = Step(kind="here", name=done[-1].name, note=" · ".join(part for part in (done[-1].note, _by(dossier)) if part))
    place = _AHEAD.index(dossier.state) + 1 if dossier.state in _AHEAD else 0 if dossier.state is State.SUBMITTED else 1
    coming = [Step(kind="next", name=_name(state), note="") for state in _AHEAD[place:]]
    return (*done[:-1], here, *coming)


def waits_for(answers: Sequence[tuple[str, Answer]]) -> str:
    """Which register has not answered yet, and that nobody need do anything about it; empty where all did."""
    silent = {register for (register, _), answer in latest_answers(answers).items() if answer.kind in SILENT}
    names = [in_words(words) for register, words in _REGISTERS.items() if register in silent]
    if not names:
        return ""
    which = in_words((" và ", " and ")).join(names)
    return in_words(
        (
            f"Chưa kiểm tra được với {which}. Bạn không phải làm gì: chúng tôi hỏi lại và báo bạn, thời điểm nộp không đổi.",
            f"We cannot check {which} now. You need do nothing: we ask again and tell you, and the time of filing stays.",
        )
    )


def acts_of(dossier: DossierView) -> tuple[tuple[str, str, str], ...]:
    """(words, address, kind of button): what its filer can do now."""
    acts = []
    if dossier.channel == Channel.COUNTER:
        acts.append(
            (in_words(("Xem và trả lời hồ sơ nộp thay", "See and answer what was filed for you")), f"/ho-so/{dossier.code}/nop-thay", "")
        )
    if dossier.state is State.SUPPLEMENT_REQUIRED and dossier.supplement_defects:
        acts.append((in_words(("Bổ sung hồ sơ", "Supply what is missing")), f"/ho-so/{dossier.code}/bo-sung", ""))
    if dossier.state not in TERMINAL and not dossier.decision_count:
        acts.append((in_words(("Rút hồ sơ", "Withdraw")), f"/ho-so/{dossier.code}/rut", "secondary"))
    return tuple(acts)


def done_words(act: str) -> str:
    """What was done a moment ago, as the address says; empty for anything else."""
    return in_words(_DONE[act]) if act in _DONE else ""


def papers_of(dossier: DossierView, items: Iterable[StoredItem], pages: Container[str]) -> tuple[tuple[str, str], ...]:
    """(name, address) of what can be taken away: the receipt, decisions, results."""
    root = f"/api/v1/dossiers/{dossier.code}"
    receipt = [(in_words(("Phiếu tiếp nhận (PDF)", "Receipt (PDF)")), f"{root}/receipt.pdf")] if dossier.received_at else []
    decisions = [
        (in_words((f"Quyết định số {n} (PDF)", f"Decision {n} (PDF)")), f"{root}/decisions/{n}.pdf")
        for n in range(1, dossier.decision_count + 1)
    ]
    results = [(in_words((item.title_vi, item.title_en)), f"{root}/results/{item.sha256}.pdf") for item in items if item.kind in pages]
    return (*results, *decisions, *receipt)


def letters_of(letters: Iterable[MessageSeen]) -> tuple[tuple[str, str, str], ...]:
    """(heading, what became of it, text), the newest first."""
    told = [(heading_of(letter), explain(letter), letter) for letter in letters]
    return tuple(
        (heading, f"{instant(letter.created_at)}. {in_words((why.vi, why.en))}", letter.text) for heading, why, letter in reversed(told)
    )


def _by(dossier: DossierView) -> str:
    if dossier.state is State.SUPPLEMENT_REQUIRED and dossier.supplement_due_on:
        return in_words(
            (f"Bổ sung trước hết ngày {_day(dossier.supplement_due_on)}.", f"To be supplied by {_day(dossier.supplement_due_on)}.")
        )
    if dossier.state in IN_WORK and dossier.appointment_on:
        return in_words((f"Hẹn trả kết quả ngày {_day(dossier.appointment_on)}.", f"Result expected on {_day(dossier.appointment_on)}."))
    return ""


def _name(state: State) -> str:
    return in_words((FACTS[state].vi, FACTS[state].en))


def _day(on: date) -> str:
    return on.strftime("%d/%m/%Y")
