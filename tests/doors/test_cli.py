"""The program `bhxh` as people run it: every command once, exit codes, and sentences where something is not there."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.doors.world import World

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = Path(os.environ.get("BHXH_SHARED", _ROOT.parent / "shared"))
_SHARED = _SHARED if _SHARED.is_dir() else _ROOT.parents[1] / "shared"
_DATA = _SHARED / "data"
needs_data = pytest.mark.skipif(not _DATA.is_dir(), reason="NOT TESTED: ../shared/data is not beside this checkout")
_COMMANDS = {"file", "decide", "book", "verify", "generate", "appoint", "mandate", "program", "audit", "migrate", "work", "keys"}
_COMMANDS |= {"dossier", "conservation", "equality", "backup", "restore", "bounces", "consent", "own", "officer"}

Run = Callable[..., subprocess.CompletedProcess[str]]


def start(arguments: list[str], environment: dict[str, str], stdin: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """One command to its end. Nothing it says may ever be a traceback."""
    command = [sys.executable, "-m", "bhxh.wiring", *arguments]
    done = subprocess.run(command, env=environment, cwd=_ROOT, capture_output=True, text=True, check=False, input=stdin, timeout=timeout)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr[-3000:]
    assert done.returncode in {0, 1, 2, 3, 75}
    return done


def said(done: subprocess.CompletedProcess[str], returncode: int = 0) -> Any:
    assert done.returncode == returncode, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def environment(world: World) -> Iterator[dict[str, str]]:
    """A copy of the prepared database, which these commands may change for good."""
    from bhxh.wiring.configuration import configuration
    from tests.conftest import _admin_url
    from tests.doors.conftest import _DATABASE

    copy = _DATABASE.replace("doors", "cli")
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {copy} TEMPLATE {_DATABASE} OWNER bhxh_owner")

    def address(role: str, name: str) -> str:
        base = configuration().database_url
        return (
            base.replace(base.partition("//")[2].partition("/")[2].partition("?")[0], name, 1)
            if base
            else configuration().postgres.url(role, name)
        )

    known = world.settings
    yield {
        **{name: value for name, value in os.environ.items() if not name.startswith("BHXH_")},
        "DATABASE_URL": address("bhxh_app", copy),
        "BHXH_DATABASE_OWNER_URL": address("bhxh_owner", copy),
        "BHXH_STATE_FOLDER": str(known.state_folder),
        "BHXH_TRUST_FOLDER": str(known.trust_folder),
        "BHXH_MAIL_PORT": str(known.mail_port),
        **{f"BHXH_{name.upper()}_URL": world.sandbox.url(name) for name in ("population", "business", "eid", "npsp", "pki")},
    }
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")


@pytest.fixture
def bhxh(environment: dict[str, str]) -> Run:
    return lambda *arguments, stdin="", **more: start(list(arguments), {**environment, **more}, stdin)


@pytest.fixture
def inside(api: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same commands in this process, rolled back afterwards: for the many small answers. Each command also runs as a program."""
    import io

    from bhxh.doors.cli import main

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        answered = io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr(main.sys, "stdout", answered)
        code = main.run(list(arguments), prepare=lambda command: None, migrate=_never, work=_never)
        return subprocess.CompletedProcess(arguments, code, answered.getvalue(), "")

    return run


