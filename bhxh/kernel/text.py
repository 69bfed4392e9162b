"""Vietnamese text: one stored form, one form to search by."""

import unicodedata

_D_WITH_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def tidy(text: str) -> str:
    """Unicode NFC, trimmed, single spaces. Everything a person typed passes here once, at the edge."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def search_form(text: str) -> str:
    """Upper case without marks, so that `quynh` finds `Quỳnh`.

    >>> search_form("  Đặng Thị  Quỳnh ")
    'DANG THI QUYNH'
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_D_WITH_STROKE))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).upper().split())
