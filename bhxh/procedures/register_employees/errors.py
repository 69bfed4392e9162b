"""Every sentence of this procedure but those in `text_errors` and `xml_errors`: what is wrong and what to do, Vietnamese first.

D02-0xx speak of the file and its cells, D02-1xx are findings about a line.
"""

from bhxh.kernel.errors import define

# -- the file ---------------------------------------------------------------------------------------------------
NOT_A_WORKBOOK = define(
    "D02-001",
    "Tệp này không phải bảng tính Excel .xlsx. Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu “Excel Workbook (.xlsx)”, rồi gửi lại.",
    "This file is not an Excel .xlsx workbook. Open it in Excel, choose Save As, type “Excel Workbook (.xlsx)”, and send it again.",
)
HAS_PASSWORD = define(
    "D02-002",
    "Tệp Excel này có mật khẩu hoặc là kiểu cũ .xls nên không đọc được. Bỏ mật khẩu, lưu thành .xlsx rồi gửi lại.",
    "This Excel file has a password or is an old .xls, so it cannot be read. Remove the password, save it as .xlsx, and send it again.",
)
HAS_MACROS = define(
    "D02-003",
    "Tệp Excel này có macro (.xlsm). Lưu thành kiểu “Excel Workbook (.xlsx)” không có macro rồi gửi lại.",
    "This Excel file has macros (.xlsm). Save it as “Excel Workbook (.xlsx)” without macros and send it again.",
)
FILE_TOO_LARGE = define(
    "D02-004",
    "Tệp nặng {size_mb} MB, tối đa {limit_mb} MB. Xóa hình ảnh và trang tính không dùng, hoặc chia danh sách thành nhiều tệp.",
    "The file has {size_mb} MB, the limit is {limit_mb} MB. Delete pictures and unused sheets, or split the list into several files.",
)
FILE_UNPACKS_TOO_LARGE = define(
    "D02-005",
    "Tệp giải nén ra quá lớn nên bị từ chối để bảo vệ hệ thống. Chép danh sách sang tệp mẫu mới rồi gửi lại.",
    "The file unpacks to too much data and was refused to protect the system. Copy the list into a fresh template and send it again.",
)
FILE_DAMAGED = define(
    "D02-006",
    "Tệp Excel bị hỏng hoặc gửi chưa trọn. Mở bằng Excel, lưu lại thành .xlsx rồi gửi lại.",
    "The Excel file is damaged or arrived incomplete. Open it in Excel, save it again as .xlsx, and send it again.",
)
NO_DATA_SHEET = define(
    "D02-007",
    "Không tìm thấy bảng D02 trong tệp: không trang tính nào có dòng mã trường HoTen, MasoBHXH, PA. "
    "Dùng tệp mẫu D02-TK1 và giữ nguyên ba dòng tiêu đề.",
    "No D02 table was found in the file: no sheet has the field codes HoTen, MasoBHXH, PA in a row. "
    "Use the D02-TK1 template and keep its three header rows.",
)
NO_ROWS = define(
    "D02-008",
    "Trang “{sheet}” chưa có dòng nào được điền. Một dòng được tính khi có Họ tên hoặc Mã phương án.",
    "Sheet “{sheet}” has no filled row. A row counts when it has a name or a change code.",
)
TOO_MANY_ROWS = define(
    "D02-009",
    "Danh sách có hơn {limit} dòng. Chia thành nhiều tệp, mỗi tệp tối đa {limit} dòng.",
    "The list has more than {limit} rows. Split it into several files of at most {limit} rows.",
)
SHEET_TOO_WIDE = define(
    "D02-010",
    "Trang tính có dữ liệu nằm rất xa bảng (ô {cell}). Xóa các dòng, cột thừa bên dưới và bên phải bảng rồi gửi lại.",
    "The sheet has data very far from the table (cell {cell}). Delete the spare rows and columns below and right of it and send it again.",
)