@pytest.fixture(scope="module")
def keys_file(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(start(["keys"], environment).stdout)
    return file


def test_every_command_is_tested_here() -> None:
    from bhxh.doors.cli.main import _parser

    [commands] = [action for action in _parser()._actions if action.dest == "command"]
    assert set(commands.choices or ()) == _COMMANDS


def test_without_a_command_it_says_which_there_are(bhxh: Run) -> None:
    assert bhxh().returncode == 2
    assert bhxh("no-such-command").returncode == 2


def test_migrate_twice(bhxh: Run) -> None:
    assert bhxh("migrate").returncode == 0
    assert "text" in said(bhxh("--json", "migrate"))


def test_file_judges_signs_files_and_repeats(bhxh: Run, world: World, tmp_path: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    assert world.signer is not None
    workbook, key, certificate = tmp_path / "d02.xlsx", tmp_path / "k.pem", tmp_path / "c.pem"
    workbook.write_bytes(world.workbook)
    key.write_bytes(world.signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(x509.load_der_x509_certificate(world.signer.certificate).public_bytes(Encoding.PEM))
    employer = world.population.demo_employer
    common = ("file", "--as", employer.tax_code, str(workbook), "--period", "12/2026", "--json")
    judged = said(bhxh(*common, "--check-only"))
    assert (judged["filed"], len(judged["lines"])) == (False, 32)
    assert said(bhxh(*common))["filed"] is False, "without a key it only judges"
    signed = ("--key", str(key), "--certificate", str(certificate))
    filed, again = said(bhxh(*common, *signed)), said(bhxh(*common, *signed))
    assert (filed["filed"], filed["is_repeat"], again["is_repeat"]) == (True, False, True)
    assert again["receipt_sha256"] == filed["receipt_sha256"]
    assert {line["state"] for line in filed["filed_lines"]} <= {"clean", "officer", "refused"}
    told = bhxh(*common[:-1], *signed).stdout
    assert told.startswith("Phiếu tiếp nhận") and "filed before" in told.splitlines()[0], "first that it was filed, not lines judged anew"
    assert not any("refused" in line and "D02-" in line for line in told.splitlines())
    judged_again = bhxh(*common[:-1], "--check-only").stdout
    assert judged_again.startswith("Phiếu tiếp nhận") and len(judged_again.splitlines()) > 32
    other_period = [*common[: common.index("12/2026")], "10/2026", "--json"]
    wrong = said(bhxh(*other_period, "--key", str(certificate), "--certificate", str(certificate)), 1)
    assert wrong["error"]["code"] == "CLI-004"


def test_file_of_nobody_and_of_nothing(inside: Run, tmp_path: Path) -> None:
    assert said(inside("file", "--as", "0000000000", str(tmp_path / "x.xlsx"), "--json"), 1)["error"]["code"] == "CLI-003"


def test_as_programs(bhxh: Run, world: World, keys_file: Path, tmp_path: Path) -> None:
    """The commands whose small answers are tested inside this process, each once from the outside."""
    book, pin = tmp_path / "so.pdf", world.people["citizen"]
    assert said(bhxh("book", "-", "--out", str(book), "--json", stdin=pin))["file"] == "so.pdf"
    assert said(bhxh("verify", "--keys", str(keys_file), str(book), "--json"))["holds"] is True
    assert said(bhxh("decide", "--json"))["queue"]
    assert said(bhxh("appoint", "new", "--pin", "-", "--json", stdin=pin))["officer"] == "new"
    assert said(bhxh("mandate", "list", "--employer", world.population.demo_employer.tax_code, "--json"))["mandates"]
    assert said(bhxh("program", "hr", "--keys", str(keys_file), "--json"))["program"] == "hr"
    assert "Không có đơn vị" in bhxh("file", "--as", "0000000000", "x.xlsx").stderr


def test_decide_shows_the_queue_and_two_officers_decide(inside: Run, world: World) -> None:
    queue = said(inside("decide", "--json"))["queue"]
    assert any(row["code"] == world.code for row in queue)
    [line] = said(inside("decide", world.code, "--json"))["lines"]
    act = ("decide", world.code, "--as")
    assert said(inside(*act, "nobody", "--grant", "--json"), 1)["error"]["code"] == "CLI-006"
    assert said(inside(*act, "hoa", "--grant", "--reason", "x", "--json"), 1)["error"]["code"] == "ACC-020"
    assert said(inside(*act, "lan", "--grant", "--lines", str(line["number"]), "--reason", "Đã đối chiếu.", "--json"))["appraisal"] == 1
    assert said(inside(*act, "lan", "--approve", "--json"), 1)["error"]["code"] == "ACC-020"
    assert said(inside(*act, "minh", "--approve", "--json"))["decided"] == 1
    assert said(inside("decide", "G12.99.01-990101-0001", "--json"), 1)["error"]["code"] == "DOS-002"


def test_book_and_verify(inside: Run, world: World, keys_file: Path, tmp_path: Path) -> None:
    pin = world.people["citizen"]
    assert said(inside("book", "-", "--json", stdin=pin))["versions"][0]["version"] == 1
    files = [tmp_path / "so.json", tmp_path / "so.pdf"]
    for file in files:
        said(inside("book", "-", "--out", str(file), "--json", stdin=pin))
    verify = ("verify", "--keys", str(keys_file), "--json")
    report = said(inside(*verify, *map(str, files)))
    assert [(entry["holds"], entry["kind"]) for entry in report["files"]] == [(True, "book")] * 2
    assert report["files"][0]["sha256"] == report["files"][1]["sha256"], "the PDF carries the same sealed book"
    changed = bytearray(files[0].read_bytes())
    changed[changed.index(b'"payload":"') + 300] ^= 1
    files[0].write_bytes(bytes(changed))
    assert said(inside(*verify, *map(str, files)), 1)["holds"] is False
    assert said(inside("book", "-", "--json", stdin="001199999999"), 1)["error"]["code"] == "CLI-005"
    assert said(inside("book", "not-a-number", "--json"), 1)["error"]["code"].startswith("KER-")
    assert said(inside("book", "-", "--version", "99", "--json", stdin=pin), 1)["error"]["code"] == "BOK-003"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"protected": 1}',
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\xff" * 5000,
        b"\x00" * 100,
        b'{"protected":"eyJ0eXAiOiJhIn0"}',
    ],
)
def test_verify_of_anything_says_no(keys_file: Path, tmp_path: Path, content: bytes) -> None:
    from bhxh.doors.cli.main import run

    file = tmp_path / "x"
    file.write_bytes(content)
    assert run(["verify", "--keys", str(keys_file), str(file)], prepare=_never, migrate=_never, work=_never) == 1


