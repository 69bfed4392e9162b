"""Three ways to give `bhxh` a command: as a program of its own, forked from one that has the libraries, and inside the test's transaction.

The fixtures `bhxh`, `environment`, `forking`, `inside` and `keys_file` are known to all tests of this folder (conftest.py).
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.doors.world import World
from tools.databases import drop_database

Run = Callable[..., subprocess.CompletedProcess[str]]
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 300


def never(*anything: Any) -> None:
    raise AssertionError("this command prepares nothing of its own here")


def start(
    arguments: list[str], environment: dict[str, str], stdin: str = "", timeout: float = _PATIENCE_S
) -> subprocess.CompletedProcess[str]:
    """One command to its end, in an interpreter of its own."""
    command = [sys.executable, "-m", "bhxh.wiring", *arguments]
    done = subprocess.run(command, env=environment, cwd=_ROOT, capture_output=True, text=True, check=False, input=stdin, timeout=timeout)
    return _polite(done)


def _polite(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """Nothing a command says may ever be a traceback."""
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
        drop_database(admin, copy)
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
        **{f"BHXH_{name.upper()}_URL": world.sandbox.url(name) for name in ("population", "business", "eid", "npsp")},
        "BHXH_REMOTE_SIGNING_URL": world.sandbox.url("pki"),
        "BHXH_TSA_URL": f"{world.sandbox.url('pki')}/tsa",
    }
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        drop_database(admin, copy)


@pytest.fixture(scope="module")
def forking(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[list[str], dict[str, str], str], subprocess.CompletedProcess[str]]]:
    """Each command in a process with arguments, environment, streams and exit code of its own, without two seconds of imports."""
    folder = tmp_path_factory.mktemp("commands")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.doors.forking"], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"

        def run(arguments: list[str], environment: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
            assert process.stdin is not None and process.stdout is not None
            (folder / "stdin").write_text(stdin)
            process.stdin.write(json.dumps({"arguments": arguments, "environment": environment, "folder": str(folder)}) + "\n")
            process.stdin.flush()
            assert select.select([process.stdout], [], [], _PATIENCE_S)[0], f"bhxh {arguments[0]} had not ended after {_PATIENCE_S} s"
            code, said, complained = int(process.stdout.readline()), (folder / "stdout").read_text(), (folder / "stderr").read_text()
            return _polite(subprocess.CompletedProcess(arguments, code, said, complained))

        yield run
        process.stdin.close()
        process.wait(_PATIENCE_S)


@pytest.fixture
def bhxh(environment: dict[str, str], forking: Run) -> Run:
    """A command as a program, in a process of its own, on the copy of the prepared database."""
    return lambda *arguments, stdin="", **more: forking(list(arguments), {**environment, **more}, stdin)


@pytest.fixture
def inside(api: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same commands in this process, rolled back afterwards: for the many small answers. Each command also runs as a program."""
    import io

    from bhxh.doors.cli import main

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        answered = io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr(main.sys, "stdout", answered)
        code = main.run(list(arguments), prepare=lambda command: None, migrate=never, work=never)
        return subprocess.CompletedProcess(arguments, code, answered.getvalue(), "")

    return run


@pytest.fixture(scope="module")
def keys_file(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `bhxh keys` prints, for `bhxh verify`."""
    from bhxh.signing.key_files import FileKeys

    file = tmp_path_factory.mktemp("keys") / "keys.json"
    file.write_bytes(FileKeys(world.settings.key_folder, world.settings.custodian).key_set().to_json())
    return file


def a_signed_list(world: World, folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Arguments that judge the demonstration's workbook for another period, and those that sign it besides."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    assert world.signer is not None
    workbook, key, certificate = folder / "d02.xlsx", folder / "k.pem", folder / "c.pem"
    workbook.write_bytes(world.workbook)
    key.write_bytes(world.signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(x509.load_der_x509_certificate(world.signer.certificate).public_bytes(Encoding.PEM))
    common = ("file", "--as", world.population.demo_employer.tax_code, str(workbook), "--period", "12/2026", "--json")
    return common, ("--key", str(key), "--certificate", str(certificate))
