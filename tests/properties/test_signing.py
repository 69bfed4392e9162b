"""Whatever is done to a signed file: it is refused, or what comes out is what was signed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bhxh.kernel.errors import Invalid
from bhxh.signing.profiles import HOSO_UNIT
from bhxh.signing.trust import TrustList
from bhxh.signing.xades import complete_signature, prepare_signature, verify_xades
from bhxh.signing.xml_door import parse_xml
from sandbox.pki.authority import issue_employer_certificate, open_authority
from sandbox.pki.token import sign_with

AT = datetime.now(UTC)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, TrustList, bytes]:
    folder: Path = tmp_path_factory.mktemp("pki")
    der, key = issue_employer_certificate(folder, "0100109106", "CÔNG TY")
    prepared = prepare_signature("<Hoso><Ten>Nguyễn Thị Hương</Ten></Hoso>".encode(), profile=HOSO_UNIT, certificate=der, at=AT)
    data = complete_signature(prepared, sign_with(key, prepared.to_sign))
    trust = TrustList.load(open_authority(folder).trust_folder)
    return data, trust, verify_xades(data, profile=HOSO_UNIT, anchors=trust.anchors, at=AT).signed_xml


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.floats(0, 0.999), new=st.binary(max_size=3), cut=st.integers(0, 40))
def test_a_change_is_refused_or_changes_nothing(signed: tuple[bytes, TrustList, bytes], place: float, new: bytes, cut: int) -> None:
    data, trust, content = signed
    position = int(place * len(data))
    changed = data[:position] + new + data[position + cut :]
    try:
        found = verify_xades(changed, profile=HOSO_UNIT, anchors=trust.anchors, at=AT)
    except Invalid:
        return
    assert found.signed_xml == content and found.signer.tax_code == "0100109106"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(alphabet="<>/!?[]&;#=\"'ax \n-DOCTYPEENTITY", max_size=300).map(str.encode)))
def test_the_door_answers_everything_with_a_tree_or_a_sentence(data: bytes) -> None:
    try:
        parse_xml(data, maximum_bytes=300)
    except Invalid as refusal:
        assert refusal.text("vi") and refusal.text("en")
