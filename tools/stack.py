"""The whole installation as child processes: database, sandbox partners, web server, worker. For demo, serve, tests, bench."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from bhxh.connectors.http_client.assertion import publish_keys
from bhxh.kernel.custodian import Custodian
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seal_certificates import certificate_request
from bhxh.wiring.embedded_postgres import EmbeddedPostgres
from bhxh.wiring.roles import APP_ROLE, OWNER_ROLE, in_database, make_roles
from sandbox.pki.authority import certify
from sandbox.supervisor import Ports, Sandbox
from tools.databases import drop_database

ROOT = Path(__file__).resolve().parents[1]
SEED, CITIZENS, EMPLOYERS = 164, 1000, 60
"""The one synthetic population of demo, serve, tests and sandbox registers."""
OFFICE = "Bảo hiểm xã hội Việt Nam (thử nghiệm)"
"""Whose name the certificate for pages bears."""

_OTHER_SERVER = os.environ.get("DATABASE_URL", "")

_PARTNERS_ABOVE = 111  # partners listen that far above the server's port
RECEPTION_ABOVE = 118
"""That far above it the reception of `make serve` listens."""
_PORTS_USED = (0, *range(_PARTNERS_ABOVE, _PARTNERS_ABOVE + 6), RECEPTION_ABOVE, _PARTNERS_ABOVE + 14)


def free_base_port() -> int:
    """A base from which on all ports we need are free; steps of 200, below the ephemeral range.

    WHY not always the first: two checkouts that start at once would both find it free.
    """
    first = os.getpid() % 100
    for step in range(100):
        base = 8600 + 200 * ((first + step) % 100)
        if all(_is_free(base + offset) for offset in _PORTS_USED):
            return base
    raise RuntimeError("no free block of ports between 8600 and 28600")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def serving_stack() -> "Stack":
    """The installation of `make serve` and of `bin/bhxh`: one state folder, ports chosen once and remembered."""
    folder = ROOT / ".bhxh" / "serve"
    folder.mkdir(parents=True, exist_ok=True)
    remembered = folder / "base-port"
    if not remembered.exists():
        remembered.write_text(str(free_base_port()))
    return Stack(folder, database="bhxh_serve", base_port=int(remembered.read_text()), host="localhost")


_FORGET_LOGGED_AHEAD = """
DO $$ DECLARE s record; BEGIN
  FOR s IN SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    PERFORM setval(format('%I.%I', s.schemaname, s.sequencename)::regclass, s.last_value);
  END LOOP;
END $$"""
"""WHY: a sequence logs 32 numbers ahead, and a clone copies the note that it has while the log of it stays with the template. After
kill -9 the clone's sequences then went back and gave numbers twice. Setting them writes their own log record."""


