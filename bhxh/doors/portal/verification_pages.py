"""Anybody verifies a QR code or a file of ours on a page: paste the text a scanner read, or drop the file. And the status lists."""

from django.http import HttpRequest, HttpResponse

from bhxh.access.errors import TooMany
from bhxh.credentials.contents import NAMES
from bhxh.credentials.public_verification import check_code
from bhxh.credentials.shares import Part, rows_of
from bhxh.credentials.status_lists import STATUS_WORDS, Status
from bhxh.credentials.status_queries import get_list
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.page import Button, Question, private, show
from bhxh.doors.public_verification import MOST_BYTES, check_announced, check_file
from bhxh.doors.sessions import address_of
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import NotFound, Refusal
from bhxh.kernel.who import ANYBODY
from bhxh.signing.cose_seals import MOST_CHARACTERS
from bhxh.web.failures import not_taken
from bhxh.web.languages import is_switch

_ADDRESS, _TEXT, _FILE, _DONE = "/xac-minh", "ma", "tep", "da-xac-minh"
_FORM_BYTES = 64 * 1024  # LIMIT: what the form is besides its file
_TITLE = ("Xác minh thẻ, sổ, giấy tờ bảo hiểm xã hội", "Verify a health card, a social insurance book or a letter")
_COMPARE = (
    "Mã chỉ chứng minh nội dung trên đây do cơ quan bảo hiểm xã hội cấp. So họ tên, ngày sinh với căn cước của người đưa mã.",
    "The code proves only that the authority issued the above. Compare name and birth day with the identity card of whoever shows it.",
)


def _form(typed: str = "", *, is_done: bool = False) -> Button:
    """`is_done`: something was verified; a change of language then verifies it again instead of asking anew."""
    return Button(
        action=_ADDRESS,
        vi="Xác minh",
        en="Verify",
        fields={_DONE: "1"} if is_done else {},
        questions=(
            Question(
                name=_TEXT,
                vi="Nội dung mã QR (bắt đầu bằng VNB1:)",
                en="Text of the QR code (begins with VNB1:)",
                most=MOST_CHARACTERS,
                value=typed,
            ),
            Question(
                name=_FILE,
                vi=f"Hoặc chọn, kéo thả tệp do cơ quan cấp: .pdf, .json (đến {MOST_BYTES >> 20} MB)",
                en=f"Or choose or drop a file issued by the authority: .pdf, .json (up to {MOST_BYTES >> 20} MB)",
                is_file=True,
            ),
        ),
    )


@lets_in(ANYBODY, proof="the sealed code or file itself")
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing that is sent is kept; the holder of a code sees that it was verified."""
    if request.method == "GET":
        return _asked(request)
    if request.method != "POST":
        return not_taken(request, ("GET", "POST"))
    side = partners().signing_in
    try:
        side.limits.check_verification(address_of(request, side))
        # WHY before the form is read: a file that comes with it is else spooled to the disk.
        check_announced(request.META.get("CONTENT_LENGTH", ""), framing_bytes=_FORM_BYTES)
        if is_switch(request) and not (request.POST.get(_TEXT) and _DONE in request.POST):
            return private(_asked(request))
        file, request_id = request.FILES.get(_FILE), str(request.META["BHXH_REQUEST_ID"])
        return private(_file(request, file.read(MOST_BYTES + 1), request_id) if file else _code(request, request_id))
    except Refusal as refusal:
        response = show(
            request,
            title=_TITLE,
            answer=(refusal.text("vi"), refusal.text("en")),
            is_good=False,
            rows=[("Mã", "Code", refusal.code)],
            note=("Đừng dùng bản này nếu không xác minh được.", "Do not rely on what cannot be verified."),
            buttons=(_form(),),
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
            request,
            title=("Không có danh sách này", "There is no such list"),
            answer=(refusal.text("vi"), refusal.text("en")),
            is_good=False,
            note=("Kiểm tra lại địa chỉ.", "Check the address."),
            status=404,
        )
    response["Cache-Control"] = "public, max-age=300"
    return response


def _asked(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get(_TEXT, "")[:MOST_CHARACTERS] if is_switch(request) else ""
    return show(
        request,
        title=_TITLE,
        note=("Nội dung gửi lên không được lưu lại.", "Nothing that is sent is kept."),
        buttons=(_form(typed),),
    )


def _code(request: HttpRequest, request_id: str) -> HttpResponse:
    text = "".join(request.POST.get(_TEXT, "").splitlines())
    checked = check_code(text, at=now(), keys=partners().keys.key_set(), request_id=request_id)
    vi, en = STATUS_WORDS[checked.standing.status]
    kind_vi, kind_en = NAMES[checked.credential.kind]
    return show(
        request,
        title=_TITLE,
        is_good=checked.standing.status is Status.VALID,
        answer=(f"{kind_vi}: {vi}", f"{kind_en}: {en}"),
        rows=[
            *rows_of(checked.credential.content, list(Part)),
            ("Cấp lúc", "Issued at", shown(checked.credential.issued_at)),
            ("Hết hạn lúc", "Expires at", shown(checked.credential.expires_at)),
        ],
        note=_COMPARE,
        buttons=(_form(text, is_done=True),),
    )


def _file(request: HttpRequest, data: bytes, request_id: str) -> HttpResponse:
    known = partners()
    checked = check_file(data, at=now(), keys=known.keys.key_set(), trust=known.trust(), request_id=request_id)
    return show(
        request,
        title=_TITLE,
        is_good=checked.holds,
        answer=checked.sentence,
        rows=checked.rows,
        note=(
            "Chữ ký đúng: bản gốc không bị sửa. Bản gốc của tệp PDF là tệp đính kèm bên trong; những gì các trang PDF hiển thị không được so.",
            "The seal holds: the original was not changed. Of a PDF it is the file attached inside; what the pages show is not compared.",
        ),
        buttons=(_form(),),
    )
