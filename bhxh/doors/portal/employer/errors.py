"""Sentences of an organisation's pages."""

from bhxh.kernel.errors import define

EMP_NO_FILE = define(
    "EMP-001",
    "Chưa chọn tệp nào. Chọn tệp rồi gửi lại.",
    "No file was chosen. Choose one and send again.",
)
EMP_NO_PERIOD = define(
    "EMP-002",
    "Nhập kỳ khai báo dạng tháng/năm, ví dụ 11/2026, và số đợt từ 1 đến 999.",
    "Enter the period as month/year, for example 11/2026, and the number of the list from 1 to 999.",
)
EMP_NO_CERTIFICATE = define(
    "EMP-003",
    "Chọn tệp chứng thư số (.cer, .crt hoặc .pem) xuất từ USB token để chuẩn bị nội dung cần ký.",
    "Choose the certificate file (.cer, .crt or .pem) exported from the token, so that what is to be signed can be prepared.",
)
EMP_NO_WAY = define("EMP-004", "Chọn cách ký.", "Choose how to sign.")
EMP_NOT_CHECKED = define(
    "EMP-005",
    "Chưa có dòng nào nộp được. Chờ kiểm tra xong, hoặc sửa tệp rồi tải lên lại.",
    "No line can be filed yet. Wait for the check to end, or correct the file and upload it again.",
)
EMP_NO_ACT = define("EMP-006", "Chọn ít nhất một việc được làm.", "Choose at least one act.")
EMP_BAD_DAY = define(
    "EMP-007",
    "Nhập ngày dạng ngày/tháng/năm, ví dụ 01/12/2026.",
    "Enter the day as day/month/year, for example 01/12/2026.",
)
EMP_NO_REPAIR = define(
    "EMP-010",
    "Đánh dấu ít nhất một dòng đúng ý, rồi xác nhận.",
    "Tick at least one line that is meant so, then confirm.",
)
EMP_NO_NAME = define("EMP-008", "Nhập tên gọi của phần mềm.", "Enter the program's name.")
EMP_NO_KEY = define(
    "EMP-009",
    "Dán một khóa công khai dạng JWK có đủ kty, crv, x, y và kid.",
    "Paste one public key as a JWK with kty, crv, x, y and kid.",
)
