"""A sign-in under way belongs to one browser, for ten minutes, and leads only to places of ours."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.access.errors import NotSignedIn
from bhxh.access.sessions import (
    ActingAs,
    KnownSessions,
    Session,
    csrf_token,
    digest_of,
    is_csrf_token,
    is_fresh,
    new_secret,
)
from bhxh.access.sign_in_requests import LONGEST, SignInRequest, make_request, new_browser_name, place_of_ours, read_request
from bhxh.access.tokens import EidClaims
from tests.unit.access.test_id_tokens import _read

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECRET, BROWSER = b"s" * 32, "browser-1"


def _made(**changes: object) -> SignInRequest:
    return make_request(**{"secret": SECRET, "browser": BROWSER, "return_to": "/ho-so", "is_fresh_wanted": False, "at": AT, **changes})  # type: ignore[arg-type]


def _code(state: str, *, browser: str = BROWSER, secret: bytes = SECRET, at: datetime = AT) -> str:
    with pytest.raises(NotSignedIn) as caught:
        read_request(state, secret=secret, browser=browser, at=at)
    return caught.value.code


def test_it_is_taken_up_again_as_it_was() -> None:
    made = _made(is_fresh_wanted=True)
    assert read_request(made.state, secret=SECRET, browser=BROWSER, at=AT + LONGEST) == made
    assert len(made.verifier) >= 43 and made.verifier not in made.state and made.nonce not in made.state


def test_each_one_is_another_even_in_one_browser() -> None:
    first, second = _made(), _made()
    assert len({first.state, second.state, first.nonce, second.nonce, first.verifier, second.verifier}) == 6


def test_it_is_of_this_browser_and_of_this_server() -> None:
    state = _made().state
    assert _code(state, browser="browser-2") == "ACC-005"
    assert _code(state, browser="") == "ACC-005"
    assert _code(state, secret=b"t" * 32) == "ACC-005"


def test_a_browser_without_a_name_has_none_under_way() -> None:
    assert _code(_made(browser="").state, browser="") == "ACC-005"


def test_it_ends() -> None:
    assert _code(_made().state, at=AT + LONGEST + timedelta(seconds=1)) == "ACC-006"
    assert _code(_made().state, at=AT - timedelta(minutes=2)) == "ACC-006"


@given(st.text(max_size=300))
def test_rubbish_is_none_of_ours(state: str) -> None:
    assert _code(state) == "ACC-005"


@given(where=st.integers(0, 10_000), letter=st.sampled_from("AZaz09-_."))
def test_no_letter_of_it_may_change(where: int, letter: str) -> None:
    state = _made().state
    place = where % len(state)
    changed = f"{state[:place]}{letter}{state[place + 1 :]}"
    if changed != state:
        assert _code(changed) == "ACC-005"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "ho-so",
        "",
        "/a\nb",
        "/a b",
        "/%0d%0aX: 1\r\n",
        "/" + "a" * 300,
        "/@evil",
        "/#x",
    ],
)
def test_nobody_is_sent_away(address: str) -> None:
    assert place_of_ours(address) == _made(return_to=address).return_to == "/"


@pytest.mark.parametrize("address", ["/", "/dang-nhap/vai-tro", "/ho-so/G12.99.01-261122-0001?a=b&c=%C3%A9"])
def test_places_of_ours_are_kept(address: str) -> None:
    assert place_of_ours(address) == address


def test_the_protection_token_follows_from_the_cookie_and_from_nothing_else() -> None:
    secret, other = new_secret(), new_secret()
    assert len(secret) >= 43 and secret != other
    assert is_csrf_token(csrf_token(secret), secret=secret)
    for given_token in ("", secret, csrf_token(other), digest_of(secret), "é"):
        assert not is_csrf_token(given_token, secret=secret)
    assert new_browser_name() != new_browser_name()


def _claims(signed_in_at: datetime | None) -> EidClaims:
    return replace(_read(), signed_in_at=signed_in_at)


def test_fresh_is_what_the_e_id_says_was_a_short_while_ago() -> None:
    within = timedelta(minutes=5)
    assert is_fresh(_claims(AT - timedelta(minutes=4, seconds=59)), at=AT, within=within)
    assert not is_fresh(_claims(AT - timedelta(minutes=5)), at=AT, within=within)
    assert not is_fresh(_claims(None), at=AT, within=within)


def test_a_process_remembers_only_so_many_sessions() -> None:
    known = KnownSessions(most=2)
    for number in range(3):
        known.keep(
            Session(
                session_id=UUID(int=number),
                secret_sha256=str(number),
                claims=_claims(AT),
                acting_as=ActingAs.SELF,
                employer_id=None,
                begun_at=AT,
                seen_at=AT,
                ends_at=AT,
                device="",
                acting_for="",
            )
        )
    assert known.find("0") is None
    assert known.find("2") is not None
    known.forget("2")
    assert known.find("2") is None
