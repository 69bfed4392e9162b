"""A whole installation for the benches that go through HTTP: own database, partners, server, and the bare server beside it."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench.bare_server.urls import TABLE
from bhxh.registry.synthetic import Population, generate
from bhxh.wiring.embedded_postgres import OWNER_ROLE
from tools.people import wait_for
from tools.stack import CITIZENS, EMPLOYERS, ROOT, SEED, Stack, free_base_port, granian

_BARE_ABOVE, _BLIND_ABOVE = 150, 151
"""The servers beside the product listen that far above its port; the partners end below them."""
_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


@dataclass(frozen=True)
class Installation:
    """What runs, and who lives in it."""

    stack: Stack
    population: Population

    @property
    def bare_address(self) -> str:
        """Where the bare server answers."""
        return f"http://127.0.0.1:{self.stack.base_port + _BARE_ABOVE}"

    @property
    def blind_address(self) -> str:
        """Where the product answers that writes no look of the own book."""
        return f"http://127.0.0.1:{self.stack.base_port + _BLIND_ABOVE}"

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of its database."""
        with psycopg.connect(self.stack.postgres.url(OWNER_ROLE, self.stack.database)) as connection:
            return connection.execute(statement.encode()).fetchall()

    def wait_for_quiet(self) -> None:
        """Until the worker has done everything."""
        wait_for("the worker to have done everything", lambda: self.query(_JOBS) == [(0,)], timeout_s=180, pause_s=0.5)


@contextmanager
def running_installation(*, with_worker: bool, citizens: int = CITIZENS, with_blind_server: bool = False) -> Iterator[Installation]:
    """Start everything (and, where wanted, the product without its look), and leave nothing behind: no process, no database, no file."""
    stack = Stack(ROOT / ".bhxh" / "bench", database="bhxh_bench_stack", base_port=free_base_port(), citizens=citizens)
    stack.extra_environment["BHXH_DATABASE_NAME"] = ""  # the database of the benches that run in this process is another one
    stack.forget_state()
    beside: list[subprocess.Popen[bytes]] = []
    try:
        stack.make_database()
        with psycopg.connect(stack.postgres.url(OWNER_ROLE, stack.database)) as owner:
            owner.execute(TABLE.encode())
            owner.execute("GRANT SELECT, INSERT ON bench_row TO bhxh_app")
        stack.start_partners()
        stack.start_server()
        made = Installation(stack, generate(SEED, citizens=citizens, employers=EMPLOYERS))
        beside.append(_serve(stack, "bench.bare_server.wsgi:application", _BARE_ABOVE))
        if with_blind_server:
            beside.append(_serve(stack, "bench.bare_server.without_look:application", _BLIND_ABOVE))
        if with_worker:
            stack.start_worker()
        yield made
    finally:
        for server in beside:
            server.terminate()
            server.wait(timeout=20)
        stack.stop()
        with psycopg.connect(stack.postgres.url(OWNER_ROLE, "postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {stack.database} WITH (FORCE)".encode())
        shutil.rmtree(stack.state_folder, ignore_errors=True)


def _serve(stack: Stack, application: str, above: int) -> subprocess.Popen[bytes]:
    port = stack.base_port + above
    with (stack.logs / f"beside-{above}.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, *granian(application, port)], env=stack.environment, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    wait_for(application, lambda: _answers(port))
    return server


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
