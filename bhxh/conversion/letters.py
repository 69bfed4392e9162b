"""The letter to whoever owns a paper that was converted, or whose conversion was withdrawn. It says what kind of paper, never what is on it."""

from datetime import datetime, timedelta
from typing import Final

from bhxh.conversion.certificates import Organisation
from bhxh.conversion.facts import CaseView
from bhxh.conversion.originals import ORIGINALS
from bhxh.conversion.states import Step
from bhxh.kernel.clock import shown
from bhxh.notices.commands import Notice
from bhxh.notices.layout import UNDER_EVERY_LETTER, Facts, Link, Note, Page, Paragraph, as_html, as_text

_SOON: Final = timedelta(hours=2)
_HEADINGS: Final = {
    Step.CERTIFIED: ("Giấy tờ của bạn đã được chuyển sang bản điện tử", "Your paper was converted to electronic form"),
    Step.WITHDRAWN: ("Một bản chuyển đổi giấy tờ của bạn bị thu hồi", "A conversion of your paper was withdrawn"),
}
_MEANING: Final = {
    Step.CERTIFIED: (
        "Bản chuyển đổi đã ký số nằm trong kho dữ liệu điện tử của bạn và dùng được cho các thủ tục sau. Bản giấy vẫn là của bạn: hãy giữ lại.",
        "The sealed conversion lies in your electronic warehouse and serves for later procedures. The paper stays yours: keep it.",
    ),
    Step.WITHDRAWN: (
        (
            "Cơ quan phát hiện bản chuyển đổi không đúng với bản giấy nên đã thu hồi; ai kiểm tra sẽ thấy điều đó. Bản giấy không bị ảnh hưởng."
            " Mang bản giấy đến để chuyển đổi lại."
        ),
        (
            "The office found that the conversion differs from the paper and withdrew it; whoever verifies it sees that. The paper is not"
            " affected. Bring it to have it converted anew."
        ),
    ),
}
_NOT_YOU: Final = (
    "Nếu bạn không đưa giấy tờ này cho cơ quan, báo ngay cho cơ quan gửi thư này.",
    "If you did not hand this paper to the office, tell the office that sent this letter at once.",
)


def compose_notice(case: CaseView, step: Step, *, at: datetime, organisation: Organisation, recipient: str) -> Notice:
    """What the owner is told as soon as it is so."""
    pages = [_page(case, step, at, organisation, which) for which in (0, 1)]
    return Notice(
        kind="paper_converted" if step is Step.CERTIFIED else "conversion_withdrawn",
        dedupe_key=f"conversion:{case.case_id}:{step.value}",
        dossier_id=None,
        recipient=recipient,
        subject=pages[0].heading,
        text=as_text(pages),
        html=as_html(pages, title=pages[0].heading),
        due_at=at + _SOON,
        person_id=case.owner.id if case.owner.kind == "person" else None,
    )


def _page(case: CaseView, step: Step, at: datetime, organisation: Organisation, which: int) -> Page:
    facts = ORIGINALS[case.original]
    labels = (("Giấy tờ", "Paper"), ("Số trang", "Pages"), ("Lúc", "At"))
    values = ((facts.vi, facts.en)[which], str(case.declared_pages), shown(at))
    return Page(
        language=("vi", "en")[which],
        sender=organisation.name,
        heading=_HEADINGS[step][which],
        blocks=(
            Paragraph(_MEANING[step][which]),
            Facts(tuple((label[which], value) for label, value in zip(labels, values, strict=True))),
            *((Note(_NOT_YOU[which]),) if step is Step.CERTIFIED else ()),
            Link(("Đăng nhập để xem", "Sign in to see it")[which], f"{organisation.public_url.rstrip('/')}/dang-nhap"),
        ),
        footer=UNDER_EVERY_LETTER[which],
    )
