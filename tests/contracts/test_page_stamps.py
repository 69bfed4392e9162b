"""Pages sealed with a time stamp of the sandbox's authority, over sockets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bhxh.book import pdf_copies
from bhxh.book.pdf_copies import PdfCopies, bind_copies
from bhxh.connectors.timestamping import HttpTimeStamper
from bhxh.signing.key_files import FileKeys
from bhxh.signing.page_sealing import PageSealer, Stamping
from bhxh.signing.pdf_seals import seal_pdf
from bhxh.signing.trust import TrustList
from sandbox.pki.service import RunningPki
from tests.page_seal_kit import certified_keys, judged, sealer_of, sealing_with
from tests.sandbox_fixtures import pki
from tests.unit.book.books import composed, months
from tests.unit.book.test_rendering import _pdf

__all__ = ["pki"]


@pytest.fixture
def stamper(pki: RunningPki) -> Iterator[HttpTimeStamper]:
    made = HttpTimeStamper(pki.tsa_address)
    yield made
    made.close()
    pki.application.misbehave()


@pytest.fixture
def keys(pki: RunningPki, tmp_path: Path) -> FileKeys:
    return certified_keys(tmp_path / "keys", pki.authority)


@pytest.fixture
def sealer(pki: RunningPki, keys: FileKeys, stamper: HttpTimeStamper) -> PageSealer:
    return sealer_of(keys, stamping=Stamping(lambda: stamper, lambda: TrustList.load(pki.authority.trust_folder)))


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Path]:
    kept = list(pdf_copies._bound)
    bind_copies(PdfCopies(tmp_path / "pdf", maximum_bytes=8 * 1024 * 1024))
    yield tmp_path / "pdf"
    pdf_copies._bound[:] = kept


def test_the_stamp_says_when(pki: RunningPki, keys: FileKeys, sealer: PageSealer) -> None:
    """The seal's own time is a claim; the stamp's is not."""
    by, page = keys.certified("page"), _pdf(composed(months("2026-01", 1)).payload)
    assert by is not None
    claimed = datetime.now(UTC) - timedelta(days=2)
    made = seal_pdf(page, by=by, at=claimed, stamp=sealer._stamp)
    found = judged(made.content, pki.authority)
    assert made.is_stamped and found.bottom_line
    assert found.timestamp_validity is not None and found.timestamp_validity.trusted
    assert abs(found.timestamp_validity.timestamp - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_is_kept_is_what_was_given_and_a_page_without_a_stamp_gets_one_later(
    pki: RunningPki, sealer: PageSealer, copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = composed(months("2026-01", 2)).payload
    seconds = [0.0]
    monkeypatch.setattr(sealer, "_monotonic", lambda: seconds[0])
    pki.application.misbehave(tsa="error")
    with sealing_with(sealer):
        plain = _pdf(payload)
        assert judged(plain, pki.authority).timestamp_validity is None
        assert _pdf(payload) == plain, "the copy, byte by byte"
        pki.application.misbehave()
        seconds[0] += 61
        stamped = _pdf(payload)
        assert judged(stamped, pki.authority).timestamp_validity is not None
        assert _pdf(payload) == stamped
    with sealing_with(None):
        bare = _pdf(payload)
    assert stamped.startswith(bare) and plain.startswith(bare), "the page is the same under each seal"
    assert len(list(copies.iterdir())) == 3
