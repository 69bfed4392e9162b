"""A person's own QR codes and short shares: asked for, taken back, ended. Shared by the doors."""

from collections.abc import Collection
from datetime import datetime

from bhxh.access.permissions import check_see_book
from bhxh.audit.commands import record_look
from bhxh.credentials.commands import issue, withdraw
from bhxh.credentials.contents import Kind
from bhxh.credentials.queries import IssuedCredential
from bhxh.credentials.share_commands import share
from bhxh.credentials.shares import Part
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now


def own_book_actor(signed_in: SignedIn) -> tuple[Actor, int]:
    """Whoever looks at a book that is theirs or their child's, and whose it is. Raises NotAllowed ACC-020."""
    actor = signed_in.actor("own_book")
    person_id = actor.for_person_id or 0
    check_see_book(actor, person_id=person_id)
    return actor, person_id


def give_code(actor: Actor, person_id: int, kind: Kind) -> IssuedCredential:
    """The code that stands, or a new one; the look is written down. Raises as `credentials.commands.issue`."""
    at, side = now(), partners()
    issued = issue(actor=actor, at=at, person_id=person_id, kind=kind, issuer=side.credential_issuer, key=side.keys.seal_key("credential"))
    record_look(actor=actor, at=at, person_id=person_id, what="credential")
    return issued


def take_back(actor: Actor, person_id: int, kind: Kind) -> int:
    """Every code of the kind. Returns how many. Raises Conflict CRD-007."""
    side = partners()
    key = side.keys.seal_key("credential")
    return withdraw(actor=actor, at=now(), person_id=person_id, kind=kind, issuer=side.credential_issuer, key=key)


def share_parts(actor: Actor, person_id: int, kind: Kind, *, parts: Collection[Part], minutes: int) -> tuple[str, datetime]:
    """The address to hand over, told once, and until when it opens. Raises as `share_commands.share`."""
    secret, expires_at = share(actor=actor, at=now(), person_id=person_id, kind=kind, parts=parts, minutes=minutes)
    return partners().credential_issuer.share_address(secret), expires_at
