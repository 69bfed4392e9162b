"""Long lists over HTTP: they go to the room, and while it is taken the caller is asked to come again; nothing is lost and nothing doubled."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.doors.test_answers import check_problem
from tests.doors.world import World

_CHILD = "import sys; from bhxh.doors.list_room import serve; serve(int(sys.argv[1]), after_each=lambda: None)"


@pytest.fixture
def taken(api: World, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """The room is taken until this is called, or the test ends; and nobody may wait."""
    from bhxh.doors import partners
    from bhxh.doors.list_room import ListRoom

    room, pipe = ListRoom((sys.executable, "-c", _CHILD), places=1), tmp_path / "pipe"
    os.mkfifo(pipe)
    partners.bind(replace(partners.partners(), list_room=room))
    work = threading.Thread(target=room.run, args=(Path.read_bytes, pipe))
    work.start()
    while room._places._value and work.is_alive():
        time.sleep(0.01)

    def leave() -> None:
        if work.is_alive():
            pipe.write_bytes(b"")
            work.join()

    yield leave
    leave()
    room.close()


def test_while_the_room_is_taken_a_filing_is_asked_to_come_again_and_the_same_key_works_then(
    api: World, taken: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bhxh.doors import list_filing
    from bhxh.dossiers.models import Dossier

    draft, to_sign = api.prepare_list(batch=7)
    before = Dossier.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr(list_filing, "LONG_DOCUMENT_BYTES", 100)
        refused = api.file_draft(draft, to_sign, key="k-busy")
    check_problem(refused, 503, "API-020")
    assert refused["Retry-After"] == "20"
    assert Dossier.objects.count() == before
    assert api.file_draft(*api.prepare_list(batch=8), key="k-short").status_code == 201, "a short list is filed meanwhile"
    taken()
    assert api.file_draft(draft, to_sign, key="k-busy").status_code == 201
    assert api.file_draft(draft, to_sign, key="k-busy").status_code == 200


def test_a_long_workbook_goes_to_the_room(api: World, taken: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.procedures.register_employees import workbook_door

    monkeypatch.setattr(workbook_door, "_LONG_BYTES", 1_000)
    for path, more in (("checks", {}), ("preparations", {"certificate": ("c.der", api.signer.certificate if api.signer else b"")})):
        reply = api.upload(f"/register-employees/{path}", {"workbook": ("d02.xlsx", api.workbook), **more}, "clerk", period=api.period)
        check_problem(reply, 503, "API-020")


def test_the_answer_to_a_check_is_the_published_shape(api: World) -> None:
    from bhxh.doors.api.shapes import CheckOut, DraftOut, PreparationOut

    files = {"workbook": ("d02.xlsx", api.workbook)}
    reply = api.upload("/register-employees/checks", files, "clerk", period=api.period)
    checked = CheckOut.model_validate_json(reply.content)
    assert checked.model_dump(mode="json") == reply.json()
    assert (len(checked.lines), checked.documents, bool(checked.document)) == (32, 1, True)
    signer = api.signer
    assert signer is not None
    reply = api.upload(
        "/register-employees/preparations", {**files, "certificate": ("c.der", signer.certificate)}, "clerk", period=api.period
    )
    prepared = PreparationOut.model_validate_json(reply.content)
    assert (prepared.lines, prepared.further, prepared.document) == (32, [], checked.document)
    assert prepared.expires_at > datetime.now(UTC)
    assert set(DraftOut.model_fields) < set(PreparationOut.model_fields)


def test_a_list_of_several_documents_is_prepared_and_filed_document_by_document(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from base64 import b64decode

    from bhxh.dossiers.queries import get_dossier, list_all_lines
    from bhxh.procedures.register_employees import canonical_xml

    signer = api.signer
    assert signer is not None
    files = {"workbook": ("d02.xlsx", api.workbook), "certificate": ("c.der", signer.certificate)}
    uncut = api.upload("/register-employees/checks", {"workbook": files["workbook"]}, "clerk", period=api.period, batch="20").json()
    monkeypatch.setattr(canonical_xml, "MAXIMUM_LINES", 12)
    checked = api.upload("/register-employees/checks", {"workbook": files["workbook"]}, "clerk", period=api.period, batch="20").json()
    assert (checked["documents"], checked["document"], len(checked["lines"])) == (3, "", 32)
    assert [line["number"] for line in checked["lines"]] == list(range(1, 33)), "in the order of the list, however it was cut"
    assert (checked["lines"], checked["counts"]) == (uncut["lines"], uncut["counts"])
    answer = api.upload("/register-employees/preparations", files, "clerk", period=api.period, batch="20").json()
    numbers = []
    for draft in (answer, *answer["further"]):
        receipt = api.file_draft(draft["draft_id"], b64decode(draft["to_sign"]), key=draft["draft_id"])
        assert (receipt.status_code, receipt.json()["lines_total"]) == (201, draft["lines"])
        numbers += [line.number for line in list_all_lines(get_dossier(receipt.json()["code"]).dossier_id)]
    assert sorted(numbers) == list(range(1, 33))
