"""Security keys: what a key signs is taken, and every lie about it is refused with its reason."""

import os
from typing import Any

import pytest

from bhxh.access.security_keys import ShownKey, Site, ask_for_known_key, ask_for_new_key, read_known_key, read_new_key
from bhxh.kernel.errors import NotAllowed
from sandbox.security_key import SecurityKey

SITE = Site.of("https://bhxh.vidu.vn:8443/api", name="BHXH")


def registered(key: SecurityKey) -> ShownKey:
    challenge = os.urandom(32)
    question = ask_for_new_key(SITE, login="lan", known=[], challenge=challenge)
    return read_new_key(SITE, challenge=challenge, answer=key.create(question, origin=SITE.origin))


def refusal(call: Any) -> str:
    with pytest.raises(NotAllowed) as caught:
        call()
    assert caught.value.code == "ACC-062"
    return str(caught.value.parameters["reason"])


def test_the_site_is_one_origin() -> None:
    assert (SITE.host, SITE.origin) == ("bhxh.vidu.vn", "https://bhxh.vidu.vn:8443")


def test_a_key_is_registered_and_shown_again() -> None:
    key = SecurityKey()
    kept = registered(key)
    challenge = os.urandom(32)
    question = ask_for_known_key(SITE, known=[kept.credential], challenge=challenge)
    assert question["publicKey"]["userVerification"] == "required"
    assert [one["id"] for one in question["publicKey"]["allowCredentials"]] == [kept.key_id]
    shown = read_known_key(SITE, known=[kept.credential], challenge=challenge, answer=key.get(question, origin=SITE.origin))
    assert (shown.key_id, shown.counter) == (kept.key_id, 1)


def test_a_known_key_is_not_asked_for_again() -> None:
    kept = registered(SecurityKey())
    question = ask_for_new_key(SITE, login="lan", known=[kept.credential], challenge=os.urandom(32))["publicKey"]
    assert [one["id"] for one in question["excludeCredentials"]] == [kept.key_id]
    assert {one["alg"] for one in question["pubKeyCredParams"]} == {-7, -8}


LIES: list[tuple[str, dict[str, Any]]] = [
    ("origin", {"origin": "https://bhxh.vidu.vn.evil.example"}),
    ("origin", {"origin": "https://sub.bhxh.vidu.vn:8443"}),
    ("origin", {"origin": "http://bhxh.vidu.vn:8443"}),
    ("host", {"host": "evil.example"}),
    ("challenge", {"challenge": "AAAAAAAAAAAAAAAAAAAAAA"}),
    ("cross origin", {"cross_origin": True}),
    ("cross origin", {"cross_origin": "yes"}),
]


@pytest.mark.parametrize(("reason", "lie"), [*LIES, ("act", {"act": "webauthn.create"})])
def test_a_shown_key_that_lies_is_refused(reason: str, lie: dict[str, Any]) -> None:
    key = SecurityKey()
    kept, challenge = registered(key), os.urandom(32)
    question = ask_for_known_key(SITE, known=[kept.credential], challenge=challenge)
    answer = key.get(question, **{"origin": SITE.origin, **lie})
    assert refusal(lambda: read_known_key(SITE, known=[kept.credential], challenge=challenge, answer=answer)) == reason


@pytest.mark.parametrize(("reason", "lie"), [*LIES, ("act", {"act": "webauthn.get"})])
def test_a_new_key_that_lies_is_refused(reason: str, lie: dict[str, Any]) -> None:
    challenge = os.urandom(32)
    question = ask_for_new_key(SITE, login="lan", known=[], challenge=challenge)
    answer = SecurityKey().create(question, **{"origin": SITE.origin, **lie})
    assert refusal(lambda: read_new_key(SITE, challenge=challenge, answer=answer)) == reason


@pytest.mark.parametrize(("reason", "flags"), [("presence", 0x04), ("verification", 0x01)])
def test_the_owner_must_be_there_and_verified(reason: str, flags: int) -> None:
    key = SecurityKey()
    kept, challenge = registered(key), os.urandom(32)
    question = ask_for_known_key(SITE, known=[kept.credential], challenge=challenge)
    answer = key.get(question, origin=SITE.origin, flags=flags)
    assert refusal(lambda: read_known_key(SITE, known=[kept.credential], challenge=challenge, answer=answer)) == reason
    new = SecurityKey().create(ask_for_new_key(SITE, login="lan", known=[], challenge=challenge), origin=SITE.origin, flags=flags | 0x40)
    assert refusal(lambda: read_new_key(SITE, challenge=challenge, answer=new)) == reason


def test_another_key_under_the_same_id_and_a_signature_over_something_else() -> None:
    key = SecurityKey()
    kept, challenge = registered(key), os.urandom(32)
    question = ask_for_known_key(SITE, known=[kept.credential], challenge=challenge)
    impostor = SecurityKey(key_id=key.key_id)
    for answer in (impostor.get(question, origin=SITE.origin), key.get(question, origin=SITE.origin, signed_instead=b"x")):
        assert (
            refusal(lambda answer=answer: read_known_key(SITE, known=[kept.credential], challenge=challenge, answer=answer)) == "signature"
        )
    stranger = SecurityKey().get(question, origin=SITE.origin)
    assert refusal(lambda: read_known_key(SITE, known=[kept.credential], challenge=challenge, answer=stranger)) == "unknown key"


def test_a_key_that_names_another_id_than_it_holds() -> None:
    challenge = os.urandom(32)
    answer = SecurityKey().create(ask_for_new_key(SITE, login="lan", known=[], challenge=challenge), origin=SITE.origin)
    answer["id"] = answer["rawId"] = "AAAA"
    assert refusal(lambda: read_new_key(SITE, challenge=challenge, answer=answer)) == "key id"


def test_a_registration_without_a_key_and_with_a_point_off_the_curve() -> None:
    challenge = os.urandom(32)
    question = ask_for_new_key(SITE, login="lan", known=[], challenge=challenge)
    good = {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32}
    for reason, lie in (
        ("no key", {"flags": 0x05}),
        ("format", {"public_key": good}),  # a point that is not on the curve
        ("format", {"public_key": {**good, -1: 2}}),
        ("kind of key", {"public_key": {1: 3, 3: -257, -1: b"n" * 256, -2: b"e"}}),
        ("kind of key", {"public_key": {1: 2, 3: -65535}}),
        ("format", {"public_key": {}}),
    ):
        answer = SecurityKey().create(question, origin=SITE.origin, **lie)
        assert refusal(lambda answer=answer: read_new_key(SITE, challenge=challenge, answer=answer)) == reason, lie


@pytest.mark.parametrize(
    "spoilt",
    [
        {},
        {"id": "", "rawId": "", "type": "public-key", "response": {}},
        {"id": "AA", "rawId": "BB", "type": "public-key", "response": {}},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30"}},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "!!!", "attestationObject": "AA"}},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "W10", "attestationObject": "gA"}},
        {"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "bnVsbA", "attestationObject": "9g"}},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "W" * 15000, "attestationObject": "g" * 15000}},
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "AAAA", "authenticatorData": "AA", "signature": "A"},
        },
    ],
    ids=range(9),
)
def test_an_answer_that_is_none_is_refused_as_such(spoilt: dict[str, Any]) -> None:
    kept = registered(SecurityKey())
    assert refusal(lambda: read_new_key(SITE, challenge=b"c" * 32, answer=spoilt)) == "format"
    assert refusal(lambda: read_known_key(SITE, known=[kept.credential], challenge=b"c" * 32, answer=spoilt)) == "format"
