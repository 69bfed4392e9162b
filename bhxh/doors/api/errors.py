"""Sentences of the API door."""

from bhxh.kernel.errors import define

API_BAD_SHAPE = define(
    "API-001",
    "Yêu cầu thiếu hoặc sai ở: {places}. Xem mô tả giao diện tại /api/v1/openapi.json rồi gửi lại.",
    "The request is missing or wrong at: {places}. See /api/v1/openapi.json and send it again.",
)
API_NOT_SIGNED_IN = define(
    "API-002",
    "Cần đăng nhập bằng tài khoản định danh điện tử. Đăng nhập lại rồi thử lại; nội dung đã gửi chưa được lưu.",
    "Sign in with an e-identification account. Sign in and try again; what was sent has not been saved.",
)
API_OUR_FAULT = define(
    "API-003",
    "Có lỗi ở phía chúng tôi. Gửi lại yêu cầu sau ít phút; nếu vẫn lỗi, báo mã sự cố {incident}.",
    "Something went wrong on our side. Send the request again in a few minutes; if it fails again, report incident {incident}.",
)
API_NO_KEY = define(
    "API-005",
    "Thiếu tiêu đề Idempotency-Key. Tạo một khóa cho mỗi lần nộp để gửi lại không bị trùng.",
    "The Idempotency-Key header is missing. Make one key for each filing, so that sending again cannot file twice.",
)
API_NOT_BASE64 = define(
    "API-006",
    "Trường {where} không phải là base64.",
    "The field {where} is not base64.",
)
API_NOT_FOUND = define(
    "API-008",
    "Không có hồ sơ này, hoặc tài khoản của bạn không được xem. Kiểm tra lại mã hồ sơ.",
    "There is no such dossier, or your account may not see it. Check the code.",
)
API_NO_PORTAL_PERSON = define(
    "API-009",
    "Không tìm thấy người nộp trong Cơ sở dữ liệu quốc gia về bảo hiểm của cơ quan này.",
    "The filer is not in the National Insurance Database of this installation.",
)
API_PORTAL_PROCEDURE = define(
    "API-010",
    "Thủ tục {code} không nhận qua Cổng Dịch vụ công quốc gia ở đây.",
    "Procedure {code} is not taken through the national portal here.",
)
API_NOT_READABLE = define(
    "API-011",
    "Không đọc được nội dung yêu cầu. Gửi đúng định dạng mà mô tả giao diện tại /api/v1/openapi.json nêu.",
    "The body of the request cannot be read. Send it in the format that /api/v1/openapi.json describes.",
)
API_NO_ADDRESS = define(
    "API-012",
    "Không có địa chỉ này. Xem các địa chỉ tại /api/v1/openapi.json.",
    "There is no such address. See /api/v1/openapi.json for those there are.",
)
API_NO_METHOD = define(
    "API-013",
    "Địa chỉ này không nhận phương thức {method}.",
    "This address does not take the method {method}.",
)
API_LATER = define(
    "API-014",
    "Hệ thống đang khởi động lại. Gửi lại đúng yêu cầu này sau {seconds} giây với cùng Idempotency-Key; hồ sơ đã nhận sẽ trả về phiếu cũ.",
    "The system is restarting. Send this very request again in {seconds} seconds with the same Idempotency-Key; what was filed gives its first"
    " receipt.",
)
API_WRONG_HOST = define(
    "API-015",
    "Máy chủ này không trả lời dưới tên miền đã gọi. Dùng đúng địa chỉ mà cơ quan bảo hiểm xã hội công bố.",
    "This server does not answer to the name it was called by. Use the address that the insurance office published.",
)
API_NOT_CONFIRMED = define(
    "API-031",
    "Hồ sơ này không nộp bằng xác nhận của tài khoản định danh, nên không có văn bản xác nhận.",
    "This dossier was not filed by an e-ID account's confirmation, so there is none to show.",
)
