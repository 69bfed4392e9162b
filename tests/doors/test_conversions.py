"""The desk over HTTP and on the command line: a paper is scanned, compared by two, certified, verified by anybody, printed, withdrawn."""

import io
from typing import Any

import orjson
import pikepdf
import pytest

from tests.component.conversion.conftest import photo
from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World

CONVERTER, SECOND = "officer CONVERTER", "other officer"
WHY = "trang hai không phải của sổ này"


def make_second(api: World) -> None:
    """Another officer converts too, until the test is rolled back."""
    from bhxh.access.models import Officer

    row = Officer.objects.get(login="minh")
    row.roles = [*row.roles, "CONVERTER"]
    row.save()


def opened(api: World, original: str = "contract", *, pages: int = 1, role: str = CONVERTER, **owner: str) -> str:
    body = {"original": original, "paper": "A5", "pages": pages, **(owner or {"pin": api.people["citizen"]})}
    reply = api.post("/office/conversions", body, role)
    assert reply.status_code == 201, reply.content
    return str(reply.json()["case_id"])


def scanned(api: World, case_id: str, content: bytes | None = None, role: str = CONVERTER) -> str:
    """Sent in at the desk, examined by the job; the paper's id in the warehouse."""
    from bhxh.doors.jobs import tasks
    from bhxh.warehouse.models import Upload

    path = f"/office/conversions/{case_id}/uploads"
    sent = api.call("POST", path, role, data=content or photo(), content_type="application/octet-stream")
    assert sent.status_code == 202, sent.content
    row = Upload.objects.get(upload_id=sent.json()["upload_id"])
    tasks.examine_upload(upload_id=str(row.upload_id), owner_kind=row.owner_kind, owner_id=row.owner_id)
    return str(api.get(f"{path}/{row.upload_id}", role).json()["item_id"])


def put_forward(api: World, case_id: str, *items: str, role: str = CONVERTER, has_compared: bool = True) -> Any:
    return api.post(f"/office/conversions/{case_id}/proposal", {"items": items, "has_compared": has_compared}, role)


def certified(api: World, original: str = "contract") -> dict[str, Any]:
    case_id = opened(api, original)
    done = put_forward(api, case_id, scanned(api, case_id))
    assert (done.status_code, done.json()["state"]) == (200, "CERTIFIED"), done.content
    return dict(done.json())


def printed(api: World, item_id: str | None = None) -> Any:
    return api.post("/office/print-copies", {"pin": api.people["citizen"], "item_id": item_id}, CONVERTER)


def test_a_book_is_certified_by_two_and_verified_by_anybody(api: World) -> None:
    make_second(api)
    case_id = opened(api, "paper_book", pages=2)
    items = [scanned(api, case_id, photo(page)) for page in (1, 2)]
    checked = api.post(f"/office/conversions/{case_id}/checks", {"items": items}, CONVERTER).json()
    assert checked["shortcomings"] == [] and [page["number"] for page in checked["pages"]] == [1, 2]
    done = put_forward(api, case_id, *items)
    assert (done.json()["state"], done.json()["needs_second"], done.json()["code"]) == ("PROPOSED", True, "")
    assert looks("conversion", done["X-Request-Id"]) == {person_of(api, "citizen")}
    assert [case["case_id"] for case in api.get("/office/conversions", SECOND).json()] == [case_id]
    check_problem(api.post(f"/office/conversions/{case_id}/confirmation", {"has_compared": True}, CONVERTER), 403, "CNV-011")
    scan = api.get(f"/office/conversions/{case_id}/files/{items[1]}", SECOND)
    assert b"".join(scan.streaming_content) == photo(2), "the second person sees what is to be compared"
    done = api.post(f"/office/conversions/{case_id}/confirmation", {"has_compared": True}, SECOND)
    assert (done.json()["state"], [step["step"] for step in done.json()["steps"]]) == ("CERTIFIED", ["PROPOSED", "CERTIFIED"])
    code, item_id = done.json()["code"], done.json()["item_id"]
    kept = api.get(f"/warehouse/items/{item_id}", "citizen")
    with pikepdf.open(io.BytesIO(b"".join(kept.streaming_content))) as document:
        assert len(document.pages) == 3
    for asked in (code, done.json()["file_sha256"]):
        told = api.get(f"/open/verification/{asked}").json()
        assert told["is_known"] and told["conversion"]["pages"] == 2 and told["conversion"]["withdrawn_at"] is None
        page = api.get(f"/xac-minh/{asked}", root="").content.decode()
        assert "còn giá trị" in page
        assert "Paper insurance book" in api.get(f"/xac-minh/{asked}?lang=en", root="").content.decode()
        assert not any(secret in page for secret in (api.people["citizen"], case_id, item_id)), "nothing says whose it is"


