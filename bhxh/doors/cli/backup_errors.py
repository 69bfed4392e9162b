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
BAK_NO_CHECKPOINT = define(
    "BAK-007",
    "Thêm --checkpoint TỆP: gốc nhật ký công bố gần nhất, đã lưu ở nơi khác (từ /api/v1/open/log/head). Không có nó thì không biết bản sao lưu "
    "có thiếu hay khác điều đã công bố không.",
    "Add --checkpoint FILE: the last published head of the log as it was kept elsewhere (from /api/v1/open/log/head). Without it nobody knows "
    "whether the copy lacks or changes what was published.",
)
BAK_OLDER_THAN_PUBLISHED = define(
    "BAK-008",
    "Nhật ký đã công bố có {published} dòng, bản sao lưu chỉ có {size}. Dùng bản mới hơn; nếu không còn bản nào, khôi phục dưới gốc đã công bố khi sao lưu "
    "và báo cho mọi người biết điều gì bị mất.",
    "The published log has {published} rows, the copy only {size}. Use a later copy; where there is none, restore under the head published when the "
    "copy was taken, and tell everybody what is lost.",
)
BAK_EMPTY_LOG = define(
    "BAK-006",
    "Nhật ký còn trống nên không có gì để chứng minh bản sao lưu.",
    "The log is empty, so there is nothing to prove a backup by.",
)
