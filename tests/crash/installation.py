"""One long-lived installation whose parts are killed and started again: database, server, worker, partners, each in a moment."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bhxh.connectors.http_client.assertion import publish_keys
from tests.crash.steps import ARMED, ASKED_FOR, CLOCK, STRUCK, Point
from tools.stack import CITIZENS, EMPLOYERS, ROOT, SEED, Stack, granian

OURS = ("server", "worker")
PARTNERS = tuple(ASKED_FOR)
_PATIENCE_S = 60


@dataclass
class Installation:
    """Everything that runs for one walk."""

    stack: Stack
    pids: dict[str, int] = field(default_factory=dict)
    deaths: dict[str, int] = field(default_factory=dict)
    """How often each part was found dead, struck or by itself."""

    def __post_init__(self) -> None:
        self.folder = self.stack.state_folder / "crash"
        self.folder.mkdir(parents=True)
        self._nurseries: dict[str, subprocess.Popen[bytes]] = {}
        self._number = self._postmaster = 0

    # -- start and stop ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Database, partners, server, worker."""
        stack = self.stack
        stack.make_database()
        stack.sandbox.folder.mkdir(parents=True, exist_ok=True)
        publish_keys([stack.keys.seal_key("machine")], stack.sandbox.client_keys_file)
        publish_keys([stack.keys.seal_key("book")], stack.sandbox.book_keys_file)
        self._open("partners", str(SEED), str(CITIZENS), str(EMPLOYERS))
        for name in PARTNERS:
            self._start(name)
        for name in PARTNERS:
            await_that(f"{name} to answer", lambda name=name: self._answers_at(f"{stack.sandbox.url(name)}/health"))
        stack.run("program", "npsp", "--name", "Cổng Dịch vụ công quốc gia", "--keys", "portal", "--grants", "FILE_FOR_PERSONS")
        self._open("ours")
        for name in OURS:
            self._start(name)
        await_that("the server to be ready", self.is_ready)

    def stop(self) -> None:
        """End everything; what was killed leaves nothing."""
        for nursery in self._nurseries.values():
            nursery.communicate(timeout=_PATIENCE_S)
        self._nurseries.clear()

    def is_ready(self) -> bool:
        """The server answers, and has its database."""
        return self._answers_at(f"{self.stack.address}/health/ready")

    def revive(self) -> None:
        """Start again whatever process is dead, as a service manager would."""
        for name, pid in self.pids.items():
            if not _is_alive(pid):
                self.deaths[name] = self.deaths.get(name, 0) + 1
                self._start(name)

    def revive_database(self) -> None:
        """Start the database again, which replays its log."""
        self.deaths["database"] = self.deaths.get("database", 0) + 1
        self.stack.postgres.ensure_started()

    def kill(self, name: str) -> None:
        """Kill -9 of a process with its group, from outside."""
        with suppress(ProcessLookupError):
            os.killpg(self.pids[name], signal.SIGKILL)
        await_that(f"{name} to be dead", lambda: not _is_alive(self.pids[name]), pause_s=0.002)

    # -- striking ---------------------------------------------------------------------------------------------------

    def arm(self, point: Point, passing: int) -> None:
        """The next `passing`-th passing of the point kills its victim."""
        self._number += 1
        (self.folder / STRUCK).unlink(missing_ok=True)
        if point.victim == "database":
            self._postmaster = self.stack.postgres.postmaster_pid()
        plan = {"number": self._number, "passing": passing, "postmaster": self._postmaster, **vars(point)}
        half_written = self.folder / f"{ARMED}.new"
        half_written.write_text(json.dumps(plan))
        half_written.rename(self.folder / ARMED)

    def is_struck(self) -> bool:
        """Whether the armed point was passed."""
        return (self.folder / STRUCK).exists()

    def await_death(self, victim: str) -> None:
        """Until the one who was struck is gone."""
        if victim == "database":
            await_that("the database to be dead", lambda: not _is_alive(self._postmaster), pause_s=0.01)
        else:
            # WHY the one who said so: by now another may have been started in its stead.
            struck = json.loads((self.folder / STRUCK).read_text())["group"]
            await_that(f"{victim} to be dead", lambda: not _is_alive(struck), pause_s=0.002)

    @contextmanager
    def no_room_for(self, name: str) -> Iterator[None]:
        """Nothing that a process of ours writes to a file is kept. WHY a limit and not a full disk: everybody may set it."""
        group = [
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _group_of(int(entry.name)) == self.pids[name]
        ]
        _limit_files(group, 0)
        try:
            yield
        finally:
            _limit_files(group, resource.RLIM_INFINITY)

    @contextmanager
    def no_room_for_database(self) -> Iterator[None]:
        """The same for the database, which ends by it sooner or later; then there is room again, and `revive_database` starts it."""
        self._postmaster = self.stack.postgres.postmaster_pid()
        try:
            self._limit_server_files(self._postmaster)  # first, because children begun from now on have their parent's limit
            for child in Path(f"/proc/{self._postmaster}/task/{self._postmaster}/children").read_text().split():
                self._limit_server_files(int(child), is_checked=False)  # it may have ended meanwhile
            yield
        finally:
            with suppress(FileNotFoundError, RuntimeError):  # where it has ended by itself
                self.stack.kill_database()
            self.await_death("database")

    def _limit_server_files(self, pid: int, *, is_checked: bool = True) -> None:
        # WHY a program: the server may run as a user of its own, and only that user may limit it.
        self.stack.postgres._run("prlimit", f"--pid={pid}", "--fsize=0:", is_program_of_server=False, is_checked=is_checked)

    def set_clock(self, seconds: float) -> None:
        """Our processes' host clock is wrong by so much from now on."""
        half_written = self.folder / f"{CLOCK}.new"
        half_written.write_text(str(seconds))
        half_written.rename(self.folder / CLOCK)

    # -- looking ----------------------------------------------------------------------------------------------------

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with psycopg.connect(self.stack.environment["DATABASE_URL"]) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def command(self, *arguments: str) -> Any:
        """What an operator's command says."""
        return json.loads(self.stack.run(*arguments, "--json").stdout)

    # -- how --------------------------------------------------------------------------------------------------------

    def _answers_at(self, address: str) -> bool:
        try:
            return httpx.get(address, timeout=2, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _open(self, kind: str, *arguments: str) -> None:
        environment = {**self.stack.environment, "CRASH_FOLDER": str(self.folder)}
        with (self.folder / f"nursery-{kind}.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.crash.nursery", kind, *arguments]
            # WHY a session of its own: a signal to the tests' group must not end it before it has ended its children.
            nursery = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True
            )
        self._nurseries[kind] = nursery
        assert self._ask(kind, []) == "ready", f"see {self.folder}/nursery-{kind}.log"

    def _ask(self, kind: str, line: list[str]) -> str:
        nursery = self._nurseries[kind]
        assert nursery.stdin is not None and nursery.stdout is not None
        if line:
            nursery.stdin.write(json.dumps(line).encode() + b"\n")
            nursery.stdin.flush()
        return nursery.stdout.readline().decode().strip()

    def _start(self, name: str) -> None:
        kind = "ours" if name in OURS else "partners"
        self.pids[name] = int(self._ask(kind, [name, *self._arguments(name)]))

    def _arguments(self, name: str) -> list[str]:
        sandbox = self.stack.sandbox
        if name == "worker":
            return []
        if name == "server":
            return list(granian("tests.crash.served:application", self.stack.base_port)[2:])
        arguments = ["--folder", str(sandbox.folder / name), "--port", str(getattr(sandbox.ports, name))]
        if name != "pki":
            arguments += ["--client-keys", str(sandbox.client_keys_file)]
        if name in ("population", "business", "eid", "npsp"):
            arguments += ["--seed", str(SEED), "--citizens", str(CITIZENS), "--employers", str(EMPLOYERS)]
        if name == "eid":
            arguments += ["--book-keys", str(sandbox.book_keys_file)]
        if name == "mail":
            arguments += ["--smtp-port", str(sandbox.ports.smtp)]
        return arguments


def await_that(what: str, is_so: Callable[[], Any], *, patience_s: float = _PATIENCE_S, pause_s: float = 0.05) -> Any:
    """Ask until there is a true answer; a connection that breaks is no answer."""
    deadline, last = time.monotonic() + patience_s, ""
    while time.monotonic() < deadline:
        try:
            if answer := is_so():
                return answer
        except (httpx.HTTPError, psycopg.OperationalError) as error:
            last = f"; {type(error).__name__}: {error}"
        time.sleep(pause_s)
    raise AssertionError(f"waited {patience_s} s in vain for {what}{last}")


def _is_alive(pid: int) -> bool:
    """Not where it is dead and nobody has reaped it yet: of the database's parent, nobody knows when it will."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _group_of(pid: int) -> int:
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return 0


def _limit_files(pids: Sequence[int], size: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            _, highest = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, highest))
