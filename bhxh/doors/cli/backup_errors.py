"""Sentences of backup and restore."""

from bhxh.kernel.errors import define

BAK_TARGET_EXISTS = define(
    "BAK-001",
    "Thư mục {folder} đã có. Chọn thư mục mới; bản sao lưu không ghi đè.",
    "Folder {folder} exists already. Choose a new one; a backup overwrites nothing.",
)
BAK_PROGRAM_FAILED = define(
    "BAK-002",
    "Chương trình {program} dừng với mã {status}. Không có bản sao lưu hay khôi phục nào được hoàn tất.",
    "Program {program} ended with status {status}. No backup or restore was completed.",
)
BAK_PART_DAMAGED = define(
    "BAK-003",
    "Phần {part} của bản sao lưu thiếu hoặc đã thay đổi. Dùng bản sao lưu khác.",
    "Part {part} of the backup is missing or was changed. Use another backup.",
)
BAK_DATABASE_IN_USE = define(
    "BAK-004",
    "Cơ sở dữ liệu đích đã có bảng. Khôi phục vào một cơ sở dữ liệu trống.",
    "The target database already has tables. Restore into an empty one.",
)
BAK_NOT_EQUAL = define(
    "BAK-005",
    "Bản khôi phục không bằng bản sao lưu: {what}. Không đưa cơ sở dữ liệu này vào sử dụng.",
    "What was restored does not equal the backup: {what}. Do not put this database to use.",
)
BAK_EMPTY_LOG = define(
    "BAK-006",
    "Nhật ký còn trống nên không có gì để chứng minh bản sao lưu.",
    "The log is empty, so there is nothing to prove a backup by.",
)
