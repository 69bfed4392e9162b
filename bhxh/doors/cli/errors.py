"""Sentences of the command line."""

from bhxh.kernel.errors import define

CLI_NO_FILE = define("CLI-001", "Không đọc được tệp {file} ({reason}).", "The file {file} cannot be read ({reason}).")
CLI_NO_EMPLOYER = define(
    "CLI-003",
    "Không có đơn vị nào có mã {code}. Dùng mã số thuế hoặc mã đơn vị.",
    "No employer has the code {code}. Use the tax code or the unit code.",
)
CLI_KEY_UNREADABLE = define(
    "CLI-004",
    "Không dùng được khóa hoặc chứng thư trong tệp {file}. Cần PEM không mật khẩu, khóa EC hoặc RSA.",
    "The key or certificate in {file} cannot be used. It must be PEM without a password, EC or RSA.",
)
CLI_NO_PERSON = define("CLI-005", "Không tìm thấy người có số định danh này.", "Nobody with this personal number was found.")
CLI_NO_OFFICER = define(
    "CLI-006",
    "Không có cán bộ {login} đang làm việc.",
    "There is no officer {login} in service.",
)
CLI_BAD_VALUE = define(
    "CLI-008",
    "Giá trị của {option} không dùng được. Xem bhxh --help.",
    "The value of {option} cannot be used. See bhxh --help.",
)
CLI_NO_DATABASE = define(
    "CLI-009",
    "Cơ sở dữ liệu không trả lời ({kind}). Kiểm tra DATABASE_URL và hai vai trò bhxh_owner, bhxh_app (docs/configuration.md), hoặc để trống để dùng máy chủ đi kèm; chưa có gì được ghi.",
    "The database does not answer ({kind}). Check DATABASE_URL and the roles bhxh_owner and bhxh_app (docs/configuration.md), or leave it empty to use the server that comes with this; nothing was saved.",
)
CLI_NO_SCHEMA = define(
    "CLI-010",
    "Cơ sở dữ liệu chưa có bảng của phiên bản này. Chạy bhxh migrate trước.",
    "The database does not have this release's tables. Run bhxh migrate first.",
)
CLI_OUR_FAULT = define(
    "CLI-012",
    "Có lỗi ở phía chúng tôi ({kind}, {place}). Dữ liệu của lệnh này chưa được ghi; báo lỗi kèm dòng này.",
    "Something went wrong on our side ({kind}, {place}). Nothing of this command was saved; report it with this line.",
)
CLI_NO_KEYS = define(
    "CLI-014",
    "Thêm --keys TỆP: tập khóa công khai mà hệ thống công bố ở /api/v1/open/keys (make demo để ở out/keys.json).",
    "Add --keys FILE: the key set that the installation publishes at /api/v1/open/keys (make demo leaves it in out/keys.json).",
)
CLI_PART_FAILED = define(
    "CLI-015",
    "Phần {part}/{parts} của dân số hư cấu không ghi xong. Chạy lại lệnh: phần đã ghi được giữ nguyên.",
    "Part {part} of {parts} of the synthetic population was not written. Run the command again: what is written stays as it is.",
)
CLI_NO_LETTER = define(
    "CLI-016",
    "Hồ sơ {code} không có giấy tờ này. Xem bhxh dossier show để biết hồ sơ đã có gì.",
    "Dossier {code} has no such letter. See bhxh dossier show for what there is.",
)
CLI_NO_KEY_HERE = define(
    "CLI-030",
    "Cán bộ làm việc qua hệ thống có đăng nhập và khóa bảo mật; ở chế độ vận hành thật, dòng lệnh không thay cán bộ.",
    "Officers work signed in and with a security key; in production the command line does not stand in for them.",
)
CLI_NO_ACCOUNT = define(
    "CLI-031",
    "Người này chưa đăng nhập hệ thống bằng tài khoản định danh lần nào. Tài khoản của tổ chức: dùng --subject.",
    "This person never signed in here with an e-ID account. For an organisation's account use --subject.",
)
CLI_NO_ROOT = define(
    "CLI-040",
    "Tập khóa này có chữ ký của khóa gốc. Thêm --root TỆP: khóa gốc mà cơ quan công bố bằng đường khác (bhxh keys root).",
    "This key set is signed by the root. Add --root FILE: the root's key, as the agency gave it by another way (bhxh keys root).",
)
CLI_SCAN_REFUSED = define(
    "CLI-045",
    "Tệp {file} không được nhận: {reason}",
    "The file {file} was not taken: {reason_en}",
)
