"""What a card or a summary says, taken from a sealed book, and how it is read back. Pure.

In the code the fields have numbers instead of names, because every character makes it larger; `docs/credentials.md` lists them for verifiers of others.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bhxh.book.grouping import NOT_COUNTED, PRESERVED, group_periods
from bhxh.book.states import BookState
from bhxh.credentials.errors import CRD_NO_CARD
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.errors import Conflict
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.ledger.fragments import written_out
from bhxh.signing.cbor import Cbor

EXPIRES, ISSUED, STATUS, CONTENT = 4, 6, 65535, -70001
"""Claim keys: of CWT (RFC 8392), of the Token Status List, and one of ours for the content."""
LIFETIME: Final = timedelta(days=90)  # LIMIT: a verifier without network must sooner or later see a new one
_WORKPLACES: Final = 2
_LONGEST_NAME: Final = 48  # LIMIT: characters of a unit's name, so that the code stays readable on a photocopy


class Kind(StrEnum):
    """What there is."""

    HEALTH_CARD = "HEALTH_CARD"
    BOOK_SUMMARY = "BOOK_SUMMARY"


NAMES: Final = {
    Kind.HEALTH_CARD: ("Thẻ bảo hiểm y tế", "Health-insurance card"),
    Kind.BOOK_SUMMARY: ("Tóm tắt sổ bảo hiểm xã hội", "Summary of the social insurance book"),
}

ISSUED_IN: Final = {
    Kind.HEALTH_CARD: frozenset({BookState.ACTIVE, BookState.SUSPENDED, BookState.CLOSED_ONE_OFF}),
    Kind.BOOK_SUMMARY: frozenset({BookState.ACTIVE}),
}
"""In which states of the book. WHY the card of a suspended book: R-132 is about the book; nobody loses the doctor over a suspicion."""

NUMBERS: Final = {
    "k": 0,
    "name": 1,
    "born": 2,
    "sex": 3,
    "card": 4,
    "from": 5,
    "until": 6,
    "level": 7,
    "clinic": 8,
    "five": 9,
    "book": 10,
    "version": 11,
    "sha256": 12,
    "code": 13,
    "si": 14,
    "ui": 15,
    "hi": 16,
    "work": 17,
}
"""Field -> its number in the code. A number is never used again for something else."""
NAMES_OF_FIELDS: Final[dict[int | str, str]] = {number: name for name, number in NUMBERS.items()}

Content = dict[str, Cbor]


def card_of(book: Mapping[str, Any], on: date) -> Content:
    """The card that is valid on the day; of several, the one that began last. Raises Conflict CRD-001."""
    day = on.isoformat()
    valid = [
        card
        for card in book["health_cover"]
        if card["state"] == "VALID" and card["valid_from"] <= day and (card["valid_until"] is None or day <= card["valid_until"])
    ]
    if not valid:
        raise Conflict(CRD_NO_CARD)
    card = max(valid, key=lambda one: (one["valid_from"], one["card_code"]))
    said = {
        "k": "HI",
        "card": card["card_code"],
        **_person(book),
        "from": card["valid_from"],
        "until": card["valid_until"],
        "level": card["benefit_level"],
        "clinic": card["facility_code"],
        "five": card["five_year_on"],
    }
    return {name: value for name, value in said.items() if value}


def summary_of(book: Mapping[str, Any], *, sha256: bytes, workplaces: int = _WORKPLACES) -> Content:
    """Totals, the latest workplaces and the digest of the whole book."""
    header, totals = book["header"], book["totals"]
    periods = [period for period in group_periods(written_out(book["contributions"])) if period.kind not in (NOT_COUNTED, PRESERVED)]
    latest = [[period.unit_name[:_LONGEST_NAME], month_number(period.first), month_number(period.last)] for period in periods[:workplaces]]
    said = {
        "k": "BOOK",
        "book": header["book_id"],
        "version": header["version"],
        "sha256": sha256,
        # WHY not always: since August 2025 most codes are the personal number, and that is not for whoever scans.
        "code": "" if Pin.pattern.fullmatch(header["si_code"]) else header["si_code"],
        **_person(book),
        "si": totals["si_months"],
        "ui": totals["ui_months"],
        "hi": totals["hi_months"],
        "work": latest,
    }
    return {name: value for name, value in said.items() if value or value == 0}


def month_number(month: Month) -> int:
    """Months since January 1970: three bytes instead of eight."""
    return (month.year - 1970) * 12 + month.month - 1


def month_of(number: int) -> Month:
    """The way back."""
    return Month.parse(f"{1970 + number // 12:04d}-{number % 12 + 1:02d}")


def subject_of(content: Mapping[str, Cbor]) -> str:
    """Which card, or which version of the book: a newer credential of the same kind replaces one with the same or an older subject."""
    return str(content["card"] if content["k"] == "HI" else content["version"])


def expiry_of(content: Mapping[str, Cbor], issued_at: datetime) -> datetime:
    """After ninety days, or with the card."""
    until = content.get("until")
    latest = issued_at + LIFETIME
    if not isinstance(until, str):
        return latest
    end = datetime.combine(date.fromisoformat(until) + timedelta(days=1), datetime.min.time(), VIETNAM)
    return min(latest, end.astimezone(UTC))


def claims_of(
    content: Content, *, issued_at: datetime, expires_at: datetime, status_address: str, status_index: int
) -> dict[int | str, Cbor]:
    """What is sealed. Instants are whole seconds, as CWT has them. Who issued it, the key says."""
    return {
        ISSUED: int(issued_at.timestamp()),
        EXPIRES: int(expires_at.timestamp()),
        STATUS: {"status_list": {"idx": status_index, "uri": status_address}},
        CONTENT: {NUMBERS[name]: value for name, value in content.items()},
    }


def _person(book: Mapping[str, Any]) -> dict[str, Any]:
    person = book["person"]
    precision = {"YEAR": 4, "MONTH": 7}.get(person["birth_precision"], 10)
    return {"name": person["full_name"], "born": person["birth_on"][:precision], "sex": {"MALE": "M", "FEMALE": "F"}.get(person["sex"], "")}