def test_a_file_is_verified_as_a_whole(api: World) -> None:
    """The certificate inside says nothing of the pages around it: they are held to the digest of what was certified."""
    done = certified(api)
    kept = b"".join(api.get(f"/warehouse/items/{done['item_id']}", "citizen").streaming_content)
    told = verified(api, kept)
    assert (told["kind"], told["holds"]) == ("conversion", True)
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept)) as document:
        document.pages[0].contents_add(document.make_stream(b"0 0 500 800 re f"))
        document.save(changed)
    told = verified(api, changed.getvalue())
    assert told["holds"] is False and "đã bị thay" in told["sentence_vi"]
    api.post(f"/office/conversions/{done['case_id']}/withdrawal", {"words": WHY}, CONVERTER)
    assert verified(api, kept)["holds"] is False


def verified(api: World, content: bytes) -> dict[str, Any]:
    reply = api.call("POST", "/open/verifications/file", data=content, content_type="application/octet-stream")
    assert reply.status_code == 200, reply.content
    return dict(reply.json())


def test_codes_are_not_tried_without_end(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.access.errors import TooMany
    from bhxh.doors.partners import partners

    def no_more(address: str) -> None:
        raise TooMany(retry_after_s=60)

    monkeypatch.setattr(partners().signing_in.limits, "check_verification", no_more)
    check_problem(api.get(f"/open/verification/{'0' * 64}"), 429, "ACC-034")
    assert api.get(f"/xac-minh/{'0' * 64}", root="").status_code == 429


def test_a_withdrawn_one_is_told_to_whoever_verifies(api: World) -> None:
    done = certified(api)
    copy = printed(api, done["item_id"])
    assert copy.status_code == 201, copy.content
    withdrawn = api.post(f"/office/conversions/{done['case_id']}/withdrawal", {"words": WHY}, CONVERTER)
    assert withdrawn.json()["state"] == "WITHDRAWN"
    for code in (done["code"], copy.json()["code"]):
        assert "đã bị thu hồi" in api.get(f"/xac-minh/{code}", root="").content.decode()
    check_problem(printed(api, done["item_id"]), 409, "CNV-017")


def test_a_print_leads_to_its_original(api: World) -> None:
    done = certified(api)
    made = printed(api, done["item_id"]).json()
    told = api.get(f"/open/verification/{made['code']}").json()["conversion"]
    assert (told["direction"], told["original_code"], told["original_sha256"]) == ("TO_PAPER", done["code"], done["file_sha256"])
    assert f"/xac-minh/{done['code']}" in api.get(f"/xac-minh/{made['code']}", root="").content.decode()
    file = api.get(f"/office/print-copies/{made['print_id']}/file", CONVERTER)
    assert looks("conversion", file["X-Request-Id"]) == {person_of(api, "citizen")}
    with pikepdf.open(io.BytesIO(b"".join(file.streaming_content))) as document:
        assert len(document.pages) == made["pages"] + 1


def test_the_latest_book_and_a_decision_are_printed(api: World) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier
    from bhxh.warehouse.owners import Owner
    from bhxh.warehouse.queries import list_items

    made = printed(api)
    assert made.status_code == 201, made.content
    told = api.get(f"/open/verification/{made.json()['code']}").json()["conversion"]
    assert api.get(f"/open/verification/{told['original_code']}").json()["is_latest"] is True
    assert "còn giá trị" in api.get(f"/xac-minh/{made.json()['code']}", root="").content.decode()
    filed = api.post("/confirmation-extract/requests", {"purpose": "Vay"}, "citizen")
    dossier_id = get_dossier(filed.json()["code"]).dossier_id
    tasks.gather(dossier_id=str(dossier_id))
    tasks.deliver(dossier_id=str(dossier_id))
    items = {item.kind: item for item in list_items(Owner("person", person_of(api, "citizen")), dossier_id=dossier_id)}
    for kind in ("decision", "extract"):
        reply = printed(api, str(items[kind].item_id))
        assert (reply.status_code, reply.json()["kind"]) == (201, kind), reply.content
    check_problem(api.post("/office/print-copies", {"employer": api.population.employers[0].tax_code}, CONVERTER), 404, "WAR-005")


@pytest.mark.parametrize(("content", "code"), [(lambda: photo(out_of_focus=0.4), "CNV-003"), (lambda: photo(dots_per_inch=100), "CNV-002")])
def test_what_cannot_be_read_is_told_in_both_languages(api: World, content: Any, code: str) -> None:
    case_id = opened(api)
    item = scanned(api, case_id, content())
    [told] = api.post(f"/office/conversions/{case_id}/checks", {"items": [item]}, CONVERTER).json()["shortcomings"]
    assert (told["code"], told["where"]) == (code, "pages[1]") and told["vi"] != told["en"]
    check_problem(put_forward(api, case_id, item), 422, code)


def test_what_is_not_there_or_not_compared(api: World) -> None:
    case_id, other = opened(api, pages=3), opened(api, pin=api.people["other citizen"])
    item, foreign = scanned(api, case_id), scanned(api, other)
    check_problem(put_forward(api, case_id, item), 422, "CNV-001")
    check_problem(put_forward(api, case_id, item, foreign, foreign), 404, "WAR-005")
    check_problem(put_forward(api, case_id, item, has_compared=False), 422, "CNV-009")
    check_problem(api.get(f"/office/conversions/{case_id}/files/{item}", CONVERTER), 404, "WAR-005")
    check_problem(api.get(f"/office/conversions/{item}", CONVERTER), 404, "CNV-012")
    check_problem(api.get(f"/office/print-copies/{item}/file", CONVERTER), 404, "CNV-023")
    for owner in ({"pin": "001199999999"}, {"employer": "0000000000"}, {}, {"pin": api.people["citizen"], "employer": "0110000027"}):
        check_problem(api.post("/office/conversions", {"original": "contract", "pages": 1, **owner}, CONVERTER), 404, "CNV-020")
    check_problem(
        api.post("/office/conversions", {"original": "contract", "pages": 1, "pin": api.people["soldier"]}, CONVERTER), 404, "CNV-020"
    )


def test_own_papers_go_to_another(api: World) -> None:
    body = {"original": "contract", "pages": 1, "pin": api.people[CONVERTER]}
    check_problem(api.post("/office/conversions", body, CONVERTER), 403, "ACC-020")
    check_problem(api.post("/office/print-copies", {"pin": api.people[CONVERTER]}, CONVERTER), 403, "ACC-020")


def test_a_right_that_ended_ends_here_too(api: World) -> None:
    from bhxh.access.models import Officer

    make_second(api)
    case_id = opened(api, "paper_book")
    item = scanned(api, case_id)
    assert put_forward(api, case_id, item).json()["state"] == "PROPOSED"
    row = Officer.objects.get(login="only-converter")
    row.roles = ["RECEPTION"]
    row.save()
    check_problem(put_forward(api, case_id, item), 403, "ACC-020")
    check_problem(api.post(f"/office/conversions/{case_id}/confirmation", {"has_compared": True}, SECOND), 409, "CNV-015")
    declined = api.post(f"/office/conversions/{case_id}/refusal", {"words": WHY}, SECOND)
    assert declined.json()["state"] == "DECLINED"


def test_its_owner_has_it_in_the_copy_of_everything(api: World) -> None:
    from bhxh.conversion.copying import copy_of

    done = certified(api)
    made = printed(api, done["item_id"]).json()
    listed = copy_of(person_of(api, "citizen"))
    assert [(one["direction"], one["code"]) for one in listed] == [("TO_ELECTRONIC", done["code"]), ("TO_PAPER", made["code"])]


# -- the command line -------------------------------------------------------------------------------------------------


def typed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0, command: str = "convert") -> Any:
    from bhxh.doors.cli import main

    done = main.run(["--json", command, *arguments], prepare=lambda _: None, migrate=lambda: None, work=lambda _: None)
    told = capsys.readouterr()
    assert done == code, told
    said = told.out + told.err  # beside log lines
    return orjson.loads(said[said.index("{\n") :])


