"""Named signature profiles: exactly where a signature stands and how many references it has. Never "any"."""

from dataclasses import dataclass

INCLUSIVE_C14N = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
    }
)
"""Canonical XML 1.0 and 1.1 without comments. WHY: the exclusive form makes XAdES files that their own maker rejects."""

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


@dataclass(frozen=True, slots=True)
class SignatureProfile:
    """One accepted shape of XAdES signature."""

    name: str
    location: str
    """Path from the root element to the element that holds the ds:Signature, such as `CKy_Dvi`."""
    reference_counts: tuple[int, ...]
    """Accepted numbers of ds:Reference: 3 (payload, signed properties, key info) and, from some tools, 2."""
    root: str = "Hoso"
    """Name of the root element, all of which must be signed."""
    canonicalisations: frozenset[str] = INCLUSIVE_C14N
    maximum_bytes: int = 12 * 1024 * 1024
    """The size cap of the XML door. LIMIT: one text of more than 10 MB is refused by libxml2 anyway."""


HOSO_UNIT = SignatureProfile("hoso_unit", "CKy_Dvi", (3, 2))
"""The unit's signature over the whole envelope `Hoso`, in `Hoso/CKy_Dvi`."""
