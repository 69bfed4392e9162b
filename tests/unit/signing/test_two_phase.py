"""The server prepares, a key outside signs, the server completes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from bhxh.kernel.errors import Invalid
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.xades import complete_signature, prepare_signature, verify_xades
from sandbox.pki.certificates import subject
from sandbox.pki.token import sign_with
from tests.unit.signing.conftest import DOCUMENT, TAX_CODE, Desk

KEYS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
}


def _certificate(desk: Desk, key: Any) -> bytes:
    issuer = desk.authority.ca("issuing")
    usage = [True, True, False, False, False, False, False, False, False]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject("ĐƠN VỊ", uids=(f"MST:{TAX_CODE}",)))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(desk.at - timedelta(days=1))
        .not_valid_after(desk.at + timedelta(days=1))
        .add_extension(x509.KeyUsage(*usage), critical=True)
    )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("kind", KEYS)
def test_every_kind_of_key(desk: Desk, kind: str) -> None:
    key = KEYS[kind]()
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=_certificate(desk, key), at=desk.at)
    found = desk.verify(complete_signature(prepared, sign_with(key, prepared.to_sign)))
    assert found.signer.tax_code == TAX_CODE


def test_raw_and_der_values_give_the_same_document(desk: Desk) -> None:
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=desk.employer.der, at=desk.at)
    der = sign_with(desk.employer.key, prepared.to_sign)
    r, s = decode_dss_signature(der)
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert complete_signature(prepared, raw) == complete_signature(prepared, der)


@pytest.mark.parametrize("wrong", ["other key", "other bytes", "garbage", "nothing"])
def test_a_value_that_is_not_for_this_file(desk: Desk, wrong: str) -> None:
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=desk.employer.der, at=desk.at)
    values = {
        "other key": sign_with(ec.generate_private_key(ec.SECP256R1()), prepared.to_sign),
        "other bytes": sign_with(desk.employer.key, prepared.to_sign + b"x"),
        "garbage": b"x" * 70,
        "nothing": b"",
    }
    with pytest.raises(Invalid) as caught:
        complete_signature(prepared, values[wrong])
    assert caught.value.code == "SIG-031"


def test_prepared_document_carries_no_value_and_is_utf8(desk: Desk) -> None:
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=desk.employer.der, at=desk.at)
    assert "Nguyễn Thị Hương".encode() in prepared.xml
    assert b"<ds:SignatureValue></ds:SignatureValue>" in prepared.xml or b"<ds:SignatureValue/>" in prepared.xml


def test_signing_twice_is_refused(desk: Desk, refused: Any) -> None:
    assert refused(lambda: desk.sign(desk.sign())) == "SIG-030"


def test_kinds_of_key_that_cannot_sign(desk: Desk, refused: Any) -> None:
    weak = [rsa.generate_private_key(65537, 1024), ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP521R1())]
    for key in weak:
        certificate = _certificate(desk, key)
        assert refused(lambda der=certificate: prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=der, at=desk.at)) == "SIG-032"


def test_signing_time_is_the_one_passed_in(desk: Desk) -> None:
    at = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=desk.employer.der, at=at)
    signed = complete_signature(prepared, sign_with(desk.employer.key, prepared.to_sign))
    found = verify_xades(signed, profile=HOSO_UNIT, anchors=desk.trust.anchors, at=desk.at)
    assert found.claimed_signed_at == at
