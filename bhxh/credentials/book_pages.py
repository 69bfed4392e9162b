"""The book to read and to show, with the holder's QR codes printed in it: the same codes as the API gives."""

from datetime import datetime

from bhxh.book.queries import get_payload_and_sealed
from bhxh.book.rendering import OfflineCode, render_pdf
from bhxh.credentials.commands import issue
from bhxh.credentials.contents import NAMES, Kind
from bhxh.credentials.drawing import draw_svg
from bhxh.credentials.issuing import Issuer
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict
from bhxh.signing.ports import SealKey


def book_pdf(*, actor: Actor, at: datetime, person_id: int, version: int | None, issuer: Issuer, key: SealKey) -> bytes:
    """The latest book with its codes; an older version without, because a code speaks of the present. Whoever shows it writes down the look first.

    Raises: NotFound BOK-003.
    """
    payload, sealed = get_payload_and_sealed(person_id, version)
    codes = [] if version else _codes(actor=actor, at=at, person_id=person_id, issuer=issuer, key=key)
    return render_pdf(payload, sealed, codes=codes)


def _codes(*, actor: Actor, at: datetime, person_id: int, issuer: Issuer, key: SealKey) -> list[OfflineCode]:
    codes = []
    for kind in (Kind.BOOK_SUMMARY, Kind.HEALTH_CARD):
        try:
            issued = issue(actor=actor, at=at, person_id=person_id, kind=kind, issuer=issuer, key=key)
        except Conflict:  # no card that is valid, or a book that is withdrawn for a time or closed: the page says so in its own words
            continue
        codes.append(OfflineCode(name=NAMES[kind], svg=draw_svg(issued.text), until=issued.expires_at))
    return codes
