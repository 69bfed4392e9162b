"""An organisation's pages by HTTP: who gets in, what is told to whom, what a page costs. How they look: `test_pages_in_a_browser.py`."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.browser import Browser
from tests.doors.test_filing import looks, person_of, persons_of
from tests.doors.world import World

PAGES = ("/don-vi", "/don-vi/lao-dong", "/don-vi/ho-so")
Opened = Callable[..., Browser]


@pytest.fixture
def opened(api: World) -> Opened:
    """A browser in which somebody works for the demonstration's employer, or for the other one."""

    def open_for(role: str = "clerk") -> Browser:
        browser = Browser(api)
        employer = api.population.employers[1 if role == "other clerk" else 0]
        more = {"org_id": employer.tax_code} if role != "citizen" else {}
        assert browser.sign_in(role, **more).status_code == 303
        return browser

    return open_for


def text_of(reply: Any) -> str:
    return str(reply.content.decode())


@pytest.mark.parametrize("path", [*PAGES, "/don-vi/ho-so/G12", "/don-vi/lao-dong/0a"])
def test_who_is_not_signed_in_goes_there_first(api: World, path: str) -> None:
    reply = Browser(api).get(path)
    assert (reply.status_code, reply["Cache-Control"]) == (303, "no-store")
    assert reply["Location"].startswith("/dang-nhap?tiep=%2Fdon-vi")


@pytest.mark.parametrize("path", PAGES)
def test_a_citizen_has_no_organisations_pages_and_a_clerk_s_say_for_whom(api: World, opened: Opened, path: str) -> None:
    refused = opened("citizen").get(path)
    assert refused.status_code == 403 and "ACC-020" in text_of(refused)
    shown = opened().get(path)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert api.population.employers[0].name in text_of(shown)
    assert "'unsafe" not in shown["Content-Security-Policy"]


def test_another_organisations_things_are_not_there(api: World, opened: Opened) -> None:
    other = opened("other clerk")
    for path in ("", "/rut", "/bo-sung"):
        theirs, invented = (other.get(f"/don-vi/ho-so/{code}{path}") for code in (api.code, "G12.99.01-261122-9999"))
        assert theirs.status_code == invented.status_code == 404
        assert theirs.content.replace(api.code.encode(), b"") == invented.content.replace(b"G12.99.01-261122-9999", b"")
    assert api.code not in text_of(other.get("/don-vi/ho-so"))
    reference = worker_reference(api)
    assert opened().get(f"/don-vi/lao-dong/{reference}").status_code == 200
    assert other.get(f"/don-vi/lao-dong/{reference}").status_code == 404
    assert api.code not in text_of(other.get("/don-vi"))


def test_the_overview_says_what_is_due_and_what_needs_an_answer(api: World, opened: Opened) -> None:
    from bhxh.kernel.clock import day_in_vietnam, now
    from bhxh.kernel.money import format_vnd
    from bhxh.kernel.months import Month
    from bhxh.ledger.queries import list_employer_months
    from bhxh.registry.queries import find_employer

    employer = find_employer(tax_code=api.population.employers[0].tax_code)
    assert employer is not None
    month = Month.of(day_in_vietnam(now())).plus(-1)
    [due] = list_employer_months(employer.employer_id, month, month.plus(1), now())
    text = text_of(opened().get("/don-vi"))
    assert format_vnd(due.worker_vnd + due.employer_vnd) in text
    assert "không được giải quyết: sửa và nộp lại" in text
    assert "Chứng thư số dùng lần gần nhất" in text


def test_workers_are_found_without_marks_by_post_and_each_has_a_look(api: World, opened: Opened) -> None:
    from bhxh.audit.models import Look

    browser = opened()
    citizen = api.population.by_pin()[api.people["citizen"]]
    plain = citizen.full_name.lower().replace("đ", "d").encode("ascii", "ignore").decode().split()[0]
    found = browser.submit("/don-vi/lao-dong", csrf=browser.csrf, ten=citizen.full_name.upper())
    assert found.status_code == 200 and citizen.full_name in text_of(found)
    assert person_of(api, "citizen") in looks("workers", found["X-Request-Id"])
    assert citizen.pin not in text_of(found), "the number is masked in lists"
    before = Look.objects.count()
    nobody = browser.submit("/don-vi/lao-dong", csrf=browser.csrf, ten="khong ai ten nay%_")
    assert "Không có ai khớp" in text_of(nobody) and Look.objects.count() == before
    assert browser.submit("/don-vi/lao-dong", ten=plain).status_code == 403, "a form that is not ours"


def test_every_page_and_state_of_the_list_together_are_all_workers_once(opened: Opened) -> None:
    browser = opened()
    names: dict[str, list[str]] = {}
    for state in ("", "dang-lam", "tam-nghi", "da-nghi"):
        names[state], number = [], 1
        while number:
            text = text_of(browser.get(f"/don-vi/lao-dong?tinh-trang={state}&trang={number}"))
            names[state] += re.findall(r'href="/don-vi/lao-dong/([0-9a-f]{24})"', text)
            number = number + 1 if 'rel="next"' in text else 0
    assert len(names[""]) == len(set(names[""])) > 50
    assert sorted(names[""]) == sorted(names["dang-lam"] + names["tam-nghi"] + names["da-nghi"])


