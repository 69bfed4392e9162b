"""Where undeliverable mail comes back to: a return path of its own for every letter (VERP), which only we can make.

The address names nobody: it holds the letter's opaque id and a tag over it. Whoever does not know the secret cannot make one, so
nobody can mark another's letter as undelivered; whoever received a letter knows that letter's return path and no other.
"""

import hmac
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass, field
from uuid import UUID

_PURPOSE = b"bhxh.notices.return-path.1"
_TAG_BYTES = 9  # with the id 25 bytes: 40 signs without padding
_TOKEN = re.compile(r"\+([a-z2-7]{40})@", re.IGNORECASE | re.ASCII)
_MOST_CANDIDATES = 50  # LIMIT: addresses looked at in one text


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """The mailbox that takes bounces, and the secret that makes its addresses ours."""

    mailbox: str
    """`name@domain`; the server delivers `name+anything@domain` to it (Postfix: recipient_delimiter = +)."""
    secret: bytes = field(repr=False)

    def address_for(self, message_id: UUID) -> str:
        """The envelope sender of one letter, the same at every attempt.

        WHY always the same: a greylisting server knows a sender by this address and lets only a known one through.
        """
        local, _, domain = self.mailbox.rpartition("@")
        token = b32encode(message_id.bytes + self._tag(message_id)).decode("ascii").lower()
        return f"{local}+{token}@{domain}"

    def find(self, text: str) -> UUID | None:
        """The letter of the first genuine address of ours in a text."""
        for candidate, _ in zip(_TOKEN.finditer(text), range(_MOST_CANDIDATES), strict=False):
            content = b32decode(candidate[1].upper())
            message_id = UUID(bytes=content[:16])
            if hmac.compare_digest(content[16:], self._tag(message_id)):
                return message_id
        return None

    def _tag(self, message_id: UUID) -> bytes:
        return hmac.digest(self.secret, _PURPOSE + message_id.bytes, "sha256")[:_TAG_BYTES]
