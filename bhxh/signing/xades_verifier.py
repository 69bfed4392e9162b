"""signxml's XAdES verifier, held to one tree and to the certificate whose chain was checked.

signxml reads the document anew for every reference and once more for what was digested: some seven trees for a signature
of three references. Here the signature is lifted out of the one tree that the XML door made, the content is digested where it
stands, and the parts are read from the lifted signature. What is compared, and with what, is signxml's.
"""

from base64 import b64decode
from typing import Any, NamedTuple, cast

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import ExtensionPolicy, Store
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm
from signxml.exceptions import InvalidDigest, InvalidInput
from signxml.util import PEM_FOOTER, PEM_HEADER, X509CertChainVerifier, _remove_sig
from signxml.verifier import VerifyResult
from signxml.xades.xades import XAdESVerifier

from bhxh.signing.signature_shape import ENVELOPED
from bhxh.signing.usage import check_key

_IDENTIFIERS = etree.XPath("//@*[local-name()='Id' or local-name()='ID' or local-name()='id']", smart_strings=False)
"""What any verifier might take for an Id, `xml:id` too."""


class _HeldCertificate(NamedTuple):
    """A certificate of the signature, as far as signxml asks for it."""

    text: str
    """In PEM, on one line. WHY: signxml would first fold it to lines of 64 letters, which takes a fifth of all that a verification takes."""

    @classmethod
    def of(cls, element: etree._Element) -> "_HeldCertificate":
        """An element of a signature that fits its schema: letters of base64 and white space."""
        letters = "".join((element.text or "").split())
        return cls(f"{PEM_HEADER}\n{letters}\n{PEM_FOOTER}")


class _Chain(X509CertChainVerifier):
    """signxml's chain check with anchors from memory, remembering which certificate it accepted."""

    def __init__(self, owner: "HeldVerifier", **settings: Any) -> None:
        super().__init__(ca_pem_file="", **settings)  # type: ignore[no-untyped-call]
        self._owner = owner

    @property
    def store(self) -> Store:
        return Store(self._owner.anchors)

    def verify(self, cert_chain: list[x509.Certificate]) -> x509.Certificate:
        accepted: x509.Certificate = super().verify(cert_chain)  # type: ignore[no-untyped-call]
        check_key(accepted)
        self._owner.verified = accepted
        return accepted


class HeldVerifier(XAdESVerifier):
    """signxml's verifier with our anchors, held to the certificate whose chain was checked.

    WHY: signxml binds SigningCertificate to the first certificate *with the same key*. A signer could put a certificate of
    their own making with that key and another's name in front.
    """

    def __init__(self, anchors: list[x509.Certificate]) -> None:
        super().__init__()
        self.anchors = anchors
        self.verified: x509.Certificate | None = None
        self.lifted: etree._Element | None = None

    def get_cert_chain_verifier(self, ca_pem_file: object, ee_policy: ExtensionPolicy, ca_policy: ExtensionPolicy) -> _Chain:
        at = self._get_cert_verification_time()  # type: ignore[no-untyped-call]
        return _Chain(self, verification_time=at, ee_policy=ee_policy, ca_policy=ca_policy)

    def _get_cert_description(self, cert: object, cert_source: str) -> str:
        """WHY without the subject: signxml spells it out for every good certificate too, and `_why_refused` words what is told."""
        return cert_source

    def _findall(self, element: etree._Element, query: str, xpath: str = "") -> list[Any]:
        found: list[etree._Element] = super()._findall(element, query, xpath)  # type: ignore[no-untyped-call]
        return list(map(_HeldCertificate.of, found)) if query == "X509Certificate" else found

    def _find_signing_cert(self, verify_result: object, certs: object) -> x509.Certificate | None:
        return self.verified


class OneTreeVerifier(HeldVerifier):
    """Verifies one enveloped signature whose outer form `signature_shape.check_shape` has found to be a profile's. Used once."""

    lifted: etree._Element | None
    """The signature by itself, with the namespaces that were in scope; the tree is without it from then on."""
    part: etree._Element | None = None
    """The part of the tree that is signed by its Id, where it is not the whole."""
    _outside: frozenset[str]
    """Every Id in the tree without the signature."""

    def get_root(self, data: etree._Element) -> etree._Element:
        return data

    def _get_signature(self, root: etree._Element) -> etree._Element:
        """Lift the signature out, as the enveloped transform does, the text behind it kept."""
        found = super()._get_signature(root)  # type: ignore[no-untyped-call]
        lifted: etree._Element = self._fromstring(self._tostring(found))  # type: ignore[no-untyped-call]
        _remove_sig(found)
        self.lifted, self._outside = lifted, frozenset(cast("list[str]", _IDENTIFIERS(root)))
        return lifted

    def _verify_reference(
        self,
        reference: etree._Element,
        index: int,
        root: etree._Element,
        uri_resolver: object,
        c14n_algorithm: object,
        signature: etree._Element,
        signature_key_used: Any,
    ) -> VerifyResult:
        """The check of one reference as signxml does it, without its copies: the whole root as it stands, or one part of the lifted signature."""
        uri, own_id = reference.get("URI"), root.get("Id")
        steps = self._find(reference, "Transforms", require=False)  # type: ignore[no-untyped-call]
        if self.part is not None and uri == f"#{self.part.get('Id')}":
            # WHY read anew: the namespaces in scope belong to the canonical form of a part, and come with it this way.
            digested = self._fromstring(etree.tostring(self.part, with_tail=False))  # type: ignore[no-untyped-call]
            content = self._canonical(digested, steps)
        elif uri == "" or (own_id and uri == f"#{own_id}"):
            content, digested = self._canonical(root, steps), root
        else:
            if uri is None or uri[1:] in self._outside:
                raise InvalidInput(f"Ambiguous reference URI {uri}")
            part = self._resolve_reference(signature, reference)  # type: ignore[no-untyped-call]
            content = self._apply_transforms(part, transforms_node=steps, signature=signature)
            digested = self._fromstring(content)  # type: ignore[no-untyped-call]
        digest = DigestAlgorithm(self._find(reference, "DigestMethod").get("Algorithm"))  # type: ignore[no-untyped-call]
        self.check_digest_alg_expected(digest)  # type: ignore[no-untyped-call]
        value = self._find(reference, "DigestValue").text  # type: ignore[no-untyped-call]
        if b64decode(value) != self._get_digest(content, digest):
            raise InvalidDigest(f"Digest mismatch for reference {index}")
        key = signature_key_used.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return VerifyResult(content, digested, signature, key)

    def _canonical(self, root: etree._Element, steps: etree._Element | None) -> bytes:
        """The root's canonical bytes, by the one step besides the enveloped transform, else by signxml's default."""
        algorithm, prefixes = CanonicalizationMethod.CANONICAL_XML_1_1, None
        for step in () if steps is None else self._findall(steps, "Transform"):
            if step.get("Algorithm") == ENVELOPED:
                continue
            algorithm, prefixes = CanonicalizationMethod(step.get("Algorithm")), self._get_inclusive_ns_prefixes(step)  # type: ignore[no-untyped-call]
        content: bytes = self._c14n(root, algorithm=algorithm, inclusive_ns_prefixes=prefixes)
        return content
