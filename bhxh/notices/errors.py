"""Sentences of the notices room."""

from bhxh.kernel.errors import define

NOT_NO_SUCH_MESSAGE = define(
    "NOT-001",
    "Không có thông báo này.",
    "There is no such notice.",
)
