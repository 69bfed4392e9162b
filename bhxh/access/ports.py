"""What access asks of the outside."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from bhxh.access.sign_in_requests import SignInRequest
from bhxh.access.tokens import EidClaims, SignedOutClaims


class EidKeys(Protocol):
    """The public keys under which an issuer signs (e-ID tokens; the national portal's messages)."""

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        """The key set (JWKS), cached. Say `is_refresh_wanted` when something signed names a key that is not in it. Raises Trouble."""


class EidAccountDirectory(Protocol):
    """Which e-ID accounts there are: asked before a book is published to somebody who never signed in here."""

    def find_subjects(self, pins: Collection[str]) -> Mapping[str, str]:
        """Personal number -> opaque account name at the issuer; persons without an account are left out. Raises Trouble."""


class IdentityProvider(Protocol):
    """Where people prove who they are. What goes over the wire (OpenID Connect today, encrypted answers elsewhere) is the adapter's business."""

    def ask(self, request: SignInRequest) -> str:
        """The address to which the browser is sent. Raises Trouble where it is not known and cannot be found out."""

    def redeem(self, *, request: SignInRequest, code: str, sender: str | None, at: datetime) -> EidClaims:
        """What is said of the person who came back with this code; `sender` is the issuer that the answer names, if it names one.

        Raises: NotSignedIn ACC-001 to ACC-003, ACC-007, ACC-009; Trouble.
        """

    def read_notice(self, token: str, *, at: datetime) -> SignedOutClaims:
        """Its word that somebody signed out there. Raises NotSignedIn ACC-001 to ACC-003; Trouble."""

    def end(self) -> str:
        """Where the browser is sent to sign out there too; empty where that cannot be done or is not known."""

    def origins(self) -> tuple[str, ...]:
        """Scheme, host and port of the places to which it may send a browser; as far as they are known."""

    def is_reachable(self) -> bool:
        """Whether it answered when last asked. Asks nothing."""
