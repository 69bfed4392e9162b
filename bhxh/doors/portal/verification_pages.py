"""Anybody verifies a QR code or a sealed book on a page: paste the text a scanner read, or choose the file. And the status lists."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotAllowed

from bhxh.access.errors import TooMany
from bhxh.book.states import NAMES as STATES
from bhxh.book.states import BookState
from bhxh.credentials.contents import NAMES
from bhxh.credentials.public_verification import MOST_BYTES, check_book, check_code
from bhxh.credentials.shares import Part, rows_of
from bhxh.credentials.status_lists import STATUS_WORDS, Status
from bhxh.credentials.status_queries import get_list
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.page import Button, Question, private, show
from bhxh.doors.sessions import address_of
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import NotFound, Refusal
from bhxh.kernel.who import ANYBODY
from bhxh.signing.cose_seals import MOST_CHARACTERS

_ADDRESS, _TEXT, _FILE = "/xac-minh", "ma", "tep"
_TITLE = ("Xác minh thẻ, sổ bảo hiểm xã hội", "Verify a health card or a social insurance book")
_FORM = Button(
    action=_ADDRESS,
    vi="Xác minh",
    en="Verify",
    questions=(
        Question(name=_TEXT, vi="Nội dung mã QR (bắt đầu bằng VNB1:)", en="Text of the QR code (begins with VNB1:)", most=MOST_CHARACTERS),
        Question(
            name=_FILE, vi="Hoặc tệp so-bhxh.json đính kèm trong bản PDF", en="Or the file so-bhxh.json attached to the PDF", is_file=True
        ),
    ),
)
_COMPARE = (
    "Mã chỉ chứng minh nội dung trên đây do cơ quan bảo hiểm xã hội cấp. So họ tên, ngày sinh với căn cước của người đưa mã.",
    "The code proves only that the authority issued the above. Compare name and birth day with the identity card of whoever shows it.",
)


@lets_in(ANYBODY, proof="the sealed code or file itself")
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing that is sent is kept; the holder of a code sees that it was verified."""
    if request.method == "GET":
        return show(
            title=_TITLE,
            note=("Nội dung gửi lên không được lưu lại.", "Nothing that is sent is kept."),
            buttons=(_FORM,),
        )
    if request.method != "POST":
        return HttpResponseNotAllowed(("GET", "POST"))
    side = partners().signing_in
    try:
        side.limits.check_verification(address_of(request, side))
        file = request.FILES.get(_FILE)
        return private(_book(file.read(MOST_BYTES + 1)[:MOST_BYTES]) if file is not None else _code(request))
    except Refusal as refusal:
        response = show(
            title=_TITLE,
            answer=(refusal.text("vi"), refusal.text("en")),
            is_good=False,
            rows=[("Mã", "Code", refusal.code)],
            note=("Đừng dùng bản này nếu không xác minh được.", "Do not rely on what cannot be verified."),
            buttons=(_FORM,),
            status=refusal.status,
        )
        if isinstance(refusal, TooMany):
            response["Retry-After"] = str(refusal.retry_after_s)
        return private(response)


@lets_in(ANYBODY)
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list of that number, as flattened JWS: for programs. It names nobody and is fetched whole."""
    try:
        response = HttpResponse(get_list(number), content_type="application/jose+json")
    except NotFound as refusal:
        return show(
            title=("Không có danh sách này", "There is no such list"),
            answer=(refusal.text("vi"), refusal.text("en")),
            is_good=False,
            note=("Kiểm tra lại địa chỉ.", "Check the address."),
            status=404,
        )
    response["Cache-Control"] = "public, max-age=300"
    return response


def _code(request: HttpRequest) -> HttpResponse:
    text = "".join(request.POST.get(_TEXT, "").splitlines())
    checked = check_code(text, at=now(), keys=partners().keys.key_set(), request_id=str(request.META["BHXH_REQUEST_ID"]))
    vi, en = STATUS_WORDS[checked.standing.status]
    kind_vi, kind_en = NAMES[checked.credential.kind]
    return show(
        title=_TITLE,
        is_good=checked.standing.status is Status.VALID,
        answer=(f"{kind_vi}: {vi}", f"{kind_en}: {en}"),
        rows=[
            *rows_of(checked.credential.content, list(Part)),
            ("Cấp lúc", "Issued at", shown(checked.credential.issued_at)),
            ("Hết hạn lúc", "Expires at", shown(checked.credential.expires_at)),
        ],
        note=_COMPARE,
        buttons=(_FORM,),
    )


def _book(data: bytes) -> HttpResponse:
    checked = check_book(data, keys=partners().keys.key_set())
    present = checked.present
    state = present.state if present else checked.book.state
    is_latest = present is not None and present.is_latest
    newer = ("", "") if is_latest else (", đã có bản mới hơn", ", a newer one exists")
    return show(
        title=_TITLE,
        is_good=is_latest and state is BookState.ACTIVE,
        answer=(f"Sổ thật, {STATES[state][0]}{newer[0]}", f"A genuine book: {STATES[state][1]}{newer[1]}"),
        rows=[
            ("Số sổ", "Book number", checked.book.book_id),
            ("Phiên bản", "Version", str(checked.book.version)),
            ("Ký lúc", "Sealed at", shown(checked.book.issued_at)),
        ],
        note=(
            "Chữ ký đúng: nội dung của tệp không bị sửa. Trang này không hiển thị nội dung sổ.",
            "The seal holds: the file was not changed. This page does not show what the book says.",
        ),
        buttons=(_FORM,),
    )
