"""What each letter says, Vietnamese first, English below; plain words and no more personal data than R-062 asks.

A letter never names a worker, never prints a personal number in full and never repeats what somebody typed: mail is read
on the way. Details stand behind the link, where one signs in.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from bhxh.kernel.citing import cited_en, cited_vi
from bhxh.kernel.clock import VIETNAM
from bhxh.notices.commands import Notice
from bhxh.notices.layout import UNDER_EVERY_LETTER, Block, Facts, Fine, Item, Items, Link, Note, Page, Paragraph, as_html, as_text


class LetterKind(StrEnum):
    """Every letter there is."""

    RECEIPT = "receipt"
    LINE_RESULTS = "line_results"
    DECISION = "decision"
    REFUSAL = "refusal"
    SUPPLEMENT = "supplement"
    CONFIRMATION_READY = "confirmation_ready"
    BOOK_UPDATED = "book_updated"
    DELAY = "delay"
    FILED_FOR_YOU = "filed_for_you"


KINDS_TO_FILER: Final = frozenset(LetterKind) - {LetterKind.BOOK_UPDATED}
"""Letters about a dossier to whoever filed it; a touched worker's letter is that worker's."""


@dataclass(frozen=True, slots=True)
class LetterComponent:
    """One document slot of the dossier and where its content came from."""

    title_vi: str
    title_en: str
    source_vi: str
    source_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReason:
    """One reason or one thing missing: a sentence of the catalogue, where it applies, and the clause behind it."""

    code: str
    vi: str
    en: str
    where: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterContext:
    """Everything any letter may speak of. Each kind uses its part; what is empty is left out."""

    agency_name: str
    """The competent office."""
    dossier_code: str
    procedure_code: str
    procedure_title_vi: str
    procedure_title_en: str
    filer_name: str
    """Of the person or organisation the letter goes to, and of nobody else."""
    filer_identifier: str
    """Masked here if it is not yet."""
    filer_is_employer: bool
    tracking_url: str
    """Holds the dossier's code at most."""
    received_at: datetime | None = None
    appointment_on: date | None = None
    """None: answered at once."""
    components: tuple[LetterComponent, ...] = ()
    way_of_result_vi: str = "Kho dữ liệu điện tử của người nộp và thư điện tử này"
    way_of_result_en: str = "The filer's electronic data warehouse and this e-mail address"
    seal_reference: str = ""
    """Key id and digest of the sealed receipt or decision."""
    signature_is_pending: bool = False
    lines_total: int = 0
    lines_granted: int = 0
    lines_with_officer: int = 0
    lines_refused: int = 0
    reasons: tuple[LetterReason, ...] = ()
    answer_by_on: date | None = None
    decision_number: str = ""
    decided_at: datetime | None = None
    result_title_vi: str = ""
    result_title_en: str = ""
    complaint_vi: str = (
        "Nếu không đồng ý, {you} có quyền khiếu nại theo pháp luật về khiếu nại. Cách gửi khiếu nại có trong quyết định kèm hồ sơ."
    )
    complaint_en: str = (
        "If you disagree you may lodge a complaint under the law on complaints. The decision, kept with the dossier, says how."
    )


def render(kind: LetterKind, context: LetterContext) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter."""
    compose_page = _LETTERS[kind]
    pages = tuple(compose_page(_Speaker(language, context)) for language in ("vi", "en"))
    subject = f"{pages[0].heading} – {context.dossier_code}"
    return subject, as_text(pages), as_html(pages, title=subject)


def compose(
    kind: LetterKind, context: LetterContext, *, dedupe_key: str, dossier_id: UUID | None, recipient: str, due_at: datetime
) -> Notice:
    """A letter as `commands.enqueue` takes it."""
    subject, text, html = render(kind, context)
    return Notice(
        kind=kind.value,
        dedupe_key=dedupe_key,
        dossier_id=dossier_id,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        due_at=due_at,
    )


# -- below: the words -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Picks the language of one half of a letter."""

    language: str
    context: LetterContext

    def __call__(self, vi: str, en: str) -> str:
        you = "đơn vị" if self.context.filer_is_employer else "bạn"
        return (vi if self.language == "vi" else en).replace("{You}", you.capitalize()).replace("{you}", you)

    def day(self, on: date) -> str:
        return self(f"{on:%d/%m/%Y}", f"{on.day} {on:%B %Y}")

    def instant(self, at: datetime) -> str:
        local = at.astimezone(VIETNAM)
        return self(f"{local:%H:%M} ngày {local:%d/%m/%Y}", f"{local:%H:%M} on {local.day} {local:%B %Y} (Viet Nam time)")

    def page(self, heading: str, *blocks: Block | None) -> Page:
        return Page(
            language=self.language,
            sender=self.context.agency_name,
            heading=heading,
            blocks=tuple(block for block in blocks if block is not None),
            footer=self(*UNDER_EVERY_LETTER),
        )


