"""The program `bhxh` as people run it: every command once, exit codes, and sentences where something is not there."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.doors.cli_runs import Run, a_signed_list, said, start
from tests.doors.world import World
from tests.other_programs import INSTALLED_BY
from tools.databases import drop_database

_ROOT = Path(__file__).resolve().parents[2]
_COMMANDS = {"file", "decide", "book", "verify", "generate", "appoint", "mandate", "program", "audit", "migrate", "work", "keys"}
_COMMANDS |= {"dossier", "conservation", "equality", "backup", "restore", "bounces", "consent", "own", "officer", "account", "archive"}
_COMMANDS |= {"credential", "book-state", "trust", "warehouse", "sign", "convert", "offices"}


@pytest.fixture(scope="module")
def keys_file(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_text(start(["keys"], environment).stdout)
    return file


def test_every_command_is_tested_here() -> None:
    from bhxh.doors.cli.options import parser

    [commands] = [action for action in parser()._actions if action.dest == "command"]
    assert set(commands.choices or ()) == _COMMANDS


def test_without_a_command_it_says_which_there_are(environment: dict[str, str]) -> None:
    assert start([], environment).returncode == 2
    assert start(["no-such-command"], environment).returncode == 2


def test_migrate_twice(bhxh: Run) -> None:
    assert bhxh("migrate").returncode == 0
    assert "text" in said(bhxh("--json", "migrate"))


def test_as_programs(bhxh: Run, world: World, keys_file: Path, tmp_path: Path) -> None:
    """The commands whose small answers are tested inside this process, each once from the outside."""
    book, pin = tmp_path / "so.pdf", world.people["citizen"]
    assert said(bhxh("book", "-", "--out", str(book), "--json", stdin=pin))["file"] == "so.pdf"
    assert said(bhxh("verify", "--keys", str(keys_file), str(book), "--json"))["holds"] is True
    assert said(bhxh("decide", "--json"))["queue"]
    assert said(bhxh("appoint", "new", "--pin", "-", "--json", stdin=pin))["officer"] == "new"
    assert said(bhxh("mandate", "list", "--employer", world.population.demo_employer.tax_code, "--json"))["mandates"]
    assert said(bhxh("program", "hr", "--keys", str(keys_file), "--json"))["program"] == "hr"
    assert said(bhxh("warehouse", "seal-old", "--json"))["sealed"] == 0
    common, signed = a_signed_list(world, tmp_path)
    assert said(bhxh(*common, *signed))["filed"] is True
    assert "Không có đơn vị" in bhxh("file", "--as", "0000000000", "x.xlsx").stderr


def test_generate_again_adds_nobody(bhxh: Run) -> None:
    from tests.doors.world import CITIZENS, EMPLOYERS, SEED

    counts = said(bhxh("generate", "--seed", str(SEED), "--citizens", str(CITIZENS), "--employers", str(EMPLOYERS), "--json"))
    assert (counts["persons"], counts["employers"]) == (0, 0)


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
    head, other = tmp_path / "head.json", tmp_path / "other.json"
    assert said(bhxh("audit", "head", "--out", str(head), "--json"))["size"] > 0
    assert said(bhxh("audit", "verify", "--checkpoint", str(head), "--json"))["holds"] is True
    assert said(bhxh("backup", str(tmp_path / "copy"), "--json"))["size"] > 0
    other.write_bytes(head.read_bytes().replace(b'"payload":"e', b'"payload":"f'))

    def refused(folder: str, *checkpoint: str) -> str:
        return str(said(bhxh("restore", str(tmp_path / folder), *checkpoint, "--json"), 1)["error"]["code"])

    assert refused("copy", "--checkpoint", str(head)) == "BAK-004", "never over a database that holds something"
    assert refused("copy") == "BAK-007", "never without what was published"
    assert refused("copy", "--checkpoint", str(other)) == "AUD-017", "a head that we did not seal"
    assert refused("nowhere", "--checkpoint", str(head)) == "BAK-003"


def test_a_proof_for_outsiders(bhxh: Run, world: World, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip(f"NOT CHECKED by other people's tools: the program openssl is not installed. {INSTALLED_BY}")
    proof, keys = tmp_path / "proof.json", tmp_path / "keys.json"
    assert said(bhxh("audit", "stamp", "--json"))["authority"]
    made = said(bhxh("audit", "prove", "--dossier", world.code, "--out", str(proof), "--json"))
    assert made["latest_size"] >= made["size"] > 0
    keys.write_text(bhxh("keys").stdout)
    command = [sys.executable, "-I", "-S", "tools/verify_log.py", str(proof), "--keys", str(keys)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "holds" in done.stdout) == (0, True), done.stdout
    assert said(bhxh("audit", "prove", "--entry", str(2**40), "--out", str(proof), "--json"), 1)["error"]["code"] == "AUD-016"
    assert said(bhxh("audit", "prove", "--out", str(proof), "--json"), 1)["error"]["code"] == "CLI-008"


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
    rest = process.communicate(timeout=240)[1]
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
        drop_database(admin, name)
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
