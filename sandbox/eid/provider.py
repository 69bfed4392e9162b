"""The OpenID provider: authorisation code flow with PKCE, `private_key_jwt`, `iss` in the answer, sign-out in both directions."""

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc.errors import JoseError
from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from sandbox.eid import AUDIENCE, ISSUER, LEVELS, pages
from sandbox.eid.authorizing import NotForAnybody, Refused, SignInRequest
from sandbox.eid.clients import ASSERTION_TYPE, RelyingParties, RelyingParty
from sandbox.eid.identities import Identity, find_identity, named, suggested
from sandbox.eid.sign_ins import Code, EidSession, SignIns
from sandbox.eid.tokens import ACCESS_TOKEN, ID_TOKEN, LOGOUT_TOKEN, OF_LOGINS, OF_LOGOUTS, KeyRing, challenge_of, half_hash
from sandbox.holdings import Holdings
from sandbox.serving import answer, json_of

TOKEN_S = 900
_ID_TOKEN_S, _LOGOUT_TOKEN_S = 300, 120
_DELIVERY_TIMEOUT_S = 5
_COOKIE = "sandbox-eid"
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_METHODS = {1: ["pwd"], 2: ["pwd", "face"]}
"""`amr` of a level (assumed)."""
_CLAIMS = (
    "sub",
    "acr",
    "amr",
    "auth_time",
    "sid",
    "pin",
    "full_name",
    "birth_date",
    "account_type",
    "assurance_level",
    "org_id",
    "acting_pin",
)
_OF_SIGN_OUT = ("client_id", "post_logout_redirect_uri", "state")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Provider:
    """Its addresses are those of the discovery document. Who tests without a browser posts the form of the page.

    Shape:  POST /authorize takes the request's parameters and "pin", "org_id", "assurance_level": 1|2, "flaw" (tokens.OF_LOGINS), and
            "action": "refuse" where the person does not want to.
            POST /sandbox/clients {registration metadata}: a relying party is let in.
            POST /sandbox/sign-outs {"sid" or "sub", "flaw" (tokens.OF_LOGOUTS), "deliver": false}: the e-ID system ends sessions and tells
            the clients; answers with the logout tokens and what each client said. WHY `deliver`: a test may carry the token itself, twice.
    """

    def __init__(self, *, holdings: Holdings, keys: KeyRing, clients: RelyingParties, people_file: Path) -> None:
        self._holdings, self._keys, self._clients, self._people_file = holdings, keys, clients, people_file
        self._sign_ins = SignIns()

    def rules(self) -> list[Rule]:
        """Its addresses."""
        return [
            Rule("/.well-known/openid-configuration", endpoint=self._discover, methods=["GET"]),
            Rule("/authorize", endpoint=self._authorize, methods=["GET", "POST"]),
            Rule("/token", endpoint=self._exchange, methods=["POST"]),
            Rule("/userinfo", endpoint=self._tell, methods=["GET", "POST"]),
            Rule("/end-session", endpoint=self._end_session, methods=["GET", "POST"]),
            Rule("/sandbox/clients", endpoint=self._register, methods=["POST"]),
            Rule("/sandbox/sign-outs", endpoint=self._sign_out, methods=["POST"]),
        ]

    def _discover(self, request: Request) -> Response:
        here = request.host_url.rstrip("/")
        return answer(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/.well-known/jwks.json",
                "end_session_endpoint": f"{here}/end-session",
                "scopes_supported": ["openid", "profile"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
                "acr_values_supported": [*LEVELS.values()],
                "prompt_values_supported": ["none", "login", "select_account"],
                "claims_supported": [*_CLAIMS],
                "claims_parameter_supported": True,
                "request_parameter_supported": False,
                "request_uri_parameter_supported": False,
                "authorization_response_iss_parameter_supported": True,
                "backchannel_logout_supported": True,
                "backchannel_logout_session_supported": True,
                "ui_locales_supported": ["vi", "en"],
            }
        )

    def _register(self, request: Request) -> Response:
        try:
            client = RelyingParty.read(json_of(request))
        except ValueError as error:
            return answer({"error": "invalid_client_metadata", "error_description": str(error)}, 400)
        self._clients.register(client)
        return answer({"client_id": client.client_id}, 201)

    # -- signing in ---------------------------------------------------------------------------------------------------

    def _authorize(self, request: Request) -> Response:
        given: Mapping[str, str] = request.values.to_dict()
        try:
            wanted = SignInRequest.of(given, self._clients)
        except NotForAnybody as error:
            return pages.refused(str(error))
        try:
            wanted.check()
            self._clients.fetch_keys_early(wanted.client)
            return self._chosen(wanted, given) if request.method == "POST" else self._asked(wanted, request.cookies.get(_COOKIE, ""))
        except Refused as error:
            told = {"error": error.error, **({"error_description": error.description} if error.description else {})}
            return redirect(wanted.answer(told), 303)

    def _asked(self, wanted: SignInRequest, cookie: str) -> Response:
        session = self._sign_ins.find(cookie)
        if session is not None and wanted.is_answered_by(session.auth_time, time.time()):
            return self._answered(wanted, session, "")
        if wanted.is_silent:
            raise Refused("login_required")
        return self._page(wanted)

    def _page(self, wanted: SignInRequest, *, problem: bool = False) -> Response:
        return pages.choose(
            request=wanted.asked,
            client_id=wanted.client.client_id,
            people=named(self._people_file),
            suggestions=suggested(self._holdings),
            flaws=sorted(OF_LOGINS),
            problem=problem,
        )

    def _chosen(self, wanted: SignInRequest, given: Mapping[str, str]) -> Response:
        if given.get("action") == "refuse":
            raise Refused("access_denied")
        pin, org_id = given.get("pin", "").strip(), given.get("org_id", "").strip()
        if not pin:
            pin, _, org_id = (given.get("one_click") or given.get("choice", "")).partition(" ")
        identity = find_identity(self._holdings, pin=pin, account_type=given.get("account_type", ""), org_id=org_id)
        flaw, level = given.get("flaw", ""), given.get("assurance_level", "2")
        if identity is None or level not in {"1", "2"} or flaw not in {"", *OF_LOGINS}:
            return self._page(wanted, problem=True)
        session, cookie = self._sign_ins.begin(identity, int(level))
        response = self._answered(wanted, session, flaw)
        response.set_cookie(_COOKIE, cookie, httponly=True, samesite="Lax")
        return response

    def _answered(self, wanted: SignInRequest, session: EidSession, flaw: str) -> Response:
        code = self._sign_ins.issue_code(
            client_id=wanted.client.client_id,
            redirect_uri=wanted.redirect_uri,
            challenge=wanted.challenge,
            nonce=wanted.nonce,
            session=session,
            flaw=flaw,
        )
        return redirect(wanted.answer({"code": code}, flaw), 303)

    # -- tokens -------------------------------------------------------------------------------------------------------

    def _exchange(self, request: Request) -> Response:
        given = request.form
        assertion = given.get("client_assertion", "") if given.get("client_assertion_type") == ASSERTION_TYPE else ""
        ours = (ISSUER, f"{request.host_url.rstrip('/')}/token")
        client = self._clients.find_proved(assertion=assertion, client_id=given.get("client_id", ""), audiences=ours)
        if client is None:
            return _uncached({"error": "invalid_client"}, 401)
        if given.get("grant_type") != "authorization_code":
            return _uncached({"error": "unsupported_grant_type"}, 400)
        code = self._sign_ins.take_code(given.get("code", ""))
        verifier = given.get("code_verifier", "")
        if (
            code is None
            or code.client_id != client.client_id
            or code.redirect_uri != given.get("redirect_uri")
            or not _VERIFIER.fullmatch(verifier)
            or not hmac.compare_digest(challenge_of(verifier), code.challenge)
        ):
            return _uncached({"error": "invalid_grant"}, 400)
        return _uncached(self._tokens(code))

    def _tokens(self, code: Code) -> dict[str, Any]:
        now, session = int(time.time()), code.session
        access = self.access_token(
            session.identity, level=session.level, lifetime_s=TOKEN_S, more={"auth_time": code.auth_time, "sid": session.sid}
        )
        claims = {
            "iss": ISSUER,
            "sub": session.identity.subject,
            "aud": code.client_id,
            "iat": now,
            "exp": now + _ID_TOKEN_S,
            "auth_time": code.auth_time,
            "acr": LEVELS[session.level],
            "amr": _METHODS[session.level],
            "sid": session.sid,
            "at_hash": half_hash(access),
            **({"nonce": code.nonce} if code.nonce else {}),
            **session.identity.claims,
            "assurance_level": session.level,
        }
        given = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_S, "scope": "openid profile"}
        return given if code.flaw == "no_id_token" else {**given, "id_token": self._keys.sign(ID_TOKEN, claims, code.flaw)}

    def access_token(
        self,
        identity: Identity,
        *,
        level: object,
        lifetime_s: int,
        audience: str = AUDIENCE,
        more: Mapping[str, Any] | None = None,
        flaw: str = "",
    ) -> str:
        """A token for our API, as an app of the person's would hold it."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": identity.subject,
            "aud": audience,
            "iat": now,
            "exp": now + lifetime_s,
            "jti": secrets.token_hex(16),
            **identity.claims,
            "assurance_level": level,
            **(more or {}),
        }
        return self._keys.sign(ACCESS_TOKEN, claims, flaw)

    def _tell(self, request: Request) -> Response:
        claims = self._claims_of(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if claims.get("aud") != AUDIENCE or claims.get("exp", 0) <= time.time():
            return answer({"error": "invalid_token"}, 401)
        hidden = {"iss", "aud", "iat", "exp", "jti", "sid", "auth_time"}
        return _uncached({name: value for name, value in claims.items() if name not in hidden})

    def _claims_of(self, token: str) -> dict[str, Any]:
        """What a token of ours says, ended or not; nothing where it is none."""
        try:
            return self._keys.verify(token)
        except (JoseError, ValueError):
            return {}

    # -- signing out --------------------------------------------------------------------------------------------------

    def _end_session(self, request: Request) -> Response:
        """The person wants out: proved by an ID token of ours, or said on our own page."""
        given = request.values
        hint = self._claims_of(given.get("id_token_hint", ""))
        if not hint and (request.method != "POST" or given.get("confirmed") != "yes"):
            return pages.confirm_sign_out({name: given[name] for name in _OF_SIGN_OUT if name in given})
        cookie = request.cookies.get(_COOKIE, "")
        session = self._sign_ins.find_by_sid(str(hint.get("sid", ""))) if hint else self._sign_ins.find(cookie)
        if session is not None:
            self._end(session)
        client = self._clients.find(str(hint.get("aud", "")) or given.get("client_id", ""))
        address = given.get("post_logout_redirect_uri", "")
        if client is not None and address in client.post_logout_redirect_uris:
            state = f"?{urlencode({'state': given['state']})}" if "state" in given else ""
            response = redirect(f"{address}{state}", 303)
        else:
            response = pages.signed_out()
        response.delete_cookie(_COOKIE)
        return response

    def _sign_out(self, request: Request) -> Response:
        wanted = json_of(request)
        flaw, is_delivered = str(wanted.get("flaw", "")), bool(wanted.get("deliver", True))
        if flaw not in {"", *OF_LOGOUTS}:
            return answer({"flaws": sorted(OF_LOGOUTS)}, 422)
        one = self._sign_ins.find_by_sid(str(wanted.get("sid", "")))
        ended = [one] if one is not None else list(self._sign_ins.sessions_of(str(wanted.get("sub", ""))))
        return answer({"notices": [told for session in ended for told in self._end(session, flaw=flaw, is_delivered=is_delivered)]})

    def _end(self, session: EidSession, *, flaw: str = "", is_delivered: bool = True) -> list[dict[str, Any]]:
        self._sign_ins.end(session)
        notices = []
        for client in filter(None, map(self._clients.find, sorted(session.clients))):
            token = self._logout_token(client, session, flaw)
            status = _delivered(client.backchannel_logout_uri, token) if is_delivered and client.backchannel_logout_uri else None
            notices.append({"client_id": client.client_id, "logout_token": token, "status": status})
        return notices

    def _logout_token(self, client: RelyingParty, session: EidSession, flaw: str) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": client.client_id,
            "iat": now,
            "exp": now + _LOGOUT_TOKEN_S,
            "jti": secrets.token_hex(16),
            "events": {_EVENT: {}},
            "sub": session.identity.subject,
            "sid": session.sid,
        }
        return self._keys.sign(LOGOUT_TOKEN, claims, flaw)


def _delivered(address: str, token: str) -> int:
    """What the client answered; 0 where nobody did."""
    try:
        return httpx.post(address, data={"logout_token": token}, timeout=_DELIVERY_TIMEOUT_S, trust_env=False).status_code
    except httpx.HTTPError:
        return 0


def _uncached(content: Any, status: int = 200) -> Response:
    response = answer(content, status)
    response.headers["Cache-Control"] = "no-store"
    return response
