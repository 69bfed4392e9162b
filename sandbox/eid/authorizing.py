"""What a client asks of the authorisation endpoint, read and judged (OpenID Connect Core 3.1.2, RFC 7636, RFC 9207)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sandbox.eid import ISSUER
from sandbox.eid.clients import RelyingParties, RelyingParty

PARAMETERS = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "claims",
    "ui_locales",
    "login_hint",
    "response_mode",
    "request",
    "request_uri",
)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PROMPTS = {"", "none", "login", "consent", "select_account"}


class NotForAnybody(Exception):
    """A request whose sender is not known: nothing is sent back to the address it names."""


class Refused(Exception):
    """A request that is refused, in the client's own hearing."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRequest:
    """One request of a known client."""

    client: RelyingParty
    asked: Mapping[str, str]
    """Its parameters as they came, for the form to send again."""

    @classmethod
    def of(cls, given: Mapping[str, str], known: RelyingParties) -> "SignInRequest":
        """Raises NotForAnybody."""
        asked = {name: given[name] for name in PARAMETERS if name in given}
        client = known.find(asked.get("client_id", ""))
        if client is None:
            raise NotForAnybody("unknown client_id")
        if asked.get("redirect_uri", "") not in client.redirect_uris:
            raise NotForAnybody("redirect_uri is not registered")
        return cls(client=client, asked=asked)

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes: one of the registered addresses."""
        return self.asked["redirect_uri"]

    @property
    def challenge(self) -> str:
        """The PKCE challenge."""
        return self.asked.get("code_challenge", "")

    @property
    def nonce(self) -> str:
        """What the ID token must repeat."""
        return self.asked.get("nonce", "")

    @property
    def is_silent(self) -> bool:
        """No page may be shown."""
        return self.asked.get("prompt") == "none"

    def check(self) -> None:
        """Raises Refused with the standard's error."""
        asked = self.asked
        if "request" in asked or "request_uri" in asked:
            raise Refused("request_not_supported")
        if asked.get("response_type") != "code":
            raise Refused("unsupported_response_type")
        if asked.get("response_mode", "query") != "query":
            raise Refused("invalid_request", "response_mode")
        if "openid" not in asked.get("scope", "").split():
            raise Refused("invalid_scope", "openid")
        if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(self.challenge):
            raise Refused("invalid_request", "PKCE with S256 is demanded")
        if asked.get("prompt", "") not in _PROMPTS or not asked.get("max_age", "0").isdecimal():
            raise Refused("invalid_request", "prompt or max_age")

    def is_answered_by(self, auth_time: int, now: float) -> bool:
        """Whether an earlier sign-in will do."""
        if self.asked.get("prompt") in {"login", "select_account"}:
            return False
        return "max_age" not in self.asked or now - auth_time <= int(self.asked["max_age"])

    def answer(self, values: Mapping[str, str], flaw: str = "") -> str:
        """The address that carries the answer back."""
        state = {"state": self.asked["state"]} if "state" in self.asked else {}
        sent = {**values, **state, "iss": ISSUER}
        match flaw:
            case "redirect_other_iss":
                sent["iss"] = "https://another.example"
            case "redirect_no_iss":
                del sent["iss"]
            case "redirect_other_state":
                sent["state"] = "another-state"
        return f"{self.redirect_uri}{'&' if urlsplit(self.redirect_uri).query else '?'}{urlencode(sent)}"
