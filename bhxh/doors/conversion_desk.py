"""The desk for paper, as the API and the officers' pages both work at it: who converts, whose paper, and that each look is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bhxh.access.permissions import check_convert
from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import record_look
from bhxh.conversion import commands, flows
from bhxh.conversion.desks import find_owner
from bhxh.conversion.facts import CaseView, PrintView, Scanned
from bhxh.conversion.originals import Original, Paper
from bhxh.conversion.printing import print_book, print_item
from bhxh.conversion.queries import get_case, get_print, list_waiting
from bhxh.conversion.sheets import Sheet, count_sheets, find_sheet
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.who import officer
from bhxh.warehouse import flows as warehouse
from bhxh.warehouse.errors import WAR_NO_ITEM
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.proving import JPEG, PNG
from bhxh.warehouse.queries import StoredItem, get_item, read_item, stream_item
from bhxh.warehouse.uploads import UploadView, find_uploads, get_upload

CONVERTERS: Final = officer(OfficerRole.CONVERTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A scan, a converted file or a print copy, in pieces."""

    item: StoredItem
    pieces: Iterable[bytes]


def waiting(signed_in: SignedIn) -> tuple[CaseView, ...]:
    """What waits for a second person. Kinds of paper, states and counts; nobody's data. Raises NotAllowed ACC-020."""
    _desk(signed_in)
    return list_waiting()


def open_case(signed_in: SignedIn, *, pin: str, employer: str, original: Original, paper: Paper, pages: int) -> CaseView:
    """A paper came to the desk. Raises as `commands.open_case` does; NotFound CNV-020; NotAllowed ACC-020."""
    actor, owner = _owner(signed_in, pin=pin, employer=employer)
    limits = partners().readable_from
    case_id = commands.open_case(actor=actor, at=now(), owner=owner, original=original, paper=paper, declared_pages=pages, limits=limits)
    return _shown(actor, get_case(case_id))


def show_case(signed_in: SignedIn, case_id: UUID) -> CaseView:
    """Where a conversion stands. Raises NotFound CNV-012; NotAllowed ACC-020."""
    return _shown(*_case(signed_in, case_id))


def keep_scan(signed_in: SignedIn, case_id: UUID, *, kind: str, content: Iterable[bytes], expected_bytes: int) -> UploadView:
    """It is examined as if its owner had sent it in. Raises as `warehouse.receive` does; NotFound CNV-012; NotAllowed ACC-020."""
    actor, case = _case(signed_in, case_id)
    upload = warehouse.receive(
        actor=actor,
        at=now(),
        owner=case.owner,
        kind=kind,
        content=content,
        expected_bytes=expected_bytes,
        maximum_bytes=partners().maximum_document_bytes,
    )
    _look(actor, case.owner)
    return upload


def show_scan(signed_in: SignedIn, case_id: UUID, upload_id: UUID) -> UploadView:
    """Whether a scan was examined. Raises NotFound CNV-012, WAR-023; NotAllowed ACC-020."""
    actor, case = _case(signed_in, case_id)
    upload = get_upload(upload_id, owner=case.owner)
    _look(actor, case.owner)
    return upload


def show_scans(signed_in: SignedIn, case_id: UUID, upload_ids: Sequence[UUID]) -> tuple[UploadView, ...]:
    """How far these are examined, in this order. The look at the case is their look. Raises NotFound CNV-012; NotAllowed ACC-020."""
    _, case = _case(signed_in, case_id)
    found = find_uploads(case.owner, upload_ids) if upload_ids else {}
    return tuple(found[one] for one in dict.fromkeys(upload_ids) if one in found)


def check(signed_in: SignedIn, case_id: UUID, item_ids: Sequence[UUID]) -> tuple[Scanned, tuple[Invalid, ...]]:
    """Measures every page and writes nothing but the look. Raises as `flows.check` does; NotAllowed ACC-020."""
    actor, case = _case(signed_in, case_id)
    found = flows.check(case_id, item_ids, desk=partners().desk())
    _look(actor, case.owner)
    return found


def convert(signed_in: SignedIn, case_id: UUID, item_ids: Sequence[UUID], *, has_compared: bool, remarks: str) -> CaseView:
    """These scans are the paper. Raises as `flows.convert` does; NotAllowed ACC-020."""
    actor, _ = _case(signed_in, case_id)
    done = flows.convert(
        actor=actor, at=now(), case_id=case_id, item_ids=item_ids, has_compared=has_compared, remarks=remarks, desk=partners().desk()
    )
    return _shown(actor, done)


def confirm(signed_in: SignedIn, case_id: UUID, *, has_compared: bool) -> CaseView:
    """A second person compared it too. Raises as `flows.confirm` does; NotAllowed ACC-020."""
    actor, _ = _case(signed_in, case_id)
    return _shown(actor, flows.confirm(actor=actor, at=now(), case_id=case_id, has_compared=has_compared, desk=partners().desk()))


def decline(signed_in: SignedIn, case_id: UUID, *, words: str) -> CaseView:
    """The scans are not the paper. Raises as `commands.decline` does; NotAllowed ACC-020."""
    actor, _ = _case(signed_in, case_id)
    commands.decline(actor=actor, at=now(), case_id=case_id, words=words)
    return _shown(actor, get_case(case_id))


