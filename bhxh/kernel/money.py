"""Whole dong. Money is an int; a float near money is a defect."""

from typing import NewType

Vnd = NewType("Vnd", int)
"""An amount in whole Vietnamese dong."""

BasisPoints = NewType("BasisPoints", int)
"""A rate in hundredths of a percent: 8 % is 800."""

_WHOLE_BP = 10_000


def share_of(base_vnd: Vnd, rate_bp: BasisPoints) -> Vnd:
    """The part of an amount that a rate takes, rounded once, half up, to one dong.

    Law:  si-law section 3 (assumed rounding basis): exact until the end, then half up to 1 dong.

    >>> share_of(Vnd(5_310_001), BasisPoints(150))
    79650
    """
    return Vnd((base_vnd * rate_bp * 2 + _WHOLE_BP) // (2 * _WHOLE_BP))


class Amount(str):
    """As people in Viet Nam write it: `14.500.000`. A sentence that is filled in with it groups it as its own language does."""

    __slots__ = ()

    @property
    def in_english(self) -> str:
        """`14,500,000`."""
        return self.replace(".", ",")


def format_vnd(amount_vnd: int) -> Amount:
    """As people in Viet Nam write it, without the unit: 14.500.000."""
    return Amount(f"{amount_vnd:,}".replace(",", "."))


def in_language(value: object, language: str) -> str:
    """A parameter as a sentence in `vi` or `en` holds it."""
    return value.in_english if language == "en" and isinstance(value, Amount) else str(value)
