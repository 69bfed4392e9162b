"""Archive copies of books: made when somebody asks for the first one of a version, kept in the holder's warehouse, renewed by the clock.

WHY not when a version is published: a page costs a hundred times what its seal as JSON costs, and three answers of authorities; twenty
million books would be weeks of work for pages that nobody asked for. What nobody asked for is proven by the sealed original, whose
digest is in the log, whose heads are time-stamped each hour; a copy of any version can be made from it at any later time.

These functions ask the outside, so they hold no transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bhxh.book.archive_commands import MadeCopy, judge_archive_copy, keep_archive_copy
from bhxh.book.archive_queries import KeptCopy, find_archive_copy, list_due_copies
from bhxh.book.errors import BOK_NO_PAGE_SEAL
from bhxh.book.page_seals import present_page_seal
from bhxh.book.queries import get_latest_version, get_payload_and_sealed
from bhxh.book.rendering import render_pdf
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Conflict, Invalid, Trouble
from bhxh.signing.errors import SIG_ARCHIVE_NO_PROOF
from bhxh.signing.pdf_archiving import Archivist, check_archive, renew_at
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import read_item

SLICE: Final = 20
"""LIMIT: copies of one round, some seconds of work, because the thread that does it also does everything else by the clock."""
_AGAIN: Final = timedelta(hours=1)
"""A copy that could not be renewed is tried again then; it has most of a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAfter:
    """What one round did."""

    renewed: int = 0
    made_anew: int = 0
    judged: int = 0
    waiting: int = 0


def archived_book(*, actor: Actor, at: datetime, person_id: int, version: int | None, archivist: Archivist) -> bytes:
    """A version's archive copy: the one that is kept, or the first.

    Raises: NotFound BOK-003, REG-001, REG-002; Conflict BOK-012 without a certificate for pages; the authorities' Trouble.
    """
    version = version or get_latest_version(person_id)
    kept = find_archive_copy(person_id, version)
    if kept is not None:
        return _read(kept)
    made = _make(person_id, version, at, archivist)
    item_id = keep_archive_copy(actor=actor, at=at, person_id=person_id, version=version, made=made)
    return read_item(item_id, owner=Owner("person", person_id))


def look_after_copies(*, actor: Actor, at: datetime, archivist: Archivist, limit: int = SLICE) -> LookedAfter:
    """Renew what is due, judge anew what was judged under another trust list. A copy that is lost is made anew from the sealed original.

    Shape:   one copy's trouble is written down with the copy and does not stop the round; nothing is lost by a round that is cut off.
    """
    trust_version = archivist.trust().version
    counts = {"renewed": 0, "made_anew": 0, "judged": 0, "waiting": 0}
    for copy in list_due_copies(at, trust_version=trust_version, limit=limit):
        try:
            counts[_look_after(copy, actor, at, archivist)] += 1
        except (Trouble, Invalid, Conflict) as error:
            judge_archive_copy(
                actor=actor,
                at=at,
                person_id=copy.person_id,
                version=copy.version,
                lasts_until=copy.lasts_until,
                due_at=at + _AGAIN,
                trust_version=trust_version,
                trouble=error.code,
            )
            counts["waiting"] += 1
    return LookedAfter(**counts)


def _look_after(copy: KeptCopy, actor: Actor, at: datetime, archivist: Archivist) -> str:
    """What was done with one copy that is due."""
    trust = archivist.trust()
    content = _read(copy)
    found = check_archive(content, trust=trust, at=at)
    keep = partial(keep_archive_copy, actor=actor, at=at, person_id=copy.person_id, version=copy.version, instead_of=copy.item_id)
    if not found.holds or found.lasts_until is None:
        keep(made=_make(copy.person_id, copy.version, at, archivist))
        return "made_anew"
    due_at = renew_at(copy.stamped_at, found.lasts_until)
    if at >= due_at:
        keep(made=_proven(archivist.renew(content, at=at), at, archivist))
        return "renewed"
    judge_archive_copy(
        actor=actor,
        at=at,
        person_id=copy.person_id,
        version=copy.version,
        lasts_until=found.lasts_until,
        due_at=due_at,
        trust_version=trust.version,
    )
    return "judged"


def _make(person_id: int, version: int, at: datetime, archivist: Archivist) -> MadeCopy:
    if present_page_seal() is None:
        raise Conflict(BOK_NO_PAGE_SEAL)
    # WHY without QR codes: they speak of the present, and this copy of what was sealed then.
    sealed_page = render_pdf(*get_payload_and_sealed(person_id, version))
    return _proven(archivist.archive(sealed_page, at=at), at, archivist)


def _proven(content: bytes, at: datetime, archivist: Archivist) -> MadeCopy:
    trust = archivist.trust()
    found = check_archive(content, trust=trust, at=at)
    if not found.holds or found.stamped_at is None or found.lasts_until is None:
        raise Invalid(SIG_ARCHIVE_NO_PROOF, reason=found.reason)
    return MadeCopy(
        content=content,
        stamps=found.stamps,
        stamped_at=found.stamped_at,
        lasts_until=found.lasts_until,
        trust_version=trust.version,
    )


def _read(copy: KeptCopy) -> bytes:
    return read_item(copy.item_id, owner=Owner("person", copy.person_id))
