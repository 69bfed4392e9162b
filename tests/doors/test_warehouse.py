"""An owner's warehouse over HTTP: a paper sent in, examined, read, used again for a dossier, and everything taken out."""

import io
import zipfile
from typing import Any
from uuid import UUID

import orjson
import pytest

from tests.component.warehouse.test_uploads import JPEG, LOCKED, PDF, SIGNED
from tests.doors.test_acts import ask, version
from tests.doors.test_answers import check_problem
from tests.doors.test_filing import looks, person_of, persons_of
from tests.doors.test_own_data import just_signed_in
from tests.doors.world import World


def send(api: World, content: bytes, role: str = "citizen", *, kind: str = "contract", **options: Any) -> Any:
    path = f"/warehouse/uploads?kind={kind}"
    return api.call("POST", path, role, data=content, content_type="application/octet-stream", **options)


def examined(api: World, sent: Any, role: str = "citizen") -> Any:
    """What its owner sees once the job ran."""
    from bhxh.doors.jobs import tasks
    from bhxh.warehouse.models import Upload

    assert sent.status_code == 202, sent.content
    row = Upload.objects.get(upload_id=sent.json()["upload_id"])
    tasks.examine_upload(upload_id=str(row.upload_id), owner_kind=row.owner_kind, owner_id=row.owner_id)
    return api.get(f"/warehouse/uploads/{row.upload_id}", role).json()


def test_a_paper_is_sent_in_examined_and_read_again(api: World) -> None:
    sent = send(api, PDF)
    assert (sent.json()["state"], sent.json()["scan"], sent.json()["item_id"]) == ("received", "waiting", None)
    shown = examined(api, sent)
    assert (shown["state"], shown["scan"], shown["media_type"]) == ("usable", "not_scanned", "application/pdf")
    [paper] = [one for one in api.get("/warehouse/items", "citizen").json() if one["item_id"] == shown["item_id"]]
    assert (paper["title_vi"], paper["provenance"]["source_kind"], paper["scan"]) == ("Hợp đồng lao động", "SUBMITTER", "not_scanned")
    reply = api.get(f"/warehouse/items/{paper['item_id']}", "citizen")
    assert b"".join(reply.streaming_content) == PDF
    assert reply["Content-Disposition"].startswith("attachment") and reply["X-Content-Type-Options"] == "nosniff"
    assert looks("warehouse_item", reply["X-Request-Id"]) == {person_of(api, "citizen")}


def test_a_refusal_is_told_in_both_languages(api: World) -> None:
    shown = examined(api, send(api, LOCKED))
    assert (shown["state"], shown["code"]) == ("refused", "WAR-027")
    assert "mật khẩu" in shown["vi"] and "password" in shown["en"]


def test_what_is_too_large_or_empty_is_refused_at_once(api: World) -> None:
    from bhxh.doors.partners import partners

    check_problem(send(api, b""), 422, "WAR-020")
    check_problem(send(api, b"x" * (partners().maximum_document_bytes + 1)), 422, "WAR-004")
    check_problem(send(api, PDF, kind="novel"), 422, "API-001")
    assert api.get("/warehouse/uploads", "citizen").json() == []


def test_more_than_a_filing_may_weigh_is_taken_here(api: World) -> None:
    large = PDF + b"%" * api.settings.maximum_upload_bytes * 2
    assert send(api, large).status_code == 202


def test_nobody_reads_anothers_papers(api: World) -> None:
    shown = examined(api, send(api, PDF))
    for role in ("other citizen", "clerk"):
        check_problem(api.get(f"/warehouse/items/{shown['item_id']}", role), 404, "WAR-005")
        check_problem(api.get(f"/warehouse/uploads/{shown['upload_id']}", role), 404, "WAR-023")
    check_problem(api.get("/warehouse/items", "mandated clerk"), 403, "ACC-020")


def test_a_paper_of_the_warehouse_answers_a_supplement_without_being_sent_again(api: World, dossier_id: UUID) -> None:
    from bhxh.dossiers.models import SuppliedComponent

    paper, others = examined(api, send(api, PDF, "clerk"), "clerk"), examined(api, send(api, JPEG, "other clerk"), "other clerk")
    ask(api, api.code)
    body = {"items": [{"item_id": paper["item_id"], "component": "contract"}], "row_version": version(api, api.code)}
    of_others = {**body, "items": [{"item_id": others["item_id"], "component": "contract"}]}
    check_problem(api.post(f"/dossiers/{api.code}/supplement/items", of_others, "clerk"), 404, "WAR-005")
    answered = api.post(f"/dossiers/{api.code}/supplement/items", body, "clerk")
    assert (answered.status_code, answered.json()["state"]) == (200, "RECEIVED"), answered.content
    row = SuppliedComponent.objects.filter(dossier_id=dossier_id).latest("n")
    assert (row.is_reused, row.source_kind, row.source_record_id) == (True, "WAREHOUSE", paper["item_id"])
    assert api.post(f"/dossiers/{api.code}/supplement/items", body, "clerk").json() == answered.json(), "the same again answers the same"
    reply = api.get(f"/office/dossiers/{api.code}/documents/{paper['sha256']}", "officer")
    assert reply.content == PDF