def _receipt(say: _Speaker) -> Page:
    of = say.context
    appointment = (
        say.day(of.appointment_on)
        if of.appointment_on
        else say("Trả kết quả ngay sau khi kiểm tra", "Answered as soon as it has been checked")
    )
    rows = [
        *_dossier_rows(say),
        (say("Nhận lúc", "Received"), say.instant(of.received_at) if of.received_at else ""),
        (say("Nơi giải quyết", "Competent office"), of.agency_name),
        (say("Ngày hẹn trả kết quả", "Appointment for the result"), appointment),
        (say("Cách nhận kết quả", "How you get the result"), say(of.way_of_result_vi, of.way_of_result_en)),
    ]
    return say.page(
        say("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt of your dossier and appointment for the result"),
        Paragraph(say("Chúng tôi đã nhận hồ sơ của {you}.", "We have received your dossier.")),
        _pending_note(say),
        _facts(rows),
        _components(say),
        _tracking(say),
        _seal(say, say("Giấy tiếp nhận", "The receipt")),
    )


def _line_results(say: _Speaker) -> Page:
    return say.page(
        say("Kết quả kiểm tra từng dòng của danh sách", "Results for the lines of your list"),
        Paragraph(
            say(
                "Chúng tôi đã kiểm tra danh sách của {you}. Những dòng đúng được giải quyết ngay, không phải chờ những dòng khác.",
                "We have checked your list. Lines that are right go ahead at once; they do not wait for the others.",
            )
        ),
        _facts([*_dossier_rows(say), *_line_rows(say)]),
        Paragraph(
            say(
                "Bảng tính có thêm cột kết quả nằm ở trang hồ sơ: mỗi dòng chưa đúng ghi rõ ô nào, vì sao và cách sửa. "
                "Thư này không ghi họ tên hay mã số của người lao động.",
                "Your spreadsheet with a result column is on the dossier's page: for each line that is not right it names the cell, the reason "
                "and the remedy. This message holds no worker's name or number.",
            )
        ),
        _tracking(say),
    )


def _decision(say: _Speaker) -> Page:
    of = say.context
    rows = [
        *_dossier_rows(say),
        (say("Kết quả", "Result"), say(of.result_title_vi, of.result_title_en)),
        (say("Số quyết định", "Decision number"), of.decision_number),
        (say("Quyết định lúc", "Decided"), say.instant(of.decided_at) if of.decided_at else ""),
        *(_line_rows(say) if of.lines_total else ()),
    ]
    return say.page(
        say("Hồ sơ đã có kết quả", "Your dossier has a result"),
        Paragraph(
            say(
                "Hồ sơ của {you} đã được giải quyết. Văn bản kết quả có chữ ký số nằm trong Kho dữ liệu điện tử của {you}.",
                "Your dossier has been decided. The sealed result is in your electronic data warehouse.",
            )
        ),
        _facts(rows),
        _tracking(say),
        Paragraph(say(of.complaint_vi, of.complaint_en)) if of.lines_refused else None,
        _seal(say, say("Quyết định", "The decision")),
    )


def _refusal(say: _Speaker) -> Page:
    of = say.context
    return say.page(
        say("Hồ sơ không được giải quyết", "Your dossier was not granted"),
        Paragraph(
            say("Chúng tôi không giải quyết được hồ sơ này vì lý do dưới đây.", "We could not grant this dossier, for the reasons below.")
        ),
        _facts([*_dossier_rows(say), (say("Quyết định lúc", "Decided"), say.instant(of.decided_at) if of.decided_at else "")]),
        _reasons(say, say("Lý do", "Reasons")),
        _tracking(say),
        Paragraph(say(of.complaint_vi, of.complaint_en)),
        _seal(say, say("Thông báo", "The notice")),
    )


