"""In whose name this installation issues books. Wiring binds it once."""

from dataclasses import dataclass

from bhxh.book.errors import BOK_NOT_BOUND
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import Defect

AUTHORITY = {
    Custodian.MOF: ("MOF", "Bộ Tài chính", "Ministry of Finance"),
    Custodian.MND: ("MND", "Bộ Quốc phòng", "Ministry of National Defence"),
    Custodian.MPS: ("MPS", "Bộ Công an", "Ministry of Public Security"),
}
"""The issuer by custodian: code in the book, Vietnamese name, English name. Law: R-122, R-135."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The issuing office and the address under which its books are verified."""

    custodian: Custodian
    office_code: str
    office_name: str
    public_url: str

    def verification_address(self, sha256: str) -> str:
        """Where a book of this digest is verified; carries no personal data."""
        return f"{self.public_url.rstrip('/')}/xac-minh/{sha256}"


_bound: list[Issuer] = []


def bind_issuer(issuer: Issuer) -> None:
    """Called once by wiring."""
    _bound[:] = [issuer]


def bound_issuer() -> Issuer:
    """The issuing office of this installation. Raises Defect BOK-009 where wiring forgot it."""
    if not _bound:
        raise Defect(BOK_NOT_BOUND)
    return _bound[0]