def test_only_what_a_component_may_be_is_taken_from_the_warehouse(api: World) -> None:
    paper = examined(api, send(api, SIGNED, "clerk"), "clerk")
    assert paper["media_type"] == "application/xml"
    ask(api, api.code)
    seen = version(api, api.code)
    body = {"items": [{"item_id": paper["item_id"]}], "row_version": seen}
    check_problem(api.post(f"/dossiers/{api.code}/supplement/items", body, "clerk"), 422, "DOS-033")
    assert version(api, api.code) == seen


def _papers(code: str) -> list[tuple[str, bool, str, str]]:
    from bhxh.dossiers.models import SuppliedComponent
    from bhxh.dossiers.queries import get_dossier

    rows = SuppliedComponent.objects.filter(dossier_id=get_dossier(code).dossier_id).order_by("n")
    return [(row.code, row.is_reused, row.source_kind, row.source_record_id) for row in rows]


MISTAKE = {"group": "basic", "words": "Ngày sinh sai."}


def test_a_first_filing_takes_a_paper_without_it_being_sent_again(api: World) -> None:
    paper = examined(api, send(api, PDF))
    named = {"papers": [{"item_id": paper["item_id"], "component": "proof"}]}
    first, again = (api.post("/me/mistakes", {**MISTAKE, **named}, "citizen") for _ in range(2))
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 200, first.json()["code"]), first.content
    assert ("proof", True, "WAREHOUSE", paper["item_id"]) in _papers(first.json()["code"])
    extract = {"purpose": "Nhà", "papers": [{"item_id": paper["item_id"], "component": "CCCD"}]}
    asked = api.post("/confirmation-extract/requests", extract, "citizen")
    assert ("CCCD", True, "WAREHOUSE", paper["item_id"]) in _papers(asked.json()["code"])


def test_a_draft_that_is_confirmed_takes_one_too(api: World) -> None:
    paper = examined(api, send(api, PDF))
    prepared = api.post("/confirmation-extract/preparations", {"purpose": "Vay"}, "citizen").json()
    body = {"content_sha256": prepared["content_sha256"], "papers": [{"item_id": paper["item_id"], "component": "SO-BHXH"}]}
    filed = api.post(f"/confirmations/{prepared['draft_id']}", body, "citizen")
    assert filed.status_code == 201, filed.content
    assert ("SO-BHXH", True, "WAREHOUSE", paper["item_id"]) in _papers(filed.json()["code"])


def test_a_list_takes_several_papers_for_one_component(api: World) -> None:
    contract, picture = (examined(api, send(api, content, "clerk"), "clerk") for content in (PDF, JPEG))
    draft, to_sign = api.prepare_list(batch=7)
    papers = [{"item_id": one["item_id"], "component": "D01-TS"} for one in (contract, picture)]
    filed = api.file_draft(draft, to_sign, key="with-papers", papers=papers)
    assert filed.status_code == 201, filed.content
    supplied = [row for row in _papers(filed.json()["code"]) if row[0] == "D01-TS"]
    assert supplied == [("D01-TS", True, "WAREHOUSE", one["item_id"]) for one in (contract, picture)]
    sources = {one["code"]: one["source"] for one in opened_receipt(filed)["components"]}
    assert sources["D01-TS"] == "warehouse"
    reply = api.get(f"/office/dossiers/{filed.json()['code']}/documents/{picture['sha256']}", "officer")
    assert reply.content == JPEG


def opened_receipt(filed: Any) -> Any:
    from base64 import b64decode, urlsafe_b64decode

    payload = orjson.loads(b64decode(filed.json()["receipt"]))["payload"]
    return orjson.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


@pytest.mark.parametrize(
    ("component", "status", "code"), [("form", 422, "DOS-060"), ("novel", 422, "DOS-060"), ("", 422, "DOS-060"), ("proof", 404, "WAR-005")]
)
def test_a_paper_for_nothing_or_of_another_is_refused_and_nothing_is_filed(api: World, component: str, status: int, code: str) -> None:
    from bhxh.dossiers.models import Dossier

    others, before = examined(api, send(api, PDF, "other citizen"), "other citizen"), Dossier.objects.count()
    named = {"papers": [{"item_id": others["item_id"], "component": component}]}
    check_problem(api.post("/me/mistakes", {**MISTAKE, **named}, "citizen"), status, code)
    assert Dossier.objects.count() == before


