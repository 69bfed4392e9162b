"""An electronic original on paper: an item of the warehouse or the insurance book, set for the printer with what the law wants to stand on it."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import pikepdf

from bhxh.book.queries import get_payload_and_sealed, list_versions
from bhxh.book.rendering import render_pdf
from bhxh.conversion.certificates import Printed, certify_print
from bhxh.conversion.commands import MadeFile, record_print
from bhxh.conversion.converters import get_converter
from bhxh.conversion.errors import CNV_NOTHING_TO_PRINT, CNV_TOO_MANY_PAGES, CNV_UNREADABLE_PDF, CNV_WITHDRAWN
from bhxh.conversion.facts import PrintView
from bhxh.conversion.flows import Desk, keep
from bhxh.conversion.queries import BOOK, find_code, find_print, find_withdrawn, get_print
from bhxh.conversion.rendering import ToPrint, render_print
from bhxh.dossiers import catalogue
from bhxh.dossiers.queries import get_decisions, get_dossier_by_id
from bhxh.dossiers.rendering import payload_of, render_decision_pdf
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, shown
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.ids import uuid7
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.proving import JPEG, PDF, PNG
from bhxh.warehouse.queries import StoredItem, get_item, read_item

_MOST_PAGES: Final = 200  # LIMIT: of one original; setting a page takes some 10 ms
_SEALED: Final = "application/jose+json"


def print_item(*, actor: Actor, at: datetime, owner: Owner, item_id: UUID, desk: Desk) -> PrintView:
    """A print copy of a paper in the owner's warehouse. The same officer asking again on the same day is given the same one.

    Raises: NotFound WAR-005; Conflict CNV-014, CNV-017; NotAllowed CNV-010; Invalid CNV-007, CNV-016, CNV-022.
    """
    item = get_item(item_id, owner=owner)
    if (withdrawn_at := find_withdrawn(item_id, owner=owner)) is not None:
        raise Conflict(CNV_WITHDRAWN, withdrawn_at=shown(withdrawn_at))
    return _print(
        actor,
        at,
        owner,
        desk,
        item_id=item_id,
        read=lambda: _readable(item, read_item(item_id, owner=owner)),
        about=lambda pages: Printed(
            kind=item.kind,
            vi=item.title_vi,
            en=item.title_en,
            sha256=item.sha256,
            code=find_code(item_id, owner=owner),
            media_type=item.media_type,
            kept_at=item.at,
            pages=pages,
        ),
    )


def print_book(*, actor: Actor, at: datetime, person_id: int, desk: Desk) -> PrintView:
    """A print copy of a person's latest book. Its code is the book's own: who asks is told whether it is still the latest, and holds.

    Raises: NotFound BOK-003; Conflict CNV-014; NotAllowed CNV-010.
    """
    payload, sealed = get_payload_and_sealed(person_id)
    latest = max(list_versions(person_id), key=lambda version: version.version)
    return _print(
        actor,
        at,
        Owner("person", person_id),
        desk,
        item_id=None,
        read=lambda: _pdf(render_pdf(payload, sealed)),
        about=lambda pages: Printed(
            kind="book",
            vi=BOOK[0],
            en=BOOK[1],
            sha256=sha256_hex(sealed),
            code=sha256_hex(payload),
            media_type=_SEALED,
            kept_at=latest.sealed_at,
            pages=pages,
        ),
    )


def _print(
    actor: Actor,
    at: datetime,
    owner: Owner,
    desk: Desk,
    *,
    item_id: UUID | None,
    read: Callable[[], ToPrint],
    about: Callable[[int], Printed],
) -> PrintView:
    by = get_converter(actor.account)
    before = find_print(owner, original_sha256=about(0).sha256, by=by.account, made_on=day_in_vietnam(at))
    if before is not None:
        return before
    original = read()
    printed, print_id = about(original.pages), uuid7(at)
    certificate = certify_print(printed, print_id=print_id, at=at, by=by, organisation=desk.organisation, key=desk.key)
    try:
        content = render_print(original, certificate, organisation=desk.organisation)
    except RuntimeError:
        # WHY so broad: the compiler has no class of its own for a PDF that it cannot read.
        raise Invalid(CNV_UNREADABLE_PDF) from None
    made = MadeFile(stored=keep(content, owner=owner), certificate=certificate)
    return get_print(record_print(actor=actor, at=at, owner=owner, print_id=print_id, printed=printed, item_id=item_id, made=made))


def _readable(item: StoredItem, content: bytes) -> ToPrint:
    """As pages to be looked at. Sealed results are set as their owners see them. Raises Invalid CNV-007, CNV-016, CNV-022."""
    match item.media_type:
        case "image/jpeg":
            return ToPrint("jpg", content, 1)
        case "image/png":
            return ToPrint("png", content, 1)
        case "application/pdf":
            return _pdf(content)
        case "application/jose+json" if item.dossier_id is not None:
            return _pdf(_result(item, item.dossier_id, content))
    raise Invalid(CNV_NOTHING_TO_PRINT)


assert (PDF, PNG, JPEG) == ("application/pdf", "image/png", "image/jpeg"), "the pattern above spells them out"


def _result(item: StoredItem, dossier_id: UUID, content: bytes) -> bytes:
    if item.kind == "decision":
        number = next((decision.n for decision in get_decisions(dossier_id) if decision.sealed == content), 1)
        return render_decision_pdf(payload_of(content), content, number=number)
    render = catalogue.get(get_dossier_by_id(dossier_id).procedure_slug).pages.get(item.kind)
    if render is None:
        raise Invalid(CNV_NOTHING_TO_PRINT)
    return render(content)


def _pdf(content: bytes) -> ToPrint:
    """What stands on the pages besides their own content, such as notes and filled-in fields, is made part of them, or it would be lost."""
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as document:
            pages = len(document.pages)
            if pages > _MOST_PAGES:
                raise Invalid(CNV_TOO_MANY_PAGES, most=_MOST_PAGES)
            if any(page.obj.get("/Annots") for page in document.pages):
                document.generate_appearance_streams()
                document.flatten_annotations("print")
                flat = io.BytesIO()
                document.save(flat, deterministic_id=True)
                return ToPrint("pdf", flat.getvalue(), pages)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        raise Invalid(CNV_UNREADABLE_PDF) from None
    return ToPrint("pdf", content, pages)
