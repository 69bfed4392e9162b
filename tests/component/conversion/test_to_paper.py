"""Electronic to paper form: what a print says of its original, and what is not printed."""

import io
from datetime import timedelta
from typing import Any

import orjson
import pikepdf
import pytest

from bhxh.conversion import commands
from bhxh.conversion.facts import PrintView
from bhxh.conversion.models import PrintCopy
from bhxh.conversion.printing import print_book, print_item
from bhxh.conversion.queries import find_standing
from bhxh.conversion.resting import NAMING
from bhxh.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from bhxh.signing.seals import verify_flattened
from bhxh.warehouse.queries import get_item, read_item
from bhxh.warehouse.resting import find_rested_on
from tests.component.conversion.conftest import AT, NAMES, Desk, photo
from tests.component.conversion.test_from_paper import refused
from tests.component.warehouse.test_uploads import PDF, SIGNED


def print_of(desk: Desk, item_id: Any, *, login: str = "lan", at: Any = AT, who: str = "citizen") -> PrintView:
    return print_item(actor=desk.officer(login), at=at, owner=desk.owner(who), item_id=item_id, desk=desk.ports)


def certificate_of(desk: Desk, made: PrintView) -> Any:
    sealed = bytes(PrintCopy.objects.get(print_id=made.print_id).certificate)
    return orjson.loads(verify_flattened(sealed, keys=desk.keys.key_set(), type_name="bhxh-conversion+json", purpose="conversion").payload)


def test_a_converted_paper_is_printed_again(desk: Desk) -> None:
    done = desk.converted()
    made = print_of(desk, done.item_id)
    item = get_item(made.item_id, owner=desk.owner())
    assert (item.kind, item.conversion_direction, made.pages) == ("print_copy", "TO_PAPER", 2)
    said = certificate_of(desk, made)
    assert said["mark"]["vi"] == "BẢN GIẤY CHUYỂN ĐỔI TỪ THÔNG ĐIỆP DỮ LIỆU" and said["converter"]["full_name"] == NAMES["lan"]
    assert said["organisation"] == {
        "address": "https://bhxh.example",
        "code": "00101",
        "custodian": "mof",
        "name": "Bảo hiểm xã hội Việt Nam",
        "system": "bhxh",
    }
    assert (said["original"]["sha256"], said["original"]["code"]) == (done.file_sha256, done.code)
    with pikepdf.open(io.BytesIO(read_item(made.item_id, owner=desk.owner()))) as document:
        assert len(document.pages) == 3, "the original's pages, and what identifies it"
        assert [float(side) for side in document.pages[0].mediabox][2:] == pytest.approx([595.28, 841.89], abs=0.1), "A4"
        assert len(document.attachments) == 1


def test_its_code_leads_to_the_original(desk: Desk) -> None:
    done = desk.converted()
    made = print_of(desk, done.item_id)
    for asked in (made.code, made.file_sha256):
        standing = find_standing(asked)
        assert standing is not None and standing.direction == "TO_PAPER"
        assert (standing.original_sha256, standing.original_code) == (done.file_sha256, done.code)
    commands.withdraw(
        actor=desk.officer("minh"), at=AT, case_id=done.case_id, words="không đúng bản giấy", organisation=desk.ports.organisation
    )
    standing = find_standing(made.code)
    assert standing is not None and standing.withdrawn_at == AT, "whoever holds the paper is told too"


def test_a_withdrawn_conversion_is_not_printed(desk: Desk) -> None:
    done = desk.converted()
    commands.withdraw(
        actor=desk.officer("minh"), at=AT, case_id=done.case_id, words="không đúng bản giấy", organisation=desk.ports.organisation
    )
    refused(Conflict, "CNV-017", print_of, desk, done.item_id)


def test_pictures_and_pdfs_are_printed_as_they_are(desk: Desk) -> None:
    assert print_of(desk, desk.keep(photo())).pages == 1
    made = print_of(desk, desk.keep(PDF))
    assert made.pages == 1 and certificate_of(desk, made)["original"]["code"] == ""


def test_what_has_no_page_is_not_printed(desk: Desk) -> None:
    refused(Invalid, "CNV-016", print_of, desk, desk.keep(SIGNED))


def test_notes_on_a_page_are_printed_with_it(desk: Desk) -> None:
    """A field filled in is part of what the page says, and lies beside its content in the file."""
    from tests.unit.conversion.pdfs import with_a_field

    made = print_of(desk, desk.keep(with_a_field("ĐÃ KÝ 4711")))
    with pikepdf.open(io.BytesIO(read_item(made.item_id, owner=desk.owner()))) as document:
        inside = b"".join(
            form.read_bytes() for form in document.objects if isinstance(form, pikepdf.Stream) and form.get("/Type") != "/EmbeddedFile"
        )
        assert b"re" in inside and any(form.get("/Subtype") == "/Form" for form in document.objects if isinstance(form, pikepdf.Stream))


def test_nobody_prints_anothers_or_their_own(desk: Desk) -> None:
    scan = desk.keep(photo(), who="other")
    refused(NotFound, "WAR-005", print_of, desk, scan)
    own = desk.keep(photo(), who="lan", login="minh")
    refused(NotAllowed, "CNV-010", print_of, desk, own, who="lan")


def test_the_same_print_again_on_that_day_is_the_same(desk: Desk) -> None:
    scan = desk.keep(photo())
    first = print_of(desk, scan)
    assert print_of(desk, scan, at=AT + timedelta(hours=2)) == first
    assert print_of(desk, scan, login="minh").print_id != first.print_id, "each officer answers for their own"
    assert print_of(desk, scan, at=AT + timedelta(days=1)).print_id != first.print_id


def test_a_book_that_was_never_sealed_is_not_printed(desk: Desk) -> None:
    refused(NotFound, "BOK-003", print_book, actor=desk.officer("lan"), at=AT, person_id=desk.people["citizen"], desk=desk.ports)


def test_a_book_is_printed_with_its_own_code(desk: Desk) -> None:
    from datetime import UTC, datetime

    from bhxh.book.commands import seal_books
    from bhxh.book.queries import list_versions
    from bhxh.kernel.actor import system_actor

    sealed_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    actor = system_actor(name="test", request_id="r0", purpose="operation")
    seal_books(actor=actor, at=sealed_at, person_ids=[desk.people["citizen"]], key=desk.keys.seal_key("book"))
    made = print_book(actor=desk.officer("lan"), at=AT, person_id=desk.people["citizen"], desk=desk.ports)
    [version] = list_versions(desk.people["citizen"])
    assert made.original_code == version.sha256 and made.original_item_id is None
    standing = find_standing(made.code)
    assert standing is not None and standing.original_code == version.sha256


def test_a_print_is_verified_when_its_original_is_kept_no_longer(desk: Desk) -> None:
    from bhxh.warehouse.models import Lifetime

    scan = desk.keep(photo())
    made = print_of(desk, scan)
    Lifetime.objects.create(
        owner_id=desk.people["citizen"], owner_kind="person", item_id=scan, keep_until_on=AT.date(), ended_at=AT, settled_at=AT
    )
    standing = find_standing(made.code)
    assert standing is not None and (standing.vi, standing.withdrawn_at) == ("Giấy tờ khác", None)


def test_what_is_printed_rests(desk: Desk) -> None:
    done = desk.converted()
    made = print_of(desk, done.item_id)
    original, copy = (get_item(item_id, owner=desk.owner()).sha256 for item_id in (done.item_id, made.item_id))
    assert find_rested_on({original, copy, "0" * 64}, naming=NAMING) == {original, copy}
