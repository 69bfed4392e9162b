"""A confirmation as a signature: what it says, who can verify it, and what nobody can make of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from bhxh.kernel.canonical import canonical_bytes, sha256_hex
from bhxh.kernel.errors import BhxhError
from bhxh.signing.confirmations import (
    LONGEST_FRESH,
    TYPE_NAME,
    Confirmed,
    Login,
    Party,
    PartyKind,
    Signer,
    seal_confirmation,
    verify_confirmation,
)
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import as_flattened, seal

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CONTENT = b'{"pin":"001199000001","purpose":""}'
CONFIRMED = Confirmed(
    confirmation_id=UUID(int=1),
    act="file:confirmation_extract",
    content_sha256=sha256_hex(CONTENT),
    content_bytes=len(CONTENT),
    media_type="application/json",
    signer=Signer(account="eid:eid.example:an", pin="001199000001", full_name="Nguyễn Thị Mẫu"),
    party=Party(kind=PartyKind.SELF),
    login=Login(
        issuer="https://eid.example",
        assurance_level=2,
        authenticated_at=AT - timedelta(minutes=2),
        session_sha256="a" * 64,
        device="Firefox, Android",
    ),
    fresh_within_s=300,
    rule="Decree 164/2025/ND-CP",
    confirmed_at=AT,
)


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path, "mof")


def signed_in(ago: timedelta, **other: object) -> Confirmed:
    return replace(CONFIRMED, login=replace(CONFIRMED.login, authenticated_at=AT - ago), **other)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(BhxhError) as caught:
        act()
    assert caught.value.text("vi") and caught.value.text("en")
    return caught.value.code


def test_it_says_who_confirmed_what_and_how_they_were_signed_in(keys: FileKeys) -> None:
    sealed = seal_confirmation(CONFIRMED, key=keys.seal_key("confirmation"))
    verified = verify_confirmation(sealed, keys=keys.key_set(), content=CONTENT)
    assert verified.confirmed == CONFIRMED
    assert (verified.custodian, verified.sha256) == ("mof", sha256_hex(sealed))
    assert verify_confirmation(sealed, keys=keys.key_set()).confirmed == CONFIRMED, "the document may be compared later"


def test_another_document_is_not_what_was_confirmed(keys: FileKeys) -> None:
    sealed = seal_confirmation(CONFIRMED, key=keys.seal_key("confirmation"))
    assert code_of(lambda: verify_confirmation(sealed, keys=keys.key_set(), content=CONTENT + b" ")) == "SIG-073"


@pytest.mark.parametrize("ago", [timedelta(seconds=301), timedelta(hours=1), timedelta(seconds=-61)], ids=str)
def test_an_old_login_confirms_nothing_and_one_to_come_neither(keys: FileKeys, ago: timedelta) -> None:
    assert code_of(lambda: seal_confirmation(signed_in(ago), key=keys.seal_key("confirmation"))) == "SIG-071"


@pytest.mark.parametrize("ago", [timedelta(), timedelta(seconds=300), timedelta(seconds=-59)], ids=str)
def test_a_fresh_one_does(keys: FileKeys, ago: timedelta) -> None:
    assert seal_confirmation(signed_in(ago), key=keys.seal_key("confirmation"))


def test_no_setting_makes_an_hour_old_login_fresh(keys: FileKeys) -> None:
    for kind, longest in LONGEST_FRESH.items():
        signer = replace(CONFIRMED.signer, kind=kind)
        late = signed_in(longest + timedelta(seconds=1), fresh_within_s=86_400, signer=signer)
        assert code_of(lambda late=late: seal_confirmation(late, key=keys.seal_key("confirmation"))) == "SIG-071"
        assert seal_confirmation(signed_in(longest, fresh_within_s=86_400, signer=signer), key=keys.seal_key("confirmation"))


@pytest.mark.parametrize("level", [0, 1, 3])
def test_only_level_2_confirms(keys: FileKeys, level: int) -> None:
    low = replace(CONFIRMED, login=replace(CONFIRMED.login, assurance_level=level))
    assert code_of(lambda: seal_confirmation(low, key=keys.seal_key("confirmation"))) == "SIG-070"


def changed(**fields: object) -> bytes:
    """The payload with other values, as somebody with the key of another purpose could seal it."""
    from bhxh.signing.confirmations import _as_json

    return canonical_bytes({**_as_json(CONFIRMED), **fields})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (
            {"login": {"issuer": "x", "assurance_level": 1, "authenticated_at": AT.isoformat(), "session_sha256": "", "device": ""}},
            "SIG-070",
        ),
        ({"confirmed_at": (AT + timedelta(hours=1)).isoformat()}, "SIG-071"),
        ({"fresh_within_s": 60}, "SIG-071"),
        ({"more": 1}, "SIG-072"),
        ({"version": 2}, "SIG-072"),
        ({"confirmed_at": "2026-11-21T09:00:00"}, "SIG-072"),
        ({"signer": {"account": "x"}}, "SIG-072"),
        ({"party": {"kind": "stranger", "identifier": "", "right": ""}}, "SIG-072"),
        ({"login": None}, "SIG-072"),
    ],
    ids=str,
)
def test_who_verifies_applies_the_same_rules_again(keys: FileKeys, fields: dict[str, object], code: str) -> None:
    payload = changed(**fields)
    sealed = as_flattened(payload, seal(payload, key=keys.seal_key("confirmation"), type_name=TYPE_NAME))
    assert code_of(lambda: verify_confirmation(sealed, keys=keys.key_set())) == code


def test_a_key_of_another_purpose_and_a_changed_byte_are_refused(keys: FileKeys) -> None:
    payload = changed()
    by_book = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name=TYPE_NAME))
    assert code_of(lambda: verify_confirmation(by_book, keys=keys.key_set())) == "SIG-043"
    sealed = orjson.loads(seal_confirmation(CONFIRMED, key=keys.seal_key("confirmation")))
    first = sealed["payload"][20]
    sealed["payload"] = sealed["payload"][:20] + ("A" if first != "A" else "B") + sealed["payload"][21:]
    assert code_of(lambda: verify_confirmation(canonical_bytes(sealed), keys=keys.key_set())) == "SIG-044"


def test_after_a_rotation_old_confirmations_hold_and_none_is_made_back_in_time(keys: FileKeys) -> None:
    old = keys.seal_key("confirmation")
    sealed = seal_confirmation(CONFIRMED, key=old)
    keys.rotate("confirmation", at=AT + timedelta(days=1))
    assert verify_confirmation(sealed, keys=keys.key_set(), content=CONTENT).confirmed == CONFIRMED
    later = AT + timedelta(days=2)
    by_old = replace(CONFIRMED, confirmed_at=later, login=replace(CONFIRMED.login, authenticated_at=later))
    assert code_of(lambda: verify_confirmation(seal_confirmation(by_old, key=old), keys=keys.key_set())) == "SIG-046"
