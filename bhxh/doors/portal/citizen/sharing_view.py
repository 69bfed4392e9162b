"""Requests for a person's data and what they granted, as the pages show them, in the language that is spoken. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bhxh.access import data_catalogue
from bhxh.access.consents import PURPOSE_WORDS, ConsentRequestView, ConsentStatus, ConsentView, RequestState, last_day
from bhxh.access.data_catalogue import FIELDS, HEADINGS
from bhxh.web.languages import in_words, spoken
from bhxh.web.moments import instant

_STATES: Final[dict[RequestState, tuple[str, str, str]]] = {
    RequestState.WAITING: ("Chờ bạn trả lời", "Waits for you", "wait"),
    RequestState.GRANTED: ("Đã đồng ý", "Granted", "ok"),
    RequestState.REFUSED: ("Đã từ chối", "Refused", "plain"),
    RequestState.CANCELLED: ("Bên hỏi đã rút", "Taken back by who asked", "plain"),
    RequestState.LAPSED: ("Hết hạn trả lời", "Lapsed", "plain"),
}
_STATUSES: Final[dict[ConsentStatus, tuple[str, str, str]]] = {
    ConsentStatus.GIVEN: ("Đang chia sẻ", "Shared now", "ok"),
    ConsentStatus.WITHDRAWN: ("Bạn đã dừng", "Stopped by you", "plain"),
    ConsentStatus.EXPIRED: ("Đã hết hạn", "Ended", "plain"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: who, for what, why, which parts, until when."""

    address: str
    who: str
    contact: str
    notice_url: str
    purpose: str
    reason: str
    parts: tuple[str, ...]
    """One line a group."""
    choices: tuple[tuple[str, str], ...]
    """(name, words) of each part by itself."""
    tells_money: bool
    on: str
    until: str
    until_on: date
    answer_by: str
    asked_at: str
    state: str
    state_kind: str
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """One consent."""

    address: str
    consent_id: str
    who: str
    contact: str
    purpose: str
    parts: tuple[str, ...]
    until: str
    granted_at: str
    withdrawn_at: str
    status: str
    status_kind: str
    is_live: bool


def asked_of(view: ConsentRequestView) -> Asked:
    """A request as its person reads it before deciding."""
    vi, en, kind = _STATES[view.state]
    return Asked(
        address=f"/chia-se/yeu-cau/{view.request_id}",
        who=view.requester.name,
        contact=view.requester.contact,
        notice_url=view.requester.notice_url,
        purpose=in_words(PURPOSE_WORDS[view.purpose]),
        reason=view.reason,
        parts=data_catalogue.in_words(view.fields, spoken()),
        choices=tuple((name, _part(name)) for name in view.fields),
        tells_money=any(FIELDS[name].tells_money for name in view.fields),
        on=_day(view.on) if view.on else "",
        until=_day(last_day(view.until_on)),
        until_on=last_day(view.until_on),
        answer_by=instant(view.lapses_at),
        asked_at=instant(view.asked_at),
        state=in_words((vi, en)),
        state_kind=kind,
        is_waiting=view.state is RequestState.WAITING,
    )


def granted_of(view: ConsentView, at: datetime) -> Granted:
    """A consent as its person sees it at an instant."""
    status = view.status(at)
    vi, en, kind = _STATUSES[status]
    return Granted(
        address=f"/chia-se/dong-y/{view.consent_id}",
        consent_id=str(view.consent_id),
        who=view.requester.name,
        contact=view.requester.contact,
        purpose=in_words(PURPOSE_WORDS[view.purpose]),
        parts=data_catalogue.in_words(view.fields, spoken()),
        until=_day(last_day(view.until_on)),
        granted_at=instant(view.granted_at),
        withdrawn_at=instant(view.withdrawn_at) if view.withdrawn_at else "",
        status=in_words((vi, en)),
        status_kind=kind,
        is_live=status is ConsentStatus.GIVEN,
    )


def _part(name: str) -> str:
    field = FIELDS[name]
    money = in_words((" (có số tiền)", " (amounts of money)")) if field.tells_money else ""
    return f"{in_words(HEADINGS[field.group])}: {in_words((field.vi, field.en))}{money}"


def _day(on: date) -> str:
    return on.strftime("%d/%m/%Y")
