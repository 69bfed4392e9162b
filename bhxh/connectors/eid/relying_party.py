"""Sign-in with the e-ID by OpenID Connect: code flow with PKCE, `private_key_jwt`, pinned algorithm; notices of sign-out.

Authlib's client builds the address and redeems the code; what tokens say is checked by `access.tokens`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx

from bhxh.access.errors import ACC_CODE_REFUSED, ACC_KEY_UNKNOWN, ACC_WRONG_SENDER, NotSignedIn
from bhxh.access.ports import EidKeys
from bhxh.access.sign_in_requests import SignInRequest
from bhxh.access.tokens import ClaimNames, EidClaims, SignedOutClaims, verify_id_token, verify_logout_token
from bhxh.connectors.eid.kept import KeptDocument
from bhxh.connectors.http_client.assertion import MachineKey, client_assertion
from bhxh.connectors.http_client.bounded import BoundedTransport
from bhxh.connectors.http_client.breaker import Breaker
from bhxh.connectors.http_client.client import PartnerClient
from bhxh.connectors.http_client.errors import CON_NONSENSE, CON_REJECTED, CON_RESTING, CON_UNAVAILABLE
from bhxh.kernel.errors import Nonsense, Rejected, Unavailable

_T = TypeVar("_T")
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MAXIMUM_BYTES = 64 * 1024  # LIMIT: three tokens
_ENDPOINTS = ("authorization_endpoint", "token_endpoint")
_OUR_FAULT = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How we are registered with the e-ID, and how it says things."""

    issuer: str
    client_id: str
    redirect_uri: str
    signed_out_uri: str
    key: MachineKey
    names: ClaimNames
    fresh_s: int
    scope: str = "openid"


