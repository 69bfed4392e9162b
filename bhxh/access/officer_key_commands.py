"""Officers' security keys: the operator's code, the challenge, registering, showing and ending a key."""

import os
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Any, Final

from django.db import IntegrityError, transaction

from bhxh.access.models import KeyChallenge, KeyInvitation, OfficerKey, SecondFactor
from bhxh.access.officer_errors import (
    ACC_BAD_CODE,
    ACC_CHALLENGE_GONE,
    ACC_KEY_KNOWN,
    ACC_KEY_REFUSED,
    ACC_NO_KEY,
    ACC_NO_SECOND_FACTOR,
    ACC_NO_SUCH_KEY,
    ACC_TOO_MANY_KEYS,
)
from bhxh.access.roles import OfficerRole
from bhxh.access.security_keys import (
    CHALLENGE_BYTES,
    ShownKey,
    Site,
    ask_for_known_key,
    ask_for_new_key,
    read_known_key,
    read_new_key,
)
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Conflict, NotAllowed, NotFound
from bhxh.kernel.who import SYSTEM, officer

MOST_KEYS: Final = 5  # LIMIT: one on the desk, one in the safe, the rest being replaced
_CODE_BYTES: Final = 15  # 120 bits: no guessing within a day, and 24 characters to type
_CODE_LIVES: Final = timedelta(hours=24)
_CHALLENGE_LIVES: Final = timedelta(minutes=5)


class KeyAct(StrEnum):
    """What a challenge was posed for; an answer to one is none to the other."""

    REGISTER = "register"
    SHOW = "show"


class EndOfKey(StrEnum):
    """Why a key no longer opens anything."""

    LOST = "lost"
    REPLACED = "replaced"
    COPIED = "copied"
    """Its count of signatures did not rise: somebody else signs with the same secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What came of showing a key."""

    key_id: str
    until_at: datetime | None
    """Until when the session is an officer's; None where the key was ended as copied."""


@command(by=SYSTEM | officer(OfficerRole.OPERATOR))
def invite_officer_key(*, actor: Actor, at: datetime, login: str) -> str:
    """Make the one-time code with which this officer may register a key within a day; a former one is void. Only its digest is kept."""
    code = b32encode(os.urandom(_CODE_BYTES)).decode()
    content = {"code_sha256": sha256_hex(code.encode()), "made_by": actor.account, "until_at": at + _CODE_LIVES}
    KeyInvitation.objects.update_or_create(login=login, defaults=content)
    record(actor=actor, at=at, verb="access.officer_key.invite", detail={"login": login})
    return code


@command(by=officer())
def pose_new_key(*, actor: Actor, at: datetime, site: Site, session: str, login: str, code: str) -> dict[str, Any]:
    """What the browser asks a new key: with the operator's code, or in a session in which another key was shown.

    Raises: NotAllowed ACC-060 (neither code nor key), ACC-065 (wrong code); Conflict ACC-067.
    """
    _check_may_register(session=session, login=login, code=code, at=at)
    known = _credentials(login)
    if len(known) >= MOST_KEYS:
        raise Conflict(ACC_TOO_MANY_KEYS, limit=MOST_KEYS)
    return ask_for_new_key(site, login=login, known=known, challenge=_pose(actor, at, session, KeyAct.REGISTER, login))


