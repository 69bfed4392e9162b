"""What a verification says in one look: a colour, a drawing and a word that mean the same. Pure."""

from dataclasses import dataclass
from typing import Final

from bhxh.book.states import BookState
from bhxh.credentials.status_lists import Status
from bhxh.kernel.errors import NotFound, Refusal
from bhxh.web.languages import in_words


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the few answers there are."""

    kind: str
    """Of `web/components/result.html`."""
    vi: str
    en: str

    @property
    def word(self) -> str:
        """In the language that is spoken."""
        return in_words((self.vi, self.en))


GENUINE: Final = Verdict("yes", "Hợp lệ", "Valid")
REPLACED: Final = Verdict("old", "Đã có bản mới hơn", "A newer one exists")
SUSPENDED: Final = Verdict("wait", "Tạm dừng", "Suspended")
WITHDRAWN: Final = Verdict("no", "Đã thu hồi", "Withdrawn")
UNKNOWN: Final = Verdict("none", "Không tìm thấy", "Not found")
NOT_PROVEN: Final = Verdict("no", "Không xác minh được", "Not verified")
OF_STATUS: Final = {
    Status.VALID: GENUINE,
    Status.REPLACED: REPLACED,
    Status.SUSPENDED: SUSPENDED,
    Status.WITHDRAWN: WITHDRAWN,
}


def of_book(state: BookState, *, is_latest: bool) -> Verdict:
    """Of a book by how it stands now."""
    if state is BookState.SUSPENDED:
        return SUSPENDED
    if state is not BookState.ACTIVE:
        return WITHDRAWN
    return GENUINE if is_latest else REPLACED


def of_refusal(refusal: Refusal) -> Verdict:
    """Of what could not be judged."""
    return UNKNOWN if isinstance(refusal, NotFound) else NOT_PROVEN
