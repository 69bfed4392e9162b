"""What a sign-in brings and what ends it: ID tokens and notices of sign-out, and everything that is neither."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from joserfc import jwt

from bhxh.access.errors import NotSignedIn
from bhxh.access.tokens import ClaimNames, EidClaims, SignedOutClaims, verify_eid_token, verify_id_token, verify_logout_token
from bhxh.signing.base64url import encode
from tests.unit.access.test_tokens import AT, GOOD, ISSUER, KEY, KEYS, NOW, OTHER, _token

LEVELS = ("urn:x:1", "urn:x:2")
NAMES = ClaimNames(level="acr", level_values=LEVELS)
ACCESS = "an.access.token"
ID: dict[str, Any] = {
    **{name: value for name, value in GOOD.items() if name not in {"jti", "assurance_level"}},
    "aud": "portal",
    "nonce": "n-1",
    "acr": LEVELS[1],
    "amr": ["pwd", "face"],
    "auth_time": NOW - 20,
    "sid": "s-1",
    "at_hash": encode(sha256(ACCESS.encode()).digest()[:16]),
}
EVENT = "http://schemas.openid.net/event/backchannel-logout"
OUT: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "portal",
    "iat": NOW - 5,
    "exp": NOW + 100,
    "jti": "o-1",
    "sub": "a1b2",
    "sid": "s-1",
    "events": {EVENT: {}},
}


def _signed(claims: dict[str, Any], typ: str = "JWT", key: Any = KEY) -> str:
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": KEY.kid, "typ": typ}, kept, key, algorithms=["ES256"])


def _read(at: datetime = AT, names: ClaimNames = NAMES, **changes: Any) -> EidClaims:
    return verify_id_token(
        _signed({**ID, **changes}),
        keys=KEYS,
        issuer=ISSUER,
        client_id="portal",
        nonce="n-1",
        access_token=ACCESS,
        at=at,
        names=names,
    )


def _out(typ: str = "logout+jwt", key: Any = KEY, **changes: Any) -> SignedOutClaims:
    return verify_logout_token(_signed({**OUT, **changes}, typ, key), keys=KEYS, issuer=ISSUER, client_id="portal", at=AT)


def test_a_good_id_token_says_who_how_and_when() -> None:
    claims = _read()
    assert (claims.sub, claims.pin, claims.assurance_level, claims.sid, claims.methods) == (
        "a1b2",
        "001190000001",
        2,
        "s-1",
        ("pwd", "face"),
    )
    assert claims.signed_in_at == datetime.fromtimestamp(NOW - 20, UTC)
    assert claims.issued_at == datetime.fromtimestamp(NOW - 10, UTC)


def test_level_one_is_told_as_level_one_and_nothing_else_is_a_level() -> None:
    assert _read(acr=LEVELS[0]).assurance_level == 1
    for said in (None, "", "2", 2, "URN:X:2", "urn:x:2 ", [LEVELS[1]], True):
        with pytest.raises(NotSignedIn, match="ACC-001"):
            _read(acr=said)


def test_claims_may_have_other_names_and_levels_be_numbers() -> None:
    names = ClaimNames(pin="citizenPid", level="accountLevel", level_values=(1, 2))
    claims = _read(names=names, pin=None, citizenPid="001190000001", accountLevel=2)
    assert (claims.pin, claims.assurance_level) == ("001190000001", 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": ["portal", "another"]},
        {"aud": ["portal", "another"], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://another.example"},
        {"nonce": None},
        {"nonce": "n-2"},
        {"nonce": 1},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"at_hash": 7},
        {"sub": ""},
        {"sub": None},
        {"exp": None},
        {"iat": None},
        {"exp": NOW + 13 * 3600},
        {"auth_time": NOW + 600},
        {"auth_time": "today"},
        {"auth_time": True},
        {"auth_time": -1},
        {"sid": 5},
        {"events": {EVENT: {}}},
        {"pin": "1"},
    ],
    ids=str,
)
def test_anything_amiss_signs_nobody_in(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn) as caught:
        _read(**changes)
    assert caught.value.code == "ACC-001"
    assert "001190000001" not in str(caught.value.parameters)


def test_several_audiences_are_good_where_we_are_the_authorised_party() -> None:
    assert _read(aud=["portal", "another"], azp="portal").sub == "a1b2"
    assert _read(aud=["portal"]).sub == "a1b2"


def test_without_a_time_of_sign_in_nothing_is_known_of_it() -> None:
    assert _read(auth_time=None).signed_in_at is None


def test_an_id_token_or_a_notice_opens_no_api_even_under_the_same_audience() -> None:
    for token in (_token({"nonce": "n-1"}), _token({"events": {EVENT: {}}})):
        with pytest.raises(NotSignedIn, match="ACC-001"):
            verify_eid_token(token, keys=KEYS, issuer=ISSUER, audience="bhxh", at=AT)


def test_an_access_token_signs_nobody_in() -> None:
    with pytest.raises(NotSignedIn, match="ACC-001"):
        verify_id_token(
            _token({"aud": "portal"}),
            keys=KEYS,
            issuer=ISSUER,
            client_id="portal",
            nonce="n-1",
            access_token="",
            at=AT,
            names=ClaimNames(),
        )


def test_a_notice_names_a_sign_in_or_an_account() -> None:
    assert (_out().sid, _out().sub) == ("s-1", "a1b2")
    assert _out(sub=None).sid == "s-1"
    assert _out(sid=None).sub == "a1b2"
    assert _out("Logout+JWT").jti == "o-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"typ": ""},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"nonce": "n-1"},
        {"events": None},
        {"events": {}},
        {"events": {"https://another.example/event": {}}},
        {"events": {EVENT: True}},
        {"events": [EVENT]},
        {"jti": None},
        {"sub": None, "sid": None},
        {"iat": None},
        {"exp": None},
        {"exp": NOW + 3600},
        pytest.param({"key": OTHER}, id="another's key"),
    ],
    ids=str,
)
def test_anything_amiss_is_no_notice(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn) as caught:
        _out(**changes)
    assert caught.value.code == "ACC-001"


def test_an_old_notice_is_none() -> None:
    with pytest.raises(NotSignedIn, match="ACC-002"):
        _out(iat=NOW - 500, exp=NOW - 300)
