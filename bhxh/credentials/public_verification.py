"""What anybody may ask about what was put before them: a QR code, a sealed book, or what a holder shared for a while.

It answers from the thing itself and says whether it still holds. When a code of ours is looked at here, its holder sees that it was.
"""

from dataclasses import dataclass
from datetime import datetime

from bhxh.audit.commands import record_look
from bhxh.book import verification as books
from bhxh.book.queries import DigestStatus, find_by_digest
from bhxh.credentials.models import Credential
from bhxh.credentials.status_lists import Standing, open_list
from bhxh.credentials.status_queries import get_list
from bhxh.credentials.verification import VerifiedCredential, verify
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.signing.keysets import KeySet

MOST_BYTES = 2 * 1024 * 1024  # LIMIT: a sealed book of sixty years is some 400 kB as a file


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A QR code that is genuine, and whether it still holds."""

    credential: VerifiedCredential
    standing: Standing


@dataclass(frozen=True, slots=True)
class CheckedBook:
    """A sealed book that is genuine, and how it stands; None where it is genuine and not in this database."""

    book: books.VerifiedBook
    present: DigestStatus | None


def somebody(request_id: str) -> Actor:
    """Whoever asks without saying who they are: the holder showed them the code."""
    return Actor(
        kind=ActorKind.SYSTEM, account="system:verification", request_id=request_id, purpose="verification", legal_basis=LegalBasis.CONSENT
    )


def check_code(text: str, *, at: datetime, keys: KeySet, request_id: str) -> CheckedCode:
    """Raises Invalid as `credentials.verification.verify` and `open_list` do; NotFound CRD-024."""
    credential = verify(text, keys, at=at)
    number = credential.status_address.rpartition("/")[2]
    listed = open_list(get_list(int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1), keys, at=at)
    checked = CheckedCode(credential, listed.standing_of(credential))
    issued = Credential.objects.filter(list_number=int(number), list_index=credential.status_index, text=text).first()
    if issued is not None:
        record_look(actor=somebody(request_id), at=at, person_id=issued.person_id, what="credential")
    return checked


def check_book(data: bytes, *, keys: KeySet) -> CheckedBook:
    """The sealed file, as it is attached to the PDF. Nothing is told that is not in it but how the book stands. Raises Invalid BOK-004 to BOK-006."""
    book = books.verify(data, keys)
    return CheckedBook(book, find_by_digest(book.sha256))
