"""Mandates through HTTP and the command line: read, confirm, act, expire, revoke, replay."""

from base64 import b64decode, b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from tests.doors.test_filing import check_problem, looks
from tests.doors.world import World

HOUR_S = 3600


def today() -> date:
    from bhxh.kernel.clock import day_in_vietnam, now

    return day_in_vietnam(now())


def signed_in(api: World, role: str = "clerk", *, age_s: int = 0, employer: int = 0, acting_for: str = "") -> dict[str, str]:
    """Headers of somebody who signed in so long ago for one of the employers."""
    tax_code = api.population.employers[employer].tax_code
    token = api.sign_in(api.people[role], org_id=tax_code, auth_age_s=age_s)
    return {"Authorization": f"Bearer {token}", **({"Acting-For-Employer": acting_for} if acting_for else {})}


def name_of(api: World, role: str) -> str:
    return str(api.population.by_pin()[api.people[role]].full_name)


def wanted(api: World, **more: Any) -> dict[str, Any]:
    clerk = "clerk without mandate"
    return {
        "holder": {"kind": "person", "number": api.people[clerk], "full_name": name_of(api, clerk)},
        "role": "AUTHORISED",
        "acts": ["FILE", "FOLLOW"],
        "procedures": ["register_employees"],
        "from_on": today().isoformat(),
        "until_on": (today() + timedelta(days=90)).isoformat(),
        **more,
    }


def grant(api: World, headers: dict[str, str] | None = None, **more: Any) -> Any:
    """Read the wording, then confirm what was read."""
    who, body = headers or signed_in(api), wanted(api, **more)
    words = api.post("/mandates/wordings", body, headers=who)
    assert words.status_code == 200, words.content
    return api.post("/mandates", {**body, "content_sha256": words.json()["content_sha256"]}, headers=who)


