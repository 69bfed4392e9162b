"""Signers and their authorities without a socket: answers about revocation, and PDFs signed as other people's tools sign them."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from certomancer import services as certomancer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.ocsp import OCSPRequestBuilder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bhxh.kernel.errors import Unavailable
from bhxh.signing.errors import SIG_TRUST_LIST
from bhxh.signing.ports import RevocationAnswer, RevocationKind
from sandbox.pki.authority import Authority
from sandbox.pki.certificates import Issued
from sandbox.pki.service import PkiApplication


class AskedDirectly:
    """The sandbox authority's OCSP, asked in this process; silent where a test says so."""

    def __init__(self, authority: Authority) -> None:
        self.is_silent = False
        self.asked = 0
        self._authority = authority
        self._application = PkiApplication(authority)

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        self.asked += 1
        if self.is_silent:
            raise Unavailable(SIG_TRUST_LIST, reason="silent")
        certificate, issuer = x509.load_der_x509_certificate(certificate_der), x509.load_der_x509_certificate(issuer_der)
        request = OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
        name = next(one for one in ("root", "issuing", "suspended") if self._authority.ca(one).certificate == issuer)
        content = self._application.ocsp(name, request.public_bytes(serialization.Encoding.DER))
        return RevocationAnswer(RevocationKind.OCSP, content, name)


class _Stamper(TimeStamper):
    """The sandbox's time-stamping authority, asked in this process, at whatever instant."""

    def __init__(self, authority: Authority, at: datetime) -> None:
        super().__init__()
        tsa, root = authority.ca("tsa"), authority.ca("root")
        self._tsa = certomancer.TimeStamper(_certificate(tsa), _key(tsa), certs_to_embed=[_certificate(root)], fixed_dt=at)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._tsa.request_tsa_response(req).dump())


def blank_pdf(text: str = "Hop dong lao dong", *, with_field: bool = False) -> bytes:
    """One page with a line of text; with a text field to fill in, where wished."""
    writer = PdfFileWriter()
    page = PageObject(contents=writer.add_object(_line(text)), media_box=(0, 0, 200, 200))
    page_reference = writer.insert_page(page)
    if with_field:
        field = generic.DictionaryObject(
            {
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string("Ten"),
                pdf_name("/V"): pdf_string("An"),
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(one) for one in (10, 10, 90, 30)]),
                pdf_name("/P"): page_reference,
            }
        )
        reference = writer.add_object(field)
        page["/Annots"] = generic.ArrayObject([reference])
        form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([reference])})
        writer.root["/AcroForm"] = writer.add_object(form)
    return _written(writer)


def sign_pdf(pdf: bytes, by: Issued, authority: Authority, *, field: str = "Sig1", stamped_at: datetime | None = None) -> bytes:
    """A PAdES signature, with a time stamp of the sandbox's authority where an instant is given."""
    chain = SimpleCertificateStore()
    chain.register_multiple([_certificate(authority.ca("issuing"))])
    signer = signers.SimpleSigner(_certificate(by), _key(by), chain)
    stamper = None
    if stamped_at is not None:
        stamper = _Stamper(authority, stamped_at)
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
    made = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer, timestamper=stamper)
    return bytes(made.getvalue())


def appended(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with something appended, as every editor does it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    return _written(writer)


def show_instead(text: str) -> Callable[[IncrementalPdfFileWriter], None]:
    """Another line of text on the first page."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Contents"] = writer.add_object(_line(text))
        writer.update_container(page)

    return change


def draw_over(writer: IncrementalPdfFileWriter) -> None:
    """A picture over what was signed, the signed line left where it was: the overlay."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(_line("OVERLAY"))])
    writer.update_container(page)


def add_page(writer: IncrementalPdfFileWriter) -> None:
    writer.insert_page(PageObject(contents=writer.add_object(_line("one more")), media_box=(0, 0, 200, 200)))


def add_annotation(writer: IncrementalPdfFileWriter) -> None:
    """A note that covers the page."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Contents"): pdf_string("EVIL"),
            pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(one) for one in (0, 0, 200, 200)]),
        }
    )
    held = page.get("/Annots", generic.ArrayObject())
    page["/Annots"] = generic.ArrayObject([*held, writer.add_object(note)])
    writer.update_container(page)


def fill_in(writer: IncrementalPdfFileWriter) -> None:
    """Another value in the text field."""
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field.get("/FT") == "/Tx":
            field["/V"] = pdf_string("Binh")
            writer.update_container(field)


def _line(text: str) -> generic.StreamObject:
    return generic.StreamObject(stream_data=f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode())


def _written(writer: Any) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _certificate(issued: Issued) -> asn1.Certificate:
    return asn1.Certificate.load(issued.der)


def _key(issued: Issued) -> asn1_keys.PrivateKeyInfo:
    der = issued.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(der)
