"""`bhxh mandate`, `program` and `consent`: who may act or read, written down, listed, proved and ended."""

import json
from pathlib import Path

from tests.doors.cli_runs import Run, said
from tests.doors.world import World


def test_mandate_granted_listed_and_revoked(inside: Run, world: World) -> None:
    employer = ("--employer", world.population.employers[1].unit_code)
    pin = world.people["clerk without mandate"]
    given = said(inside("mandate", "grant", *employer, "--json", stdin=pin))["mandate"]
    assert said(inside("mandate", "grant", *employer, "--json", stdin=pin), 1)["error"]["code"] == "ACC-021"
    assert [row["mandate"] for row in said(inside("mandate", "list", *employer, "--json"))["mandates"]] == [given]
    assert said(inside("mandate", "revoke", given, "--json"))["revoked"] is True
    assert said(inside("mandate", "revoke", given, "--json"), 1)["error"]["code"] == "ACC-022"
    assert said(inside("mandate", "revoke", "x", "--json"), 1)["error"]["code"] == "CLI-008"
    assert said(inside("mandate", "grant", *employer, "--from", "1/1/2026", "--json", stdin=pin), 1)["error"]["code"] == "CLI-008"
    assert said(inside("mandate", "list", "--employer", "x", "--json"), 1)["error"]["code"] == "CLI-003"


def test_mandates_are_replayed_printed_and_verified(inside: Run, world: World, tmp_path: Path) -> None:
    from bhxh.doors.partners import partners

    employer = ("--employer", world.population.employers[1].unit_code)
    agent = ("--agent", world.population.employers[2].tax_code, "--acts", "FILE,FOLLOW", "--procedures", "register_employees")
    given = said(inside("mandate", "grant", *employer, *agent, "--paper", "GUQ 1/2026", "--json"))["mandate"]
    stood = said(inside("mandate", "replay", *employer, "--json"))["stood"]
    assert [(one["role"], one["acts"]) for one in stood if one["by"] == f"mandate:{given}"] == [("AGENT", ["FILE", "FOLLOW"])]
    earlier = said(inside("mandate", "replay", *employer, "--known-at", "2026-01-01T08:00+07:00", "--json"))["stood"]
    assert earlier == []
    unclear = said(inside("mandate", "replay", *employer, "--known-at", "2026-01-01T08:00", "--json"), 1)["error"]
    assert (unclear["code"], unclear["where"]) == ("KER-006", "--known-at")
    assert inside("mandate", "revoke", given, "--json").returncode == 0
    files = said(inside("mandate", "document", given, "--out", str(tmp_path), "--json"))["files"]
    assert [one["file"] for one in files] == ["mandate-1.json", "mandate-2.json"]
    (tmp_path / "keys.json").write_bytes(partners().keys.key_set().to_json())
    verified = inside("verify", *(str(tmp_path / one["file"]) for one in files), "--keys", str(tmp_path / "keys.json"), "--json")
    assert [one["kind"] for one in said(verified)["files"]] == ["mandate", "mandate revocation"]
    for wrong in (("--acts", "ALL"), ("--procedures", "none_such"), ("--role", "KING")):
        assert said(inside("mandate", "grant", *employer, *agent, *wrong, "--json"), 1)["error"]["code"] == "CLI-008"


def test_program_registered_and_retired(inside: Run, keys_file: Path, world: World) -> None:
    assert said(inside("program", "npsp", "--keys", "portal", "--grants", "FILE_FOR_PERSONS", "--json"))["grants"] == "FILE_FOR_PERSONS"
    made = said(inside("program", "hr", "--keys", str(keys_file), "--grants", "FILE_FOR_EMPLOYERS", "--json"))
    assert made["program"] == "hr"
    assert said(inside("program", "hr", "--retire", "--json"))["retired"] is True
    assert said(inside("program", "nobody", "--retire", "--json"), 1)["error"]["code"] == "ACC-016"
    assert said(inside("program", "hr", "--keys", "nowhere", "--json"), 1)["error"]["code"] == "CLI-001"
    assert said(inside("program", "hr", "--json", stdin="{"), 1)["error"]["code"] == "CLI-008"
    assert said(inside("program", "hr", "--json", stdin="{}"), 1)["error"]["code"] == "ACC-024"
    assert said(inside("program", "hr", "--grants", "ALL", "--json", stdin="{}"), 1)["error"]["code"] == "CLI-008"