def revoke(api: World, mandate_id: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return api.post(f"/mandates/{mandate_id}/revocation", body, headers=headers or signed_in(api))


def prepare(api: World, headers: dict[str, str], *, batch: int) -> Any:
    assert api.signer is not None
    files = {"workbook": ("d02.xlsx", api.workbook), "certificate": ("c.der", api.signer.certificate)}
    form = httpx.Request("POST", "http://localhost/", files=files, data={"period": api.period, "batch": str(batch)})
    path = "/register-employees/preparations"
    return api.call("POST", path, headers=headers, data=form.read(), content_type=form.headers["Content-Type"])


def file(api: World, prepared: Any, headers: dict[str, str], key: str) -> Any:
    assert api.signer is not None
    body = {"signature": b64encode(api.signer.sign(b64decode(prepared["to_sign"]))).decode()}
    path = f"/register-employees/drafts/{prepared['draft_id']}/filing"
    return api.post(path, body, headers={**headers, "Idempotency-Key": key})


# -- granting ---------------------------------------------------------------------------------------------------------


def test_read_confirm_act_and_revoke(api: World) -> None:
    clerk = signed_in(api, "clerk without mandate")
    check_problem(prepare(api, clerk, batch=2), 403, "ACC-014")
    given = grant(api)
    assert given.status_code == 201, given.content
    assert name_of(api, "clerk without mandate") in given.json()["vi"] and "authorised clerk" in given.json()["en"]
    prepared = prepare(api, clerk, batch=2)
    assert prepared.status_code == 200
    filed = file(api, prepared.json(), clerk, "mandated")
    assert filed.status_code == 201, filed.content
    code = filed.json()["code"]
    assert api.get(f"/dossiers/{code}/history", headers=clerk).status_code == 200
    mandate_id = given.json()["mandate_id"]
    check_under_mandate(code, mandate_id)
    [listed] = [one for one in api.get("/mandates", headers=signed_in(api)).json() if one["mandate_id"] == mandate_id]
    assert (listed["holder_name"], listed["acts"]) == (name_of(api, "clerk without mandate"), ["FILE", "FOLLOW"])
    assert "*" in listed["holder_number"] and listed["until_on"] is not None
    assert revoke(api, mandate_id).json()["until_on"] == today().isoformat()
    check_problem(api.get(f"/dossiers/{code}/history", headers=clerk), 403, "ACC-101")


def check_under_mandate(code: str, mandate_id: str) -> None:
    """The dossier, the log and the looks say by which mandate it was filed and seen."""
    from bhxh.audit.models import Entry
    from bhxh.dossiers.models import Dossier

    dossier = Dossier.objects.get(code=code)
    assert dossier.proof["mandate"] == mandate_id
    assert str(Entry.objects.get(verb="dossiers.dossier.file", dossier_id=dossier.dossier_id).mandate_id) == mandate_id


def test_granting_and_revoking_need_a_fresh_sign_in(api: World) -> None:
    stale = signed_in(api, age_s=HOUR_S)
    check_problem(grant(api, stale), 403, "ACC-030")
    given = grant(api).json()["mandate_id"]
    check_problem(revoke(api, given, stale), 403, "ACC-030")
    assert api.get("/mandates", headers=stale).status_code == 200, "reading does not"


def test_what_was_not_read_is_not_granted(api: World) -> None:
    who, body = signed_in(api), wanted(api)
    digest = api.post("/mandates/wordings", body, headers=who).json()["content_sha256"]
    wider = {**body, "acts": ["FILE", "FOLLOW", "WITHDRAW"], "content_sha256": digest}
    check_problem(api.post("/mandates", wider, headers=who), 422, "ACC-107")


@pytest.mark.parametrize("role", ["mandated clerk", "other clerk"])
def test_only_the_representative_grants_lists_and_revokes(api: World, role: str) -> None:
    given = grant(api).json()["mandate_id"]
    who = signed_in(api, role, employer=1 if role == "other clerk" else 0)
    if role == "mandated clerk":
        check_problem(api.post("/mandates/wordings", wanted(api), headers=who), 403, "ACC-020")
        check_problem(api.get("/mandates", headers=who), 403, "ACC-020")
        check_problem(revoke(api, given, who), 403, "ACC-020")
    else:
        check_problem(revoke(api, given, who), 404, "ACC-022")
        check_problem(api.get(f"/mandates/{given}/documents/1", headers=who), 404, "ACC-022")


def test_a_number_is_not_told_whose_it_is(api: World) -> None:
    """A wrong name and a number of nobody get the same answer; the person named rightly sees that somebody asked."""
    wrong = {"kind": "person", "number": api.people["citizen"], "full_name": "Không Phải Tên Này"}
    nobody = {"kind": "person", "number": "001199999999", "full_name": name_of(api, "citizen")}
    answers = [api.post("/mandates/wordings", wanted(api, holder=holder), headers=signed_in(api)) for holder in (wrong, nobody)]
    for answer in answers:
        check_problem(answer, 422, "ACC-106")
    right = {"kind": "person", "number": api.people["citizen"], "full_name": name_of(api, "citizen").upper()}
    reply = api.post("/mandates/wordings", wanted(api, holder=right), headers=signed_in(api))
    assert reply.status_code == 200
    assert len(looks("identity_check", reply["X-Request-Id"])) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"procedures": ["no_such_procedure"]}, "ACC-104"),
        ({"until_on": "2026-01-01"}, "ACC-023"),
        ({"role": "AGENT"}, "ACC-103"),
        ({"holder": {"kind": "organisation", "number": "0000000000"}}, "ACC-106"),
        ({"holder": {"kind": "program", "number": "nobodys"}}, "ACC-106"),
        ({"acts": []}, "API-001"),
        ({"procedures": []}, "ACC-104"),
    ],
)
def test_what_cannot_be_is_a_sentence(api: World, more: dict[str, Any], code: str) -> None:
    who, body = signed_in(api), wanted(api, **more)
    words = api.post("/mandates/wordings", body, headers=who)
    if words.status_code != 200:
        check_problem(words, 422, code)
        return
    check_problem(api.post("/mandates", {**body, "content_sha256": words.json()["content_sha256"]}, headers=who), 422, code)


