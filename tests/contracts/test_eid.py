"""The e-ID system: tokens good and bad, keys that turn, books handed over and shown to their owner."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from bhxh.access.errors import NotSignedIn
from bhxh.access.roles import AccountType
from bhxh.access.tokens import EidClaims
from bhxh.access.verified_tokens import verify_under_present_keys
from bhxh.connectors.eid.accounts import EidAccountClient
from bhxh.connectors.eid.keys import EidKeyClient
from bhxh.connectors.eid.publication import EidPublicationClient
from bhxh.connectors.http_client.client import Identity, PartnerClient
from bhxh.kernel.errors import Rejected, Trouble, Unavailable
from sandbox.eid import AUDIENCE, ISSUER
from sandbox.holdings import Holdings, account_subject
from sandbox.supervisor import Sandbox

ClientTo = Callable[..., PartnerClient]


@pytest.fixture
def pin(holdings: Holdings) -> str:
    return next(iter(holdings.persons))


def _token(sandbox: Sandbox, pin: str, **options: Any) -> str:
    reply = httpx.post(f"{sandbox.url('eid')}/sandbox/token", json={"pin": pin, **options}, trust_env=False)
    assert reply.status_code == 200, reply.text
    token: str = reply.json()["access_token"]
    return token


def _read(client: PartnerClient, token: str, at: datetime | None = None) -> EidClaims:
    keys = EidKeyClient(client)
    return verify_under_present_keys(token, keys=keys, issuer=ISSUER, audience=AUDIENCE, at=at or datetime.now(UTC)).claims


def test_a_citizens_token_is_good(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings, pin: str) -> None:
    claims = _read(client_to("eid"), _token(sandbox, pin))
    assert (claims.pin, claims.full_name, claims.assurance_level) == (pin, holdings.persons[pin].full_name, 2)
    assert claims.sub == account_subject(pin)
    assert pin not in claims.account


def test_level_one_is_reported_as_level_one(sandbox: Sandbox, client_to: ClientTo, pin: str) -> None:
    assert _read(client_to("eid"), _token(sandbox, pin, assurance_level=1)).assurance_level == 1


def test_an_organisations_token_names_both(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings, pin: str) -> None:
    tax_code = next(iter(holdings.companies))
    claims = _read(client_to("eid"), _token(sandbox, pin, account_type="ORG", org_id=tax_code))
    assert (claims.account_type, claims.org_id, claims.acting_pin) == (AccountType.ORG, tax_code, pin)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"lifetime_s": -61}, "ACC-002"),
        ({"audience": "other"}, "ACC-001"),
        ({"flaw": "wrong_key"}, "ACC-001"),
        ({"flaw": "alg_none"}, "ACC-001"),
        ({"assurance_level": 3}, "ACC-001"),
    ],
)
def test_bad_tokens_are_refused(sandbox: Sandbox, client_to: ClientTo, pin: str, options: dict[str, Any], code: str) -> None:
    with pytest.raises(NotSignedIn) as caught:
        _read(client_to("eid"), _token(sandbox, pin, **options))
    assert caught.value.code == code


def test_nobody_gets_a_token(sandbox: Sandbox) -> None:
    assert httpx.post(f"{sandbox.url('eid')}/sandbox/token", json={"pin": "079188999999"}, trust_env=False).status_code == 400


def test_a_turned_key_is_fetched_when_a_token_names_it(sandbox: Sandbox, client_to: ClientTo, pin: str) -> None:
    now = [datetime.now(UTC)]
    keys = EidKeyClient(client_to("eid", clock=lambda: now[0]))
    ask: dict[str, Any] = {"keys": keys, "issuer": ISSUER, "audience": AUDIENCE, "at": now[0]}
    old = _token(sandbox, pin)
    assert verify_under_present_keys(old, **ask).claims.pin == pin
    httpx.post(f"{sandbox.url('eid')}/sandbox/rotate", trust_env=False).raise_for_status()
    new = _token(sandbox, pin)
    with pytest.raises(NotSignedIn):
        verify_under_present_keys(new, **ask)
    now[0] += timedelta(seconds=30)
    assert verify_under_present_keys(new, **ask).claims.pin == pin
    assert verify_under_present_keys(old, **ask).claims.pin == pin


def test_keys_that_are_the_same_when_fetched_anew_are_the_same_object(sandbox: Sandbox, client_to: ClientTo) -> None:
    """What was verified under them is remembered by it: a stranger's invented key name must not make us verify everybody anew."""
    now = [datetime.now(UTC)]
    keys = EidKeyClient(client_to("eid", clock=lambda: now[0]))
    first = keys.get()
    now[0] += timedelta(minutes=1)
    assert keys.get(is_refresh_wanted=True) is first
    httpx.post(f"{sandbox.url('eid')}/sandbox/rotate", trust_env=False).raise_for_status()
    now[0] += timedelta(minutes=1)
    assert keys.get(is_refresh_wanted=True) != first


