"""A program's assertion at the token endpoint and the token it gets: what is accepted, and everything that is not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from bhxh.access.errors import NotSignedIn
from bhxh.access.machine_keys import keys_in_force, with_end
from bhxh.access.machine_tokens import LIFETIME, ProgramClaims, make_program_token, read_program_token, verify_client_assertion
from bhxh.access.roles import Grant
from bhxh.access.tokens import find_claimed_client
from bhxh.signing.key_files import FileSealKey
from bhxh.signing.keysets import PublishedKey

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
OURS = "https://bhxh.example"
ENDPOINT = f"{OURS}/api/v1/oauth/token"
KEY, OTHER = ECKey.generate_key("P-256", auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)
KEYS = {"keys": [KEY.as_dict(private=False)]}
GOOD: dict[str, Any] = {"iss": "vendor", "sub": "vendor", "aud": ENDPOINT, "iat": NOW, "exp": NOW + 60, "jti": "j1"}


def _assertion(changes: dict[str, Any] | None = None, *, key: ECKey = KEY, header: dict[str, Any] | None = None) -> str:
    claims = {name: value for name, value in {**GOOD, **(changes or {})}.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": KEY.kid, **(header or {})}, claims, key, algorithms=["ES256"])


def _verify(token: str) -> tuple[str, str]:
    return verify_client_assertion(token, keys=KEYS, client_id="vendor", audiences=(OURS, ENDPOINT), at=AT)


@pytest.mark.parametrize("audience", [OURS, ENDPOINT, [ENDPOINT], ["https://other.example", OURS]])
def test_an_assertion_for_us_is_accepted_and_names_its_key(audience: Any) -> None:
    token = _assertion({"aud": audience})
    assert find_claimed_client(token) == "vendor"
    assert _verify(token) == ("j1", KEY.kid)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "other"},
        {"iss": "other"},
        {"aud": "https://other.example"},
        {"aud": None},
        {"exp": NOW + 301},
        {"exp": NOW - 61},
        {"exp": None},
        {"iat": None},
        {"iat": NOW + 120},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 201},
        {"exp": "soon"},
    ],
)
def test_an_assertion_amiss_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        _verify(_assertion(changes))


def test_another_key_or_algorithm_is_refused() -> None:
    unsigned = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, GOOD))
    for token in (_assertion(key=OTHER), _assertion(key=OTHER, header={"kid": OTHER.kid}), f"{unsigned}.", "a.b.c", "a" * 9000):
        with pytest.raises(NotSignedIn):
            _verify(token)


def test_an_assertion_nested_without_end_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        _verify(jws.serialize_compact({"alg": "ES256", "kid": KEY.kid}, b"[" * 5000, KEY, algorithms=["ES256"]))


_PRIVATE = ec.generate_private_key(ec.SECP256R1())
OURS_KEY = FileSealKey(_PRIVATE, PublishedKey(kid="mof-token-1", custodian="mof", purpose="token", public=_PRIVATE.public_key()))


def _made(**more: Any) -> str:
    given: dict[str, Any] = {
        "client_id": "vendor",
        "kid": "k1",
        "grants": [Grant.FILE_FOR_EMPLOYERS],
        "issuer": OURS,
        "key": OURS_KEY,
        "at": AT,
    }
    return make_program_token(**{**given, **more})


def _read(token: str, *, at: datetime = AT, issuer: str = OURS) -> ProgramClaims:
    return read_program_token(token, issuer=issuer, key=OURS_KEY, at=at)


def _code(token: str, **more: Any) -> str:
    with pytest.raises(NotSignedIn) as caught:
        _read(token, **more)
    return caught.value.code


def test_a_token_says_who_by_which_key_and_what_for() -> None:
    read = _read(_made())
    assert (read.client_id, read.kid, read.grants, read.expires_at) == ("vendor", "k1", {Grant.FILE_FOR_EMPLOYERS}, AT + LIFETIME)
    assert find_claimed_client(_made()) == OURS
    assert _read(_made(grants=[])).grants == frozenset()


def test_a_token_ends_after_five_minutes_and_is_good_nowhere_else() -> None:
    assert _code(_made(), at=AT + LIFETIME + timedelta(seconds=1)) == "ACC-002"
    assert _code(_made(issuer="https://other.example")) == "ACC-001"
    assert _code(_made(), issuer="https://other.example") == "ACC-001"


def test_no_other_key_of_ours_makes_a_token() -> None:
    """Seals of books and mandates are signed by keys of their own; neither they nor a program's own key open this door."""
    private = ec.generate_private_key(ec.SECP256R1())
    book = FileSealKey(private, PublishedKey(kid="mof-book-1", custodian="mof", purpose="book", public=private.public_key()))
    assert _code(_made(key=book)) == "ACC-003"
    renamed = FileSealKey(private, PublishedKey(kid="mof-token-1", custodian="mof", purpose="token", public=private.public_key()))
    assert _code(_made(key=renamed)) == "ACC-001"


@pytest.mark.parametrize("changes", [{"typ": "JWT"}, {"typ": None}, {"alg": "HS256"}, {"crit": ["x"]}])
def test_the_header_is_ours_word_for_word(changes: dict[str, Any]) -> None:
    header, payload, _ = _made().split(".")
    read = {name: value for name, value in {**json.loads(base64.urlsafe_b64decode(header + "==")), **changes}.items() if value is not None}
    anew = base64.urlsafe_b64encode(json.dumps(read).encode()).rstrip(b"=").decode()
    signature = base64.urlsafe_b64encode(OURS_KEY.sign(f"{anew}.{payload}".encode())).rstrip(b"=").decode()
    assert _code(f"{anew}.{payload}.{signature}") == "ACC-001"


def test_keys_are_good_within_their_time() -> None:
    jwks = {"keys": [{"kid": "old"}, {"kid": "new", "not_before": AT.isoformat()}]}
    turning = with_end(jwks, kid="old", not_after=AT + timedelta(hours=1))
    names = [[key["kid"] for key in keys_in_force(turning, AT + timedelta(minutes=minutes))["keys"]] for minutes in (-1, 0, 59, 60)]
    assert names == [["old"], ["old", "new"], ["old", "new"], ["new"]]
