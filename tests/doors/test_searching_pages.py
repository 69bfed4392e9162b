"""A commune and a clinic are looked for by name on the pages of filing: with the button alone, and nothing that was typed is lost."""

from collections.abc import Callable
from html import unescape

import pytest

from tests.doors.test_answers import check_problem
from tests.doors.test_filing_pages import Filer, dossiers_of, filer
from tests.doors.world import World

__all__ = ["filer"]
CHANGE = "change_personal_data"
STREET = {"q-address": "12 phố Mẫu, phường Ba Đình, Hà Nội"}


def begin(me: Filer, *changes: str) -> str:
    """Address of the page with the new values."""
    draft = me.begin(CHANGE)
    assert me.press(f"{draft}/doi-gi", **{"q-changes": list(changes)}).status_code == 303
    return f"{draft}/thong-tin-moi"


def find(me: Filer, page: str, field: str, typed: str, **more: str) -> str:
    """The page after the button beside the box was pressed."""
    reply = me.press(page, **{f"q-{field}-tim": typed, "tim": f"q-{field}", **more})
    if reply.status_code == 422:
        return unescape(reply.content.decode())
    assert (reply.status_code, reply["Location"]) == (303, f"{page}?tim=q-{field}#q-{field}-found")
    return unescape(me.page(reply["Location"].partition("#")[0]))


def test_a_commune_is_found_chosen_and_filed_and_the_address_stays_text(api: World, filer: Callable[..., Filer]) -> None:
    from bhxh.dossiers.queries import list_lines

    me = filer()
    page = begin(me, "address")
    shown = find(me, page, "ward", "ba dinh", **STREET)
    assert STREET["q-address"] in shown, "what was typed beside it is kept"
    assert 'value="00004"' in shown and "Thành phố Hà Nội" in shown and 'value="ba dinh"' in shown
    reply = me.press(page, **STREET, **{"q-ward-tim": "ba dinh", "q-ward-da-tim": "ba dinh", "q-ward": "00004"})
    assert (reply.status_code, reply["Location"]) == (303, page.replace("thong-tin-moi", "kiem-tra"))
    assert "Phường Ba Đình, Thành phố Hà Nội (00004)" in unescape(me.page(reply["Location"]))
    assert me.confirm(page.rpartition("/")[0]).status_code == 303
    [dossier] = dossiers_of(api)
    [line] = list_lines(dossier.dossier_id)
    assert (line.content["ward"], line.content["address"]) == ("00004", STREET["q-address"])


def test_a_clinic_is_found_by_its_name(filer: Callable[..., Filer]) -> None:
    me = filer()
    page = begin(me, "facility")
    assert "Tìm rồi chọn nơi khám chữa bệnh" in unescape(me.press(page).content.decode())
    assert 'value="01003"' in find(me, page, "facility", "Xanh Pôn")
    reply = me.press(page, **{"q-facility-tim": "Xanh Pôn", "q-facility-da-tim": "Xanh Pôn", "q-facility": "01003"})
    assert "Bệnh viện đa khoa Xanh Pôn" in unescape(me.page(reply["Location"]))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Gõ ít nhất 2 chữ của tên"),
        ("b", "Gõ ít nhất 2 chữ của tên"),
        ("zzzz", "Không tìm thấy nơi nào tên như vậy. Thử gõ ít chữ hơn"),
        ("tan", "Có hơn 15 nơi tên như vậy"),
    ],
)
def test_a_search_that_leads_nowhere_says_what_to_do(filer: Callable[..., Filer], typed: str, said: str) -> None:
    me = filer()
    page = begin(me, "address")
    shown = find(me, page, "ward", typed, **STREET)
    assert said in shown and STREET["q-address"] in shown
    assert ("Lỗi:" in shown) is (typed != "tan")


def test_what_was_looked_for_stays_in_the_draft_and_is_never_taken_for_an_answer(filer: Callable[..., Filer]) -> None:
    me = filer()
    page = begin(me, "address")
    find(me, page, "ward", "ba dinh", **STREET)
    again = filer()
    assert 'value="00004"' in again.page(page), "on another device the list is there"
    reply = again.press(page, **STREET, **{"q-ward-tim": "ba dinh", "q-ward-da-tim": "ba dinh"})
    assert reply.status_code == 422 and "Chọn một nơi trong danh sách" in unescape(reply.content.decode())
    again.press(page, **STREET, **{"q-ward-tim": "ba dinh", "q-ward-da-tim": "ba dinh", "q-ward": "00004"})
    reply = again.press(page, **STREET, **{"q-ward-tim": "hoan kiem", "q-ward-da-tim": "ba dinh", "q-ward": "00004"})
    shown = unescape(reply.content.decode())
    assert reply.status_code == 422 and "Chọn một nơi trong danh sách" in shown, "another name was typed and nothing of it chosen"
    assert "Phường Hoàn Kiếm" in shown and 'value="00004" checked' in shown


def test_leaving_the_commune_out_is_an_answer_and_an_unknown_code_is_none(filer: Callable[..., Filer]) -> None:
    me = filer()
    page = begin(me, "address")
    for left_out in ({}, {"q-ward-tim": "ba dinh", "q-ward-da-tim": "ba dinh", "q-ward": ""}):
        assert me.press(page, **STREET, **left_out).status_code == 303
    reply = me.press(page, **STREET, **{"q-ward": "00001"})
    assert reply.status_code == 422 and "Mã đã chọn không có trong danh mục" in unescape(reply.content.decode())


def test_the_language_changes_and_the_list_stays(filer: Callable[..., Filer]) -> None:
    me = filer()
    page = begin(me, "address")
    text = me.page(page)
    sent = {name: me.field(text, name) for name in ("csrf", "lan", "ban")} | STREET | {"q-ward-tim": "ba dinh", "q-ward": "00004"}
    shown = unescape(me.client.post(f"{page}?lang=en", sent).content.decode())
    assert "Commune of that address" in shown and 'value="00004" checked' in shown and "Choose one" in shown


def test_the_api_takes_the_same_code_and_refuses_one_that_means_nothing(api: World) -> None:
    wish = {"changes": ["address", "facility"], "address": "12 phố Mẫu", "ward": "00004", "facility": "01003"}
    assert api.post("/me/changes", wish, "citizen").status_code == 201
    for wrong in ({"ward": "00001"}, {"facility": "99999"}):
        problem = check_problem(api.post("/me/changes", {**wish, **wrong}, "other citizen"), 422, "DOS-079")
        assert next(iter(wrong)) in str(problem)


def test_a_page_with_nothing_to_ask_is_not_shown(filer: Callable[..., Filer]) -> None:
    me = filer()
    assert "Thông tin mới (nếu cần)" in " ".join(unescape(me.page(f"/ho-so/moi/{CHANGE}")).replace('<span class="quiet">', "").split())
    draft = me.begin(CHANGE)
    reply = me.press(f"{draft}/doi-gi", **{"q-changes": "identity"})
    assert reply["Location"] == f"{draft}/kiem-tra"
    assert "Thông tin mới" not in unescape(me.page(draft))
    assert me.get(f"{draft}/thong-tin-moi")["Location"] == draft
    assert me.confirm(draft).status_code == 303