def test_what_has_ended_is_taken_no_more(api: World) -> None:
    from datetime import timedelta

    from bhxh.doors.jobs.clockwork import BEATS
    from bhxh.doors.jobs.resting import list_rested_on
    from bhxh.kernel.clock import now
    from bhxh.warehouse.expiring import expire

    assert "warehouse.expire" in {beat.name for beat in BEATS}
    used, unused = examined(api, send(api, PDF)), examined(api, send(api, JPEG))
    named = {"papers": [{"item_id": used["item_id"], "component": "proof"}]}
    assert api.post("/me/mistakes", {**MISTAKE, **named}, "citizen").status_code == 201
    done = expire(now() + timedelta(days=366 * 10), rests_on=list_rested_on)
    assert (done.ended, done.kept_longer) == (1, 1)
    left = {one["item_id"] for one in api.get("/warehouse/items", "citizen").json()}
    assert used["item_id"] in left and unused["item_id"] not in left
    check_problem(api.get(f"/warehouse/items/{unused['item_id']}", "citizen"), 404, "WAR-005")
    named = {"papers": [{"item_id": unused["item_id"], "component": "proof"}]}
    check_problem(api.post("/me/mistakes", {**MISTAKE, **named, "words": "Khác."}, "citizen"), 404, "WAR-005")


def _removed(api: World, item_id: str, role: str = "citizen") -> Any:
    return api.post(f"/warehouse/items/{item_id}/removal", None, role)


def test_an_owner_removes_a_paper_once_and_nobody_else_does(api: World) -> None:
    paper, of_unit = examined(api, send(api, PDF)), examined(api, send(api, JPEG, "clerk"), "clerk")
    for role in ("other citizen", "clerk"):
        check_problem(_removed(api, paper["item_id"], role), 404, "WAR-005")
    check_problem(_removed(api, of_unit["item_id"], "mandated clerk"), 403, "ACC-020")
    for owned, role in ((paper, "citizen"), (of_unit, "clerk")):
        assert [_removed(api, owned["item_id"], role).status_code for _ in range(2)] == [204, 204]
        assert owned["item_id"] not in {one["item_id"] for one in api.get("/warehouse/items", role).json()}
    check_problem(api.get(f"/warehouse/items/{paper['item_id']}", "citizen"), 404, "WAR-005")


def test_what_a_dossier_uses_and_what_the_agency_made_is_not_removed(api: World) -> None:
    used, same_of_another = examined(api, send(api, PDF)), examined(api, send(api, PDF, "other citizen"), "other citizen")
    named = {"papers": [{"item_id": used["item_id"], "component": "proof"}]}
    code = api.post("/me/mistakes", {**MISTAKE, **named}, "citizen").json()["code"]
    refused = _removed(api, used["item_id"])
    check_problem(refused, 409, "DOS-080")
    assert code in refused.json()["vi"]
    assert _removed(api, same_of_another["item_id"], "other citizen").status_code == 204, "whose dossier has the same bytes is not told"
    _let_it_be_delivered(api.post("/confirmation-extract/requests", {"purpose": "Xem"}, "citizen").json()["code"])
    for paper in api.get("/warehouse/items", "citizen").json():
        if paper["item_id"] != used["item_id"]:
            check_problem(_removed(api, paper["item_id"]), 409, "WAR-031")


def test_a_scan_that_was_put_forward_is_not_removed_until_it_is_declined(api: World) -> None:
    from tests.doors import test_conversions as desk

    desk.make_second(api)
    case_id = desk.opened(api, "paper_book")
    scan = desk.scanned(api, case_id)
    assert desk.put_forward(api, case_id, scan).status_code == 200
    check_problem(_removed(api, scan), 409, "CNV-024")
    refusal = api.post(f"/office/conversions/{case_id}/refusal", {"words": desk.WHY}, desk.SECOND)
    assert refusal.status_code == 200, refusal.content
    assert _removed(api, scan).status_code == 204