# -- cells ------------------------------------------------------------------------------------------------------
FORMULA_WITHOUT_VALUE = define(
    "D02-020",
    "Ô {cell} là công thức chưa được tính. Mở tệp bằng Excel, chờ tính xong và lưu lại, hoặc nhập thẳng giá trị.",
    "Cell {cell} is a formula that was never calculated. Open the file in Excel, let it calculate and save it, or type the value.",
)
CELL_IS_ERROR = define(
    "D02-021",
    "Ô {cell} đang báo lỗi của Excel ({value}). Nhập thẳng giá trị vào ô này.",
    "Cell {cell} shows an Excel error ({value}). Type the value into the cell.",
)
NOT_A_MONTH = define(
    "D02-022",
    "{label}: “{value}” không phải là tháng. Ghi tháng/năm, ví dụ 11/2026.",
    "{label}: “{value}” is not a month. Write month/year, for example 11/2026.",
)
NOT_A_DATE = define(
    "D02-023",
    "{label}: “{value}” không phải là ngày. Ghi ngày/tháng/năm, ví dụ 05/11/2026.",
    "{label}: “{value}” is not a date. Write day/month/year, for example 05/11/2026.",
)
NOT_AN_AMOUNT = define(
    "D02-024",
    "{label}: “{value}” không phải là số tiền. Ghi số đồng, ví dụ 14500000 hoặc 14.500.000.",
    "{label}: “{value}” is not an amount. Write whole dong, for example 14500000 or 14.500.000.",
)
DIGITS_LOST = define(
    "D02-025",
    "{label}: “{value}” đã bị Excel đổi thành số và mất chữ số. Định dạng ô là Văn bản (Text) rồi nhập lại đủ 12 chữ số.",
    "{label}: Excel turned “{value}” into a number and lost digits. Format the cell as Text and type all 12 digits again.",
)
BAD_IDENTIFIER = define(
    "D02-026",
    "{label}: “{value}” không phải số định danh. Số định danh có 12 chữ số, ví dụ 079188000123.",
    "{label}: “{value}” is not a personal number. It has 12 digits, for example 079188000123.",
)
BAD_SEX = define(
    "D02-027",
    "{label}: “{value}” không đọc được. Ghi 1 hoặc Nam, 0 hoặc Nữ.",
    "{label}: “{value}” cannot be read. Write 1 or Nam for male, 0 or Nữ for female.",
)
BAD_YES_NO = define(
    "D02-028",
    "{label}: “{value}” không đọc được. Ghi 1 nếu có, 0 nếu không.",
    "{label}: “{value}” cannot be read. Write 1 for yes, 0 for no.",
)
UNKNOWN_CHANGE_CODE = define(
    "D02-029",
    "Không có phương án “{value}”. Chọn trong danh sách ở cột Phương án, ví dụ TM - Tăng mới.",
    "There is no change code “{value}”. Choose one from the drop-down, for example TM (new worker).",
)
UNKNOWN_DECLARATION_TYPE = define(
    "D02-030",
    "Không có loại khai báo “{value}”. Ghi 1 Tăng lao động, 2 Tăng mức lương, 3 Giảm lao động, 4 Giảm mức lương hoặc 5 Khác.",
    "There is no declaration type “{value}”. Write 1 more workers, 2 higher wage, 3 fewer workers, 4 lower wage or 5 other.",
)
TEXT_TOO_LONG = define(
    "D02-031",
    "{label} dài {length} ký tự, tối đa {limit}. Viết ngắn lại.",
    "{label} has {length} characters, the limit is {limit}. Shorten it.",
)
NOT_A_DECIMAL = define(
    "D02-032",
    "{label}: “{value}” không phải là số. Dùng dấu phẩy cho phần lẻ, ví dụ 32,5.",
    "{label}: “{value}” is not a number. Use a comma for decimals, for example 32,5.",
)
CHANGE_CODE_MISSING = define(
    "D02-034",
    "Chọn phương án cho dòng này, ví dụ TM - Tăng mới.",
    "Choose a change code for this row, for example TM (new worker).",
)
UNKNOWN_REGION = define(
    "D02-035",
    "{label}: “{value}” không có. Ghi 01, 02, 03 hoặc 04.",
    "{label}: “{value}” does not exist. Write 01, 02, 03 or 04.",
)

