"""An organisation's filings as its people see them: where each stands, what is to be done, what was said of each line. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bhxh.doors.portal.citizen.dossier_view import summary_of
from bhxh.dossiers.facts import DossierView, LineView
from bhxh.dossiers.states import LineState, State
from bhxh.kernel.citing import cited_en, cited_vi, is_legal
from bhxh.kernel.identifiers import Pin
from bhxh.web.languages import in_words

_NEXT: Final[dict[State, tuple[str, str]]] = {
    State.SUBMITTED: ("Phiếu tiếp nhận được gửi trong 2 giờ.", "The receipt is sent within 2 hours."),
    State.RECEIVED: (
        "Dữ liệu đang được đối chiếu với các cơ sở dữ liệu quốc gia.",
        "The data are being compared with the national registers.",
    ),
    State.IN_PROCESS: (
        "Cán bộ đang xem các dòng còn lại; đơn vị không phải làm gì.",
        "Officers look at the remaining lines; nothing is asked of you.",
    ),
    State.SUPPLEMENT_REQUIRED: (
        "Đơn vị cần bổ sung theo thư yêu cầu; thời hạn giải quyết tạm dừng đến khi đơn vị nộp.",
        "Send what the letter asks for; the time limit stands still until you do.",
    ),
    State.FEE_REQUIRED: ("Đơn vị cần nộp số tiền còn thiếu.", "The amount owed is to be paid."),
    State.RESOLVED: ("Kết quả đang được chuyển vào kho của đơn vị.", "The result is on its way to your documents."),
    State.RETURNED: ("Kết quả đã ở trong kho và thư của đơn vị.", "The result is among your documents and in your mail."),
    State.WITHDRAWN: ("Đơn vị đã rút hồ sơ này. Không có gì thay đổi.", "You withdrew it. Nothing was changed."),
    State.STOPPED: ("Lý do và cách khiếu nại ở trong thư gửi đơn vị.", "The reason, and how to complain, are in the letter to you."),
    State.NOT_ACCEPTED: ("Lý do và cách khiếu nại ở trong thư gửi đơn vị.", "The reason, and how to complain, are in the letter to you."),
}
LINE_WORDS: Final[dict[LineState, tuple[tuple[str, str], str]]] = {
    LineState.PENDING: (("Đang kiểm tra", "Being checked"), "info"),
    LineState.CLEAN: (("Đã giải quyết", "Granted"), "ok"),
    LineState.OFFICER: (("Cán bộ đang xem", "With an officer"), "wait"),
    LineState.REFUSED: (("Không giải quyết", "Refused"), "late"),
    LineState.SUPERSEDED: (("Đã thay bằng dòng nộp sau", "Replaced by a later line"), "plain"),
}
"""(words, kind of tag) of each line state."""
_CHANNELS: Final = {
    "PORTAL": ("trang này", "this site"),
    "API": ("phần mềm của đơn vị", "your software"),
    "NPSP": ("Cổng Dịch vụ công quốc gia", "the National Public Service Portal"),
    "COUNTER": ("bộ phận một cửa", "the counter"),
    "IVAN": ("tổ chức I-VAN", "an I-VAN provider"),
}
_OTHER_SIGNERS: Final = {"worker": ("Người lao động", "The worker"), "agency": ("Cơ quan bảo hiểm xã hội", "The insurance office")}
_WORTH_SAYING: Final = frozenset({"not_met", "unclear", "warning"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One filing in a list."""

    code: str
    title: str
    state: str
    kind: str
    next: str
    by: str
    filed_at: str
    through: str
    sender: str
    """Which account, shortened: people of the organisation tell theirs apart, nobody is named."""
    file_name: str
    sha256: str
    lines: tuple[tuple[str, str, int], ...]
    """(words, kind of tag, how many), only states that occur."""
    total: int
    is_asked: bool
    """Whether something is asked of the organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledLine:
    """One line of a list, and what was said of it."""

    number: int
    name: str
    pin: str
    state: str
    kind: str
    said: tuple[tuple[str, str, str], ...]
    """(code, sentence, legal ground)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """One signature under a filing."""

    role: str
    kind: str
    words: str
    form: str