def _never(*anything: Any) -> None:
    raise AssertionError("verify needs no database")


def test_verify_without_keys_or_file(inside: Run, keys_file: Path) -> None:
    assert said(inside("verify", "nowhere.json", "--json"), 1)["error"]["code"] == "CLI-014"
    assert said(inside("verify", "--keys", str(keys_file), "nowhere.json", "--json"), 1)["files"][0]["code"] == "CLI-001"


def test_a_bomb_in_a_pdf_is_not_unpacked(tmp_path: Path) -> None:
    import zlib

    from pyhanko.pdf_utils.generic import StreamObject, pdf_name

    from bhxh.doors.cli.pdf_attachments import _content

    packed = zlib.compress(b"{" + b" " * 50_000_000)
    bomb = StreamObject({pdf_name("/Filter"): pdf_name("/FlateDecode")}, encoded_data=packed)
    assert len(_content(bomb, 1000)) == 1000


def test_generate_again_adds_nobody(bhxh: Run) -> None:
    from tests.doors.world import CITIZENS, EMPLOYERS, SEED

    counts = said(bhxh("generate", "--seed", str(SEED), "--citizens", str(CITIZENS), "--employers", str(EMPLOYERS), "--json"))
    assert (counts["persons"], counts["employers"]) == (0, 0)


def test_appoint(inside: Run, world: World) -> None:
    done = inside("appoint", "new", "--pin", "-", "--roles", "RECEPTION", "--json", stdin=world.people["other citizen"])
    assert said(done)["officer"] == "new"
    assert said(inside("appoint", "new", "--pin", "-", "--json", stdin="001199999999"), 1)["error"]["code"] == "CLI-005"
    assert inside("appoint", "new", "--pin", "-", "--roles", "KING", stdin=world.people["citizen"]).returncode in {1, 3}


def test_an_officers_keys_from_invitation_to_dismissal(inside: Run, world: World) -> None:
    listed = said(inside("officer", "list", "--json"))["officers"]
    assert {"lan", "hoa"} <= {one["login"] for one in listed}
    assert len(said(inside("officer", "invite", "lan", "--json"))["code"]) == 24
    [key] = said(inside("officer", "keys", "lan", "--json"))["keys"]
    ended = said(inside("officer", "end-key", "lan", "--key", key["key"], "--because", "replaced", "--json"))["keys"]
    assert ended[0]["ended_because"] == "replaced"
    assert world.get("/office/queue", "officer").json()["code"] == "ACC-060", "what the key had opened is closed"
    assert said(inside("officer", "end-key", "lan", "--key", key["key"], "--json"), 1)["error"]["code"] == "ACC-068"
    assert said(inside("officer", "invite", "nobody", "--json"), 1)["error"]["code"] == "CLI-006"
    assert said(inside("officer", "dismiss", "lan", "--json"))["dismissed"] is True
    assert world.get("/officers/session", "officer").json()["code"] == "ACC-015"
    assert said(inside("officer", "dismiss", "nobody", "--json"), 1)["error"]["code"] == "ACC-015"