def test_the_holder_and_the_representative_have_the_sealed_document(api: World) -> None:
    from bhxh.doors.partners import partners
    from bhxh.signing.seals import verify_flattened

    given = grant(api).json()
    revoke(api, given["mandate_id"])
    holder = {"Authorization": f"Bearer {api.sign_in(api.people['clerk without mandate'])}"}
    sealed = api.get(f"/mandates/{given['mandate_id']}/documents/1", headers=signed_in(api))
    assert sealed.content == api.get(f"/mandates/{given['mandate_id']}/documents/1", headers=holder).content
    keys = partners().keys.key_set()
    payload = orjson.loads(verify_flattened(sealed.content, keys=keys, type_name="bhxh-mandate+json", purpose="mandate").payload)
    assert payload["content_sha256"] == given["content_sha256"]
    confirmation = payload["confirmation"]
    assert (confirmation["how"], confirmation["assurance_level"], confirmation["content_sha256"]) == ("eid", 2, given["content_sha256"])
    assert abs(datetime.fromisoformat(confirmation["signed_in_at"]) - datetime.now(UTC)) < timedelta(minutes=2)
    assert api.people["clerk without mandate"].encode() not in b64decode(orjson.loads(sealed.content)["payload"] + "=="), "masked"
    ended = api.get(f"/mandates/{given['mandate_id']}/documents/2", headers=holder)
    verify_flattened(ended.content, keys=keys, type_name="bhxh-mandate-revocation+json", purpose="mandate")
    check_problem(api.get(f"/mandates/{given['mandate_id']}/documents/3", headers=holder), 404, "ACC-022")
    check_problem(api.get(f"/mandates/{given['mandate_id']}/documents/1", "other citizen"), 404, "ACC-022")


def test_each_revocation_of_one_mandate_can_be_read(api: World) -> None:
    """Ended for a later day first, then at once: two documents beside the grant."""
    given = grant(api).json()["mandate_id"]
    assert revoke(api, given, from_on=(today() + timedelta(days=9)).isoformat()).status_code == 200
    assert revoke(api, given).json()["until_on"] == today().isoformat()
    days = []
    for number in (2, 3):
        reply = api.get(f"/mandates/{given}/documents/{number}", headers=signed_in(api))
        assert reply.status_code == 200, reply.content
        days.append(orjson.loads(b64decode(orjson.loads(reply.content)["payload"] + "==", altchars=b"-_"))["until_on"])
    assert days == [(today() + timedelta(days=9)).isoformat(), today().isoformat()]


def test_who_acts_by_mandate_counts_for_the_organisation(api: World) -> None:
    """From their own account, beside its own clerks. Who names it without a right takes nothing of its share."""
    from dataclasses import replace

    from bhxh.access.limits import Limits, LimitsPerMinute
    from bhxh.doors import partners

    assert grant(api).status_code == 201
    firm = {"Acting-For-Employer": api.population.employers[0].tax_code}
    mandated = {"Authorization": f"Bearer {api.sign_in(api.people['clerk without mandate'])}", **firm}
    without_right = {"Authorization": f"Bearer {api.sign_in(api.people['other citizen'])}", **firm}
    limits = Limits(LimitsPerMinute(organisation=3), processes=1, monotonic=lambda: 1000.0)
    side = partners.partners().signing_in
    partners.bind(replace(partners.partners(), signing_in=replace(side, limits=limits)))
    assert [api.get("/dossiers", headers=without_right).status_code for _ in range(4)] == [403] * 4
    assert [api.get("/dossiers", headers=who).status_code for who in (mandated, signed_in(api), mandated)] == [200] * 3
    for who in (mandated, signed_in(api)):
        refused = api.get("/dossiers", headers=who)
        check_problem(refused, 429, "ACC-034")
        assert int(refused["Retry-After"]) > 0


