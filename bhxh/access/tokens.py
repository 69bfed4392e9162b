"""Reads what others signed to say who is asking: e-ID tokens. Pure: keys and the instant are passed in.

Accepted is one algorithm (ES256) and one shape of key (P-256), whatever the token says about itself.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, GuestProtocol
from joserfc.jws import extract_compact

from bhxh.access.errors import ACC_KEY_UNKNOWN, ACC_TOKEN_BROKEN, ACC_TOKEN_EXPIRED, NotSignedIn
from bhxh.access.roles import AccountType
from bhxh.kernel.canonical import Json
from bhxh.kernel.identifiers import Pin
from bhxh.signing.base64url import encode

ALGORITHM = "ES256"
LEEWAY_S = 60
_LONGEST = timedelta(hours=12)  # LIMIT: a session longer than a working day is a stolen one
_LONGEST_LOGOUT = timedelta(minutes=10)
MAXIMUM_CHARACTERS = 8192  # LIMIT: above what a proxy passes in one header line
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_NOT_IN_ACCESS_TOKENS = ("nonce", "events")
"""WHY: what else the issuer signs (ID tokens, notices of sign-out) must not open the API, should it ever name the same audience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNames:
    """How an issuer calls what it says, and which values of its level claim mean 1 and 2. Configuration: the real ones are not public."""

    pin: str = "pin"
    full_name: str = "full_name"
    birth_date: str = "birth_date"
    account_type: str = "account_type"
    org_id: str = "org_id"
    acting_pin: str = "acting_pin"
    level: str = "assurance_level"
    level_values: tuple[Json, Json] = (1, 2)

    def level_of(self, claims: Mapping[str, Any]) -> int:
        """1 or 2, by exact match. Raises NotSignedIn ACC-001."""
        said = claims.get(self.level)
        for level, value in enumerate(self.level_values, start=1):
            # WHY the type too: True == 1 in Python, and "2" is somebody else's convention.
            if type(said) is type(value) and said == value:
                return level
        raise _broken("assurance level")


_AS_IN_ACCESS_TOKENS = ClaimNames()


@dataclass(frozen=True, slots=True, kw_only=True)
class EidClaims:
    """What the e-ID issuer says about who signed in. Holds personal data: never log it."""

    issuer: str
    sub: str
    pin: str
    full_name: str
    birth_date: str
    account_type: AccountType
    assurance_level: int
    org_id: str
    """Tax code of the organisation of an ORG account (assumed), else empty."""
    acting_pin: str
    jti: str
    expires_at: datetime
    issued_at: datetime | None = None
    signed_in_at: datetime | None = None
    """When the person last proved to the e-ID who they are (`auth_time`); None where it does not say: never fresh."""
    sid: str = ""
    """The e-ID's name of the sign-in, by which it can be ended from there."""
    methods: tuple[str, ...] = ()
    """How the person proved it (`amr`), in the e-ID's words."""

    @property
    def account(self) -> str:
        """Stable reference without personal data: `eid:<issuer host>:<sub>`."""
        return account_reference(self.issuer, self.sub)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutClaims:
    """The issuer's notice that somebody signed out there: of one sign-in (`sid`), or of all of an account (`sub`)."""

    issuer: str
    sub: str
    sid: str
    jti: str
    issued_at: datetime


def account_reference(issuer: str, subject: str) -> str:
    """`eid:<issuer host>:<sub>`."""
    return f"eid:{urlsplit(issuer).hostname or issuer}:{subject}"