def test_in_production_the_command_line_is_no_officer(inside: Run, world: World) -> None:
    from dataclasses import replace

    from bhxh.doors import partners

    partners.bind(replace(partners.partners(), is_production=True))
    assert said(inside("decide", "--json"))["queue"], "the queue may be looked at"
    for command in (("decide", world.code, "--as", "lan", "--grant"), ("dossier", "ask", world.code, "--as", "lan", "--missing", "a | b")):
        assert said(inside(*command, "--json"), 1)["error"]["code"] == "CLI-030"
    assert said(inside("officer", "invite", "lan", "--json"))["code"]


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


def test_a_programs_keys_are_turned(inside: Run, tmp_path: Path) -> None:
    from joserfc.jwk import ECKey

    old, new = ECKey.generate_key("P-256", auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)
    first = json.dumps({"keys": [old.as_dict(private=False)]})
    assert said(inside("program", "payroll", "--grants", "FILE_FOR_EMPLOYERS", "--json", stdin=first))["program"] == "payroll"
    assert said(inside("program", "payroll", "--add-key", "-", "--json", stdin=json.dumps(new.as_dict(private=False))))["key"] == new.kid
    assert said(inside("program", "payroll", "--add-key", "-", "--json", stdin=first), 1)["error"]["code"] == "ACC-126"
    assert said(inside("program", "payroll", "--add-key", "-", "--json", stdin='{"keys": []}'), 1)["error"]["code"] == "CLI-008"
    said(inside("program", "payroll", "--retire-key", str(old.kid), "--json"))
    [shown] = [one for one in said(inside("program", "--json"))["programs"] if one["program"] == "payroll"]
    assert shown["keys_in_force"] == [new.kid]
    assert said(inside("program", "payroll", "--retire-key", str(old.kid), "--json"), 1)["error"]["code"] == "ACC-128"
    assert said(inside("program", "payroll", "--retire-key", str(new.kid), "--at", "tomorrow", "--json"), 1)["error"]["code"] == "CLI-008"


def test_log_conservation_equality_keys(bhxh: Run, world: World) -> None:
    assert said(bhxh("audit", "head", "--json"))["size"] > 0
    assert said(bhxh("audit", "verify", "--json"))["holds"] is True
    assert said(bhxh("audit", "looks", "--pin", "-", "--json", stdin=world.people["citizen"]))["looks"]
    conservation = said(bhxh("conservation", "--json"))
    assert (conservation["holds"], conservation["stuck"]) == (True, [])
    assert said(bhxh("decide", "--signatures", "--json"))["signatures"] == []
    equality = bhxh("equality", "--json")
    compared = json.loads(equality.stdout)
    assert compared["books"] > 0
    # What other tests here filed has no worker to seal it: the command must say so.
    assert equality.returncode == (0 if compared["holds"] else 1)
    assert json.loads(bhxh("keys").stdout)["keys"]


def test_backup_and_restore(bhxh: Run, tmp_path: Path) -> None:
    assert said(bhxh("backup", str(tmp_path / "copy"), "--json"))["size"] > 0
    refused = said(bhxh("restore", str(tmp_path / "copy"), "--json"), 1)
    assert "error" in refused, "never over a database that holds something"
    assert "error" in said(bhxh("restore", str(tmp_path / "nowhere"), "--json"), 1)


