from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import VerifiedXml, complete_signature, prepare_signature, verify_xades
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.certificates import Issued
from sandbox.pki.token import sign_with

DOCUMENT = '<Hoso Id="goc"><TTChung><TenDvi>Công ty TNHH Ví Dụ</TenDvi></TTChung><NguoiLD>Nguyễn Thị Hương</NguoiLD></Hoso>'.encode()
TAX_CODE, PIN = "0100109106", "001190000001"


@dataclass(frozen=True)
class Desk:
    """An employer with a certificate, and the office that verifies; no network."""

    authority: Authority
    employer: Issued
    trust: TrustList
    at: datetime

    def sign(self, document: bytes = DOCUMENT, by: Issued | None = None) -> bytes:
        by = by or self.employer
        prepared = prepare_signature(document, profile=HOSO_UNIT, certificate=by.der, at=self.at)
        return complete_signature(prepared, sign_with(by.key, prepared.to_sign))

    def verify(self, data: bytes) -> VerifiedXml:
        return verify_xades(data, profile=HOSO_UNIT, anchors=self.trust.anchors, at=self.at)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    authority = open_authority(tmp_path_factory.mktemp("pki"))
    employer = authority.issue_leaf("employer", name="CÔNG TY TNHH VÍ DỤ", uids=(f"MST:{TAX_CODE}", f"CCCD:{PIN}"))
    return Desk(authority, employer, TrustList.load(authority.trust_folder), datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def refused() -> Callable[[Callable[[], object]], str]:
    """The code of the Invalid that a call raises."""
    from bhxh.kernel.errors import Invalid

    def code(call: Callable[[], object]) -> str:
        with pytest.raises(Invalid) as caught:
            call()
        assert caught.value.text("vi") and caught.value.text("en")
        return caught.value.code

    return code
