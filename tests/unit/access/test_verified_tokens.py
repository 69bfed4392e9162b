"""A verified token is remembered no longer than it holds, and no longer than the keys it was verified under."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bhxh.access import verified_tokens
from bhxh.access.errors import NotSignedIn
from bhxh.access.verified_tokens import VerifiedToken, VerifiedTokens
from tests.unit.access.test_tokens import AT, ISSUER, KEYS, OTHER, _token


class _Issuer:
    """The port, with keys that can be turned."""

    def __init__(self, keys: Mapping[str, Any]) -> None:
        self.keys = keys

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        return self.keys


def _read(tokens: VerifiedTokens, token: str, issuer: _Issuer, at: datetime = AT, audience: str = "bhxh") -> VerifiedToken:
    return tokens.read(token, keys=issuer, issuer=ISSUER, audience=audience, at=at)


def _refused(*args: Any, **more: Any) -> str:
    with pytest.raises(NotSignedIn) as caught:
        _read(*args, **more)
    return caught.value.code


def test_the_second_reading_is_the_first() -> None:
    tokens, issuer, token = VerifiedTokens(), _Issuer(KEYS), _token()
    assert _read(tokens, token, issuer) is _read(tokens, token, issuer, AT + timedelta(seconds=5))
    assert _read(tokens, _token({"jti": "j2"}), issuer) is not _read(tokens, token, issuer)


def test_it_ends_with_the_token() -> None:
    tokens, issuer, token = VerifiedTokens(), _Issuer(KEYS), _token()
    _read(tokens, token, issuer)
    assert _refused(tokens, token, issuer, AT + timedelta(seconds=661)) == "ACC-002"


def test_it_ends_when_the_issuer_takes_the_key_back() -> None:
    tokens, issuer, token = VerifiedTokens(), _Issuer(KEYS), _token()
    _read(tokens, token, issuer)
    issuer.keys = {"keys": [OTHER.as_dict(private=False)]}
    assert _refused(tokens, token, issuer) == "ACC-003"


def test_keys_fetched_anew_are_asked_again_even_where_they_are_the_same() -> None:
    tokens, issuer, token = VerifiedTokens(), _Issuer(KEYS), _token()
    first = _read(tokens, token, issuer)
    issuer.keys = dict(KEYS)
    assert _read(tokens, token, issuer) is not first


def test_a_clock_that_goes_back_remembers_nothing() -> None:
    tokens, issuer, token = VerifiedTokens(), _Issuer(KEYS), _token()
    first = _read(tokens, token, issuer)
    assert _read(tokens, token, issuer, AT - timedelta(seconds=30)) is not first


def test_what_is_refused_is_not_remembered_and_one_letter_makes_another_token() -> None:
    tokens, issuer, token = VerifiedTokens(), _Issuer(KEYS), _token()
    _read(tokens, token, issuer)
    for changed in (token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1], token + "A", token.lower(), token + "\ud800"):
        assert _refused(tokens, changed, issuer) in {"ACC-001", "ACC-003"}
        assert _refused(tokens, changed, issuer) in {"ACC-001", "ACC-003"}
    assert _refused(tokens, token, issuer, audience="somebody else") == "ACC-001"


def test_it_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified_tokens, "_MOST", 3)
    tokens, issuer = VerifiedTokens(), _Issuer(KEYS)
    made = [_token({"jti": f"j{number}"}) for number in range(5)]
    first = [_read(tokens, token, issuer) for token in made]
    assert [_read(tokens, token, issuer) is kept for token, kept in zip(made[2:], first[2:], strict=True)] == [True] * 3
    assert _read(tokens, made[0], issuer) is not first[0]