def test_where_it_comes_from_and_how_long_it_stays_is_shown(api: World) -> None:
    paper = examined(api, send(api, PDF))
    code = api.post("/confirmation-extract/requests", {"purpose": "Xem"}, "citizen").json()["code"]
    _let_it_be_delivered(code)
    shown = {one["item_id"]: one for one in api.get("/warehouse/items", "citizen").json()}
    own = shown.pop(paper["item_id"])
    assert (own["provenance"]["source_system"], own["provenance"]["source_record_id"]) == ("upload", paper["upload_id"])
    assert (own["provenance"]["vi"], own["provenance"]["dossier"]) == ("Do chủ kho gửi lên", "")
    assert own["provenance"]["received_at"] == paper["received_at"]
    assert own["retention"]["until_on"] and own["retention"]["is_assumed"]
    [extract] = [one for one in shown.values() if one["provenance"]["dossier"] == code and one["kind"] != "decision"]
    assert extract["retention"]["until_on"] is None and extract["provenance"]["source_kind"] == "SPECIALISED_DB"


def _let_it_be_delivered(code: str) -> None:
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    dossier_id = str(get_dossier(code).dossier_id)
    tasks.gather(dossier_id=dossier_id)
    tasks.deliver(dossier_id=dossier_id)


def _archive(api: World, role: str = "citizen", **more: Any) -> bytes:
    claims = {"org_id": api.population.employers[0].tax_code} if role == "clerk" else {}
    token = api.sign_in(api.people[role], **claims, **more)
    reply = api.get("/warehouse/archive", headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 200, reply.content
    return b"".join(reply.streaming_content)


def test_everything_is_taken_out_in_one_archive_that_verifies_offline(api: World, tmp_path: Any) -> None:
    from argparse import Namespace

    from bhxh.doors.cli.verify import run
    from bhxh.doors.partners import partners

    shown = examined(api, send(api, PDF))
    file, keys = tmp_path / "kho.zip", tmp_path / "keys.json"
    file.write_bytes(_archive(api))
    keys.write_bytes(partners().keys.key_set().to_json())
    assert run(Namespace(files=[str(file)], keys=str(keys), content="", status_list=""))["holds"]
    with zipfile.ZipFile(file) as archive:
        listed = orjson.loads(archive.read("muc-luc.json"))
        assert len(listed) == len(api.get("/warehouse/items", "citizen").json())
        [paper] = [one for one in listed if one["sha256"] == shown["sha256"]]
        assert archive.read(paper["name"]) == PDF
        assert paper["provenance"]["scan"] == "not_scanned"
    file.write_bytes(file.read_bytes().replace(b"muc-luc.json", b"muc-luc.jsom"))
    assert not run(Namespace(files=[str(file)], keys=str(keys), content="", status_list=""))["holds"]


def test_an_employers_archive_is_a_look_of_everybody_its_lists_name(api: World, dossier_id: UUID) -> None:
    from bhxh.dossiers.queries import get_dossier
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.clock import now
    from bhxh.warehouse.commands import put
    from bhxh.warehouse.owners import Owner

    put(
        actor=system_actor(name="test", request_id="r", purpose="operation"),
        at=now(),
        owner=Owner("employer", get_dossier(api.code).employer_id or 0),
        content=b"{}",
        media_type="application/json",
        kind="line_results",
        title_vi="Kết quả từng dòng",
        title_en="Result of each line",
        provenance={"source_kind": "OFFICER"},
        dossier_id=dossier_id,
    )
    token = api.sign_in(api.people["clerk"], org_id=api.population.employers[0].tax_code)
    reply = api.get("/warehouse/archive", headers={"Authorization": f"Bearer {token}"})
    with zipfile.ZipFile(io.BytesIO(b"".join(reply.streaming_content))) as archive:
        assert len(archive.namelist()) == 3
    assert looks("warehouse_archive", reply["X-Request-Id"]) >= persons_of(dossier_id)


def test_an_archive_asks_for_a_sign_in_of_just_now(api: World) -> None:
    token = api.sign_in(api.people["citizen"], auth_age_s=400)
    check_problem(api.get("/warehouse/archive", headers={"Authorization": f"Bearer {token}"}), 403, "ACC-030")
    assert api.get("/warehouse/archive", headers=just_signed_in(api)).status_code == 200


@pytest.mark.parametrize("act", ["prove", "seal-old", "new-key"])
def test_the_operator_cares_for_files_at_rest(api: World, act: str, capsys: pytest.CaptureFixture[str]) -> None:
    from bhxh.doors.cli import main
    from bhxh.warehouse.store import bound_store, read_blob, store_blob

    before = store_blob(b"kept before")
    assert main.run(["--json", "warehouse", act], prepare=lambda _: None, migrate=lambda: None, work=lambda _: None) == 0
    assert orjson.loads(capsys.readouterr().out)
    assert read_blob(before) == b"kept before"
    assert bound_store().has(before)