@command(by=officer())
def register_officer_key(
    *, actor: Actor, at: datetime, site: Site, session: str, login: str, code: str, name: str, answer: Mapping[str, Any]
) -> str:
    """Take the key the browser brought; the code is used up. Returns the key's id.

    Raises: NotAllowed ACC-060, ACC-062, ACC-065; Conflict ACC-063, ACC-066, ACC-067.
    """
    _check_may_register(session=session, login=login, code=code, at=at)
    new = read_new_key(site, challenge=_take(session, KeyAct.REGISTER, at), answer=answer)
    if len(_credentials(login)) >= MOST_KEYS:
        raise Conflict(ACC_TOO_MANY_KEYS, limit=MOST_KEYS)
    row = OfficerKey(
        key_id=new.key_id, login=login, name=name, credential=new.credential, counter=new.counter, registered_at=at, used_at=None
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(ACC_KEY_KNOWN) from None
    if code:
        KeyInvitation.objects.filter(login=login).delete()
    record(
        actor=actor, at=at, verb="access.officer_key.register", detail={"login": login, "key": _short(new.key_id), "by_code": bool(code)}
    )
    return new.key_id


@command(by=officer())
def pose_known_key(*, actor: Actor, at: datetime, site: Site, session: str, login: str) -> dict[str, Any]:
    """What the browser asks the officer's keys. Raises NotAllowed ACC-061 where there are none."""
    known = _credentials(login)
    if not known:
        raise NotAllowed(ACC_NO_KEY)
    return ask_for_known_key(site, known=known, challenge=_pose(actor, at, session, KeyAct.SHOW, login))


@command(by=officer())
def show_officer_key(
    *, actor: Actor, at: datetime, site: Site, session: str, login: str, answer: Mapping[str, Any], lives: timedelta
) -> Shown:
    """Make the session an officer's by the key that signed its challenge.

    Shape:   a key whose count did not rise is ended, with every session it opened, and that stays; the caller refuses then (ACC-064).
    Raises:  NotAllowed ACC-062; Conflict ACC-063.
    """
    challenge = _take(session, KeyAct.SHOW, at)
    shown = read_known_key(site, known=_credentials(login), challenge=challenge, answer=answer)
    # WHY asked anew: it may have been ended as lost since its answer was read.
    kept = OfficerKey.objects.select_for_update().filter(key_id=shown.key_id, ended_at__isnull=True).first()
    if kept is None:
        raise NotAllowed(ACC_KEY_REFUSED, reason="unknown key")
    if _is_copied(kept, shown):
        _end(kept, at, EndOfKey.COPIED)
        record(actor=actor, at=at, verb="access.officer_key.end", detail={"login": login, "key": _short(kept.key_id), "because": "copied"})
        return Shown(key_id=kept.key_id, until_at=None)
    kept.counter, kept.used_at = shown.counter, at
    kept.save(update_fields=["counter", "used_at"])
    SecondFactor.objects.filter(until_at__lt=at).delete()
    content = {"login": login, "key_id": kept.key_id, "proven_at": at, "until_at": at + lives}
    SecondFactor.objects.update_or_create(session=session, defaults=content)
    record(actor=actor, at=at, verb="access.officer_key.show", detail={"login": login, "key": _short(kept.key_id)})
    return Shown(key_id=kept.key_id, until_at=at + lives)


@command(by=SYSTEM | officer())
def end_officer_key(*, actor: Actor, at: datetime, login: str, key_id: str, because: EndOfKey) -> None:
    """A key is lost or replaced: it opens nothing from now on, and what it opened is closed. Raises NotFound ACC-068."""
    kept = OfficerKey.objects.select_for_update().filter(key_id=key_id, login=login, ended_at__isnull=True).first()
    if kept is None:
        raise NotFound(ACC_NO_SUCH_KEY)
    _end(kept, at, EndOfKey(because))
    record(actor=actor, at=at, verb="access.officer_key.end", detail={"login": login, "key": _short(key_id), "because": EndOfKey(because)})


def _check_may_register(*, session: str, login: str, code: str, at: datetime) -> None:
    if not code:
        if not SecondFactor.objects.filter(session=session, login=login, until_at__gt=at).exists():
            raise NotAllowed(ACC_NO_SECOND_FACTOR)
        return
    invited = KeyInvitation.objects.select_for_update().filter(login=login, until_at__gt=at).first()
    typed = sha256_hex(code.strip().upper().encode())
    if invited is None or not compare_digest(invited.code_sha256, typed):
        raise NotAllowed(ACC_BAD_CODE)


def _pose(actor: Actor, at: datetime, session: str, act: KeyAct, login: str) -> bytes:
    challenge = os.urandom(CHALLENGE_BYTES)
    KeyChallenge.objects.filter(until_at__lt=at).delete()
    content = {"challenge": challenge, "until_at": at + _CHALLENGE_LIVES}
    KeyChallenge.objects.update_or_create(session=session, act=act.value, defaults=content)
    record(actor=actor, at=at, verb="access.officer_key.challenge", detail={"login": login, "act": act.value})
    return challenge


def _take(session: str, act: KeyAct, at: datetime) -> bytes:
    """The challenge, used up with the transaction. A failed answer leaves it: only the key's holder can answer it."""
    posed = KeyChallenge.objects.select_for_update().filter(session=session, act=act.value, until_at__gt=at).first()
    if posed is None:
        raise Conflict(ACC_CHALLENGE_GONE)
    posed.delete()
    return bytes(posed.challenge)


def _credentials(login: str) -> list[bytes]:
    rows = OfficerKey.objects.filter(login=login, ended_at__isnull=True).order_by("registered_at", "key_id")
    return [bytes(one) for one in rows.values_list("credential", flat=True)]


def _is_copied(kept: OfficerKey, shown: ShownKey) -> bool:
    """WebAuthn 7.2, step 22. Keys that never count always say 0."""
    return (kept.counter or shown.counter) != 0 and shown.counter <= kept.counter


def _end(kept: OfficerKey, at: datetime, because: EndOfKey) -> None:
    kept.ended_at, kept.ended_because = at, because.value
    kept.save(update_fields=["ended_at", "ended_because"])
    SecondFactor.objects.filter(key_id=kept.key_id).delete()


def _short(key_id: str) -> str:
    """Enough of an id to find the key by; the whole is nobody's business in the log."""
    return key_id[:16]
