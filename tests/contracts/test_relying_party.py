"""Our side of sign-in against the sandbox's e-ID: a good sign-in, every flaw of one, its bad days, and its word that somebody left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest

from bhxh.access.errors import NotSignedIn
from bhxh.access.sign_in_requests import SignInRequest, make_request
from bhxh.access.tokens import ClaimNames, EidClaims
from bhxh.connectors.eid.keys import EidKeyClient
from bhxh.connectors.eid.relying_party import EidRelyingParty, Registration
from bhxh.connectors.http_client.client import PartnerClient
from bhxh.kernel.errors import BhxhError, Nonsense, Rejected, Unavailable
from sandbox.eid import ISSUER, LEVELS
from sandbox.eid.tokens import OF_LOGINS, OF_LOGOUTS, OF_REDIRECTS
from sandbox.holdings import Holdings, account_subject
from sandbox.supervisor import Sandbox
from tests.contracts.conftest import TestKey

BACK = "http://127.0.0.1:9/dang-nhap/ve"
REFUSED = {
    "expired": "ACC-002",
    "unlisted_key": "ACC-003",
    "no_id_token": "CON-003",
    "redirect_other_iss": "ACC-009",
    "redirect_no_iss": "ACC-009",
}
"""What is said where it is not "broken" (ACC-001)."""
READ: dict[str, Callable[[EidClaims], bool]] = {
    "level_1": lambda claims: claims.assurance_level == 1,
    "no_sid": lambda claims: claims.sid == "",
    "no_auth_time": lambda claims: claims.signed_in_at is None,
    "old_auth_time": lambda claims: (datetime.now(UTC) - (claims.signed_in_at or datetime.now(UTC))).total_seconds() > 3000,
}
"""Flaws that are told as they are, and refused by whoever needs level 2, a sign-in that can be ended, or a fresh one."""


class _Party:
    """Our relying party, let in under a name of its own."""

    def __init__(self, sandbox: Sandbox, client: PartnerClient, key: TestKey, **changes: Any) -> None:
        self.sandbox, self.client = sandbox, client
        settings: dict[str, Any] = {
            "issuer": ISSUER,
            "client_id": "bhxh-portal",
            "redirect_uri": BACK,
            "signed_out_uri": "http://127.0.0.1:9/dang-xuat/xong",
            "key": key,
            "names": ClaimNames(level="acr", level_values=(LEVELS[1], LEVELS[2])),
            "fresh_s": 300,
            **changes,
        }
        self.registration = Registration(**settings)
        self.provider = EidRelyingParty(
            client, keys=EidKeyClient(client), registration=self.registration, base_url=sandbox.url("eid"), timeout_s=3.0
        )

    def ask(self, **changes: Any) -> tuple[SignInRequest, str]:
        made = {"secret": b"s", "browser": "b", "return_to": "/", "is_fresh_wanted": False, "at": datetime.now(UTC), **changes}
        request = make_request(**made)
        return request, self.provider.ask(request)

    def redeem(self, request: SignInRequest, address: str, **changes: Any) -> EidClaims:
        back = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        given = {"code": back.get("code", ""), "sender": back.get("iss"), **changes}
        return self.provider.redeem(request=request, at=datetime.now(UTC), **given)

    def sign_in(self, pin: str, flaw: str = "", **more: Any) -> EidClaims:
        request, address = self.ask()
        return self.redeem(request, self.sandbox.choose_identity(address, pin=pin, flaw=flaw, **more))

    def code_of(self, pin: str, flaw: str = "") -> str:
        with pytest.raises(BhxhError) as caught:
            self.sign_in(pin, flaw)
        assert pin not in str(caught.value.parameters)
        return caught.value.code


@pytest.fixture
def party(sandbox: Sandbox, client_to: Callable[..., PartnerClient], other_key: TestKey) -> _Party:
    sandbox.register_client(client_id="bhxh-portal", redirect_uris=[BACK], jwks={"keys": [other_key.public_jwk()]})
    return _Party(sandbox, client_to("eid"), other_key)


@pytest.fixture
def pin(holdings: Holdings) -> str:
    return next(iter(holdings.persons))


def test_the_address_asks_for_what_we_need(party: _Party) -> None:
    request, address = party.ask(is_fresh_wanted=True)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["response_type"] == "code" and asked["scope"] == "openid"
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == (request.state, request.nonce, BACK)
    assert asked["code_challenge_method"] == "S256" and request.verifier not in address
    assert (asked["prompt"], asked["max_age"], asked["acr_values"]) == ("login", "300", LEVELS[2])
    assert "prompt" not in dict(parse_qsl(urlsplit(party.ask()[1]).query))


def test_a_person_comes_back_as_who_they_are(party: _Party, holdings: Holdings, pin: str) -> None:
    claims = party.sign_in(pin)
    assert (claims.issuer, claims.sub, claims.pin, claims.assurance_level) == (ISSUER, account_subject(pin), pin, 2)
    assert claims.signed_in_at is not None and abs((datetime.now(UTC) - claims.signed_in_at).total_seconds()) < 60
    assert claims.sid and claims.methods
    tax_code = next(iter(holdings.companies))
    assert party.sign_in(pin, org_id=tax_code).org_id == tax_code


def test_every_flaw_of_a_sign_in_is_seen(party: _Party, pin: str) -> None:
    flaws = OF_LOGINS - {"redirect_other_state"}  # that one is seen before anything is redeemed
    assert OF_REDIRECTS < OF_LOGINS and READ.keys() < flaws
    got = {flaw: party.code_of(pin, flaw) for flaw in flaws - READ.keys()}
    assert got == {flaw: REFUSED.get(flaw, "ACC-001") for flaw in got}


def test_what_the_e_id_leaves_out_is_known_to_be_missing(party: _Party, pin: str) -> None:
    for flaw, is_seen in READ.items():
        assert is_seen(party.sign_in(pin, flaw)), flaw


def test_a_code_is_good_once(party: _Party, pin: str) -> None:
    request, address = party.ask()
    back = party.sandbox.choose_identity(address, pin=pin)
    party.redeem(request, back)
    with pytest.raises(NotSignedIn, match="ACC-007"):
        party.redeem(request, back)


def test_a_stolen_code_is_no_use_without_the_browser_it_was_made_for(party: _Party, pin: str) -> None:
    _, address = party.ask()
    stolen = party.sandbox.choose_identity(address, pin=pin)
    mine, _ = party.ask(browser="the thief's")
    with pytest.raises(NotSignedIn, match="ACC-007"):
        party.redeem(mine, stolen)


def test_without_pkce_the_e_id_gives_no_code(party: _Party, pin: str) -> None:
    _, address = party.ask()
    bare = {name: value for name, value in parse_qsl(urlsplit(address).query) if not name.startswith("code_challenge")}
    back = party.sandbox.choose_identity(f"{address.partition('?')[0]}?{urlencode(bare)}", pin=pin)
    assert "code" not in parse_qs(urlsplit(back).query) and "error" in parse_qs(urlsplit(back).query)


def test_a_verifier_that_was_not_asked_with_redeems_nothing(party: _Party, pin: str) -> None:
    request, address = party.ask()
    back = party.sandbox.choose_identity(address, pin=pin)
    with pytest.raises(NotSignedIn, match="ACC-007"):
        party.redeem(replace(request, verifier="v" * 43), back)


def test_a_key_that_the_e_id_does_not_know_is_our_operators_business(
    sandbox: Sandbox, party: _Party, client_to: Callable[..., PartnerClient], pin: str
) -> None:
    stranger = _Party(sandbox, client_to("eid"), TestKey())
    with pytest.raises(Rejected, match="CON-002"):
        stranger.sign_in(pin)


def test_the_e_ids_bad_days_are_told_as_such(party: _Party, pin: str) -> None:
    days = {"down": "CON-001", "error": "CON-001", "slow": "CON-001", "nonsense": "CON-003", "refuse": "CON-002", "endless": "CON-003"}
    request, address = party.ask()
    back = party.sandbox.choose_identity(address, pin=pin)
    got = {}
    for mode in days:
        party.sandbox.set_fault("eid", mode, seconds=4)
        with pytest.raises(BhxhError) as caught:
            party.redeem(request, back)
        got[mode] = caught.value.code
    assert got == days


def test_a_discovery_once_read_outlives_a_bad_day(party: _Party, client_to: Callable[..., PartnerClient]) -> None:
    party.ask()
    party.sandbox.set_fault("eid", "error")
    assert party.ask()[1].startswith(party.sandbox.url("eid"))
    with pytest.raises(Unavailable):
        _Party(party.sandbox, client_to("eid"), TestKey()).ask()


def test_after_a_row_of_failures_it_is_left_alone_and_known_to_be_down(party: _Party, pin: str) -> None:
    request, address = party.ask()
    back = party.sandbox.choose_identity(address, pin=pin)
    assert party.provider.is_reachable()
    party.sandbox.set_fault("eid", "error")
    codes = []
    for _ in range(6):
        with pytest.raises(Unavailable) as caught:
            party.redeem(request, back)
        codes.append(caught.value.code)
    assert codes == ["CON-001"] * 5 + ["CON-004"]
    assert not party.provider.is_reachable()


def test_another_issuers_document_is_not_used(sandbox: Sandbox, party: _Party, client_to: Callable[..., PartnerClient]) -> None:
    with pytest.raises(Nonsense, match="CON-003"):
        _Party(sandbox, client_to("eid"), TestKey(), issuer="https://another.example").ask()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code_challenge_methods_supported": ["plain"]}, "no PKCE with S256"),
        ({"token_endpoint": "http://elsewhere.example/token"}, "endpoints"),
        ({"authorization_endpoint": None}, "endpoints"),
        ({}, ""),
        ({"token_endpoint": "https://elsewhere.example/token"}, ""),
    ],
)
def test_a_document_without_what_we_rely_on_is_not_used(party: _Party, changes: dict[str, Any], reason: str) -> None:
    document = httpx.get(f"{party.sandbox.url('eid')}/.well-known/openid-configuration", trust_env=False).json()
    assert party.provider._problem_of({**document, **changes}) == reason


def _notices(party: _Party, **wanted: Any) -> list[str]:
    reply = httpx.post(f"{party.sandbox.url('eid')}/sandbox/sign-outs", json={"deliver": False, **wanted}, timeout=60, trust_env=False)
    return [one["logout_token"] for one in reply.raise_for_status().json()["notices"] if one["client_id"] == "bhxh-portal"]


def test_the_e_ids_word_that_somebody_left_is_read(party: _Party, pin: str) -> None:
    claims = party.sign_in(pin)
    [token] = _notices(party, sid=claims.sid)
    notice = party.provider.read_notice(token, at=datetime.now(UTC))
    assert (notice.issuer, notice.sid, notice.sub) == (ISSUER, claims.sid, claims.sub)


def test_every_flaw_of_a_notice_is_seen(party: _Party, pin: str) -> None:
    flaws = OF_LOGOUTS - {"no_sid", "two_audiences"}  # the standard allows both
    got = {}
    for flaw in flaws:
        [token] = _notices(party, sid=party.sign_in(pin).sid, flaw=flaw)
        with pytest.raises(NotSignedIn) as caught:
            party.provider.read_notice(token, at=datetime.now(UTC))
        got[flaw] = caught.value.code
    assert got == {flaw: {"expired": "ACC-002", "unlisted_key": "ACC-003"}.get(flaw, "ACC-001") for flaw in flaws}


def test_an_id_token_is_no_notice_and_a_notice_signs_nobody_in(party: _Party, pin: str) -> None:
    request, address = party.ask()
    party.sandbox.choose_identity(address, pin=pin)
    [token] = _notices(party, sid=party.sign_in(pin).sid)
    from bhxh.access.tokens import verify_id_token

    with pytest.raises(NotSignedIn, match="ACC-001"):
        verify_id_token(
            token,
            keys=EidKeyClient(party.client).get(),
            issuer=ISSUER,
            client_id="bhxh-portal",
            nonce=request.nonce,
            access_token="",
            at=datetime.now(UTC),
            names=party.registration.names,
        )


def test_where_to_sign_out_there_and_where_forms_may_lead(party: _Party) -> None:
    assert party.provider.end() == "" and party.provider.origins() == ()  # nothing known yet
    party.ask()
    assert party.provider.end().startswith(f"{party.sandbox.url('eid')}/end-session?client_id=bhxh-portal&post_logout_redirect_uri=")
    assert party.provider.origins() == (party.sandbox.url("eid"),)
