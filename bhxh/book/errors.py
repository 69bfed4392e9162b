"""Sentences of the book room."""

from bhxh.kernel.errors import define

BOK_OTHER_CUSTODIAN = define(
    "BOK-001",
    "Sổ của người này do cơ quan khác tạo lập và quản lý nên không lập được ở đây. Liên hệ cơ quan quản lý của người đó.",
    "This person's book is made and kept by another authority, so it cannot be made here. Contact that authority.",
)
BOK_NO_PERSON = define(
    "BOK-002",
    "Không có người này trong cơ sở dữ liệu.",
    "There is no such person in the database.",
)
BOK_NO_BOOK = define(
    "BOK-003",
    "Chưa có sổ bảo hiểm xã hội điện tử nào như vậy.",
    "There is no such electronic social insurance book.",
)
BOK_CHANGED = define(
    "BOK-004",
    "Chữ ký của sổ không đúng: sổ đã bị sửa sau khi ký, hoặc không do cơ quan bảo hiểm xã hội ký. Không sử dụng bản này.",
    "The seal of the book does not match: the book was changed after sealing, or was not sealed by the authority. Do not rely on it.",
)
BOK_NOT_A_BOOK = define(
    "BOK-005",
    "Tệp này không phải là sổ bảo hiểm xã hội điện tử đúng dạng ({reason}).",
    "This file is not a well-formed electronic social insurance book ({reason}).",
)
BOK_WRONG_KEY = define(
    "BOK-006",
    "Khóa {kid} không được dùng để ký sổ này: {reason}.",
    "Key {kid} may not seal this book: {reason}.",
)
BOK_BROKEN_CHAIN = define(
    "BOK-007",
    "Bản {version} của sổ không nối tiếp bản trước nó.",
    "Version {version} of the book does not continue the version before it.",
)
BOK_WRONG_STATE = define(
    "BOK-008",
    "Sổ đang ở trạng thái {state}, không chuyển sang {wanted} được.",
    "The book is {state} and cannot become {wanted}.",
)
BOK_NOT_BOUND = define(
    "BOK-009",
    "Chưa khai báo cơ quan cấp sổ khi khởi động.",
    "The issuing office was not bound at start-up.",
)
BOK_TOO_MANY = define(
    "BOK-010",
    "Một lần chỉ ký tối đa {maximum} sổ, yêu cầu này có {count}. Chia thành nhiều lần.",
    "At most {maximum} books are sealed at once, this asks for {count}. Split it.",
)
BOK_NO_SEAL_KEY = define(
    "BOK-011",
    "Chưa nối khóa ký sổ khi khởi động.",
    "The seal key of books was not bound at start-up.",
)
BOK_NO_PAGE_SEAL = define(
    "BOK-012",
    "Cơ quan chưa có chứng thư còn hiệu lực để niêm phong trang, nên chưa lập được bản lưu trữ. Sổ gốc đã ký số vẫn dùng được; thử lại sau.",
    "The agency has no certificate in force for sealing pages, so the archive copy cannot be made yet. The sealed book itself is good; try later.",
)
