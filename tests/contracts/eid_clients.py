"""A relying party written only for tests of the sandbox's provider: it does what the standards say, and can leave things out."""

import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from sandbox.eid.clients import ASSERTION_TYPE
from sandbox.eid.tokens import challenge_of
from sandbox.supervisor import Sandbox

PLAIN: dict[str, Any] = {"trust_env": False, "verify": False}
"""WHY no verification: nothing here speaks TLS, and loading the authorities takes longer than the request."""
BACK, LEFT = "http://127.0.0.1:9/ve", "http://127.0.0.1:9/het"


class Party:
    """One registered client and its key. `told` is where it hears of sign-outs."""

    def __init__(self, sandbox: Sandbox, name: str, *, told: str = "", jwks_uri: str = "") -> None:
        self.sandbox, self.name = sandbox, name
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.metadata = httpx.get(f"{sandbox.url('eid')}/.well-known/openid-configuration", **PLAIN).json()
        self.keys = KeySet.import_key_set(httpx.get(self.metadata["jwks_uri"], **PLAIN).json())
        more = {"backchannel_logout_uri": told} if told else {}
        keys = {"jwks_uri": jwks_uri} if jwks_uri else {"jwks": self.jwks}
        sandbox.register_client(client_id=name, redirect_uris=[BACK], post_logout_redirect_uris=[LEFT], **keys, **more)
        self.verifier = secrets.token_urlsafe(48)

    @property
    def jwks(self) -> dict[str, Any]:
        """What it publishes."""
        return {"keys": [{**self.key.as_dict(private=False), "kid": self.key.kid}]}

    def address(self, **changes: str | None) -> str:
        """The authorisation request; None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.name,
            "redirect_uri": BACK,
            "scope": "openid",
            "state": "state-of-this-login",
            "nonce": "nonce-of-this-login",
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        return f"{self.metadata['authorization_endpoint']}?{urlencode({name: value for name, value in asked.items() if value is not None})}"

    def assertion(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {"iss": self.name, "sub": self.name, "aud": self.metadata["token_endpoint"], "jti": secrets.token_hex(8), "exp": now + 60}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, {**claims, **changes}, self.key, algorithms=["ES256"])

    def exchange(self, code_given: str, /, **changes: str | None) -> httpx.Response:
        sent: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code_given,
            "redirect_uri": BACK,
            "client_id": self.name,
            "code_verifier": self.verifier,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
            **changes,
        }
        form = {name: value for name, value in sent.items() if value is not None}
        return httpx.post(self.metadata["token_endpoint"], data=form, **PLAIN)

    def sign_in(self, pin: str, **more: Any) -> dict[str, Any]:
        """The answer of the token endpoint."""
        code = query_of(self.sandbox.choose_identity(self.address(), pin=pin, **more))["code"]
        answer: dict[str, Any] = self.exchange(code).raise_for_status().json()
        return answer

    def read(self, token: str) -> jwt.Token:
        """Header and claims of a token that the provider signed."""
        return jwt.decode(token, self.keys, algorithms=["ES256"])


def query_of(address: str) -> dict[str, str]:
    """The parameters an answer carries."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
