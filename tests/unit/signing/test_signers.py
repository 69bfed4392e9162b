"""Whom a certificate names, and which authorities are trusted when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from bhxh.kernel.errors import Defect
from bhxh.signing.signers import read_certificate, signer_of
from bhxh.signing.trust import TrustList
from sandbox.pki.certificates import issue, subject
from tests.other_programs import BESIDE
from tests.unit.signing.conftest import PIN, TAX_CODE, Desk

AT = datetime(2026, 11, 21, tzinfo=UTC)
UID = NameOID.USER_ID


@pytest.mark.parametrize(
    ("attributes", "tax_code", "pin"),
    [
        ([(UID, f"MST:{TAX_CODE}")], TAX_CODE, ""),
        ([(UID, f"MST: {TAX_CODE} ")], TAX_CODE, ""),
        ([(UID, f"mst:{TAX_CODE}-001")], f"{TAX_CODE}-001", ""),
        ([(UID, f"MST:{TAX_CODE}001")], f"{TAX_CODE}-001", ""),
        ([(UID, f"MST:{TAX_CODE}"), (UID, f"CCCD:{PIN}")], TAX_CODE, PIN),
        ([(UID, f"CMND:{PIN}")], "", PIN),
        ([(UID, "CMND:012345678")], "", ""),
        ([(UID, "MST:123")], "", ""),
        ([(UID, TAX_CODE)], "", ""),
        ([(ObjectIdentifier("2.5.4.97"), f"VATVN-{TAX_CODE}")], TAX_CODE, ""),
        ([(NameOID.SERIAL_NUMBER, f"PNOVN-{PIN}")], "", PIN),
        ([], "", ""),
        # Look-alikes: only a well-formed number behind a known mark, in a field that the authority checks, names anybody.
        ([(NameOID.COMMON_NAME, f"MST:{TAX_CODE}")], "", ""),
        ([(NameOID.ORGANIZATION_NAME, f"MST:{TAX_CODE}")], "", ""),
        ([(NameOID.ORGANIZATIONAL_UNIT_NAME, f"CCCD:{PIN}")], "", ""),
        ([(UID, f"\N{CYRILLIC CAPITAL LETTER EM}ST:{TAX_CODE}")], "", ""),
        ([(UID, f"M\N{LATIN SMALL LETTER LONG S}T:{TAX_CODE}")], "", ""),
        ([(UID, "MST:" + "".join(chr(0xFF10 + int(digit)) for digit in TAX_CODE))], "", ""),
        ([(UID, "MST:" + "".join(chr(0x0660 + int(digit)) for digit in TAX_CODE))], "", ""),
        ([(UID, f"MST:{TAX_CODE}\N{ZERO WIDTH SPACE}")], "", ""),
        ([(UID, f"CCCD:{PIN[:-1]}O")], "", ""),
        ([(UID, f"MST:0300588569,MST:{TAX_CODE}")], "", ""),
        # Two names are no name.
        ([(UID, f"MST:{TAX_CODE}"), (UID, "MST:0300588569")], "", ""),
        ([(UID, f"MST:{TAX_CODE}"), (ObjectIdentifier("2.5.4.97"), "VATVN-0300588569")], "", ""),
        ([(UID, f"MST:{TAX_CODE}"), (ObjectIdentifier("2.5.4.97"), f"VATVN-{TAX_CODE}")], TAX_CODE, ""),
        ([(UID, f"CCCD:{PIN}"), (NameOID.SERIAL_NUMBER, "PNOVN-001190000002")], "", ""),
        ([(UID, "MST:123"), (UID, f"MST:{TAX_CODE}")], TAX_CODE, ""),
    ],
)
def test_identities(attributes: list[tuple[ObjectIdentifier, str]], tax_code: str, pin: str) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CÔNG TY"), *(x509.NameAttribute(oid, value) for oid, value in attributes)])
    found = signer_of(issue(name, issuer=None, from_at=AT, days=1).certificate)
    assert (found.tax_code, found.pin, found.subject_name) == (tax_code, pin, "CÔNG TY")


def test_a_certificate_that_is_none(refused: Callable[..., str]) -> None:
    for data in (b"", b"x", b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"):
        assert refused(lambda data=data: read_certificate(data)) == "SIG-027"


def test_trust_windows(desk: Desk, tmp_path: Path, refused: Callable[..., str]) -> None:
    made = issue(subject("CA"), issuer=None, from_at=AT, days=1000, is_authority=True)
    made.save(tmp_path, "ca")
    entry = {"file": "ca.pem", "kind": "root", "from": AT.isoformat(), "until": (AT + timedelta(days=20)).isoformat()}
    entry["suspended_from"] = (AT + timedelta(days=10)).isoformat()
    (tmp_path / "trust.json").write_bytes(orjson.dumps({"authorities": [entry]}))
    trust = TrustList.load(tmp_path)
    trust.check_authority(made.der, at=AT + timedelta(days=5))
    assert refused(lambda: trust.check_authority(made.der, at=AT - timedelta(days=1))) == "SIG-026"
    assert refused(lambda: trust.check_authority(made.der, at=AT + timedelta(days=10))) == "SIG-025"
    assert refused(lambda: trust.check_authority(desk.employer.der, at=AT)) == "SIG-024"


@pytest.mark.parametrize("content", [None, b"{}", b'{"authorities":[{"file":"x.pem"}]}', b"not json"])
def test_a_broken_trust_list_stops_us(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "trust.json").write_bytes(content)
    with pytest.raises(Defect) as caught:
        TrustList.load(tmp_path)
    assert caught.value.code == "SIG-060"


def test_real_authorities_are_read() -> None:
    folder = next(
        (up / "shared/data/certificates-vn" for up in Path(__file__).parents if (up / "shared/data/certificates-vn").is_dir()), None
    )
    if folder is None:
        pytest.skip(f"NOT READ: the certificates of real Vietnamese authorities. {BESIDE}")
    names = {signer_of(read_certificate(file.read_bytes())).subject_name for file in folder.glob("*.pem")}
    assert "Vietnam National Root CA" in names and len(names) == 4
