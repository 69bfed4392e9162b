"""An old book over HTTP: filed with its pages, converted, typed by two, compared, settled; and a change of one's own data."""

from typing import Any

import pytest

from tests.component.conversion.conftest import photo
from tests.doors import test_conversions as conversions
from tests.doors.test_answers import check_problem
from tests.doors.test_conversions import CONVERTER, SECOND
from tests.doors.test_filing import looks, person_of
from tests.doors.test_warehouse import examined, send
from tests.doors.world import World

OLD_BOOK = {"words": "Thiếu thời gian tôi làm ở nhà máy dệt."}
CHANGE = {"changes": ["mobile_phone"], "mobile_phone": "0901 234 567"}
LINE = {
    "from_month": "03/2003",
    "to_month": "12/2005",
    "unit_code": "TA0009Z",
    "unit_name": "Công ty Dệt Mẫu",
    "job_title": "Thợ dệt",
    "wage": "2,34",
}


def book_filed(api: World, words: str = OLD_BOOK["words"], *, page: bytes = b"") -> str:
    """The dossier of the citizen's old book of one page, waiting for officers."""
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    paper = examined(api, send(api, page or photo(), kind="other"))
    named = {"papers": [{"item_id": paper["item_id"], "component": "so-giay"}]}
    filed = api.post("/me/old-books", {"words": words, **named}, "citizen")
    assert filed.status_code == 201, filed.content
    code = str(filed.json()["code"])
    tasks.gather(dossier_id=str(get_dossier(code).dossier_id))
    return code


def book_begun(api: World, words: str = OLD_BOOK["words"], *, page: bytes = b"") -> str:
    """Its page converted by two, and the typing begun."""
    conversions.make_second(api)
    code, case_id = book_filed(api, words, page=page), conversions.opened(api, "paper_book")
    assert conversions.put_forward(api, case_id, conversions.scanned(api, case_id)).status_code == 200
    done = api.post(f"/office/conversions/{case_id}/confirmation", {"has_compared": True}, SECOND)
    assert done.json()["state"] == "CERTIFIED", done.content
    assert typed(api, code, "", {"case_id": case_id}).status_code == 200
    return code


def book_differing(api: World, words: str = OLD_BOOK["words"], *, page: bytes = b"") -> str:
    """Typed by two who do not agree on the wage."""
    code = book_begun(api, words, page=page)
    for role, wage in ((CONVERTER, "2,34"), (SECOND, "2,67")):
        typed(api, code, "/entries", {"rows": [{**LINE, "wage": wage}]}, role)
    return code


def typed(api: World, code: str, what: str, body: Any, role: str = CONVERTER) -> Any:
    return api.post(f"/office/dossiers/{code}/transcript{what}", body, role)


def test_two_type_it_without_seeing_each_other_and_what_differs_is_settled(api: World) -> None:
    code = book_begun(api)
    saved = typed(api, code, "/saves", {"rows": [{**LINE, "wage": "hai"}]})
    assert (saved.status_code, saved.json()["rows"][0]["wage"]) == (200, "hai"), saved.content
    assert looks("transcript", saved["X-Request-Id"]) == {person_of(api, "citizen")}
    check_problem(typed(api, code, "/entries", {"rows": [{**LINE, "wage": "hai"}]}), 422, "TRN-009")
    assert typed(api, code, "/entries", {"rows": [LINE]}).json()["state"] == "ENTERING"
    check_problem(typed(api, code, "/entries", {"rows": [{**LINE, "wage": "3"}]}), 409, "TRN-004")
    blind = api.get(f"/office/dossiers/{code}/transcript", SECOND).json()
    assert (blind["rows"], blind["differences"], blind["agreed"]) == ([], [], [])
    second = typed(api, code, "/entries", {"rows": [{**LINE, "wage": "2,67"}]}, SECOND).json()
    assert (second["state"], [one["key"] for one in second["differences"]]) == ("DIFFERING", ["1.wage"])
    check_problem(typed(api, code, "/settlement", {"choices": {"1.wage": "2,67"}}), 403, "TRN-007")
    settled = typed(api, code, "/settlement", {"choices": {"1.wage": "2,67"}}, SECOND).json()
    assert (settled["state"], settled["agreed"][0]["wage"]) == ("AGREED", "2.67")
    assert [one for one in api.get("/office/transcripts", CONVERTER).json() if one["code"] == code] == []


def test_a_save_of_another_window_is_told(api: World) -> None:
    code = book_begun(api)
    first = typed(api, code, "/saves", {"rows": [LINE]}).json()["save"]
    later = typed(api, code, "/saves", {"rows": [{**LINE, "wage": "3"}], "after": first})
    assert later.status_code == 200
    check_problem(typed(api, code, "/saves", {"rows": [{**LINE, "wage": "4"}], "after": first}), 409, "TRN-005")
    assert api.get(f"/office/dossiers/{code}/transcript", CONVERTER).json()["rows"][0]["wage"] == "3"
    assert typed(api, code, "/saves", {"rows": [{**LINE, "wage": "4"}], "after": later.json()["save"]}).status_code == 200


def test_the_queue_of_books_names_nobody_and_is_for_converters(api: World) -> None:
    code = book_filed(api)
    [waiting] = [one for one in api.get("/office/transcripts", CONVERTER).json() if one["code"] == code]
    assert (waiting["state"], waiting["entries"]) == ("NONE", 0)
    check_problem(api.get("/office/transcripts", "citizen"), 403)
    check_problem(api.get(f"/office/dossiers/{api.code}/transcript", CONVERTER), 404, "DOS-002")


def test_what_does_not_stand_is_discarded_with_a_reason(api: World) -> None:
    code = book_begun(api)
    check_problem(typed(api, code, "/discard", {"words": "sai"}), 422, "TRN-008")
    assert typed(api, code, "/discard", {"words": "Nhập nhầm sổ của lần khác."}).json()["state"] == "NONE"


@pytest.mark.parametrize(
    "body", [{"rows": "x"}, {"rows": [{"wage": 5}]}, {"rows": [{"wage": "\x00"}]}, {"rows": [LINE] * 201}, {"rows": [{"wage": "9" * 400}]}]
)
def test_a_hostile_save_is_refused(api: World, body: Any) -> None:
    code = book_filed(api)
    check_problem(typed(api, code, "/saves", body), 422)


def test_without_the_pages_no_book_is_filed(api: World) -> None:
    check_problem(api.post("/me/old-books", OLD_BOOK, "citizen"), 422, "DOS-009")


def test_a_change_is_filed_and_the_same_again_is_the_same(api: World) -> None:
    first, again = (api.post("/me/changes", CHANGE, "citizen") for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 200, first.json()["code"]), first.content
    check_problem(api.post("/me/changes", {"changes": ["email"]}, "citizen"), 422, "CPD-001")
    check_problem(api.post("/me/changes", CHANGE, "clerk"), 403)
