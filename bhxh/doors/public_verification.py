"""What anybody is told of a file put before us: whether it is genuine, and whether it still holds. Nothing of it is kept.

It answers from the file itself (`sealed_files.py`) and from how books and codes stand now; of the file it repeats no more than the number of a book.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bhxh.book.queries import find_by_digest
from bhxh.book.states import NAMES as STATES
from bhxh.book.states import BookState
from bhxh.book.verification import VerifiedBook
from bhxh.conversion.queries import find_standing
from bhxh.credentials.contents import NAMES as CODES
from bhxh.credentials.public_verification import check_code
from bhxh.credentials.status_lists import STATUS_WORDS, Standing, Status
from bhxh.doors.errors import FILE_TOO_LARGE, NOT_OURS
from bhxh.doors.pdf_attachments import MARK
from bhxh.doors.sealed_files import code_text, is_code, judge, original_of
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Invalid
from bhxh.own_data import verification as own_copies
from bhxh.signing.keysets import KeySet
from bhxh.signing.page_verification import is_sealed_to_its_end, may_be_sealed, verify_page
from bhxh.signing.trust import TrustList

MOST_BYTES: Final = 8 * 1024 * 1024  # LIMIT: a book of sixty years is some 600 kB as a PDF, a decision about 10,000 persons some 5 MB
_OF_BOOKS: Final = {
    Status.VALID: ("Sổ thật, còn giá trị và là bản mới nhất", "A genuine book, valid and the latest"),
    Status.REPLACED: ("Sổ thật, nhưng đã có bản mới hơn", "A genuine book, but a newer one exists"),
    Status.SUSPENDED: ("Sổ thật, nhưng đang tạm thu hồi", "A genuine book, but withdrawn for a time"),
    Status.WITHDRAWN: ("Sổ thật, nhưng không còn giá trị: {}", "A genuine book, but it no longer holds: {}"),
}
_NOT_HERE: Final = (
    "Chữ ký đúng, nhưng sổ không có trong hệ thống này: hỏi cơ quan bảo hiểm xã hội",
    "The seal holds, but the book is not in this system: ask the social insurance office",
)
_OF_CONVERSIONS: Final = {
    Status.VALID: ("Bản chuyển đổi thật, còn giá trị", "A genuine conversion, and it holds"),
    Status.WITHDRAWN: ("Bản chuyển đổi thật, nhưng đã bị thu hồi", "A genuine conversion, but withdrawn"),
}
_OTHER_PAGES: Final = (
    "Chứng nhận bên trong là thật, nhưng tệp này không phải tệp đã được chứng nhận: các trang có thể đã bị thay",
    "The certificate inside is genuine, but this is not the file that was certified: its pages may have been exchanged",
)
_OTHERS: Final = {
    "receipt": ("Phiếu tiếp nhận", "receipt"),
    "decision": ("Quyết định, kết quả giải quyết", "decision"),
    "extract": ("Bản trích quá trình tham gia", "extract of participation"),
    "consent receipt": ("Phiếu đồng ý", "consent receipt"),
    "disclosure": ("Dữ liệu đã cung cấp", "disclosed data"),
    "consent status": ("Xác nhận về sự đồng ý", "status of a consent"),
    "mandate": ("Giấy ủy quyền", "mandate"),
    "mandate revocation": ("Giấy chấm dứt ủy quyền", "revocation of a mandate"),
    "confirmation": ("Bản xác nhận thay chữ ký", "confirmation that stands for a signature"),
    "log head": ("Gốc nhật ký", "head of the log"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A genuine file."""

    kind: str
    sentence: tuple[str, str]
    standing: Standing | None
    """None where nothing is kept by which it could cease to hold, or where the installation does not know it."""
    holds: bool
    rows: tuple[tuple[str, str, str], ...]
    """Vietnamese label, English label, value."""
    sha256: str
    book: VerifiedBook | None = None


def check_announced(length: str, *, framing_bytes: int = 0) -> None:
    """By the header Content-Length, before a body is read. Raises Invalid API-042."""
    _check_size((int(length) if length.isascii() and length.isdigit() else 0) - framing_bytes)


