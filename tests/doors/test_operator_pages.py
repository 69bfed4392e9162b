"""What operators and supervisors watch: who gets in, what is counted, and that nobody is named. How it looks: the browser's list."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sandbox.security_key import show
from tests.doors.browser import Browser
from tests.doors.world import World

LISTS = ("/van-hanh/phieu-cham", "/van-hanh/phieu-cham?ky=hom-nay", "/van-hanh/thu-tra-lai", "/van-hanh/ho-so-dung", "/van-hanh/cho-lau")
BEHIND = (
    "/van-hanh/thu-cho",
    "/van-hanh/ho-so?noi=in_work",
    "/van-hanh/ho-so?noi=withdrawn&ky=hom-nay",
    "/van-hanh/cho-lau?thu-tuc=register_employees",
)
TABLES = ("/van-hanh/csv/phieu-tiep-nhan", "/van-hanh/csv/hang-doi")
PAGES = ("/van-hanh", *LISTS, *BEHIND, *TABLES)


@pytest.fixture(autouse=True)
def counted_anew(asked_anew: Callable[[], None]) -> Iterator[Callable[[], None]]:
    from bhxh.doors import operation_numbers

    def forget() -> None:
        asked_anew()
        for kept in (operation_numbers._today, operation_numbers._whole):
            kept.cache_clear()

    forget()
    yield forget
    forget()


def at_work(api: World, role: str, *, with_key: bool = True) -> Browser:
    """Signed in as an officer, in a browser."""
    browser = Browser(api)
    browser.sign_in(role)
    chosen = browser.submit("/dang-nhap/vai-tro", csrf=browser.csrf, **{"vai-tro": "OFFICER"})
    assert (chosen.status_code, chosen["Location"]) == (303, "/van-hanh" if role == "operator" else "/can-bo/viec")
    if with_key:
        show(lambda path, content: browser.post(f"/api/v1{path}", content).json(), api.keys[role], origin=api.settings.public_url)
    return browser


@pytest.mark.parametrize("role", ["operator", "officer SUPERVISOR"])
def test_whoever_runs_or_supervises_sees_it(api: World, role: str) -> None:
    browser = at_work(api, role)
    for path in PAGES:
        assert browser.get(path).status_code == 200, path


@pytest.mark.parametrize("role", ["officer", "officer RECEPTION", "officer AUDITOR"])
def test_other_officers_do_not(api: World, role: str) -> None:
    browser = at_work(api, role)
    for path in PAGES:
        assert browser.get(path).status_code == 403, path


def test_the_key_is_shown_first_and_strangers_sign_in_first(api: World) -> None:
    browser = at_work(api, "operator", with_key=False)
    assert browser.get("/van-hanh")["Location"] == "/can-bo/khoa?tiep=%2Fvan-hanh"
    assert Browser(api).get("/van-hanh")["Location"].startswith("/dang-nhap?tiep=")


def test_nobody_is_named(api: World) -> None:
    browser = at_work(api, "operator")
    for path in PAGES:
        text = browser.get(path).content.decode()
        for citizen in (
            *api.population.demo_workers,
            *(api.population.by_pin()[api.people[role]] for role in ("citizen", "other citizen")),
        ):
            assert citizen.pin not in text and citizen.full_name not in text, path
        assert "@" not in re.sub(r'hx-\w+="[^"]*"', "", text), path


def test_every_dossier_is_in_exactly_one_place(api: World, counted_anew: Callable[[], None]) -> None:
    from bhxh.dossiers.models import Dossier
    from bhxh.dossiers.tally import recount
    from bhxh.kernel.clock import now

    browser = at_work(api, "operator")
    text = browser.get("/van-hanh").content.decode()
    assert text.count(">Khớp<") == 2 and "Không khớp" not in text
    Dossier.objects.filter(code=api.code).update(state="DRAFT")
    counted_anew()
    assert browser.get("/van-hanh").content.decode().count(">Không khớp<") == 1, "what was filed today is counted from both books at once"
    assert recount(now()).disagreeing == 1
    counted_anew()
    assert browser.get("/van-hanh").content.decode().count(">Không khớp<") == 2


def test_a_receipt_that_left_late_is_counted_and_listed(api: World, counted_anew: Callable[[], None]) -> None:
    from bhxh.doors.operation_numbers import today
    from bhxh.dossiers.models import Dossier

    row = Dossier.objects.get(code=api.code)
    Dossier.objects.filter(code=api.code).update(receipt_sent_at=row.submitted_at + timedelta(minutes=10))
    before = today().receipts
    Dossier.objects.filter(code=api.code).update(receipt_sent_at=row.submitted_at + timedelta(hours=2, seconds=1))
    counted_anew()
    after = today().receipts
    assert (after.due, after.in_time) == (before.due, before.in_time - 1)
    assert sum(due for _, due, _ in after.by_channel) == after.due and sum(well for *_, well in after.by_channel) == after.in_time
    assert [well - now_well for (*_, well), (*_, now_well) in zip(before.by_channel, after.by_channel, strict=True)].count(1) == 1
    browser = at_work(api, "operator")
    assert "Phiếu tiếp nhận trong 2 giờ theo kênh nộp" in browser.get("/van-hanh").content.decode()
    for channel, is_its in ((row.channel, True), ("COUNTER", False)):
        assert (api.code in browser.get(f"/van-hanh/phieu-cham?duong={channel}").content.decode()) is is_its
    for path in LISTS[:2]:
        assert api.code in browser.get(path).content.decode(), path
    Dossier.objects.filter(code=api.code).update(receipt_sent_at=None)
    counted_anew()
    assert today().receipts.waiting >= 1, "it has two hours"
    assert api.code not in browser.get("/van-hanh/phieu-cham?duong=COUNTER").content.decode()
    assert api.code not in browser.get(LISTS[0]).content.decode()


def test_the_queue_is_counted_by_age(api: World, counted_anew: Callable[[], None]) -> None:
    from bhxh.doors.operation_numbers import today
    from bhxh.dossiers.models import Dossier
    from bhxh.kernel.clock import now

    def counts() -> list[int]:
        counted_anew()
        return [sum(column) for column in zip(*(one.counts for one in today().queue), strict=True)]

    young = counts()
    assert sum(young) >= 1 and young[0] == sum(young)
    for days, place in ((1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (13, 3), (14, 4), (40, 4)):
        Dossier.objects.filter(code=api.code).update(received_at=now() - timedelta(days=days, minutes=1))
        assert counts()[place] == 1, days
    browser = at_work(api, "operator")
    assert "40 ngày" in browser.get("/van-hanh").content.decode()
    assert api.code in browser.get("/van-hanh/cho-lau").content.decode()


def test_a_letter_that_came_back_is_listed_without_its_address(api: World) -> None:
    from bhxh.dossiers.queries import get_dossier
    from bhxh.kernel.clock import now
    from bhxh.notices.models import Message

    letters = Message.objects.filter(dossier_id=get_dossier(api.code).dossier_id)
    letters.update(state="delivery_failed", failed_reason="no_mailbox", bounced_at=now(), sent_at=now(), status="5.1.1")
    text = at_work(api, "operator").get("/van-hanh/thu-tra-lai").content.decode()
    assert api.code in text and "Không có hộp thư này (no_mailbox)" in text and "5.1.1" in text
    assert "Phiếu tiếp nhận" in text and ">receipt<" not in text
    assert letters.first().recipient not in text


def test_what_an_error_of_ours_holds_up_is_listed(api: World) -> None:
    from bhxh.dossiers.models import Dossier
    from bhxh.dossiers.states import State

    Dossier.objects.filter(code=api.code).update(failed_runs=4, last_failure="KeyError in gathering.py:10")
    text = at_work(api, "operator").get("/van-hanh/ho-so-dung").content.decode()
    assert api.code in text and "KeyError in gathering.py:10" in text
    assert not any(f">{state.value}<" in text for state in State), "in words"


def test_the_tables_are_csv(api: World) -> None:
    browser = at_work(api, "operator")
    for path, head in zip(TABLES, ("day,due,within_2_hours", "procedure,0,1–2,3–6,7–13,14 +,overdue"), strict=True):
        reply = browser.get(path)
        assert reply["Content-Type"] == "text/csv; charset=utf-8" and reply["Content-Disposition"].startswith("attachment")
        assert reply.content.decode().splitlines()[0] == head
        assert len(reply.content.decode().splitlines()) >= 2


def test_what_the_board_costs(api: World, counted_anew: Callable[[], None]) -> None:
    browser, counted = at_work(api, "operator"), []
    browser.get("/van-hanh")
    for forget in (counted_anew, lambda: None):
        forget()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/van-hanh").status_code == 200
        counted.append(len([one for one in captured.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert counted == [18, 3], "counting anew, and from memory"


def test_each_count_reads_a_range_or_a_small_index(api: World) -> None:
    """The plans that millions of dossiers need: nothing here may read a whole table."""
    from bhxh.dossiers import load_queries
    from bhxh.kernel.clock import now

    at = now()
    asked: list[Callable[[], Any]] = [
        lambda: load_queries.receipt_times(at - timedelta(days=1), at),
        lambda: load_queries.list_late_receipts(at - timedelta(days=1), at),
        lambda: load_queries.filed_since(at - timedelta(days=1)),
        lambda: load_queries.list_queue_ages(at),
        lambda: load_queries.list_register_answers(at),
    ]
    for ask in asked:
        with CaptureQueriesContext(connection) as captured:
            ask()
        [statement] = [one["sql"] for one in captured.captured_queries]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            cursor.execute("SET LOCAL enable_seqscan = on")
        assert "Seq Scan" not in plan, plan


def test_each_number_leads_to_what_it_counts(api: World) -> None:
    from bhxh.dossiers.queries import get_dossier
    from bhxh.notices.models import Message

    browser = at_work(api, "operator")
    text = browser.get("/van-hanh").content.decode()
    behind = {address.replace("&amp;", "&") for address in re.findall(r'href="(/van-hanh/(?!csv)[^"]+)"', text)}
    assert {f"/van-hanh/ho-so?noi={place}" for place in ("in_work", "waiting", "decided", "not_accepted", "stopped", "withdrawn")} <= behind
    assert {"/van-hanh/thu-cho", "/van-hanh/cho-lau?thu-tuc=register_employees"} <= behind
    for address in behind:
        assert browser.get(address).status_code == 200, address
    for address in (
        "/van-hanh/ho-so?noi=in_work",
        "/van-hanh/ho-so?noi=in_work&ky=hom-nay",
        "/van-hanh/cho-lau?thu-tuc=register_employees",
    ):
        assert api.code in browser.get(address).content.decode(), address
    for address in ("/van-hanh/ho-so?noi=withdrawn", "/van-hanh/cho-lau?thu-tuc=report_mistake"):
        assert api.code not in browser.get(address).content.decode(), address
    letters = Message.objects.filter(dossier_id=get_dossier(api.code).dossier_id)
    letters.update(state="waiting")
    text = browser.get("/van-hanh/thu-cho").content.decode()
    assert api.code in text and letters.first().recipient not in text
