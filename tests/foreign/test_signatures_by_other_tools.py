"""Our signatures and seals read by xmlsec1 and openssl, and other people's files read by us."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from bhxh.connectors.timestamping import HttpTimeStamper
from bhxh.signing.key_files import FileKeys
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.seals import as_flattened, openssl_parts, seal
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import complete_signature, prepare_signature, verify_xades
from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.service import RunningPki
from sandbox.pki.token import sign_with
from tests.other_programs import INSTALLED_BY
from tests.sandbox_fixtures import pki

__all__ = ["pki"]

DOCUMENT = '<Hoso xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Ten>Nguyễn Thị Hương</Ten><So>079188000123</So></Hoso>'.encode()


def _need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"NOT CHECKED by other people's tools: the program {program} is not installed. {INSTALLED_BY}")
    return found


def _signed(pki: RunningPki) -> bytes:
    der, key = issue_employer_certificate(pki.authority.folder, "0100109106", "CÔNG TY TNHH VÍ DỤ")
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=der, at=datetime.now(UTC))
    return complete_signature(prepared, sign_with(key, prepared.to_sign))


def _xmlsec1(program: str, pki: RunningPki, file: Path) -> subprocess.CompletedProcess[str]:
    trust = pki.authority.trust_folder
    ids = [part for name in ("Hoso", "KeyInfo", "SignedProperties") for part in ("--id-attr:Id", name)]
    command = [program, "--verify", "--enabled-key-data", "x509", "--trusted-pem", str(trust / "sandbox-root.pem")]
    command += ["--untrusted-pem", str(trust / "sandbox-issuing.pem"), *ids, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


def test_xmlsec1_accepts_our_signature_and_refuses_a_changed_byte(pki: RunningPki, tmp_path: Path) -> None:
    program = _need("xmlsec1")
    file = tmp_path / "hoso.xml"
    file.write_bytes(_signed(pki))
    good = _xmlsec1(program, pki, file)
    assert good.returncode == 0 and "3/3" in good.stderr, good.stderr
    file.write_bytes(file.read_bytes().replace(b"079188000123", b"079188000124"))
    assert _xmlsec1(program, pki, file).returncode != 0


def test_we_accept_a_signature_that_xmlsec1_made(pki: RunningPki, tmp_path: Path) -> None:
    program = _need("xmlsec1")
    der, _ = issue_employer_certificate(pki.authority.folder, "0100109106", "CÔNG TY TNHH VÍ DỤ")
    at = datetime.now(UTC)
    prepared = prepare_signature(DOCUMENT, profile=HOSO_UNIT, certificate=der, at=at)
    (tmp_path / "prepared.xml").write_bytes(prepared.xml)
    key = pki.authority.folder / "leaves" / "employer-0100109106.key"
    ids = [part for name in ("Hoso", "KeyInfo", "SignedProperties") for part in ("--id-attr:Id", name)]
    command = [program, "--sign", "--privkey-pem", str(key), "--output", str(tmp_path / "signed.xml"), *ids, str(tmp_path / "prepared.xml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    anchors = TrustList.load(pki.authority.trust_folder).anchors
    found = verify_xades((tmp_path / "signed.xml").read_bytes(), profile=HOSO_UNIT, anchors=anchors, at=at)
    assert found.signer.tax_code == "0100109106" and "Hương".encode() in found.signed_xml


def test_openssl_accepts_our_seal_and_refuses_a_changed_byte(tmp_path: Path) -> None:
    program = _need("openssl")
    keys = FileKeys(tmp_path / "keys", "mof")
    payload = '{"name":"Nguyễn Thị Hương"}'.encode()
    sealed = as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name="bhxh-book+json"))
    for name, content in zip(("signed", "signature", "public.pem"), openssl_parts(sealed, keys=keys.key_set()), strict=True):
        (tmp_path / name).write_bytes(content)
    command = [
        program,
        "dgst",
        "-sha256",
        "-verify",
        str(tmp_path / "public.pem"),
        "-signature",
        str(tmp_path / "signature"),
        str(tmp_path / "signed"),
    ]
    good = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert good.returncode == 0 and "Verified OK" in good.stdout
    (tmp_path / "signed").write_bytes((tmp_path / "signed").read_bytes()[:-1] + b"x")
    assert subprocess.run(command, capture_output=True, check=False, timeout=240).returncode != 0


def test_openssl_accepts_a_time_stamp_of_the_sandbox(pki: RunningPki, tmp_path: Path) -> None:
    program = _need("openssl")
    data = tmp_path / "data"
    data.write_bytes(b"a root of the audit tree")
    from hashlib import sha256

    stamper = HttpTimeStamper(pki.tsa_address)
    (tmp_path / "token").write_bytes(stamper.stamp(sha256(data.read_bytes()).digest()))
    stamper.close()
    root = pki.authority.trust_folder / "sandbox-root.pem"
    command = [program, "ts", "-verify", "-data", str(data), "-in", str(tmp_path / "token"), "-token_in", "-CAfile", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr


def test_openssl_reads_the_sandbox_ocsp(pki: RunningPki, tmp_path: Path) -> None:
    program = _need("openssl")
    trust = pki.authority.trust_folder
    for label, state in (("revoked-superseded", "revoked"), ("wrong-usage", "good")):
        leaf = tmp_path / f"{label}.pem"
        leaf.write_bytes(pki.authority.leaf(label).certificate.public_bytes(Encoding.PEM))
        command = [program, "ocsp", "-issuer", str(trust / "sandbox-issuing.pem"), "-cert", str(leaf), "-no_nonce"]
        command += ["-url", f"{pki.address}/ocsp/issuing", "-CAfile", str(trust / "sandbox-root.pem")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert f": {state}" in done.stdout and "Response verify OK" in done.stderr, done.stdout + done.stderr