# -- findings: who ----------------------------------------------------------------------------------------------
LOST_ZERO = define(
    "D02-101",
    "Số “{written}” chỉ có {digits} chữ số, có thể Excel đã bỏ số 0 ở đầu. Nếu đúng là {proposed}, bấm xác nhận; "
    "nếu không, định dạng ô là Văn bản và nhập lại.",
    "“{written}” has only {digits} digits: Excel may have dropped the leading 0. If {proposed} is right, confirm it; "
    "otherwise format the cell as Text and enter it again.",
)
LOST_ZERO_CONFIRMED = define(
    "D02-102",
    "Đơn vị đã xác nhận số định danh là {proposed} (trong tệp ghi “{written}”).",
    "The employer confirmed the personal number {proposed} (the file says “{written}”).",
)
TWO_NUMBERS = define(
    "D02-103",
    "Mã số BHXH và CMND là hai số định danh khác nhau. Từ 01/8/2025 hai ô này là cùng một số 12 chữ số; giữ lại số đúng.",
    "The social insurance code and the identity number are two different personal numbers. Since 1 August 2025 both are the same "
    "12 digits; keep the right one.",
)
NUMBER_MISSING = define(
    "D02-104",
    "Nhập số định danh cá nhân 12 chữ số của người lao động.",
    "Enter the worker's 12-digit personal number.",
)
LEGACY_NUMBER = define(
    "D02-105",
    "Chỉ có số cũ {written}, chưa nối được với một người có đúng họ tên và ngày sinh này. Ghi số định danh 12 chữ số (hoặc đủ họ tên, "
    "ngày sinh) để được giải quyết ngay; nếu không, cán bộ sẽ tra cứu.",
    "Only the old number {written} is given, and it could not be linked to a person with this name and birth date. Enter the 12 digits "
    "(or the full name and birth date) to be served at once; otherwise an officer will look it up.",
)
OLD_NUMBER_LINKED = define(
    "D02-116",
    "Số cũ {written} đã được nối với số định danh của người này; họ tên và ngày sinh khớp. Đơn vị không phải tìm số mới.",
    "The old number {written} was linked to this person's personal number; name and birth date agree. You need not look it up.",
)
SPARE_NUMBER_IGNORED = define(
    "D02-106",
    "Ô CMND ghi “{written}” không đúng dạng nên không dùng đến; chúng tôi dùng Mã số BHXH.",
    "The identity number “{written}” is malformed and was not used; the social insurance code was.",
)
OTHER_CUSTODIAN = define(
    "D02-107",
    "Dữ liệu của người này do Bộ Quốc phòng hoặc Bộ Công an quản lý. Hệ thống này không được mở hay sửa sổ của họ; "
    "nộp dòng này cho cơ quan bảo hiểm xã hội của bộ đó.",
    "This person's data are kept by the ministry of defence or of public security. This installation may not open or change their book; "
    "file this line with that ministry's social insurance office.",
)
NOBODY = define(
    "D02-108",
    "Cơ sở dữ liệu quốc gia về dân cư không có số định danh này. Đối chiếu lại với thẻ căn cước của người lao động.",
    "The national population database does not have this personal number. Compare it with the worker's identity card.",
)
NOT_IN_REGISTER_BUT_KNOWN = define(
    "D02-109",
    "Cơ sở dữ liệu quốc gia về dân cư chưa có người này, nhưng họ đã có sổ ở đây. Cán bộ sẽ kiểm tra và báo đơn vị.",
    "The population database does not have this person, but they have a book here. An officer will check and tell you.",
)
DIFFERS_FROM_REGISTER = define(
    "D02-110",
    "{label} trong danh sách khác với Cơ sở dữ liệu quốc gia về dân cư. Kiểm tra lại; nếu danh sách đúng, cán bộ sẽ xem xét. "
    "Quyền lợi của người lao động không bị chặn vì điều này.",
    "{label_en} in the list differs from the national population database. Check it; if the list is right an officer will look at it. "
    "The worker's rights are not blocked by this.",
)
SAME_AS_REGISTER = define(
    "D02-111",
    "Họ tên, ngày sinh, giới tính khớp với Cơ sở dữ liệu quốc gia về dân cư.",
    "Name, birth date and sex agree with the national population database.",
)
REGISTER_SILENT = define(
    "D02-112",
    "Chưa kiểm tra được với Cơ sở dữ liệu quốc gia về dân cư. Hồ sơ vẫn được nhận; chúng tôi kiểm tra sau và báo đơn vị.",
    "The national population database cannot be reached now. The filing is accepted; we check later and tell you.",
)
DECEASED = define(
    "D02-113",
    "Theo Cơ sở dữ liệu quốc gia về dân cư, người này đã qua đời. Kiểm tra lại số định danh; nếu cần báo giảm, dùng phương án GH.",
    "According to the population database this person has died. Check the personal number; to report a leaver use change code GH.",
)
FILLED_FROM_REGISTER = define(
    "D02-114",
    "{label} không có trong danh sách; đã lấy từ {source}, đơn vị không phải khai lại.",
    "{label_en} is not in the list; it was taken from {source_en}, you need not enter it.",
)
FACT_DEMANDED = define(
    "D02-115",
    "Nhập {label} của người lao động: chưa lấy được từ cơ sở dữ liệu nào.",
    "Enter the worker's {label_en}: no register could provide it.",
)

