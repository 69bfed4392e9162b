"""Base64url as JSON signatures want it: no padding, and exactly one spelling for every value."""

import base64
import binascii


def encode(data: bytes) -> str:
    """Without padding."""
    return encode_bytes(data).decode("ascii")


def encode_bytes(data: bytes) -> bytes:
    """The same as ASCII bytes: for what goes into a file at once."""
    # WHY not the library's translate: JSON seldom gives these two letters, and looking for them costs half.
    return binascii.b2a_base64(data, newline=False).replace(b"+", b"-").replace(b"/", b"_").rstrip(b"=")


def decode(text: str) -> bytes:
    """Raises ValueError where the text is not the one spelling of its bytes (stray bits, padding, other letters)."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    if encode(data) != text:
        raise ValueError("not the canonical base64url")
    return data