def test_the_desk_as_a_program(api: World, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    from bhxh.doors.partners import partners

    make_second(api)
    scans = []
    for page in (1, 2):
        scans.append(tmp_path / f"trang-{page}.jpg")
        scans[-1].write_bytes(photo(page))
    blurred = tmp_path / "mo.jpg"
    blurred.write_bytes(photo(out_of_focus=0.4))
    owner = ["--as", "only-converter", "--pin", api.people["citizen"], "--paper", "A5", "--compared"]
    refused = typed(capsys, "scan", str(blurred), *owner, code=1)
    assert refused["error"]["code"] == "CNV-003"
    (tmp_path / "note.txt").write_text("x")
    assert typed(capsys, "scan", str(tmp_path / "note.txt"), *owner, code=1)["error"]["code"] == "CLI-045"
    assert typed(capsys, "scan", str(tmp_path / "none.jpg"), *owner, code=1)["error"]["code"] == "CLI-001"
    waiting = typed(capsys, "scan", *map(str, scans), *owner, "--original", "paper_book", "--pages", "2")
    assert waiting["state"] == "PROPOSED"
    assert [row["case_id"] for row in typed(capsys, "waiting")["waiting"]] == [waiting["case_id"]]
    file, copy, book = (tmp_path / name for name in ("so-giay.pdf", "ban-in.pdf", "so-in.pdf"))
    done = typed(capsys, "confirm", waiting["case_id"], "--as", "minh", "--compared", "--out", str(file))
    assert (done["state"], done["file"]) == ("CERTIFIED", file.name)
    who = ["--as", "minh", "--pin", api.people["citizen"]]
    assert typed(capsys, "print", *who, "--item", done["item_id"], "--out", str(copy))["code"] != done["code"]
    assert typed(capsys, "print", *who, "--out", str(book))["file"] == book.name
    keys = tmp_path / "keys.json"
    keys.write_bytes(partners().keys.key_set().to_json())
    checked = typed(capsys, *map(str, (file, copy, book)), "--keys", str(keys), command="verify")
    assert checked["holds"] and {one["kind"] for one in checked["files"]} == {"conversion"}
    assert typed(capsys, "withdraw", waiting["case_id"], "--as", "minh", "--words", WHY)["state"] == "WITHDRAWN"
    assert typed(capsys, "show", waiting["case_id"])["state"] == "WITHDRAWN"
    assert typed(capsys, "refuse", waiting["case_id"], "--as", "minh", "--words", WHY, code=1)["error"]["code"] == "CNV-013"