def test_work_starts_and_stops_politely(environment: dict[str, str]) -> None:
    import signal
    import time

    process = subprocess.Popen(
        [sys.executable, "-m", "bhxh.wiring", "work"],
        env={**environment, "PYTHONUNBUFFERED": "1"},
        cwd=_ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "jobs.worker.started" in line:
            break
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    rest = process.communicate(timeout=60)[1]
    assert "Traceback" not in rest
    assert process.returncode == 0


def test_bounces_from_a_mail_servers_pipe(bhxh: Run, environment: dict[str, str], world: World, tmp_path: Path) -> None:
    from bhxh.notices.return_path import ReturnPath

    assert said(bhxh("bounces", "--json", stdin="Subject: x\n\nno return path of ours")) == {"stray": 1}
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
        (message_id,) = database.execute("SELECT message_id FROM notices_message WHERE kind = 'receipt'").fetchone() or (None,)
        secret = (world.settings.key_folder / "django-secret").read_bytes()
        address = ReturnPath("tra-lai@bhxh.example", secret).address_for(message_id)
        bounce = "Return-Path: <>\nSubject: failure notice\n\nI was not able to deliver it. 550 5.1.1 no such mailbox\n"
        assert said(bhxh("bounces", "--json", "--recipient", address, stdin=bounce)) == {"failed": 1}
        assert said(bhxh("bounces", "--json", "--recipient", address, stdin=bounce)) == {"repeated": 1}
        row = database.execute("SELECT state, failed_reason, status FROM notices_message WHERE message_id = %s", [message_id]).fetchone()
    assert row == ("delivery_failed", "no_mailbox", "5.1.1")


# -- what is not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("conservation",), ("migrate",)])
def test_no_database_is_a_sentence_in_both_languages(bhxh: Run, command: tuple[str, ...], tmp_path: Path) -> None:
    nowhere = f"postgresql://bhxh_app@/none?host={tmp_path}"
    done = bhxh(*command, DATABASE_URL=nowhere, BHXH_DATABASE_OWNER_URL=nowhere)
    assert done.returncode == 3
    assert "CLI-009" in done.stderr
    assert "Cơ sở dữ liệu không trả lời" in done.stderr
    assert "The database does not answer" in done.stderr


def test_a_mail_server_is_asked_to_keep_what_cannot_be_taken_now(bhxh: Run, tmp_path: Path) -> None:
    """Any other code would make it return the bounce to somebody."""
    from uuid import UUID

    from bhxh.notices.return_path import ReturnPath

    nowhere = f"postgresql://bhxh_app@/none?host={tmp_path}"
    address = ReturnPath("tra-lai@bhxh.example", b"of this test").address_for(UUID(int=1))
    done = bhxh("bounces", stdin=f"To: {address}\n\n", DATABASE_URL=nowhere, BHXH_SECRET_KEY="of this test")
    assert (done.returncode, "CLI-009" in done.stderr) == (75, True)
    assert bhxh("bounces", "--maildir", str(tmp_path / "none")).returncode == 75


def test_a_database_without_tables_says_so(bhxh: Run, environment: dict[str, str]) -> None:
    empty = environment["DATABASE_URL"].replace("/bhxh_cli_", "/bhxh_none_")
    from tests.conftest import _admin_url

    name = empty.partition("@/")[2].partition("?")[0] or empty.rpartition("/")[2]
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(f"CREATE DATABASE {name}")
    done = bhxh("conservation", "--json", DATABASE_URL=empty)
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert said(done, 3)["error"]["code"] == "CLI-010"


def test_no_partner_no_trust_list(bhxh: Run, world: World, tmp_path: Path) -> None:
    workbook = tmp_path / "d02.xlsx"
    workbook.write_bytes(world.workbook)
    command = ("file", "--as", world.population.demo_employer.tax_code, str(workbook), "--period", "09/2026", "--json")
    silent = {f"BHXH_{name}_URL": "http://127.0.0.1:9" for name in ("POPULATION", "BUSINESS", "EID", "NPSP", "PKI")}
    assert len(said(bhxh(*command, **silent))["lines"]) == 32, "registers that are silent leave lines to officers"
    untrusting = bhxh(*command, BHXH_TRUST_FOLDER=str(tmp_path))
    assert said(untrusting, 3)["error"]["code"] == "SIG-060"
    assert said(bhxh("program", "npsp", "--keys", "portal", "--json", **silent), 3)["error"]["code"].startswith("CON-")


def test_a_wrong_setting_is_named(bhxh: Run) -> None:
    assert "BHXH_MODE" in said(bhxh("keys", "--json", BHXH_MODE="both"), 1)["error"]["vi"]


# -- workbooks nobody here has seen -----------------------------------------------------------------------------------


@needs_data
def test_the_vendors_workbook_is_good_input(bhxh: Run, world: World) -> None:
    vendor = _DATA / "employer-forms" / "FileMau_D02_TK1_VNPT.xlsx"
    judged = said(bhxh("file", "--as", world.population.demo_employer.tax_code, str(vendor), "--json"))
    assert sum(judged["counts"].values()) == len(judged["lines"]) >= 1
    assert all(finding["vi"] and finding["en"] for line in judged["lines"] for finding in line["findings"])
