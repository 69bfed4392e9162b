"""Anybody verifies a QR code or a file of ours on a page: type or scan the code, or drop the file. And the status lists."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from django.http import HttpRequest, HttpResponse

from bhxh.access.errors import TooMany
from bhxh.credentials.contents import NAMES
from bhxh.credentials.public_verification import check_code
from bhxh.credentials.shares import Part, rows_of
from bhxh.credentials.status_lists import STATUS_WORDS
from bhxh.credentials.status_queries import get_list
from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.page import error_code, frame_of, private, rows_in_words, show
from bhxh.doors.portal.verdicts import GENUINE, NOT_PROVEN, OF_STATUS, Verdict, of_refusal
from bhxh.doors.public_verification import MOST_BYTES, check_announced, check_file
from bhxh.doors.sessions import address_of
from bhxh.doors.signed_in_page import see_other
from bhxh.kernel.clock import now
from bhxh.kernel.errors import NotFound, Refusal
from bhxh.kernel.who import ANYBODY
from bhxh.signing.cose_seals import MOST_CHARACTERS
from bhxh.web.failures import failure, not_taken
from bhxh.web.languages import in_words, is_switch
from bhxh.web.moments import told
from bhxh.web.pages import page

_TEXT, _FILE, _DONE = "ma", "tep", "da-xac-minh"
_FORM_BYTES = 64 * 1024  # LIMIT: what the form is besides its file
_TITLE = ("Xác minh sổ, thẻ, giấy tờ", "Verify a book, a card or a letter")
_ACT = ("Xác minh", "Verify")
"""WHY not in the template: one catalogue serves all parts, and elsewhere the same word heads a column."""
_SEALED: Final = "VNB1:"
_NUMBER_ON_PAPER = re.compile(r"SBH(-[0-9A-Z]{4,5}){3}|[A-Z]{2}[0-9]{13}", re.IGNORECASE)
_PLAIN_CODE = re.compile(r"[0-9A-Za-z._-]{8,100}")
_ADDRESSES = re.compile(r"/(xac-minh|chia-se)/([0-9A-Za-z._~-]{8,100})")
_COMPARE = (
    "Mã chỉ chứng minh nội dung trên đây do cơ quan bảo hiểm xã hội cấp. So họ tên, ngày sinh với căn cước của người đưa mã.",
    "The code proves only that the authority issued the above. Compare name and birth day with the identity card of whoever shows it.",
)
_NO_CODE = (
    "Đây không phải mã của cơ quan bảo hiểm xã hội. Mã QR bắt đầu bằng VNB1:, mã in trên giấy chỉ có chữ và số",
    "This is no code of the social insurance office. QR codes begin with VNB1:, codes printed on paper are letters and digits only",
)
_ONLY_A_NUMBER = (
    "Đây là số của sổ hoặc thẻ, không phải mã xác minh. Quét mã QR trên đó, hoặc chọn tệp PDF của sổ",
    "This is the number of a book or card, no code that proves anything. Scan the QR code on it, or choose the PDF of the book",
)
_DO_NOT_RELY = (
    "Đừng dùng bản này nếu không xác minh được. Bạn có thể quét lại, hoặc xin người đưa mã mở mã mới.",
    "Do not rely on what cannot be verified. Scan again, or ask whoever showed it for a new code.",
)
_TYPE_SOMETHING = ("Nhập mã, quét mã hoặc chọn tệp", "Enter a code, scan one or choose a file")


@dataclass(frozen=True, slots=True)
class _Found:
    """What is said of something that was put before us."""

    verdict: Verdict
    words: tuple[str, str]
    rows: tuple[tuple[str, str, str], ...]
    note: tuple[str, str]


@lets_in(ANYBODY, proof="the sealed code or file itself")
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing that is sent is kept; the holder of a code sees that it was verified."""
    if request.method in {"GET", "HEAD"}:
        return _shown(request)
    if request.method != "POST":
        return not_taken(request, ("GET", "HEAD", "POST"))
    side = partners().signing_in
    try:
        side.limits.check_verification(address_of(request, side))
        # WHY before the form is read: a file that comes with it is else spooled to the disk.
        check_announced(request.META.get("CONTENT_LENGTH", ""), framing_bytes=_FORM_BYTES)
    except TooMany as too_many:
        return failure(request, too_many.status, error=too_many, retry_after_s=too_many.retry_after_s, frame=frame_of(request))
    except Refusal as refusal:
        return private(_not_proven(request, refusal, typed=""))
    typed = request.POST.get(_TEXT, "")[: MOST_CHARACTERS + 1]
    if is_switch(request) and not (typed and _DONE in request.POST):
        return private(_shown(request, typed=typed))
    file, text = request.FILES.get(_FILE), "".join(typed.splitlines())  # WHY not all blanks: a sealed code may hold some
    if file is None and not text.strip():
        return private(_shown(request, error=in_words(_TYPE_SOMETHING)))
    if file is None and _NUMBER_ON_PAPER.fullmatch("".join(text.split())):
        return private(_shown(request, typed=typed, error=in_words(_ONLY_A_NUMBER)))
    if file is None and (address := _address_in(text.strip())):
        return private(see_other(address))
    if file is None and not text.startswith(_SEALED):
        return private(_shown(request, _Found(NOT_PROVEN, _NO_CODE, (), _DO_NOT_RELY), typed=typed, status=422))
    request_id = str(request.META["BHXH_REQUEST_ID"])
    try:
        found = _file(file.read(MOST_BYTES + 1), request_id) if file else _code(text, request_id)
    except Refusal as refusal:
        return private(_not_proven(request, refusal, typed=typed))
    return private(_shown(request, found, typed="" if file else text))


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


