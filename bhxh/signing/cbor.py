"""The little CBOR (RFC 8949) that credentials are made of, in its one deterministic spelling (section 4.2.1). Pure.

Whole numbers, bytes, text, lists and maps of definite length; nothing else is written, and nothing else is read: no tags that make
objects, no floats, no lengths that come later. What has two spellings is refused, so that one changed byte always shows.
"""

from collections.abc import Mapping, Sequence
from typing import Final

Cbor = int | str | bytes | Sequence["Cbor"] | Mapping[int, "Cbor"] | Mapping[str, "Cbor"] | Mapping[int | str, "Cbor"]

_MOST_DEEP: Final = 6  # LIMIT: a credential is four deep
_NUMBER, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP = range(6)


def encode(value: Cbor) -> bytes:
    """The one spelling of a value."""
    match value:
        case bool():
            raise TypeError("true and false are not in this CBOR")
        case int():
            return _head(_NUMBER, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            text = value.encode()
            return _head(_TEXT, len(text)) + text
        case Mapping():
            pairs = sorted((encode(key), encode(inner)) for key, inner in value.items())
            return _head(_MAP, len(pairs)) + b"".join(key + inner for key, inner in pairs)
        case Sequence():
            return _head(_LIST, len(value)) + b"".join(map(encode, value))
    raise TypeError(f"{type(value).__name__} is not in this CBOR")


def decode(data: bytes) -> Cbor:
    """Read a value that fills the bytes. Raises ValueError where they are anything but its one spelling."""
    value, end = _read(data, 0, _MOST_DEEP)
    if end != len(data):
        raise ValueError("bytes after the end")
    return value


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes((major << 5 | number,))
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes((major << 5 | extra,)) + number.to_bytes(size, "big")
    raise TypeError("a number beyond 64 bits is not in this CBOR")


def _read(data: bytes, at: int, depth: int) -> tuple[Cbor, int]:
    if depth == 0:
        raise ValueError("nested too deeply")
    major, number, at = _read_head(data, at)
    match major:
        case 0:
            return number, at
        case 1:
            return -1 - number, at
        case 2 | 3:
            end = at + number
            if end > len(data):
                raise ValueError("cut off")
            return (data[at:end] if major == _BYTES else data[at:end].decode()), end
        case 4:
            return _read_list(data, at, number, depth)
        case 5:
            return _read_map(data, at, number, depth)
    raise ValueError("a tag, a float or a simple value")


def _read_head(data: bytes, at: int) -> tuple[int, int, int]:
    if at >= len(data):
        raise ValueError("cut off")
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    if low > 27:
        raise ValueError("a length that comes later")
    size = 1 << low - 24
    end = at + 1 + size
    number = int.from_bytes(data[at + 1 : end], "big")
    if end > len(data) or number < (24 if size == 1 else 1 << 4 * size):
        raise ValueError("cut off, or a number not in its shortest spelling")
    return major, number, end


def _read_list(data: bytes, at: int, count: int, depth: int) -> tuple[list[Cbor], int]:
    items: list[Cbor] = []
    for _ in range(count):  # LIMIT: each item takes a byte at least, so a count that is a lie ends with the data
        item, at = _read(data, at, depth - 1)
        items.append(item)
    return items, at


def _read_map(data: bytes, at: int, count: int, depth: int) -> tuple[dict[int | str, Cbor], int]:
    pairs: dict[int | str, Cbor] = {}
    before = b""
    for _ in range(count):
        start = at
        key, at = _read(data, at, depth - 1)
        if not isinstance(key, int | str) or data[start:at] <= before:
            raise ValueError("a key out of order, twice, or of another kind")
        before = data[start:at]
        pairs[key], at = _read(data, at, depth - 1)
    return pairs, at
