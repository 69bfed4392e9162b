"""Sentences of the credentials room."""

from bhxh.kernel.errors import define

CRD_NO_CARD = define(
    "CRD-001",
    "Không có thẻ bảo hiểm y tế nào còn giá trị trong sổ nên chưa tạo được mã QR của thẻ.",
    "The book holds no health-insurance card that is valid, so there is no card to put into a QR code.",
)
CRD_NOT_ACTIVE = define(
    "CRD-002",
    "Sổ đang ở trạng thái “{state}” nên không cấp mã QR mới. Liên hệ cơ quan bảo hiểm xã hội.",
    "The book is “{state_en}”, so no new QR code is issued. Contact the social insurance office.",
)
CRD_NOT_A_CREDENTIAL = define(
    "CRD-003",
    "Mã QR có chữ ký đúng nhưng không phải thẻ bảo hiểm y tế hay bản tóm tắt sổ ({reason}).",
    "The QR code's seal holds, but it is neither a health card nor a book summary ({reason}).",
)
CRD_EXPIRED = define(
    "CRD-004",
    "Mã QR hết hạn lúc {expired_at}. Người có thẻ hoặc sổ mở lại ứng dụng để lấy mã mới.",
    "The QR code expired at {expired_at}. Its holder opens the application again for a new one.",
)
CRD_NOT_YET = define(
    "CRD-005",
    "Mã QR ghi thời điểm cấp {issued_at}, sau thời điểm kiểm tra. Kiểm tra đồng hồ của máy.",
    "The QR code says it was issued at {issued_at}, after the instant of the check. Check the machine's clock.",
)
CRD_WRONG_KEY = define(
    "CRD-006",
    "Khóa {kid} không được dùng để cấp mã QR này: {reason}.",
    "Key {kid} may not issue this QR code: {reason}.",
)
CRD_WITHDRAWN_TOO_OFTEN = define(
    "CRD-007",
    "Hôm nay bạn đã thu hồi mã QR {most} lần. Mã hiện có vẫn dùng được; thử lại ngày mai hoặc hỏi cơ quan bảo hiểm xã hội.",
    "You took QR codes back {most} times within a day. The present one still holds; try again tomorrow, or ask the social insurance office.",
)
CRD_REASON_DIFFERS = define(
    "CRD-010",
    "Lý do {reason} không dùng cho việc {act}.",
    "Reason {reason} is not one for {act}.",
)
CRD_WORDS = define(
    "CRD-011",
    "Nêu rõ căn cứ trong {fewest} đến {most} ký tự; người có sổ sẽ đọc được sau khi có quyết định.",
    "State the grounds in {fewest} to {most} characters; the book's holder reads them once it is decided.",
)
CRD_OWN_BOOK = define(
    "CRD-012",
    "Cán bộ không được đề xuất hoặc quyết định về sổ của chính mình. Chuyển cho cán bộ khác.",
    "An officer neither proposes nor decides about their own book. Pass it to another officer.",
)
CRD_OPEN_PROPOSAL = define(
    "CRD-013",
    "Đã có một đề xuất về sổ này đang chờ cán bộ khác quyết định.",
    "A proposal about this book already waits for another officer.",
)
CRD_NOT_IN_THAT_STATE = define(
    "CRD-014",
    "Sổ đang ở trạng thái {state} nên không chuyển sang {wanted} được.",
    "The book is {state} and cannot become {wanted}.",
)
CRD_NO_PROPOSAL = define(
    "CRD-015",
    "Không có đề xuất nào như vậy đang chờ quyết định.",
    "No such proposal waits for a decision.",
)
CRD_OWN_PROPOSAL = define(
    "CRD-016",
    "Đề xuất phải do một cán bộ khác quyết định.",
    "A proposal is decided by another officer than the one who made it.",
)
CRD_NOT_A_LIST = define(
    "CRD-020",
    "Tệp này không phải danh sách trạng thái đúng dạng ({reason}).",
    "This file is not a well-formed status list ({reason}).",
)
CRD_OLD_LIST = define(
    "CRD-021",
    "Danh sách trạng thái chỉ dùng được đến {fresh_until}. Tải danh sách mới.",
    "The status list was good until {fresh_until} only. Download a new one.",
)
CRD_OTHER_LIST = define(
    "CRD-022",
    "Trạng thái của mã QR này nằm ở danh sách khác: {address}.",
    "The status of this QR code stands in another list: {address}.",
)
CRD_NOT_VALID = define(
    "CRD-023",
    "Mã QR do cơ quan bảo hiểm xã hội cấp nhưng không còn giá trị: {status} ({reason}). Đề nghị người có sổ lấy mã mới hoặc hỏi cơ quan cấp.",
    "The QR code was issued by the authority but no longer holds: {status_en} ({reason}). Ask its holder for a new one, or the issuing office.",
)
CRD_NO_LIST = define(
    "CRD-024",
    "Không có danh sách trạng thái mang số này.",
    "There is no status list of this number.",
)
CRD_SHARE_PARTS = define(
    "CRD-030",
    "Chọn ít nhất một phần để chia sẻ trong số: {parts}.",
    "Choose at least one part to share, of: {parts}.",
)
CRD_SHARE_TIME = define(
    "CRD-031",
    "Mỗi lần chỉ chia sẻ từ 1 đến {most} phút.",
    "Something is shared for 1 to {most} minutes at a time.",
)
CRD_NO_SHARE = define(
    "CRD-032",
    "Liên kết này không còn hoặc chưa bao giờ có. Đề nghị người chia sẻ tạo liên kết mới.",
    "This link is over, or never was. Ask whoever shared it for a new one.",
)
