"""Sentences of the access room, and its one kind of error of its own."""

from bhxh.kernel.errors import NotAllowed, Refusal, define


class NotSignedIn(NotAllowed):
    """Nobody we can trust is asking: the token does not hold."""

    status = 401


class NotFromOurPage(NotAllowed):
    """A change asked for by cookie, but not by a page of ours."""


class TooMany(Refusal):
    """More than anybody needs. Come again a little later."""

    status = 429

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(ACC_TOO_MANY, seconds=retry_after_s)
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.retry_after_s,)


def _again(retry_after_s: int) -> TooMany:
    return TooMany(retry_after_s=retry_after_s)


ACC_TOKEN_BROKEN = define(
    "ACC-001",
    "Không dùng được phiên đăng nhập này ({reason}). Đăng nhập lại bằng tài khoản định danh điện tử.",
    "This sign-in cannot be used ({reason}). Sign in again with the e-identification account.",
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
ACC_REQUEST_UNKNOWN = define(
    "ACC-005",
    "Lần đăng nhập này không bắt đầu từ trình duyệt này, hoặc đã xong. Bấm Đăng nhập để bắt đầu lại.",
    "This sign-in was not begun in this browser, or is already over. Choose Sign in to begin again.",
)
ACC_REQUEST_OLD = define(
    "ACC-006",
    "Lần đăng nhập này bắt đầu đã quá lâu. Bấm Đăng nhập để bắt đầu lại.",
    "This sign-in was begun too long ago. Choose Sign in to begin again.",
)
ACC_CODE_REFUSED = define(
    "ACC-007",
    "Hệ thống định danh không nhận mã đăng nhập này: mã đã dùng, hết hạn hoặc không cấp cho lần đăng nhập này. Bấm Đăng nhập để bắt đầu lại.",
    "The e-ID system does not take this sign-in code: it was used, has expired or was made for another sign-in. Choose Sign in to begin again.",
)
ACC_SIGN_IN_DECLINED = define(
    "ACC-008",
    "Hệ thống định danh chưa cho đăng nhập. Nếu bạn đã bấm Hủy, không có gì thay đổi; nếu không, bấm Đăng nhập để thử lại. Lý do ghi ở đó: {reason}.",
    "The e-ID system did not sign you in. If you chose Cancel, nothing has changed; otherwise choose Sign in to try again. Its reason: {reason}.",
)
ACC_WRONG_SENDER = define(
    "ACC-009",
    "Câu trả lời đăng nhập không đến từ hệ thống định danh của cổng này nên không được dùng. Bấm Đăng nhập để bắt đầu lại.",
    "The answer to this sign-in does not come from the e-ID system of this portal, so it is not used. Choose Sign in to begin again.",
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
    "Việc này không dành cho tài khoản hoặc vai trò bạn đang dùng. Đổi vai trò, hoặc hỏi người giao việc cho bạn.",
    "This is not for the account or the role you are using. Change the role, or ask whoever gave you the work.",
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
ACC_NOT_FRESH = define(
    "ACC-030",
    "Việc này cần xác nhận lại bằng tài khoản định danh trong {minutes} phút gần đây. Đăng nhập lại rồi làm tiếp; nội dung đang soạn không mất.",
    "This needs a sign-in with the e-ID account within the last {minutes} minutes. Sign in again and go on; what you were writing is not lost.",
)
ACC_SESSION_OVER = define(
    "ACC-031",
    "Phiên làm việc đã kết thúc. Đăng nhập lại bằng tài khoản định danh điện tử.",
    "The session is over. Sign in again with the e-identification account.",
)
ACC_NOT_FROM_OUR_PAGE = define(
    "ACC-032",
    "Yêu cầu thay đổi dữ liệu không mang mã bảo vệ của phiên làm việc nên không được thực hiện. Tải lại trang rồi thử lại.",
    "A request that changes something lacks the session's protection token, so nothing was done. Load the page again and retry.",
)
ACC_SIGNED_OUT = define(
    "ACC-033",
    "Tài khoản đã đăng xuất tại hệ thống định danh. Đăng nhập lại nếu bạn còn muốn làm việc.",
    "The account was signed out at the e-ID system. Sign in again if you want to go on.",
)
ACC_TOO_MANY = define(
    "ACC-034",
    "Có quá nhiều yêu cầu trong thời gian ngắn. Thử lại sau {seconds} giây; yêu cầu này chưa được thực hiện.",
    "There were too many requests in a short time. Try again in {seconds} seconds; this request was not carried out.",
)
ACC_ROLE_NOT_OPEN = define(
    "ACC-035",
    "Tài khoản này không có vai trò đã chọn. Chọn một vai trò trong danh sách.",
    "This account does not have the role that was chosen. Choose one from the list.",
)
ACC_NOT_SIGNED_IN_ANEW = define(
    "ACC-036",
    "Hệ thống định danh chưa xác thực lại bạn, nên chưa thể xác nhận việc này. Thử lại và xác nhận trên thiết bị của bạn.",
    "The e-ID system did not ask you anew, so this cannot be confirmed yet. Try again and confirm on your device.",
)
ACC_NO_SESSION = define(
    "ACC-037",
    "Không có phiên làm việc này, hoặc phiên đã kết thúc.",
    "There is no such session, or it is over.",
)
ACC_OTHER_ROLE = define(
    "ACC-038",
    "Bạn đang làm việc trong vai trò khác. Đổi vai trò rồi thử lại.",
    "You are working in another role. Change the role and try again.",
)
ACC_SHUT_OUT = define(
    "ACC-039",
    "Tài khoản này đang bị tạm khóa tại cổng bảo hiểm xã hội. Liên hệ cơ quan bảo hiểm xã hội để được mở lại.",
    "This account is shut out of the social insurance portal for now. Ask the social insurance office to let it in again.",
)
ACC_NOT_SHUT_OUT = define(
    "ACC-040",
    "Tài khoản này không bị khóa.",
    "This account is not shut out.",
)
