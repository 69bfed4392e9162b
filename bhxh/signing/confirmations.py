"""A confirmation as a signature: this installation seals exactly what somebody freshly signed in confirmed. Pure and offline.

It stands for a person's own signature where the law takes the e-identification account instead of a certificate (R-022). Who verifies it
needs the sealed file, the published keys and the confirmed document itself; not us, not the e-ID system.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson

from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.errors import Invalid, NotAllowed
from bhxh.signing.errors import (
    SIG_CONFIRMATION_FORM,
    SIG_CONFIRMATION_LEVEL,
    SIG_CONFIRMATION_OTHER_CONTENT,
    SIG_CONFIRMATION_STALE,
    SIG_SEAL_KEY_WINDOW,
)
from bhxh.signing.keysets import KeySet
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal, verify_flattened

TYPE_NAME: Final = "bhxh-confirmation+json"
PURPOSE: Final = "confirmation"
MAXIMUM_BYTES: Final = 64 * 1024  # LIMIT: a confirmation holds a digest and names, never the document
LEVEL_NEEDED: Final = 2
_CLOCKS_DIFFER = timedelta(seconds=60)  # the e-ID system's clock and ours, as for its tokens
_VERSION = 1


class PartyKind(StrEnum):
    """For whom the signer confirmed."""

    SELF = "self"
    PERSON = "person"
    """A child, or somebody under guardianship."""
    ORGANISATION = "organisation"


class SignerKind(StrEnum):
    """As what the signer confirmed."""

    PERSON = "person"
    OFFICER = "officer"
    """A counter officer who files for somebody that cannot sign in."""


LONGEST_FRESH: Final = {SignerKind.PERSON: timedelta(minutes=15), SignerKind.OFFICER: timedelta(hours=12)}
"""LIMIT: whatever is configured, a longer one proves no presence. An officer at the counter signs for the length of a shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The sign-in behind a confirmation, as far as it may be told."""

    issuer: str
    assurance_level: int
    authenticated_at: datetime
    """When the e-ID system last saw the person, not when our session began."""
    session_sha256: str
    """Digest of the session's name: two confirmations can be told to come from one sign-in, and nobody can use it to get in."""
    device: str = ""
    """Kind of program and system, in a few words; a hint, not a proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who confirmed. Holds personal data, as a certificate does."""

    account: str
    pin: str
    full_name: str
    kind: SignerKind = SignerKind.PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """For whom: the signer, a person they represent, or an organisation they act for."""

    kind: PartyKind
    identifier: str = ""
    """Personal number or tax code; empty for the signer."""
    right: str = ""
    """What gives the signer the right: `MOTHER`, `GUARDIAN`, a mandate's role ...; empty for the signer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """One confirmation: who confirmed what, how they were signed in, and under which rule."""

    confirmation_id: UUID
    act: str
    """What is done by it, such as `file:confirmation_extract`."""
    content_sha256: str
    content_bytes: int
    media_type: str
    signer: Signer
    party: Party
    login: Login
    fresh_within_s: int
    rule: str
    """The legal basis on which no certificate was asked."""
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedConfirmation:
    """A confirmation whose seal and sign-in hold."""

    confirmed: Confirmed
    kid: str
    custodian: str
    sha256: str
    """Of the sealed file."""


def seal_confirmation(confirmed: Confirmed, *, key: SealKey) -> bytes:
    """The confirmation as flattened JWS. Raises NotAllowed SIG-070 (level), SIG-071 (not signed in freshly)."""
    _check_login(confirmed)
    payload = canonical_bytes(_as_json(confirmed))
    return as_flattened(payload, seal(payload, key=key, type_name=TYPE_NAME))


def verify_confirmation(data: bytes, *, keys: KeySet, content: bytes | None = None) -> VerifiedConfirmation:
    """Check a sealed confirmation, and the document it is about where that is given.

    Raises: Invalid SIG-040 to SIG-046 (the seal), SIG-072 (no confirmation), SIG-073 (another document); NotAllowed SIG-070, SIG-071.
    """
    sealed = verify_flattened(data, keys=keys, type_name=TYPE_NAME, maximum_bytes=MAXIMUM_BYTES, purpose=PURPOSE)
    confirmed = _read(sealed.payload)
    if not keys.get(sealed.kid).is_in_force(confirmed.confirmed_at):
        raise Invalid(SIG_SEAL_KEY_WINDOW, kid=sealed.kid)
    _check_login(confirmed)
    if content is not None:
        check_content(content, confirmed.content_sha256)
    return VerifiedConfirmation(confirmed=confirmed, kid=sealed.kid, custodian=sealed.custodian, sha256=sha256_hex(data))


def check_content(content: bytes, sha256: str) -> None:
    """What is about to be signed is what was shown. Raises Invalid SIG-073."""
    if sha256_hex(content) != sha256:
        raise Invalid(SIG_CONFIRMATION_OTHER_CONTENT)


def _check_login(confirmed: Confirmed) -> None:
    login = confirmed.login
    window = min(timedelta(seconds=confirmed.fresh_within_s), LONGEST_FRESH[confirmed.signer.kind])
    if login.assurance_level != LEVEL_NEEDED:
        raise NotAllowed(SIG_CONFIRMATION_LEVEL, level=login.assurance_level)
    age = confirmed.confirmed_at - login.authenticated_at
    if not -_CLOCKS_DIFFER <= age <= window:
        raise NotAllowed(SIG_CONFIRMATION_STALE, minutes=int(window.total_seconds()) // 60)


def _as_json(one: Confirmed) -> dict[str, Json]:
    signer, party, login = one.signer, one.party, one.login
    return {
        "type": TYPE_NAME,
        "version": _VERSION,
        "confirmation_id": str(one.confirmation_id),
        "act": one.act,
        "content": {"sha256": one.content_sha256, "size_bytes": one.content_bytes, "media_type": one.media_type},
        "signer": {"account": signer.account, "pin": signer.pin, "full_name": signer.full_name, "kind": signer.kind.value},
        "party": {"kind": party.kind.value, "identifier": party.identifier, "right": party.right},
        "login": {
            "issuer": login.issuer,
            "assurance_level": login.assurance_level,
            "authenticated_at": login.authenticated_at.isoformat(),
            "session_sha256": login.session_sha256,
            "device": login.device,
        },
        "fresh_within_s": one.fresh_within_s,
        "rule": one.rule,
        "confirmed_at": one.confirmed_at.isoformat(),
    }


def _read(payload: bytes) -> Confirmed:
    """Exactly what `_as_json` writes; what has a field more or less is not ours."""
    try:
        said: Mapping[str, Any] = orjson.loads(payload)
        signer, party, login = said["signer"], said["party"], said["login"]
        one = Confirmed(
            confirmation_id=UUID(said["confirmation_id"]),
            act=said["act"],
            content_sha256=said["content"]["sha256"],
            content_bytes=said["content"]["size_bytes"],
            media_type=said["content"]["media_type"],
            signer=Signer(account=signer["account"], pin=signer["pin"], full_name=signer["full_name"], kind=SignerKind(signer["kind"])),
            party=Party(kind=PartyKind(party["kind"]), identifier=party["identifier"], right=party["right"]),
            login=Login(
                issuer=login["issuer"],
                assurance_level=login["assurance_level"],
                authenticated_at=datetime.fromisoformat(login["authenticated_at"]),
                session_sha256=login["session_sha256"],
                device=login["device"],
            ),
            fresh_within_s=said["fresh_within_s"],
            rule=said["rule"],
            confirmed_at=datetime.fromisoformat(said["confirmed_at"]),
        )
        is_ours = _as_json(one) == said and one.confirmed_at.tzinfo is not None and one.login.authenticated_at.tzinfo is not None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(SIG_CONFIRMATION_FORM, reason=type(error).__name__) from None
    if not is_ours:
        raise Invalid(SIG_CONFIRMATION_FORM, reason="fields")
    return one
