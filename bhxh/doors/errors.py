"""Sentences of all doors."""

from typing import Final

from bhxh.kernel.errors import Refusal, Sentence, Trouble, define


class Busy(Trouble):
    """Not now, but soon: come again with the same request."""

    status = 503

    def __init__(self, sentence: Sentence, *, where: str = "", retry_after_s: int = 20, **parameters: object) -> None:
        super().__init__(sentence, where=where, **parameters)
        self.retry_after_s = retry_after_s

    def text(self, language: str = "vi") -> str:
        """As people read it on pages: programs are told by `sentence`, which speaks of a header."""
        said = _ON_PAGES.get(self.code)
        return super().text(language) if said is None else Trouble(said, where=self.where, **self.parameters).text(language)


class TooLarge(Refusal):
    """More bytes than a door reads."""

    status = 413


UPLOAD_TOO_LARGE = define(
    "API-004",
    "Tệp nặng hơn {limit_mib} MB. Chia danh sách thành nhiều tệp rồi gửi lại.",
    "The file is larger than {limit_mib} MB. Split the list into several files and send them again.",
)
NOT_A_CERTIFICATE = define(
    "API-007",
    "Tệp chứng thư không đọc được. Gửi chứng thư chữ ký số của đơn vị ở dạng PEM hoặc DER.",
    "The certificate file cannot be read. Send the unit's signing certificate as PEM or DER.",
)
LISTS_BUSY = define(
    "API-020",
    "Đang xử lý các danh sách lớn khác. Chưa có gì được nhận hay lưu; gửi lại đúng yêu cầu này sau {seconds} giây với cùng Idempotency-Key.",
    "Other long lists are being worked on. Nothing was taken or saved; send this very request again in {seconds} seconds with the same"
    " Idempotency-Key.",
)
LISTS_LOST = define(
    "API-021",
    "Việc xử lý danh sách bị gián đoạn. Gửi lại đúng yêu cầu này sau {seconds} giây với cùng Idempotency-Key; hồ sơ đã nhận sẽ trả về phiếu cũ.",
    "Work on the list was interrupted. Send this very request again in {seconds} seconds with the same Idempotency-Key; what was filed gives"
    " its first receipt.",
)
LISTS_BUSY_HERE = define(
    "API-023",
    "Hệ thống đang xử lý các danh sách lớn khác. Chưa có gì được nhận hay lưu. Quay lại trang trước và gửi lại sau {seconds} giây.",
    "Other long lists are being worked on. Nothing was taken or saved. Go back to the page before and send it again in {seconds} seconds.",
)
LISTS_LOST_HERE = define(
    "API-024",
    "Việc xử lý danh sách bị gián đoạn. Quay lại trang trước và gửi lại sau {seconds} giây; hồ sơ đã nhận không bị nhận hai lần.",
    "Work on the list was interrupted. Go back to the page before and send it again in {seconds} seconds; what was filed is not filed twice.",
)
_ON_PAGES: Final = {LISTS_BUSY.code: LISTS_BUSY_HERE, LISTS_LOST.code: LISTS_LOST_HERE}
OTHERS_FORM = define(
    "API-022",
    "Những gì nhập trên trang này là của một tài khoản khác. Không có gì được gửi. Đóng thẻ này, hoặc mở lại trang để nhập của bạn.",
    "What was entered on this page is another account's. Nothing was sent. Close this tab, or open the page again and enter your own.",
)
NOT_OURS = define(
    "API-040",
    "Tệp {file} không phải là tài liệu đã ký của hệ thống này.",
    "The file {file} is not a sealed document of this system.",
)
NOTHING_ATTACHED = define(
    "API-041",
    "Tệp PDF {file} không mang theo đúng một bản gốc đã ký, nên không kiểm tra được. Xin tệp PDF do hệ thống này cấp hoặc tệp .json.",
    "The PDF {file} does not carry exactly one sealed original, so it cannot be verified. Ask for the PDF as issued here, or for the .json file.",
)
FILE_TOO_LARGE = define(
    "API-042",
    "Tệp lớn hơn {most_mb} MB nên không kiểm tra ở đây. Dùng lệnh “bhxh verify” trên máy của bạn.",
    "The file is larger than {most_mb} MB and is not verified here. Use “bhxh verify” on your own machine.",
)
NO_DOCUMENT = define(
    "API-016",
    "Hồ sơ không có giấy tờ này. Xem danh sách giấy tờ của hồ sơ.",
    "The dossier has no such document. See the list of its documents.",
)
NO_COUNTER_PERSON = define(
    "API-030",
    "Không nộp hộ được cho người này: không có trong Cơ sở dữ liệu của cơ quan này, do cơ quan khác quản lý, hoặc đã mất.",
    "Nothing can be filed for this person: not in this installation's database, kept by another custodian, or no longer alive.",
)
