"""Vietnamese text: one stored form, one form to search by."""

import unicodedata
from functools import lru_cache

_UNSEEN = {"Cc", "Cf", "Cs"}
_D_WITH_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def tidy(text: str) -> str:
    """Unicode NFC, trimmed, single spaces, nothing unseen. Everything a person typed passes here once, at the edge.

    WHY nothing unseen: text copied from a web page brings zero-width spaces and direction marks, which make equal names differ;
    the database takes no NUL and canonical JSON no half of a surrogate pair.
    """
    if not text.isprintable():
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def search_form(text: str) -> str:
    """Upper case without marks, so that `quynh` finds `Quỳnh`.

    >>> search_form("  Đặng Thị  Quỳnh ")
    'DANG THI QUYNH'
    """
    return " ".join(filter(None, map(_search_word, text.split())))


@lru_cache(maxsize=8192)
def _search_word(word: str) -> str:
    """WHY kept: names of a whole country are made of a few thousand words."""
    decomposed = unicodedata.normalize("NFD", word.translate(_D_WITH_STROKE))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).upper()
