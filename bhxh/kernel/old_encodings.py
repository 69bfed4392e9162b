"""Vietnamese text typed with the fonts of before Unicode (TCVN3, VNI): recognised by what it reads as, and read anew. Pure.

Such text is stored as Latin letters and signs: `NguyÔn ThÞ MÉu` in TCVN3, `Nguyeãn Thò Maãu` in VNI. It is recognised where a word is no
Vietnamese syllable as it stands and is one when read with an old encoding; it is read with certainty where every word is, in one
encoding only. Source: table of Vietnamese letters in VNI and TCVN3 (collected reference data); syllables: Vietnamese spelling.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

SOFT_HYPHEN = "\u00ad"
"""The letter ư of TCVN3, which every program that tidies text takes for nothing."""


class OldEncoding(StrEnum):
    """How text was stored before Unicode."""

    TCVN3 = "TCVN3 (ABC, .VnTime)"
    VNI = "VNI (VNI-Times)"


@dataclass(frozen=True, slots=True)
class OldText:
    """Text of an old encoding."""

    encodings: tuple[OldEncoding, ...]
    """Which it can be."""
    unicode: str
    """What it says; empty where that is not certain."""


_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_TONES = _GRAVE + _ACUTE + _TILDE + _HOOK + _DOT
_NEEDS_UNICODE = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
"""A letter that no old encoding can hold: the text is Unicode."""
_WORD = re.compile("[A-Za-z\u00a1-\u00ff]+")
_UNITS = frozenset({"µm", "µg", "µl", "µs"})

_TCVN3: Mapping[str, str] = dict(
    zip(
        "¢£¤µ¸©·ÌÐª×Ýßã«âïóý¡§¥¦¨®Üò¬\u00ad¹¶ÊÇÈÉË¾»¼½ÆÑÎÏÕÒÓÔÖØÞäáèåæçéíêëìîôñøõö÷ùúþûü",
        "ÂÊÔàáâãèéêìíòóôõùúýĂĐƠƯăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
        strict=True,
    )
)
_VNI_LETTERS: Mapping[str, str] = dict(zip("ñôöóòæîíìÑÔÖÓÒÆÎÍÌ", "đơưĩịỉỵíìĐƠƯĨỊỈỴÍÌ", strict=True))
_VNI_MARKS: Mapping[str, str] = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_BASES: Mapping[str, str] = {**dict.fromkeys("øùûõï", "aeouyơư"), **dict.fromkeys("âáàåãä", "aeo"), **dict.fromkeys("êéèúüë", "a")}


@lru_cache(maxsize=8192)
def recognise(text: str) -> OldText | None:
    """What a text of an old encoding is; None for Unicode, and for whatever reads as Vietnamese as it stands.

    >>> recognise("NguyÔn ThÞ MÉu").unicode, recognise("Nguyeãn Thò Maãu").unicode, recognise("José Lê Hà")
    ('Nguyễn Thị Mẫu', 'Nguyễn Thị Mẫu', None)
    """
    if text.isascii() or _NEEDS_UNICODE.search(text):
        return None
    words = [word for word in _WORD.findall(text) if not word.isascii() and word not in _UNITS]
    is_capital = text.upper() == text or not re.search("[a-z]", text)
    possible: dict[OldEncoding, bool] = {}
    for encoding, decode in _DECODERS.items():
        read = [(word, decode(word)) for word in words]
        if any(re.search("[A-Za-z]", word) and not is_syllable(word) and is_syllable(found) for word, found in read):
            possible[encoding] = all(is_syllable(found) or not re.search("[A-Za-z]", word) for word, found in read)
    if not possible:
        return None
    certain = [encoding for encoding, is_whole in possible.items() if is_whole]
    if len(certain) != 1:
        return OldText(tuple(possible), "")
    decode = _DECODERS[certain[0]]
    decoded = _WORD.sub(lambda found: found[0] if found[0] in _UNITS or found[0].isascii() else decode(found[0]) or found[0], text)
    return OldText((certain[0],), decoded.upper() if is_capital else decoded)


# -- reading --------------------------------------------------------------------------------------------------------


def _decode_tcvn3(word: str) -> str:
    """Letter by letter; empty where a sign stands for nothing. A capital with a mark may be two: the letter, then the small one."""
    letters: list[str] = []
    for sign in word:
        letter = sign if sign.isascii() else _TCVN3.get(sign, "")
        if not letter:
            return ""
        if letters and not sign.isascii() and letters[-1].isupper() and _is_same_letter(letters[-1], letter):
            letters[-1] = letter.upper()
        else:
            letters.append(letter)
    return "".join(letters)


def _is_same_letter(capital: str, small: str) -> bool:
    """Whether the small letter is the capital with a tone; so `A¸` is Á, which no syllable can mean otherwise."""
    bare = "".join(mark for mark in unicodedata.normalize("NFD", small) if mark not in _TONES)
    return unicodedata.normalize("NFC", bare) == capital.lower() != small


def _decode_vni(word: str) -> str:
    """A letter, and the mark that may follow it; empty where a sign stands for nothing."""
    letters: list[str] = []
    for sign in word:
        if sign.isascii():
            letters.append(sign)
        elif letters and sign.lower() in _VNI_MARKS and letters[-1].lower() in _VNI_BASES[sign.lower()]:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + _VNI_MARKS[sign.lower()])
        elif sign in _VNI_LETTERS:
            letters.append(_VNI_LETTERS[sign])
        else:
            return ""
    return "".join(letters)


_DECODERS: Mapping[OldEncoding, Callable[[str], str]] = {OldEncoding.TCVN3: _decode_tcvn3, OldEncoding.VNI: _decode_vni}


# -- what a Vietnamese syllable is ------------------------------------------------------------------------------------

_ONSETS = ("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", *"bcdđghklmnprstvx", "")
_RIMES = frozenset({
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăp", "ăt", "âc", "âm", "ân",
    "âng", "âp", "ât", "âu", "ây", "e", "ec", "em", "en", "eng", "eo", "ep", "et", "ê", "êch", "êm", "ên", "êng", "ênh", "êp", "êt", "êu",
    "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt", "iêu", "o", "oa", "oac", "oach",
    "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oăc", "oăm", "oăn", "oăng", "oăt", "oc", "oe", "oen", "oeo", "oet",
    "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt",
    "u", "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "uân", "uâng", "uât", "uây", "uê",
    "uêch", "uênh", "uơ", "uy", "uya", "uych", "uyn", "uynh", "uyt", "uyu", "uyên", "uyêt", "ư", "ưa", "ưc", "ưi", "ưm", "ưn", "ưng",
    "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "y", "yêm", "yên", "yêng", "yêt", "yêu", "yn", "ynh", "yt",
})  # fmt: skip
_STOPPED = ("c", "ch", "p", "t")
"""After these endings only the acute and the dot are spoken."""


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word is spelled as a Vietnamese syllable with its tone.

    >>> [is_syllable(word) for word in ("Nguyễn", "Đắk", "thùy", "Maãu", "mât", "")]
    [True, False, True, False, False, False]
    """
    tones, letters = "", ""
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tones += mark
        else:
            letters += mark
    letters = unicodedata.normalize("NFC", letters)
    return len(tones) <= 1 and any(
        rime in _RIMES and (not rime.endswith(_STOPPED) or tones in (_ACUTE, _DOT)) for rime in _rimes_after_onsets(letters)
    )


def _rimes_after_onsets(letters: str) -> Iterator[str]:
    return (letters[len(onset) :] for onset in _ONSETS if letters.startswith(onset))