def test_keys_outlive_a_bad_day_but_not_two(sandbox: Sandbox, client_to: ClientTo) -> None:
    now = [datetime.now(UTC)]
    keys = EidKeyClient(client_to("eid", clock=lambda: now[0]))
    first = keys.get()
    sandbox.set_fault("eid", "down")
    now[0] += timedelta(hours=23)
    assert keys.get() == first
    now[0] += timedelta(hours=2)
    with pytest.raises(Unavailable):
        keys.get()


def test_nonsense_is_no_key_set(sandbox: Sandbox, client_to: ClientTo) -> None:
    sandbox.set_fault("eid", "nonsense")
    with pytest.raises(Trouble) as caught:
        EidKeyClient(client_to("eid")).get()
    assert caught.value.code == "CON-003"


def test_account_names_are_found_for_those_who_have_one(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings) -> None:
    pins = list(holdings.identities)
    assert len(pins) > 500
    found = EidAccountClient(client_to("eid")).find_subjects([*pins, "079188999999"])
    assert found == {pin: account_subject(pin) for pin in pins}
    assert EidAccountClient(client_to("eid")).find_subjects([]) == {}


@pytest.mark.parametrize(("mode", "code"), [("refuse", "CON-002"), ("down", "CON-001"), ("nonsense", "CON-003")])
def test_trouble_with_account_names_is_told(sandbox: Sandbox, client_to: ClientTo, pin: str, mode: str, code: str) -> None:
    sandbox.set_fault("eid", mode)
    with pytest.raises(Trouble) as caught:
        EidAccountClient(client_to("eid")).find_subjects([pin])
    assert caught.value.code == code


def test_account_names_are_for_installations_only(client_to: ClientTo, pin: str, other_key: Any) -> None:
    with pytest.raises(Rejected):
        EidAccountClient(client_to("eid", identity=Identity("bhxh", other_key))).find_subjects([pin])


def _book(key: ECKey, version: int, size: int = 10) -> bytes:
    header = {"protected": {"alg": "ES256", "kid": key.kid, "typ": "bhxh-book+jws"}}
    payload = json.dumps({"version": version, "filler": "x" * size}).encode()
    return json.dumps(jws.serialize_json(header, payload, key, algorithms=["ES256"])).encode()


@pytest.fixture
def book_key(sandbox: Sandbox) -> ECKey:
    key = ECKey.generate_key("P-256", auto_kid=True)
    sandbox.book_keys_file.write_text(json.dumps({"keys": [{**key.as_dict(private=False), "kid": key.kid}]}))
    return key


def _show(sandbox: Sandbox, subject: str, token: str) -> httpx.Response:
    return httpx.get(f"{sandbox.url('eid')}/books/{subject}", headers={"Authorization": f"Bearer {token}"}, trust_env=False)


def test_a_published_book_is_shown_to_its_owner_only(
    sandbox: Sandbox, client_to: ClientTo, holdings: Holdings, pin: str, book_key: ECKey
) -> None:
    subject, sealed, at = account_subject(pin), _book(book_key, 1, size=300_000), datetime.now(UTC)
    publication = EidPublicationClient(client_to("eid"))
    for _ in range(2):
        publication.publish(subject=subject, version=1, sealed=sealed, at=at)
    assert _show(sandbox, subject, _token(sandbox, pin)).content == sealed
    assert _show(sandbox, subject, _token(sandbox, list(holdings.persons)[1])).status_code == 401
    assert _show(sandbox, subject, _token(sandbox, pin, assurance_level=1)).status_code == 403
    assert _show(sandbox, subject, _token(sandbox, pin, lifetime_s=-1)).status_code == 401


def test_an_older_or_another_version_is_refused(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings, book_key: ECKey) -> None:
    subject, at = account_subject(list(holdings.persons)[2]), datetime.now(UTC)
    publication = EidPublicationClient(client_to("eid"))
    publication.publish(subject=subject, version=2, sealed=_book(book_key, 2), at=at)
    for version, sealed in ((1, _book(book_key, 1)), (2, _book(book_key, 2, size=11))):
        with pytest.raises(Rejected):
            publication.publish(subject=subject, version=version, sealed=sealed, at=at)


def test_a_book_under_another_seal_is_refused(sandbox: Sandbox, client_to: ClientTo, holdings: Holdings, book_key: ECKey) -> None:
    subject = account_subject(list(holdings.persons)[3])
    forged = _book(ECKey.generate_key("P-256", auto_kid=True), 1)
    for sealed in (forged, b"not a book", b"[]"):
        with pytest.raises(Rejected):
            EidPublicationClient(client_to("eid")).publish(subject=subject, version=1, sealed=sealed, at=datetime.now(UTC))


def test_only_the_installation_publishes(client_to: ClientTo, holdings: Holdings, book_key: ECKey, other_key: Any) -> None:
    stranger = client_to("eid", identity=Identity(client_id="bhxh-mof", key=other_key))
    with pytest.raises(Rejected):
        EidPublicationClient(stranger).publish(subject=account_subject("x"), version=1, sealed=_book(book_key, 1), at=datetime.now(UTC))
