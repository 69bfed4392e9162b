"""A person's papers on a page: what is kept, sending one in, what is wrong with it; and who they are here."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bhxh.warehouse.owners import Owner
from bhxh.warehouse.uploads import UploadState, list_uploads
from tests.component.warehouse.test_uploads import JPEG
from tests.doors.browser import Browser
from tests.doors.test_counter import meet_family
from tests.doors.test_filing import looks, person_of
from tests.doors.world import World


def _browser(world: World, role: str = "citizen") -> Browser:
    browser = Browser(world)
    assert browser.sign_in(role).status_code == 303
    return browser


def _send(browser: Browser, content: bytes | None, kind: str = "medical", **hidden: str) -> Any:
    files = {} if content is None else {"tep": SimpleUploadedFile("giay-ra-vien.jpg", content)}
    return browser.client.post("/kho", {"csrf": browser.csrf, "loai": kind, **hidden, **files})


def test_a_paper_is_sent_in_examined_and_kept(api: World) -> None:
    from bhxh.doors.jobs import tasks

    browser, owner = _browser(api), Owner("person", person_of(api, "citizen"))
    sent = _send(browser, JPEG)
    assert (sent.status_code, sent["Location"]) == (303, "/kho?xong=gui")
    assert "Đang kiểm tra" in browser.get("/kho?xong=gui").content.decode()
    [upload] = list_uploads(owner)
    assert (upload.kind, upload.size_bytes, upload.state) == ("medical", len(JPEG), UploadState.RECEIVED)
    tasks.examine_upload(upload_id=str(upload.upload_id), owner_kind="person", owner_id=owner.id)
    reply = browser.get("/kho")
    assert looks("warehouse", reply["X-Request-Id"]) == {owner.id}
    page = reply.content.decode()
    assert "Giấy tờ y tế</a>" in page and "Đang kiểm tra" not in page
    [upload] = list_uploads(owner)
    saved = browser.get(f"/api/v1/warehouse/items/{upload.item_id}")
    assert b"".join(saved.streaming_content) == JPEG


def test_a_form_that_is_sent_twice_keeps_its_file_once(api: World) -> None:
    browser, owner = _browser(api), Owner("person", person_of(api, "citizen"))
    for lan in ("a-showing", "a-showing", "another"):
        assert _send(browser, JPEG, lan=lan).status_code == 303
    assert len(list_uploads(owner)) == 2, "the page shown anew means it"
    assert _send(browser, JPEG, "contract", lan="a-showing").status_code == _send(browser, JPEG + b" ", lan="a-showing").status_code == 303
    assert len(list_uploads(owner)) == 4, "what it is and what is in it count"


@pytest.mark.parametrize(
    ("content", "kind", "words", "field"),
    [
        (None, "medical", "Chọn tệp có nội dung", "tep"),
        (b"", "medical", "Chọn tệp có nội dung", "tep"),
        (JPEG, "", "Chọn loại giấy tờ", "loai"),
        (b"x" * (11 << 20), "medical", "Tệp nặng 11 MB, tối đa 10 MB", "tep"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_at_its_field(api: World, content: bytes | None, kind: str, words: str, field: str) -> None:
    browser = _browser(api)
    reply = _send(browser, content, kind)
    page = reply.content.decode()
    assert reply.status_code == 422 and page.count(words) == 2 and f'href="#{field}"' in page and f'id="{field}"' in page
    assert list_uploads(Owner("person", person_of(api, "citizen"))) == ()


def test_a_person_sees_how_they_are_reached_and_for_whom_they_act(api: World) -> None:
    meet_family(api)
    reply = _browser(api).get("/toi")
    page = reply.content.decode()
    assert looks("contact", reply["X-Request-Id"]) == {person_of(api, "citizen")}
    assert "/api/v1/me/copy" in page and api.population.by_pin()[api.people["citizen"]].full_name in page
    family = _browser(api, "parent").get("/dai-dien")
    shown = looks("represented", family["X-Request-Id"])
    assert {person_of(api, "parent")} < shown and "Bạn là" in family.content.decode()
    assert "Bạn không đại diện cho ai" in _browser(api).get("/dai-dien").content.decode()


def test_a_paper_is_removed_after_one_question_and_again_ends_at_the_list(api: World) -> None:
    from tests.doors.test_warehouse import examined, send

    browser, paper = _browser(api), examined(api, send(api, JPEG))
    address = f"/kho/{paper['item_id']}/xoa"
    assert f'href="{address}"' in browser.get("/kho").content.decode()
    asked = browser.get(address)
    assert looks("warehouse", asked["X-Request-Id"]) == {person_of(api, "citizen")}
    assert "Xóa giấy tờ này?" in asked.content.decode() and "Hợp đồng lao động" in asked.content.decode()
    for _ in range(2):
        done = browser.client.post(address, {"csrf": browser.csrf})
        assert (done.status_code, done["Location"]) == (303, "/kho?xong=xoa")
    shown = browser.get("/kho?xong=xoa").content.decode()
    assert "Giấy tờ không còn trong kho của bạn." in shown and address not in shown
    assert browser.get(address)["Location"] == "/kho?xong=xoa"
    for role in ("citizen", "other citizen"):
        strange = f"/kho/{paper['upload_id']}/xoa" if role == "citizen" else address
        assert _browser(api, role).get(strange).status_code == 404


def test_a_paper_that_is_held_says_what_holds_it(api: World) -> None:
    from tests.doors.test_warehouse import MISTAKE, examined, send

    browser, paper = _browser(api), examined(api, send(api, JPEG))
    address = f"/kho/{paper['item_id']}/xoa"
    named = {"papers": [{"item_id": paper["item_id"], "component": "proof"}]}
    code = api.post("/me/mistakes", {**MISTAKE, **named}, "citizen").json()["code"]
    for reply, status in ((browser.get(address), 200), (browser.client.post(address, {"csrf": browser.csrf}), 409)):
        page = reply.content.decode()
        assert reply.status_code == status and f"Hồ sơ {code} dùng giấy tờ này" in page and "govuk-button--warning" not in page
    assert f'href="{address}"' not in browser.get("/kho").content.decode()


def test_a_paper_says_with_which_dossiers_it_was_filed_to_its_owner_only(api: World) -> None:
    from tests.doors.test_warehouse import MISTAKE, examined, send

    paper, same_of_another = examined(api, send(api, JPEG)), examined(api, send(api, JPEG, "other citizen"), "other citizen")
    named = {"papers": [{"item_id": paper["item_id"], "component": "proof"}]}
    codes = [api.post("/me/mistakes", {**MISTAKE, "words": words, **named}, "citizen").json()["code"] for words in ("Một", "Hai")]
    page = _browser(api).get("/kho").content.decode()
    assert "Đã nộp cùng hồ sơ:" in page
    assert [code for code in codes if f'href="/ho-so/{code}/theo-doi">{code}</a>' in page] == codes
    assert same_of_another["item_id"] != paper["item_id"]
    assert "Đã nộp cùng hồ sơ:" not in _browser(api, "other citizen").get("/kho").content.decode()
