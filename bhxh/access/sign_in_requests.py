"""What we remember of a sign-in between leaving for the e-ID and coming back: nothing here, all of it in the address and the browser.

The state that travels carries its own content under our mark, bound to a random name that only this browser has in a cookie. The nonce and
the PKCE verifier follow from both and our secret. So a flood of begun sign-ins fills no table, and several windows do not disturb each other.
"""

import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bhxh.access.errors import ACC_REQUEST_OLD, ACC_REQUEST_UNKNOWN, NotSignedIn
from bhxh.signing.base64url import decode, encode

LONGEST = timedelta(minutes=10)  # LIMIT: who needs longer at the e-ID begins again
_MAXIMUM_CHARACTERS = 800
_RETURN_ADDRESS = re.compile(r"/(?:[A-Za-z0-9._~-][A-Za-z0-9/._~?=&%-]{0,198})?")
"""A place of ours: no host, no scheme, nothing a browser could read as either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRequest:
    """One sign-in under way."""

    state: str
    nonce: str
    verifier: str
    """PKCE: shown to the e-ID only together with the code."""
    return_to: str
    """Where the browser goes afterwards, a path of ours."""
    is_fresh_wanted: bool
    """Whether the person is to prove themselves anew."""


def new_browser_name() -> str:
    """What a browser is recognised by during a sign-in; kept in its cookie."""
    return secrets.token_urlsafe(32)


def place_of_ours(address: str) -> str:
    """The address where it is a path of ours, else the first page: nobody is sent away from here by a link."""
    return address if _RETURN_ADDRESS.fullmatch(address) else "/"


def make_request(*, secret: bytes, browser: str, return_to: str, is_fresh_wanted: bool, at: datetime) -> SignInRequest:
    """Begin. An address that is not a path of ours becomes the first page."""
    safe = place_of_ours(return_to)
    content = encode(json.dumps([secrets.token_urlsafe(12), int(at.timestamp()), int(is_fresh_wanted), safe]).encode())
    return _request(f"{content}.{_mark(secret, 'state', browser, content)}", secret, browser, safe, is_fresh_wanted=is_fresh_wanted)


def read_request(state: str, *, secret: bytes, browser: str, at: datetime) -> SignInRequest:
    """Take it up again. Raises NotSignedIn ACC-005 (not begun here, or in another browser), ACC-006 (too long ago)."""
    content, _, mark = state.partition(".")
    is_ours = bool(browser) and len(state) <= _MAXIMUM_CHARACTERS and state.isascii()
    if not is_ours or not hmac.compare_digest(mark, _mark(secret, "state", browser, content)):
        raise NotSignedIn(ACC_REQUEST_UNKNOWN)
    _, begun_s, is_fresh_wanted, return_to = json.loads(decode(content))
    if not begun_s - 60 <= at.timestamp() <= begun_s + LONGEST.total_seconds():
        raise NotSignedIn(ACC_REQUEST_OLD)
    return _request(state, secret, browser, return_to, is_fresh_wanted=bool(is_fresh_wanted))


def _request(state: str, secret: bytes, browser: str, return_to: str, *, is_fresh_wanted: bool) -> SignInRequest:
    return SignInRequest(
        state=state,
        nonce=_mark(secret, "nonce", browser, state),
        verifier=_mark(secret, "verifier", browser, state),
        return_to=return_to,
        is_fresh_wanted=is_fresh_wanted,
    )


def _mark(secret: bytes, what: str, browser: str, content: str) -> str:
    return encode(hmac.digest(secret, f"{what}\n{browser}\n{content}".encode(errors="replace"), "sha256"))
