"""What access asks of the outside."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol


class EidKeys(Protocol):
    """The public keys under which an issuer signs (e-ID tokens; the national portal's messages)."""

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        """The key set (JWKS), cached. Say `is_refresh_wanted` when something signed names a key that is not in it. Raises Trouble."""


class EidAccountDirectory(Protocol):
    """Which e-ID accounts there are: asked before a book is published to somebody who never signed in here."""

    def find_subjects(self, pins: Collection[str]) -> Mapping[str, str]:
        """Personal number -> opaque account name at the issuer; persons without an account are left out. Raises Trouble."""
