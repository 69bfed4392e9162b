"""Pages that say no: what happened, and what to do now. One dress for 400 to 503."""

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.kernel.errors import BhxhError
from bhxh.web.headers import private
from bhxh.web.languages import in_words, spoken
from bhxh.web.pages import Frame, page

Pair = tuple[str, str]
_MINUTE_S: Final = 60
_START: Final = ("/", ("Trang đầu", "Start page"))
WORDS: Final[dict[int, tuple[Pair, Pair]]] = {
    400: (
        ("Không đọc được yêu cầu", "The request cannot be read"),
        (
            "Quay lại trang trước: những gì bạn nhập vẫn còn ở đó. Kiểm tra lại rồi thử lại.",
            "Go back to the page before: what you entered is still there. Check it and try again.",
        ),
    ),
    401: (
        ("Bạn chưa đăng nhập", "You are not signed in"),
        ("Đăng nhập để xem trang này.", "Sign in to see this page."),
    ),
    403: (
        ("Bạn không mở được trang này", "You cannot open this page"),
        ("Vai trò đang dùng không có quyền. Đổi vai trò hoặc quay lại.", "The role you are in may not. Change the role or go back."),
    ),
    404: (
        ("Không có trang này", "There is no such page"),
        ("Kiểm tra lại địa chỉ, hoặc bắt đầu từ trang đầu.", "Check the address, or begin at the start page."),
    ),
    405: (
        ("Trang này không nhận yêu cầu như vậy", "This page does not take such a request"),
        ("Quay lại trang trước và bấm nút ở đó.", "Go back to the page before and press its button."),
    ),
    409: (
        ("Chưa thực hiện được lúc này", "Not possible just now"),
        ("Có thay đổi trong lúc bạn làm. Tải lại trang và xem lại.", "Something changed meanwhile. Load the page again and look."),
    ),
    413: (
        ("Tệp quá lớn", "The file is too large"),
        (
            "Bấm Quay lại của trình duyệt: những gì bạn nhập vẫn còn ở đó. Chọn tệp nhỏ hơn hoặc chụp lại ở chế độ thường.",
            "Go back in the browser: what you entered is still there. Choose a smaller file, or take the picture again at normal quality.",
        ),
    ),
    422: (
        ("Có chỗ cần sửa", "Something has to be corrected"),
        ("Quay lại và sửa theo câu trên.", "Go back and correct it as said above."),
    ),
    429: (
        ("Quá nhiều yêu cầu cùng lúc", "Too many requests at once"),
        (
            "Đợi rồi tải lại trang. Những gì đã lưu vẫn còn, những gì đang nhập vẫn còn ở trang trước.",
            "Wait and load the page again. What was saved is still there, what was being entered is on the page before.",
        ),
    ),
    500: (
        ("Có lỗi ở phía chúng tôi", "Something went wrong on our side"),
        (
            "Những gì đã lưu vẫn còn. Thử lại sau ít phút; nếu vẫn lỗi, báo mã sự cố dưới đây.",
            "What was saved is still there. Try again in a few minutes; if it fails again, report the incident below.",
        ),
    ),
    502: (
        ("Hệ thống liên thông trả lời sai", "A connected system gave a wrong answer"),
        (
            "Không phải lỗi của bạn, và những gì đã lưu vẫn còn. Thử lại sau ít phút.",
            "It is not your fault, and what was saved is still there. Try again in a few minutes.",
        ),
    ),
    503: (
        ("Hệ thống đang gián đoạn", "The system is interrupted"),
        (
            "Không phải lỗi của bạn, và những gì đã lưu vẫn còn. Thử lại sau ít phút.",
            "It is not your fault, and what was saved is still there. Try again in a few minutes.",
        ),
    ),
}
"""Status -> (title, what to do)."""


def failure(
    request: HttpRequest,
    status: int,
    *,
    error: BhxhError | None = None,
    code: str = "",
    title: Pair | None = None,
    advice: Pair | None = None,
    said: Pair | None = None,
    rows: Sequence[tuple[str, str]] = (),
    links: Sequence[tuple[str, Pair]] = (_START,),
    retry_after_s: int | None = None,
    frame: Frame | None = None,
    is_notice: bool = False,
) -> HttpResponse:
    """The page for this status. `error`: its sentence is the answer and its code can be looked up; `said`, `code`: the same without one.

    `is_notice`: nothing went wrong and nobody did; it is only told.
    """
    known_title, known_advice = WORDS[status]
    words = error.text(spoken()) if error else in_words(said or ("", ""))
    context = {
        "words": words,
        "code": error.code if error else code,
        "advice": in_words(advice or known_advice),
        "wait": in_words(_wait(retry_after_s)) if retry_after_s else "",
        "rows": rows,
        "links": [(address, in_words(pair)) for address, pair in links],
        "status": status,
        "is_notice": is_notice,
    }
    response = page(request, "web/failure.html", context, title=in_words(title or known_title), status=status, frame=frame)
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    return private(response)


def _wait(seconds: int) -> Pair:
    if seconds < _MINUTE_S * 2:
        return f"Thử lại được sau {seconds} giây.", f"You can try again in {seconds} seconds."
    minutes = -(-seconds // _MINUTE_S)
    return f"Thử lại được sau {minutes} phút.", f"You can try again in {minutes} minutes."


def our_fault(request: HttpRequest) -> HttpResponse:
    """Says under which number to report it, and nothing of our insides."""
    incident = str(request.META.get("BHXH_REQUEST_ID", ""))[:8]
    return failure(request, 500, rows=[(in_words(("Mã sự cố", "Incident")), incident)])


def not_taken(request: HttpRequest, methods: Sequence[str]) -> HttpResponse:
    """The page takes other methods."""
    response = failure(request, 405)
    response["Allow"] = ", ".join(methods)
    return response
