"""What somebody may ask about their own data, and by when it has to be done. Pure.

Law:  Law 91/2025/QH15 and Decree 356/2025/ND-CP as decree-164 section 2.6 tells them: an answer within two working days; withdrawing a
      consent, restricting and objecting within 15 days, 20 where somebody else processes or holds the data; one extension of 15 days.
      For the other kinds no number was found; the same ones are taken (assumed).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

ANSWER_WORKING_DAYS: Final = 2
EXTENSION_DAYS: Final = 15
_DAYS, _DAYS_WITH_OTHERS = 15, 20


class DataRequestKind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """A kind in words."""

    vi: str
    en: str


KIND_WORDS: Final[dict[DataRequestKind, KindWords]] = {
    DataRequestKind.ACCESS: KindWords(vi="xem, nhận bản sao dữ liệu", en="see the data, receive a copy"),
    DataRequestKind.CORRECTION: KindWords(vi="đính chính dữ liệu", en="have data corrected"),
    DataRequestKind.ERASURE: KindWords(vi="xóa dữ liệu", en="have data erased"),
    DataRequestKind.RESTRICTION: KindWords(vi="hạn chế xử lý", en="restrict processing"),
    DataRequestKind.OBJECTION: KindWords(vi="phản đối xử lý", en="object to processing"),
    DataRequestKind.CONSENT_WITHDRAWAL: KindWords(vi="rút lại sự đồng ý", en="withdraw a consent"),
    DataRequestKind.COMPLAINT: KindWords(vi="khiếu nại về dữ liệu cá nhân", en="complain about personal data"),
}


def done_on(received_on: date, *, are_others_concerned: bool) -> date:
    """The last day on which the request is done in time.

    >>> done_on(date(2026, 11, 2), are_others_concerned=False)
    datetime.date(2026, 11, 17)
    """
    return received_on + timedelta(days=_DAYS_WITH_OTHERS if are_others_concerned else _DAYS)


def extended(done_on: date) -> date:
    """The new last day after the one extension.

    >>> extended(date(2026, 11, 17))
    datetime.date(2026, 12, 2)
    """
    return done_on + timedelta(days=EXTENSION_DAYS)
