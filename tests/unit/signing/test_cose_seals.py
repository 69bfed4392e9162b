"""Sealed claims of QR codes: one spelling, pinned algorithm, nothing unpacked without a cap."""

import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bhxh.kernel.errors import BhxhError, Invalid
from bhxh.signing import base45, cbor
from bhxh.signing.cose_seals import MOST_CHARACTERS, PREFIX, open_claims, seal_claims
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet

CLAIMS: dict[int | str, Any] = {
    1: "https://bhxh.example",
    6: 1_795_000_000,
    -70001: {"k": "HI", "name": "Nguyễn Thị Mẫu", "sha": bytes(range(32))},
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    made = FileKeys(tmp_path_factory.mktemp("cose"), "mof")
    made.seal_key("credential")
    made.seal_key("book")
    return made


def _message(text: str) -> bytes:
    return zlib.decompress(base45.decode(text.removeprefix(PREFIX)))


def _packed(message: bytes) -> str:
    return PREFIX + base45.encode(zlib.compress(message, 0))


_SCALARS = st.integers(-(2**64), 2**64 - 1) | st.text() | st.binary()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-99, 99) | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    def depth(one: Any) -> int:
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        return 1 + max(map(depth, inner), default=0)

    if depth(value) <= 6:
        assert cbor.decode(cbor.encode(value)) == value
    else:
        with pytest.raises(ValueError, match="deep"):
            cbor.decode(cbor.encode(value))


