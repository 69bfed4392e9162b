"""Sentences of this procedure: CCH-00x of the form, CCH-10x findings about the book, CCH-11x about its months, CCH-12x of the effects."""

from bhxh.kernel.errors import define

CCH_NOT_READABLE = define(
    "CCH-001",
    "Không đọc được đề nghị: kiểm tra lại mục {reason}.",
    "The request cannot be read: check {reason} again.",
)
CCH_NO_PERSON = define(
    "CCH-101",
    "Chưa có dữ liệu bảo hiểm nào mang số định danh này, nên chưa có sổ để ghi thêm. Mang sổ giấy đến cơ quan bảo hiểm xã hội gần nhất.",
    "Nothing is held under this personal number, so there is no book to complete. Take the paper book to the nearest insurance office.",
)
CCH_WAITING = define(
    "CCH-102",
    "Đã nhận các trang sổ. Cán bộ chuyển đổi có chứng nhận, rồi hai người nhập độc lập; chưa có gì thay đổi. Lời người nộp: “{words}”.",
    "The pages have arrived. Officers certify them, then two type them independently; nothing is changed yet. In the filer's words: “{words}”.",
)
CCH_ENTERED = define(
    "CCH-103",
    "Hai cán bộ đã nhập độc lập từ bản chuyển đổi {digest}: {lines} dòng, {months} tháng; khác nhau {differences} chỗ, đã thống nhất.",
    "Two officers typed the converted original {digest} independently: {lines} lines, {months} months; {differences} differences, settled.",
)
CCH_PEOPLE_DECIDE = define(
    "CCH-104",
    "Ghi thêm quá trình đóng theo giấy tờ luôn do hai cán bộ quyết định.",
    "Contributions that are entered from paper are always decided by two officers.",
)
CCH_USED = define(
    "CCH-105",
    "Đã có quyết định hưởng: {schemes_vi}. Kiểm tra thời gian trong sổ giấy đã được tính hưởng chưa.",
    "There are awards already: {schemes_en}. Find out whether the time in the paper book was counted for them.",
)
CCH_NEW = define(
    "CCH-111",
    "Ghi thêm {count} tháng chưa có trong cơ sở dữ liệu: {spans}.",
    "{count} months that the database does not have are added: {spans}.",
)
CCH_SAME = define(
    "CCH-112",
    "{count} tháng đã có và trùng khớp, giữ nguyên: {spans}.",
    "{count} months are there already and agree; they stay as they are: {spans}.",
)
CCH_CORRECTED = define(
    "CCH-113",
    "{count} tháng đã có tại cùng đơn vị nhưng mức lương khác: {spans}. Nếu chấp thuận, dòng cũ được hủy và ghi lại theo sổ.",
    "{count} months are there at the same unit with another wage: {spans}. If granted, the old lines are taken back and written as in the book.",
)
CCH_ELSEWHERE = define(
    "CCH-114",
    "{count} tháng đã tính đóng tại đơn vị khác: {spans}. Nếu chấp thuận, được ghi nhưng không tính thêm.",
    "{count} months are counted at another unit: {spans}. If granted, they are written down and count no second time.",
)
CCH_LEFT = define(
    "CCH-115",
    "{count} tháng đã có, sổ không ghi mã đơn vị và mức lương khác: {spans}. Giữ nguyên như trong cơ sở dữ liệu.",
    "{count} months are there, the book names no unit code and another wage: {spans}. They stay as the database has them.",
)
CCH_NOTHING_ENTERED = define(
    "CCH-121",
    "Sổ giấy chưa được hai người nhập và thống nhất. Nhập xong rồi phê duyệt.",
    "The paper book has not been typed twice and agreed on yet. Finish that, then approve.",
)
CCH_CONVERSION_WITHDRAWN = define(
    "CCH-122",
    "Bản chuyển đổi của sổ giấy đã bị thu hồi. Bỏ bản nhập, chuyển đổi lại rồi nhập lại.",
    "The conversion of the paper book was withdrawn. Discard the transcript, convert the book again and type it anew.",
)
