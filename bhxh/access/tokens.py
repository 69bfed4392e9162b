"""Reads what others signed to say who is asking: e-ID tokens and machines' assertions. Pure: keys and the instant are passed in.

Accepted is one algorithm (ES256) and one shape of key (P-256), whatever the token says about itself.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, GuestProtocol
from joserfc.jws import extract_compact

from bhxh.access.errors import ACC_KEY_UNKNOWN, ACC_TOKEN_BROKEN, ACC_TOKEN_EXPIRED, NotSignedIn
from bhxh.access.roles import AccountType
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.identifiers import Pin

ALGORITHM = "ES256"
LEEWAY_S = 60
_LONGEST = timedelta(hours=12)  # LIMIT: a session longer than a working day is a stolen one
_LONGEST_ASSERTION = timedelta(minutes=5)
_MAXIMUM_CHARACTERS = 8192  # LIMIT: above what a proxy passes in one header line
_LEVELS = frozenset({1, 2})


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

    @property
    def account(self) -> str:
        """Stable reference without personal data: `eid:<issuer host>:<sub>`."""
        return account_reference(self.issuer, self.sub)


def account_reference(issuer: str, subject: str) -> str:
    """`eid:<issuer host>:<sub>`."""
    return f"eid:{urlsplit(issuer).hostname or issuer}:{subject}"


def verify_eid_token(token: str, *, keys: Mapping[str, Any], issuer: str, audience: str, at: datetime) -> EidClaims:
    """Check an e-ID token and read its claims. Claim names are configuration of the sandbox: the real ones are not public.

    Shape:   `keys` is the issuer's key set (JWKS). The assurance level must be exactly 1 or 2; what needs 2 asks for it elsewhere.
    Raises:  NotSignedIn ACC-001 (anything broken), ACC-002 (expired), ACC-003 (key not listed: fetch the keys again, then give up).
    """
    claims = _verified(token, keys=keys, issuer=issuer, audience=audience, at=at, longest=_LONGEST)
    try:
        kind = AccountType(claims.get("account_type", ""))
    except ValueError:
        raise _broken("account type") from None
    level = claims.get("assurance_level")
    # WHY the type too: True == 1 in Python, and "2" is somebody else's convention.
    if type(level) is not int or level not in _LEVELS:
        raise _broken("assurance level")
    acting_pin = _text(claims, "acting_pin") if kind is AccountType.ORG else ""
    pin = acting_pin or _text(claims, "pin")
    if Pin.try_parse(pin) != pin:
        raise _broken("personal number")
    org_id = _text(claims, "org_id")
    if (kind is AccountType.ORG) != bool(org_id) or not claims["sub"]:
        raise _broken("organisation")
    return EidClaims(
        issuer=issuer,
        sub=claims["sub"],
        pin=pin,
        full_name=_text(claims, "full_name"),
        birth_date=_text(claims, "birth_date"),
        account_type=kind,
        assurance_level=level,
        org_id=org_id,
        acting_pin=acting_pin,
        jti=claims["jti"],
        expires_at=datetime.fromtimestamp(claims["exp"], tz=at.tzinfo),
    )


def verify_assertion(token: str, *, keys: Mapping[str, Any], client_id: str, audience: str, body: bytes, at: datetime) -> str:
    """Check a machine's assertion over one request; returns its jti.

    Shape:   iss = sub = the client; at most five minutes long; `body_sha256` names the body it was made for.
    Raises:  NotSignedIn ACC-001, ACC-002, ACC-003.
    """
    claims = _verified(token, keys=keys, issuer=client_id, audience=audience, at=at, longest=_LONGEST_ASSERTION)
    if claims["sub"] != client_id or claims.get("body_sha256") != sha256_hex(body):
        raise _broken("subject or body")
    return str(claims["jti"])


def find_claimed_client(token: str) -> str:
    """Who an assertion says it is from, unverified: only to find the keys to verify it with. Empty where it says nothing."""
    try:
        claims = json.loads(extract_compact(token.encode()).payload or b"") if len(token) <= _MAXIMUM_CHARACTERS else None
    except (JoseError, ValueError):
        return ""
    return str(claims.get("iss", "")) if isinstance(claims, dict) else ""


def _verified(token: str, *, keys: Mapping[str, Any], issuer: str, audience: str, at: datetime, longest: timedelta) -> Mapping[str, Any]:
    if len(token) > _MAXIMUM_CHARACTERS:
        raise _broken("length")
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        read = jwt.decode(token, _finder(usable_keys(keys)), algorithms=[ALGORITHM])
        rules.validate(read.claims)
    except ExpiredTokenError:
        raise NotSignedIn(ACC_TOKEN_EXPIRED) from None
    except JoseError as error:
        # WHY only the kind: the library's text may quote claims.
        raise _broken(error.error) from None
    except ValueError:
        raise _broken("format") from None
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
            usable[str(jwk["kid"])] = ECKey.import_key(jwk)
    return usable


def _finder(keys: Mapping[str, ECKey]) -> Callable[[GuestProtocol], ECKey]:
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
