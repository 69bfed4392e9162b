"""Short-lived access tokens of our own, which programs get for an assertion signed with their key (RFC 6749 4.4, RFC 7523, RFC 9068).

A token says who, by which of their keys, and for which grants. Whether program, key and grants still stand is asked at each request.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, GuestProtocol

from bhxh.access.errors import ACC_KEY_UNKNOWN, ACC_TOKEN_BROKEN, ACC_TOKEN_EXPIRED, NotSignedIn
from bhxh.access.roles import Grant
from bhxh.access.tokens import ALGORITHM, LEEWAY_S, MAXIMUM_CHARACTERS, key_by_name, usable_keys
from bhxh.kernel.ids import uuid7
from bhxh.signing.base64url import encode
from bhxh.signing.ports import SealKey

LIFETIME = timedelta(minutes=5)  # LIMIT: a stolen token is a stranger's for five minutes; a new one costs a program one call
_LONGEST_ASSERTION_S = 300
_LONGEST_JTI = 200
_TYPE = "at+jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramClaims:
    """What one of our tokens says."""

    client_id: str
    kid: str
    """The program's key with which it was got."""
    grants: frozenset[Grant]
    expires_at: datetime


def verify_client_assertion(
    token: str, *, keys: Mapping[str, Any], client_id: str, audiences: Collection[str], at: datetime
) -> tuple[str, str]:
    """Check what a program signed to prove itself to the token endpoint; returns its jti, and the name of the key.

    Shape:   iss = sub = the client; meant for one of our names; at most five minutes long.
    Raises:  NotSignedIn ACC-001, ACC-002, ACC-003.
    """
    if len(token) > MAXIMUM_CHARACTERS:
        raise NotSignedIn(ACC_TOKEN_BROKEN, reason="length")
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": client_id},
        sub={"essential": True, "value": client_id},
        aud={"essential": True, "values": list(audiences)},
        exp={"essential": True},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        read = jwt.decode(token, key_by_name(usable_keys(keys)), algorithms=[ALGORITHM])
        rules.validate(read.claims)
        lifetime_s = read.claims["exp"] - read.claims["iat"]
    except ExpiredTokenError:
        raise NotSignedIn(ACC_TOKEN_EXPIRED) from None
    except JoseError as error:
        raise NotSignedIn(ACC_TOKEN_BROKEN, reason=error.error) from None
    except (ValueError, TypeError, RecursionError):
        raise NotSignedIn(ACC_TOKEN_BROKEN, reason="format") from None
    jti = read.claims["jti"]
    if lifetime_s > _LONGEST_ASSERTION_S or not isinstance(jti, str) or not 1 <= len(jti) <= _LONGEST_JTI:
        raise NotSignedIn(ACC_TOKEN_BROKEN, reason="lifetime or jti")
    return jti, str(read.header["kid"])


def make_program_token(*, client_id: str, kid: str, grants: Collection[Grant], issuer: str, key: SealKey, at: datetime) -> str:
    """Compact JWS by the installation's token key; we are issuer and audience."""
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": _TYPE}
    issued_s = int(at.timestamp())
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": client_id,
        "client_id": client_id,
        "client_kid": kid,
        "scope": " ".join(sorted(grants)),
        "iat": issued_s,
        "exp": issued_s + int(LIFETIME.total_seconds()),
        "jti": str(uuid7(at)),
    }
    signed = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return f"{signed}.{encode(key.sign(signed.encode()))}"


def read_program_token(token: str, *, issuer: str, key: SealKey, at: datetime) -> ProgramClaims:
    """Check one of our own tokens. Raises NotSignedIn ACC-001, ACC-002, ACC-003."""
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=0,  # our own clock made it
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": issuer},
        exp={"essential": True},
        client_id={"essential": True},
        client_kid={"essential": True},
    )
    try:
        read = jwt.decode(token, _our_key(key), algorithms=[ALGORITHM])
        rules.validate(read.claims)
        if read.header.get("typ") != _TYPE:
            raise NotSignedIn(ACC_TOKEN_BROKEN, reason="type")
        claims: dict[str, Any] = read.claims
        return ProgramClaims(
            client_id=claims["client_id"],
            kid=claims["client_kid"],
            grants=frozenset(map(Grant, claims["scope"].split())),
            expires_at=datetime.fromtimestamp(claims["exp"], tz=at.tzinfo),
        )
    except ExpiredTokenError:
        raise NotSignedIn(ACC_TOKEN_EXPIRED) from None
    except JoseError as error:
        # WHY only the kind: the library's text may quote claims.
        raise NotSignedIn(ACC_TOKEN_BROKEN, reason=error.error) from None
    except (ValueError, KeyError, AttributeError):
        raise NotSignedIn(ACC_TOKEN_BROKEN, reason="format") from None


def _our_key(key: SealKey) -> Callable[[GuestProtocol], ECKey]:
    def find(token: GuestProtocol) -> ECKey:
        if token.headers().get("kid") != key.kid:
            raise NotSignedIn(ACC_KEY_UNKNOWN)
        return ECKey.import_key({name: str(value) for name, value in key.public_jwk().items() if name in ("kty", "crv", "x", "y")})

    return find
