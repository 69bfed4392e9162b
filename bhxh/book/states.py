"""What state a book can be in and how it may go on. Law: decree-164 section 6.3 (assumed, from R-120 to R-138)."""

from enum import StrEnum


class BookState(StrEnum):
    """State of one person's book; paper copies are a side process and never change it."""

    NONE = "NONE"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED_ONE_OFF = "CLOSED_ONE_OFF"
    CLOSED_DECEASED = "CLOSED_DECEASED"
    MERGED = "MERGED"


FOLLOWING: dict[BookState, frozenset[BookState]] = {
    BookState.NONE: frozenset({BookState.ACTIVE}),
    BookState.ACTIVE: frozenset({BookState.SUSPENDED, BookState.CLOSED_ONE_OFF, BookState.CLOSED_DECEASED, BookState.MERGED}),
    BookState.SUSPENDED: frozenset({BookState.ACTIVE, BookState.CLOSED_ONE_OFF, BookState.CLOSED_DECEASED, BookState.MERGED}),
    BookState.CLOSED_ONE_OFF: frozenset(),
    BookState.CLOSED_DECEASED: frozenset(),
    BookState.MERGED: frozenset(),
}
"""Complete: every state has its row; an empty row is an end."""

NAMES: dict[BookState, tuple[str, str]] = {
    BookState.NONE: ("Chưa cấp sổ", "Not issued"),
    BookState.ACTIVE: ("Đang sử dụng", "Active"),
    BookState.SUSPENDED: ("Tạm thu hồi", "Temporarily withdrawn"),
    BookState.CLOSED_ONE_OFF: ("Đã đóng: hưởng một lần", "Closed: one-off payment"),
    BookState.CLOSED_DECEASED: ("Đã đóng: người tham gia qua đời", "Closed: holder deceased"),
    BookState.MERGED: ("Đã gộp vào sổ khác", "Merged into another book"),
}
