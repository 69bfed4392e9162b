"""How large a file is, as people say it, in the language that is spoken."""

from typing import Final

from bhxh.web.languages import in_words

_KILOBYTE: Final = 1024


def size_shown(size_bytes: int) -> str:
    """312 KB; 1,4 MB, in English 1.4 MB; 10 MB."""
    kilobytes = max(1, round(size_bytes / _KILOBYTE))
    if kilobytes < _KILOBYTE:
        return f"{kilobytes} KB"
    shown = f"{kilobytes / _KILOBYTE:.1f}".removesuffix(".0") + " MB"
    return in_words((shown.replace(".", ","), shown))
