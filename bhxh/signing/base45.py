"""Base45 (RFC 9285): bytes as the characters a QR code packs best. Each value has one spelling, and only that is read. Pure."""

from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {letter: value for value, letter in enumerate(_LETTERS)}


def encode(data: bytes) -> str:
    """Two bytes as three characters, a last single one as two.

    >>> encode(b"ietf!")
    'QED8WEX0'
    """
    letters: list[str] = []
    for at in range(0, len(data) - 1, 2):
        rest, first = divmod(data[at] << 8 | data[at + 1], 45)
        third, second = divmod(rest, 45)
        letters += (_LETTERS[first], _LETTERS[second], _LETTERS[third])
    if len(data) % 2:
        second, first = divmod(data[-1], 45)
        letters += (_LETTERS[first], _LETTERS[second])
    return "".join(letters)


def decode(text: str) -> bytes:
    """Raises ValueError where the text is not what `encode` gives.

    >>> decode("QED8WEX0")
    b'ietf!'
    """
    try:
        values = [_VALUES[letter] for letter in text]
    except KeyError:
        raise ValueError("a character that Base45 does not have") from None
    data = bytearray()
    for at in range(0, len(values), 3):
        match values[at : at + 3]:
            case [first, second, third]:
                data += _checked(first + 45 * second + 2025 * third, 2)
            case [first, second]:
                data += _checked(first + 45 * second, 1)
            case _:
                raise ValueError("cut off")
    return bytes(data)


def _checked(number: int, size: int) -> bytes:
    if number >> 8 * size:
        raise ValueError("more than so many characters can say")
    return number.to_bytes(size, "big")
