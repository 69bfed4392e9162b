"""Seals on pages: they hold, they cover the whole page, they allow no change; and what is sealed under which key and when."""

import logging
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from bhxh.kernel.errors import Invalid, Unavailable
from bhxh.signing.errors import SIG_NO_KEY_MODULE
from bhxh.signing.key_files import FileKeys
from bhxh.signing.page_sealing import QUIET_S, PageSealer, Stamping
from bhxh.signing.pdf_seals import FIELD, seal_pdf
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import certify, open_authority
from tests.page_seal_kit import OFFICE, certified_keys, judged, request_of, sealer_of
from tests.unit.book.books import composed, months
from tests.unit.book.test_rendering import _pdf
from tests.unit.signing.conftest import Desk

AT = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def page() -> bytes:
    return _pdf(composed(months("2026-01", 3)).payload)


@pytest.fixture(scope="module")
def keys(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    return certified_keys(tmp_path_factory.mktemp("keys"), desk.authority)


@pytest.fixture(scope="module")
def sealed(page: bytes, keys: FileKeys) -> bytes:
    by = keys.certified("page")
    assert by is not None
    return seal_pdf(page, by=by, at=AT).content


def test_the_seal_holds_over_the_whole_page_and_says_whose_it_is(sealed: bytes, page: bytes, desk: Desk) -> None:
    found = judged(sealed, desk.authority)
    assert found.bottom_line and found.intact and found.trusted
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert found.modification_level is ModificationLevel.NONE
    assert found.signing_cert.subject.native["common_name"] == OFFICE
    assert sealed.startswith(page), "the page itself is as it was typeset"


def test_it_is_a_pades_baseline_seal(sealed: bytes) -> None:
    """ETSI EN 319 142-1, 6.3: what level B-B must and must not have."""
    [seal] = PdfFileReader(BytesIO(sealed)).embedded_regular_signatures
    assert seal.field_name == FIELD
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert "/M" in seal.sig_object and "/Cert" not in seal.sig_object
    content: cms.SignedData = seal.signed_data
    [signer] = content["signer_infos"]
    assert {attribute["type"].native for attribute in signer["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    assert signer["digest_algorithm"]["algorithm"].native == "sha256"
    assert len(content["certificates"]) == 2, "the seal's and the authority's above it, no root"
    assert seal.docmdp_level is not None and seal.docmdp_level.value == 1, "nothing may be changed"


def test_a_changed_byte_is_seen(sealed: bytes, page: bytes, desk: Desk) -> None:
    position = page.index(b"/Lang")
    changed = sealed[:position] + b"/Lanh" + sealed[position + 5 :]
    assert not judged(changed, desk.authority).bottom_line


def test_something_laid_over_the_page_later_is_seen(sealed: bytes, desk: Desk) -> None:
    """WHY pyHanko's bottom line: other readers still print "signature is valid" here, for the part that was signed."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    found = judged(out.getvalue(), desk.authority)
    assert found.intact and not found.bottom_line


def test_a_seal_of_somebody_elses_authority_is_not_trusted(page: bytes, desk: Desk, tmp_path: Path) -> None:
    strangers = open_authority(tmp_path / "strangers")
    by = certified_keys(tmp_path / "keys", strangers).certified("page")
    assert by is not None
    found = judged(seal_pdf(page, by=by, at=AT).content, desk.authority)
    assert found.intact and not found.bottom_line


def test_a_request_is_for_the_key_and_signed_by_it(keys: FileKeys) -> None:
    request = x509.load_pem_x509_csr(request_of(keys))
    assert request.is_signature_valid
    by = keys.certified("page")
    assert by is not None and request.public_key() == by.certificate.own.public_key()
    assert by.certificate.find_key(keys.key_set()).kid == by.key.kid


def test_only_a_certificate_for_a_key_of_ours_that_signs_documents_is_installed(desk: Desk, tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys", "mof")
    others = certify(desk.authority.folder, request_of(FileKeys(tmp_path / "others", "mof")))
    wrong = desk.authority.leaf("wrong-usage").certificate
    cases = {"SIG-111": others, "SIG-027": b"-----BEGIN", "SIG-023": _pem(wrong)}
    for code, chain in cases.items():
        with pytest.raises(Invalid) as refused:
            keys.install_certificate("page", chain)
        assert refused.value.code == code
    assert keys.certified("page") is None


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def test_a_rotated_key_seals_pages_once_it_has_its_certificate(desk: Desk, tmp_path: Path) -> None:
    """Until the authority answers, the old key goes on; after its end nothing is sealed by it."""
    clock = [AT]
    keys = FileKeys(tmp_path / "keys", "mof", clock=lambda: clock[0])
    keys.install_certificate("page", certify(desk.authority.folder, request_of(keys)))
    old = keys.certified("page")
    fresh = keys.rotate("page", at=AT, overlap=timedelta(days=7))
    assert old is not None and keys.certified("page") is not None
    assert keys.certified("page").key.kid == old.key.kid  # type: ignore[union-attr]
    keys.install_certificate("page", certify(desk.authority.folder, request_of(keys)))
    assert keys.certified("page").key.kid == fresh.kid != old.key.kid  # type: ignore[union-attr]
    assert keys.certificate_of(old.key.kid) == old.certificate, "what it sealed names it for ever"


def test_without_a_certificate_in_force_pages_are_as_before(keys: FileKeys, tmp_path: Path) -> None:
    assert sealer_of(FileKeys(tmp_path / "none", "mof")).now() is None
    by = keys.certified("page")
    assert by is not None
    end = by.certificate.own.not_valid_after_utc
    assert sealer_of(keys, at=end).now() is not None
    assert sealer_of(keys, at=end + timedelta(seconds=1)).now() is None


class SilentStamper:
    """A time-stamping authority that is down."""

    def __init__(self) -> None:
        self.asked = 0

    def stamp(self, sha256: bytes) -> bytes:
        self.asked += 1
        raise Unavailable(SIG_NO_KEY_MODULE, kid="")


class NonsenseStamper(SilentStamper):
    """One that answers with something else."""

    def stamp(self, sha256: bytes) -> bytes:
        self.asked += 1
        return b"\x30\x03abc"


@pytest.mark.parametrize("stamper", [SilentStamper(), NonsenseStamper()])
def test_a_time_stamping_authority_that_is_away_costs_one_question_a_minute(
    stamper: SilentStamper, page: bytes, keys: FileKeys, desk: Desk
) -> None:
    seconds = [1000.0]
    stamping = Stamping(lambda: stamper, lambda: TrustList.load(desk.authority.trust_folder))
    sealer = PageSealer(present=lambda: keys.certified("page"), clock=lambda: AT, monotonic=lambda: seconds[0], stamping=stamping)
    for wait, asked, copies in ((0.0, 1, 1), (QUIET_S - 1, 1, 2), (1.0, 2, 1)):
        seconds[0] += wait
        seal = sealer.now()
        assert seal is not None and len(seal.names) == copies, "a copy without a stamp will do only while none can be had"
        content, name = seal.put_on(page)
        assert stamper.asked == asked and name.startswith(b"B-B")
        found = judged(content, desk.authority)
        assert found.bottom_line and found.timestamp_validity is None


def test_a_seal_stays_cheap(page: bytes, keys: FileKeys) -> None:
    """CPU of the best of some: three times the 25 ms that it takes, because machines are busy."""
    by = keys.certified("page")
    assert by is not None
    taken = []
    for _ in range(7):
        started = process_time()
        seal_pdf(page, by=by, at=AT)
        taken.append(process_time() - started)
    assert min(taken) < 0.075
