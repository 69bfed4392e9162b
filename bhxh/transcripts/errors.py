"""Sentences of the transcripts: TRN-00x of the steps, TRN-01x and 02x of the lines, TRN-03x of differences."""

from bhxh.kernel.errors import define

TRN_NOT_NOW = define(
    "TRN-001",
    "Bản nhập này đang ở trạng thái “{state}” nên không làm việc đó được nữa. Tải lại trang để xem hiện trạng.",
    "This transcript is “{state_en}”, so that can no longer be done. Load the page again to see where it stands.",
)
TRN_NOT_ENTERED_HERE = define(
    "TRN-002",
    "Hồ sơ này không có sổ giấy phải nhập, hoặc không còn chờ cán bộ. Xem lại hồ sơ.",
    "This dossier has no paper book to be typed, or waits for officers no longer. Look at the dossier again.",
)
TRN_NOT_CERTIFIED = define(
    "TRN-003",
    "Chỉ nhập từ bản chuyển đổi đã được chứng nhận của chính người nộp hồ sơ. Chuyển đổi các trang sổ trước.",
    "Only a certified conversion of the filer's own paper is typed from. Convert the pages of the book first.",
)
TRN_TWICE = define(
    "TRN-004",
    "Bạn đã nhập xong sổ này một lần. Lần nhập thứ hai phải do một người khác làm.",
    "You have entered this book once. Another person must enter it the second time.",
)
TRN_STALE = define(
    "TRN-005",
    "Lúc {at} bạn đã lưu một bản khác ở cửa sổ khác. Những gì vừa gõ vẫn còn trên trang: lưu lần nữa để giữ bản này; bản kia vẫn được lưu trữ.",
    "At {at} you saved something else in another window. What you typed is still on the page: save again to keep it; the other one stays on record.",
)
TRN_TOO_MANY_SAVES = define(
    "TRN-006",
    "Đã lưu {most} lần. Hoàn thành bản nhập, hoặc bỏ và bắt đầu lại.",
    "It was saved {most} times. Complete the entry, or discard it and begin again.",
)
TRN_FIRST_SETTLES = define(
    "TRN-007",
    "Người nhập lần thứ nhất không phân xử chỗ khác nhau. Chuyển cho người nhập thứ hai hoặc một người thứ ba.",
    "Whoever entered first does not settle the differences. Pass it to the second, or to a third person.",
)
TRN_WORDS = define(
    "TRN-008",
    "Nêu lý do trong {fewest} đến {most} ký tự.",
    "State why in {fewest} to {most} characters.",
)
TRN_NOT_READABLE = define(
    "TRN-009",
    "Còn {count} chỗ chưa đọc được trong bản nhập, chỗ đầu tiên ở dòng {row}. Sửa rồi hoàn thành lại.",
    "{count} things cannot be read yet, the first in line {row}. Correct them and complete it again.",
)
TRN_TOO_MANY_ROWS = define(
    "TRN-010",
    "Tối đa {most} dòng. Gộp các tháng liền nhau có cùng đơn vị và mức lương thành một dòng.",
    "At most {most} lines. Put months that follow each other at the same unit and wage into one line.",
)
TRN_NO_ROWS = define(
    "TRN-011",
    "Nhập ít nhất một dòng của sổ.",
    "Enter at least one line of the book.",
)
TRN_NO_MONTH = define(
    "TRN-012",
    "Dòng {row}: ghi tháng và năm, ví dụ 03/2005.",
    "Line {row}: write the month and the year, for example 03/2005.",
)
TRN_REVERSED = define(
    "TRN-013",
    "Dòng {row}: tháng cuối phải từ {first} trở đi.",
    "Line {row}: the last month must be {first} or later.",
)
TRN_FUTURE = define(
    "TRN-014",
    "Dòng {row}: tháng cuối chưa đến. Tháng muộn nhất là {last}.",
    "Line {row}: the last month has not come yet. The latest is {last}.",
)
TRN_BEFORE_RATES = define(
    "TRN-015",
    "Dòng {row}: chưa có mức đóng cho {month} với loại tham gia này. Kiểm tra lại tháng và loại tham gia.",
    "Line {row}: there are no contribution rates for {month} and this type of participant. Check both again.",
)
TRN_UNIT_CODE = define(
    "TRN-016",
    "Dòng {row}: mã đơn vị có 5 đến 10 chữ và số, ví dụ TA0001Z; sổ không ghi thì để trống.",
    "Line {row}: a unit code has 5 to 10 letters and digits, for example TA0001Z; leave it empty where the book has none.",
)
TRN_NO_UNIT = define(
    "TRN-017",
    "Dòng {row}: nhập tên đơn vị như sổ ghi.",
    "Line {row}: enter the unit's name as the book has it.",
)
TRN_NO_TYPE = define(
    "TRN-018",
    "Dòng {row}: chọn loại tham gia.",
    "Line {row}: choose the type of participant.",
)
TRN_NO_WAGE = define(
    "TRN-019",
    "Dòng {row}: nhập mức lương là hệ số, ví dụ 2,34, hoặc số tiền, ví dụ 1.200.000.",
    "Line {row}: enter the wage as a coefficient, for example 2.34, or as an amount, for example 1,200,000.",
)
TRN_NO_UNEMPLOYMENT_YET = define(
    "TRN-020",
    "Dòng {row}: trước {begin} chưa có bảo hiểm thất nghiệp. Tách dòng tại tháng đó, hoặc bỏ đánh dấu.",
    "Line {row}: there was no unemployment insurance before {begin}. Divide the line there, or take the mark away.",
)
TRN_OVERLAPS = define(
    "TRN-021",
    "Dòng {row}: trùng tháng với dòng {earlier} của cùng đơn vị.",
    "Line {row}: it covers months of line {earlier} at the same unit.",
)
TRN_UNSETTLED = define(
    "TRN-031",
    "Còn {count} chỗ khác nhau chưa chọn, chỗ đầu tiên là {first}. Chọn giá trị đúng theo sổ.",
    "{count} differences are not settled yet, the first is {first}. Choose what the book says.",
)
TRN_NO_SUCH_DIFFERENCE = define(
    "TRN-032",
    "Có giá trị gửi lên cho một chỗ mà hai bản nhập không khác nhau. Tải lại trang rồi chọn lại.",
    "A value was sent for something in which the two entries do not differ. Load the page again and choose anew.",
)
