"""A program's key set and the time each key is good for. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def is_key_in_force(jwk: Mapping[str, Any], at: datetime) -> bool:
    """Whether what is signed with this key is believed at an instant; a key without dates always is."""
    begins, ends = jwk.get("not_before"), jwk.get("not_after")
    return (begins is None or datetime.fromisoformat(begins) <= at) and (ends is None or at < datetime.fromisoformat(ends))


def keys_in_force(jwks: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The key set without the keys that are not yet, or no longer, good."""
    return {"keys": [jwk for jwk in jwks.get("keys", ()) if is_key_in_force(jwk, at)]}


def earliest_end(jwk: Mapping[str, Any], not_after: datetime) -> datetime:
    """When a key ends that shall end at an instant: sooner where that was said before."""
    ends = jwk.get("not_after")
    return not_after if ends is None else min(not_after, datetime.fromisoformat(ends))


def with_end(jwks: Mapping[str, Any], *, kid: str, not_after: datetime) -> dict[str, Any]:
    """The key set in which one key ends at an instant."""
    return {"keys": [{**jwk, "not_after": not_after.isoformat()} if jwk["kid"] == kid else jwk for jwk in jwks["keys"]]}