def test_an_organisation_grants_by_its_digital_signature(api: World) -> None:
    """No fresh sign-in is needed then: the key is the proof. What is signed is compared, not believed."""
    assert api.signer is not None
    stale, body = signed_in(api, age_s=HOUR_S), {**wanted(api), "certificate": b64encode(api.signer.certificate).decode()}
    prepared = api.post("/mandates/preparations", body, headers=stale)
    assert prepared.status_code == 200, prepared.content
    parts = prepared.json()
    signature = b64encode(api.signer.sign(b64decode(parts["to_sign"]))).decode()
    signed = {**body, "document": parts["document"], "to_sign": parts["to_sign"], "signature": signature}
    check_problem(api.post("/mandates/signed", {**signed, "acts": ["WITHDRAW"]}, headers=stale), 422, "ACC-107")
    broken = b64encode(b64decode(signature)[:-1] + b"\x00").decode()
    check_problem(api.post("/mandates/signed", {**signed, "signature": broken}, headers=stale), 422, "SIG-031")
    given = api.post("/mandates/signed", signed, headers=stale)
    assert given.status_code == 201, given.content
    assert b"<ds:Signature" in kept_signature(given.json()["mandate_id"])


def kept_signature(mandate_id: str) -> bytes:
    from uuid import UUID

    from bhxh.access.mandate_queries import list_documents

    return list_documents(UUID(mandate_id))[0].signed


def test_another_organisations_certificate_grants_nothing(api: World) -> None:
    from sandbox.pki.authority import issue_employer_certificate
    from sandbox.pki.token import SigningToken

    other = api.population.employers[1]
    token = SigningToken(*issue_employer_certificate(api.sandbox.folder / "pki", other.tax_code, other.name))
    who, body = signed_in(api), {**wanted(api), "certificate": b64encode(token.certificate).decode()}
    parts = api.post("/mandates/preparations", body, headers=who).json()
    signature = b64encode(token.sign(b64decode(parts["to_sign"]))).decode()
    signed = {**body, "document": parts["document"], "to_sign": parts["to_sign"], "signature": signature}
    check_problem(api.post("/mandates/signed", signed, headers=who), 403, "ACC-110")


# -- acting -----------------------------------------------------------------------------------------------------------


