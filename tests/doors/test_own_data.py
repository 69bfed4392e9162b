"""A person's own data over HTTP: who looked, in plain words; a copy of everything; the report of a mistake."""

import io
import zipfile
from typing import Any
from uuid import UUID

import orjson
import pytest

from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of, persons_of
from tests.doors.world import World


def told_to(person_id: int, **asked: Any) -> Any:
    from bhxh.doors.partners import partners
    from bhxh.own_data.looks import tell_looks

    return tell_looks(person_id, office=partners().office, **asked)


# -- who looked -------------------------------------------------------------------------------------------------------


def test_ones_own_reading_is_told_in_both_languages(api: World) -> None:
    reply = api.get("/me/book.pdf", "citizen")
    shown = api.get("/me/looks", "citizen").json()
    itself, book = shown[0], shown[1]
    assert (itself["what"], itself["recipient"]) == ("looks", "you"), "looking at the list is a look"
    assert (book["what"], book["what_vi"], book["who_vi"], book["who_en"]) == ("book", "Sổ bảo hiểm xã hội", "chính bạn", "you yourself")
    assert (book["why_vi"], book["legal_basis"], book["basis_en"]) == ("xem sổ của chính mình", "OWN_DATA", "own data")
    assert {group["group"] for group in book["groups"]} >= {"basic", "social_insurance", "health_insurance"}
    assert looks("book", reply["X-Request-Id"]) == {person_of(api, "citizen")}


def test_an_officer_is_told_by_office_role_and_initials(api: World, dossier_id: UUID) -> None:
    from bhxh.registry.queries import get_person

    lines = api.get(f"/office/dossiers/{api.code}/lines", "officer").json()
    [person_id] = persons_of(dossier_id, [line["number"] for line in lines])
    look = told_to(person_id)[0]
    officer = get_person(person_of(api, "officer"))
    initials = "".join(f"{word[0]}." for word in officer.full_name.split())
    assert (look.what, look.recipient.value, look.dossier_code) == ("dossier_line", "office", api.code)
    assert "Bảo hiểm xã hội Việt Nam" in look.who[0] and initials in look.who[0] and initials in look.who[1]
    assert api.code in look.why[0] and look.basis == ("nhiệm vụ theo luật", "a legal duty")
    for text in (*look.who, *look.why):
        assert officer.full_name not in text and officer.pin not in text and "lan" not in text.split(), "neither name, number nor login"


@pytest.mark.parametrize(("how", "is_named"), [("none", False), ("full", True)])
def test_how_much_of_the_name_is_told_is_the_agencys_to_set(api: World, dossier_id: UUID, how: str, is_named: bool) -> None:
    from dataclasses import replace

    from bhxh.doors.partners import partners
    from bhxh.kernel.officer_names import OfficerNames
    from bhxh.own_data.looks import tell_looks
    from bhxh.registry.queries import get_person

    lines = api.get(f"/office/dossiers/{api.code}/lines", "officer").json()
    [person_id] = persons_of(dossier_id, [line["number"] for line in lines])
    office = replace(partners().office, officer_names=OfficerNames(how))
    name = get_person(person_of(api, "officer")).full_name
    assert (name in tell_looks(person_id, office=office)[0].who[0]) is is_named
    assert ("." in tell_looks(person_id, office=office)[0].who[0]) is False


def test_an_employer_is_told_by_name_and_its_clerk_is_not(api: World, dossier_id: UUID) -> None:
    from bhxh.registry.queries import get_person

    lines = api.get(f"/dossiers/{api.code}/lines", "clerk").json()
    person_id = min(persons_of(dossier_id, [line["number"] for line in lines]))
    look = next(look for look in told_to(person_id) if look.recipient.value == "employer" and look.what == "dossier_line")
    clerk = get_person(person_of(api, "clerk"))
    assert api.population.employers[0].name in look.who[0]
    assert clerk.full_name not in "".join((*look.who, *look.why))


def test_the_installation_and_other_programs_are_told_too(api: World, dossier_id: UUID) -> None:
    judged = told_to(max(persons_of(dossier_id)))
    assert any(look.recipient.value == "installation" and look.dossier_code == api.code for look in judged), "automatic work is a look"
    api.take(api.intake(api.people["citizen"]))
    [latest, *_] = told_to(person_of(api, "citizen"))
    assert (latest.recipient.value, latest.who[0], latest.what) == ("program", "NPSP", "receipt")


