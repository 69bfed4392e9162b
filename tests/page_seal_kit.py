"""An office whose key for pages has a certificate of the sandbox's authority, and pyHanko's judgement of what it seals."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from bhxh.book import page_seals
from bhxh.signing.key_files import FileKeys, Purpose
from bhxh.signing.page_sealing import PageSealer, Stamping
from bhxh.signing.seal_certificates import certificate_request
from sandbox.pki.authority import Authority, certify

OFFICE = "Bảo hiểm xã hội Việt Nam (thử nghiệm)"


def request_of(keys: FileKeys, purpose: Purpose = "page") -> bytes:
    """What goes to the authority."""
    key = keys.newest_key(purpose)
    return certificate_request(key=key, public=keys.key_set().get(key.kid).public, common_name=OFFICE, organisation=OFFICE)


def certified_keys(folder: Path, authority: Authority) -> FileKeys:
    """Keys of an installation, the one for pages certified."""
    keys = FileKeys(folder, "mof")
    keys.install_certificate("page", certify(authority.folder, request_of(keys)))
    return keys


@contextmanager
def certified_meanwhile(keys: FileKeys, key_folder: Path, pki_folder: Path) -> Iterator[None]:
    """An installation that runs has a certificate for its pages meanwhile."""
    kid = keys.install_certificate("page", certify(pki_folder, request_of(keys)))
    try:
        yield
    finally:
        (key_folder / f"{kid}.certificate.pem").unlink()


def sealer_of(keys: FileKeys, *, at: datetime | None = None, stamping: Stamping | None = None, monotonic: float = 0.0) -> PageSealer:
    """A sealer at a fixed instant, or now."""
    return PageSealer(
        present=lambda: keys.certified("page"),
        clock=lambda: at or datetime.now(UTC),
        monotonic=lambda: monotonic,
        stamping=stamping,
    )


@contextmanager
def sealing_with(sealer: PageSealer | None) -> Iterator[None]:
    """Pages are sealed by this one meanwhile."""
    before = list(page_seals._bound)
    page_seals.bind_page_sealer(sealer)
    try:
        yield
    finally:
        page_seals._bound[:] = before


def judged(pdf: bytes, authority: Authority, *, at: datetime | None = None) -> PdfSignatureStatus:
    """pyHanko's judgement of the one seal, with nothing trusted but the root."""
    [seal] = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    root = asn1.Certificate.load(authority.ca("root").der)
    context = ValidationContext(trust_roots=[root], moment=at, allow_fetching=False, revocation_mode="soft-fail", retroactive_revinfo=True)
    return validate_pdf_signature(seal, context)
