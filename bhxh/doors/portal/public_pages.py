"""Plain pages that need no sign-in and name nobody: where a letter's tracking link, a book's QR code and an error's code lead.

And what somebody sees who opens the bare address, or one that is not there.
"""

from functools import cache
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bhxh.access.errors import TooMany
from bhxh.book.queries import find_by_digest
from bhxh.book.states import NAMES, BookState
from bhxh.conversion.queries import find_standing
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.completion import NEXT, steps_to
from bhxh.doors.portal.conversion_pages import show_conversion
from bhxh.doors.portal.page import frame_of, is_known, private, show
from bhxh.doors.portal.verdicts import UNKNOWN, of_book
from bhxh.doors.sessions import address_of
from bhxh.dossiers.queries import get_dossier
from bhxh.dossiers.states import FACTS
from bhxh.kernel.errors import CATALOGUE, NotFound
from bhxh.kernel.who import ANYBODY
from bhxh.web.failures import failure
from bhxh.web.languages import in_words, spoken
from bhxh.web.moments import told
from bhxh.web.pages import page

_MOST_CODE = 60
_OTHERS = (
    ("/thu-tuc", ("Tìm thủ tục", "Find a procedure")),
    (
        "/dang-nhap?tiep=/dang-nhap/vai-tro",
        ("Đơn vị, cán bộ: đăng nhập và chọn vai trò", "Organisations and officers: sign in and choose a role"),
    ),
    ("/tra-cuu", ("Tìm cơ quan, nơi khám, phường xã", "Find offices, clinics and wards")),
    ("/tinh-trang", ("Tình trạng hệ thống hôm nay", "State of the system today")),
    ("/tro-giup", ("Trợ giúp", "Help")),
)
"""Besides the three big tasks."""
_TO_BEGIN = (
    *("book", "/so", ("Xem sổ của tôi", "See my book")),
    (
        "Đăng nhập bằng tài khoản định danh điện tử để xem sổ, nộp và theo dõi hồ sơ.",
        "Sign in with the e-identification account to see your book, file and follow dossiers.",
    ),
)
_TO_GO_ON = (
    *("book", "/dang-nhap/vai-tro", ("Tiếp tục làm việc", "Continue")),
    ("Bạn đang đăng nhập. Chọn vai trò để tiếp tục.", "You are signed in. Choose a role to continue."),
)
_FOR_ANYBODY = (
    (
        *("search", "/tra-cuu-ho-so", ("Tra cứu hồ sơ", "Find a dossier")),
        (
            "Có mã hồ sơ trong thư hoặc phiếu tiếp nhận? Xem hồ sơ đã đến bước nào, không cần đăng nhập.",
            "Is there a code in your letter or on your receipt? See how far the dossier has come, without signing in.",
        ),
    ),
    (
        *("seal", "/xac-minh", ("Xác minh sổ, thẻ", "Verify a book or card")),
        (
            "Ai đó đưa bạn mã QR hoặc tệp? Kiểm tra trong vài giây xem có thật và còn giá trị.",
            "Did somebody show you a QR code or a file? Check in seconds whether it is genuine and in force.",
        ),
    ),
)
"""The big tasks: (icon, address, name, what it is for)."""


@lets_in(ANYBODY)
def start(request: HttpRequest) -> HttpResponse:
    """The bare address: three things to do, and where to go besides."""
    is_in = is_known(request)
    response = page(
        request,
        "portal/start.html",
        {
            "tasks": [
                {"icon": icon, "address": address, "name": in_words(name), "note": in_words(note), "is_first": place == 0}
                for place, (icon, address, name, note) in enumerate((_TO_GO_ON if is_in else _TO_BEGIN, *_FOR_ANYBODY))
            ],
            "others": [(address, in_words(words)) for address, words in _OTHERS],
        },
        title=in_words(("Bạn muốn làm gì?", "What would you like to do?")),
        frame=frame_of(request),
    )
    return private(response) if is_in else response


