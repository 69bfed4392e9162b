"""Plain words for what the log writes in slugs: why somebody looked, on which legal ground, in which role. Pure."""

from typing import Final

from bhxh.access.reading_purposes import READING_PURPOSES
from bhxh.kernel.actor import LegalBasis

Words = tuple[str, str]
"""Vietnamese, English."""

PURPOSES: Final[dict[str, Words]] = {
    "own_book": ("xem sổ của chính mình", "to see one's own book"),
    "own_dossiers": ("theo dõi hồ sơ đã nộp", "to follow dossiers filed"),
    "own_looks": ("xem ai đã xem dữ liệu của mình", "to see who looked at one's own data"),
    "own_copy": ("lấy bản sao dữ liệu của mình", "to take a copy of one's own data"),
    "own_represented": ("xem mình đại diện cho ai", "to see for whom one may act"),
    "own_letters": ("xem thư gửi cho mình", "to read letters to oneself"),
    "own_warehouse": ("dùng kho dữ liệu điện tử của mình", "to use one's own warehouse"),
    "queue": ("xem hồ sơ chờ giải quyết", "to see dossiers that wait"),
    "decide": ("giải quyết hồ sơ", "to decide a dossier"),
    "conversion": ("chuyển đổi giấy tờ giữa bản giấy và bản điện tử", "to convert a paper to or from electronic form"),
    "operation": ("vận hành hệ thống, theo yêu cầu tại cơ quan", "to run the installation, or as asked at the office"),
    "verification": ("kiểm tra mã QR mà bạn đưa ra", "to verify a QR code that you showed"),
    "sealing": ("ký số sổ", "to seal books"),
    "publishing": ("gửi sổ vào tài khoản định danh điện tử", "to send the book to the e-ID account"),
    "sign_in": ("đăng nhập", "to sign in"),
    "consent": ("xem những gì bạn đã đồng ý", "to see what you granted"),
    "agreed_scope": ("khai thác theo pháp luật, trong phạm vi đã thỏa thuận", "to read by law, within an agreed scope"),
    "own_data_request": ("yêu cầu về dữ liệu của mình", "to ask something about one's own data"),
    "data_protection": ("bảo vệ dữ liệu cá nhân", "to protect personal data"),
    **{purpose.value: (facts.vi, facts.en) for purpose, facts in READING_PURPOSES.items()},
    "own_workers": ("xem lao động của đơn vị", "to see the employer's own workers"),
    "transcript": ("nhập quá trình đóng từ sổ giấy bạn gửi", "to type contributions from the paper book you sent"),
    "confirm": ("xác nhận một văn bản bằng tài khoản định danh", "to confirm a document by e-ID account"),
    "mandates": ("xem, cấp hoặc thu hồi quyền của đơn vị", "to see, give or end an organisation's mandates"),
    "programs": ("đăng ký phần mềm của đơn vị", "to register an organisation's programs"),
    "sign": ("ký và nộp danh sách lao động", "to sign and file a list of workers"),
    "audit": ("kiểm toán nhật ký", "to audit the log"),
    "data_subject_request": ("trả lời yêu cầu về dữ liệu cá nhân", "to answer a request about personal data"),
    "own_consents": ("xem ai xin dữ liệu và mình đã đồng ý gì", "to see who asks for data and what one granted"),
}
"""By `Actor.purpose`; a procedure's slug is told by the procedure's title."""

BASES: Final[dict[LegalBasis, Words]] = {
    LegalBasis.OWN_DATA: ("dữ liệu của chính người xem", "own data"),
    LegalBasis.CONSENT: ("sự đồng ý của bạn", "your consent"),
    LegalBasis.LEGAL_DUTY: ("nhiệm vụ theo luật", "a legal duty"),
    LegalBasis.VITAL_INTEREST: ("bảo vệ tính mạng, sức khỏe", "vital interests"),
    LegalBasis.COURT_ORDER: ("yêu cầu của tòa án", "a court order"),
    LegalBasis.STATISTICS: ("thống kê", "statistics"),
}

ROLES: Final[dict[str, Words]] = {
    "RECEPTION": ("tiếp nhận", "reception"),
    "APPRAISER": ("thẩm định", "appraiser"),
    "APPROVER": ("phê duyệt", "approver"),
    "CONVERTER": ("số hóa giấy tờ", "converter"),
    "REGISTRAR": ("đăng ký dữ liệu", "registrar"),
    "SUPERVISOR": ("giám sát", "supervisor"),
    "OPERATOR": ("vận hành", "operator"),
    "AUDITOR": ("kiểm toán", "auditor"),
    "DATA_PROTECTION": ("bảo vệ dữ liệu cá nhân", "data protection"),
}
"""By an officer's role as the look has it; a role not here is told by its own name."""

YOU: Final[Words] = ("chính bạn", "you yourself")
YOUR_REPRESENTATIVE: Final[Words] = ("người đại diện của bạn", "your representative")
ANOTHER_PERSON: Final[Words] = ("một người khác", "another person")
COUNTER: Final[Words] = ("quầy tiếp nhận của cơ quan bảo hiểm xã hội", "the social insurance office's counter")
INSTALLATION: Final[Words] = ("hệ thống của cơ quan bảo hiểm xã hội, tự động", "the social insurance office's system, by itself")
OPERATOR: Final[Words] = ("người vận hành hệ thống của cơ quan bảo hiểm xã hội", "the operator of the social insurance office's system")
OF_THE_SYSTEM: Final[dict[str, Words]] = {
    "system:cli": OPERATOR,
    "system:verification": ("người được bạn đưa mã QR hoặc liên kết", "whoever you showed the QR code or gave the link"),
}
"""By the account of the look; every other one is the installation itself."""
AN_EMPLOYER: Final[Words] = ("một đơn vị", "an employer")
A_PROGRAM: Final[Words] = ("hệ thống khác", "another system")
