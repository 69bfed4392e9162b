"""Sentences of the registry room. None of them names a person or shows a number."""

from bhxh.kernel.errors import define

REG_NO_SUCH_PERSON = define(
    "REG-001",
    "Không có người này trong Cơ sở dữ liệu quốc gia về bảo hiểm. Kiểm tra lại số định danh hoặc mã số BHXH.",
    "There is no such person in the National Insurance Database. Check the personal number or social insurance code.",
)
REG_OTHER_CUSTODIAN = define(
    "REG-002",
    "Người tham gia này do Bộ Quốc phòng hoặc Bộ Công an quản lý; hệ thống chung không lưu và không hiển thị dữ liệu. "
    "Liên hệ cơ quan quản lý của người đó.",
    "This participant is kept by the Ministry of National Defence or of Public Security; the common system neither stores nor "
    "shows their data. Ask their own agency.",
)
REG_ALREADY_REGISTERED = define(
    "REG-003",
    "Số {scheme} tại vị trí {position} đã được đăng ký. Mỗi người chỉ có một mã số BHXH: dùng lại hồ sơ đã có.",
    "The {scheme} number at position {position} is already registered. One person has one social insurance code: use the existing record.",
)
REG_NO_IDENTIFIER = define(
    "REG-004",
    "Người tại vị trí {position} không có số định danh, hộ chiếu hay mã số BHXH. Cần ít nhất một số.",
    "The person at position {position} has no personal number, passport or social insurance code. At least one is needed.",
)
REG_BAD_FACT = define(
    "REG-005",
    "“{name}” không phải là thông tin có thể ghi theo cách này.",
    "“{name}” is not a fact that can be recorded this way.",
)
REG_NO_SUCH_EMPLOYER = define(
    "REG-006",
    "Không có đơn vị này. Kiểm tra lại mã số thuế hoặc mã đơn vị.",
    "There is no such employer. Check the tax code or unit code.",
)
REG_EMPLOYER_EXISTS = define(
    "REG-007",
    "Mã đơn vị hoặc mã số thuế tại vị trí {position} đã được đăng ký. Dùng lại đơn vị đã có.",
    "The unit code or tax code at position {position} is already registered. Use the existing employer.",
)
REG_BAD_CARD = define(
    "REG-008",
    "Thẻ BHYT tại vị trí {position} sai mã, hoặc hết hạn trước ngày có giá trị. Kiểm tra lại mã và hai ngày.",
    "The health card at position {position} has a wrong code, or it ends before it begins. Check the code and both days.",
)
REG_CARD_OF_ANOTHER = define(
    "REG-009",
    "Mã thẻ BHYT tại vị trí {position} đã cấp cho người khác.",
    "The health card code at position {position} was given to somebody else.",
)
REG_NO_HEAD = define(
    "REG-010",
    "Hộ gia đình tại vị trí {position} phải có đúng một chủ hộ.",
    "The household at position {position} must have exactly one head.",
)
REG_BAD_IDENTITY = define(
    "REG-011",
    "Thông tin nhân thân tại vị trí {position} có chỗ sai: {field}. Kiểm tra lại rồi gửi.",
    "The identity facts at position {position} have something wrong: {field}. Check it and send again.",
)
REG_UNKNOWN_UNIT = define(
    "REG-012",
    "Không có đơn vị hành chính mã {code} vào ngày {on}.",
    "There is no administrative unit with code {code} on {on}.",
)
REG_BAD_CODE = define(
    "REG-013",
    "Giá trị {field} tại vị trí {position} không nằm trong danh mục.",
    "The value of {field} at position {position} is not in its code list.",
)
REG_HAS_PIN = define(
    "REG-014",
    "Người này đã có số định danh cá nhân. Số định danh không thay thế được bằng số khác.",
    "This person already has a personal number. It cannot be replaced by another.",
)
REG_SYNTHETIC_NUMBER_TAKEN = define(
    "REG-015",
    "Một số của dân số hư cấu đã thuộc về người khác trong cơ sở dữ liệu này. Chọn hạt giống khác hoặc cơ sở dữ liệu trống.",
    "A number of the synthetic population already belongs to somebody in this database. Choose another seed or an empty database.",
)
REG_OFFICES_NOT_A_TABLE = define(
    "REG-016",
    "Tệp cơ quan bảo hiểm xã hội phải là CSV mã UTF-8, dòng đầu ghi các cột: {columns}. Lưu lại tệp theo dạng đó.",
    "The file of social insurance offices must be CSV in UTF-8 whose first line names the columns: {columns}. Save it in that form.",
)
REG_OFFICE_MISSING = define("REG-017", "Cột {column} để trống. Điền giá trị.", "Column {column} is empty. Fill it in.")
REG_OFFICE_MALFORMED = define(
    "REG-018",
    "Cột {column} không đúng dạng: {form}.",
    "Column {column} does not have the form: {form}.",
)
REG_OFFICE_DAYS = define(
    "REG-019",
    "Ngày hết hiệu lực phải sau ngày bắt đầu, và các dòng cùng mã không được trùng ngày.",
    "The last day must come after the first, and lines with the same code must not share days.",
)
REG_OFFICE_PARENT = define(
    "REG-020",
    "Cơ quan cơ sở phải ghi mã cơ quan cấp tỉnh có trong tệp; cơ quan cấp tỉnh thì để trống.",
    "A grass-roots office names the code of a province's office in this file; a province's office leaves it empty.",
)
REG_OFFICE_WARD = define(
    "REG-021",
    "Không có phường, xã mã {code} vào ngày {on}. Dùng mã của danh mục hành chính đã nạp.",
    "There is no ward or commune {code} on {on}. Use the codes of the loaded administrative list.",
)
REG_OFFICES_REFUSED = define(
    "REG-022",
    "{count} chỗ sai trong tệp cơ quan bảo hiểm xã hội; chưa nạp dòng nào. Sửa các dòng {lines} rồi nạp lại.",
    "{count} mistakes in the file of social insurance offices; nothing was loaded. Correct lines {lines} and load it again.",
)
