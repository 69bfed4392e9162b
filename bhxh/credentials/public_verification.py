"""What anybody may ask about a QR code that was put before them.

It answers from the code itself and says whether it still holds. When a code of ours is looked at here, its holder sees that it was.
"""

from dataclasses import dataclass
from datetime import datetime

from bhxh.audit.commands import record_look
from bhxh.credentials.models import Credential
from bhxh.credentials.status_lists import Standing, open_list
from bhxh.credentials.status_queries import get_list
from bhxh.credentials.verification import VerifiedCredential, verify
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.signing.keysets import KeySet


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A QR code that is genuine, and whether it still holds."""

    credential: VerifiedCredential
    standing: Standing


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
