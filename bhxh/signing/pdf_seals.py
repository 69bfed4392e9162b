"""Seals on pages: PAdES signatures of the agency on PDFs that it made itself, which any reader of PDFs shows and checks.

B-B at once; B-T where the time-stamping authority answered. The page's content stays as it was typeset: the seal is an
incremental update behind it, certifies the document and allows no change but proofs of later times (DocMDP 1).

WHY the CMS is put together here and pyHanko only places it: its own signer signs twice to learn how long a signature gets, and needs
an event loop; a key behind a module takes half a millisecond each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from asn1crypto import cms
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from bhxh.kernel.canonical import sha256_hex
from bhxh.signing.asn1_in_threads import set_up_every_class
from bhxh.signing.key_files import CertifiedKey
from bhxh.signing.seal_certificates import SealCertificate, sign_as_der

set_up_every_class()

FIELD: Final = "NiemPhong"
_FIELD_SHOWN: Final = "Dấu niêm phong điện tử của cơ quan · Electronic seal of the agency"
_ROOM_BESIDE_CERTIFICATES: Final = 1024
"""LIMIT: bytes for attributes, names and the signature itself; some 500 are used."""
STAMP_ROOM: Final = 10 * 1024
"""LIMIT: a time-stamp token with its authority's certificates has 1.5 to 7 KB; a longer one is not taken."""

Stamp = Callable[[bytes], bytes | None]
"""A time-stamp token (DER) over a SHA-256 digest, None where it could not be had."""


@dataclass(frozen=True, slots=True)
class SealedPdf:
    """A sealed page."""

    content: bytes
    is_stamped: bool


class AsItIs(IncrementalPdfFileWriter):
    """WHY: metadata say when the page was made; that is not when it was sealed, and XMP and document information keep agreeing."""

    def _update_meta(self) -> None:
        pass


def seal_pdf(pdf: bytes, *, by: CertifiedKey, at: datetime, stamp: Stamp | None = None) -> SealedPdf:
    """Seal a page. `pdf` is one of ours, with no seal yet.

    Raises: the key's Unavailable. A stamp that cannot be had gives a B-B seal.
    """
    buffer = BytesIO()
    buffer.write(pdf)
    field = SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True), readable_field_name=_FIELD_SHOWN)
    writer = AsItIs(buffer)
    steps: Any = PdfCMSEmbedder(new_field_spec=field).write_cms(FIELD, writer)
    next(steps)
    room = sum(map(len, by.certificate.ders)) + _ROOM_BESIDE_CERTIFICATES + (STAMP_ROOM if stamp is not None else 0)
    placeholder = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=2 * room)
    rules = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=rules))
    prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    made, is_stamped = _signed(prepared.document_digest, by, stamp)
    steps.send(made)
    return SealedPdf(buffer.getvalue(), is_stamped)


def _signed(digest: bytes, by: CertifiedKey, stamp: Stamp | None) -> tuple[cms.ContentInfo, bool]:
    """The CMS signature over a document's digest (EN 319 122: CAdES baseline attributes, no signing time: the PDF says it)."""
    own, *above = _read(by.certificate)
    attributes = cms.CMSAttributes(
        [
            simple_cms_attribute("content_type", "data"),
            simple_cms_attribute("message_digest", digest),
            simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(own)),
        ]
    )
    signature = sign_as_der(by.key, attributes.dump())
    signer: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signature,
    }
    token = stamp(bytes.fromhex(sha256_hex(signature))) if stamp is not None else None
    if token is not None:
        signer["unsigned_attrs"] = cms.CMSAttributes([simple_cms_attribute("signature_time_stamp_token", cms.ContentInfo.load(token))])
    content = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices(name="certificate", value=one) for one in (own, *above)],
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)}), token is not None


@lru_cache(maxsize=8)
def _read(certificate: SealCertificate) -> tuple[asn1.Certificate, ...]:
    """WHY read through: they are shared between threads, and asn1crypto reads lazily."""
    chain = tuple(asn1.Certificate.load(der) for der in certificate.ders)
    for one in chain:
        one.native  # noqa: B018
    return chain
