"""Sentences of the access room, and its one kind of error of its own."""

from bhxh.kernel.errors import NotAllowed, define


class NotSignedIn(NotAllowed):
    """Nobody we can trust is asking: the token does not hold."""

    status = 401


ACC_TOKEN_BROKEN = define(
    "ACC-001",
    "Phiên đăng nhập không hợp lệ ({reason}). Đăng nhập lại bằng tài khoản định danh điện tử.",
    "The sign-in is not valid ({reason}). Sign in again with the e-identification account.",
)
ACC_TOKEN_EXPIRED = define(
    "ACC-002",
    "Phiên đăng nhập đã hết hạn. Đăng nhập lại; nội dung đang soạn không mất.",
    "The sign-in has expired. Sign in again; what you were writing is not lost.",
)
ACC_KEY_UNKNOWN = define(
    "ACC-003",
    "Phiên đăng nhập được ký bằng khóa không có trong danh sách của hệ thống định danh. Đăng nhập lại.",
    "The sign-in is signed with a key the e-ID system does not list. Sign in again.",
)
ACC_ASSERTION_USED = define(
    "ACC-004",
    "Chứng thực này của hệ thống đã được dùng. Tạo chứng thực mới cho mỗi yêu cầu.",
    "This assertion was already used. Make a new one for each request.",
)
ACC_LEVEL_TOO_LOW = define(
    "ACC-010",
    "Cần tài khoản định danh mức độ 2. Tài khoản này ở mức {level}; nâng mức tại cơ quan công an rồi đăng nhập lại.",
    "A level 2 e-ID account is needed. This account is at level {level}; have it raised at the police and sign in again.",
)
ACC_ACCOUNT_UNKNOWN = define(
    "ACC-011",
    "Tài khoản định danh này chưa được liên kết với người tham gia nào. Kiểm tra số định danh với cơ quan bảo hiểm xã hội.",
    "This e-ID account is not linked to any participant yet. Check the personal number with the social insurance office.",
)
ACC_ACCOUNT_OF_ANOTHER = define(
    "ACC-012",
    "Tài khoản định danh này đã liên kết với người khác. Cơ quan bảo hiểm xã hội phải kiểm tra trước khi thay đổi.",
    "This e-ID account is already linked to another person. The social insurance office must look into it first.",
)
ACC_EMPLOYER_UNKNOWN = define(
    "ACC-013",
    "Tổ chức trong tài khoản chưa đăng ký tham gia bảo hiểm xã hội. Đăng ký đơn vị trước khi nộp hồ sơ.",
    "The organisation of this account is not registered for social insurance. Register the unit before filing.",
)
ACC_NO_MANDATE = define(
    "ACC-014",
    "Tài khoản này không phải người đại diện và không có ủy quyền còn hiệu lực của đơn vị. Xin người đại diện cấp ủy quyền.",
    "This account neither represents the unit nor holds a mandate in force. Ask the legal representative to grant one.",
)
ACC_NO_OFFICER = define(
    "ACC-015",
    "Tài khoản này không phải của cán bộ đang làm việc. Người quản trị của cơ quan cấp quyền cho cán bộ.",
    "This account belongs to no officer in service. The office's operator appoints officers.",
)
ACC_NO_MACHINE = define(
    "ACC-016",
    "Hệ thống này chưa được đăng ký kết nối hoặc đã hết hạn kết nối.",
    "This system is not registered for connection, or its registration has ended.",
)
ACC_NOT_ALLOWED = define(
    "ACC-020",
    "Tài khoản này không có quyền thực hiện việc này ({permission}).",
    "This account may not do this ({permission}).",
)
ACC_MANDATE_OVERLAPS = define(
    "ACC-021",
    "Tài khoản này đã có ủy quyền của đơn vị trong khoảng thời gian đó. Thu hồi ủy quyền cũ trước.",
    "This account already holds a mandate of the unit in that period. Revoke the old one first.",
)
ACC_NO_MANDATE_FOUND = define(
    "ACC-022",
    "Không có ủy quyền này.",
    "There is no such mandate.",
)
ACC_BAD_PERIOD = define(
    "ACC-023",
    "Ngày kết thúc phải sau ngày bắt đầu.",
    "The end must be after the beginning.",
)
ACC_BAD_KEYS = define(
    "ACC-024",
    "Bộ khóa công khai không dùng được: {reason}.",
    "The public key set cannot be used: {reason}.",
)