# -- findings: what ---------------------------------------------------------------------------------------------
CODE_NOT_ALLOWED = define(
    "D02-120",
    "Phương án {change_code} không dùng được với loại khai báo {declaration_type}. Chọn loại {allowed}, hoặc chọn phương án khác.",
    "Change code {change_code} may not stand with declaration type {declaration_type}. Choose type {allowed}, or another code.",
)
CODE_FOR_OFFICER = define(
    "D02-121",
    "Với loại khai báo của dòng này, chưa rõ phương án {change_code} tăng hay giảm quỹ nào. Cán bộ sẽ xem xét; "
    "chọn loại khai báo khác nếu có thể.",
    "With this line's declaration type it is not clear what {change_code} adds or takes away. An officer will look at it; "
    "choose another declaration type if you can.",
)
CODE_NOT_CARRIED_OUT = define(
    "D02-122",
    "Không thực hiện được phương án {change_code} ở dòng {line}: thiếu dữ liệu, hoặc không có gì để thay đổi. "
    "Từ chối dòng này kèm hướng dẫn.",
    "Change code {change_code} in line {line} cannot be carried out: data are missing, or there is nothing it would change. "
    "Refuse the line with advice.",
)
TWICE_IN_LIST = define(
    "D02-123",
    "Người này có ở dòng {other} với cùng phương án. Giữ một dòng.",
    "This person stands in line {other} with the same change code. Keep one line.",
)
ALREADY_HERE = define(
    "D02-124",
    "Người này đang tham gia tại đơn vị từ {since}. Không cần báo tăng; nếu đổi lương, dùng phương án DC.",
    "This person has been insured with you since {since}. No need to declare again; for a wage change use DC.",
)
NOT_HERE = define(
    "D02-125",
    "Đơn vị không có người này đang tham gia, nên không thực hiện được phương án {change_code}. Kiểm tra số định danh và đơn vị nộp.",
    "This person is not insured with your organisation, so {change_code} cannot be carried out. Check the number and the filing unit.",
)
SECOND_CONTRACT = define(
    "D02-126",
    "Người này đang đóng ở đơn vị khác. Các tháng đã tính ở đó được ghi vào sổ là không tính lại (mỗi tháng chỉ tính một lần).",
    "This person contributes with another employer. Months counted there are written in the book as not counted again.",
)

FUND_ALREADY_PAID = define(
    "D02-127",
    "Các tháng này đã đóng {fund} rồi. Xem lại tháng, hoặc bỏ dòng này.",
    "These months already pay {fund_en}. Check the months, or remove this line.",
)
FUND_NOT_PAID = define(
    "D02-128",
    "Các tháng này không đóng {fund}, nên không giảm được. Xem lại tháng, hoặc bỏ dòng này.",
    "These months do not pay {fund_en}, so it cannot be left. Check the months, or remove this line.",
)

OVERLAPS_IN_LIST = define(
    "D02-129",
    "Người này đã được báo tăng ở dòng {other} cho các tháng trùng với dòng này. Giữ một dòng, hoặc sửa tháng.",
    "This person already joins in line {other} for months that overlap with this line. Keep one line, or correct the months.",
)

# -- findings: when ---------------------------------------------------------------------------------------------
MONTH_MISSING = define("D02-130", "Nhập “Từ tháng”, ví dụ 11/2026.", "Enter “from month”, for example 11/2026.")
MONTH_IN_FUTURE = define(
    "D02-131",
    "Từ tháng {month} ở sau kỳ kê khai {period}. Nộp dòng này vào kỳ của tháng đó.",
    "From month {month} lies after the declared period {period}. File this line in that month's period.",
)
BEFORE_FIFTEEN = define(
    "D02-132",
    "Từ tháng {month}, người lao động chưa đủ 15 tuổi. Kiểm tra lại tháng và ngày sinh.",
    "In {month} the worker was not yet 15. Check the month and the birth date.",
)
MONTHS_REVERSED = define(
    "D02-133",
    "“Đến tháng” {to_month} phải từ {month} trở đi.",
    "“To month” {to_month} must not lie before {month}.",
)
TOO_FAR_BACK = define(
    "D02-134",
    "Từ tháng {month} sớm hơn kỳ kê khai hơn {limit} tháng: có thể là truy đóng. Cán bộ sẽ xem xét.",
    "From month {month} lies more than {limit} months before the period: it may be a back payment. An officer will look at it.",
)

PERIOD_IN_FUTURE = define(
    "D02-135",
    "Kỳ kê khai {period} ở sau tháng nộp hồ sơ hơn {limit} tháng. Nộp vào kỳ của tháng đó, hoặc sửa kỳ kê khai.",
    "The declared period {period} lies more than {limit} month after the month of filing. File it in that month, or correct the period.",
)

