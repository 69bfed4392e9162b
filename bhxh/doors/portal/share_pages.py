"""What a holder shares for some minutes, on a page for whoever was given its address or scanned its code."""

from django.http import HttpRequest, HttpResponse

from bhxh.access.errors import TooMany
from bhxh.credentials.contents import NAMES
from bhxh.credentials.public_verification import somebody
from bhxh.credentials.share_commands import open_share
from bhxh.doors.admission import admit, lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.page import error_code, private, show
from bhxh.doors.sessions import address_of
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import Refusal
from bhxh.kernel.who import ANYBODY
from bhxh.web.failures import not_taken
from bhxh.web.moments import both

_TITLE = ("Thông tin được chia sẻ", "Shared with you")


@lets_in(ANYBODY, proof="the secret in the address")
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """The parts that were chosen, nothing else. Each opening is in the holder's list of looks."""
    if request.method != "GET":
        return not_taken(request, ("GET",))
    side, at = partners().signing_in, now()
    try:
        side.limits.check_verification(address_of(request, side))
        view = open_share(actor=admit(somebody(str(request.META["BHXH_REQUEST_ID"]))), at=at, secret=secret[:100])
    except Refusal as refusal:
        response = show(
            request,
            title=_TITLE,
            answer=(refusal.text("vi"), refusal.text("en")),
            is_good=False,
            rows=[error_code(refusal)],
            note=("Không có gì được hiển thị.", "Nothing is shown."),
            links=[("/xac-minh", "Xác minh sổ, thẻ, giấy tờ", "Verify a book, a card or a letter"), ("/tro-giup", "Trợ giúp", "Help")],
            status=refusal.status,
        )
        if isinstance(refusal, TooMany):
            response["Retry-After"] = str(refusal.retry_after_s)
        return private(_unfollowed(response))
    response = show(
        request,
        title=_TITLE,
        answer=(f"{NAMES[view.kind][0]}: có giá trị lúc {shown(at)}", f"{NAMES[view.kind][1]}: valid at {both(at)[1]}"),
        rows=view.rows,
        note=(
            f"Người chia sẻ chỉ chọn các mục này; liên kết hết hạn lúc {shown(view.expires_at)}. So họ tên với căn cước.",
            f"Only these were chosen; the link ends at {both(view.expires_at)[1]}. Compare the name with the identity card.",
        ),
    )
    return private(_unfollowed(response))


def _unfollowed(response: HttpResponse) -> HttpResponse:
    """The address is the secret: it goes to no other site and into no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
