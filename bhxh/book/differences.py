"""What one version of a book says that the version before did not, in both languages. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bhxh.book.grouping import Period, group_periods
from bhxh.book.presenting import birth_shown, day_shown, span_shown
from bhxh.book.states import NAMES, BookState
from bhxh.book.words import CARD_STATES, SCHEMES, SEX, STATUSES
from bhxh.kernel.money import format_vnd
from bhxh.ledger.fragments import written_out

Words = tuple[str, str]
_PERSON: Final[dict[str, Words]] = {
    "full_name": ("Họ và tên", "Full name"),
    "birth_on": ("Ngày sinh", "Date of birth"),
    "sex": ("Giới tính", "Sex"),
    "nationality": ("Quốc tịch", "Nationality"),
    "pin": ("Số định danh", "Personal number"),
    "si_code": ("Mã số BHXH", "Social insurance code"),
    "passport": ("Hộ chiếu", "Passport"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: `added`, `changed` or `removed`."""

    kind: str
    vi: str
    en: str


def differences(older: Mapping[str, Any], newer: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Of two sealed payloads of one person's book; empty where it was only sealed anew."""
    return (
        *_states(older["header"], newer["header"]),
        *_persons(older["person"], newer["person"]),
        *_months(older["contributions"], newer["contributions"]),
        *_keyed(older["benefits"], newer["benefits"], ("scheme", "decision_number"), _benefit),
        *_keyed(older["settlements"], newer["settlements"], ("dossier_code", "scheme"), _settlement),
        *_keyed(older["health_cover"], newer["health_cover"], ("card_code",), _card),
        *_unemployment(older["unemployment_cover"], newer["unemployment_cover"]),
    )


def _states(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Iterator[Difference]:
    if older["state"] != newer["state"]:
        before, after = NAMES[BookState(older["state"])], NAMES[BookState(newer["state"])]
        yield Difference("changed", f"Tình trạng sổ: {before[0]} → {after[0]}", f"State of the book: {before[1]} → {after[1]}")


def _persons(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Iterator[Difference]:
    for name, (vi, en) in _PERSON.items():
        before, after = _fact(older, name), _fact(newer, name)
        if before != after:
            yield Difference("changed", f"{vi}: {before[0]} → {after[0]}", f"{en}: {before[1]} → {after[1]}")


def _fact(person: Mapping[str, Any], name: str) -> Words:
    value = str(person.get(name) or "")
    if name == "birth_on":
        value = birth_shown(value, person.get("birth_precision", "DAY"))
    return _both(SEX.get(value, value) if name == "sex" else value or "–")


def _months(older: list[Mapping[str, Any]], newer: list[Mapping[str, Any]]) -> Iterator[Difference]:
    known, lines = {line["line"] for line in older}, written_out(newer)
    reversed_n = {line["reverses"] for line in lines if line.get("reverses")}
    added = [line for line in lines if line["line"] not in known and not line.get("reverses") and line["line"] not in reversed_n]
    gone = {line["reverses"] for line in lines if line["line"] not in known and line.get("reverses") in known}
    for period in group_periods(line for line in lines if line["line"] in gone):
        yield Difference("removed", "Bỏ " + _told(period)[0], "Taken out: " + _told(period)[1])
    for period in group_periods(added):
        yield Difference("added", "Thêm " + _told(period)[0], "Added: " + _told(period)[1])


def _told(period: Period) -> Words:
    span, wage = span_shown(period.first, period.last), format_vnd(period.base_vnd)
    months = "1 month" if period.months == 1 else f"{period.months} months"
    return (
        f"{period.months} tháng đóng ({span}) tại {period.unit_name}, tiền lương {wage} đồng",
        f"{months} ({span}) at {period.unit_name}, wage {wage.in_english} VND",
    )


def _keyed(older: list[Mapping[str, Any]], newer: list[Mapping[str, Any]], key: tuple[str, ...], words: Any) -> Iterator[Difference]:
    before = {tuple(one[name] for name in key): one for one in older}
    for one in newer:
        was = before.get(tuple(one[name] for name in key))
        if was != one:
            vi, en = words(one)
            yield Difference("changed", f"Sửa {vi}", f"Changed: {en}") if was else Difference("added", f"Thêm {vi}", f"Added: {en}")


def _benefit(event: Mapping[str, Any]) -> Words:
    scheme, state = _both(SCHEMES.get(event["scheme"], event["scheme"])), _both(STATUSES.get(event["status"], event["status"]))
    since, amount = day_shown(event["from_on"]), format_vnd(event["amount_vnd"] or 0)
    return (
        f"chế độ hưởng: {scheme[0]}, từ {since}, {amount} đồng, {state[0].lower()}",
        f"benefit: {scheme[1]}, from {since}, {amount.in_english} VND, {state[1].lower()}",
    )


def _settlement(event: Mapping[str, Any]) -> Words:
    scheme, state = _both(SCHEMES.get(event["scheme"], event["scheme"])), _both(STATUSES.get(event["state"], event["state"]))
    on = day_shown(event["settled_on"])
    return f"giải quyết chế độ: {scheme[0]}, ngày {on}, {state[0].lower()}", f"settlement: {scheme[1]}, {on}, {state[1].lower()}"


def _card(card: Mapping[str, Any]) -> Words:
    state = CARD_STATES.get(card["state"], (card["state"], card["state"]))
    since, until = day_shown(card["valid_from"]), card["valid_until"]
    ends = (f" đến {day_shown(until)}", f" to {day_shown(until)}") if until else ("", "")
    return (
        f"thẻ bảo hiểm y tế {card['card_code']}: từ {since}{ends[0]}, {state[0].lower()}",
        f"health card {card['card_code']}: from {since}{ends[1]}, {state[1].lower()}",
    )


def _unemployment(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Iterator[Difference]:
    if newer and older != newer:
        months, on = newer["preserved_months"], day_shown(newer["as_of_on"])
        yield Difference(
            "changed" if older else "added",
            f"Bảo hiểm thất nghiệp được bảo lưu: {months} tháng, tính đến {on}",
            f"Unemployment insurance kept for later: {months} {'month' if months == 1 else 'months'}, as of {on}",
        )


def _both(text: str) -> Words:
    vi, _, en = text.partition(" · ")
    return vi, en or vi
