"""Whole numbers as pages write them, in the language that is spoken: `14.500.000`, in English `14,500,000`."""

from bhxh.kernel.money import format_vnd
from bhxh.web.languages import in_words


def both(number: int) -> tuple[str, str]:
    """`14.500.000` and `14,500,000`."""
    shown = format_vnd(number)
    return shown, shown.in_english


def grouped(number: int) -> str:
    """Of both the one that is spoken."""
    return in_words(both(number))