def _supplement(say: _Speaker) -> Page:
    of = say.context
    deadline = (
        Note(
            say(
                f"Gửi bổ sung chậm nhất ngày {say.day(of.answer_by_on)}.", f"Send what is missing by the end of {say.day(of.answer_by_on)}."
            )
        )
        if of.answer_by_on
        else None
    )
    return say.page(
        say("Hồ sơ cần bổ sung", "Your dossier needs a supplement"),
        Paragraph(
            say(
                "Hồ sơ còn thiếu những điểm dưới đây. Đây là danh sách đầy đủ, chúng tôi chỉ yêu cầu một lần.",
                "These points are missing. The list is complete: we ask once.",
            )
        ),
        deadline,
        _facts(_dossier_rows(say)),
        _reasons(say, say("Cần bổ sung", "What is missing")),
        _tracking(say),
        _seal(say, say("Yêu cầu", "The request")),
    )


def _confirmation_ready(say: _Speaker) -> Page:
    of = say.context
    return say.page(
        say("Xác nhận của bạn đã sẵn sàng", "Your confirmation is ready"),
        Paragraph(
            say(
                "Văn bản xác nhận đã được lập từ Cơ sở dữ liệu quốc gia về bảo hiểm và đóng dấu điện tử. Đăng nhập để xem, tải về hoặc gửi cho nơi cần.",
                "The confirmation was drawn up from the National Insurance Database and sealed. Sign in to read it, keep it or hand it on.",
            )
        ),
        _facts([*_dossier_rows(say), (say("Kết quả", "Result"), say(of.result_title_vi, of.result_title_en))]),
        _tracking(say),
        _seal(say, say("Xác nhận", "The confirmation")),
    )


def _book_updated(say: _Speaker) -> Page:
    return say.page(
        say("Sổ bảo hiểm xã hội điện tử của bạn đã cập nhật", "Your electronic social insurance book was updated"),
        Paragraph(
            say(
                "Sổ điện tử của bạn có phiên bản mới sau hồ sơ dưới đây. Đăng nhập để xem, và xem ai đã mở dữ liệu của bạn. "
                "Nếu có điểm nào không đúng, báo cho cơ quan bảo hiểm xã hội và ghi mã hồ sơ này.",
                "Your book has a new version after the dossier below. Sign in to read it, and to see who looked at your data. "
                "If something is wrong, tell the social insurance office and quote this dossier code.",
            )
        ),
        _facts([(say("Mã hồ sơ", "Dossier code"), say.context.dossier_code)]),
        Link(say("Mở sổ điện tử", "Open my book"), say.context.tracking_url),
    )


def _delay(say: _Speaker) -> Page:
    of = say.context
    rows = [*_dossier_rows(say), (say("Ngày hẹn mới", "New appointment"), say.day(of.appointment_on) if of.appointment_on else "")]
    return say.page(
        say("Xin lỗi và hẹn lại ngày trả kết quả", "Apology and new appointment"),
        Paragraph(
            say(
                "Chúng tôi chưa kịp giải quyết hồ sơ của {you} đúng hẹn và xin lỗi {you}. {You} không phải làm gì thêm.",
                "We could not decide your dossier in time and apologise. You need not do anything.",
            )
        ),
        _facts(rows),
        _reasons(say, say("Lý do", "Reasons")),
        _tracking(say),
    )


def _filed_for_you(say: _Speaker) -> Page:
    return say.page(
        say("Cán bộ đã nộp hồ sơ thay bạn: bạn có đồng ý không?", "An officer filed for you: do you agree?"),
        Paragraph(
            say(
                "Tại quầy của cơ quan bảo hiểm xã hội, cán bộ đã nộp hồ sơ dưới đây theo yêu cầu của bạn. Đăng nhập bằng tài khoản định danh để "
                "xem đúng nội dung đã nộp, rồi xác nhận, hoặc từ chối nếu bạn không yêu cầu việc này. Chưa trả lời thì hồ sơ vẫn được giải quyết.",
                "At the social insurance office an officer filed the dossier below as you asked. Sign in with your e-ID account to see exactly what "
                "was filed; then confirm it, or refuse it if you never asked for it. Until you answer, the dossier goes its way.",
            )
        ),
        _facts(_dossier_rows(say)),
        _tracking(say),
    )