def verify_eid_token(
    token: str, *, keys: Mapping[str, Any], issuer: str, audience: str, at: datetime, names: ClaimNames = _AS_IN_ACCESS_TOKENS
) -> EidClaims:
    """Check an e-ID access token for our API and read its claims.

    Shape:   `keys` is the issuer's key set (JWKS). The assurance level must be exactly 1 or 2; what needs 2 asks for it elsewhere.
    Raises:  NotSignedIn ACC-001 (anything broken), ACC-002 (expired), ACC-003 (key not listed: fetch the keys again, then give up).
    """
    claims = _verified(token, keys=keys, issuer=issuer, audience=audience, at=at, longest=_LONGEST, demanded=("jti",))
    if any(name in claims for name in _NOT_IN_ACCESS_TOKENS):
        raise _broken("kind of token")
    return _eid_claims(claims, issuer=issuer, at=at, names=names)


def verify_id_token(
    token: str,
    *,
    keys: Mapping[str, Any],
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
    at: datetime,
    names: ClaimNames,
) -> EidClaims:
    """Check the ID token that a sign-in of ours brought (OpenID Connect Core, 3.1.3.7) and read its claims.

    Shape:   the nonce is the one we sent; several audiences only where we are the authorised party; `at_hash`, where it stands there,
             is that of the access token that came with it.
    Raises:  as `verify_eid_token`.
    """
    claims = _verified(token, keys=keys, issuer=issuer, audience=client_id, at=at, longest=_LONGEST, demanded=("nonce",))
    if not compare_digest(_text(claims, "nonce").encode(), nonce.encode()):
        raise _broken("nonce")
    is_for_others_too = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if "events" in claims or claims.get("azp", None if is_for_others_too else client_id) != client_id:
        raise _broken("authorised party")
    if "at_hash" in claims and _text(claims, "at_hash") != encode(sha256(access_token.encode()).digest()[:16]):
        raise _broken("at_hash")
    return _eid_claims(claims, issuer=issuer, at=at, names=names)


def verify_logout_token(token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, at: datetime) -> SignedOutClaims:
    """Check a notice of sign-out (OpenID Connect Back-Channel Logout, 2.6). That it is used once, the caller sees to by its jti.

    Raises: NotSignedIn ACC-001, ACC-002, ACC-003.
    """
    claims = _verified(
        token,
        keys=keys,
        issuer=issuer,
        audience=client_id,
        at=at,
        longest=_LONGEST_LOGOUT,
        demanded=("jti", "events"),
        typ="logout+jwt",
        is_about_somebody=False,
    )
    sub, sid, events = _text(claims, "sub"), _text(claims, "sid"), claims["events"]
    if "nonce" in claims or not (isinstance(events, dict) and isinstance(events.get(_LOGOUT_EVENT), dict)):
        raise _broken("kind of token")
    if not (sub or sid):
        raise _broken("nobody named")
    return SignedOutClaims(issuer=issuer, sub=sub, sid=sid, jti=str(claims["jti"]), issued_at=_instant(claims["iat"], at))


def _eid_claims(claims: Mapping[str, Any], *, issuer: str, at: datetime, names: ClaimNames) -> EidClaims:
    try:
        kind = AccountType(claims.get(names.account_type, ""))
    except ValueError:
        raise _broken("account type") from None
    level = names.level_of(claims)
    acting_pin = _text(claims, names.acting_pin) if kind is AccountType.ORG else ""
    pin = acting_pin or _text(claims, names.pin)
    if Pin.try_parse(pin) != pin:
        raise _broken("personal number")
    org_id = _text(claims, names.org_id)
    if (kind is AccountType.ORG) != bool(org_id) or not claims["sub"]:
        raise _broken("organisation")
    methods = claims.get("amr", ())
    return EidClaims(
        issuer=issuer,
        sub=claims["sub"],
        pin=pin,
        full_name=_text(claims, names.full_name),
        birth_date=_text(claims, names.birth_date),
        account_type=kind,
        assurance_level=level,
        org_id=org_id,
        acting_pin=acting_pin,
        jti=str(claims.get("jti", "")),
        expires_at=_instant(claims["exp"], at),
        issued_at=_instant(claims["iat"], at),
        signed_in_at=_signed_in_at(claims, at),
        sid=_text(claims, "sid"),
        methods=tuple(str(method) for method in methods) if isinstance(methods, list) else (),
    )


