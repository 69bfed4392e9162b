"""Sentences of the warehouse."""

from bhxh.kernel.errors import define

WAR_DAMAGED = define(
    "WAR-001",
    "Tệp {sha256} trong kho không còn đúng với mã băm của nó. Khôi phục tệp này từ bản sao lưu.",
    "File {sha256} in the warehouse no longer matches its digest. Restore it from a backup.",
)
WAR_NO_BLOB = define(
    "WAR-002",
    "Kho không có tệp {sha256}.",
    "The warehouse has no file {sha256}.",
)
WAR_NOT_BOUND = define(
    "WAR-003",
    "Chưa nối kho tệp khi khởi động.",
    "The file store was not bound at start-up.",
)
WAR_TOO_LARGE = define(
    "WAR-004",
    "Tệp nặng {size_bytes} byte, tối đa {maximum_bytes} byte. Tách tệp hoặc giảm độ phân giải ảnh rồi gửi lại.",
    "The file has {size_bytes} bytes, the limit is {maximum_bytes}. Split it or lower the resolution of its pictures and send it again.",
)
WAR_NO_ITEM = define(
    "WAR-005",
    "Không có tài liệu này trong kho của bạn.",
    "There is no such document in your warehouse.",
)
WAR_BAD_DIGEST = define(
    "WAR-006",
    "“{sha256}” không phải là mã băm SHA-256.",
    "“{sha256}” is not a SHA-256 digest.",
)
WAR_NOT_WRITABLE = define(
    "WAR-007",
    "Kho tệp lúc này không ghi được ({reason}), nên chưa nhận gì và chưa lưu gì. Giữ nguyên nội dung, gửi lại sau ít phút với cùng khóa;"
    " nếu còn lỗi, báo đơn vị vận hành kiểm tra dung lượng ổ đĩa.",
    "The file store cannot be written now ({reason}), so nothing was taken and nothing was kept. Keep what you have and send it again in a"
    " few minutes with the same key; if it fails again, ask the operator to look at the disk's free space.",
)
WAR_NO_MASTER_KEY = define(
    "WAR-010",
    "Kho có tệp đã mã hóa nhưng thư mục khóa “{folder}” không còn khóa gốc, nên chưa ghi gì. Khôi phục thư mục khóa từ bản sao riêng của nó.",
    "The warehouse holds encrypted files, but the key folder “{folder}” has no master key, so nothing was written. Restore the key folder from"
    " its own copy.",
)
WAR_KEY_GONE = define(
    "WAR-011",
    "Thiếu khóa gốc thế hệ {generation} của kho tệp. Khôi phục thư mục khóa từ bản sao riêng của nó.",
    "Generation {generation} of the warehouse's master key is missing. Restore the key folder from its own copy.",
)
WAR_EMPTY = define(
    "WAR-020",
    "Tệp không có nội dung. Chọn đúng tệp rồi gửi lại, kèm độ dài của tệp (Content-Length).",
    "The file is empty. Choose the right one and send it again, with its length (Content-Length).",
)
WAR_CUT_OFF = define(
    "WAR-021",
    "Chỉ nhận được {size_bytes} trong {expected_bytes} byte, nên chưa lưu gì. Gửi lại cả tệp.",
    "Only {size_bytes} of {expected_bytes} bytes arrived, so nothing was kept. Send the whole file again.",
)
WAR_TOO_MANY_WAITING = define(
    "WAR-022",
    "Đang có {count} tệp của bạn chờ kiểm tra. Chờ kiểm tra xong rồi gửi tiếp.",
    "{count} of your files wait to be examined. Wait until that is done before you send more.",
)
WAR_NO_UPLOAD = define(
    "WAR-023",
    "Không có tệp gửi lên này trong kho của bạn.",
    "There is no such upload in your warehouse.",
)
WAR_VIRUS = define(
    "WAR-024",
    "Phần mềm diệt vi-rút tìm thấy mã độc trong tệp nên tệp đã bị xóa. Kiểm tra máy của bạn rồi gửi một bản sạch.",
    "The virus scanner found something harmful in the file, so it was removed. Check your computer and send a clean copy.",
)
WAR_WRONG_TYPE = define(
    "WAR-025",
    "Tệp không phải là PDF, PNG, JPEG hay XML có chữ ký số. Chuyển sang một trong các dạng này rồi gửi lại.",
    "The file is no PDF, PNG, JPEG or signed XML. Convert it to one of these and send it again.",
)
WAR_NOT_PROVEN = define(
    "WAR-026",
    "Tệp mang dạng PDF, PNG, JPEG hoặc XML nhưng bị hỏng hoặc không đọc được trọn vẹn. Xuất hoặc quét lại rồi gửi lại.",
    "The file looks like a PDF, PNG, JPEG or XML, but is damaged or cannot be read in full. Export or scan it again and send it.",
)
WAR_LOCKED = define(
    "WAR-027",
    "Tệp PDF có mật khẩu nên không kiểm tra được. Bỏ mật khẩu rồi gửi lại.",
    "The PDF is protected by a password and cannot be examined. Remove the password and send it again.",
)
WAR_TOO_MUCH_INSIDE = define(
    "WAR-028",
    "Ảnh quá nhiều điểm ảnh, hoặc tài liệu quá nhiều trang. Giảm độ phân giải hoặc tách tài liệu rồi gửi lại.",
    "The picture has too many pixels, or the document too many pages. Lower the resolution or split it, and send it again.",
)
WAR_LOST = define(
    "WAR-029",
    "Tệp chờ kiểm tra không còn trên máy chủ. Gửi lại tệp.",
    "The file that waited to be examined is no longer on the server. Send it again.",
)
WAR_TO_BE_KEPT = define(
    "WAR-031",
    "Giấy tờ này thuộc hồ sơ bảo hiểm xã hội phải lưu giữ lâu dài, nên không xóa được. Chỉ xóa được giấy tờ do chủ kho tự gửi lên.",
    "This paper belongs to the insurance records, which have to be kept for good, so it cannot be removed. Only papers that the warehouse's"
    " owner sent in can be removed.",
)
WAR_NO_SCANNER = define(
    "WAR-030",
    "Chưa hỏi được phần mềm diệt vi-rút ({reason}). Tệp vẫn chờ kiểm tra, không cần gửi lại.",
    "The virus scanner could not be asked ({reason}). The file goes on waiting and need not be sent again.",
)