def withdraw(signed_in: SignedIn, case_id: UUID, *, words: str) -> CaseView:
    """What was certified is wrong. Raises as `commands.withdraw` does; NotAllowed ACC-020."""
    actor, _ = _case(signed_in, case_id)
    commands.withdraw(actor=actor, at=now(), case_id=case_id, words=words, organisation=partners().desk().organisation)
    return _shown(actor, get_case(case_id))


def open_file(signed_in: SignedIn, case_id: UUID, item_id: UUID) -> OpenedFile:
    """Only what this conversion is made of or has made. Raises NotFound CNV-012, WAR-005; NotAllowed ACC-020."""
    actor, case = _case(signed_in, case_id)
    if item_id not in {scan.item_id for scan in case.scanned.scans} | {case.item_id}:
        raise NotFound(WAR_NO_ITEM)
    return _opened(actor, case.owner, item_id)


def count_sheets_of(case: CaseView, uploads: Sequence[UploadView]) -> dict[UUID, int]:
    """How many sheets of these uploads can be looked at one by one, by upload. Shows nothing of them."""
    return {
        one.upload_id: 1 if one.media_type in (JPEG, PNG) else count_sheets(read_item(one.item_id, owner=case.owner))
        for one in uploads
        if one.item_id is not None
    }


def open_sheet(signed_in: SignedIn, case_id: UUID, file_id: UUID, number: int) -> Sheet:
    """One sheet, counted from 1, of a scan of this conversion, or of an upload that came since it was begun.

    Raises NotFound CNV-012, WAR-005, WAR-023; NotAllowed ACC-020.
    """
    actor, case = _case(signed_in, case_id)
    item_id: UUID | None = file_id
    if file_id not in {scan.item_id for scan in case.scanned.scans}:
        upload = get_upload(file_id, owner=case.owner)
        # WHY only since then: what its owner keeps for themselves is not this desk's to look at.
        item_id = upload.item_id if upload.received_at >= case.at else None
    sheet = None if item_id is None else find_sheet(read_item(item_id, owner=case.owner), number)
    if sheet is None:
        raise NotFound(WAR_NO_ITEM)
    _look(actor, case.owner)
    return sheet


def make_print(signed_in: SignedIn, *, pin: str, employer: str, item_id: UUID | None) -> PrintView:
    """A paper of the warehouse, or a person's latest book. Raises as `print_item` and `print_book` do; NotFound CNV-020; NotAllowed ACC-020."""
    actor, owner = _owner(signed_in, pin=pin, employer=employer)
    at, desk = now(), partners().desk()
    if item_id is not None:
        made = print_item(actor=actor, at=at, owner=owner, item_id=item_id, desk=desk)
    elif owner.kind == "person":
        made = print_book(actor=actor, at=at, person_id=owner.id, desk=desk)
    else:
        raise NotFound(WAR_NO_ITEM)
    _look(actor, owner)
    return made


def show_print(signed_in: SignedIn, print_id: UUID) -> PrintView:
    """What was set for the printer. Raises NotFound CNV-023; NotAllowed ACC-020."""
    actor, made = _print(signed_in, print_id)
    _look(actor, made.owner)
    return made


def open_print(signed_in: SignedIn, print_id: UUID) -> OpenedFile:
    """To be printed, signed and sealed. Raises NotFound CNV-023; NotAllowed ACC-020."""
    actor, made = _print(signed_in, print_id)
    return _opened(actor, made.owner, made.item_id)


def _desk(signed_in: SignedIn) -> Actor:
    actor, facts = signed_in.officer("conversion")
    check_convert(actor, officer=facts)
    return actor


def _owner(signed_in: SignedIn, *, pin: str, employer: str) -> tuple[Actor, Owner]:
    actor, facts = signed_in.officer("conversion")
    check_convert(actor, officer=facts)
    owner = find_owner(pin=pin, employer=employer, custodian=partners().custodian)
    check_convert(actor, person_id=_person(owner), officer=facts)
    return actor, owner


def _case(signed_in: SignedIn, case_id: UUID) -> tuple[Actor, CaseView]:
    actor, facts = signed_in.officer("conversion")
    check_convert(actor, officer=facts)
    case = get_case(case_id)
    check_convert(actor, person_id=_person(case.owner), officer=facts)
    return actor, case


def _print(signed_in: SignedIn, print_id: UUID) -> tuple[Actor, PrintView]:
    actor, facts = signed_in.officer("conversion")
    made = get_print(print_id)
    check_convert(actor, person_id=_person(made.owner), officer=facts)
    return actor, made


def _person(owner: Owner) -> int | None:
    return owner.id if owner.kind == "person" else None


def _shown(actor: Actor, case: CaseView) -> CaseView:
    _look(actor, case.owner)
    return case


def _opened(actor: Actor, owner: Owner, item_id: UUID) -> OpenedFile:
    item = get_item(item_id, owner=owner)
    pieces = stream_item(item)
    _look(actor, owner)
    return OpenedFile(item=item, pieces=pieces)


def _look(actor: Actor, owner: Owner) -> None:
    if owner.kind == "person":
        record_look(actor=actor, at=now(), person_id=owner.id, what="conversion")
