"""What anybody sees who scans the code of a converted paper or of a print copy: that it is ours, when it was made, whether it holds. Nobody's name."""

from django.http import HttpRequest, HttpResponse

from bhxh.book.queries import find_by_digest
from bhxh.book.states import NAMES, BookState
from bhxh.conversion.facts import Standing
from bhxh.doors.portal.page import show
from bhxh.doors.portal.verdicts import GENUINE, REPLACED, WITHDRAWN, of_book
from bhxh.web.languages import in_words
from bhxh.web.moments import told

_KINDS = {
    "TO_ELECTRONIC": ("Bản chuyển đổi từ giấy", "Converted from paper"),
    "TO_PAPER": ("Bản in chuyển đổi từ bản điện tử", "Print of an electronic original"),
}


def show_conversion(request: HttpRequest, standing: Standing, *, sha256: str) -> HttpResponse:
    """How it stands; of a print, also how its original does."""
    vi, en = _KINDS[standing.direction]
    original = find_by_digest(standing.original_code) if standing.original_code else None
    rows = [
        ("Mã xác minh", "Code", sha256[:64]),
        ("Loại", "Kind", in_words((vi, en))),
        ("Giấy tờ", "Paper", in_words((standing.vi, standing.en))),
        ("Chuyển đổi lúc", "Converted at", told(standing.converted_at)),
        ("Cơ quan chuyển đổi", "Converting office", standing.agency_code),
        ("Số trang của bản gốc", "Pages of the original", str(standing.pages)),
    ]
    if standing.original_sha256:
        rows.append(("Mã băm của bản gốc điện tử", "Digest of the original", standing.original_sha256))
    links: list[tuple[str, str, str]] = []
    if standing.original_code:
        links.append((f"/xac-minh/{standing.original_code}", "Xem bản gốc còn giá trị không", "See whether the original holds"))
    verdict = GENUINE
    if standing.withdrawn_at is not None:
        verdict = WITHDRAWN
        at = told(standing.withdrawn_at)
        answer = (f"{vi} này do cơ quan cấp, nhưng đã bị thu hồi lúc {at}", f"Made here ({en.lower()}), but withdrawn at {at}")
    elif original is not None and original.state is not BookState.ACTIVE:
        state_vi, state_en = NAMES[original.state]
        verdict = of_book(original.state, is_latest=original.is_latest)
        answer = (
            f"{vi} này do cơ quan cấp, nhưng sổ gốc hiện nay: {state_vi}",
            f"Made here, but the book it was made from is now: {state_en}",
        )
    elif original is not None and not original.is_latest:
        verdict = REPLACED
        answer = (f"{vi} này do cơ quan cấp; sổ gốc đã có bản mới hơn", "Made here; the book it was made from has a newer version")
    else:
        answer = (f"{vi} này do cơ quan cấp và còn giá trị", f"Made here ({en.lower()}), and it holds")
    return show(
        request,
        title=("Xác minh bản chuyển đổi", "Verify a conversion"),
        verdict=verdict,
        answer=answer,
        rows=rows,
        note=(
            "Trang này không cho biết giấy tờ của ai và nội dung gì. So loại giấy tờ, ngày giờ và số trang với bản bạn đang cầm.",
            "This page tells neither whose paper it is nor what it says. Compare kind, time and number of pages with what you hold.",
        ),
        links=links,
    )
