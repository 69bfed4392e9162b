"""What seals the pages of this installation just now: the present key with its certificate, and a time stamp where one can be had."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bhxh.kernel.errors import Invalid, Trouble
from bhxh.signing.key_files import CertifiedKey
from bhxh.signing.pdf_seals import STAMP_ROOM, seal_pdf
from bhxh.signing.ports import TimeStamper
from bhxh.signing.timestamps import request_timestamp
from bhxh.signing.trust import TrustList

QUIET_S: Final = 60.0
"""LIMIT: so long a time-stamping authority that failed is not asked again; pages get a seal without a stamp meanwhile."""


@dataclass(frozen=True)
class Stamping:
    """The time-stamping authority, and whose word about it is believed."""

    stamper: Callable[[], TimeStamper]
    trust: Callable[[], TrustList]


class PageSealer:
    """Seals pages with the key in force.

    A key without a certificate in force seals no page: pages go out as they did before, and the sealed original inside proves them.
    """

    def __init__(
        self,
        *,
        present: Callable[[], CertifiedKey | None],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        stamping: Stamping | None = None,
    ) -> None:
        self._present = present
        self._clock = clock
        self._monotonic = monotonic
        self._stamping = stamping
        self._quiet_until = float("-inf")

    def now(self) -> "PageSeal | None":
        """The seal for one page; None where there is no key with a certificate in force."""
        found = self._present()
        if found is None or not found.certificate.is_in_force(self._clock()):
            return None
        return PageSeal(self, found, is_stamping=self._stamping is not None and self._monotonic() >= self._quiet_until)

    def put_on(self, pdf: bytes, by: CertifiedKey, *, is_stamping: bool) -> tuple[bytes, bool]:
        """(the sealed page, whether it has a time stamp)."""
        made = seal_pdf(pdf, by=by, at=self._clock(), stamp=self._stamp if is_stamping else None)
        return made.content, made.is_stamped

    def _stamp(self, sha256: bytes) -> bytes | None:
        assert self._stamping is not None, "asked only where there is an authority"
        try:
            token, _ = request_timestamp(sha256, stamper=self._stamping.stamper(), trust=self._stamping.trust(), at=self._clock())
        except (Trouble, Invalid):
            token = b""
        if not 0 < len(token) <= STAMP_ROOM:
            self._quiet_until = self._monotonic() + QUIET_S
            return None
        return token


@dataclass(frozen=True)
class PageSeal:
    """The seal for one page, and how a kept copy under it is called."""

    sealer: PageSealer
    by: CertifiedKey
    is_stamping: bool

    @property
    def names(self) -> tuple[bytes, ...]:
        """Copies that will do, best first: while stamps can be had, one without will not."""
        stamped, plain = self._name(is_stamped=True), self._name(is_stamped=False)
        return (stamped,) if self.is_stamping else (stamped, plain)

    def put_on(self, pdf: bytes) -> tuple[bytes, bytes]:
        """(the sealed page, the name for its copy)."""
        content, is_stamped = self.sealer.put_on(pdf, self.by, is_stamping=self.is_stamping)
        return content, self._name(is_stamped=is_stamped)

    def _name(self, *, is_stamped: bool) -> bytes:
        return (b"B-T " if is_stamped else b"B-B ") + self.by.certificate.ders[0]
