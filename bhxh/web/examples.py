"""Every component with an example, in both languages: the live page shows them, tests measure them. People and numbers are invented."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from bhxh.web.charts import Column, columns_chart, months_chart
from bhxh.web.languages import in_words
from bhxh.web.qr import qr_of

COLOURS = (("ink", "#00303d"), ("brand", "#005a70"), ("gold", "#f6b73c"), ("tint", "#eaf4f5"), ("error", "#b3121d"), ("success", "#0a6b43"))
"""The main ones of `assets/scss/_tokens.scss`, where they are changed."""


class Words(NamedTuple):
    """A text of an example."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Example:
    """One component with one set of what it is given."""

    name: str
    title: tuple[str, str]
    given: dict[str, Any]

    @property
    def shown(self) -> SafeString:
        """In the language that is spoken."""
        return render_to_string(f"web/components/{self.name}.html", _in_words(self.given))


def _in_words(value: Any) -> Any:
    if isinstance(value, Words):
        return in_words(value)
    if isinstance(value, dict):
        return {key: _in_words(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_in_words(one) for one in value]
    return value


_NAME, _BORN = Words("Họ và tên", "Full name"), Words("Ngày sinh", "Date of birth")
_ROWS = [[_NAME, "Nguyễn Thị Minh Hạnh"], [Words("Số định danh", "Personal number"), "079 188 000 123"], [_BORN, "12/03/1988"]]
_SEE = Words("Xem thủ tục", "See procedures")
_STEPS = [
    {"kind": "done", "name": Words("Đã nhận", "Received"), "note": "08:15 21/11/2026"},
    {"kind": "done", "name": Words("Đã kiểm tra với dân cư", "Checked with the population register"), "note": "08:15 21/11/2026"},
    {
        "kind": "here",
        "name": Words("Cán bộ đang xem", "An officer is looking"),
        "note": Words("Trả lời muộn nhất 17:00 ngày 25/11/2026", "Answer at the latest 17:00 on 25/11/2026"),
    },
    {"kind": "next", "name": Words("Trả kết quả", "Result"), "note": Words("Vào hộp thư và kho của bạn", "Into your inbox and documents")},
]
_TABLE = {
    "caption": Words("Các giai đoạn đóng", "Contribution periods"),
    "heads": [
        {"words": Words("Từ – đến", "From – to")},
        {"words": Words("Nơi làm việc", "Workplace")},
        {"words": Words("Tiền lương (đồng)", "Wage (VND)"), "is_number": True},
    ],
    "rows": [
        ["04/2020 – 10/2026", "Công ty CP Thực phẩm Sông Lam", "14.500.000"],
        ["07/2015 – 03/2020", "Công ty CP Dệt may Bến Thuyền", "9.800.000"],
    ],
}
_CARD = {
    "name": "Nguyễn Thị Minh Hạnh",
    "code": "79188 00012",
    "state": Words("Còn hiệu lực", "Valid"),
    "state_kind": "ok",
    "facts": [
        [_BORN, "12/03/1988", ""],
        [Words("Có giá trị từ", "Valid from"), "01/01/2026", ""],
        [Words("Nơi khám ban đầu", "First facility"), "Trạm y tế phường Bến Thuyền", "is-wide"],
    ],
    "qr": qr_of("https://bhxh.example/xac-minh/0123456789abcdef"),
}
_BOOK = {
    "name": "Nguyễn Thị Minh Hạnh",
    "state": Words("Đang dùng", "In force"),
    "state_kind": "ok",
    "facts": [
        [Words("Mã số bảo hiểm xã hội", "Social insurance code"), "7918 800 0123", ""],
        [_BORN, "12/03/1988", ""],
        [Words("Số sổ", "Book number"), "mof-1234567", "is-wide"],
    ],
    "qr": qr_of("https://bhxh.example/xac-minh/0123456789abcdef"),
    "seal": Words(
        "Đã ký số, có giá trị như sổ giấy. Bản 3, ký 08:15 ngày 21/11/2026.", "Sealed; as valid as paper. Version 3, 08:15 on 21/11/2026."
    ),
}
_FIELD = {
    "name": "stk",
    "label": Words("Số tài khoản ngân hàng", "Bank account number"),
    "hint": Words("Ví dụ 0071000123456", "For example 0071000123456"),
}
_NUMBER = {"is_number": True, "width": "20"}


def all_examples() -> tuple[Example, ...]:
    """In the order in which a page is usually built."""
    return (
        Example("book_cover", ("Bìa sổ", "Book cover"), _BOOK),
        Example("health_card", ("Thẻ bảo hiểm y tế", "Health card"), _CARD),
        Example(
            "number_tile",
            ("Ô số liệu", "Number tile"),
            {
                "name": Words("Bảo hiểm xã hội", "Social insurance"),
                "value": Words("14 năm 3 tháng", "14 years 3 months"),
                "note": Words("đã đóng, tính đến hết 10/2026", "paid up to 10/2026"),
            },
        ),
        Example(
            "months_chart", ("Biểu đồ tháng", "Months per year"), {"chart": months_chart({2019: 9, 2020: 12, 2021: 12, 2022: 4, 2023: 12})}
        ),
        Example("table", ("Bảng, thành thẻ trên điện thoại", "Table; cards on a phone"), _TABLE),
        Example("timeline", ("Dòng thời gian", "Timeline"), {"steps": _STEPS}),
        Example(
            "result",
            ("Kết quả xác minh", "Verification result"),
            {"kind": "yes", "word": Words("Hợp lệ", "Valid"), "words": Words("Sổ thật và là bản mới nhất", "A genuine book, the latest")},
        ),
        *(
            Example("result", title, {"kind": kind, "word": Words(*title), "words": words})
            for kind, title, words in (
                ("old", ("Đã có bản mới hơn", "A newer one exists"), Words("Sổ thật, nhưng là bản cũ", "Genuine, but not the latest")),
                ("wait", ("Tạm dừng", "Suspended"), Words("Sổ thật, đang tạm dừng", "Genuine, withdrawn for a time")),
                ("no", ("Đã thu hồi", "Withdrawn"), Words("Sổ không còn giá trị", "The book does not hold any more")),
                ("none", ("Không tìm thấy", "Not found"), Words("Không có sổ mang mã này", "No book has this code")),
            )
        ),
        Example(
            "tasks",
            ("Việc lớn", "Big tasks"),
            {
                "tasks": [
                    {
                        "icon": "book",
                        "address": "#tasks",
                        "name": Words("Xem sổ", "See the book"),
                        "note": Words("Sau khi đăng nhập", "After signing in"),
                        "is_first": True,
                    },
                    {
                        "icon": "search",
                        "address": "#tasks",
                        "name": Words("Tra cứu hồ sơ", "Find a dossier"),
                        "note": Words("Bằng mã", "By its code"),
                    },
                ]
            },
        ),
        Example(
            "task_list",
            ("Danh sách việc", "Task list"),
            {
                "tasks": [
                    {
                        "id": "t1",
                        "address": "#task_list",
                        "name": Words("Thông tin cá nhân", "Personal details"),
                        "state": Words("Đã xong", "Completed"),
                    },
                    {
                        "id": "t2",
                        "address": "#task_list",
                        "name": Words("Cách nhận tiền", "How to be paid"),
                        "state": Words("Chưa làm", "Not yet started"),
                        "kind": "info",
                    },
                    {"id": "t3", "name": Words("Kiểm tra lại", "Check answers"), "state": Words("Chưa thể bắt đầu", "Cannot start yet")},
                ]
            },
        ),
        Example(
            "summary_card",
            ("Thẻ tóm tắt", "Summary card"),
            {"title": Words("Người hưởng", "Beneficiary"), "rows": _ROWS, "address": "#summary_card", "act": Words("Sửa", "Change")},
        ),
        Example("summary_list", ("Danh sách tóm tắt", "Summary list"), {"rows": _ROWS}),
        Example("tag", ("Nhãn", "Tag"), {"kind": "ok", "words": Words("Khớp dân cư", "Matches the register")}),
        Example("time_left", ("Thời gian còn lại", "Time left"), {"kind": "wait", "words": Words("Còn 22 phút", "22 minutes left")}),
        Example(
            "source",
            ("Nguồn dữ liệu", "Where it comes from"),
            {"words": Words("Cơ sở dữ liệu dân cư, 08:15 ngày 21/11/2026", "Population register, 08:15 on 21/11/2026")},
        ),
        Example("text_field", ("Ô nhập", "Text field"), {**_FIELD, **_NUMBER}),
        Example(
            "text_field",
            ("Ô nhập số tiền, không bắt buộc", "Amount, optional"),
            {
                "name": "tien",
                "label": Words("Tiền lương", "Wage"),
                "hint": Words("Ví dụ 14.500.000", "For example 14,500,000"),
                "suffix": Words("đồng", "VND"),
                "is_number": True,
                "width": "10",
                "is_optional": True,
            },
        ),
        Example(
            "search_field",
            ("Ô tìm rồi chọn", "Search, then choose"),
            {
                "name": "xa",
                "box": "xa-tim",
                "shown_for": "xa-da-tim",
                "label": Words("Phường, xã", "Commune"),
                "hint": Words("Ví dụ: ba dinh", "For example: ba dinh"),
                "text": "ba dinh",
                "said": Words("Tìm thấy 2 nơi. Chọn một nơi:", "2 found. Choose one:"),
                "entries": [
                    {"value": "00004", "words": "Phường Ba Đình", "hint": "Thành phố Hà Nội", "is_chosen": True},
                    {"value": "14797", "words": "Xã Ba Đình", "hint": "Tỉnh Thanh Hóa"},
                ],
            },
        ),
        Example(
            "text_area",
            ("Ô nhập dài, có lỗi", "Text area with an error"),
            {
                "name": "noi-dung",
                "label": Words("Nội dung sai", "What is wrong"),
                "error": Words("Ghi điều bạn thấy sai", "Write what is wrong"),
                "rows": 3,
            },
        ),
        Example(
            "date_field",
            ("Ngày", "Date"),
            {
                "name": "ngay",
                "label": Words("Ngày con sinh", "The child's birthday"),
                "hint": Words("Ví dụ 2 11 2026", "For example 2 11 2026"),
                "parts": [["d", Words("Ngày", "Day"), 2, ""], ["m", Words("Tháng", "Month"), 2, ""], ["y", Words("Năm", "Year"), 4, ""]],
            },
        ),
        Example(
            "choices",
            ("Lựa chọn", "Choices"),
            {
                "name": "cach",
                "label": Words("Bạn muốn nhận tiền bằng cách nào?", "How do you want to be paid?"),
                "choices": [
                    {"value": "1", "words": Words("Chuyển vào tài khoản", "Into a bank account"), "is_chosen": True},
                    {"value": "2", "words": Words("Tiền mặt tại bưu điện", "Cash at the post office")},
                ],
            },
        ),
        Example(
            "metric",
            ("Số đo có định nghĩa", "Number with its definition"),
            {
                "name": Words("Phiếu tiếp nhận trong 2 giờ, hôm nay", "Receipts within 2 hours, today"),
                "value": "99,8 %",
                "meaning": Words("Trong số phiếu đã gửi hoặc đã quá 2 giờ.", "Of those that left or are past two hours."),
                "kind": "ok",
                "address": "#metric",
            },
        ),
        Example(
            "columns_chart",
            ("Biểu đồ cột có bảng", "Column chart with its table"),
            {
                "title": Words("Hồ sơ chờ, theo tuổi", "Waiting dossiers by age"),
                "of": Words("Tuổi", "Age"),
                "head": Words("Số hồ sơ", "Dossiers"),
                "chart": columns_chart([Column("0", 12, "12"), Column("1–2", 30, "30"), Column("3–6", 7, "7")]),
            },
        ),
        Example(
            "select_field",
            ("Danh sách chọn", "Select"),
            {
                "name": "tinh",
                "label": Words("Tỉnh, thành phố", "Province or city"),
                "choices": [{"value": "01", "words": "Hà Nội"}, {"value": "79", "words": "Thành phố Hồ Chí Minh", "is_chosen": True}],
            },
        ),
        Example(
            "known_list",
            ("Điều nhà nước đã biết", "What the State already knows"),
            {
                "id": "known-sample",
                "title": Words("Chúng tôi đã có", "We already have"),
                "rows": [
                    {
                        "label": _NAME,
                        "value": "Nguyễn Thị Minh Hạnh",
                        "source": Words("Cơ sở dữ liệu dân cư, 08:15 ngày 21/11/2026", "Population register, 08:15 on 21/11/2026"),
                        "address": "#known_list",
                    },
                    {
                        "label": _BORN,
                        "value": "12/03/1988",
                        "source": Words("Cơ sở dữ liệu dân cư, 08:15 ngày 21/11/2026", "Population register, 08:15 on 21/11/2026"),
                        "address": "#known_list",
                    },
                ],
            },
        ),
        Example(
            "uploads",
            ("Tệp đã gửi", "Files that were sent"),
            {
                "files": [
                    {"name": "hop-dong.pdf", "size": "1,2 MB", "kind": "ok", "state": Words("Đã nhận", "Received")},
                    {"name": "bang-luong.jpg", "size": "840 KB", "kind": "wait", "state": Words("Đang kiểm tra", "Being checked")},
                    {
                        "name": "anh.heic",
                        "size": "3,4 MB",
                        "kind": "late",
                        "state": Words("Không nhận được", "Not taken"),
                        "why": Words("Tệp không phải là PDF, PNG hay JPEG.", "The file is no PDF, PNG or JPEG."),
                    },
                ],
            },
        ),
        Example(
            "upload_part",
            ("Gửi tệp cho một câu hỏi", "Files for one question"),
            {
                "part": {
                    "name": "tep-mau",
                    "address": "#upload_part",
                    "component": "proof",
                    "label": Words("Ảnh chụp hợp đồng", "Photo of the contract"),
                    "hint": Words("Ví dụ: trang có chữ ký", "For example: the page with the signature"),
                    "is_optional": True,
                    "files": [{"name": "hop-dong.pdf", "size": "1,2 MB", "kind": "ok", "state": Words("Đã nhận", "Received")}],
                },
            },
        ),
        Example("file_field", ("Chọn tệp", "File"), {"name": "tep", "label": Words("Ảnh giấy ra viện", "Photo of the discharge paper")}),
        Example(
            "error_summary",
            ("Tóm tắt lỗi", "Error summary"),
            {"errors": [["noi-dung", Words("Ghi điều bạn thấy sai", "Write what is wrong")]], "is_still": True},
        ),
        Example("button", ("Nút", "Button"), {"words": Words("Ký và nộp", "Sign and submit")}),
        Example(
            "link_button",
            ("Liên kết dạng nút", "Link as a button"),
            {"words": Words("Tải bản PDF", "Download the PDF"), "address": "#link_button", "kind": "secondary"},
        ),
        Example(
            "inset", ("Chú thích", "Inset"), {"words": Words("Bạn chỉ cần xem lại, không phải nhập.", "You only check; nothing to type.")}
        ),
        Example("warning", ("Lưu ý", "Warning"), {"words": Words("Sau khi ký không sửa được nữa.", "It cannot be changed once signed.")}),
        Example("banner", ("Thông báo", "Banner"), {"id": "1", "words": Words("Sổ vừa có bản mới.", "The book has a new version.")}),
        Example(
            "details",
            ("Giải thích", "Details"),
            {
                "title": Words("Vì sao chúng tôi biết", "How we know this"),
                "words": Words("Đơn vị khai báo ngày 03/11/2026.", "Declared by the employer on 03/11/2026."),
            },
        ),
        Example(
            "empty",
            ("Chưa có gì", "Empty"),
            {
                "icon": "file",
                "title": Words("Bạn chưa nộp hồ sơ nào", "You have not filed anything"),
                "words": Words("Hồ sơ nộp ở đâu cũng hiện ở đây.", "Wherever you file, it shows here."),
                "address": "#empty",
                "act": _SEE,
            },
        ),
        Example(
            "confirmation",
            ("Đã nộp", "Submitted"),
            {
                "title": Words("Đã nhận hồ sơ", "Dossier received"),
                "words": Words("Mã hồ sơ", "Code of the dossier"),
                "code": "G12.99.01-261122-0007",
            },
        ),
        Example("pagination", ("Chuyển trang", "Pagination"), {"earlier": "#pagination", "later": "#pagination"}),
    )