def check_file(data: bytes, *, at: datetime, keys: KeySet, trust: TrustList, request_id: str) -> CheckedFile:
    """Judge a file: a PDF of ours with the seal on its pages, a sealed JSON file, or the text of a QR code.

    Raises: Invalid API-040 to API-042, SIG-117, SIG-118, or as whatever verifies that kind does; NotFound CRD-024.
    """
    _check_size(len(data))
    if data.startswith(own_copies.MARK):  # WHY: everything about a person in one archive is not for a public page
        raise Invalid(NOT_OURS, file="")
    original = original_of(data, "")
    judged = judge(original, "", keys, at=at)
    pages = [("Trang", "Pages", _of_pages(data, keys, trust, at))] if data.startswith(MARK) else []
    standing: Standing | None = None
    rows: list[tuple[str, str, str]] = []
    if is_code(original):
        checked = check_code(code_text(original), at=at, keys=keys, request_id=request_id)
        (vi, en), (of_vi, of_en) = STATUS_WORDS[checked.standing.status], CODES[checked.credential.kind]
        standing, sentence = checked.standing, (f"{of_vi}: {vi}", f"{of_en}: {en}")
    elif judged.book is not None:
        standing, sentence, rows = _of_book(judged.book)
    elif judged.kind == "conversion":
        standing, sentence = _of_conversion(judged.told["code"], data)
    else:
        vi, en = _OTHERS[judged.kind]
        sentence = (f"{vi}: tài liệu thật, chưa bị sửa từ lúc ký", f"A genuine {en}, unchanged since it was sealed")
    is_known = standing is not None or (judged.book is None and judged.kind != "conversion")
    return CheckedFile(
        kind=judged.kind,
        sentence=sentence,
        standing=standing,
        holds=is_known and (standing is None or standing.status is Status.VALID),
        rows=(*rows, *pages, ("Mã băm SHA-256", "Digest", judged.sha256), ("Khóa ký", "Sealing key", judged.kid)),
        sha256=judged.sha256,
        book=judged.book,
    )


def _check_size(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        raise Invalid(FILE_TOO_LARGE, most_mb=MOST_BYTES >> 20)


def _of_pages(data: bytes, keys: KeySet, trust: TrustList, at: datetime) -> str:
    """What is known of what the pages show. WHY nothing behind a seal is read: a stranger may have put anything there."""
    if may_be_sealed(data) and not is_sealed_to_its_end(data):
        return "có phần thêm vào sau khi niêm phong, không xét ở đây: bhxh verify · added to after they were sealed, not looked at here"
    found = verify_page(data, keys=keys, trust=trust, at=at)
    if found is None:
        return "không niêm phong, chỉ bản gốc bên trong được xác minh · not sealed, only the original inside is proven"
    when = shown(found.stamped_at) if found.stamped_at else "—"
    return f"niêm phong đúng, dấu thời gian {when} · the seal holds, time stamp {when}"


def _of_conversion(code: str, data: bytes) -> tuple[Standing | None, tuple[str, str]]:
    """WHY the whole file too: the certificate in a PDF says nothing of the pages around it."""
    found = find_standing(code)
    if found is None or (data.startswith(MARK) and find_standing(sha256_hex(data)) != found):
        return None, _OTHER_PAGES
    status = Status.VALID if found.withdrawn_at is None else Status.WITHDRAWN
    return Standing(status, ""), _OF_CONVERSIONS[status]


def _of_book(book: VerifiedBook) -> tuple[Standing | None, tuple[str, str], list[tuple[str, str, str]]]:
    rows = [
        ("Số sổ", "Book number", book.book_id),
        ("Phiên bản", "Version", str(book.version)),
        ("Ký lúc", "Sealed at", shown(book.issued_at)),
    ]
    present = find_by_digest(book.sha256)
    if present is None:
        return None, _NOT_HERE, rows
    if present.state is BookState.SUSPENDED:
        status = Status.SUSPENDED
    elif present.state is not BookState.ACTIVE:
        status = Status.WITHDRAWN
    else:
        status = Status.VALID if present.is_latest else Status.REPLACED
    vi, en = _OF_BOOKS[status]
    reason = present.state.value if status is Status.WITHDRAWN else ""
    return Standing(status, reason), (vi.format(STATES[present.state][0]), en.format(STATES[present.state][1])), rows