def test_a_programs_keys_are_turned(inside: Run, tmp_path: Path) -> None:
    from joserfc.jwk import ECKey

    old, new = ECKey.generate_key("P-256", auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)
    first = json.dumps({"keys": [old.as_dict(private=False)]})
    assert said(inside("program", "payroll", "--grants", "FILE_FOR_EMPLOYERS", "--json", stdin=first))["program"] == "payroll"
    assert said(inside("program", "payroll", "--add-key", "-", "--json", stdin=json.dumps(new.as_dict(private=False))))["key"] == new.kid
    assert said(inside("program", "payroll", "--add-key", "-", "--json", stdin=first), 1)["error"]["code"] == "ACC-126"
    assert said(inside("program", "payroll", "--add-key", "-", "--json", stdin='{"keys": []}'), 1)["error"]["code"] == "CLI-008"
    said(inside("program", "payroll", f"--retire-key={old.kid}", "--json"))
    [shown] = [one for one in said(inside("program", "--json"))["programs"] if one["program"] == "payroll"]
    assert shown["keys_in_force"] == [new.kid]
    assert said(inside("program", "payroll", f"--retire-key={old.kid}", "--json"), 1)["error"]["code"] == "ACC-128"
    assert said(inside("program", "payroll", f"--retire-key={new.kid}", "--at", "tomorrow", "--json"), 1)["error"]["code"] == "CLI-008"


def test_who_may_ask_for_data_and_a_consent_withdrawn_at_the_counter(inside: Run, world: World) -> None:
    bank = ("--kind", "BANK", "--fields", "basic", "--purposes", "CREDIT", "--client", "bank-a", "--name", "Ngân hàng Mẫu")
    assert said(inside("consent", "requester", "bank-a", *bank, "--json"))["requester"] == "bank-a"
    assert [row["name"] for row in said(inside("consent", "requesters", "--json"))["requesters"]] == ["Ngân hàng Mẫu"]
    scope = ("--requester", "bank-a", "--purpose", "quản lý thuế | tax", "--ground", "Thỏa thuận 1", "--fields", "basic.full_name")
    assert said(inside("consent", "scope", "tax", *scope, "--json"))["scope"] == "tax"
    for wrong, code in (
        (("scope", "tax", *scope, "--basis", "CONSENT"), "ACC-152"),
        (("scope", "tax", "--requester", "nobody", "--fields", "basic"), "ACC-141"),
        (("requester", "x", "--kind", "SHOP", "--fields", "basic"), "CLI-008"),
        (("requester", "x", "--fields", "shoes"), "ACC-140"),
        (("end", "nobody"), "ACC-141"),
        (("status", "x"), "CLI-008"),
        (("status", "01930000-0000-7000-8000-000000000000"), "ACC-148"),
    ):
        assert said(inside("consent", *wrong, "--json"), 1)["error"]["code"] == code, wrong
    pin = world.people["citizen"]
    consent = _consent_of(pin)
    listed = said(inside("consent", "list", "--json", stdin=pin))
    assert [one["status"] for one in listed["consents"]] == ["given"] and [one["state"] for one in listed["requests"]] == ["GRANTED"]
    assert said(inside("consent", "withdraw", consent, "--json", stdin=world.people["other citizen"]), 1)["error"]["code"] == "ACC-148"
    assert said(inside("consent", "withdraw", consent, "--json", stdin=pin))["status"] == "withdrawn"
    assert said(inside("consent", "status", consent, "--json"))["status"] == "withdrawn"
    assert said(inside("consent", "end", "bank-a", "--json"))["ended"] is True


def _consent_of(pin: str) -> str:
    """Asked by the bank's program and granted, as over the API."""
    from datetime import timedelta

    from bhxh.access.consent_commands import Question
    from bhxh.access.consents import ConsentPurpose, GrantProof
    from bhxh.doors.partners import partners
    from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
    from bhxh.kernel.clock import day_in_vietnam, now
    from bhxh.registry.queries import find_person
    from bhxh.sharing.commands import ask, grant

    person, at, known = find_person("PIN", pin), now(), partners()
    assert person is not None
    bank = Actor(
        kind=ActorKind.MACHINE,
        account="machine:bank-a",
        request_id="r",
        purpose="data_requests",
        legal_basis=LegalBasis.LEGAL_DUTY,
        roles=frozenset({"READ_WITH_CONSENT"}),
    )
    citizen = Actor(
        kind=ActorKind.PERSON,
        account="eid:x:1",
        request_id="r",
        purpose="own_consents",
        legal_basis=LegalBasis.OWN_DATA,
        person_id=person.person_id,
        assurance_level=2,
    )
    until = day_in_vietnam(at) + timedelta(days=9)
    question = Question(fields=("basic.full_name",), purpose=ConsentPurpose.CREDIT, reason="Vay", until_on=until)
    asked = ask(actor=bank, at=at, requester_id="bank-a", number=pin, question=question, issuer=known.receipt_issuer)
    granted = grant(
        actor=citizen,
        at=at,
        person_id=person.person_id,
        request_id=asked.request_id,
        fields=["basic.full_name"],
        until_on=until,
        proof=GrantProof(authenticated_at=at, assurance_level=2, session_sha256="ab" * 32),
        issuer=known.receipt_issuer,
        key=known.keys.seal_key("consent"),
    )
    return str(granted.consent_id)
