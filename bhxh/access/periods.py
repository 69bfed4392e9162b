"""From a day until a day: the end is exclusive, and after the beginning. Pure."""

from datetime import date

from bhxh.access.errors import ACC_BAD_PERIOD
from bhxh.kernel.errors import Invalid


def check_period(from_on: date, until_on: date | None) -> None:
    """Raises Invalid ACC-023."""
    if until_on is not None and until_on <= from_on:
        raise Invalid(ACC_BAD_PERIOD, where="until_on")
