"""Paper to electronic form: what is certified, by whom, and what never is."""

import io
import os
import signal
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import orjson
import pikepdf
import pytest
from django.db import connection, transaction

from bhxh.conversion import commands, flows
from bhxh.conversion.models import Case, CaseStep
from bhxh.conversion.queries import find_standing, get_case, get_certificate, list_waiting
from bhxh.conversion.states import ConversionState
from bhxh.kernel.errors import BhxhError, Conflict, Invalid, NotAllowed, NotFound
from bhxh.signing.seals import verify_flattened
from bhxh.warehouse.queries import get_item, list_items, read_item
from tests.component.conversion.conftest import AT, NAMES, Desk, photo


def refused(kind: type[BhxhError], code: str, what: Any, *args: Any, **options: Any) -> BhxhError:
    """What it is refused with."""
    with pytest.raises(kind) as caught:
        what(*args, **options)
    assert caught.value.code == code
    return caught.value


def test_a_contract_is_certified_by_one_officer(desk: Desk) -> None:
    scan = desk.keep(photo())
    case = desk.convert(desk.open(), scan, remarks="góc dưới bị rách")
    assert case.state is ConversionState.CERTIFIED and case.item_id is not None
    item = get_item(case.item_id, owner=desk.owner())
    assert (item.kind, item.conversion_direction, item.media_type) == ("converted_contract", "TO_ELECTRONIC", "application/pdf")
    assert item.provenance["source_record_id"] == str(case.case_id) and item.provenance["from"] == [get_item(scan).sha256]
    assert desk.letters.count("paper_converted") == 1
    standing = find_standing(case.code)
    assert standing is not None and standing.withdrawn_at is None and standing.pages == 1
    assert find_standing(item.sha256) == standing, "the file in hand leads there too"


def test_the_certificate_says_what_the_law_wants(desk: Desk) -> None:
    case = desk.convert(desk.open(), desk.keep(photo()))
    sealed = get_certificate(case)
    payload = verify_flattened(sealed, keys=desk.keys.key_set(), type_name="bhxh-conversion+json", purpose="conversion").payload
    said = orjson.loads(payload)
    assert said["mark"]["vi"] == "BẢN CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY"
    assert said["converted_at"] == "2026-11-21T02:00:00Z" and said["converter"]["full_name"] == NAMES["lan"]
    assert said["second"] is None and "đối chiếu" in said["statement"]["vi"]
    [page] = said["pages"]
    assert page["dots_per_inch"] >= 150 and page["sharpness"] >= 35 and page["contrast"] >= 40
    [scan] = said["scans"]
    assert len(scan["sha256"]) == 64 and scan["scan"] == "not_scanned"
    assert NAMES["citizen"] not in payload.decode(), "whose paper it is, is nobody's business"


def test_the_file_shows_the_scan_as_it_came_and_carries_its_certificate(desk: Desk) -> None:
    case = desk.convert(desk.open(), desk.keep(photo()))
    content = read_item(case.item_id, owner=desk.owner())
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == 2, "the paper's one side, and the certificate"
        pictures = list(document.pages[0].get_images().values())
        assert any(bytes(picture.read_raw_bytes()) == photo() for picture in pictures), "not packed anew: every dot is the scanner's"
        [attached] = document.attachments.values()
        assert attached.get_file().read_bytes() == get_certificate(case)


def test_a_book_needs_a_second_person(desk: Desk) -> None:
    case = desk.convert(desk.open("paper_book", pages=2), desk.keep(photo(1)), desk.keep(photo(2)))
    assert case.state is ConversionState.PROPOSED
    assert find_standing(case.code or "0" * 64) is None
    assert [one for one in list_items(desk.owner()) if one.kind.startswith("converted")] == []
    assert [waiting.case_id for waiting in list_waiting()] == [case.case_id]
    refused(NotAllowed, "CNV-011", desk.confirm, case.case_id, login="lan")
    refused(Invalid, "CNV-009", desk.confirm, case.case_id, has_compared=False)
    done = desk.confirm(case.case_id)
    assert done.state is ConversionState.CERTIFIED and list_waiting() == ()
    said = orjson.loads(verify_flattened(get_certificate(done), keys=desk.keys.key_set(), type_name="bhxh-conversion+json").payload)
    assert (said["converter"]["full_name"], said["second"]["full_name"]) == (NAMES["lan"], NAMES["minh"])
    assert said["organisation"]["is_seal_demanded"]


