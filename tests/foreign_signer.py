"""A signing tool that is not ours: own canonicalisation, own references, no library for signatures. It does what it is told, wrong or right."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from sandbox.pki.certificates import Issued

DS, XADES = "http://www.w3.org/2000/09/xmldsig#", "http://uri.etsi.org/01903/v1.3.2#"
D, X = f"{{{DS}}}", f"{{{XADES}}}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED, BASE64 = f"{DS}enveloped-signature", f"{DS}base64"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


@dataclass
class Tool:
    """Settings of the tool. `spoil` is given the signature before its value is computed."""

    by: Issued
    at: datetime
    c14n: str = EXCLUSIVE
    is_xades: bool = True
    signs_key_info: bool = False
    more: Sequence[tuple[str, list[str], bytes]] = ()
    """Further references: address, steps, the bytes digested."""
    spoil: Callable[[etree._Element], None] = field(default=lambda signature: None)

    def sign_whole(self, document: bytes, location: str) -> bytes:
        """Enveloped, over the whole root."""
        root = etree.fromstring(document)
        holder = etree.SubElement(root, location)
        holder.append(self._signature([("", [ENVELOPED, self.c14n], self._of(document, location))], ()))
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    def sign_around(self, file: bytes, *, uri: str = "#content", steps: Sequence[str] = (BASE64,), objects: Sequence[bytes] = ()) -> bytes:
        """Enveloping: the file inside the signature, as base64."""
        held = [f'<ds:Object xmlns:ds="{DS}" Id="content">{base64.b64encode(file).decode()}</ds:Object>'.encode(), *objects]
        signature = self._signature([(uri, list(steps), file)], [etree.fromstring(one) for one in held])
        return etree.tostring(signature, encoding="UTF-8", xml_declaration=True)

    def canonical(self, element: etree._Element) -> bytes:
        """Without comments, by the tool's algorithm."""
        # WHY read anew: the inclusive form of a part has the namespaces in scope with it.
        alone = etree.fromstring(etree.tostring(element, with_tail=False))
        return bytes(etree.tostring(alone, method="c14n", exclusive=self.c14n == EXCLUSIVE, with_comments=False))

    def _of(self, document: bytes, location: str) -> bytes:
        """The content with the empty place that the signature will stand in."""
        root = etree.fromstring(document)
        etree.SubElement(root, location)
        return self.canonical(root)

    def _signature(self, contents: Sequence[tuple[str, list[str], bytes]], objects: Sequence[etree._Element]) -> etree._Element:
        signature = etree.Element(f"{D}Signature", nsmap={"ds": DS}, Id="sig")
        info = etree.SubElement(signature, f"{D}SignedInfo")
        etree.SubElement(info, f"{D}CanonicalizationMethod", Algorithm=self.c14n)
        etree.SubElement(info, f"{D}SignatureMethod", Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")
        value = etree.SubElement(signature, f"{D}SignatureValue")
        key_info = etree.SubElement(signature, f"{D}KeyInfo", Id="ki")
        data = etree.SubElement(key_info, f"{D}X509Data")
        etree.SubElement(data, f"{D}X509Certificate").text = base64.b64encode(self.by.der).decode()
        for one in objects:
            signature.append(one)
        references = [*contents, *self.more]
        if self.is_xades:
            references.append(("#sp", [self.c14n], self.canonical(self._properties(signature))))
        if self.signs_key_info:
            references.append(("#ki", [self.c14n], self.canonical(key_info)))
        for uri, steps, digested in references:
            self._reference(info, uri, steps, digested)
        self.spoil(signature)
        r, s = decode_dss_signature(self.by.key.sign(self.canonical(info), ec.ECDSA(hashes.SHA256())))
        value.text = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
        return signature

    def _reference(self, info: etree._Element, uri: str, steps: Sequence[str], digested: bytes) -> None:
        reference = etree.SubElement(info, f"{D}Reference", URI=uri)
        if uri == "#sp":
            reference.set("Type", "http://uri.etsi.org/01903#SignedProperties")
        transforms = etree.SubElement(reference, f"{D}Transforms")
        for step in steps:
            etree.SubElement(transforms, f"{D}Transform", Algorithm=step)
        etree.SubElement(reference, f"{D}DigestMethod", Algorithm=SHA256)
        etree.SubElement(reference, f"{D}DigestValue").text = base64.b64encode(hashlib.sha256(digested).digest()).decode()

    def _properties(self, signature: etree._Element) -> etree._Element:
        held = etree.SubElement(
            etree.SubElement(signature, f"{D}Object"), f"{X}QualifyingProperties", nsmap={"xades": XADES}, Target="#sig"
        )
        signed = etree.SubElement(held, f"{X}SignedProperties", Id="sp")
        properties = etree.SubElement(signed, f"{X}SignedSignatureProperties")
        etree.SubElement(properties, f"{X}SigningTime").text = self.at.isoformat()
        certificate = etree.SubElement(etree.SubElement(properties, f"{X}SigningCertificateV2"), f"{X}Cert")
        digest = etree.SubElement(certificate, f"{X}CertDigest")
        etree.SubElement(digest, f"{D}DigestMethod", Algorithm=SHA256)
        etree.SubElement(digest, f"{D}DigestValue").text = base64.b64encode(hashlib.sha256(self.by.der).digest()).decode()
        return signed
