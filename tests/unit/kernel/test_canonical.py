"""The same data give the same bytes, in any language."""

import hashlib
import json
import math
import unicodedata
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel import canonical
from bhxh.kernel.canonical import canonical_bytes, sha256_hex
from bhxh.kernel.errors import Defect
from bhxh.kernel.identifiers import Pin


def rfc8785(value: Any) -> str:
    """An independent writer of RFC 8785 for what our rule lets through: keys by UTF-16 code units, the shortest escapes."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
        return '"' + "".join(short.get(c, f"\\u{ord(c):04x}" if ord(c) < 0x20 else c) for c in value) + '"'
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(f"{rfc8785(key)}:{rfc8785(inner)}" for key, inner in ordered) + "}"
    return "[" + ",".join(rfc8785(inner) for inner in value) + "]"


texts = st.text().map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127))
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
documents = st.recursive(
    st.none() | st.booleans() | numbers | texts, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20
)


@given(documents)
def test_bytes_are_those_of_an_independent_writer(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785(value).encode()


@given(documents)
def test_what_is_written_reads_back_and_is_written_the_same(value: Any) -> None:
    written = canonical_bytes(value)
    assert json.loads(written) == value
    assert canonical_bytes(json.loads(written)) == written


def test_the_order_in_which_keys_were_put_in_is_not_seen() -> None:
    assert (
        canonical_bytes({"b": 1, "a": {"d": 2, "c": 3}}) == canonical_bytes({"a": {"c": 3, "d": 2}, "b": 1}) == b'{"a":{"c":3,"d":2},"b":1}'
    )


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    ONE = 1


def test_our_own_values_are_written_as_what_they_are() -> None:
    value = {
        "pin": Pin("001199000001"),
        "colour": Colour.RED,
        "level": Level.ONE,
        "pair": (1, 2),
        "view": MappingProxyType({"z": 1, "a": 2}),
    }
    assert canonical_bytes(value) == b'{"colour":"red","level":1,"pair":[1,2],"pin":"001199000001","view":{"a":2,"z":1}}'


def deep(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "where", "reason"),
    [
        ({"a": [0, 1.0]}, "$.a[1]", "float"),
        ({"a": math.nan}, "$.a", "float"),
        (2**53, "$", "2^53"),
        (-(2**53), "$", "2^53"),
        ({"name": "Quy\u0301"}, "$.name", "NFC"),
        ({"tên": 1}, "$", "ASCII"),
        ({1: "one"}, "$", "ASCII"),
        ({Colour.RED: 1}, "$", "ASCII"),
        ({"on": date(2026, 11, 21)}, "$.on", "date"),
        ({"raw": b"x"}, "$.raw", "bytes"),
        ({"set": {1}}, "$.set", "set"),
        ("\ud800", "$", "surrogate"),
        (deep(300), "$", "deep"),
    ],
)
def test_what_has_no_canonical_form_is_our_own_mistake(value: Any, where: str, reason: str) -> None:
    with pytest.raises(Defect) as refused:
        canonical_bytes(value)
    assert refused.value.code == "KER-004"
    assert refused.value.where == where
    assert f" {where} " in refused.value.text("vi") and f" {where} " in refused.value.text("en")
    assert reason in str(refused.value.parameters["reason"])


def test_the_largest_numbers_are_let_through() -> None:
    assert canonical_bytes([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


def test_digest() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_hex(b"a") == hashlib.new("sha256", b"a").hexdigest()


_ANY_LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text(max_size=5) | st.floats(allow_nan=False) | st.just("e\u0302\ud800")
)
_ANYTHING = st.recursive(
    _ANY_LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(_ANYTHING)
def test_the_quick_look_and_the_thorough_one_refuse_the_same(value: Any) -> None:
    try:
        canonical._check(value, "$")
    except Defect:
        assert not canonical._is_plainly_canonical(value)
    else:
        assert canonical._is_plainly_canonical(value)
