"""Named signature profiles: exactly where a signature stands and how many references it has. Never "any"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignatureProfile:
    """One accepted shape of XAdES signature."""

    name: str
    location: str
    """Path from the root element to the element that holds the ds:Signature, such as `CKy_Dvi`."""
    reference_counts: tuple[int, ...]
    """Accepted numbers of ds:Reference: 3 (payload, signed properties, key info) and, from some tools, 2."""


HOSO_UNIT = SignatureProfile("hoso_unit", "CKy_Dvi", (3, 2))
"""The unit's signature over the whole envelope `Hoso`, in `Hoso/CKy_Dvi`."""