def test_a_mandate_that_ends_between_form_and_signature(api: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepared under the mandate, signed after its end: refused with a sentence, the draft stays, a new mandate completes it."""
    clerk = signed_in(api, "clerk without mandate")
    given = grant(api).json()["mandate_id"]
    prepared = prepare(api, clerk, batch=2).json()
    revoke(api, given)
    refused = file(api, prepared, clerk, "late")
    check_problem(refused, 403, "ACC-101")
    assert f"{today():%d/%m/%Y}" in refused.json()["vi"] and "vẫn được giữ" in refused.json()["vi"]
    assert grant(api).status_code == 201
    assert file(api, prepared, clerk, "late").status_code == 201, "the same draft, under the new mandate"


def test_a_mandate_that_ends_while_a_long_list_is_under_way(api: World) -> None:
    """Asked once more in the transaction that files: the door let the clerk in before the revocation."""
    from bhxh.doors import list_filing
    from bhxh.dossiers.facts import Channel
    from bhxh.dossiers.models import Dossier
    from bhxh.kernel.errors import NotAllowed

    clerk = signed_in(api, "clerk without mandate")
    given = grant(api).json()["mandate_id"]
    prepared = prepare(api, clerk, batch=2).json()
    actor = actor_of(api, clerk)
    revoke(api, given)
    assert api.signer is not None
    before = Dossier.objects.count()
    with pytest.raises(NotAllowed) as caught:
        list_filing.complete(
            channel=Channel.API,
            actor=actor,
            draft_id=prepared["draft_id"],
            signature=api.signer.sign(b64decode(prepared["to_sign"])),
            idempotency_key="k",
        )
    assert (caught.value.code, Dossier.objects.count()) == ("ACC-101", before)


def actor_of(api: World, headers: dict[str, str]) -> Any:
    """As the door makes it."""
    from django.test import RequestFactory

    from bhxh.doors.admission import lets_in
    from bhxh.doors.signed_in import sign_in
    from bhxh.kernel.who import EMPLOYER

    request = RequestFactory().get("/")
    request.META["BHXH_REQUEST_ID"] = "r"

    @lets_in(EMPLOYER)
    def way_in() -> Any:
        return sign_in(request, headers["Authorization"].removeprefix("Bearer ")).actor("register_employees")

    return way_in()


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        ({"acts": ["FILE"]}, {"prepare": 200, "list": 200, "show": 404, "withdraw": 404}),
        ({"acts": ["FOLLOW"]}, {"prepare": 403, "list": 200, "show": 200, "withdraw": 403}),
        ({"acts": ["FOLLOW", "WITHDRAW"]}, {"prepare": 403, "list": 200, "show": 200, "withdraw": 409}),
        ({"acts": ["FILE", "FOLLOW"], "procedures": ["confirmation_extract"]}, {"prepare": 403, "list": 200, "show": 404, "withdraw": 404}),
    ],
    ids=["files", "follows", "takes back", "another procedure"],
)
def test_every_door_asks_how_far_it_reaches(api: World, scope: dict[str, Any], statuses: dict[str, int]) -> None:
    assert grant(api, **scope).status_code == 201
    clerk = signed_in(api, "clerk without mandate")
    listed = api.get("/dossiers", headers=clerk)
    got = {
        "prepare": prepare(api, clerk, batch=2).status_code,
        "list": listed.status_code,
        "show": api.get(f"/dossiers/{api.code}", headers=clerk).status_code,
        "withdraw": api.post(f"/dossiers/{api.code}/withdrawal", {"row_version": 0}, headers=clerk).status_code,
    }
    assert got == statuses
    assert bool(listed.json()) is (statuses["show"] == 200), "what may not be shown is not listed"
    if statuses["show"] == 200 and statuses["prepare"] == 403:
        check_problem(api.post(f"/dossiers/{api.code}/mail-address", {"email": "a@vidu.example"}, headers=clerk), 403, "ACC-020")


def test_an_accounting_firm_acts_for_its_client(api: World) -> None:
    """The client's representative gives the firm a mandate; the firm's people act for the client and see nothing of the firm's by it."""
    firm, client = api.population.employers[1], api.population.employers[0]
    as_agent = signed_in(api, "other clerk", employer=1, acting_for=client.tax_code)
    check_problem(api.get(f"/dossiers/{api.code}", headers=as_agent), 403, "ACC-014")
    given = grant(api, role="AGENT", holder={"kind": "organisation", "number": firm.tax_code})
    assert given.status_code == 201, given.content
    assert api.get(f"/dossiers/{api.code}", headers=as_agent).status_code == 200
    held = api.get("/mandates/held", headers=signed_in(api, "other clerk", employer=1)).json()
    assert [(one["role"], one["employer_tax_code"]) for one in held] == [("AGENT", client.tax_code)]
    check_problem(api.post("/mandates/wordings", wanted(api), headers=as_agent), 403, "ACC-020")
    check_problem(api.get("/dossiers", headers={**as_agent, "Acting-For-Employer": "0000000000"}), 404, "ACC-111")
    revoke(api, given.json()["mandate_id"])
    check_problem(api.get(f"/dossiers/{api.code}", headers=as_agent), 403, "ACC-101")


def test_a_person_with_two_roles_acts_in_one_at_a_time(api: World) -> None:
    """The same citizen's account: for themselves, or, saying so, as the unit's clerk. Neither sees what is the other's."""
    assert grant(api).status_code == 201
    own = {"Authorization": f"Bearer {api.sign_in(api.people['clerk without mandate'])}"}
    as_clerk = {**own, "Acting-For-Employer": api.population.employers[0].tax_code}
    check_problem(api.get(f"/dossiers/{api.code}", headers=own), 404, "API-008")
    assert api.get(f"/dossiers/{api.code}", headers=as_clerk).status_code == 200
    check_problem(api.get("/me/looks", headers=as_clerk), 403, "ACC-020")
    assert api.get("/me/looks", headers=own).status_code == 200
    assert [one["role"] for one in api.get("/mandates/held", headers=own).json()] == ["AUTHORISED"]


def test_an_organisation_that_was_dissolved(api: World) -> None:
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.clock import now
    from bhxh.registry.employer_commands import record_employer_facts
    from bhxh.registry.facts import Provenance
    from bhxh.registry.queries import find_employer

    employer = find_employer(tax_code=api.population.employers[0].tax_code)
    assert employer is not None
    at, before = now(), now() - timedelta(seconds=1)
    record_employer_facts(
        actor=system_actor(name="test", request_id="r", purpose="operation"),
        at=at,
        employer_id=employer.employer_id,
        facts={"status": "DISSOLVED"},
        valid_from=today(),
        provenance=Provenance(source_kind="NATIONAL_DB", source_system="business"),
    )
    for role in ("clerk", "mandated clerk"):
        check_problem(api.get("/dossiers", role), 403, "ACC-102")
        check_problem(prepare(api, signed_in(api, role), batch=2), 403, "ACC-102")
    stood = api.get(f"/office/mandates/standing?employer={employer.tax_code}", "operator")
    assert (stood.status_code, stood.json()) == (200, [])
    earlier = f"/office/mandates/standing?employer={employer.tax_code}&known_at={before.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    assert [one["by"][:7] for one in api.get(earlier, "operator").json()] == ["registe", "mandate"], "before it was known, they could"


# -- replay -----------------------------------------------------------------------------------------------------------


def test_an_auditor_replays_who_could_act_as_the_records_stood(api: World) -> None:
    from bhxh.kernel.clock import now

    tax_code = api.population.employers[0].tax_code
    address = f"/office/mandates/standing?employer={tax_code}&on={today()}&known_at="
    before = now()
    given = grant(api).json()["mandate_id"]
    between = now()
    revoke(api, given)
    answers = [
        {one["by"] for one in api.get(address + at.isoformat().replace("+", "%2B"), "operator").json()} for at in (before, between, now())
    ]
    assert f"mandate:{given}" not in answers[0]
    assert answers[1] - answers[0] == {f"mandate:{given}"}
    assert answers[2] == answers[0]
    own = api.get("/mandates/standing", headers=signed_in(api))
    assert {one["by"] for one in own.json()} == answers[2]
    check_problem(api.get("/mandates/standing", headers=signed_in(api, "mandated clerk")), 403, "ACC-020")
    check_problem(api.get(address + before.isoformat().replace("+", "%2B"), "officer"), 403)
    check_problem(api.get("/office/mandates/standing?employer=x", "operator"), 404, "ACC-111")


@pytest.mark.parametrize(
    ("known_at", "status"),
    [
        *(("0146-12-18T04:01:07-20:12", 422), ("2026-01-01T00:00:00%2B16:00", 422), ("2026-01-01T00:00:00-23:59", 422)),
        *(("0001-01-01T00:00:00%2B07:00", 422), ("9999-12-31T23:59:59-07:00", 422), ("2026-01-01%00", 422), ("9" * 40, 422)),
        *(("0001-01-01T00:00:00Z", 200), ("9999-12-31T23:59:59Z", 200), ("2026-01-01T00:00:00-15:59", 200)),
        *(("2026-01-01T08:00:00", 422), ("0001-01-01T00:00:00", 422)),
    ],
)
def test_an_instant_no_clock_shows_is_refused_by_its_name(api: World, known_at: str, status: int) -> None:
    reply = api.get(f"/mandates/standing?known_at={known_at}", headers=signed_in(api))
    assert reply.status_code == status, reply.content
    if status != 200:
        assert "known_at" in check_problem(reply, status)["detail"]


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_can_be_asked_about(api: World, on: str) -> None:
    assert api.get(f"/mandates/standing?on={on}", headers=signed_in(api)).status_code == 200


def test_whoever_is_named_sees_that_it_was_replayed(api: World) -> None:
    reply = api.get(f"/office/mandates/standing?employer={api.population.employers[0].tax_code}", "operator")
    assert len(looks("mandate", reply["X-Request-Id"])) == 2, "the representative and the mandated clerk"