def test_a_worker_s_page_shows_months_here_and_no_book(api: World, opened: Opened) -> None:
    from bhxh.kernel.months import Month
    from bhxh.ledger.queries import list_open_months
    from bhxh.registry.queries import find_employer

    employer = find_employer(tax_code=api.population.employers[0].tax_code)
    assert employer is not None
    person_id = person_of(api, "citizen")
    months = list_open_months([person_id], Month(1995, 1), employer.employer_id)[person_id]
    reply = opened().get(f"/don-vi/lao-dong/{worker_reference(api)}")
    assert f"{len(months)} tháng đóng tại đơn vị" in text_of(reply)
    assert looks("worker_months", reply["X-Request-Id"]) == {person_id}


def test_a_filing_shows_its_lines_and_whoever_they_name_has_a_look(api: World, opened: Opened, dossier_id: Any) -> None:
    reply = opened().get(f"/don-vi/ho-so/{api.code}?dong=tat-ca")
    text = text_of(reply)
    assert looks("dossier_line", reply["X-Request-Id"]) == persons_of(dossier_id)
    assert "Chữ ký số có giá trị" in text and "D02-101" in text and "d02.xlsx" in text
    refused = opened().get(f"/don-vi/ho-so/{api.code}?dong=khong-giai-quyet")
    assert len(looks("dossier_line", refused["X-Request-Id"])) < len(persons_of(dossier_id))


def test_only_the_wrong_lines_come_back_to_be_filed_again(api: World, opened: Opened, dossier_id: Any) -> None:
    from bhxh.dossiers.queries import list_all_lines
    from bhxh.dossiers.states import LineState
    from bhxh.procedures.register_employees.workbook_reading import read_workbook

    reply = opened().get(f"/don-vi/ho-so/{api.code}/dong-sai.xlsx")
    wrong = list_all_lines(dossier_id, LineState.REFUSED)
    before = {line.row: line for line in read_workbook(api.workbook).lines}
    again = read_workbook(reply.content).lines
    assert [line.name for line in again] == [before[line.row].name for line in again] and len(again) == len(wrong) == 3
    assert looks("line_results", reply["X-Request-Id"]) == persons_of(dossier_id, [line.number for line in wrong])
    assert opened("other clerk").get(f"/don-vi/ho-so/{api.code}/dong-sai.xlsx").status_code == 404


def test_a_filing_is_taken_back_once_however_often_the_button_is_pressed(api: World, opened: Opened) -> None:
    from bhxh.dossiers.queries import get_dossier, list_history

    code = api.file_draft(*api.prepare_list(batch=7), key="to be withdrawn").json()["code"]
    browser = opened()
    page = text_of(browser.get(f"/don-vi/ho-so/{code}/rut"))
    version = re.findall(r'name="phien-ban" value="(\d+)"', page)[0]
    fields = {"csrf": browser.csrf, "ly-do": "Nộp nhầm tháng", "phien-ban": version}
    switched = browser.client.post(f"/don-vi/ho-so/{code}/rut?lang=en", fields)
    assert switched.status_code == 200 and "Nộp nhầm tháng" in text_of(switched), "only the language was changed"
    browser.get("/don-vi?lang=vi")
    for _ in range(2):
        assert browser.submit(f"/don-vi/ho-so/{code}/rut", **fields)["Location"] == f"/don-vi/ho-so/{code}"
    dossier = get_dossier(code)
    assert dossier.state.value == "WITHDRAWN"
    assert [step.reason for step in list_history(dossier.dossier_id)].count("Nộp nhầm tháng") == 1
    assert browser.submit(f"/don-vi/ho-so/{api.code}/rut", **fields).status_code == 409, "a decision was signed"


def test_what_is_asked_for_is_told_with_its_line(api: World, opened: Opened) -> None:
    from tests.doors.test_acts import ask

    assert ask(api, api.code).status_code == 201
    assert "Dòng 2: Thiếu hợp đồng lao động" in text_of(opened().get(f"/don-vi/ho-so/{api.code}/bo-sung"))


def test_nothing_is_supplied_without_a_file_or_with_another_kind_of_file(api: World, opened: Opened) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = opened()
    empty = browser.submit(f"/don-vi/ho-so/{api.code}/bo-sung", csrf=browser.csrf)
    assert empty.status_code == 422 and "EMP-001" not in text_of(empty) and "Chọn tệp rồi gửi lại" in text_of(empty)
    assert text_of(empty).count("<title>Lỗi:") == 1
    file = SimpleUploadedFile("anh.bmp", b"BM not wanted")
    wrong = browser.client.post(f"/don-vi/ho-so/{api.code}/bo-sung", {"csrf": browser.csrf, "giay-to": file})
    assert wrong.status_code == 422 and "anh.bmp" in text_of(wrong)


def test_how_many_statements_a_page_costs(api: World, opened: Opened) -> None:
    """A snapshot. What it costs in time: `python -m bench pages`."""
    browser = opened()
    counted = {}
    for path in (*PAGES, f"/don-vi/lao-dong/{worker_reference(api)}", f"/don-vi/ho-so/{api.code}"):
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        counted[re.sub("[0-9a-f]{24}|G12.*", "*", path)] = len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert counted == {"/don-vi": 9, "/don-vi/lao-dong": 9, "/don-vi/ho-so": 7, "/don-vi/lao-dong/*": 11, "/don-vi/ho-so/*": 13}


def worker_reference(api: World) -> str:
    """How the pages of the demonstration's employer name the citizen."""
    from bhxh.doors.portal.employer.worker_pages import worker_reference as named
    from bhxh.registry.queries import find_employer

    employer = find_employer(tax_code=api.population.employers[0].tax_code)
    assert employer is not None
    return named(employer.employer_id, person_of(api, "citizen"))
