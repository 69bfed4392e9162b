"""Officers through the API: the second factor, reading a person, the log for auditors, the data-protection officer's view."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from sandbox.security_key import SecurityKey, register, show
from tests.doors.browser import Browser
from tests.doors.world import World

WORDS = "Người dân hỏi quá trình đóng tại quầy số 3."
GROUPS = ["basic", "employer", "social_insurance", "contact"]


def read(api: World, role: str, person: str = "citizen", **more: Any) -> Any:
    body = {"number": api.people[person], "groups": GROUPS, "words": WORDS, **more}
    return api.post("/office/persons/readings", body, role)


def looks_of(api: World, role: str) -> list[Any]:
    from bhxh.audit.queries import list_looks
    from bhxh.registry.queries import get_person_by_number

    return list(list_looks(get_person_by_number(api.people[role]).person_id))


def span(**more: str) -> dict[str, str]:
    from bhxh.kernel.clock import now

    return {"from_at": (now() - timedelta(days=1)).isoformat(), "until_at": (now() + timedelta(days=1)).isoformat(), **more}


def query(**parameters: str) -> str:
    from urllib.parse import urlencode

    return urlencode(parameters)


# -- second factor ---------------------------------------------------------------------------------------------------


def test_an_officer_who_only_signed_in_gets_nowhere(api: World) -> None:
    headers = {"Authorization": f"Bearer {api.sign_in(api.people['officer'])}"}
    for path in ("/office/queue", f"/office/dossiers/{api.code}/lines", "/office/reading-purposes", "/log/look-counts?" + query(**span())):
        reply = api.get(path, headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (403, "ACC-060"), path
    state = api.get("/officers/session", headers=headers).json()
    assert state == {"login": "lan", "is_proven": False, "until_at": None, "keys": 1}
    assert api.get("/officers/session", "officer").json()["is_proven"] is True


def test_from_the_operators_code_to_the_queue(api: World) -> None:
    code = api.post("/officers/lan/key-codes", {}, "operator").json()["code"]
    headers = {"Authorization": f"Bearer {api.sign_in(api.people['officer'])}"}

    def post(path: str, content: Any) -> Any:
        reply = api.post(path, content, headers=headers)
        assert reply.status_code in {200, 201}, reply.content
        return reply.json()

    key, origin = SecurityKey(), api.settings.public_url
    register(post, key, origin=origin, code=code)
    assert api.get("/office/queue", headers=headers).status_code == 403
    shown = post("/officers/session", key.get(post("/officers/session/challenge", {}), origin=origin))
    assert (shown["is_proven"], shown["keys"]) == (True, 2)
    assert api.get("/office/queue", headers=headers).status_code == 200
    listed = api.get("/officers/keys", headers=headers).json()
    assert len(listed) == 2
    mine = next(one["key_id"] for one in listed if one["used_at"] and one["key_id"] == orjson.loads(orjson.dumps(_name(key))))
    ended = post("/officers/keys/endings", {"key_id": mine, "because": "lost"})
    assert next(one for one in ended if one["key_id"] == mine)["ended_because"] == "lost"
    assert api.get("/office/queue", headers=headers).json()["code"] == "ACC-060"


def _name(key: SecurityKey) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(key.key_id).rstrip(b"=").decode()


def test_in_a_browser_each_choice_of_the_role_asks_for_the_key_again(api: World) -> None:
    browser = Browser(api)
    browser.sign_in("officer")

    def post(path: str, content: Any) -> Any:
        reply = browser.post(f"/api/v1{path}", content)
        assert reply.status_code in {200, 201, 204}, reply.content
        return reply.json() if reply.content else None

    assert browser.get("/api/v1/officers/session").json()["code"] == "ACC-038", "signed in for themselves"
    for _ in range(2):
        post("/session/role", {"acting_as": "OFFICER"})
        assert browser.get("/api/v1/office/queue").json()["code"] == "ACC-060"
        show(post, api.keys["officer"], origin=api.settings.public_url)
        assert browser.get("/api/v1/office/queue").status_code == 200
        assert browser.get("/api/v1/me/book").json()["code"] == "ACC-038", "one role at a time"
    other = Browser(api)
    other.sign_in("officer")
    assert other.post("/api/v1/session/role", {"acting_as": "OFFICER"}).status_code == 204
    assert other.get("/api/v1/office/queue").json()["code"] == "ACC-060", "another browser of the same officer"


def test_a_page_of_somebody_else_cannot_use_the_key(api: World) -> None:
    asked = api.post("/officers/session/challenge", {}, "officer").json()
    answer = api.keys["officer"].get(asked, origin="https://bhxh.vidu.vn.evil.example")
    reply = api.post("/officers/session", answer, "officer")
    assert (reply.status_code, reply.json()["code"]) == (403, "ACC-062")


def test_who_is_no_officer_or_no_operator(api: World) -> None:
    assert api.get("/officers/session", "citizen").json()["code"] == "ACC-015"
    assert api.get("/officers/session", "clerk").json()["code"] == "ACC-015"
    for role in ("officer", "officer AUDITOR", "officer SUPERVISOR"):
        assert api.post("/officers/lan/key-codes", {}, role).status_code == 403
        assert api.get("/officers", role).status_code == 403
    assert api.post("/officers/nobody/key-codes", {}, "operator").status_code == 404
    assert {one["login"] for one in api.get("/officers", "operator").json()} >= {"lan", "minh", "hoa", "only-auditor"}


# -- reading a person ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["officer", "officer RECEPTION", "officer CONVERTER", "officer REGISTRAR"])
def test_with_a_dossier_that_names_the_person(api: World, role: str) -> None:
    before = len(looks_of(api, "citizen"))
    reply = read(api, role, dossier=api.code, words="")
    assert reply.status_code == 200, reply.content
    assert set(reply.json()) == set(GROUPS)
    assert {"scheme": "PIN", "value": api.people["citizen"]} in reply.json()["basic"]["numbers"]
    assert reply.json()["employer"] and reply.json()["social_insurance"]["si_months"] > 0
    newest, *older = looks_of(api, "citizen")
    assert len(older) == before
    assert (newest.what, newest.purpose, newest.dossier_id is not None) == ("person_record", "dossier", True)
    assert set(newest.groups) == set(GROUPS)


def test_only_what_was_asked_for_leaves(api: World) -> None:
    assert set(read(api, "officer", dossier=api.code, groups=["contact"]).json()) == {"contact"}
    assert looks_of(api, "citizen")[0].groups == ("contact",)


@pytest.mark.parametrize(
    ("role", "more", "status", "code"),
    [
        ("officer", {}, 422, "ACC-070"),
        ("officer", {"purpose": "curiosity"}, 422, "ACC-070"),
        ("officer RECEPTION", {"purpose": "at_counter", "words": "xem"}, 422, "ACC-070"),
        ("officer RECEPTION", {"purpose": "dossier"}, 422, "ACC-070"),
        ("officer", {"purpose": "at_counter"}, 403, "ACC-020"),
        ("officer RECEPTION", {"purpose": "court_request"}, 403, "ACC-020"),
        ("officer AUDITOR", {"purpose": "inspection"}, 403, "ACC-020"),
        ("officer DATA_PROTECTION", {"purpose": "breach"}, 403, "ACC-020"),
        ("operator", {"dossier": "any"}, 403, "ACC-020"),
        ("officer SUPERVISOR", {"dossier": "the code"}, 403, "ACC-020"),
        ("officer", {"dossier": "G12.99.01-261122-9999"}, 404, "DOS-002"),
        ("officer", {"dossier": "the code", "person": "clerk without mandate"}, 403, "ACC-071"),
        ("officer", {"dossier": "the code", "person": "officer"}, 403, "ACC-072"),
        ("officer", {"dossier": "the code", "person": "soldier"}, 404, "REG-002"),
        ("officer", {"dossier": "the code", "person": "unregistered"}, 404, "REG-001"),
    ],
    ids=str,
)
def test_no_dossier_number_no_read(api: World, role: str, more: dict[str, Any], status: int, code: str) -> None:
    from bhxh.audit.models import Look

    before = Look.objects.count()
    reply = read(api, role, **{**more, **({"dossier": api.code} if more.get("dossier") == "the code" else {})})
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert Look.objects.count() == before, "what was not shown is no look"


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        ("officer RECEPTION", "at_counter"),
        ("officer REGISTRAR", "correction"),
        ("officer SUPERVISOR", "complaint"),
        ("officer SUPERVISOR", "court_request"),
    ],
)
def test_for_a_stated_purpose_and_the_person_reads_the_words(api: World, role: str, purpose: str) -> None:
    assert read(api, role, purpose=purpose, groups=["basic"]).status_code == 200
    newest = looks_of(api, "citizen")[0]
    assert (newest.purpose, newest.reason, newest.dossier_id) == (purpose, WORDS, None)
    assert newest.account.startswith("officer:")


def test_the_purposes_are_published_to_officers(api: World) -> None:
    rows = {one["purpose"]: one for one in api.get("/office/reading-purposes", "officer RECEPTION").json()}
    assert rows["at_counter"]["roles"] == ["RECEPTION"]
    assert all(one["vi"] and one["en"] and one["roles"] for one in rows.values())


def test_supervisors_watch_and_decide_nothing(api: World) -> None:
    assert api.get("/office/queue", "officer SUPERVISOR").status_code == 200
    assert api.get("/office/overdue", "officer SUPERVISOR").status_code == 200
    assert api.get("/office/overdue", "officer").status_code == 403
    act = {"lines": [1], "proposal": "grant", "reason": "x", "row_version": 0}
    assert api.post(f"/office/dossiers/{api.code}/appraisals", act, "officer SUPERVISOR").status_code == 403


def test_converters_see_documents_and_no_lines(api: World) -> None:
    assert api.get(f"/office/dossiers/{api.code}/documents", "officer CONVERTER").status_code == 200
    assert api.get(f"/office/dossiers/{api.code}/lines", "officer CONVERTER").status_code == 403
    assert api.get("/office/queue", "officer CONVERTER").status_code == 403


# -- the log ---------------------------------------------------------------------------------------------------------


def test_an_auditor_reads_entries_and_whom_they_concern_sees_it(api: World) -> None:
    page = api.get("/log/entries?" + query(**span(dossier=api.code)), "officer AUDITOR").json()
    assert page and {row["verb"] for row in page} >= {"dossiers.dossier.file"}
    assert "person_id" not in orjson.dumps(page).decode()
    following = api.get("/log/entries?" + query(**span(dossier=api.code, after=str(page[0]["entry_id"]))), "officer AUDITOR").json()
    assert following == page[1:]
    sealed = api.get("/log/entries?" + query(**span(verb="book.")), "officer AUDITOR").json()
    assert sealed and all(row["verb"].startswith("book.") for row in sealed)
    assert any(row["concerns_a_person"] for row in sealed)
    assert any((look.what, look.account) == ("log", "officer:only-auditor") for look in looks_of(api, "citizen"))


def test_an_auditor_reads_looks_by_account_and_that_is_a_look(api: World) -> None:
    read(api, "officer RECEPTION", purpose="at_counter", groups=["basic"])
    [row] = api.get("/log/looks?" + query(**span(account="officer:only-reception")), "officer AUDITOR").json()
    assert (row["what"], row["purpose"], row["reason"], row["groups"]) == ("person_record", "at_counter", WORDS, ["basic"])
    newest, before = looks_of(api, "citizen")[:2]
    assert (newest.what, newest.account, newest.purpose) == ("log", "officer:only-auditor", "inspection")
    assert before.account == "officer:only-reception"
    assert api.get("/log/looks?" + query(**span(account="officer:only-reception", what="book")), "officer AUDITOR").json() == []
    after = api.get("/log/looks?" + query(**span(account="officer:only-reception", after=row["look_id"])), "officer AUDITOR").json()
    assert after == []


@pytest.mark.parametrize("path", ["/log/entries", "/log/looks", "/log/look-counts"])
@pytest.mark.parametrize(
    ("from_at", "until_at", "status"),
    [
        ("2026-11-01T00:00:00+07:00", "2026-11-01T00:00:00+07:00", 422),
        ("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z", 422),
        ("0001-01-01T00:00:00+07:00", "0001-01-02T00:00:00+07:00", 422),
        ("9999-12-31T00:00:00-07:00", "9999-12-31T23:59:59-07:00", 422),
        ("2026-11-01T00:00:00", "2026-11-02T00:00:00", 422),
        ("2026-11-01T00:00:00+16:00", "2026-11-02T00:00:00+16:00", 422),
        ("2026-11-01T00:00:00-23:59", "2026-11-02T00:00:00-23:59", 422),
        ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", 200),
    ],
)
def test_a_question_has_a_span(api: World, path: str, from_at: str, until_at: str, status: int) -> None:
    role = "officer DATA_PROTECTION" if path.endswith("counts") else "officer AUDITOR"
    assert api.get(f"{path}?" + query(from_at=from_at, until_at=until_at), role).status_code == status


def test_a_proof_can_be_checked_without_us(api: World) -> None:
    from bhxh.audit.flows import seal_head, sequence_to_end
    from bhxh.audit.tree import is_included
    from bhxh.doors.partners import partners
    from bhxh.doors.root_sealing import KeySealer
    from bhxh.kernel.clock import now

    page = api.get("/log/entries?" + query(**span(dossier=api.code)), "officer AUDITOR").json()
    address = f"/log/entries/{page[0]['entry_id']}/proof"
    sequence_to_end(now(), patience_s=120)
    seal_head(now(), KeySealer(partners().keys.seal_key("audit")))
    proof = api.get(address, "officer AUDITOR")
    if proof.status_code == 404:
        pytest.fail(proof.json()["code"])
    got = proof.json()
    path = [bytes.fromhex(one) for one in got["path"]]
    assert is_included(bytes.fromhex(got["leaf_hash"]), got["leaf_number"], got["size"], path, bytes.fromhex(got["root"]))
    sealed = orjson.loads(got["sealed_head"])
    said = orjson.loads(urlsafe_b64decode(sealed["payload"] + "=="))
    assert sealed["signature"] and (said["size"], said["root"]) == (got["size"], got["root"])
    assert api.get("/log/entries/4611686018427387903/proof", "officer AUDITOR").json()["code"] == "AUD-004"
    assert api.get(f"/log/looks/{UUID(int=7)}/proof", "officer AUDITOR").json()["code"] == "AUD-004"


@pytest.mark.parametrize(
    ("role", "purpose", "status"), [("officer AUDITOR", "inspection", 200), ("officer DATA_PROTECTION", "data_subject_request", 200)]
)
def test_a_persons_looks_with_a_reason(api: World, role: str, purpose: str, status: int) -> None:
    body = {"number": api.people["citizen"], "purpose": purpose, "words": WORDS}
    rows = api.post("/log/looks/of-person", body, role)
    assert rows.status_code == status
    assert (rows.json()[0]["what"], rows.json()[0]["reason"]) == ("looks", WORDS), "this very look comes first"
    before = rows.json()[0]["look_id"]
    assert api.post("/log/looks/of-person", {**body, "before": before}, role).json()[0]["look_id"] != before


@pytest.mark.parametrize(
    ("role", "purpose", "code"),
    [
        ("officer AUDITOR", "data_subject_request", "ACC-020"),
        ("officer DATA_PROTECTION", "inspection", "ACC-020"),
        ("officer SUPERVISOR", "complaint", "ACC-020"),
        ("operator", "inspection", "ACC-020"),
        ("officer AUDITOR", "", "ACC-070"),
    ],
)
def test_a_persons_looks_are_not_for(api: World, role: str, purpose: str, code: str) -> None:
    body = {"number": api.people["citizen"], "purpose": purpose, "words": WORDS}
    assert api.post("/log/looks/of-person", body, role).json()["code"] == code


def test_counts_name_nobody(api: World) -> None:
    read(api, "officer RECEPTION", purpose="at_counter", groups=["basic"])
    rows = api.get("/log/look-counts?" + query(**span()), "officer DATA_PROTECTION").json()
    [counter] = [row for row in rows if row["purpose"] == "at_counter"]
    assert counter == {
        "what": "person_record",
        "actor_kind": "officer",
        "purpose": "at_counter",
        "legal_basis": "LEGAL_DUTY",
        "looks": 1,
        "persons": 1,
    }
    assert api.get("/log/look-counts?" + query(**span()), "officer AUDITOR").status_code == 403


def test_whom_a_breach_concerns(api: World) -> None:
    from bhxh.audit.models import Entry

    for person in ("citizen", "other citizen", "citizen"):
        read(api, "officer RECEPTION", person, purpose="at_counter", groups=["basic"])
    body = {"account": "officer:only-reception", "words": "Máy tính của quầy 3 bị mất ngày 21/11.", **span()}
    reply = api.post("/log/breaches", body, "officer DATA_PROTECTION")
    rows = [orjson.loads(line) for line in b"".join(reply.streaming_content).splitlines()]
    assert {row["si_code"]: row["looks"] for row in rows} == {api.people["citizen"]: 2, api.people["other citizen"]: 1}
    assert all(row["what"] == ["person_record"] and row["full_name"] for row in rows)
    newest = looks_of(api, "other citizen")[0]
    assert (newest.what, newest.reason) == ("breach_list", body["words"])
    assert Entry.objects.filter(verb="access.breach.draw", detail__account="officer:only-reception").exists()
    for role in ("officer AUDITOR", "officer SUPERVISOR", "officer", "citizen"):
        assert api.post("/log/breaches", body, role).status_code == 403


# -- requests about one's own data -----------------------------------------------------------------------------------


def test_a_request_from_ones_own_account_to_its_outcome(api: World) -> None:
    asked = api.post("/data-requests/me", {"kind": "access", "words": "Xin bản sao dữ liệu của tôi."}, "citizen")
    assert asked.status_code == 201, asked.content
    [mine] = asked.json()
    assert (mine["kind"], mine["is_late"], mine["full_name"]) == ("access", False, "")
    assert mine["answer_due_on"] < mine["done_due_on"]
    [row] = api.get("/data-requests", "officer DATA_PROTECTION").json()
    assert (row["request_id"], row["si_code"]) == (mine["request_id"], api.people["citizen"])
    assert (looks_of(api, "citizen")[0].what, looks_of(api, "citizen")[0].account) == ("data_request", "officer:only-data_protection")
    address = f"/data-requests/{mine['request_id']}"
    for act, words, status in (
        ("answer", "", 200),
        ("extend", "", 422),
        ("extend", "Hồ sơ giấy.", 200),
        ("grant", "Đã gửi.", 200),
        ("grant", "x", 404),
    ):
        assert api.post(address, {"act": act, "words": words}, "officer DATA_PROTECTION").status_code == status, act
    [done] = api.get("/data-requests/me", "citizen").json()
    assert (done["is_granted"], done["outcome"]) == (True, "Đã gửi.")
    assert api.get("/data-requests", "officer DATA_PROTECTION").json() == []


def test_reception_enters_a_request_for_somebody_who_came(api: World) -> None:
    body = {"kind": "correction", "words": "Sai ngày sinh.", "number": api.people["citizen"], "are_others_concerned": True}
    assert api.post("/data-requests", body, "officer RECEPTION").status_code == 201
    for role in ("officer", "officer AUDITOR", "citizen", "clerk"):
        assert api.post("/data-requests", body, role).status_code == 403
        assert api.get("/data-requests", role).status_code == 403
    [mine] = api.get("/data-requests/me", "citizen").json()
    assert mine["kind"] == "correction"
    assert api.get("/data-requests/me", "other citizen").json() == []
    assert api.get("/data-requests/me", "clerk").status_code == 403
