"""Sentences about a list as XML: D02-04x."""

from bhxh.kernel.errors import define

NOT_OUR_FORM = define(
    "D02-040",
    "Tài liệu XML không phải hồ sơ D02-TS: cần gốc Hoso và bảng D02-TS theo lược đồ đã công bố.",
    "The XML is not a D02-TS filing: it needs the root Hoso and the form D02-TS of the published schema.",
)
BAD_ELEMENT = define(
    "D02-041",
    "Dòng {stt}, trường {element}: {reason}",
    "Line {stt}, field {element}: {reason_en}",
)
TOO_MANY_LINES = define(
    "D02-042",
    "Một hồ sơ XML có tối đa {limit} dòng, tài liệu này có {count}. Chia thành nhiều đợt hoặc nộp bằng bảng tính.",
    "An XML filing has at most {limit} lines, this one has {count}. Split it into batches or file a workbook.",
)
XML_TOO_LARGE = define(
    "D02-043",
    "Tài liệu XML nặng {size_mb} MB, tối đa {limit_mb} MB. Chia thành nhiều đợt.",
    "The XML has {size_mb} MB, the limit is {limit_mb} MB. Split it into batches.",
)
TOO_MANY_BATCHES = define(
    "D02-045",
    "Danh sách cần nhiều tài liệu hơn số đợt còn lại của kỳ (đợt cuối là {limit}). Nộp với số đợt nhỏ hơn hoặc chia danh sách.",
    "The list needs more documents than there are batch numbers left in the period (the last is {limit}). File it under a smaller batch"
    " number or split the list.",
)
NOTHING_READABLE = define(
    "D02-046",
    "Không dòng nào trong danh sách đọc được nên chưa có gì để ký. Kiểm tra danh sách để xem ô nào cần sửa.",
    "No row of the list can be read, so there is nothing to sign yet. Check the list to see which cells to correct.",
)
LINE_NUMBERS_WRONG = define(
    "D02-044",
    "Số thứ tự dòng (stt) phải tăng dần và không lặp lại; xem lại dòng {stt}.",
    "Line numbers (stt) must ascend without repeats; look at line {stt}.",
)