class EidRelyingParty:
    """The port `IdentityProvider`."""

    def __init__(self, client: PartnerClient, *, keys: EidKeys, registration: Registration, base_url: str, timeout_s: float) -> None:
        self._client, self._keys, self._us = client, keys, registration
        self._origin = _origin(base_url)
        self._discovery = KeptDocument(client, "/.well-known/openid-configuration", problem_of=self._problem_of)
        self._timeout_s = timeout_s
        self._breaker = Breaker(monotonic=time.monotonic)

    def ask(self, request: SignInRequest) -> str:
        """Raises Trouble."""
        known = self._discovery.get()
        more: dict[str, Any] = {}
        level = self._us.names.level_values[1]
        if isinstance(level, str):
            more["acr_values"] = level
        if request.is_fresh_wanted:
            more |= {"prompt": "login", "max_age": self._us.fresh_s}
        with_code = self._oauth().create_authorization_url(
            known["authorization_endpoint"], state=request.state, code_verifier=request.verifier, nonce=request.nonce, **more
        )
        return str(with_code[0])

    def redeem(self, *, request: SignInRequest, code: str, sender: str | None, at: datetime) -> EidClaims:
        """Once, whatever happens: a code that may have arrived is not sent again.

        Raises: NotSignedIn ACC-001 to ACC-003, ACC-007, ACC-009; Unavailable CON-001, CON-004; Rejected CON-002; Nonsense CON-003.
        """
        known = self._discovery.get()
        # WHY both: an answer that another issuer's client was given must not be redeemed here (RFC 9207).
        is_named = bool(known.get("authorization_response_iss_parameter_supported"))
        if (sender is None and is_named) or (sender is not None and sender != self._us.issuer):
            raise NotSignedIn(ACC_WRONG_SENDER)
        tokens = self._tokens(known["token_endpoint"], code, request.verifier, at)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token", "")
        if not (isinstance(id_token, str) and isinstance(access_token, str)):
            raise Nonsense(CON_NONSENSE, partner=self._client.partner, reason="no ID token")
        return self._with_keys(
            lambda keys: verify_id_token(
                id_token,
                keys=keys,
                issuer=self._us.issuer,
                client_id=self._us.client_id,
                nonce=request.nonce,
                access_token=access_token,
                at=at,
                names=self._us.names,
            )
        )

    def read_notice(self, token: str, *, at: datetime) -> SignedOutClaims:
        """Raises NotSignedIn ACC-001 to ACC-003; Trouble."""
        of_us = {"issuer": self._us.issuer, "client_id": self._us.client_id}
        return self._with_keys(lambda keys: verify_logout_token(token, keys=keys, at=at, **of_us))

    def end(self) -> str:
        """Without an ID token as a hint: we keep none. The e-ID then asks the person itself."""
        address = (self._discovery.last or {}).get("end_session_endpoint")
        if not isinstance(address, str) or not self._is_good_address(address):
            return ""
        asked = urlencode({"client_id": self._us.client_id, "post_logout_redirect_uri": self._us.signed_out_uri})
        return f"{address}{'&' if '?' in address else '?'}{asked}"

    def origins(self) -> tuple[str, ...]:
        """From the discovery document as last fetched."""
        known = self._discovery.last or {}
        addresses = (known.get("authorization_endpoint"), known.get("end_session_endpoint"))
        return tuple(sorted({_origin(address) for address in addresses if isinstance(address, str)}))

    def is_reachable(self) -> bool:
        """Neither of the two ways to it is held back after a row of failures."""
        return not (self._client.is_resting() or self._breaker.is_open())

    def _tokens(self, address: str, code: str, verifier: str, at: datetime) -> Mapping[str, Any]:
        if not self._breaker.may_call():
            raise Unavailable(CON_RESTING, partner=self._client.partner)
        try:
            tokens = self._redeem_once(address, code, verifier, at)
        except (Unavailable, httpx.TransportError):
            self._breaker.failed()
            raise
        except BaseException:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return tokens

    def _redeem_once(self, address: str, code: str, verifier: str, at: datetime) -> Mapping[str, Any]:
        partner = self._client.partner
        try:
            tokens: Mapping[str, Any] = self._oauth(at).fetch_token(
                address, grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except httpx.TimeoutException:
            raise Unavailable(CON_UNAVAILABLE, partner=partner, reason="time-out") from None
        except httpx.DecodingError:
            raise Nonsense(CON_NONSENSE, partner=partner, reason="too large or encoded") from None
        except httpx.TransportError:
            raise Unavailable(CON_UNAVAILABLE, partner=partner, reason="connection") from None
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            if status >= 500 or status == 429:
                raise Unavailable(CON_UNAVAILABLE, partner=partner, reason=f"status {status}") from None
            raise Rejected(CON_REJECTED, partner=partner, status=status) from None
        except _library().refusal as refusal:
            if getattr(refusal, "error", "") in _OUR_FAULT:
                raise Rejected(CON_REJECTED, partner=partner, status=400) from None
            raise NotSignedIn(ACC_CODE_REFUSED) from None
        except (ValueError, TypeError):
            raise Nonsense(CON_NONSENSE, partner=partner, reason="not JSON") from None
        return tokens

    @cached_property
    def _transport(self) -> BoundedTransport:
        return BoundedTransport(timeout_s=self._timeout_s, maximum_bytes=_MAXIMUM_BYTES)

    def _oauth(self, at: datetime | None = None) -> Any:
        """WHY one for each sign-in: the library's client remembers the last token. The connections are shared."""
        client = _library().client(
            _Line(self._transport),
            client_id=self._us.client_id,
            redirect_uri=self._us.redirect_uri,
            scope=self._us.scope,
            code_challenge_method="S256",
            token_endpoint_auth_method="private_key_jwt",  # noqa: S106  # the name of a method
        )
        # WHY not its usual one: that refuses a description with letters beyond ASCII, and so hides the error it describes.
        client.oauth_error_class = _library().refusal
        if at is not None:
            client.register_client_auth_method(("private_key_jwt", partial(self._prove, at)))
            client.register_compliance_hook("access_token_response", _answered)
        return client

    def _prove(self, at: datetime, auth: Any, method: str, uri: str, headers: Any, body: bytes) -> tuple[str, Any, bytes]:
        """WHY not the library's own: our key may lie in a module that signs and gives no key away."""
        proof = client_assertion(key=self._us.key, client_id=self._us.client_id, audience=self._us.issuer, at=at)
        added = {"client_id": self._us.client_id, "client_assertion_type": _ASSERTION_TYPE, "client_assertion": proof}
        return uri, headers, b"&".join((body, urlencode(added).encode()))

    def _with_keys(self, verify: Callable[[Mapping[str, Any]], _T]) -> _T:
        try:
            return verify(self._keys.get())
        except NotSignedIn as error:
            if error.sentence is not ACC_KEY_UNKNOWN:
                raise
        return verify(self._keys.get(is_refresh_wanted=True))

    def _problem_of(self, document: Mapping[str, Any]) -> str:
        if document.get("issuer") != self._us.issuer:
            return "another issuer"
        if "S256" not in document.get("code_challenge_methods_supported", ()):
            return "no PKCE with S256"
        if not all(isinstance(document.get(name), str) and self._is_good_address(document[name]) for name in _ENDPOINTS):
            return "endpoints"
        return ""

    def _is_good_address(self, address: str) -> bool:
        """WHY: our proof and the person go there. Without TLS only where the configured address has none either."""
        return urlsplit(address).scheme == "https" or _origin(address) == self._origin


def _answered(response: httpx.Response) -> httpx.Response:
    """WHY: the library takes any JSON for tokens, whatever the status; only these two come with an error that says more."""
    return response if response.status_code in {400, 401} else response.raise_for_status()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class _Line:
    """What Authlib's client posts by: one request, one answer, nothing followed, nothing remembered.

    WHY not an `httpx.Client`: all it would add (cookies, redirects, proxies, headers of its own) is what must not be here, at a third of the
    price of a sign-in.
    """

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def post(self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any) -> httpx.Response:
        """Raises httpx.TransportError."""
        url, headers, body = auth.prepare("POST", url, headers, urlencode(data).encode())
        # WHY a name: gateways turn away who has none.
        return self._transport.handle_request(httpx.Request("POST", url, headers={**headers, "User-Agent": "bhxh"}, content=body))


@dataclass(frozen=True, slots=True)
class _Library:
    client: Callable[..., Any]
    refusal: type[Exception]


@cache
def _library() -> _Library:
    """Authlib, loaded at the first sign-in: the command line and the workers never need it."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.oauth2.client import OAuth2Client

    return _Library(OAuth2Client, AuthlibBaseError)