_LETTERS: Mapping[LetterKind, Callable[[_Speaker], Page]] = {
    LetterKind.RECEIPT: _receipt,
    LetterKind.LINE_RESULTS: _line_results,
    LetterKind.DECISION: _decision,
    LetterKind.REFUSAL: _refusal,
    LetterKind.SUPPLEMENT: _supplement,
    LetterKind.CONFIRMATION_READY: _confirmation_ready,
    LetterKind.BOOK_UPDATED: _book_updated,
    LetterKind.DELAY: _delay,
    LetterKind.FILED_FOR_YOU: _filed_for_you,
}


def _dossier_rows(say: _Speaker) -> list[tuple[str, str]]:
    of = say.context
    return [
        (say("Mã hồ sơ", "Dossier code"), of.dossier_code),
        (say("Thủ tục", "Procedure"), f"{of.procedure_code} – {say(of.procedure_title_vi, of.procedure_title_en)}"),
        (say("Người nộp", "Filed by"), f"{of.filer_name} ({_masked(of.filer_identifier)})"),
    ]


def _line_rows(say: _Speaker) -> list[tuple[str, str]]:
    of = say.context
    return [
        (say("Số dòng đã gửi", "Lines sent"), str(of.lines_total)),
        (say("Được chấp nhận", "Granted"), str(of.lines_granted)),
        (say("Cán bộ đang xem", "With an officer"), str(of.lines_with_officer)),
        (say("Chưa được chấp nhận", "Not granted"), str(of.lines_refused)),
    ]


def _facts(rows: list[tuple[str, str]]) -> Facts:
    return Facts(tuple((label, value) for label, value in rows if value))


def _components(say: _Speaker) -> Items | None:
    listed = tuple(
        Item(say(f"{c.title_vi} – nguồn: {c.source_vi}", f"{c.title_en} – source: {c.source_en}")) for c in say.context.components
    )
    return Items(say("Thành phần hồ sơ", "What the dossier holds"), listed) if listed else None


def _reasons(say: _Speaker, title: str) -> Items | None:
    listed = []
    for reason in say.context.reasons:
        where = f"{reason.where}: " if reason.where else ""
        clause = say(f"Căn cứ: {cited_vi(reason.citation)}. ", f"Basis: {cited_en(reason.citation)}. ") if reason.citation else ""
        listed.append(Item(_without_numbers(where + say(reason.vi, reason.en)), fine=f"{clause}[{reason.code}]"))
    return Items(title, tuple(listed)) if listed else None


def _tracking(say: _Speaker) -> Link:
    return Link(say("Xem hồ sơ", "See the dossier"), say.context.tracking_url)


def _pending_note(say: _Speaker) -> Note | None:
    if not say.context.signature_is_pending:
        return None
    return Note(
        say(
            "Chữ ký số đang được kiểm tra thêm với nơi cấp. Hồ sơ vẫn được tính từ giờ nhận ghi dưới đây; {you} không phải làm gì.",
            "Your digital signature is still being checked with its issuer. The time of receipt below stands; you need not do anything.",
        )
    )


def _seal(say: _Speaker, what: str) -> Fine | None:
    if not say.context.seal_reference:
        return None
    return Fine(
        say(
            f"{what} đã được cơ quan ký số. Tham chiếu: {say.context.seal_reference}.",
            f"{what} carries the office's digital seal. Reference: {say.context.seal_reference}.",
        )
    )


def _masked(identifier: str) -> str:
    if "*" in identifier:
        return identifier
    return "*" * max(0, len(identifier) - 4) + identifier[-4:]


def _without_numbers(text: str) -> str:
    # WHY: the last net. A catalogue sentence may quote what was typed; runs this long are personal, book or card numbers.
    return re.sub(r"\d{9,15}", lambda found: _masked(found[0]), text)
