"""Named signature profiles: exactly where a signature stands and how many references it has. Never "any"."""

from dataclasses import dataclass, replace
from enum import StrEnum

INCLUSIVE_C14N = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
    }
)
"""Canonical XML 1.0 and 1.1 without comments. WHY: the exclusive form makes XAdES files that their own maker rejects."""

EXCLUSIVE_C14N = frozenset({"http://www.w3.org/2001/10/xml-exc-c14n#"})
"""Exclusive canonical XML without comments: what many foreign tools write, taken where a profile names it."""

SIGNATURE_METHODS = frozenset(
    {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
    }
)
"""RSA and ECDSA with SHA-256 or better. DSA, HMAC and SHA-1 are out."""

DIGEST_METHODS = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)


class Form(StrEnum):
    """Where the signed content stands."""

    ENVELOPED = "enveloped"
    """The signature stands in its place inside the root and covers all of it."""
    ENVELOPING = "enveloping"
    """The root is the signature, and the content stands inside it."""


@dataclass(frozen=True, slots=True)
class SignatureProfile:
    """One accepted shape of signature by one signer."""

    name: str
    location: str
    """Path from the root element to the element that holds the ds:Signature, such as `CKy_Dvi`."""
    reference_counts: tuple[int, ...]
    """Accepted numbers of ds:Reference: 3 (payload, signed properties, key info) and, from some tools, 2."""
    root: str = "Hoso"
    """Name of the root element, all of which must be signed."""
    canonicalisations: frozenset[str] = INCLUSIVE_C14N
    form: Form = Form.ENVELOPED
    is_xades: bool = True
    """False: plain XMLDSig. Nothing signed then says which certificate of the key was meant, or when."""
    maximum_bytes: int = 12 * 1024 * 1024
    """The size cap of the XML door. LIMIT: one text of more than 10 MB is refused by libxml2 anyway."""


HOSO_UNIT = SignatureProfile("hoso_unit", "CKy_Dvi", (3, 2))
"""The unit's signature over the whole envelope `Hoso`, in `Hoso/CKy_Dvi`."""

HOSO_UNIT_FOREIGN = replace(HOSO_UNIT, name="hoso_unit_foreign", canonicalisations=INCLUSIVE_C14N | EXCLUSIVE_C14N)
"""The same by tools that canonicalise exclusively, such as the browser library xadesjs (2 references)."""

HOSO_ENVELOPING = SignatureProfile(
    "hoso_enveloping",
    "",
    (2, 3),
    canonicalisations=INCLUSIVE_C14N | EXCLUSIVE_C14N,
    form=Form.ENVELOPING,
    maximum_bytes=4 * 1024 * 1024,
)
"""The whole `Hoso` as a file inside the signature, in base64, as European tools sign by default."""

HOSO_UNIT_XMLDSIG = SignatureProfile(
    "hoso_unit_xmldsig", "CKy_Dvi", (1, 2), canonicalisations=INCLUSIVE_C14N | EXCLUSIVE_C14N, is_xades=False
)
"""LEGACY: plain XMLDSig of older signing tools, in the unit's place. Only for a procedure that names it."""


@dataclass(frozen=True, slots=True)
class SignerPlace:
    """Where one of several signers signs."""

    role: str
    location: str
    """Path from the root element, outside of the part that is signed."""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class SeveralSigners:
    """A document whose content is one part with an Id, signed by several in places of their own.

    WHY a part: two signatures over the whole root break each other.
    """

    name: str
    part: str
    """Path from the root element to the part that every one of them signs."""
    places: tuple[SignerPlace, ...]
    root: str = "Hoso"
    reference_counts: tuple[int, ...] = (3, 2)
    canonicalisations: frozenset[str] = INCLUSIVE_C14N
    maximum_bytes: int = 12 * 1024 * 1024

    def at(self, place: SignerPlace) -> SignatureProfile:
        """The shape of one signer's signature."""
        return SignatureProfile(
            f"{self.name}.{place.role}",
            place.location,
            self.reference_counts,
            root=self.root,
            canonicalisations=self.canonicalisations,
            maximum_bytes=self.maximum_bytes,
        )


HOSO_SEVERAL = SeveralSigners(
    "hoso_several",
    "NoiDung",
    (
        SignerPlace("employer", "CacChuKy/CKy_Dvi"),
        SignerPlace("worker", "CacChuKy/CKy_NLD", is_required=False),
        SignerPlace("agency", "CacChuKy/CKy_CQ", is_required=False),
    ),
)
"""Employer, worker and agency sign `Hoso/NoiDung` by its Id, in any order."""


@dataclass(frozen=True, slots=True)
class JsonProfile:
    """One accepted shape of signed JSON: flattened JWS, the certificate and its digest in the protected header."""

    name: str
    algorithms: frozenset[str] = frozenset({"ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    maximum_bytes: int = 1024 * 1024


JSON_FILER = JsonProfile("json_filer")
"""A person's request, signed by the person's own certificate (JAdES B-B)."""
