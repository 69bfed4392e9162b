"""JSON signed by its filer: what is taken, and what people try with the header."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc import jws as other_library
from joserfc.jwk import ECKey

from bhxh.signing.base64url import encode
from bhxh.signing.jws import VerifiedJson, complete_json, prepare_json, verify_json
from bhxh.signing.profiles import JSON_FILER
from sandbox.pki.certificates import issue, subject
from sandbox.pki.token import sign_with
from tests.unit.signing.conftest import PIN, TAX_CODE, Desk

PAYLOAD = '{"purpose":"Vay vốn","pin":"001190000001"}'.encode()


def sign(desk: Desk, payload: bytes = PAYLOAD) -> bytes:
    prepared = prepare_json(payload, certificate=desk.employer.der, at=desk.at)
    return complete_json(prepared, sign_with(desk.employer.key, prepared.to_sign), profile=JSON_FILER)


def verify(data: bytes) -> VerifiedJson:
    return verify_json(data, profile=JSON_FILER)


def freely(desk: Desk, header: dict[str, Any] | bytes | None = None, *, key: Any = None, payload: bytes = PAYLOAD, **changes: Any) -> bytes:
    """A tool that writes whatever header it is told, and signs it rightly."""
    der = desk.employer.der
    usual = {"alg": "ES256", "x5c": [base64.b64encode(der).decode()], "x5t#S256": encode(hashlib.sha256(der).digest())}
    usual = {name: value for name, value in {**usual, **changes}.items() if value is not None}
    raw = header if isinstance(header, bytes) else json.dumps(header or usual).encode()
    to_sign = f"{encode(raw)}.{encode(payload)}"
    by = key or desk.employer.key
    if isinstance(by, rsa.RSAPrivateKey):
        value = by.sign(to_sign.encode(), padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    else:
        digest = hashes.SHA384() if by.curve.name == "secp384r1" else hashes.SHA256()
        size = (by.key_size + 7) // 8
        r, s = decode_dss_signature(by.sign(to_sign.encode(), ec.ECDSA(digest)))
        value = r.to_bytes(size, "big") + s.to_bytes(size, "big")
    return json.dumps({"payload": encode(payload), "protected": encode(raw), "signature": encode(value)}).encode()


def test_a_good_one_passes(desk: Desk) -> None:
    found = verify(sign(desk))
    assert (found.payload, found.signer.tax_code, found.signer.pin) == (PAYLOAD, TAX_CODE, PIN)
    assert (found.claimed_signed_at, found.form, found.profile_name) == (desk.at, "jws", "json_filer")
    assert found.digests == {"sha256"}


def test_another_library_agrees(desk: Desk) -> None:
    data = json.loads(sign(desk))
    registry = other_library.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    registry.max_header_length = 4096
    key = ECKey.import_key(desk.employer.key.public_key())
    # WHY without: that library understands no critical header of JAdES, as it should say.
    with pytest.raises(Exception, match="sigT"):
        other_library.deserialize_json(data, key, registry=registry)
    plain = json.loads(freely(desk))
    assert other_library.deserialize_json(plain, key, registry=registry).payload == PAYLOAD
    assert verify(json.dumps(plain).encode()).claimed_signed_at is None


def _certified(desk: Desk, key: Any) -> Any:
    made = issue(
        subject("NGƯỜI DÂN", uids=(f"CCCD:{PIN}",)),
        issuer=desk.authority.ca("issuing"),
        from_at=desk.at - timedelta(days=1),
        days=30,
        is_signer=True,
        key=key,
    )
    return made.der


@pytest.mark.parametrize(("make", "algorithm", "digest"), [
    (lambda: ec.generate_private_key(ec.SECP384R1()), "ES384", "sha384"),
    (lambda: rsa.generate_private_key(65537, 2048), "PS256", "sha256"),
])  # fmt: skip
def test_other_kinds_of_key(desk: Desk, make: Callable[[], Any], algorithm: str, digest: str) -> None:
    key = make()
    der = _certified(desk, key)
    named = {"x5c": [base64.b64encode(der).decode()], "x5t#S256": encode(hashlib.sha256(der).digest())}
    assert verify(freely(desk, key=key, alg=algorithm, **named)).digests == {digest}
    prepared = prepare_json(PAYLOAD, certificate=der, at=desk.at)
    assert verify(complete_json(prepared, sign_with(key, prepared.to_sign), profile=JSON_FILER)).signer.pin == PIN


def _swapped(desk: Desk, **parts: str) -> bytes:
    return json.dumps({**json.loads(sign(desk)), **parts}).encode()


def _other_certificate(desk: Desk) -> dict[str, Any]:
    der = desk.authority.leaf("wrong-usage").der
    return {"x5c": [base64.b64encode(der).decode()], "x5t#S256": encode(hashlib.sha256(der).digest())}


def _twice(desk: Desk) -> bytes:
    der = desk.employer.der
    digest, chain = encode(hashlib.sha256(der).digest()), base64.b64encode(der).decode()
    return freely(desk, f'{{"alg":"none","alg":"ES256","x5c":["{chain}"],"x5t#S256":"{digest}"}}'.encode())


ATTACKS: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    "payload changed": (lambda desk: _swapped(desk, payload=encode(b"{}")), "SIG-010"),
    "header changed": (lambda desk: _swapped(desk, protected=json.loads(freely(desk))["protected"]), "SIG-010"),
    "value of another": (lambda desk: _swapped(desk, signature=json.loads(sign(desk, b"{}"))["signature"]), "SIG-010"),
    "no value": (lambda desk: _swapped(desk, signature=""), "SIG-010"),
    "value as DER": (lambda desk: _swapped(desk, signature=encode(sign_with(desk.employer.key, b"x"))), "SIG-010"),
    "another name on the own key": (lambda desk: freely(desk, **_other_certificate(desk)), "SIG-010"),
    "alg none": (lambda desk: freely(desk, alg="none"), "SIG-009"),
    "HMAC": (lambda desk: freely(desk, alg="HS256"), "SIG-009"),
    "method of another key": (lambda desk: freely(desk, alg="PS256"), "SIG-010"),
    "method of another curve": (lambda desk: freely(desk, alg="ES384"), "SIG-010"),
    "EdDSA": (lambda desk: freely(desk, alg="EdDSA"), "SIG-009"),
    "alg is a list": (lambda desk: freely(desk, alg=["ES256"]), "SIG-009"),
    "a name twice": (_twice, "SIG-009"),
    "own key in the header": (lambda desk: freely(desk, jwk={"kty": "EC"}), "SIG-009"),
    "key to fetch": (lambda desk: freely(desk, jku="http://127.0.0.1/keys"), "SIG-009"),
    "certificate to fetch": (lambda desk: freely(desk, x5u="http://127.0.0.1/c.pem"), "SIG-009"),
    "payload outside": (lambda desk: freely(desk, b64=False, crit=["b64"]), "SIG-009"),
    "detached": (lambda desk: freely(desk, sigD={"mId": "x"}, crit=["sigD"]), "SIG-009"),
    "critical and unknown": (lambda desk: freely(desk, crit=["exp"]), "SIG-009"),
    "critical and absent": (lambda desk: freely(desk, crit=["sigT"]), "SIG-009"),
    "nothing critical": (lambda desk: freely(desk, crit=[]), "SIG-009"),
    "no certificate": (lambda desk: freely(desk, x5c=None), "SIG-011"),
    "empty chain": (lambda desk: freely(desk, x5c=[]), "SIG-011"),
    "fifty certificates": (lambda desk: freely(desk, x5c=["QQ=="] * 50), "SIG-011"),
    "certificate is no base64": (lambda desk: freely(desk, x5c=["-"]), "SIG-011"),
    "garbage as certificate": (lambda desk: freely(desk, x5c=["QUJD"]), "SIG-027"),
    "certificate not named": (lambda desk: freely(desk, **{"x5t#S256": None}), "SIG-009"),
    "another certificate named": (lambda desk: freely(desk, **{"x5t#S256": encode(b"x" * 32)}), "SIG-009"),
    "no time": (lambda desk: freely(desk, sigT="yesterday"), "SIG-009"),
    "unprotected header": (lambda desk: json.dumps({**json.loads(sign(desk)), "header": {"alg": "none"}}).encode(), "SIG-009"),
    "several signatures": (lambda desk: json.dumps({"payload": "", "signatures": []}).encode(), "SIG-009"),
    "compact": (lambda desk: ".".join(json.loads(sign(desk))[part] for part in ("protected", "payload", "signature")).encode(), "SIG-009"),
    "padded": (lambda desk: _swapped(desk, payload=json.loads(sign(desk))["payload"] + "="), "SIG-009"),
    "payload twice": (lambda desk: sign(desk).replace(b'{"payload"', b'{"payload":"e30","payload"', 1), "SIG-009"),
    "nested": (lambda desk: b'{"payload":' + b"[" * 100_000, "SIG-009"),
    "not JSON": (lambda desk: b"\xff", "SIG-009"),
    "too large": (lambda desk: b"x" * (JSON_FILER.maximum_bytes + 1), "SIG-001"),
}


@pytest.mark.parametrize(("attack", "code"), ATTACKS.values(), ids=ATTACKS.keys())
def test_attack_is_refused(desk: Desk, attack: Callable[[Desk], bytes], code: str, refused: Callable[..., str]) -> None:
    data = attack(desk)
    assert refused(lambda: verify(data)) == code


@pytest.mark.parametrize("make", [lambda: ec.generate_private_key(ec.SECP521R1()), lambda: rsa.generate_private_key(65537, 1024)])
def test_a_poor_key_signs_nothing(desk: Desk, make: Callable[[], Any], refused: Callable[..., str]) -> None:
    der = _certified(desk, make())
    assert refused(lambda: prepare_json(PAYLOAD, certificate=der, at=desk.at)) == "SIG-032"


@pytest.mark.parametrize("value", [b"", b"x" * 64, b"x" * 70])
def test_a_value_that_is_not_for_this_file(desk: Desk, value: bytes, refused: Callable[..., str]) -> None:
    prepared = prepare_json(PAYLOAD, certificate=desk.employer.der, at=desk.at)
    assert refused(lambda: complete_json(prepared, value, profile=JSON_FILER)) == "SIG-031"
