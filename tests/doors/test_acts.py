"""After filing: taking a dossier back, asking for a supplement, answering it. Through HTTP, as filers and officers do."""

from typing import Any
from uuid import UUID

import pytest

from tests.doors.test_filing import check_problem, looks, persons_of
from tests.doors.world import World

CONTRACT = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF"
MISSING = {"vi": "Thiếu hợp đồng lao động", "en": "The labour contract is missing", "component": "contract", "line": 2}


def version(api: World, code: str, role: str = "clerk") -> int:
    return int(api.get(f"/dossiers/{code}", role).json()["row_version"])


def ask(api: World, code: str, **more: Any) -> Any:
    body = {"defects": [MISSING], "days": 10, "row_version": version(api, code), **more}
    return api.post(f"/office/dossiers/{code}/supplement-requests", body, more.get("role", "officer"))


def answer(api: World, code: str, *, at_version: int, files: Any = None, role: str = "clerk", components: str = "contract") -> Any:
    given = {"documents": ("hop-dong.pdf", CONTRACT)} if files is None else files
    return api.upload(f"/dossiers/{code}/supplement", given, role, row_version=str(at_version), components=components)


def file_another(api: World) -> str:
    reply = api.file_draft(*api.prepare_list(batch=2), key="another")
    assert reply.status_code == 201, reply.content
    return str(reply.json()["code"])


# -- the supplement ---------------------------------------------------------------------------------------------------


def test_asked_once_answered_and_taken_up_again(api: World, dossier_id: UUID) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.notices.models import Message

    asked = ask(api, api.code)
    assert (asked.status_code, asked.json()["state"]) == (201, "SUPPLEMENT_REQUIRED")
    assert asked.json()["supplement_due_on"]
    letter = Message.objects.get(kind="supplement", dossier_id=dossier_id)
    assert "Thiếu hợp đồng lao động" in letter.body_text and "contract: Dòng 2: " in letter.body_text
    assert "contract: Line 2: " in letter.body_text
    seen = version(api, api.code)
    answered = answer(api, api.code, at_version=seen)
    assert (answered.status_code, answered.json()["state"]) == (200, "RECEIVED")
    steps = api.get(f"/dossiers/{api.code}/history", "clerk").json()
    assert [step["state"] for step in steps][-2:] == ["SUPPLEMENT_REQUIRED", "RECEIVED"]
    assert (steps[-2]["reason"], steps[-2]["by"], steps[-1]["by"]) == ("Thiếu hợp đồng lao động", "officer", "person")
    tasks.gather(dossier_id=str(dossier_id))
    check_problem(ask(api, api.code), 409, "DOS-016")


def test_the_same_answer_again_answers_the_same(api: World, dossier_id: UUID) -> None:
    from bhxh.dossiers.models import SuppliedComponent

    ask(api, api.code)
    seen = version(api, api.code)
    first = answer(api, api.code, at_version=seen)
    count = SuppliedComponent.objects.filter(dossier_id=dossier_id).count()
    again = answer(api, api.code, at_version=seen)
    assert (again.status_code, again.json()) == (200, first.json()), "the first answer may have been lost on the way"
    assert SuppliedComponent.objects.filter(dossier_id=dossier_id).count() == count
    other = {"documents": ("khac.pdf", CONTRACT + b"\n%")}
    check_problem(answer(api, api.code, at_version=seen, files=other), 409, "DOS-003")


def test_the_officer_opens_what_was_supplied_and_everybody_it_may_name_sees_the_look(api: World, dossier_id: UUID) -> None:
    from hashlib import sha256

    from bhxh.dossiers.queries import list_all_lines

    ask(api, api.code)
    answer(api, api.code, at_version=version(api, api.code))
    digest = sha256(CONTRACT).hexdigest()
    documents = api.get(f"/office/dossiers/{api.code}/documents", "officer").json()
    assert [one["media_type"] for one in documents if one["sha256"] == digest and one["code"] == "contract"] == ["application/pdf"]
    reply = api.get(f"/office/dossiers/{api.code}/documents/{digest}", "officer")
    assert (reply.content, reply["Content-Disposition"], reply["X-Content-Type-Options"]) == (CONTRACT, "attachment", "nosniff")
    everybody = persons_of(dossier_id, [line.number for line in list_all_lines(dossier_id)])
    assert looks("document", reply["X-Request-Id"]) == everybody
    check_problem(api.get(f"/office/dossiers/{api.code}/documents/{digest}", "clerk"), 403)


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ({"documents": ("a.pdf", b"<html>")}, 422, "DOS-033"),
        ({"documents": ("a.pdf", b"")}, 422, "DOS-033"),
        ({"documents": ("a.pdf", b"MZ\x90\x00" + CONTRACT)}, 422, "DOS-033"),
        ({}, 422, "API-001"),
    ],
    ids=["a page", "nothing", "a program", "no file"],
)
def test_what_is_no_document_is_refused_and_nothing_changes(api: World, files: Any, status: int, code: str) -> None:
    ask(api, api.code)
    seen = version(api, api.code)
    check_problem(answer(api, api.code, at_version=seen, files=files), status, code)
    assert version(api, api.code) == seen


