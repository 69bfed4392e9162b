"""Sentences of the command line."""

from bhxh.kernel.errors import define

CLI_NO_FILE = define("CLI-001", "Không đọc được tệp {file} ({reason}).", "The file {file} cannot be read ({reason}).")
CLI_UNKNOWN_KIND = define(
    "CLI-002",
    "Tệp {file} không phải là tài liệu đã ký của hệ thống này.",
    "The file {file} is not a sealed document of this system.",
)
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
CLI_OWN_SERVER = define(
    "CLI-007",
    "Lệnh này cần địa chỉ chủ sở hữu cơ sở dữ liệu (BHXH_DATABASE_OWNER_URL).",
    "This command needs the owner's database address (BHXH_DATABASE_OWNER_URL).",
)