@given(st.binary(max_size=40))
def test_bytes_that_are_read_have_one_spelling(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except ValueError:
        return
    assert cbor.encode(value) == data


@pytest.mark.parametrize(
    "hexadecimal",
    [
        *("1817", "190017", "1a0000ffff", "1b00000000ffffffff", "5f4101ff", "9f01ff", "bf0102ff", "c074", "d81c80", "f4", "f6", "f97e00"),
        *("fb3ff0000000000000", "a201020102", "a202010101", "a1f401", "a18001", "62c328", "4401", "81", "", "0000", "9b7fffffffffffffff"),
    ],
)
def test_what_has_another_spelling_or_makes_objects_is_refused(hexadecimal: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cbor.decode(bytes.fromhex(hexadecimal))


@given(st.binary(max_size=60))
def test_base45_comes_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
)
def test_base45_is_that_of_the_rfc(data: bytes, text: str) -> None:
    assert (base45.encode(data), base45.decode(text)) == (text, data)


@pytest.mark.parametrize("text", ["GGW", "::", "A", "AAAA", "ab1", "Đ00", ":::"])
def test_no_base45(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        base45.decode(text)


def test_sealed_claims_open_with_the_published_keys(keys: FileKeys) -> None:
    opened = open_claims(seal_claims(CLAIMS, key=keys.seal_key("credential")), keys=keys.key_set(), purpose="credential")
    assert opened.claims == CLAIMS
    assert (opened.key.purpose, opened.key.custodian) == ("credential", "mof")


def test_every_changed_character_is_refused(keys: FileKeys) -> None:
    text, known = seal_claims(CLAIMS, key=keys.seal_key("credential")), keys.key_set()
    for at, letter in enumerate(text):
        for other in ("0", "A", ":", chr(ord(letter) + 1)):
            if other != letter:
                with pytest.raises(Invalid):
                    open_claims(text[:at] + other + text[at + 1 :], keys=known, purpose="credential")


def test_every_changed_bit_is_refused(keys: FileKeys) -> None:
    """Stored, not squeezed: no bit of the stream is without a meaning."""
    packed = base45.decode(seal_claims(CLAIMS, key=keys.seal_key("credential")).removeprefix(PREFIX))
    known = keys.key_set()
    for at in range(len(packed)):
        for bit in range(8):
            changed = bytearray(packed)
            changed[at] ^= 1 << bit
            with pytest.raises(Invalid):
                open_claims(PREFIX + base45.encode(bytes(changed)), keys=known, purpose="credential")


def _bomb(keys: FileKeys) -> str:
    return PREFIX + base45.encode(zlib.compress(bytes(2_000_000), 9))


def _other_header(keys: FileKeys, header: Any) -> str:
    key = keys.seal_key("credential")
    protected, payload = cbor.encode(header), cbor.encode(CLAIMS)
    signature = key.sign(cbor.encode(["Signature1", protected, b"", payload]))
    return _packed(b"\xd2" + cbor.encode([protected, {}, payload, signature]))


def _not_a_map(keys: FileKeys) -> str:
    protected = cbor.encode({1: -7, 4: _kid(keys)})
    signature = keys.seal_key("credential").sign(cbor.encode(["Signature1", protected, b"", cbor.encode([1])]))
    return _packed(b"\xd2" + cbor.encode([protected, {}, cbor.encode([1]), signature]))


def _kid(keys: FileKeys) -> bytes:
    return bytes.fromhex(keys.seal_key("credential").kid[-16:])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_bomb, "SIG-090"),
        (lambda keys: PREFIX + "0" * MOST_CHARACTERS, "SIG-090"),
        (lambda keys: seal_claims(CLAIMS, key=keys.seal_key("credential")).replace("VNB1:", "HC1:"), "SIG-090"),
        (lambda keys: PREFIX + base45.encode(zlib.compress(_message(seal_claims(CLAIMS, key=keys.seal_key("credential"))), 9)), "SIG-090"),
        (lambda keys: PREFIX + base45.encode(zlib.compress(_message(seal_claims(CLAIMS, key=keys.seal_key("credential"))), 0) + b"\0\0"), "SIG-090"),
        (lambda keys: _packed(_message(seal_claims(CLAIMS, key=keys.seal_key("credential")))[1:]), "SIG-090"),
        (lambda keys: _other_header(keys, {1: -35, 4: _kid(keys)}), "SIG-090"),
        (lambda keys: _other_header(keys, {1: 5, 4: _kid(keys)}), "SIG-090"),
        (lambda keys: _other_header(keys, {1: -7, 2: [99], 4: _kid(keys)}), "SIG-090"),
        (lambda keys: _other_header(keys, {1: -7}), "SIG-090"),
        (lambda keys: _other_header(keys, {1: -7, 4: bytes(8)}), "SIG-042"),
        (lambda keys: _other_header(keys, {1: -7, 4: _kid(keys)[1:]}), "SIG-090"),
        (lambda keys: _other_header(keys, {1: -7, 4: b""}), "SIG-090"),
        (lambda keys: _other_header(keys, {1: -7, 4: "\u0111".encode()}), "SIG-090"),
        (lambda keys: _other_header(keys, [1]), "SIG-090"),
        (_not_a_map, "SIG-090"),
        (lambda keys: seal_claims(CLAIMS, key=keys.seal_key("book")), "SIG-043"),
    ],
)  # fmt: skip
def test_attacks_are_refused(keys: FileKeys, make: Any, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_claims(make(keys), keys=keys.key_set(), purpose="credential")
    assert caught.value.code == code


def test_a_key_that_nobody_published_is_refused(keys: FileKeys) -> None:
    with pytest.raises(Invalid) as caught:
        open_claims(seal_claims(CLAIMS, key=keys.seal_key("credential")), keys=KeySet([]), purpose="credential")
    assert caught.value.code == "SIG-042"


@settings(max_examples=200)
@given(
    st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=200)
    | st.binary(max_size=200).map(lambda data: base45.encode(zlib.compress(data, 0)))
)
def test_no_text_makes_anything_but_a_refusal(text: str) -> None:
    with pytest.raises(BhxhError):
        open_claims(PREFIX + text, keys=KeySet([]), purpose="credential")


def test_a_window_is_the_callers_question(keys: FileKeys) -> None:
    """The room that knows the claim of the instant asks; here the key comes back with its window."""
    opened = open_claims(seal_claims(CLAIMS, key=keys.seal_key("credential")), keys=keys.key_set(), purpose="credential")
    assert opened.key.is_in_force(datetime(2026, 11, 22, tzinfo=UTC))