def test_pictures_of_paper_are_taken(api: World) -> None:
    ask(api, api.code)
    pictures = [("documents", ("1.jpg", b"\xff\xd8\xff\xe0rest")), ("documents", ("2.png", b"\x89PNG\r\n\x1a\nrest"))]
    assert answer(api, api.code, at_version=version(api, api.code), files=pictures, components="contract,identity").status_code == 200
    kinds = {(one["code"], one["media_type"]) for one in api.get(f"/office/dossiers/{api.code}/documents", "officer").json()}
    assert {("contract", "image/jpeg"), ("identity", "image/png")} <= kinds


def test_an_answer_nobody_asked_for_and_one_to_a_stale_page(api: World) -> None:
    check_problem(answer(api, api.code, at_version=version(api, api.code)), 409, "DOS-003")
    ask(api, api.code)
    check_problem(answer(api, api.code, at_version=version(api, api.code) - 1), 409, "DOS-004")
    check_problem(answer(api, api.code, at_version=version(api, api.code), role="other clerk"), 404, "API-008")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"defects": []}, 422, "API-001"),
        ({"defects": [{"vi": " ", "en": "x"}]}, 422, "DOS-014"),
        ({"days": 0}, 422, "API-001"),
        ({"row_version": 0}, 409, "DOS-004"),
        ({"role": "operator"}, 403, "ACC-020"),
        ({"role": "clerk"}, 403, None),
    ],
    ids=["nothing missing", "no words", "no time", "stale", "no appraiser", "no officer"],
)
def test_a_request_that_cannot_be(api: World, more: dict[str, Any], status: int, code: str | None) -> None:
    reply = ask(api, api.code, **more)
    check_problem(reply, status, *([code] if code else []))
    assert api.get(f"/dossiers/{api.code}", "clerk").json()["state"] == "IN_PROCESS"


# -- taking it back ---------------------------------------------------------------------------------------------------


def test_a_dossier_is_taken_back_once_however_often_it_is_asked(api: World) -> None:
    code = file_another(api)
    body = {"reason": "Nộp nhầm kỳ", "row_version": version(api, code)}
    check_problem(api.post(f"/dossiers/{code}/withdrawal", {**body, "row_version": body["row_version"] + 1}, "clerk"), 409, "DOS-004")
    check_problem(api.post(f"/dossiers/{code}/withdrawal", body, "other clerk"), 404, "API-008")
    first = api.post(f"/dossiers/{code}/withdrawal", body, "clerk")
    assert (first.status_code, first.json()["state"]) == (200, "WITHDRAWN")
    again = api.post(f"/dossiers/{code}/withdrawal", body, "mandated clerk")
    assert (again.status_code, again.json()) == (200, first.json())
    steps = api.get(f"/dossiers/{code}/history", "clerk").json()
    assert [step["state"] for step in steps] == ["SUBMITTED", "RECEIVED", "WITHDRAWN"]
    assert steps[-1]["reason"] == "Nộp nhầm kỳ"


def test_after_a_decision_it_stays(api: World) -> None:
    body = {"reason": "", "row_version": version(api, api.code)}
    check_problem(api.post(f"/dossiers/{api.code}/withdrawal", body, "clerk"), 409, "DOS-015")


def test_what_was_taken_back_may_be_filed_anew(api: World) -> None:
    code = file_another(api)
    api.post(f"/dossiers/{code}/withdrawal", {"row_version": version(api, code)}, "clerk")
    reply = api.file_draft(*api.prepare_list(batch=2), key="anew")
    assert (reply.status_code, reply.json()["code"] != code) == (201, True)


def test_a_person_takes_back_what_only_they_filed(api: World) -> None:
    code = api.take(api.intake(api.people["citizen"])).json()["code"]
    body = {"row_version": version(api, code, "citizen")}
    check_problem(api.post(f"/dossiers/{code}/withdrawal", body, "other citizen"), 404)
    assert api.post(f"/dossiers/{code}/withdrawal", body, "citizen").json()["state"] == "WITHDRAWN"


# -- a signature that nobody can prove --------------------------------------------------------------------------------


def test_an_officer_ends_what_no_signature_proves(api: World) -> None:
    from bhxh.dossiers.models import Dossier
    from bhxh.dossiers.signature_commands import ASKED_AT_LEAST
    from bhxh.notices.models import Message

    code = file_another(api)
    Dossier.objects.filter(code=code).update(signature_pending=True)
    assert [shown["code"] for shown in api.get("/office/signatures", "officer").json()] == [code]

    def end(**more: Any) -> Any:
        body = {"reason": "Khóa bị báo mất sau khi nộp", "row_version": version(api, code), **more}
        return api.post(f"/office/dossiers/{code}/signature-refusals", body, "officer")

    check_problem(end(), 409, "DOS-036")
    Dossier.objects.filter(code=code).update(gather_rounds=ASKED_AT_LEAST)
    ended = end()
    assert (ended.status_code, ended.json()["state"]) == (201, "STOPPED"), ended.content
    check_problem(end(), 409, "DOS-003")
    assert api.get("/office/signatures", "officer").json() == []
    letter = Message.objects.get(kind="refusal", dossier_id=Dossier.objects.get(code=code).dossier_id)
    assert "Khóa bị báo mất sau khi nộp" in letter.body_text
