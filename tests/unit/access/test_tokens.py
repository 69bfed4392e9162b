"""e-ID tokens: what is accepted, and everything that is not."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from bhxh.access.errors import NotSignedIn
from bhxh.access.roles import AccountType
from bhxh.access.tokens import EidClaims, account_reference, find_claimed_client, verify_eid_token

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
ISSUER = "https://eid.example"
KEY = ECKey.generate_key("P-256", auto_kid=True)
OTHER = ECKey.generate_key("P-256", auto_kid=True)
KEYS = {"keys": [KEY.as_dict(private=False), {"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}]}
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "a1b2",
    "aud": "bhxh",
    "iat": NOW - 10,
    "exp": NOW + 600,
    "jti": "j1",
    "pin": "001190000001",
    "full_name": "Trần Thị Mẫu",
    "birth_date": "1990-02-03",
    "account_type": "CITIZEN",
    "assurance_level": 2,
}
ORG = {"account_type": "ORG", "org_id": "0101234567", "acting_pin": "001190000001"}


def _token(changes: dict[str, Any] | None = None, *, key: ECKey = KEY, header: dict[str, Any] | None = None) -> str:
    claims = {name: value for name, value in {**GOOD, **(changes or {})}.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": KEY.kid, **(header or {})}, claims, key, algorithms=["ES256"])


def _verify(token: str, at: datetime = AT) -> EidClaims:
    return verify_eid_token(token, keys=KEYS, issuer=ISSUER, audience="bhxh", at=at)


def _code(token: str, at: datetime = AT) -> str:
    with pytest.raises(NotSignedIn) as caught:
        _verify(token, at)
    assert "001190000001" not in str(caught.value.parameters)
    return caught.value.code


def test_a_good_token_is_read() -> None:
    claims = _verify(_token())
    assert (claims.sub, claims.pin, claims.account_type, claims.assurance_level) == ("a1b2", "001190000001", AccountType.CITIZEN, 2)
    assert claims.account == account_reference(ISSUER, "a1b2") == "eid:eid.example:a1b2"
    assert claims.pin not in claims.account


def test_level_one_is_read_as_level_one() -> None:
    assert _verify(_token({"assurance_level": 1})).assurance_level == 1


def test_an_organisations_token_names_the_acting_person() -> None:
    claims = _verify(_token(ORG))
    assert (claims.org_id, claims.acting_pin, claims.pin) == ("0101234567", "001190000001", "001190000001")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"sub": ""},
        {"sub": None},
        {"jti": None},
        {"iat": NOW + 61},
        {"iat": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": NOW + 13 * 3600},
        {"assurance_level": 3},
        {"assurance_level": "2"},
        {"assurance_level": True},
        {"assurance_level": 2.0},
        {"assurance_level": None},
        {"account_type": "ADMIN"},
        {"account_type": None},
        {"pin": "1190000001"},
        {"pin": None},
        {"org_id": "0101234567"},
        {**ORG, "org_id": None},
        {"full_name": 7},
    ],
)
def test_anything_amiss_is_broken(changes: dict[str, Any]) -> None:
    assert _code(_token(changes)) == "ACC-001"


def test_expiry_has_a_minute_of_leeway() -> None:
    token = _token()
    assert _verify(token, AT + timedelta(seconds=659)).sub == "a1b2"
    assert _code(token, AT + timedelta(seconds=660)) == "ACC-002"


def test_another_key_under_our_name_is_broken() -> None:
    assert _code(_token(key=OTHER)) == "ACC-001"


def test_a_key_not_listed_has_its_own_code() -> None:
    assert _code(_token(header={"kid": "unlisted"})) == "ACC-003"
    assert _code(jwt.encode({"alg": "ES256"}, GOOD, KEY, algorithms=["ES256"])) == "ACC-003"


def test_alg_none_is_broken() -> None:
    parts = ({"alg": "none", "kid": KEY.kid}, GOOD)
    bare = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    assert _code(bare + ".") == "ACC-001"


def test_our_public_key_is_no_shared_secret() -> None:
    # By hand: the library refuses to make such a token.
    parts = ({"alg": "HS256", "kid": KEY.kid}, GOOD)
    signed = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    tail = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    assert _code(f"{signed}.{base64.urlsafe_b64encode(tail).rstrip(b'=').decode()}") == "ACC-001"


def test_a_critical_header_we_do_not_know_is_broken() -> None:
    head, body, tail = _token().split(".")
    changed = {**json.loads(base64.urlsafe_b64decode(head + "==")), "crit": ["x"], "x": 1}
    head = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    assert _code(f"{head}.{body}.{tail}") == "ACC-001"


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,90}", fullmatch=True))
def test_rubbish_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(NotSignedIn):
        _verify(text)
    assert isinstance(find_claimed_client(text), str)


@given(part=st.integers(0, 2), where=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_of_a_token_may_change(part: int, where: int, bit: int) -> None:
    parts = [bytearray(base64.urlsafe_b64decode(text + "==")) for text in _token().split(".")]
    parts[part][where % len(parts[part])] ^= 1 << bit
    with pytest.raises(NotSignedIn):
        _verify(".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts))


def test_json_nested_without_end_is_refused() -> None:
    """Unverified it is read for whom it says it is from; verified, even the issuer's own hand does not make it one."""
    nested = jws.serialize_compact({"alg": "ES256", "kid": KEY.kid}, b"[" * 5000, KEY, algorithms=["ES256"])
    assert find_claimed_client(nested) == ""
    assert _code(nested) == "ACC-001"


def test_a_huge_token_is_refused_unread() -> None:
    assert _code("a" * 9000) == "ACC-001"
