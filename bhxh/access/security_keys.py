"""What a security key signs, and whether it did (WebAuthn level 2). Pure: the challenge and the known keys are passed in.

Accepted are ES256 and EdDSA keys whose owner was present and verified (PIN, finger), over our own origin and challenge. Who made the key
is not asked (no attestation): an operator hands the one-time code to a known officer, and that is what ties the key to the person.
"""

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from fido2.cose import ES256, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    UserVerificationRequirement,
)

from bhxh.access.officer_errors import ACC_KEY_REFUSED
from bhxh.kernel.errors import NotAllowed

CHALLENGE_BYTES: Final = 32
_ALGORITHMS: Final = (ES256.ALGORITHM, EdDSA.ALGORITHM)
_LONGEST_ID = 1023  # LIMIT: WebAuthn's own
_VERIFIED: Final = UserVerificationRequirement.REQUIRED
_HOSTILE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError, struct.error)
"""What the library raises over an answer that is none. The answer comes from outside, in three nested encodings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whom a key signs for: the host, and the one origin whose pages may ask it."""

    host: str
    origin: str
    name: str

    @classmethod
    def of(cls, public_url: str, *, name: str) -> "Site":
        """From the address under which this installation is known."""
        parts = urlsplit(public_url)
        return cls(host=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}", name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownKey:
    """A key that has just signed."""

    key_id: str
    credential: bytes
    counter: int


def ask_for_new_key(site: Site, *, login: str, known: Collection[bytes], challenge: bytes) -> dict[str, Any]:
    """What a browser passes to `navigator.credentials.create`: a key that is none of the known ones."""
    user = PublicKeyCredentialUserEntity(id=login.encode()[:64], name=login, display_name=login)
    options, _ = _server(site).register_begin(
        user, [AttestedCredentialData(one) for one in known], user_verification=_VERIFIED, challenge=challenge
    )
    return dict(_plain(options))


def read_new_key(site: Site, *, challenge: bytes, answer: Mapping[str, Any]) -> ShownKey:
    """The key a browser brings. Raises NotAllowed ACC-062."""
    try:
        response = RegistrationResponse.from_dict(answer)
        _check_same_origin(response.response.client_data.cross_origin)
        if response.response.attestation_object.auth_data.credential_data is None:
            raise _refused("no key")
        shown = _server(site).register_complete(_state(challenge), response)
        data = shown.credential_data
        if data is None or data.public_key.ALGORITHM not in _ALGORITHMS or len(data.credential_id) > _LONGEST_ID:
            raise _refused("kind of key")
        if response.raw_id != data.credential_id:
            raise _refused("key id")
        _check_usable(data)
    except _HOSTILE as error:
        raise _refused(_named(error)) from None
    return ShownKey(key_id=websafe_encode(data.credential_id), credential=bytes(data), counter=shown.counter)


def ask_for_known_key(site: Site, *, known: Collection[bytes], challenge: bytes) -> dict[str, Any]:
    """What a browser passes to `navigator.credentials.get`: one of these keys."""
    options, _ = _server(site).authenticate_begin(
        [AttestedCredentialData(one) for one in known], user_verification=_VERIFIED, challenge=challenge
    )
    return dict(_plain(options))


def read_known_key(site: Site, *, known: Collection[bytes], challenge: bytes, answer: Mapping[str, Any]) -> ShownKey:
    """Which of the known keys signed, and its count. Raises NotAllowed ACC-062."""
    try:
        response = AuthenticationResponse.from_dict(answer)
        _check_same_origin(response.response.client_data.cross_origin)
        key = _server(site).authenticate_complete(_state(challenge), [AttestedCredentialData(one) for one in known], response)
        counter = response.response.authenticator_data.counter
    except _HOSTILE as error:
        raise _refused(_named(error)) from None
    return ShownKey(key_id=websafe_encode(key.credential_id), credential=bytes(key), counter=counter)


def _server(site: Site) -> Fido2Server:
    made = Fido2Server(
        PublicKeyCredentialRpEntity(id=site.host, name=site.name),
        attestation=AttestationConveyancePreference.NONE,
        # WHY not the library's own: it takes every subdomain of the host.
        verify_origin=lambda origin: origin == site.origin,
    )
    made.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm) for algorithm in _ALGORITHMS
    ]
    return made


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": _VERIFIED}


def _check_usable(data: AttestedCredentialData) -> None:
    """WHY by a signature that is none: the library looks at the point only when it verifies, and a key off its curve would never open again."""
    try:
        data.public_key.verify(b"", b"")
    except InvalidSignature:
        return
    raise _refused("kind of key")


def _check_same_origin(is_cross_origin: bool) -> None:
    if is_cross_origin:
        raise _refused("cross origin")


def _plain(value: Any) -> Any:
    """The library's own mappings as plain JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in value}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


_NAMED = {
    "Incorrect type in CollectedClientData.": "act",
    "Invalid origin in CollectedClientData.": "origin",
    "Wrong challenge in response.": "challenge",
    "Wrong RP ID hash in response.": "host",
    "User Present flag not set.": "presence",
    "User verification required, but user verified flag not set.": "verification",
    "User verification required, but User Verified flag not set.": "verification",
    "Invalid signature.": "signature",
    "Unknown credential ID.": "unknown key",
}


def _named(error: Exception) -> str:
    # WHY a table: the library's text may quote what was sent; ours never does.
    return _NAMED.get(str(error), "format")


def _refused(reason: str) -> NotAllowed:
    return NotAllowed(ACC_KEY_REFUSED, reason=reason)