def test_two_accounts_of_one_person_are_not_two_persons(desk: Desk) -> None:
    from bhxh.access.commands import appoint_officer, link_account
    from bhxh.access.roles import OfficerRole
    from bhxh.kernel.actor import system_actor

    actor = system_actor(name="test", request_id="r0", purpose="operation")
    account = link_account(actor=actor, at=AT, issuer="https://other.example", subject="lan2", person_id=desk.people["lan"])
    appoint_officer(
        actor=actor,
        at=AT,
        login="lan2",
        account=account,
        agency_code="00101",
        roles=[OfficerRole.CONVERTER],
        from_on=date(2026, 1, 1),
    )
    desk.people["lan2"] = desk.people["lan"]
    case = desk.convert(desk.open("paper_book"), desk.keep(photo()))
    refused(NotAllowed, "CNV-011", desk.confirm, case.case_id, login="lan2")


def test_nobody_converts_their_own_papers(desk: Desk) -> None:
    refused(NotAllowed, "CNV-010", desk.open, who="lan")
    case = desk.convert(desk.open("paper_book", who="minh"), desk.keep(photo(), who="minh"))
    refused(NotAllowed, "CNV-010", desk.confirm, case.case_id)


def test_only_converters_convert(desk: Desk) -> None:
    case_id, scan = desk.open(), desk.keep(photo())
    appraiser = desk.officer("appraiser", "APPRAISER")
    for act in (
        lambda: flows.convert(actor=appraiser, at=AT, case_id=case_id, item_ids=[scan], has_compared=True, remarks="", desk=desk.ports),
        lambda: commands.decline(actor=appraiser, at=AT, case_id=case_id, words="không đúng bản giấy"),
        lambda: commands.withdraw(
            actor=appraiser, at=AT, case_id=case_id, words="không đúng bản giấy", organisation=desk.ports.organisation
        ),
    ):
        refused(NotAllowed, "AUD-010", act)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: photo(out_of_focus=0.4), "CNV-003"),
        (lambda: photo(dots_per_inch=100), "CNV-002"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_page(desk: Desk, content: Any, code: str) -> None:
    error = refused(Invalid, code, desk.convert, desk.open(), desk.keep(content()))
    assert error.where == "pages[1]" and "1" in error.text("vi")
    assert not CaseStep.objects.exists()


def test_one_page_is_not_three(desk: Desk) -> None:
    case_id, scan = desk.open(pages=3), desk.keep(photo())
    error = refused(Invalid, "CNV-001", desk.convert, case_id, scan)
    assert "3" in error.text("vi") and "1" in error.text("en")
    _, shortcomings = flows.check(case_id, [scan], desk=desk.ports)
    assert [one.code for one in shortcomings] == ["CNV-001"]
    refused(Invalid, "CNV-021", desk.convert, desk.open(pages=3), scan, scan, scan)


def test_another_owners_scan_is_not_there(desk: Desk) -> None:
    scan = desk.keep(photo(), who="other")
    refused(NotFound, "WAR-005", desk.convert, desk.open(), scan)
    refused(NotFound, "WAR-005", desk.convert, desk.open(who="employer"), scan)
    refused(NotFound, "WAR-005", desk.convert, desk.open(), uuid4())


def test_what_was_not_scanned_is_no_paper(desk: Desk) -> None:
    done = desk.converted()
    refused(Invalid, "CNV-008", desk.convert, desk.open(), done.item_id)
    signed = b'<paper><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></paper>'
    refused(Invalid, "CNV-005", desk.convert, desk.open(), desk.keep(signed))


def test_the_comparison_is_said_and_not_taken_for_granted(desk: Desk) -> None:
    refused(Invalid, "CNV-009", desk.convert, desk.open(), desk.keep(photo()), has_compared=False)


def test_the_same_again_makes_nothing_twice(desk: Desk) -> None:
    case_id, scan = desk.open(), desk.keep(photo())
    first, again = desk.convert(case_id, scan), desk.convert(case_id, scan, at=AT + timedelta(hours=1))
    assert first == again
    book = desk.convert(desk.open("paper_book"), scan)
    assert desk.convert(book.case_id, scan) == book
    done = desk.confirm(book.case_id)
    assert desk.confirm(book.case_id, at=AT + timedelta(hours=1)) == done
    assert desk.letters.count("paper_converted") == 2
    assert len([one for one in list_items(desk.owner()) if one.kind.startswith("converted")]) == 2


def test_a_declined_one_is_put_forward_anew(desk: Desk) -> None:
    case = desk.convert(desk.open("certificate"), desk.keep(photo()))
    refused(Invalid, "CNV-018", commands.decline, actor=desk.officer("minh"), at=AT, case_id=case.case_id, words="sai")
    commands.decline(actor=desk.officer("minh"), at=AT, case_id=case.case_id, words="trang hai là của người khác")
    refused(Conflict, "CNV-013", desk.confirm, case.case_id)
    again = desk.convert(case.case_id, desk.keep(photo(2)))
    assert again.state is ConversionState.PROPOSED and len(again.steps) == 3
    assert desk.confirm(case.case_id).state is ConversionState.CERTIFIED


def test_a_right_that_ended_meanwhile_certifies_nothing(desk: Desk) -> None:
    from bhxh.access.commands import dismiss_officer
    from bhxh.kernel.actor import system_actor

    case = desk.convert(desk.open("paper_book"), desk.keep(photo()))
    dismiss_officer(actor=system_actor(name="test", request_id="r0", purpose="operation"), at=AT, login="lan", on=date(2026, 11, 21))
    refused(Conflict, "CNV-015", desk.confirm, case.case_id)


def test_a_withdrawn_one_says_so_and_its_owner_is_told(desk: Desk) -> None:
    done = desk.converted()
    act = {"actor": desk.officer("minh"), "at": AT, "case_id": done.case_id, "organisation": desk.ports.organisation}
    commands.withdraw(**act, words="trang hai không phải của sổ này")
    standing = find_standing(done.code)
    assert standing is not None and standing.withdrawn_at == AT
    assert desk.letters.count("conversion_withdrawn") == 1
    assert read_item(done.item_id, owner=desk.owner()), "nothing is ever taken away"
    refused(Conflict, "CNV-013", commands.withdraw, **act, words="trang hai không phải của sổ này")


def test_an_employers_paper_has_no_letter_and_a_place_in_its_warehouse(desk: Desk) -> None:
    done = desk.converted(who="employer")
    assert get_item(done.item_id, owner=desk.owner("employer")).kind == "converted_contract"
    assert "paper_converted" not in desk.letters


def test_nothing_is_seen_of_one_that_died_before_its_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, scan = desk.open(), desk.keep(photo())

    class DiedError(Exception):
        pass

    def die(**_: object) -> None:
        raise DiedError

    monkeypatch.setattr(flows, "certify", die)
    with pytest.raises(DiedError):
        desk.convert(case_id, scan)
    assert get_case(case_id).state is ConversionState.PROPOSED
    assert [one for one in list_items(desk.owner()) if one.kind.startswith("converted")] == []
    monkeypatch.undo()
    assert desk.convert(case_id, scan).state is ConversionState.CERTIFIED, "the same request goes on from there"
    assert CaseStep.objects.filter(case_id=case_id).count() == 2 and Case.objects.count() == 1


def test_every_step_is_in_the_log(desk: Desk) -> None:
    from bhxh.audit.models import Entry

    case = desk.convert(desk.open("paper_book"), desk.keep(photo()))
    desk.confirm(case.case_id)
    verbs = [row.verb for row in Entry.objects.filter(verb__startswith="conversion.").order_by("entry_id")]
    assert verbs == ["conversion.case.open", "conversion.case.propose", "conversion.case.certify"]


@pytest.mark.parametrize("moment", ["before the rows", "before the commit"])
def test_killed_while_certifying_leaves_nothing_half_visible(committed_desk: Desk, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    desk = committed_desk
    case_id, scan = desk.open(), desk.keep(photo())

    class DiedError(Exception):
        pass

    def killed(**given: Any) -> None:
        connection.close()  # WHY: the child must not end this process's own connection
        child = os.fork()  # WHY here: the page is set by then, and the compiler's threads are not in a child
        if child == 0:
            try:
                _as_application()
                with transaction.atomic():
                    if moment == "before the commit":
                        commands.certify(**given)
                    os.kill(os.getpid(), signal.SIGKILL)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        raise DiedError

    monkeypatch.setattr(flows, "certify", killed)
    with pytest.raises(DiedError):
        desk.convert(case_id, scan)
    monkeypatch.undo()
    _as_application()
    assert get_case(case_id).state is ConversionState.PROPOSED
    assert [one for one in list_items(desk.owner()) if one.kind.startswith("converted")] == []
    done = desk.convert(case_id, scan)
    assert done.state is ConversionState.CERTIFIED and len(done.steps) == 2, "the same request goes on from there"
    assert find_standing(done.code) is not None and desk.letters.count("paper_converted") == 1


def _as_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE bhxh_app")