@lets_in(ANYBODY)
def dossier_search(request: HttpRequest) -> HttpResponse:
    """Where a code from a letter is typed. Without JavaScript too: the form comes back here and goes on to the dossier's address."""
    code = "".join(request.GET.get("ma", "").split()).upper()[:_MOST_CODE]  # WHY: copied with blanks, or typed in small letters
    if code:
        return HttpResponseRedirect(f"/ho-so/{quote(code, safe='')}")
    title = in_words(("Tra cứu hồ sơ bằng mã", "Find a dossier by its code"))
    is_empty = "ma" in request.GET
    return page(
        request,
        "portal/dossier_search.html",
        {"errors": [("ma", in_words(("Nhập mã hồ sơ", "Enter the dossier's code")))] if is_empty else [], "most": _MOST_CODE},
        title=title,
        frame=frame_of(request),
        status=422 if is_empty else 200,
        has_errors=is_empty,
    )


@lets_in(ANYBODY)
def sentences(request: HttpRequest) -> HttpResponse:
    """Every sentence of the catalogue under its code, where the `type` of a problem document leads."""
    return page(
        request,
        "portal/sentences.html",
        {"sentences": _sentences(spoken())},
        title=in_words(("Ý nghĩa của các mã lỗi", "What the error codes mean")),
        frame=frame_of(request),
    )


@cache
def _sentences(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, CATALOGUE[code].en if language == "en" else CATALOGUE[code].vi) for code in sorted(CATALOGUE))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address. The API answers with a problem document instead (its middleware)."""
    return failure(request, 404, frame=frame_of(request))


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read."""
    return failure(request, 400, frame=frame_of(request))


@lets_in(ANYBODY)
def completion(request: HttpRequest, code: str) -> HttpResponse:
    """The degree of completion of a dossier by its code, nothing else. Law: R-067."""
    try:
        facts = FACTS[get_dossier(code).state]
    except NotFound:
        facts = None
    context = {
        "code": code[:_MOST_CODE],
        "answer": in_words((facts.vi, facts.en)) if facts else "",
        "steps": steps_to(facts) if facts else [],
        "next": in_words(NEXT[facts.place]) if facts and facts.place else "",
    }
    title = in_words(("Hồ sơ đã đến bước nào", "Where a dossier stands"))
    return page(request, "portal/completion.html", context, title=title, frame=frame_of(request), status=200 if facts else 404)


@lets_in(ANYBODY)
def verification(request: HttpRequest, sha256: str) -> HttpResponse:
    """Whether a book or a conversion of this digest was issued here, and how it stands. Nothing names the holder."""
    side = partners().signing_in
    try:
        side.limits.check_verification(address_of(request, side))
    except TooMany as too_many:
        return failure(request, too_many.status, error=too_many, retry_after_s=too_many.retry_after_s, frame=frame_of(request))
    found = find_by_digest(sha256)
    if found is None and (conversion := find_standing(sha256)) is not None:
        return show_conversion(request, conversion, sha256=sha256)
    verdict = of_book(found.state, is_latest=found.is_latest) if found else UNKNOWN
    rows = [("Mã của sổ", "Code of the book", sha256[:64])]
    if found is None:
        answer = ("Không có sổ nào mang mã này", "No book has this code")
    elif found.state is not BookState.ACTIVE:
        vi, en = NAMES[found.state]
        answer = (f"Sổ này do cơ quan bảo hiểm xã hội cấp, nhưng hiện nay: {vi}", f"This book was issued here, but now it is: {en}")
    elif found.is_latest:
        answer = ("Sổ này do cơ quan bảo hiểm xã hội cấp và là bản mới nhất", "This book was issued here and is the latest")
    else:
        answer = ("Sổ này do cơ quan bảo hiểm xã hội cấp, nhưng đã có bản mới hơn", "This book was issued here; a newer one exists")
    if found is not None:
        rows += [("Phiên bản", "Version", str(found.version)), ("Ký lúc", "Sealed at", told(found.sealed_at))]
    return show(
        request,
        title=("Xác minh sổ bảo hiểm xã hội", "Verify a social insurance book"),
        verdict=verdict,
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
        links=(("/xac-minh", "Xác minh mã hoặc tệp khác", "Verify another code or file"),),
        status=200 if found else 404,
    )
