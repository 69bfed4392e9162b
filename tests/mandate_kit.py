"""Mandates for tests: granted by an operator on paper, sealed by a key in memory."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from bhxh.access.authority import EVERYTHING, Scope
from bhxh.access.mandate_documents import Confirmation, How, MandateContent, Party
from bhxh.access.roles import MandateRole
from bhxh.kernel.actor import Actor, system_actor
from bhxh.signing.key_files import FileSealKey
from bhxh.signing.keysets import KeySet, PublishedKey

BY = system_actor(name="test", request_id="r1", purpose="operation")
PAPER = Confirmation(how=How.PAPER, facts={"account": BY.account, "reference": "GUQ 12/2026"})
_PRIVATE = ec.generate_private_key(ec.SECP256R1())
_PUBLISHED = PublishedKey(kid="mof-mandate-0123456789abcdef", custodian="mof", purpose="mandate", public=_PRIVATE.public_key())
SEAL = FileSealKey(_PRIVATE, _PUBLISHED)
KEYS = KeySet([_PUBLISHED])


def mandate(
    *,
    employer_id: int = 70,
    holder: str,
    role: MandateRole | None = None,
    scope: Scope = EVERYTHING,
    from_on: date,
    until_on: date | None = None,
) -> MandateContent:
    """What a mandate says; the role that fits the holder where none is given."""
    is_agent = holder.startswith(("employer:", "machine:"))
    return MandateContent(
        employer_id=employer_id,
        employer=Party(reference=f"employer:{employer_id}", name="Công ty Mẫu", number="0101234565"),
        holder=Party(reference=holder, name="Trần Thị Mẫu", number="0011*****001"),
        role=role or (MandateRole.AGENT if is_agent else MandateRole.AUTHORISED),
        scope=scope,
        from_on=from_on,
        until_on=until_on,
    )


def grant(*, at: datetime, actor: Actor = BY, key: Any = SEAL, **more: Any) -> UUID:
    """Grant what `mandate` describes."""
    from bhxh.access.mandate_commands import grant_mandate

    return grant_mandate(actor=actor, at=at, content=mandate(**more), confirmation=PAPER, key=key)


def revoke(mandate_id: UUID, *, at: datetime, on: date) -> None:
    """End it."""
    from bhxh.access.mandate_commands import revoke_mandate

    revoke_mandate(actor=BY, at=at, mandate_id=mandate_id, on=on, confirmation=PAPER, key=SEAL)
