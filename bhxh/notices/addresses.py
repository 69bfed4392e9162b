"""E-mail addresses: whether one can be used at all, and how it travels."""

import re
import unicodedata
from dataclasses import dataclass

import idna

_LONGEST_ADDRESS, _LONGEST_LOCAL = 254, 64  # LIMIT: RFC 5321 4.5.3.1, in octets as sent
_ASCII_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+", re.ASCII)
_LETTERS, _MARKS, _NUMBERS = "L", "M", "N"


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address as it is put on the wire: the domain always in ASCII, the part before @ as its owner writes it."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether every server on the way must speak SMTPUTF8 (RFC 6531)."""
        return not self.local.isascii()


def parse_address(text: str) -> MailAddress | None:
    """The address, or None where no server could take it.

    Shape: a domain with Vietnamese letters becomes punycode (IDNA 2008), so such an address needs nothing special of any server.
           Letters beyond ASCII before the @ stay, composed (NFC); signs that cannot be seen or turn the writing round do not pass.
    """
    local, _, domain = text.rpartition("@")
    if len(text) > _LONGEST_ADDRESS or not local or "." not in domain:
        return None
    local = unicodedata.normalize("NFC", local)
    if not all(_ASCII_LOCAL.fullmatch(sign) or _is_foreign_letter(sign) for sign in local):
        return None
    try:
        wire_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        return None
    address = MailAddress(local, wire_domain)
    if len(local.encode()) > _LONGEST_LOCAL or len(str(address).encode()) > _LONGEST_ADDRESS:
        return None
    return address


def _is_foreign_letter(sign: str) -> bool:
    return not sign.isascii() and unicodedata.category(sign)[0] in (_LETTERS, _MARKS, _NUMBERS)
