"""Sentences about mandates: granting, ending and using them."""

from bhxh.kernel.errors import define

ACC_MANDATE_ENDED = define(
    "ACC-101",
    "Ủy quyền của tài khoản này hết hiệu lực từ ngày {day}. Nội dung đã soạn vẫn được giữ; xin người đại diện của đơn vị cấp ủy quyền mới rồi ký và nộp tiếp.",
    "The mandate of this account ended on {day}. What was prepared is kept; ask the unit's legal representative for a new mandate, then sign and file.",
)
ACC_EMPLOYER_DISSOLVED = define(
    "ACC-102",
    "Đơn vị đã giải thể, nên không ai còn giao dịch thay đơn vị tại đây. Việc còn lại của đơn vị do cơ quan bảo hiểm xã hội giải quyết trực tiếp.",
    "The organisation has been dissolved, so nobody acts for it here any more. What remains is settled at the social insurance office.",
)
ACC_MANDATE_HOLDER = define(
    "ACC-103",
    "Vai trò {role} không dành cho đối tượng này: đại diện và nhân viên được ủy quyền là người, đại lý là tổ chức hoặc phần mềm.",
    "The role {role} does not fit this holder: representatives and clerks are people, agents are organisations or programs.",
)
ACC_MANDATE_SCOPE = define(
    "ACC-104",
    "Phạm vi ủy quyền phải nêu ít nhất một việc và, nếu giới hạn thủ tục, ít nhất một thủ tục có thật. Ủy quyền cho người đại diện theo pháp luật không giới hạn.",
    "A mandate names at least one act and, where procedures are limited, at least one that exists. A legal representative's mandate is not limited.",
)
ACC_MANDATE_TO_ONESELF = define(
    "ACC-105",
    "Đơn vị không ủy quyền cho chính mình. Chọn người, tổ chức khác hoặc phần mềm.",
    "A unit gives no mandate to itself. Name a person, another organisation or a program.",
)
ACC_HOLDER_UNKNOWN = define(
    "ACC-106",
    "Không tìm thấy người, tổ chức hoặc phần mềm đúng như đã ghi. Kiểm tra cả số định danh và họ tên, mã số thuế, hoặc tên kết nối.",
    "There is no such person, organisation or program as written. Check both the personal number and the name, the tax code, or the client id.",
)
ACC_OTHER_CONTENT = define(
    "ACC-107",
    "Nội dung gửi lên khác nội dung đã được hiển thị để xác nhận. Đọc lại nội dung mới rồi xác nhận.",
    "What was sent differs from what was shown for confirmation. Read the new wording and confirm that.",
)
ACC_REVOKED_BACKWARDS = define(
    "ACC-108",
    "Không thu hồi ủy quyền lùi ngày: việc đã làm theo ủy quyền vẫn có giá trị. Chọn hôm nay hoặc một ngày sau.",
    "A mandate is not revoked backwards: what was done under it stands. Choose today or a later day.",
)
ACC_MANDATE_TOO_LONG = define(
    "ACC-109",
    "Ủy quyền bắt đầu trong vòng {days} ngày tới và kéo dài không quá {years} năm. Cấp lại khi hết hạn.",
    "A mandate begins within {days} days and lasts at most {years} years. Grant it again when it ends.",
)
ACC_MANDATE_CERTIFICATE = define(
    "ACC-110",
    "Chữ ký số {serial} không phải của đơn vị hay người đại diện theo pháp luật, hoặc chưa kiểm tra được thu hồi. Ký bằng chứng thư của đơn vị, hoặc xác nhận bằng tài khoản định danh.",
    "The signature by certificate {serial} is neither the unit's nor its legal representative's, or its revocation could not be checked. Sign with the unit's certificate, or confirm with the e-ID account.",
)
ACC_OWN_UNIT = define(
    "ACC-112",
    "Cán bộ này đại diện hoặc được ủy quyền của đơn vị nộp hồ sơ nên không giải quyết hồ sơ của đơn vị. Chuyển cho cán bộ khác.",
    "This officer represents the filing organisation or holds a mandate of it, and so does not decide its dossier. Hand it to another officer.",
)
ACC_CLIENT_EMPLOYER_UNKNOWN = define(
    "ACC-111",
    "Tổ chức muốn giao dịch thay không có trong hệ thống. Kiểm tra mã số thuế hoặc mã đơn vị.",
    "The organisation to act for is not known here. Check the tax code or the unit code.",
)
