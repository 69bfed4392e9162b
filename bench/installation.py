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

_BARE_ABOVE = 150
"""The bare server listens that far above the product's port; the partners end below it."""


@dataclass(frozen=True)
class Installation:
    """What runs, and who lives in it."""

    stack: Stack
    population: Population

    @property
    def bare_address(self) -> str:
        """Where the bare server answers."""
        return f"http://127.0.0.1:{self.stack.base_port + _BARE_ABOVE}"

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of its database."""
        with psycopg.connect(self.stack.postgres.url(OWNER_ROLE, self.stack.database)) as connection:
            return connection.execute(statement.encode()).fetchall()


@contextmanager
def running_installation(*, with_worker: bool, citizens: int = CITIZENS) -> Iterator[Installation]:
    """Start everything, and leave nothing behind: no process, no database, no file."""
    stack = Stack(ROOT / ".bhxh" / "bench", database="bhxh_bench_stack", base_port=free_base_port(), citizens=citizens)
    stack.extra_environment["BHXH_DATABASE_NAME"] = ""  # the database of the benches that run in this process is another one
    stack.forget_state()
    bare: subprocess.Popen[bytes] | None = None
    try:
        stack.make_database()
        with psycopg.connect(stack.postgres.url(OWNER_ROLE, stack.database)) as owner:
            owner.execute(TABLE.encode())
            owner.execute("GRANT SELECT, INSERT ON bench_row TO bhxh_app")
        stack.start_partners()
        stack.start_server()
        made = Installation(stack, generate(SEED, citizens=citizens, employers=EMPLOYERS))
        command = [sys.executable, *granian("bench.bare_server.wsgi:application", stack.base_port + _BARE_ABOVE)]
        with (stack.logs / "bare.log").open("ab") as log:
            bare = subprocess.Popen(command, env=stack.environment, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_for("the bare server", lambda: _answers(stack.base_port + _BARE_ABOVE))
        if with_worker:
            stack.start_worker()
        yield made
    finally:
        if bare is not None:
            bare.terminate()
            bare.wait(timeout=20)
        stack.stop()
        with psycopg.connect(stack.postgres.url(OWNER_ROLE, "postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {stack.database} WITH (FORCE)".encode())
        shutil.rmtree(stack.state_folder, ignore_errors=True)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
