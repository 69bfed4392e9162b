"""Our relying party against an OpenID provider that others wrote (npm `oidc-provider`), by sockets, with nothing of the sandbox between."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from bhxh.access.errors import ACC_CODE_REFUSED, NotSignedIn
from bhxh.access.roles import AccountType
from bhxh.access.sign_in_requests import SignInRequest, make_request
from bhxh.access.tokens import ClaimNames, EidClaims
from bhxh.connectors.eid.keys import EidKeyClient
from bhxh.connectors.eid.relying_party import EidRelyingParty, Registration
from bhxh.connectors.http_client.client import PartnerClient
from tests.contracts.conftest import TestKey
from tests.contracts.foreign_provider import packages, running

LEVELS = ("urn:another:low", "urn:another:substantial")
BACK, LEFT = "http://127.0.0.1:9/dang-nhap/ve", "http://127.0.0.1:9/dang-xuat/xong"
PEOPLE = {
    login: {"citizenPid": pin, "full_name": "Lê Thị Thử", "birth_date": "1990-01-01", "account_type": "CITIZEN"}
    for login, pin in (("second", "079190000001"), ("first", "079190000002"))
}


class Listener(HTTPServer):
    """Where the provider tells us of sign-outs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hearing)
        self.heard: list[str] = []


class _Hearing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert isinstance(self.server, Listener)
        self.server.heard += parse_qs(body)["logout_token"]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Scene:
    """The provider, our side, and a browser between them."""

    party: EidRelyingParty
    listener: Listener
    browser: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    def ask(self, *, is_fresh_wanted: bool = False) -> SignInRequest:
        return make_request(secret=b"s" * 32, browser="b", return_to="/", is_fresh_wanted=is_fresh_wanted, at=datetime.now(UTC))

    def answer(self, request: SignInRequest, login: str) -> dict[str, str]:
        """Through the provider's own pages, back to our address."""
        reply, has_been_asked = self.browser.get(self.party.ask(request)), False
        while not reply.headers.get("Location", "").startswith(BACK):
            if reply.has_redirect_location:
                reply = self.browser.get(reply.next_request.url if reply.next_request else "")
            else:
                assert "who are you?" in reply.text and not has_been_asked, reply.text[:500]
                has_been_asked = True
                reply = self.browser.post(reply.url, data={"login": login})
        return {**dict(parse_qsl(urlsplit(reply.headers["Location"]).query)), "asked": "yes" if has_been_asked else "no"}

    def redeem(self, request: SignInRequest, back: dict[str, str]) -> EidClaims:
        return self.party.redeem(request=request, code=back["code"], sender=back["iss"], at=datetime.now(UTC))

    def sign_in(self, login: str, *, is_fresh_wanted: bool = False) -> tuple[EidClaims, dict[str, str]]:
        request = self.ask(is_fresh_wanted=is_fresh_wanted)
        back = self.answer(request, login)
        assert back["state"] == request.state
        return self.redeem(request, back), back


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def scene(provider: EidRelyingParty, listener: Listener) -> Iterator[Scene]:
    """A browser that nobody used."""
    made = Scene(provider, listener)
    yield made
    made.browser.close()


@pytest.fixture(scope="module")
def provider(listener: Listener) -> Iterator[EidRelyingParty]:
    packages()
    key = TestKey()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = {
        "client_id": "bhxh-portal",
        "redirect_uris": [BACK],
        "post_logout_redirect_uris": [LEFT],
        "backchannel_logout_uri": f"http://127.0.0.1:{listener.server_port}/",
        "backchannel_logout_session_required": True,
        "require_auth_time": True,
        "jwks": {"keys": [{**key.public_jwk(), "use": "sig", "alg": "ES256"}]},
    }
    with running(port=port, client=client, people=PEOPLE, levels=LEVELS) as issuer:
        asking = PartnerClient(partner="eid", base_url=issuer, timeout_s=5, clock=lambda: datetime.now(UTC))
        party = EidRelyingParty(
            asking,
            keys=EidKeyClient(asking, "/jwks"),
            registration=Registration(
                issuer=issuer,
                client_id="bhxh-portal",
                redirect_uri=BACK,
                signed_out_uri=LEFT,
                key=key,
                names=ClaimNames(pin="citizenPid", level="acr", level_values=LEVELS),
                fresh_s=300,
            ),
            base_url=issuer,
            timeout_s=5,
        )
        yield party
        party._transport.close()
        asking.close()


def test_a_person_signs_in_and_is_who_the_provider_says(scene: Scene) -> None:
    claims, _ = scene.sign_in("second")
    assert (claims.sub, claims.pin, claims.account_type) == ("second", PEOPLE["second"]["citizenPid"], AccountType.CITIZEN)
    assert (claims.assurance_level, claims.methods) == (2, ("pwd",))
    assert claims.sid and claims.signed_in_at is not None
    assert abs((datetime.now(UTC) - claims.signed_in_at).total_seconds()) < 60


def test_a_low_level_is_seen_although_the_higher_was_asked_for(scene: Scene) -> None:
    claims, _ = scene.sign_in("first")
    assert (claims.sub, claims.assurance_level) == ("first", 1)


def test_a_code_is_good_once_and_for_the_request_that_led_to_it(scene: Scene) -> None:
    request, thief = scene.ask(), scene.ask()
    stolen = scene.answer(request, "second")
    back = scene.answer(request, "second")
    assert scene.redeem(request, back).sub == "second"
    for tried, answer in ((thief, stolen), (request, back)):  # the thief has another verifier; the other comes a second time
        with pytest.raises(NotSignedIn) as refused:
            scene.redeem(tried, answer)
        assert refused.value.sentence is ACC_CODE_REFUSED


def test_a_fresh_sign_in_asks_the_person_again(scene: Scene) -> None:
    first, was_asked = scene.sign_in("second")
    quick, was_not = scene.sign_in("second")
    fresh, was_asked_again = scene.sign_in("second", is_fresh_wanted=True)
    assert [back["asked"] for back in (was_asked, was_not, was_asked_again)] == ["yes", "no", "yes"]
    assert first.signed_in_at is not None and fresh.signed_in_at is not None
    assert quick.signed_in_at == first.signed_in_at <= fresh.signed_in_at


def test_an_answer_in_another_issuers_name_is_not_redeemed(scene: Scene) -> None:
    request = scene.ask()
    back = scene.answer(request, "second")
    for sender in ("https://another.example", None):
        with pytest.raises(NotSignedIn):
            scene.party.redeem(request=request, code=back["code"], sender=sender, at=datetime.now(UTC))
    assert scene.redeem(request, back).sub == "second", "the code was not spent on it"


def test_signing_out_there_reaches_us(scene: Scene) -> None:
    claims, _ = scene.sign_in("second")
    page = scene.browser.get(scene.party.end())
    assert page.status_code == 200, page.text[:300]
    fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', page.text))
    [address] = re.findall(r'action="([^"]+)"', page.text)
    left = scene.browser.post(address, data={**fields, "logout": "yes"})
    while left.has_redirect_location and not left.headers["Location"].startswith(LEFT):
        left = scene.browser.get(left.next_request.url if left.next_request else "")
    assert left.headers["Location"].startswith(LEFT)
    notice = scene.party.read_notice(scene.listener.heard[-1], at=datetime.now(UTC))
    assert (notice.sid, notice.sub) == (claims.sid, claims.sub)
