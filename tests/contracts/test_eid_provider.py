"""The sandbox's OpenID provider as the standards describe one: what it gives, and whom it refuses."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from sandbox.eid import AUDIENCE, ISSUER, LEVELS
from sandbox.eid.tokens import OF_LOGINS, OF_LOGOUTS, OF_REDIRECTS, OF_SIGNATURES, half_hash
from sandbox.holdings import Holdings, account_subject
from sandbox.supervisor import Sandbox
from tests.contracts.eid_clients import BACK, LEFT, PLAIN, Party, query_of


@pytest.fixture(scope="module")
def party(running_sandbox: Sandbox) -> Party:
    return Party(running_sandbox, "a-portal")


@pytest.fixture
def pin(holdings: Holdings) -> str:
    return next(iter(holdings.persons))


def _ask(address: str, **options: Any) -> httpx.Response:
    return httpx.get(address, **PLAIN, **options)


def test_it_is_found_by_discovery(party: Party, sandbox: Sandbox) -> None:
    here = sandbox.url("eid")
    assert party.metadata["issuer"] == ISSUER
    addresses = [value for name, value in party.metadata.items() if name.endswith(("_endpoint", "jwks_uri"))]
    assert len(addresses) == 5 and all(address.startswith(f"{here}/") for address in addresses)
    assert party.metadata["code_challenge_methods_supported"] == ["S256"]
    assert party.metadata["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


def test_the_page_speaks_both_languages_and_repeats_the_request(party: Party) -> None:
    page = _ask(party.address(state='"><script>'))
    assert page.status_code == 200 and "Đăng nhập" in page.text and "Sign in" in page.text
    assert "<script>" not in page.text and "&quot;&gt;&lt;script&gt;" in page.text
    assert 'name="code_challenge"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_citizen_signs_in(party: Party, sandbox: Sandbox, holdings: Holdings, pin: str) -> None:
    back = query_of(sandbox.choose_identity(party.address(), pin=pin))
    assert (back["state"], back["iss"]) == ("state-of-this-login", ISSUER)
    given = party.exchange(back["code"]).raise_for_status().json()
    token, now = party.read(given["id_token"]), time.time()
    claims = token.claims
    assert token.header["typ"] == "JWT"
    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, "a-portal", account_subject(pin))
    assert (claims["nonce"], claims["acr"], claims["at_hash"]) == ("nonce-of-this-login", LEVELS[2], half_hash(given["access_token"]))
    assert abs(claims["auth_time"] - now) < 60 and claims["iat"] <= now + 1 < claims["exp"]
    assert claims["sid"] and claims["amr"] and (claims["pin"], claims["full_name"]) == (pin, holdings.persons[pin].full_name)
    access = party.read(given["access_token"])
    assert (access.header["typ"], access.claims["aud"], access.claims["sid"]) == ("at+jwt", AUDIENCE, claims["sid"])
    told = httpx.get(party.metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {given['access_token']}"}, **PLAIN).json()
    assert (told["sub"], told["pin"], "jti" in told) == (claims["sub"], pin, False)
    for other in (given["id_token"], "nonsense"):
        refused = httpx.get(party.metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {other}"}, **PLAIN)
        assert refused.status_code == 401


def test_a_person_signs_in_for_an_organisation(party: Party, holdings: Holdings, pin: str) -> None:
    tax_code = next(iter(holdings.companies))
    claims = party.read(party.sign_in(pin, org_id=tax_code)["id_token"]).claims
    assert (claims["account_type"], claims["org_id"], claims["acting_pin"]) == ("ORG", tax_code, pin)
    assert claims["sub"] == account_subject(tax_code, pin) != account_subject(pin)


def test_a_low_level_is_let_through_and_reported(party: Party, pin: str) -> None:
    claims = party.read(party.sign_in(pin, assurance_level=1)["id_token"]).claims
    assert (claims["acr"], claims["assurance_level"]) == (LEVELS[1], 1)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "sometimes"}, "invalid_request"),
        ({"request": "e30."}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_requests_that_are_refused_in_the_clients_hearing(party: Party, changes: dict[str, str | None], error: str) -> None:
    answer = _ask(party.address(**changes))
    assert answer.status_code == 303 and answer.headers["Location"].startswith(f"{BACK}?")
    back = query_of(answer.headers["Location"])
    assert (back["error"], back["state"], back["iss"]) == (error, "state-of-this-login", ISSUER)


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"redirect_uri": f"{BACK}/x"}, {"redirect_uri": None}, {"client_id": None}])
def test_nothing_is_sent_to_an_address_that_is_not_registered(party: Party, changes: dict[str, str | None]) -> None:
    answer = _ask(party.address(**changes))
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_a_person_may_refuse_and_an_unknown_one_is_asked_again(party: Party) -> None:
    asked = query_of(party.address())
    endpoint = party.metadata["authorization_endpoint"]
    refused = httpx.post(endpoint, data={**asked, "action": "refuse"}, **PLAIN)
    assert query_of(refused.headers["Location"])["error"] == "access_denied"
    for wrong in ({"pin": "079188999999"}, {"pin": "079188999999", "org_id": "1"}, {"choice": "x y"}, {"flaw": "unheard_of"}):
        again = httpx.post(endpoint, data={**asked, **wrong}, **PLAIN)
        assert again.status_code == 422 and "There is no such account" in again.text


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "x" * 43}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"redirect_uri": f"{BACK}/x"}, 400, "invalid_grant"),
        ({"code": "guessed"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_assertion": None}, 401, "invalid_client"),
        ({"client_assertion": "x.y.z"}, 401, "invalid_client"),
        ({"client_assertion_type": "another"}, 401, "invalid_client"),
        ({"client_id": "another"}, 401, "invalid_client"),
    ],
)
def test_a_code_is_given_up_for_a_right_request_only(
    party: Party, sandbox: Sandbox, pin: str, changes: dict[str, str | None], status: int, error: str
) -> None:
    code = query_of(sandbox.choose_identity(party.address(), pin=pin))["code"]
    refused = party.exchange(code, **changes)
    assert (refused.status_code, refused.json()["error"]) == (status, error)


def test_a_code_is_good_once_and_for_its_client(party: Party, sandbox: Sandbox, pin: str) -> None:
    code = query_of(sandbox.choose_identity(party.address(), pin=pin))["code"]
    thief = Party(sandbox, "another-portal")
    assert thief.exchange(code, code_verifier=party.verifier).json()["error"] == "invalid_grant"
    assert party.exchange(code).json()["error"] == "invalid_grant", "a code somebody tried to steal is dead"
    code = query_of(sandbox.choose_identity(party.address(), pin=pin))["code"]
    assert party.exchange(code).status_code == 200
    assert party.exchange(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://another.example"},
        {"iss": "another"},
        {"sub": "another"},
        {"exp": 1},
        {"exp": int(time.time()) + 9000},
        {"jti": None},
    ],
)
def test_a_client_is_who_its_assertion_proves(party: Party, changes: dict[str, Any]) -> None:
    assert party.exchange("any", client_assertion=party.assertion(**changes)).json()["error"] == "invalid_client"


def test_an_assertion_is_good_once_and_may_name_the_issuer(party: Party) -> None:
    assertion = party.assertion(aud=ISSUER)
    assert party.exchange("any", client_assertion=assertion, client_id=None).json()["error"] == "invalid_grant"
    assert party.exchange("any", client_assertion=assertion).json()["error"] == "invalid_client"


def test_who_is_signed_in_is_not_asked_again_unless_the_client_says_so(party: Party, sandbox: Sandbox, pin: str) -> None:
    with httpx.Client(**PLAIN) as browser:
        form = {**query_of(party.address()), "pin": pin}
        first = party.read(_exchanged(party, browser.post(party.metadata["authorization_endpoint"], data=form))).claims
        again = party.read(_exchanged(party, browser.get(party.address(prompt="none")))).claims
        assert (again["sid"], again["auth_time"]) == (first["sid"], first["auth_time"])
        assert browser.get(party.address(max_age="300")).status_code == 303
        assert browser.get(party.address(prompt="login")).status_code == 200
        time.sleep(1.1)
        assert browser.get(party.address(max_age="0")).status_code == 200


def _exchanged(party: Party, reply: httpx.Response) -> str:
    return str(party.exchange(query_of(reply.headers["Location"])["code"]).raise_for_status().json()["id_token"])


@pytest.mark.parametrize("flaw", sorted(OF_LOGINS))
def test_each_flaw_changes_one_thing(party: Party, sandbox: Sandbox, pin: str, flaw: str) -> None:
    back = query_of(sandbox.choose_identity(party.address(), pin=pin, flaw=flaw))
    right_back = {"state": "state-of-this-login", "iss": ISSUER}
    assert ({name: back.get(name) for name in right_back} != right_back) == (flaw in OF_REDIRECTS)
    given = party.exchange(back["code"]).raise_for_status().json()
    if flaw == "no_id_token":
        assert "id_token" not in given
    elif flaw in OF_SIGNATURES:
        with pytest.raises((JoseError, ValueError)):
            party.read(given["id_token"])
    else:
        claims, right = party.read(given["id_token"]).claims, party.read(party.sign_in(pin)["id_token"]).claims
        assert _differing(claims, right, {"at_hash"} if flaw != "wrong_at_hash" else set()) != set() or flaw in OF_REDIRECTS
        assert flaw not in OF_REDIRECTS or _differing(claims, right, {"at_hash"}) == set()


def _differing(one: dict[str, Any], other: dict[str, Any], but: set[str]) -> set[str]:
    """Claims that are not what they should be; those of two sign-ins differ in name and by a moment anyhow."""
    found = set(one) ^ set(other)
    for name in set(one) & set(other) - but - {"sid"}:
        is_time = name in {"iat", "exp", "auth_time"}
        if abs(one[name] - other[name]) > 60 if is_time else one[name] != other[name]:
            found.add(name)
    return found


# -- what the provider asks of the client, and tells it -------------------------------------------------------------------------------------------------------


class _Listener(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hearing)
        self.heard: list[str] = []
        self.jwks: dict[str, Any] = {"keys": []}
        self.asked = 0


class _Hearing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Listener)
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.jwks).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert isinstance(self.server, _Listener)
        self.server.heard += parse_qs(body)["logout_token"]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[_Listener]:
    with _Listener() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_clients_keys_are_fetched_before_it_asks_for_tokens(sandbox: Sandbox, listener: _Listener, pin: str) -> None:
    """While the client waits for its tokens it may have no thread left to show its keys."""
    party = Party(sandbox, "publishing-portal", jwks_uri=f"http://127.0.0.1:{listener.server_port}/keys")
    listener.jwks = party.jwks
    back = sandbox.choose_identity(party.address(), pin=pin)
    assert listener.asked == 1
    assert party.exchange(query_of(back)["code"]).status_code == 200
    assert listener.asked == 1
    party.key = ECKey.generate_key("P-256", auto_kid=True)
    assert party.exchange("any").json()["error"] == "invalid_client", "another key is looked for a moment later at the earliest"
    assert listener.asked == 1


def test_a_client_whose_keys_cannot_be_had_is_nobody(sandbox: Sandbox, pin: str) -> None:
    party = Party(sandbox, "silent-portal", jwks_uri="http://127.0.0.1:9/keys")
    back = sandbox.choose_identity(party.address(), pin=pin)
    assert party.exchange(query_of(back)["code"]).json()["error"] == "invalid_client"


def _end(sandbox: Sandbox, **wanted: Any) -> list[dict[str, Any]]:
    reply = httpx.post(f"{sandbox.url('eid')}/sandbox/sign-outs", json=wanted, **PLAIN)
    notices: list[dict[str, Any]] = reply.raise_for_status().json()["notices"]
    return notices


def test_a_client_hears_of_the_end_of_a_session(sandbox: Sandbox, listener: _Listener, pin: str) -> None:
    party = Party(sandbox, "hearing-portal", told=f"http://127.0.0.1:{listener.server_port}/")
    signed_in = party.read(party.sign_in(pin)["id_token"]).claims
    [notice] = _end(sandbox, sid=signed_in["sid"])
    assert (notice["client_id"], notice["status"], [notice["logout_token"]]) == ("hearing-portal", 200, listener.heard)
    token = party.read(notice["logout_token"])
    assert token.header["typ"] == "logout+jwt" and "nonce" not in token.claims
    assert (token.claims["iss"], token.claims["aud"]) == (ISSUER, "hearing-portal")
    assert (token.claims["sub"], token.claims["sid"]) == (signed_in["sub"], signed_in["sid"])
    assert token.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert token.claims["jti"] and token.claims["exp"] > time.time()
    assert _end(sandbox, sid=signed_in["sid"]) == [], "a session ends once"


def test_all_sessions_of_an_account_end_at_once(party: Party, sandbox: Sandbox, holdings: Holdings) -> None:
    pin = list(holdings.persons)[5]
    sids = {party.read(party.sign_in(pin)["id_token"]).claims["sid"] for _ in range(2)}
    ended = [party.read(notice["logout_token"]).claims["sid"] for notice in _end(sandbox, sub=account_subject(pin))]
    assert len(ended) == 2 and set(ended) == sids


@pytest.mark.parametrize("flaw", sorted(OF_LOGOUTS))
def test_each_flaw_of_a_notice_changes_one_thing(party: Party, sandbox: Sandbox, pin: str, flaw: str) -> None:
    spoilt, right = (
        _end(sandbox, sid=party.read(party.sign_in(pin)["id_token"]).claims["sid"], flaw=wanted, deliver=False)[0] for wanted in (flaw, "")
    )
    assert spoilt["status"] is None
    if flaw in OF_SIGNATURES:
        with pytest.raises((JoseError, ValueError)):
            party.read(spoilt["logout_token"])
        return
    one, other = party.read(spoilt["logout_token"]), party.read(right["logout_token"])
    assert (one.header["typ"] != other.header["typ"]) == (flaw == "wrong_typ")
    assert bool(_differing(one.claims, other.claims, {"jti"})) == (flaw != "wrong_typ")


def test_a_person_signs_out_at_their_client(party: Party, sandbox: Sandbox, pin: str) -> None:
    with httpx.Client(**PLAIN) as browser:
        form = {**query_of(party.address()), "pin": pin}
        token = _exchanged(party, browser.post(party.metadata["authorization_endpoint"], data=form))
        address = party.metadata["end_session_endpoint"]
        left = browser.get(address, params={"id_token_hint": token, "post_logout_redirect_uri": LEFT, "state": "s"})
        assert (left.status_code, left.headers["Location"]) == (303, f"{LEFT}?state=s")
        assert query_of(browser.get(party.address(prompt="none")).headers["Location"])["error"] == "login_required"
        elsewhere = browser.get(address, params={"id_token_hint": token, "post_logout_redirect_uri": "https://another.example/"})
        assert elsewhere.status_code == 200 and "signed out" in elsewhere.text


def test_without_proof_the_person_is_asked_before_they_are_signed_out(party: Party, pin: str) -> None:
    with httpx.Client(**PLAIN) as browser:
        browser.post(party.metadata["authorization_endpoint"], data={**query_of(party.address()), "pin": pin})
        address = party.metadata["end_session_endpoint"]
        wanted = {"client_id": party.name, "post_logout_redirect_uri": LEFT}
        asked = browser.get(address, params=wanted)
        assert asked.status_code == 200 and 'name="confirmed"' in asked.text and f'value="{LEFT}"' in asked.text
        assert browser.get(party.address(prompt="none")).headers["Location"].startswith(f"{BACK}?code=")
        left = browser.post(address, data={**wanted, "confirmed": "yes"})
        assert (left.status_code, left.headers["Location"]) == (303, LEFT)
        assert query_of(browser.get(party.address(prompt="none")).headers["Location"])["error"] == "login_required"


def test_a_client_is_let_in_with_what_is_needed_only(sandbox: Sandbox) -> None:
    for missing in (
        {"client_id": "x", "jwks": {"keys": []}},
        {"redirect_uris": [BACK], "jwks_uri": BACK},
        {"client_id": "x", "redirect_uris": [BACK]},
    ):
        reply = httpx.post(f"{sandbox.url('eid')}/sandbox/clients", json=missing, **PLAIN)
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_client_metadata")
