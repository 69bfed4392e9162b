"""Plain pages that need no sign-in and name nobody: where a letter's tracking link, a book's QR code and an error's code lead.

And what somebody sees who opens the bare address, or one that is not there.
"""

from functools import cache

from django.http import HttpRequest, HttpResponse

from bhxh.access.errors import TooMany
from bhxh.book.queries import find_by_digest
from bhxh.book.states import NAMES, BookState
from bhxh.conversion.queries import find_standing
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.conversion_pages import show_conversion
from bhxh.doors.portal.page import guarded, private, show
from bhxh.doors.sessions import address_of, session_secret
from bhxh.dossiers.queries import get_dossier
from bhxh.dossiers.states import FACTS
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import CATALOGUE, NotFound
from bhxh.kernel.who import ANYBODY

_LINKS = (
    ("/xac-minh", "Xác minh thẻ, sổ bằng mã QR hoặc tệp", "verify a card or a book by its QR code or file"),
    ("/api/v1/openapi.json", "Mô tả giao diện lập trình", "description of the API"),
    ("/api/v1/open/procedures", "Danh mục thủ tục", "procedures on offer"),
    ("/api/v1/open/keys", "Khóa công khai để kiểm tra sổ, phiếu, quyết định", "public keys to verify books, receipts, decisions"),
    ("/errors", "Ý nghĩa của các mã lỗi", "what the error codes mean"),
)


@lets_in(ANYBODY)
def start(request: HttpRequest) -> HttpResponse:
    """The bare address: what this is and where to go."""
    signed_in = (("/dang-nhap/vai-tro", "Chọn vai trò", "choose a role"), ("/dang-xuat", "Đăng xuất", "sign out"))
    # WHY the cookie and not the session: this page asks no database, and both places look for themselves.
    is_known = bool(session_secret(request, partners().signing_in))
    response = show(
        title=("Bạn muốn làm gì?", "What would you like to do?"),
        note=(
            "Theo dõi hồ sơ bằng liên kết trong thư, xác minh sổ bằng mã QR, hoặc đăng nhập bằng tài khoản định danh điện tử.",
            "Follow a dossier by the link in its letter, verify a book by its QR code, or sign in with the e-identification account.",
        ),
        links=(*(signed_in if is_known else (("/dang-nhap", "Đăng nhập", "sign in"),)), *_LINKS),
    )
    return private(response) if is_known else response


@lets_in(ANYBODY)
def sentences(request: HttpRequest) -> HttpResponse:
    """Every sentence of the catalogue under its code, where the `type` of a problem document leads."""
    return guarded(HttpResponse(_all_sentences()))


@cache
def _all_sentences() -> bytes:
    return show(
        title=("Ý nghĩa của các mã lỗi", "What the error codes mean"),
        note=("Chỗ trong ngoặc nhọn được điền theo từng trường hợp.", "What stands in braces is filled in for each case."),
        sentences=sorted(CATALOGUE.values(), key=lambda sentence: sentence.code),
    ).content


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address. The API answers with a problem document instead (its middleware)."""
    return show(
        title=("Không có trang này", "There is no such page"),
        note=("Kiểm tra lại địa chỉ, hoặc bắt đầu từ đây:", "Check the address, or start here:"),
        links=(("/", "Trang đầu", "start"), *_LINKS),
        status=404,
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read."""
    return show(
        title=("Không đọc được yêu cầu", "The request cannot be read"),
        note=("Kiểm tra lại địa chỉ rồi thử lại.", "Check the address and try again."),
        status=400,
    )


def our_fault(request: HttpRequest) -> HttpResponse:
    """Something went wrong here. Says under which number to report it, and nothing of our insides."""
    incident = str(request.META.get("BHXH_REQUEST_ID", ""))[:8]
    return show(
        title=("Có lỗi ở phía chúng tôi", "Something went wrong on our side"),
        rows=[("Mã sự cố", "Incident", incident)],
        note=("Thử lại sau ít phút; nếu vẫn lỗi, báo mã sự cố.", "Try again in a few minutes; if it fails again, report the incident."),
        status=500,
    )


