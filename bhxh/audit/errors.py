"""Sentences of the audit room."""

from bhxh.kernel.errors import define

AUD_NO_ENTRY = define(
    "AUD-001",
    "Lệnh {command} không ghi nhật ký nên không được lưu.",
    "Command {command} wrote no audit entry, so nothing was saved.",
)
AUD_OUTSIDE_COMMAND = define(
    "AUD-002",
    "Ghi nhật ký {verb} ngoài một lệnh.",
    "Audit entry {verb} written outside a command.",
)
AUD_KEY_REUSED = define(
    "AUD-003",
    "Khóa chống gửi trùng này đã dùng cho một nội dung khác. Dùng khóa mới cho nội dung mới.",
    "This idempotency key was used for different content. Use a new key for new content.",
)
