"""Convert: read what was scanned, measure it, seal and set the file, and only then write it down. No transaction is open here.

Whatever dies on the way leaves at most a file in the store that no row speaks of, which nobody sees; the same request again goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bhxh.conversion.certificates import Organisation, certify_scan
from bhxh.conversion.commands import MadeFile, certify, propose
from bhxh.conversion.converters import get_converter
from bhxh.conversion.errors import CNV_NOT_A_PICTURE, CNV_NOT_COMPARED, CNV_NOT_SENT_IN, CNV_PAGES_DIFFER, CNV_TOO_LARGE
from bhxh.conversion.facts import CaseView, ReadPage, Scan, Scanned
from bhxh.conversion.originals import ORIGINALS, Paper
from bhxh.conversion.policies import check_certifier, is_already_proposed
from bhxh.conversion.queries import get_case
from bhxh.conversion.readability import ReadableFrom, read_page
from bhxh.conversion.rendering import render_converted
from bhxh.conversion.sheets import Sheet, SourceFile, read_sheets
from bhxh.conversion.states import ConversionState
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.signing.ports import SealKey
from bhxh.warehouse.commands import Stored
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.proving import JPEG, PDF, PNG
from bhxh.warehouse.queries import StoredItem, get_item, read_item
from bhxh.warehouse.store import MAXIMUM_BYTES, store_blob


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What converting needs besides the request: in whose name, by which key, from where on a page is readable."""

    organisation: Organisation
    key: SealKey
    limits: ReadableFrom


def check(case_id: UUID, item_ids: Sequence[UUID], *, desk: Desk) -> tuple[Scanned, tuple[Invalid, ...]]:
    """What was measured on each page, and everything that stands in the way. Writes nothing.

    Raises: NotFound CNV-012, WAR-005; Invalid CNV-005, CNV-006, CNV-007, CNV-008, CNV-019.
    """
    case = get_case(case_id)
    scanned, _ = _scanned(case.owner, item_ids, case.paper, desk.limits)
    missing = Invalid(CNV_PAGES_DIFFER, where="items", declared=case.declared_pages, found=len(scanned.pages))
    others = _shortcomings(scanned, desk.limits)
    return scanned, tuple(others if len(scanned.pages) == case.declared_pages else [missing, *others])


def convert(
    *, actor: Actor, at: datetime, case_id: UUID, item_ids: Sequence[UUID], has_compared: bool, remarks: str, desk: Desk
) -> CaseView:
    """These scans are the paper: checked, put forward and, where no second person is declared, certified. Again, it goes on where it was.

    Raises: as `check` does; Invalid CNV-002 to CNV-004 (the first page that cannot be read), CNV-009; and as `commands.propose` and `certify` do.
    """
    if not has_compared:
        raise Invalid(CNV_NOT_COMPARED, where="has_compared")
    case = get_case(case_id)
    scanned, sheets = _scanned(case.owner, item_ids, case.paper, desk.limits)
    if not is_already_proposed(case, actor, scanned):
        for shortcoming in _shortcomings(scanned, desk.limits):
            raise shortcoming
        propose(actor=actor, at=at, case_id=case_id, scanned=scanned, remarks=remarks)
        case = get_case(case_id)
    if case.state is ConversionState.PROPOSED and not ORIGINALS[case.original].needs_second:
        return _certify(actor, at, case, sheets, desk)
    return case


def confirm(*, actor: Actor, at: datetime, case_id: UUID, has_compared: bool, desk: Desk) -> CaseView:
    """A second officer compared the scans with the paper too: certified. The same officer again is told what was done.

    Raises: NotFound CNV-012; Invalid CNV-009; NotAllowed CNV-010, CNV-011; Conflict CNV-013, CNV-014, CNV-015.
    """
    if not has_compared:
        raise Invalid(CNV_NOT_COMPARED, where="has_compared")
    case = get_case(case_id)
    if _was_certified_by(case, actor):
        return case
    check_certifier(actor=actor, at=at, case=case)
    _, sheets = _scanned(case.owner, [scan.item_id for scan in case.scanned.scans], case.paper, desk.limits)
    return _certify(actor, at, case, sheets, desk)


def _certify(actor: Actor, at: datetime, case: CaseView, sheets: Sequence[Sheet], desk: Desk) -> CaseView:
    by = check_certifier(actor=actor, at=at, case=case)
    proposed = case.proposed
    assert proposed is not None, "the check above lets nothing else through"
    first = by if proposed.by == actor.account else get_converter(proposed.by)
    certificate = certify_scan(
        case,
        at=at,
        by=first,
        second=None if first is by else by,
        limits=desk.limits,
        organisation=desk.organisation,
        key=desk.key,
    )
    made = keep(render_converted(case, sheets, certificate, organisation=desk.organisation), owner=case.owner)
    try:
        certify(actor=actor, at=at, case=case, made=MadeFile(stored=made, certificate=certificate), organisation=desk.organisation)
    except Conflict:
        # WHY asked again: the same press of the same button, twice at once, is no conflict.
        if not _was_certified_by(get_case(case.case_id), actor):
            raise
    return get_case(case.case_id)


def _was_certified_by(case: CaseView, actor: Actor) -> bool:
    return case.state is ConversionState.CERTIFIED and case.last is not None and case.last.by == actor.account


def keep(content: bytes, *, owner: Owner) -> Stored:
    """A PDF into the store, on the disk before any row says so. Raises Invalid CNV-019; Unavailable WAR-007."""
    if len(content) > MAXIMUM_BYTES:
        raise Invalid(CNV_TOO_LARGE, size_bytes=len(content), maximum_bytes=MAXIMUM_BYTES)
    return Stored(store_blob(content, owner=owner), len(content), PDF)


def _scanned(owner: Owner, item_ids: Sequence[UUID], paper: Paper, limits: ReadableFrom) -> tuple[Scanned, list[Sheet]]:
    """Only what lies in this owner's warehouse: another's file is as if it did not exist."""
    items = [get_item(item_id, owner=owner) for item_id in item_ids[: limits.most_pages + 1]]
    for item in items:
        _check_sent_in(item)
    files = [SourceFile(item.media_type, read_item(item.item_id, owner=owner)) for item in items]
    assert all(sha256_hex(file.content) == item.sha256 for file, item in zip(files, items, strict=True)), "the store proves what it gives"
    sheets = read_sheets(files, most=limits.most_pages)
    pages = [
        ReadPage(scan=sheet.source, reading=read_page(sheet.open(), number=number, paper=paper))
        for number, sheet in enumerate(sheets, start=1)
    ]
    return Scanned(scans=[_scan(item) for item in items], pages=pages), sheets


def _check_sent_in(item: StoredItem) -> None:
    if item.media_type not in (PDF, PNG, JPEG):
        raise Invalid(CNV_NOT_A_PICTURE, where="items", name=item.title_vi)
    if item.provenance.get("source_system") != "upload" or item.conversion_direction is not None:
        raise Invalid(CNV_NOT_SENT_IN, where="items")


def _scan(item: StoredItem) -> Scan:
    return Scan(
        item_id=item.item_id,
        sha256=item.sha256,
        media_type=item.media_type,
        size_bytes=item.size_bytes,
        scan=str(item.provenance.get("scan", "")),
    )


def _shortcomings(scanned: Scanned, limits: ReadableFrom) -> list[Invalid]:
    found = (page.reading.shortcoming(limits) for page in scanned.pages)
    return [Invalid(sentence, where=f"pages[{told['page']}]", **told) for sentence, told in filter(None, found)]
