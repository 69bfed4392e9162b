"""A health card as its holder sees it on a day, in the language that is spoken. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bhxh.book.presenting import birth_shown, day_shown, present_card, spaced
from bhxh.book.words import CARD_STATES
from bhxh.web.languages import in_words
from bhxh.web.qr import Qr

_ADVICE: Final[dict[str, tuple[str, str]]] = {
    "EXPIRED": (
        "Thẻ đã hết hạn. Nếu bạn đang đi làm, đơn vị gia hạn cho bạn; nếu không, hỏi cơ quan bảo hiểm xã hội nơi bạn ở.",
        "The card has expired. If you work, your employer renews it; otherwise ask the social insurance office where you live.",
    ),
    "TEMP_LOCKED": (
        "Thẻ đang tạm khóa, thường vì đơn vị chậm đóng. Hỏi đơn vị hoặc cơ quan bảo hiểm xã hội.",
        "The card is locked for now, mostly because contributions are late. Ask your employer or the social insurance office.",
    ),
    "WITHDRAWN": ("Thẻ đã thu hồi. Lý do ở trong thư gửi bạn.", "The card was withdrawn. The reason is in the letter sent to you."),
    "REPLACED": (
        "Thẻ này đã được đổi. Thẻ mới hiện ở đây khi có hiệu lực.",
        "This card was replaced. The new one shows here once it is valid.",
    ),
    "LATER": ("Thẻ chưa đến ngày có hiệu lực.", "The card is not valid yet."),
    "VALID": (
        "Chưa tạo được mã QR cho thẻ này. Dùng căn cước để khám chữa bệnh; hỏi cơ quan bảo hiểm xã hội.",
        "There is no QR code for this card. Use your identity card at the clinic, and ask the social insurance office.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """What the templates take."""

    name: str
    code: str
    state: str
    state_kind: str
    facts: tuple[tuple[str, str, str], ...]
    """Name, value, whether it takes the whole width."""
    qr: Qr | None
    advice: str
    """What to do where it cannot be shown; empty where it can."""
    until: str
    """Empty where it is not limited."""


def view_card(
    book: Mapping[str, Any], *, on: date, qr: Qr | None, facility_of: Callable[[str], str], type_of: Callable[[str], str]
) -> CardView | None:
    """The card that counts on the day; None where the person never had one. `qr` only where a code was given. `type_of`: what the code of
    whom the card is for is called.
    """
    card, _ = present_card(book)
    if card is None:
        return None
    kind, until, person = _state(card, on.isoformat()), card.get("valid_until"), book["person"]
    named = CARD_STATES.get(kind, ("Chưa có hiệu lực", "Not valid yet"))
    facility, area, kind_of_person = (str(card.get(name) or "") for name in ("facility_code", "area_code", "participant_type"))
    return CardView(
        name=person["full_name"],
        code=spaced(card["card_code"]),
        state=in_words(named),
        state_kind="ok" if kind == "VALID" else "wait" if kind == "LATER" else "late",
        facts=(
            (in_words(("Ngày sinh", "Date of birth")), birth_shown(person["birth_on"], person.get("birth_precision", "DAY")), ""),
            (in_words(("Có giá trị từ", "Valid from")), day_shown(card.get("valid_from")), ""),
            (
                in_words(("Đến hết ngày", "Until the end of")),
                day_shown(until) if until else in_words(("không giới hạn", "not limited")),
                "",
            ),
            (in_words(("Mức hưởng", "Benefit level")), str(card.get("benefit_level") or "–"), ""),
            *((((in_words(("Khu vực", "Area")), area, ""),)) if area else ()),
            (in_words(("Đủ 5 năm liên tục từ", "Five years in a row from")), day_shown(card.get("five_year_on")), ""),
            (in_words(("Nơi khám ban đầu", "First facility")), (facility_of(facility) or facility) if facility else "–", "is-wide"),
            *(((in_words(("Đối tượng", "Insured as")), type_of(kind_of_person) or kind_of_person, "is-wide"),) if kind_of_person else ()),
        ),
        qr=qr,
        advice="" if qr is not None else in_words(_ADVICE[kind]),
        until=day_shown(until) if until else "",
    )


def _state(card: Mapping[str, Any], day: str) -> str:
    state = str(card.get("state") or "EXPIRED")
    if state != "VALID":
        return state if state in _ADVICE else "EXPIRED"
    if (card.get("valid_from") or "") > day:
        return "LATER"
    return "VALID" if card.get("valid_until") is None or day <= card["valid_until"] else "EXPIRED"
