"""A copy for archives judged by others today, in five years and in ten, with a renewal and without."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from bhxh.signing.pdf_archiving import Archivist
from bhxh.signing.trust import TrustList
from sandbox.pki.authority import Authority
from sandbox.pki.other_times import AnswersAt, StamperAt, next_time_stamper
from tools.foreign import openssl, page_readers
from tools.foreign.programs import Said
from tools.foreign.questions import Artefact, Published, Question, stamp
from tools.foreign.spoiling import STRUCTURE, flipped

_LATER = "tsa-later"


def copies_in_other_years(name: str, copy: bytes, authority: Authority, published: Published) -> Iterator[Artefact]:
    """The copy as it is, renewed when its stamp's certificate is about to end, and each of its time stamps."""
    today = datetime.now(UTC).replace(microsecond=0)
    in_five, in_ten = today + timedelta(days=5 * 365), today + timedelta(days=10 * 365)
    yield _copy(name, copy, published, holds_at={today: True, in_five: True, in_ten: False})
    renewed = renewed_at(in_five, copy, authority)
    yield _copy(f"{name}, renewed in {in_five.year}", renewed, published, holds_at={in_five: True, in_ten: True})
    for number, layer in enumerate(openssl.layers(copy)[1:], start=1):
        yield stamp(f"{name}: its time stamp {number}", layer.der, layer.covered, published)


def renewed_at(at: datetime, copy: bytes, authority: Authority) -> bytes:
    """The copy under one more time stamp, of the authority that stamps by then."""
    next_time_stamper(authority, name=_LATER, from_at=at - timedelta(days=30))
    trust = TrustList.load(authority.trust_folder)
    return Archivist(StamperAt(authority, at, _LATER), AnswersAt(authority, at), lambda: trust).renew(copy, at=at)


def _copy(name: str, pdf: bytes, published: Published, *, holds_at: dict[datetime, bool]) -> Artefact:
    covered = (
        ("a byte of the page", lambda data: flipped(data, data.index(b"/Lang") + 4)),
        ("a byte of the evidence", lambda data: flipped(data, data.rindex(b"/DSS") + 2)),
    )
    questions = []
    for at, holds in holds_at.items():
        asked = f"cms and ts -verify, each layer at its time, in {at.year}"
        questions.append(Question("openssl", asked, _judged_at(at, published), covered if holds else (), expected=holds))

    def by_pdfsig(data: bytes) -> Said:
        return page_readers.pdfsig(data, signer=published.office, is_whole=False)

    def by_mutool(data: bytes) -> Said:
        return page_readers.mutool(data, is_whole=False)

    questions += [
        Question("pdfsig", "the seal within is valid, whose", by_pdfsig, covered[:1]),
        Question("mutool", "sign -v: the seal within is valid", by_mutool, covered[:1]),
        Question("qpdf", "--check: structure and streams", page_readers.qpdf, STRUCTURE),
    ]
    return Artefact(name, pdf, tuple(questions))


def _judged_at(at: datetime, published: Published) -> Callable[[bytes], Said]:
    return lambda data: openssl.archive_copy(data, published.root, at=at)
