"""`verify_page`: our own sealed pages as a verifier sees them, with the key set alone and with the trust list, and everything that is not one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from bhxh.kernel.errors import Invalid
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet, PublishedKey
from bhxh.signing.page_sealing import Stamping
from bhxh.signing.page_verification import is_sealed_to_its_end, verify_page
from bhxh.signing.pdf_archiving import Archivist
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import Authority, open_authority
from sandbox.pki.other_times import AnswersAt, StamperAt
from tests.page_seal_kit import certified_keys, sealer_of
from tests.unit.book.books import composed, months
from tests.unit.book.test_rendering import _pdf
from tests.unit.signing.test_archive_copies import IN_2031, IN_2036, NOW


@dataclass
class Office:
    """What an office publishes, and its pages: without a seal, B-B, B-T and the copy for decades."""

    authority: Authority
    trust: TrustList
    keys: FileKeys
    bare: bytes
    plain: bytes
    stamped: bytes
    copy: bytes


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    authority = open_authority(tmp_path_factory.mktemp("pki"))
    trust, keys = TrustList.load(authority.trust_folder), certified_keys(tmp_path_factory.mktemp("keys"), authority)
    bare = _pdf(composed(months("2026-01", 2)).payload)
    stamper = StamperAt(authority, NOW)
    sealed = []
    for stamping in (None, Stamping(lambda: stamper, lambda: trust)):
        seal = sealer_of(keys, at=NOW, stamping=stamping).now()
        assert seal is not None
        sealed.append(seal.put_on(bare)[0])
    copy = Archivist(stamper, AnswersAt(authority, NOW), lambda: trust).archive(sealed[1], at=NOW)
    return Office(authority, trust, keys, bare, *sealed, copy)


def refusal(pdf: bytes, office: Office, *, keys: KeySet | None = None, trust: TrustList | None = None, at: datetime = NOW) -> str:
    with pytest.raises(Invalid) as refused:
        verify_page(pdf, keys=keys or office.keys.key_set(), trust=trust, at=at)
    return refused.value.code


def test_the_key_set_alone_says_whose_page_it_is(office: Office) -> None:
    for page in (office.plain, office.stamped, office.copy):
        found = verify_page(page, keys=office.keys.key_set(), trust=None, at=IN_2036)
        assert found is not None and found.kid == office.keys.newest_key("page").kid and found.claimed_at == NOW
        assert found.stamped_at is None, "nobody was asked whether the stamp's authority is one"


def test_the_trust_list_says_when(office: Office) -> None:
    keys = office.keys.key_set()
    plain, stamped = (verify_page(page, keys=keys, trust=office.trust, at=NOW) for page in (office.plain, office.stamped))
    copy = verify_page(office.copy, keys=keys, trust=office.trust, at=IN_2031)
    assert plain is not None and plain.stamped_at is None
    assert stamped is not None and stamped.stamped_at == NOW
    assert copy is not None and copy.lasts_until is not None and copy.lasts_until > IN_2031
    in_2031 = verify_page(office.stamped, keys=keys, trust=office.trust, at=IN_2031)
    assert in_2031 is not None and in_2031.stamped_at == NOW, "its stamp outlasts its certificate"
    assert refusal(office.plain, office, trust=office.trust, at=IN_2031) == "SIG-117"
    assert refusal(office.copy, office, trust=office.trust, at=IN_2036) == "SIG-116"


def test_a_page_without_a_seal_proves_nothing_and_says_so(office: Office) -> None:
    assert verify_page(office.bare, keys=office.keys.key_set(), trust=office.trust, at=NOW) is None


def _changed(page: bytes) -> bytes:
    position = page.index(b"/Lang") + 3
    return page[:position] + bytes([page[position] ^ 1]) + page[position + 1 :]


def _overlaid(page: bytes) -> bytes:
    """Another text over the first page, as an update behind the seal: what programs that look at the signed bytes alone call valid."""
    writer = IncrementalPdfFileWriter(BytesIO(page))
    writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"1 0 0 rg 0 0 400 400 re f")))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _with_bytes_behind(page: bytes) -> bytes:
    return page + b"\n% and more\n"


@pytest.mark.parametrize("change", [_changed, _overlaid, _with_bytes_behind])
@pytest.mark.parametrize("page", ["plain", "stamped", "copy"])
@pytest.mark.parametrize("listed", [True, False], ids=["with the trust list", "without"])
def test_whatever_was_changed_is_refused(office: Office, page: str, change: Callable[[bytes], bytes], listed: bool) -> None:
    changed = change(getattr(office, page))
    assert refusal(changed, office, trust=office.trust if listed else None) in {"SIG-114", "SIG-116", "SIG-117", "SIG-118"}


def test_another_ones_certificate_of_the_same_authority_is_not_ours(office: Office, tmp_path: Path) -> None:
    others = certified_keys(tmp_path / "keys", office.authority)
    seal = sealer_of(others, at=NOW).now()
    assert seal is not None
    page, _ = seal.put_on(office.bare)
    assert refusal(page, office, trust=office.trust) == "SIG-118"
    assert refusal(page, office) == "SIG-118"


def test_our_key_for_something_else_or_at_another_time_seals_no_page(office: Office) -> None:
    [own] = [key for key in office.keys.key_set() if key.purpose == "page"]
    for changed in (
        PublishedKey(own.kid, own.custodian, "book", own.public),
        PublishedKey(own.kid, own.custodian, "page", own.public, NOW + timedelta(days=1), None),
        PublishedKey(own.kid, own.custodian, "page", own.public, None, NOW - timedelta(days=1)),
    ):
        assert refusal(office.stamped, office, keys=KeySet([changed])) == "SIG-118"


def test_of_authorities_that_nobody_lists_nothing_holds(office: Office, tmp_path: Path) -> None:
    strangers = TrustList.load(open_authority(tmp_path / "pki").trust_folder)
    for page, code in ((office.plain, "SIG-117"), (office.stamped, "SIG-117"), (office.copy, "SIG-116")):
        assert refusal(page, office, trust=strangers) == code


@pytest.mark.parametrize(
    "rubbish",
    [
        b"/ByteRange [0 1 2 9999999999]",
        b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" * 2000,
        b"%PDF-1.7 /ByteRange [0 9 99 9]" + b"<30800000>" * 50,
    ],
)
def test_what_we_did_not_sign_is_not_read_at_all(office: Office, rubbish: bytes) -> None:
    assert refusal(rubbish, office) == "SIG-118"


def test_only_a_page_as_it_left_us_is_sealed_to_its_end(office: Office) -> None:
    assert is_sealed_to_its_end(office.stamped)
    assert not any(map(is_sealed_to_its_end, (office.bare, office.copy, office.stamped + b" ", _overlaid(office.stamped))))


def test_a_cut_page_is_refused(office: Office) -> None:
    for length in (len(office.stamped) - 7, office.stamped.index(b"/ByteRange") + 400):
        assert refusal(office.stamped[:length], office) in {"SIG-117", "SIG-118"}
