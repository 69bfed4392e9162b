"""Every signature file of others gets a sentence, none that is broken is accepted, and the page about them says what is so today."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canary import Canary
from tests.other_programs import BESIDE
from tools import signature_fixtures as fixtures
from tools.generate_docs import HEADING

if fixtures.DATA is None:
    pytest.skip(
        f"NOT READ: 45 DSS files, 30 of PKITS and 4 Vietnamese authorities; NOT COMPARED: docs/signature-fixtures.md. {BESIDE}",
        allow_module_level=True,
    )
DATA: Path = fixtures.DATA
DSS = sorted(file for file in (DATA / "signatures/dss").iterdir() if file.suffix in {".xml", ".pdf"})

PATHS = {
    "ValidCertificatePathTest1EE": "good",
    "ValidpathLenConstraintTest7EE": "good",
    "InvalidEESignatureTest3EE": "SIG-024",
    "InvalidEEnotBeforeDateTest2EE": "SIG-021",
    "InvalidEEnotAfterDateTest6EE": "SIG-020",
    "InvalidRevokedCATest2EE": "SIG-022",
    "InvalidRevokedEETest3EE": "SIG-022",
    "InvalidMissingbasicConstraintsTest1EE": "SIG-024",
    "InvalidpathLenConstraintTest5EE": "SIG-024",
    "InvalidWrongCRLTest6EE": "pending",
    "InvalidBadCRLSignatureTest4EE": "pending",
}


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    made = Canary(tmp_path)
    yield made
    made.close()


def test_the_manifest_names_every_file_as_it_is() -> None:
    rows = {row["file"]: row["sha256"] for row in fixtures.manifest(DATA / "signatures/dss")}
    assert rows == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in DSS}
    assert len(rows) == 45
    pems = {file.name for file in (DATA / "signatures/pkits").glob("*.pem")}
    assert {row["file"] for row in fixtures.manifest(DATA / "signatures/pkits")} == pems and len(pems) == 30


@pytest.mark.parametrize("file", DSS, ids=lambda file: file.name)
def test_a_foreign_file_is_refused_at_the_door_quickly_and_quietly(file: Path, canary: Canary) -> None:
    data = file.read_bytes()
    with canary.nothing_happens(file.name):
        # WHY startswith: anything but our own refusal would have been raised here.
        assert fixtures.door(data).startswith("SIG-0")
        assert fixtures.door(fixtures.enveloped(data)).startswith("SIG-0")


def test_what_its_makers_call_broken_is_accepted_nowhere() -> None:
    for answer in fixtures.dss():
        if not answer.expected.startswith("yes"):
            assert "accepted" not in (answer.ours, answer.in_our_envelope, answer.fitted), answer


def test_the_cryptography_alone_is_fooled_by_the_wrapped_file_only() -> None:
    broken = {answer.file for answer in fixtures.dss() if answer.expected.startswith("no") and answer.core == "yes"}
    assert broken == {"xsw__XSW-enveloping-fake-manifest.xml"}, "which is what the form is checked for"


def test_good_files_are_accepted_where_their_form_is_allowed() -> None:
    assert {answer.file for answer in fixtures.dss() if "accepted" in (answer.ours, answer.fitted)} == {
        "dss-signed.xml",
        "xades-extended-t.xml",
        "sig-with-orphan-ocsp-ref.xml",
        "xades-lta-valid.xml",
        "xades-lt-with-expired-ocsp-responder.xml",
        "xades-t-duplicated-sigtst.xml",
        "pades-bes.pdf",
        "pdf-signed-original.pdf",
        "pades-t-level-extended.pdf",
        "dss-2554__certified-changes-permitted.pdf",
    }


@pytest.mark.parametrize(("name", "expected"), PATHS.items(), ids=PATHS.keys())
def test_path_validation_as_pkits_wants_it(name: str, expected: str, canary: Canary) -> None:
    with canary.nothing_happens(name):
        assert fixtures.pkits_check(f"{name}.pem") == expected


def test_no_single_list_makes_a_path_good() -> None:
    lists = sorted((DATA / "signatures/pkits").glob("*CRL.pem"))
    assert len(lists) == 9
    for one in lists:
        assert fixtures.pkits_check("ValidCertificatePathTest1EE.pem", one) == "pending", one.name


def test_what_the_libraries_do_not_believe_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for one in sorted((DATA / "signatures/pkits").glob("*CRL.pem")):
        fixtures.pkits_check("ValidCertificatePathTest1EE.pem", one)
    assert caplog.records == []


def test_the_page_says_what_is_so_today() -> None:
    page = Path(__file__).parents[2] / "docs/signature-fixtures.md"
    assert page.read_text() == HEADING + fixtures.document(), "run make docs"
    assert "?" not in page.read_text().replace("people's", ""), "a question mark is an answer nobody explained"


def test_the_canary_sings(canary: Canary) -> None:
    import socket

    canary.file.read_bytes()
    assert canary.visits() == ["the file was opened"]
    with socket.create_connection(("127.0.0.1", int(canary.url.split(":")[2].split("/")[0]))):
        pass
    assert canary.visits() == ["the address was called"]
    with pytest.raises(AssertionError, match="opened"), canary.nothing_happens("opened"):
        canary.file.read_bytes()
