"""The letter about a book that was withdrawn for a time or given back.

It says why in our words; what the officer wrote stands behind the sign-in, because mail is read on the way.
"""

from datetime import datetime, timedelta
from typing import Final

from bhxh.credentials.issuing import Issuer
from bhxh.credentials.suspensions import WORDS, Act, StateProposal
from bhxh.kernel.clock import shown
from bhxh.notices.commands import Notice
from bhxh.notices.layout import UNDER_EVERY_LETTER, Block, Facts, Link, Note, Page, Paragraph, as_html, as_text

_SOON: Final = timedelta(hours=2)
_HEADINGS: Final = {
    Act.SUSPEND: ("Sổ bảo hiểm xã hội của bạn tạm bị thu hồi", "Your social insurance book is withdrawn for a time"),
    Act.RESUME: ("Sổ bảo hiểm xã hội của bạn đã dùng lại được", "Your social insurance book is in use again"),
}
_MEANING: Final = {
    Act.SUSPEND: (
        (
            "Từ lúc này, ai kiểm tra sổ hoặc mã QR tóm tắt sổ của bạn sẽ thấy sổ đang tạm thu hồi. Thời gian đóng của bạn vẫn được giữ nguyên, "
            "thẻ bảo hiểm y tế vẫn dùng được."
        ),
        (
            "From now on whoever verifies your book, or its summary as a QR code, sees that it is withdrawn for a time. Your months stay as they "
            "are, and your health card can still be used."
        ),
    ),
    Act.RESUME: (
        "Sổ có giá trị như trước. Mã QR tóm tắt sổ đã lưu từ trước không dùng nữa: mở lại để lấy mã mới.",
        "The book holds as before. A summary kept as a QR code from before is no longer used: open it again for a new one.",
    ),
}
_COMPLAINT: Final = (
    "Nếu không đồng ý, bạn có quyền giải trình và khiếu nại tại cơ quan bảo hiểm xã hội nơi gửi thư này.",
    "If you disagree you may explain yourself and lodge a complaint at the social insurance office that sent this letter.",
)


def compose_notice(proposal: StateProposal, *, at: datetime, issuer: Issuer, recipient: str) -> Notice:
    """What the person is told the moment it takes effect."""
    pages = [_page(proposal, at=at, issuer=issuer, which=which) for which in (0, 1)]
    return Notice(
        kind="book_suspended" if proposal.act is Act.SUSPEND else "book_resumed",
        dedupe_key=f"book_state:{proposal.proposal_id}",
        dossier_id=None,
        recipient=recipient,
        subject=pages[0].heading,
        text=as_text(pages),
        html=as_html(pages, title=pages[0].heading),
        due_at=at + _SOON,
        person_id=proposal.person_id,
    )


def _page(proposal: StateProposal, *, at: datetime, issuer: Issuer, which: int) -> Page:
    def say(*pair: str) -> str:
        return pair[which]

    blocks: tuple[Block, ...] = (
        Paragraph(say(*_MEANING[proposal.act])),
        Facts(
            (
                (say("Lý do", "Why"), say(*WORDS[proposal.reason])),
                (say("Từ lúc", "Since"), shown(at)),
            )
        ),
        *((Note(say(*_COMPLAINT)),) if proposal.act is Act.SUSPEND else ()),
        Link(say("Đăng nhập để xem chi tiết", "Sign in for details"), issuer.sign_in_address),
    )
    language = ("vi", "en")[which]
    return Page(
        language=language, sender=issuer.name, heading=say(*_HEADINGS[proposal.act]), blocks=blocks, footer=say(*UNDER_EVERY_LETTER)
    )