def filed(dossier: DossierView) -> Filed:
    """In the language that is spoken."""
    shown = summary_of(dossier)
    return Filed(
        code=shown.code,
        title=shown.title,
        state=shown.state,
        kind=shown.kind,
        next=in_words(_NEXT.get(dossier.state, ("", ""))),
        by=shown.by,
        filed_at=shown.filed_at,
        through=in_words(_CHANNELS.get(dossier.channel, (dossier.channel, dossier.channel))),
        sender=short_account(dossier.filed_by),
        file_name=dossier.source_name,
        sha256=dossier.source_sha256 or dossier.document_sha256,
        lines=tuple((in_words(LINE_WORDS[state][0]), LINE_WORDS[state][1], count) for state, count in dossier.lines.items() if count),
        total=sum(dossier.lines.values()),
        is_asked=dossier.state in {State.SUPPLEMENT_REQUIRED, State.FEE_REQUIRED},
    )


def filed_line(line: LineView) -> FiledLine:
    """With the sentences worth saying, in the language that is spoken."""
    words, kind = LINE_WORDS[line.state]
    return FiledLine(
        number=line.number,
        name=str(line.content.get("full_name", "")),
        pin=Pin(line.pin).masked if line.pin else "",
        state=in_words(words),
        kind=kind,
        said=said_of(line.findings),
    )


def said_of(findings: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str, str], ...]:
    """What does not hold, is unclear or worth knowing, each once."""
    said = [
        (str(one["code"]), in_words((str(one["vi"]), str(one["en"]))), _cited(str(one.get("citation", ""))))
        for one in findings
        if one["outcome"] in _WORTH_SAYING
    ]
    return tuple(dict.fromkeys(said))


def signatures_of(proof: Mapping[str, Any], *, is_pending: bool) -> tuple[SignedBy, ...]:
    """Whose signatures a filing carries, and whether each is proven; an e-ID confirmation is one."""
    if proof.get("kind") != "certificate":
        return (
            SignedBy(
                role=in_words(("Đơn vị nộp", "The filing organisation")),
                kind="ok",
                words=in_words(("Xác nhận bằng tài khoản định danh điện tử", "Confirmed by e-ID")),
                form="e-ID",
            ),
        )
    own = proof.get("completed_status") or proof.get("status")
    others = proof.get("completed_other_statuses") or proof.get("other_statuses") or {}
    named = [
        (in_words(("Đơn vị nộp", "The filing organisation")), own),
        *((in_words(_OTHER_SIGNERS.get(role, (role, role))), said) for role, said in others.items()),
    ]
    return tuple(_signed_by(role, said, is_pending=is_pending) for role, said in named if said)


def _signed_by(role: str, said: Mapping[str, Any], *, is_pending: bool) -> SignedBy:
    if said["conclusion"] == "good":
        kind, words = "ok", ("Chữ ký số có giá trị", "The signature holds")
    elif said["conclusion"] == "bad":
        kind, words = "late", ("Chữ ký số không có giá trị", "The signature does not hold")
    elif is_pending:
        kind, words = "wait", ("Đang hỏi tổ chức chứng thực", "The authority is being asked")
    else:
        kind, words = "wait", ("Chưa xác minh được", "Not proven yet")
    return SignedBy(
        role=role, kind=kind, words=in_words(words), form=str(said["form"]).upper().replace("XADES", "XAdES").replace("PADES", "PAdES")
    )


def _cited(citation: str) -> str:
    return in_words((cited_vi(citation), cited_en(citation))) if is_legal(citation) else ""


def short_account(account: str) -> str:
    """`…3f9a01`: the end of an account's reference."""
    return f"…{account[-6:]}" if account else ""


def day(on: date) -> str:
    """As people write it."""
    return on.strftime("%d/%m/%Y")
