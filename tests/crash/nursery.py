"""`python -m tests.crash.nursery ours|partners`: has everything imported, and forks a server, a worker or a partner in a moment.

WHY: a process that is killed ten thousand times must come back in milliseconds. A line `["worker", argument, ...]` on standard input starts one
in a group of its own; its number is the answer. When standard input closes, all end. Nobody waits for the killed: the kernel reaps.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.crash import agent


def main() -> None:
    """Prepare, then fork on demand."""
    kind = sys.argv[1]
    (_prepare_ours if kind == "ours" else _prepare_partners)()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children: set[int] = set()
    print("ready", flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _grow_up(kind, name, arguments)
        with suppress(PermissionError):
            os.setpgid(pid, pid)
        children.add(pid)
        print(pid, flush=True)
    for pid in children:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _grow_up(kind: str, name: str, arguments: list[str]) -> None:
    """The child: its own group, its own log, its own name; never returns."""
    with suppress(PermissionError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(Path(os.environ["CRASH_FOLDER"]) / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    agent.become(name)
    status = 1
    try:
        status = _run(kind, name, arguments)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001  # the top of a process
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _run(kind: str, name: str, arguments: list[str]) -> int:
    sys.argv = [name, *arguments]
    if kind == "partners":
        import_module(_program(name)).main()
        return 0
    if name == "worker":
        from bhxh.wiring.__main__ import main as bhxh

        return bhxh(["work"])
    from granian.cli import entrypoint

    entrypoint()
    return 0


def _program(name: str) -> str:
    return f"sandbox.{name}.__main__" if name in {"eid", "pki"} else f"sandbox.{name}"


def _prepare_ours() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bhxh.wiring.settings"
    agent.watch_ours()
    for name in (
        "granian.cli",
        "granian.server",
        "bhxh.wiring.__main__",
        "bhxh.wiring.urls",
        "bhxh.doors.jobs.worker",
        "tests.crash.served",
    ):
        import_module(name)


def _prepare_partners() -> None:
    import sandbox.holdings

    # WHY: the synthetic population takes a second to make, and is the same each time.
    sandbox.holdings.load_holdings = cache(sandbox.holdings.load_holdings)
    for name in ("population", "business", "eid", "npsp", "mail", "pki"):
        import_module(_program(name))
    agent.watch_partners()
    seed, citizens, employers = map(int, sys.argv[2:5])
    sandbox.holdings.load_holdings(seed=seed, citizens=citizens, employers=employers)


if __name__ == "__main__":
    main()
