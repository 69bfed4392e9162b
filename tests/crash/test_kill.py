"""Kill -9 of worker, web server and database during filing, deciding and sealing: nothing acknowledged is lost, nothing is doubled."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bhxh.wiring.embedded_postgres import EmbeddedPostgres
from tests.crash.scenario import Outcome, check_by_commands, run
from tests.crash.strikes import Striker
from tools.stack import ROOT, Stack, free_base_port

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
_CRASHES = {
    "worker": ("filing", "gathering", "deciding", "sealing", "sealed"),
    "server": ("sending-list", "filing", "sending-approval", "approving"),
    "database": ("sending-list", "deciding", "sending-approval", "sealed"),
}

Start = Callable[..., Stack]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start an installation of its own database; all are stopped at the end."""
    started: list[Stack] = []

    def started_stack(postgres: EmbeddedPostgres | None = None) -> Stack:
        for before in started:
            before.stop()
        where = {} if postgres is None else {"postgres": postgres}
        folder = tmp_path_factory.mktemp("crash")
        stack = Stack(folder, database=f"bhxh_crash_{_WORKER}", base_port=free_base_port(), **where)
        started.append(stack)
        stack.make_database()
        stack.start_partners()
        stack.start_server()
        stack.start_worker()
        return stack

    yield started_stack
    for stack in started:
        stack.stop()


@pytest.fixture(scope="module")
def undisturbed(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The same people doing the same without any crash: what must be there in the end."""
    stack = start()
    outcome = run(stack, tmp_path_factory.mktemp("undisturbed"))
    check_by_commands(stack, outcome)
    assert set(outcome.letters.values()) == {1}
    assert outcome.trace["months"] and outcome.trace["books"]
    return outcome


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[EmbeddedPostgres]:
    """A server of our own, so that tests running beside this one keep theirs. Its cluster is made once for each checkout."""
    postgres = EmbeddedPostgres(ROOT / ".bhxh" / "crash")
    yield postgres
    postgres.stop()


@pytest.mark.parametrize("victim", ["worker", "server"])
def test_a_killed_process_loses_and_doubles_nothing(victim: str, start: Start, undisturbed: Outcome, tmp_path: Path) -> None:
    _crash(start(), victim, undisturbed, tmp_path)


def test_a_killed_database_loses_and_doubles_nothing(
    own_postgres: EmbeddedPostgres, start: Start, undisturbed: Outcome, tmp_path: Path
) -> None:
    _crash(start(own_postgres), "database", undisturbed, tmp_path)


def _crash(stack: Stack, victim: str, undisturbed: Outcome, folder: Path) -> None:
    seed = int(os.environ.get("BHXH_CRASH_SEED") or random.SystemRandom().randrange(1_000_000))
    striker = Striker(stack, victim, _CRASHES[victim], seed)
    print(f"BHXH_CRASH_SEED={seed}; logs in {stack.logs}")
    outcome = run(stack, folder, striker)
    assert striker.is_done and not striker.failure, f"struck {striker.recovered_s}: {striker.failure}"
    for what, expected in undisturbed.trace.items():
        assert outcome.trace[what] == expected, what
    assert len(outcome.receipts) == len(undisturbed.receipts)
    check_by_commands(stack, outcome)
    repeated = sum(outcome.letters.values()) - len(outcome.letters)
    recovery = ", ".join(f"{point} {seconds} s" for point, seconds in striker.recovered_s.items())
    print(
        f"{victim}: {outcome.seconds} s ({undisturbed.seconds} s undisturbed); there again after {recovery}; repeated letters {repeated}",
        file=sys.stderr,
    )