SICK_IN_FIRST_MONTH = define(
    "D02-136",
    "Tháng {month} là tháng đầu làm việc hoặc trở lại làm việc: nghỉ ốm thì vẫn đóng, nghỉ không lương thì dùng KL. Cán bộ sẽ hỏi lại.",
    "{month} is the first month of work or of coming back: sick leave is still contributed, for unpaid leave use KL. An officer will ask.",
)

# -- findings: how much -----------------------------------------------------------------------------------------
WAGE_MISSING = define("D02-140", "Nhập tiền lương làm căn cứ đóng, ví dụ 14.500.000.", "Enter the wage contributions are based on.")
BELOW_FLOOR = define(
    "D02-141",
    "Tiền lương {wage} đồng thấp hơn mức đóng thấp nhất {floor} đồng của tháng {month}. Ghi mức lương từ {floor} đồng trở lên.",
    "The wage {wage} VND is below the lowest contribution base {floor} VND of {month}. Enter at least {floor} VND.",
)
BELOW_REGIONAL_MINIMUM = define(
    "D02-142",
    "Tiền lương {wage} đồng thấp hơn lương tối thiểu vùng {region} ({minimum} đồng). Dòng vẫn được nhận; kiểm tra lại hợp đồng.",
    "The wage {wage} VND is below the minimum wage of region {region} ({minimum} VND). The line is accepted; check the contract.",
)
WAGE_IN_ORDER = define(
    "D02-143",
    "Tiền lương đóng {wage} đồng, từ mức thấp nhất {floor} đồng trở lên.",
    "The contribution wage {wage} VND is not below the lowest base {floor} VND.",
)
ABOVE_CAP = define(
    "D02-144",
    "Tiền lương {wage} đồng cao hơn mức đóng cao nhất; đóng trên {cap} đồng.",
    "The wage {wage} VND is above the cap; contributions are computed on {cap} VND.",
)
WAGE_IS_COEFFICIENT = define(
    "D02-145",
    "Hệ số lương {coefficient} cùng phụ cấp, nhân mức tham chiếu của từng tháng: tháng {month} là {wage} đồng.",
    "Pay coefficient {coefficient} with allowances, times the reference level of each month: {wage} VND in {month}.",
)
WAGE_NOT_CHANGED = define(
    "D02-146",
    "Phương án {change_code} không đổi tiền lương: vẫn tính trên {wage} đồng. Muốn đổi lương, thêm một dòng DC.",
    "{change_code} does not change the wage: {wage} VND stays. To change it, add a line with DC.",
)
NO_INCREASE = define(
    "D02-147",
    "Các tháng này đã đóng trên mức lương từ {wage} đồng trở lên, nên không có gì để truy đóng. Nếu lương thấp hơn, dùng phương án SB.",
    "These months were already paid on {wage} VND or more, so there is nothing to pay. For a lower wage use SB.",
)
NOTHING_TO_CUT = define(
    "D02-148",
    "Từ tháng {month}, đơn vị chưa đóng tháng nào cho người này, nên không có gì để giảm.",
    "No month from {month} on was paid for this person by your organisation, so there is nothing to take back.",
)
NO_DECREASE = define(
    "D02-149",
    "Tiền lương {wage} đồng không thấp hơn mức đã đóng của các tháng này. Nếu lương cao hơn, dùng phương án AD.",
    "The wage {wage} VND is not lower than what these months were paid on. For a higher wage use AD.",
)

# -- findings: the employer -------------------------------------------------------------------------------------
EMPLOYER_CEASED = define(
    "D02-150",
    "Theo cơ sở dữ liệu đăng ký doanh nghiệp, đơn vị không còn hoạt động. Cán bộ sẽ xem xét.",
    "According to the business register the organisation is no longer active. An officer will look at it.",
)
BUSINESS_REGISTER_SILENT = define(
    "D02-151",
    "Chưa đối chiếu được với cơ sở dữ liệu đăng ký doanh nghiệp; dùng thông tin đơn vị đã có.",
    "The business register could not be asked; what is already known of the organisation was used.",
)

# -- findings: the law's figures ---------------------------------------------------------------------------------
FIGURES_TOO_OLD = define(
    "D02-152",
    "Tháng {month} sớm hơn các mức đóng mà hệ thống có số liệu. Cán bộ sẽ xem xét.",
    "{month} is earlier than the contribution limits this system has figures for. An officer will look at it.",
)
NO_WRONG_LINES = define(
    "D02-049",
    "Danh sách này không có dòng nào sai để sửa và nộp lại.",
    "No line of this list is wrong and to be filed again.",
)
