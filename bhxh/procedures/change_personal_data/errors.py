"""Sentences of this procedure: CPD-00x of the form, CPD-10x findings about identity, CPD-11x about the rest, CPD-12x of the effects."""

from bhxh.kernel.errors import define

CPD_NOT_READABLE = define(
    "CPD-001",
    "Không đọc được đề nghị thay đổi: kiểm tra lại mục {reason}.",
    "The request for a change cannot be read: check {reason} again.",
)
CPD_NOTHING_ASKED = define(
    "CPD-002",
    "Chưa chọn điều gì để thay đổi. Chọn lấy lại thông tin từ dữ liệu dân cư, hoặc nhập ít nhất một thông tin mới.",
    "Nothing to change was chosen. Have the population register's values taken over, or enter at least one new value.",
)
CPD_NO_PERSON = define(
    "CPD-101",
    "Chưa có dữ liệu bảo hiểm nào mang số định danh này, nên không có gì để thay đổi. Hỏi đơn vị đang làm việc đã khai báo chưa.",
    "Nothing is held under this personal number, so there is nothing to change. Ask your employer whether you were declared.",
)
CPD_SAME = define(
    "CPD-102",
    "Họ tên, ngày sinh, giới tính đã trùng với Cơ sở dữ liệu quốc gia về dân cư; không có gì phải sửa.",
    "Name, birth date and sex agree with the population register already; nothing has to be corrected.",
)
CPD_TAKEN_OVER = define(
    "CPD-103",
    "Lấy theo Cơ sở dữ liệu quốc gia về dân cư: {fields_vi}.",
    "Taken over from the population register: {fields_en}.",
)
CPD_DIFFERS = define(
    "CPD-104",
    "Dữ liệu dân cư khác với dữ liệu bảo hiểm ở: {fields_vi}. Thay đổi này có thể ảnh hưởng quyền lợi, nên cán bộ xem trước khi ghi.",
    "The population register differs in: {fields_en}. Entitlements may depend on it, so officers look before it is recorded.",
)
CPD_NOT_IN_REGISTER = define(
    "CPD-105",
    "Cơ sở dữ liệu quốc gia về dân cư không có số định danh này. Cán bộ xem xét; người nộp có thể hỏi công an nơi cư trú.",
    "The population register does not know this personal number. Officers look into it; the police at your residence can tell you more.",
)
CPD_NOT_ASKED = define(
    "CPD-106",
    "Chưa hỏi được Cơ sở dữ liệu quốc gia về dân cư. Hệ thống hỏi lại; người nộp không phải làm gì.",
    "The population register could not be asked. It will be asked again; nothing need be done.",
)
CPD_DECEASED = define(
    "CPD-107",
    "Dữ liệu dân cư ghi người này đã mất. Cán bộ xem xét.",
    "The population register says that this person has died. Officers look into it.",
)
CPD_NUMBER_DIFFERS = define(
    "CPD-108",
    "Số định danh cho thấy năm sinh hoặc giới tính khác với dữ liệu dân cư. Chỉ ghi nhận, không cản trở.",
    "The personal number suggests another birth year or sex than the register says. Noted; it stands in nobody's way.",
)
CPD_RECORDED = define(
    "CPD-111",
    "Ghi theo lời người nộp: {fields_vi}.",
    "Recorded as the filer says: {fields_en}.",
)
CPD_NO_WARD = define(
    "CPD-112",
    "Không có xã, phường nào mang mã {code} ngày {on}. Chọn lại xã, phường theo danh mục hiện hành.",
    "No commune had the code {code} on {on}. Choose the commune again from the present list.",
)
CPD_ACCOUNT = define(
    "CPD-113",
    "Ghi tài khoản ngân hàng đứng tên người nộp.",
    "The bank account in the filer's own name is recorded.",
)
CPD_ACCOUNT_IN_USE = define(
    "CPD-114",
    "Người nộp đang được chi trả trợ cấp, nên cán bộ xem lại trước khi đổi tài khoản nhận tiền.",
    "A benefit is being paid to the filer, so officers look before the account that receives it is changed.",
)
CPD_FACILITY = define(
    "CPD-115",
    "Đổi nơi khám chữa bệnh ban đầu trên thẻ bảo hiểm y tế sang cơ sở mang mã {code}.",
    "The first health facility on the insurance card becomes the one with the code {code}.",
)
CPD_NO_FACILITY = define(
    "CPD-116",
    "Không có cơ sở khám chữa bệnh nào mang mã {code}. Chọn lại trong danh sách.",
    "No health facility has the code {code}. Choose it again from the list.",
)
CPD_NO_CARD = define(
    "CPD-117",
    "Chưa có thẻ bảo hiểm y tế còn hiệu lực, nên chưa chọn được nơi khám chữa bệnh ban đầu. Hỏi đơn vị hoặc nơi tham gia.",
    "There is no health insurance card in force, so no first facility can be chosen. Ask your employer or where you joined.",
)
CPD_NOTHING_TO_TAKE_OVER = define(
    "CPD-121",
    "Cơ sở dữ liệu quốc gia về dân cư chưa cho giá trị nào để lấy theo. Từ chối đề nghị, hoặc chờ có trả lời.",
    "The population register gave no values to take over. Refuse the request, or wait until it answers.",
)