@dataclass
class Stack:
    """One installation in one state folder, with one database of the checkout's embedded server, or of a `postgres` of its own."""

    state_folder: Path
    database: str = "bhxh"
    base_port: int = 8600
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    extra_environment: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    """Under which name it is reached. A browser takes a security key only under a name."""
    citizens: int = CITIZENS
    """How many there are in this one's population."""
    postgres: EmbeddedPostgres = field(default_factory=lambda: EmbeddedPostgres(ROOT / ".bhxh"))

    def __post_init__(self) -> None:
        self._other_server = _OTHER_SERVER if self.postgres.state_folder == ROOT / ".bhxh" else ""
        self._commands: dict[str, tuple[str, ...]] = {}
        self.keys = FileKeys(self.state_folder / "keys", Custodian.MOF)
        ports = Ports.from_base(self.base_port + _PARTNERS_ABOVE)
        self.sandbox = Sandbox(self.state_folder / "sandbox", ports, seed=SEED, citizens=self.citizens, employers=EMPLOYERS)

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"http://{self.host}:{self.base_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every child process is told."""
        partners = {f"BHXH_{name.upper()}_URL": self.sandbox.url(name) for name in ("population", "business", "eid", "npsp")}
        # WHY not our own settings: who starts a stack may be a test that speaks to another database, as another role.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BHXH_", "DATABASE_URL", "DJANGO_"))}
        return {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "BHXH_STATE_FOLDER": str(self.state_folder),
            "DATABASE_URL": self._address(APP_ROLE, self.database),
            "BHXH_DATABASE_OWNER_URL": self._address(OWNER_ROLE, self.database),
            "BHXH_PUBLIC_URL": self.address,
            "BHXH_MAIL_PORT": str(self.sandbox.ports.smtp),
            "BHXH_TRUST_FOLDER": str(self.sandbox.folder / "pki" / "trust"),
            **partners,
            "BHXH_REMOTE_SIGNING_URL": self.sandbox.url("pki"),
            "BHXH_TSA_URL": f"{self.sandbox.url('pki')}/tsa",
            **{f"BHXH_LIMIT_{of}": "0" for of in ("ACCOUNT", "ORGANISATION", "MACHINE", "ADDRESS", "SIGN_INS")},
            **self.extra_environment,
        }

    @property
    def logs(self) -> Path:
        """One file for each process."""
        folder = self.state_folder / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def run(self, *arguments: str, is_checked: bool = True, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One `bhxh` command to its end."""
        command = [sys.executable, "-m", "bhxh.wiring", *arguments]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, input=stdin)
        if is_checked and done.returncode != 0:
            raise RuntimeError(f"bhxh {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done

    # -- database -----------------------------------------------------------------------------------------------------

    def ensure_server(self) -> None:
        """Our own server runs; or the one DATABASE_URL names has the two roles."""
        if not self._other_server:
            self.postgres.ensure_started()
            return
        with psycopg.connect(self._other_server, autocommit=True) as admin:
            make_roles(admin)

    def _address(self, role: str, database: str) -> str:
        """WHY never the database that DATABASE_URL names: it may be somebody's; a stack makes and drops its own beside it."""
        return in_database(self._other_server, database) if self._other_server else self.postgres.url(role, database)

    def has_database(self) -> bool:
        """Whether this stack's database is there."""
        with psycopg.connect(self._address(OWNER_ROLE, "postgres")) as admin:
            return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database]).fetchone() is not None

    def make_database(self) -> None:
        """A fresh database with reference data and the synthetic population, cloned from a template made once per code state."""
        self.ensure_server()
        template = f"bhxh_ready_{_digest_of_code(self.citizens)}"
        with psycopg.connect(self._address(OWNER_ROLE, "postgres"), autocommit=True) as admin:
            admin.execute("SET lock_timeout = 0")  # another checkout's program may need a minute to make the template
            admin.execute("SELECT pg_advisory_lock(742003)")
            drop_database(admin, self.database)
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
                for (old,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bhxh_ready_%'").fetchall():
                    drop_database(admin, old)
                admin.execute(f"CREATE DATABASE {self.database} OWNER {OWNER_ROLE}")
                self.run("migrate")
                self.run("generate", "--seed", str(SEED), "--citizens", str(self.citizens), "--employers", str(EMPLOYERS))
                with psycopg.connect(self._address(OWNER_ROLE, self.database), autocommit=True) as owner:
                    owner.execute("ANALYZE")  # fresh statistics after the load, so that the planner does not guess
                admin.execute(f"ALTER DATABASE {self.database} RENAME TO {template}")
            admin.execute(f"CREATE DATABASE {self.database} TEMPLATE {template} OWNER {OWNER_ROLE}")
        with psycopg.connect(self._address(OWNER_ROLE, self.database), autocommit=True) as owner:
            owner.execute(_FORGET_LOGGED_AHEAD)

    # -- processes ----------------------------------------------------------------------------------------------------

    def start_partners(self) -> None:
        """Publish our keys where the partners read them, start them all, let us in at the e-ID and the portal in here. The database is there."""
        publish_keys([self.keys.seal_key("machine")], self.sandbox.client_keys_file)
        publish_keys([self.keys.seal_key("book")], self.sandbox.book_keys_file)
        self.sandbox.start()
        self._certify_pages()
        self.sandbox.register_client(
            client_id="bhxh-portal",
            redirect_uris=[f"{self.address}/dang-nhap/ve"],
            post_logout_redirect_uris=[f"{self.address}/dang-xuat/xong"],
            backchannel_logout_uri=f"{self.address}/dang-xuat/e-id",
            jwks_uri=f"{self.address}/dang-nhap/khoa.json",
        )
        self.run("program", "npsp", "--name", "Cổng Dịch vụ công quốc gia", "--keys", "portal", "--grants", "FILE_FOR_PERSONS")

    def _certify_pages(self) -> None:
        """The key that seals pages gets a certificate, once."""
        if self.keys.certified("page") is None:
            key = self.keys.newest_key("page")
            public = self.keys.key_set().get(key.kid).public
            request = certificate_request(key=key, public=public, common_name=OFFICE, organisation=OFFICE)
            self.keys.install_certificate("page", certify(self.sandbox.folder / "pki", request))

    def start_server(self, workers: int = 1) -> None:
        """The web server; returns when it is ready."""
        self._start("server", *granian("bhxh.wiring.wsgi:application", self.base_port, workers))
        self.wait_until_ready()

    def start_worker(self, name: str = "worker", lanes: Sequence[str] = ()) -> None:
        """A worker with the clockwork, for these lanes or for all."""
        self._start(name, "-m", "bhxh.wiring", "work", "--lanes", ",".join(lanes))

    def wait_until_ready(self, timeout_s: float = 120) -> None:
        """Until /health/ready says yes."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.processes["server"].poll() is None:
            try:
                if httpx.get(f"{self.address}/health/ready", timeout=2, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the server did not become ready; see {self.logs / 'server.log'}")

    def restart_the_dead(self) -> tuple[str, ...]:
        """Start again what ended by itself, as a service manager would. Returns the names. What does not start is tried again next time."""
        try:
            self.ensure_server()
        except (RuntimeError, psycopg.Error) as error:
            print(f"PostgreSQL: {error}", file=sys.stderr)
            return ()
        dead = tuple(name for name, process in self.processes.items() if process.poll() is not None)
        for name in dead:
            _kill_group(self.processes[name])  # what a dead parent left behind
            self._start(name, *self._commands[name])
        return dead

    def kill(self, name: str) -> None:
        """Kill -9 of a process and everything it started. `restart_the_dead` starts it again."""
        process = self.processes[name]
        _kill_group(process)
        process.wait()

    def kill_database(self) -> None:
        """Kill -9 of the embedded server with every backend. Nothing of its own may be lost by that."""
        master = self.postgres.postmaster_pid()
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        for pid in (master, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop all in order, politely, then not. The database server keeps running for the next start."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            _kill_group(process)
            process.wait()
        self.processes.clear()
        self.sandbox.stop()

    def forget_state(self) -> None:
        """Remove keys, mails and files of earlier runs of this stack."""
        shutil.rmtree(self.state_folder, ignore_errors=True)
        self.state_folder.mkdir(parents=True)

    def _start(self, name: str, *command: str) -> None:
        self._commands[name] = command
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "tools.tied", sys.executable, *command],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.PIPE,
                start_new_session=True,
            )


def granian(application: str, port: int, workers: int = 1) -> tuple[str, ...]:
    """Arguments of Python that serve a WSGI application as we serve ours."""
    address = ("--host", "127.0.0.1", "--port", str(port))
    return ("-m", "granian", "--interface", "wsgi", *address, "--workers", str(workers), "--blocking-threads", "4", "--no-ws", application)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()


def _digest_of_code(citizens: int) -> str:
    digest = hashlib.sha256(f"{SEED} {citizens} {EMPLOYERS}".encode())
    for file in sorted((ROOT / "bhxh").rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]