def _shown(request: HttpRequest, found: _Found | None = None, *, typed: str = "", error: str = "", status: int = 200) -> HttpResponse:
    """The form, below what was found. `typed` comes back, also where nothing could be proven."""
    context = {
        "found": found
        and {"kind": found.verdict.kind, "word": found.verdict.word, "words": in_words(found.words), "note": in_words(found.note)},
        "rows": rows_in_words(found.rows) if found else [],
        "typed": typed,
        "act": in_words(_ACT),
        "most": MOST_CHARACTERS,
        "most_mb": MOST_BYTES >> 20,
        "is_done": found is not None and bool(typed),
        "errors": [(_TEXT, error)] if error else [],
    }
    return page(
        request,
        "portal/verify.html",
        context,
        title=in_words(_TITLE),
        frame=frame_of(request),
        status=422 if error else status,
        with_camera=True,
        has_errors=bool(error),
        has_form=True,
    )


def _not_proven(request: HttpRequest, refusal: Refusal, *, typed: str) -> HttpResponse:
    found = _Found(
        of_refusal(refusal),
        (refusal.text("vi"), refusal.text("en")),
        (error_code(refusal),),
        _DO_NOT_RELY,
    )
    return _shown(request, found, typed=typed, status=refusal.status)


def _address_in(text: str) -> str:
    """Where a code that is not sealed itself, or the address of a printed QR code, is looked up; empty where the text is something else."""
    if text.startswith(_SEALED):
        return ""
    if _PLAIN_CODE.fullmatch(text):
        return f"/xac-minh/{quote(text, safe='')}"
    # WHY only the path: an address of another site that looks like ours is looked up here, and nobody is sent there.
    try:
        found = _ADDRESSES.fullmatch(urlsplit(text).path)
    except ValueError:
        return ""
    return found.group(0) if found else ""


def _code(text: str, request_id: str) -> _Found:
    checked = check_code(text, at=now(), keys=partners().keys.key_set(), request_id=request_id)
    (vi, en), (kind_vi, kind_en) = STATUS_WORDS[checked.standing.status], NAMES[checked.credential.kind]
    return _Found(
        OF_STATUS[checked.standing.status],
        (f"{kind_vi}: {vi}", f"{kind_en}: {en}"),
        (
            *rows_of(checked.credential.content, list(Part)),
            ("Cấp lúc", "Issued at", told(checked.credential.issued_at)),
            ("Hết hạn lúc", "Expires at", told(checked.credential.expires_at)),
        ),
        _COMPARE,
    )


def _file(data: bytes, request_id: str) -> _Found:
    known = partners()
    checked = check_file(data, at=now(), keys=known.keys.key_set(), trust=known.trust(), request_id=request_id)
    return _Found(
        OF_STATUS[checked.standing.status] if checked.standing else GENUINE if checked.holds else NOT_PROVEN,
        checked.sentence,
        checked.rows,
        (
            "Chữ ký đúng: bản gốc không bị sửa. Bản gốc của tệp PDF là tệp đính kèm bên trong; những gì các trang PDF hiển thị không được so.",
            "The seal holds: the original was not changed. Of a PDF it is the file attached inside; what the pages show is not compared.",
        ),
    )
