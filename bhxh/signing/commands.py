"""What an operator does to the installation's keys, written into the log. The keys themselves are files, or lie in a module."""

from datetime import datetime, timedelta

from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.who import SYSTEM
from bhxh.signing.key_files import FileKeys, Purpose
from bhxh.signing.ports import SealKey
from bhxh.signing.signed_keysets import Root


@command(by=SYSTEM)
def rotate_key(*, actor: Actor, at: datetime, keys: FileKeys, purpose: Purpose, from_at: datetime, overlap: timedelta) -> SealKey:
    """Let a new key of a purpose seal from an instant on; the present one ends an overlap later and is published for ever."""
    fresh = keys.rotate(purpose, at=from_at, overlap=overlap)
    detail: dict[str, Json] = {"kid": fresh.kid, "purpose": purpose, "from": from_at.isoformat(), "overlap_s": int(overlap.total_seconds())}
    record(actor=actor, at=at, verb="signing.key.rotate", detail=detail)
    return fresh


@command(by=SYSTEM)
def certify_key(*, actor: Actor, at: datetime, keys: FileKeys, purpose: Purpose, chain: bytes) -> str:
    """Put an authority's certificate beside the key it was made for; returns the kid. Raises Invalid SIG-023, SIG-027, SIG-111."""
    kid = keys.install_certificate(purpose, chain)
    record(actor=actor, at=at, verb="signing.key.certify", detail={"kid": kid, "purpose": purpose})
    return kid


@command(by=SYSTEM)
def renew_root(*, actor: Actor, at: datetime, root: Root, keys: FileKeys) -> SealKey:
    """Let a new root sign the published set from now on; the one before hands over to it. Raises NotFound SIG-113."""
    fresh = root.renew(keys, at=at)
    record(actor=actor, at=at, verb="signing.root.renew", detail={"kid": fresh.kid})
    return fresh