def test_the_list_is_read_page_by_page(api: World) -> None:
    for _ in range(3):
        api.get("/me/book.pdf", "citizen")
    person_id = person_of(api, "citizen")
    everything = [look.look_id for look in told_to(person_id)]
    paged: list[UUID] = []
    while page := told_to(person_id, before=paged[-1] if paged else None, limit=2):
        paged += [look.look_id for look in page]
    assert paged == everything and len(set(paged)) == len(paged)
    first = api.get("/me/looks?limit=2", "citizen").json()
    second = api.get(f"/me/looks?limit=2&before={first[-1]['look_id']}", "citizen").json()
    assert [look["at"] for look in first + second] == sorted((look["at"] for look in first + second), reverse=True)
    assert not {look["look_id"] for look in first} & {look["look_id"] for look in second}


def test_ones_own_looks_can_be_left_out(api: World) -> None:
    api.get("/me/book.pdf", "citizen")
    others = api.get("/me/looks?without_own=true", "citizen").json()
    assert others, "the list was judged by this installation"
    assert all(look["recipient"] != "you" for look in others)


@pytest.mark.parametrize("asked", ["limit=0", "limit=201", "before=yesterday"])
def test_a_page_that_cannot_be_is_refused(api: World, asked: str) -> None:
    check_problem(api.get(f"/me/looks?{asked}", "citizen"), 422, "API-001")


def test_nobody_reads_anothers_list(api: World) -> None:
    for role in ("clerk", "mandated clerk"):
        check_problem(api.get("/me/looks", role), 403)
    mine = {look["look_id"] for look in api.get("/me/looks", "citizen").json()}
    other = {look["look_id"] for look in api.get("/me/looks", "other citizen").json()}
    assert mine and other and not mine & other


