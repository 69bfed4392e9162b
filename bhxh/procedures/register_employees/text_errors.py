"""Sentences about text that cannot be shown or was typed with old fonts, and about place codes of before July 2025. The others of this procedure: `errors`."""

from bhxh.kernel.errors import define

CHARACTERS_NOT_ALLOWED = define(
    "D02-036",
    "{label} có ký tự điều khiển không hiển thị được. Xóa ô và nhập lại.",
    "{label} has control characters that cannot be shown. Clear the cell and type it again.",
)
OLD_FONT = define(
    "D02-117",
    "{label} “{written}” gõ bằng phông chữ cũ {encoding}, không phải Unicode. Nếu đúng là “{proposed}”, bấm xác nhận dòng này; "
    "nếu không, chuyển bảng tính sang Unicode (UniKey: Ctrl+Shift+F6) hoặc gõ lại.",
    "{label_en} “{written}” is typed with an old font, {encoding_en}, not in Unicode. If it says “{proposed}”, confirm this line; "
    "otherwise convert the sheet to Unicode (UniKey: Ctrl+Shift+F6) or type it again.",
)
OLD_FONT_CONFIRMED = define(
    "D02-118",
    "Đơn vị đã xác nhận {label} là “{proposed}” (trong tệp gõ bằng phông {encoding}: “{written}”).",
    "The employer confirmed that {label_en} is “{proposed}” (the file has it in {encoding_en}: “{written}”).",
)
OLD_FONT_UNCERTAIN = define(
    "D02-119",
    "{label} “{written}” gõ bằng phông chữ cũ ({encoding}) và không đọc được chắc chắn. Chuyển bảng tính sang Unicode "
    "(UniKey: Ctrl+Shift+F6) hoặc gõ lại ô này bằng phông Unicode.",
    "{label_en} “{written}” is typed with an old font ({encoding_en}) and cannot be read with certainty. Convert the sheet to Unicode "
    "(UniKey: Ctrl+Shift+F6) or type the cell again in a Unicode font.",
)
PLACE_CODE_MAPPED = define(
    "D02-160",
    "{label} {code} ({old_name}) là mã trước 01/07/2025; nay là {new_code} {new_name}. Chúng tôi dùng mã mới, đơn vị không phải sửa.",
    "{label_en} {code} ({old_name}) is a code of before 1 July 2025; it is now {new_code} {new_name}. The new code is used, nothing to do.",
)
PLACE_CUT_UP = define(
    "D02-161",
    "{label} {code} ({old_name}) là mã trước 01/07/2025 và đã chia về nhiều nơi. Ghi một trong các mã: {candidates}; "
    "nếu nộp như vậy, cán bộ sẽ hỏi lại.",
    "{label_en} {code} ({old_name}) is a code of before 1 July 2025 and was divided. Write one of: {candidates}; "
    "if filed as it is, an officer will ask.",
)
PLACE_UNKNOWN = define(
    "D02-162",
    "{label} {code} không có trong danh mục địa giới hành chính. Dòng vẫn được nhận; kiểm tra lại mã.",
    "{label_en} {code} is in no list of administrative units. The line is accepted; check the code.",
)
