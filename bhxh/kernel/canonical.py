"""Canonical JSON: the same data give the same bytes, in any language, twenty years from now.

The rule is stricter than RFC 8785 and a subset of it: keys are ASCII, numbers are integers below 2^53, text is NFC,
dates are text. Under it, sorted orjson output equals RFC 8785 output byte for byte.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

import orjson

from bhxh.kernel.errors import KER_NOT_CANONICAL, Defect

_LARGEST_SAFE = 2**53 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical_bytes(value: Json) -> bytes:
    """Serialise by the rule. Raises Defect KER-004 where the data break it."""
    if not _is_plainly_canonical(value):
        _check(value, "$")
    try:
        return orjson.dumps(value, default=dict, option=orjson.OPT_SORT_KEYS)  # default: mappings that are no dict
    except orjson.JSONEncodeError as broken:
        raise Defect(KER_NOT_CANONICAL, where="$", reason="nested too deeply") from broken


def sha256_hex(data: bytes) -> str:
    """The digest under which content is addressed everywhere."""
    return hashlib.sha256(data).hexdigest()


def _is_plainly_canonical(value: object) -> bool:
    """The rule over the plain types that nearly all data are made of, in half the time. False says only: look closer."""
    kind = type(value)
    if kind is str:
        text = str(value)
        return text.isascii() or (unicodedata.is_normalized("NFC", text) and not _SURROGATE.search(text))
    if kind is int:
        return -_LARGEST_SAFE <= value <= _LARGEST_SAFE  # type: ignore[operator]  # it is an int
    if kind is dict:
        keys, values = value.keys(), value.values()  # type: ignore[attr-defined]  # it is a dict
        return all(type(key) is str and key.isascii() for key in keys) and all(map(_is_plainly_canonical, values))
    if kind is list or kind is tuple:
        return all(map(_is_plainly_canonical, value))  # type: ignore[call-overload]  # it is a list or a tuple
    return value is None or kind is bool


def _check(value: object, where: str) -> None:
    match value:
        case None | bool():
            return
        case int():
            if abs(value) > _LARGEST_SAFE:
                raise Defect(KER_NOT_CANONICAL, where=where, reason="integer beyond 2^53")
        case str():
            if not unicodedata.is_normalized("NFC", value):
                raise Defect(KER_NOT_CANONICAL, where=where, reason="text is not NFC")
            if _SURROGATE.search(value):
                raise Defect(KER_NOT_CANONICAL, where=where, reason="text holds half of a surrogate pair")
        case Mapping():
            for key, inner in value.items():
                if not (type(key) is str and key.isascii()):
                    raise Defect(KER_NOT_CANONICAL, where=where, reason="key is not plain ASCII text")
                _check(inner, f"{where}.{key}")
        case list() | tuple():
            for index, inner in enumerate(value):
                _check(inner, f"{where}[{index}]")
        case _:
            raise Defect(KER_NOT_CANONICAL, where=where, reason=f"{type(value).__name__} has no canonical form")
