"""Base64url as JSON signatures want it: no padding, and exactly one spelling for every value."""

import base64
import binascii


def encode(data: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Raises ValueError where the text is not the one spelling of its bytes (stray bits, padding, other letters)."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    if encode(data) != text:
        raise ValueError("not the canonical base64url")
    return data