def test_more_looks_take_no_more_statements(api: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    person_id = person_of(api, "citizen")
    told_to(person_id)
    with CaptureQueriesContext(connection) as few:
        told_to(person_id, limit=1)
    for _ in range(5):
        api.get("/me/book.pdf", "citizen")
    with CaptureQueriesContext(connection) as many:
        told_to(person_id)
    assert len(many) <= len(few) + 3, "officers, programs and employers are each named at once"


# -- a copy of everything ---------------------------------------------------------------------------------------------


def just_signed_in(api: World, role: str = "citizen") -> dict[str, str]:
    return {"Authorization": f"Bearer {api.sign_in(api.people[role])}"}


def own_copy(api: World) -> zipfile.ZipFile:
    reply = api.get("/me/copy", headers=just_signed_in(api))
    assert reply.status_code == 200, b"".join(reply.streaming_content) if reply.streaming else reply.content
    assert (reply["Content-Type"], reply["Cache-Control"].find("no-store") >= 0) == ("application/zip", True)
    content = b"".join(reply.streaming_content)
    return zipfile.ZipFile(io.BytesIO(content))


def test_the_copy_holds_every_group_the_book_the_looks_and_pages_to_read(api: World) -> None:
    from bhxh.kernel.data_groups import DataGroup

    code = api.take(api.intake(api.people["citizen"])).json()["code"]
    archive = own_copy(api)
    names = set(archive.namelist())
    assert {f"du-lieu/{group.value}.json" for group in DataGroup} <= names
    assert {"manifest.json", "tong-quan.pdf", "so-bhxh/so-bhxh-1.json", "so-bhxh/so-bhxh.pdf"} <= names
    basic = orjson.loads(archive.read("du-lieu/basic.json"))
    assert basic["person"][0]["pin"] == api.people["citizen"]
    assert orjson.loads(archive.read("du-lieu/ledger.json")), "somebody on the demonstration's list has contributions"
    dossiers = orjson.loads(archive.read("du-lieu/dossiers.json"))
    assert {dossier["code"] for dossier in dossiers} >= {code, api.code}, "own dossiers, and lists that name the person"
    assert all(line["pin"] in ("", api.people["citizen"]) for dossier in dossiers for line in dossier["lines"]), "nobody else's lines"
    told = orjson.loads(archive.read("du-lieu/looks.json"))
    assert told[0]["what"] == "own_copy", "the copy itself is a look"
    for name in ("tong-quan.pdf", "so-bhxh/so-bhxh.pdf"):
        assert archive.read(name).startswith(b"%PDF-")


def test_the_copy_tells_nothing_of_our_inside_and_of_others(api: World) -> None:
    archive = own_copy(api)
    others = {pin for role, pin in api.people.items() if role != "citizen"} - {api.people["citizen"]}
    for name in archive.namelist():
        if name.endswith(".json") and not name.startswith("kho-du-lieu/"):
            text = archive.read(name).decode()
            assert '"person_id"' not in text and '"employer_id"' not in text, name
            assert "officer:" not in text and "eid:" not in text, name
            assert not any(pin in text for pin in others), name


def test_the_copy_is_verified_offline_and_by_the_program(api: World, tmp_path: Any) -> None:
    from bhxh.doors.cli.verify import run
    from bhxh.doors.partners import partners

    reply = api.get("/me/copy", headers=just_signed_in(api))
    file, keys = tmp_path / "own.zip", tmp_path / "keys.json"
    file.write_bytes(b"".join(reply.streaming_content))
    keys.write_bytes(partners().keys.key_set().to_json())
    from argparse import Namespace

    report = run(Namespace(files=[str(file)], keys=str(keys), content=""))
    assert report["holds"] and report["files"][0]["kind"] == "copy of own data"
    file.write_bytes(file.read_bytes().replace(b"tong-quan.pdf", b"tong-quan.pdg"))
    assert not run(Namespace(files=[str(file)], keys=str(keys), content=""))["holds"]


@pytest.mark.parametrize("age_s", [None, 400], ids=["nobody knows when", "seven minutes ago"])
def test_a_copy_asks_for_a_sign_in_of_just_now(api: World, age_s: int | None) -> None:
    token = api.sign_in(api.people["citizen"], auth_age_s=age_s)
    reply = api.get("/me/copy", headers={"Authorization": f"Bearer {token}"})
    check_problem(reply, 403, "ACC-030")
    assert looks("own_copy", reply["X-Request-Id"]) == set(), "nothing was shown"


# -- a mistake is reported --------------------------------------------------------------------------------------------

MISTAKE = {"group": "social_insurance", "about": "2025-03", "words": "Lương tháng này ghi thiếu phụ cấp.", "right": "9.500.000"}


def test_a_report_opens_a_dossier_that_two_officers_answer_and_nothing_changes_by_itself(api: World) -> None:
    from bhxh.book.queries import list_stale, list_versions
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_decisions, get_dossier
    from bhxh.kernel.clock import day_in_vietnam, now

    person_id = person_of(api, "citizen")
    versions = list_versions(person_id)
    first, again = (api.post("/me/mistakes", MISTAKE, "citizen") for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 200, first.json()["code"])
    code = first.json()["code"]
    dossier = get_dossier(code)
    tasks.gather(dossier_id=str(dossier.dossier_id))
    assert code in {row["code"] for row in api.get("/office/queue", "officer").json()}
    [line] = api.get(f"/office/dossiers/{code}/lines", "officer").json()
    assert MISTAKE["words"] in line["findings"][0]["vi"] and "9.500.000" in line["findings"][0]["en"]
    proposal = {"lines": [1], "proposal": "grant", "reason": "Đơn vị sẽ nộp điều chỉnh.", "row_version": get_dossier(code).row_version}
    assert api.post(f"/office/dossiers/{code}/appraisals", proposal, "officer").status_code == 201
    approval = {"row_version": get_dossier(code).row_version}
    check_problem(api.post(f"/office/dossiers/{code}/approvals", approval, "officer"), 403)
    assert api.post(f"/office/dossiers/{code}/approvals", approval, "other officer").status_code == 201
    tasks.deliver(dossier_id=str(dossier.dossier_id))
    [decision] = get_decisions(dossier.dossier_id)
    assert decision.touched_person_ids == ()
    assert list_versions(person_id) == versions and not list_stale([person_id], valid_on=day_in_vietnam(now()), known_at=now())
    assert api.get(f"/dossiers/{code}/decisions/1.pdf", "citizen").content.startswith(b"%PDF-")


@pytest.mark.parametrize("said", [{"group": "secrets", "words": "x"}, {"group": "basic"}, {"group": "basic", "words": " "}], ids=range(3))
def test_a_report_that_says_nothing_is_refused(api: World, said: dict[str, str]) -> None:
    check_problem(api.post("/me/mistakes", said, "citizen"), 422)


def test_a_clerk_reports_no_mistake_in_a_workers_data(api: World) -> None:
    check_problem(api.post("/me/mistakes", MISTAKE, "clerk"), 403)