@lets_in(ANYBODY)
def completion(request: HttpRequest, code: str) -> HttpResponse:
    """The degree of completion of a dossier by its code, nothing else. Law: R-067."""
    try:
        facts = FACTS[get_dossier(code).state]
    except NotFound:
        facts = None
    return show(
        title=("Tra cứu hồ sơ", "Where a dossier stands"),
        is_good=facts is not None,
        answer=(facts.vi, facts.en) if facts else ("Không có hồ sơ mang mã này", "No dossier has this code"),
        rows=[("Mã hồ sơ", "Dossier code", code[:60])],
        note=(
            "Trang này chỉ cho biết mức độ hoàn thành. Nội dung chi tiết xem sau khi đăng nhập bằng tài khoản định danh điện tử.",
            "This page only tells how far it has come. Sign in with the e-identification account for details.",
        ),
        links=(("/dang-nhap", "Đăng nhập", "sign in"), ("/", "Trang đầu", "start")),
        status=200 if facts else 404,
    )


def _come_again(too_many: TooMany) -> HttpResponse:
    response = show(
        title=("Xác minh", "Verify"),
        answer=(too_many.text("vi"), too_many.text("en")),
        is_good=False,
        note=("Thử lại sau ít phút.", "Try again in a few minutes."),
        status=too_many.status,
    )
    response["Retry-After"] = str(too_many.retry_after_s)
    return private(response)


@lets_in(ANYBODY)
def verification(request: HttpRequest, sha256: str) -> HttpResponse:
    """Whether a book or a conversion of this digest was issued here, and how it stands. Nothing names the holder."""
    side = partners().signing_in
    try:
        side.limits.check_verification(address_of(request, side))
    except TooMany as too_many:
        return _come_again(too_many)
    found = find_by_digest(sha256)
    if found is None and (conversion := find_standing(sha256)) is not None:
        return show_conversion(conversion, sha256=sha256)
    rows = [("Mã băm của sổ", "Digest of the book", sha256[:64])]
    if found is None:
        answer = ("Không có sổ nào mang mã băm này", "No book has this digest")
    elif found.state is not BookState.ACTIVE:
        vi, en = NAMES[found.state]
        answer = (f"Sổ này do cơ quan bảo hiểm xã hội cấp, nhưng hiện nay: {vi}", f"This book was issued here, but now it is: {en}")
    elif found.is_latest:
        answer = ("Sổ này do cơ quan bảo hiểm xã hội cấp và là bản mới nhất", "This book was issued here and is the latest")
    else:
        answer = ("Sổ này do cơ quan bảo hiểm xã hội cấp, nhưng đã có bản mới hơn", "This book was issued here; a newer one exists")
    if found is not None:
        rows += [("Phiên bản", "Version", str(found.version)), ("Ký lúc", "Sealed at", shown(found.sealed_at))]
    return show(
        title=("Xác minh sổ bảo hiểm xã hội", "Verify a social insurance book"),
        is_good=found is not None and found.is_latest and found.state is BookState.ACTIVE,
        answer=answer,
        rows=rows,
        note=(
            "Quét lại mã QR hoặc kiểm tra lại địa chỉ. Nếu vẫn không có, đừng dùng bản này; hỏi cơ quan bảo hiểm xã hội.",
            "Scan the QR code again or check the address. If it is still not found, do not rely on this copy; ask the social insurance office.",
        )
        if found is None
        else (
            "Để chắc chắn nội dung không bị sửa, kiểm tra chữ ký của tệp đính kèm trong bản PDF bằng công cụ của bạn.",
            "To be sure that nothing was changed, verify the seal of the file attached to the PDF with a tool of your own.",
        ),
        status=200 if found else 404,
    )