def _signed_in_at(claims: Mapping[str, Any], at: datetime) -> datetime | None:
    said = claims.get("auth_time")
    if said is None:
        return None
    # WHY refused and not left aside: whoever says a time that cannot be is wrong about more than the time.
    if type(said) is not int or said > claims["iat"] + LEEWAY_S or said <= 0:
        raise _broken("time of sign-in")
    return _instant(said, at)


def _instant(seconds: float, at: datetime) -> datetime:
    return datetime.fromtimestamp(seconds, tz=at.tzinfo)


def find_claimed_client(token: str) -> str:
    """Who a token says it is from, unverified: only to find the keys to verify it with. Empty where it says nothing."""
    try:
        claims = json.loads(extract_compact(token.encode()).payload or b"") if len(token) <= MAXIMUM_CHARACTERS else None
    except (JoseError, ValueError, RecursionError):  # the last where somebody nests JSON without end
        return ""
    return str(claims.get("iss", "")) if isinstance(claims, dict) else ""


def _verified(
    token: str,
    *,
    keys: Mapping[str, Any],
    issuer: str,
    audience: str,
    at: datetime,
    longest: timedelta,
    demanded: tuple[str, ...],
    typ: str = "",
    is_about_somebody: bool = True,
) -> Mapping[str, Any]:
    if len(token) > MAXIMUM_CHARACTERS:
        raise _broken("length")
    needed: dict[str, Any] = {name: {"essential": True} for name in (*demanded, *(("sub",) if is_about_somebody else ()))}
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        iat={"essential": True},
        **needed,
    )
    try:
        read = jwt.decode(token, key_by_name(usable_keys(keys)), algorithms=[ALGORITHM])
        rules.validate(read.claims)
    except ExpiredTokenError:
        raise NotSignedIn(ACC_TOKEN_EXPIRED) from None
    except JoseError as error:
        # WHY only the kind: the library's text may quote claims.
        raise _broken(error.error) from None
    except (ValueError, RecursionError):
        raise _broken("format") from None
    if typ and str(read.header.get("typ", "")).lower() != typ:
        raise _broken("kind of token")
    if read.claims["exp"] - read.claims["iat"] > longest.total_seconds():
        raise _broken("lifetime")
    return read.claims


def usable_keys(keys: Mapping[str, Any]) -> dict[str, ECKey]:
    """The P-256 keys of a key set, by name. Others are left aside: an issuer may list keys for other uses."""
    listed = keys.get("keys")
    usable: dict[str, ECKey] = {}
    for jwk in listed if isinstance(listed, list) else ():
        if (
            isinstance(jwk, dict)
            and jwk.get("kty") == "EC"
            and jwk.get("crv") == "P-256"
            and jwk.get("use", "sig") == "sig"
            and jwk.get("kid")
        ):
            usable[str(jwk["kid"])] = _imported(json.dumps(jwk, sort_keys=True))
    return usable


@lru_cache(maxsize=256)  # LIMIT: more keys than issuers, agencies and programs have between them are read again
def _imported(jwk: str) -> ECKey:
    """WHY kept: the same few keys verify everything, and a point is checked to lie on the curve each time one is read."""
    return ECKey.import_key(json.loads(jwk))


def key_by_name(keys: Mapping[str, ECKey]) -> Callable[[GuestProtocol], ECKey]:
    """What the library asks for the key a token names. Raises NotSignedIn ACC-003."""

    def find(token: GuestProtocol) -> ECKey:
        kid = token.headers().get("kid")
        if not isinstance(kid, str) or kid not in keys:
            raise NotSignedIn(ACC_KEY_UNKNOWN)
        return keys[kid]

    return find


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise _broken(name)
    return value


def _broken(reason: str) -> NotSignedIn:
    return NotSignedIn(ACC_TOKEN_BROKEN, reason=reason)
