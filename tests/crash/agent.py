"""Runs inside the processes that are struck: sees where each named step is passed, and kills at the passing that is armed.

It changes nothing of what the product does; it stands around functions and looks. The driver arms one point at a time by writing
a file; a process that passes it takes the file away by renaming it, so that each point is struck once, says who it is, and kills.
"""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from tests.crash.steps import ARMED, ASKED_FOR, CLOCK, COMMANDS, STRUCK

_folder = Path(os.environ["CRASH_FOLDER"])
_armed = _folder / ARMED
_process = [""]
_lock = threading.Lock()
_passed: dict[int, int] = {}
_step: ContextVar[str] = ContextVar("crash_step", default="")
_storing: ContextVar[str] = ContextVar("crash_storing", default="")


def become(process: str) -> None:
    """The name of this process in points. Called after the fork."""
    _process[:] = [process]


def passing(step: str, moment: str) -> None:
    """A named step is passed. Where it is the armed one for the wanted time, strike."""
    try:
        plan = json.loads(_armed.read_bytes())
    except FileNotFoundError:
        return
    if (plan["process"], plan["step"], plan["moment"]) != (_process[0], step, moment):
        return
    with _lock:
        _passed[plan["number"]] = _passed.get(plan["number"], 0) + 1
        if _passed[plan["number"]] < plan["passing"]:
            return
        try:
            _armed.rename(_folder / f"{ARMED}.claimed")
        except FileNotFoundError:
            return
    half_written = _folder / f"{STRUCK}.new"  # WHY a file of its own: another process may be reading the one that was armed
    half_written.write_text(json.dumps({"group": os.getpgid(0)}))
    half_written.rename(_folder / STRUCK)
    if plan["victim"] == "database":
        _kill_with_children(plan["postmaster"])
    if plan["victim"] == _process[0]:
        os.killpg(0, signal.SIGKILL)


def _kill_with_children(pid: int) -> None:
    with suppress(FileNotFoundError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)


# -- our own processes ----------------------------------------------------------------------------------------------


def watch_ours() -> None:
    """Stand around commands, statements, files, partners, jobs and the log. Before any room is imported."""
    _watch_clock()
    _watch_commands()
    import django

    django.setup()
    from bhxh.audit import flows as audit_flows
    from bhxh.connectors.http_client.client import PartnerClient
    from bhxh.connectors.mail.carrier import SmtpCarrier
    from bhxh.connectors.revocation.client import HttpRevocationSource
    from bhxh.doors.jobs.kept import KeptJobManager
    from bhxh.warehouse.quarantine import Quarantine
    from bhxh.warehouse.store import BlobStore

    _watch_statements()
    _watch_files(BlobStore)
    _watch_quarantine(Quarantine)
    _around(PartnerClient, "call", lambda client: ASKED_FOR[client.partner], "asking", "answered")
    _around(SmtpCarrier, "send", lambda _: "notify", "asking", "answered")
    _around(HttpRevocationSource, "_ask_ocsp", lambda _: "receive", "asking", "answered")
    _watch_outcomes(KeptJobManager)
    for name in ("sequence", "seal_head"):
        _around_function(audit_flows, name, "log")


def watched_application(application: Callable[..., Any]) -> Callable[..., Any]:
    """A WSGI application whose filings and officers' acts pass `request` and `answering`."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        step = "decide" if path.endswith("/approvals") else "appraise" if path.endswith("/appraisals") else ""
        if path.endswith(("/filings", "/filing", "/intakes")):
            step = "file"
            passing("receive", "request")
        elif path.endswith("/warehouse/uploads"):
            step = "keep"
            passing(step, "request")
        made = application(environ, start_response)
        if step:
            passing(step, "answering")
        return made

    return answer


def _watch_clock() -> None:
    """The host's clock as this process sees it: the true one and what the driver says it is wrong by."""
    from bhxh.kernel import clock

    offset = _folder / CLOCK

    def now() -> datetime:
        true = datetime.now(UTC)
        try:
            return true + timedelta(seconds=float(offset.read_text() or 0))
        except FileNotFoundError:
            return true

    clock.now = now


def _watch_commands() -> None:
    from bhxh.audit import command_wrapper

    original = command_wrapper.command

    def command(**declared: Any) -> Callable[..., Any]:
        return lambda function: watched(function, original(**declared))

    def watched(function: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
        step = COMMANDS.get(f"{function.__module__}.{function.__qualname__}")
        if step is None:
            return original(function)

        @wraps(function)
        def inside(*arguments: Any, **named: Any) -> Any:
            with _in_step(step):
                passing(step, "begun")
                result = function(*arguments, **named)
                passing(step, "before commit")
                return result

        run = original(inside)

        @wraps(function)
        def outside(*arguments: Any, **named: Any) -> Any:
            result = run(*arguments, **named)
            passing(step, "committed")
            return result

        return outside

    command_wrapper.command = command


@contextmanager
def _in_step(step: str) -> Iterator[None]:
    token = _step.set(step)
    try:
        yield
    finally:
        _step.reset(token)


def _watch_statements() -> None:
    from django.db.backends.signals import connection_created

    def look(execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        if step := _step.get():
            passing(step, "statement")
        return execute(sql, parameters, many, context)

    def opened(connection: Any, **_: Any) -> None:
        if look not in connection.execute_wrappers:
            connection.execute_wrappers.append(look)

    connection_created.connect(opened, weak=False)


def _watch_files(store: Any) -> None:
    write, fsync = store.write, os.fsync

    def watched_write(self: Any, content: bytes, **named: Any) -> str:
        token = _storing.set(_of_files())
        try:
            digest = write(self, content, **named)
        finally:
            _storing.reset(token)
        passing(_of_files(), "stored")
        return str(digest)

    def watched_fsync(descriptor: int) -> None:
        if step := _storing.get():
            passing(step, "half stored")
        fsync(descriptor)

    store.write = watched_write
    os.fsync = watched_fsync


def _watch_quarantine(quarantine: Any) -> None:
    receive, take_over = quarantine.receive, quarantine.take_over

    def watched_receive(self: Any, *arguments: Any, **named: Any) -> Any:
        token = _storing.set("keep")
        try:
            received = receive(self, *arguments, **named)
        finally:
            _storing.reset(token)
        passing("keep", "stored")
        return received

    def watched_take_over(self: Any, *arguments: Any) -> None:
        take_over(self, *arguments)
        passing("examine", "stored")

    quarantine.receive, quarantine.take_over = watched_receive, watched_take_over


def _of_files() -> str:
    return "receive" if _process[0] == "server" else "deliver"


def _around(owner: Any, name: str, step_of: Callable[[Any], str], before: str, after: str) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def watched(self: Any, *arguments: Any, **named: Any) -> Any:
        passing(step_of(self), before)
        result = original(self, *arguments, **named)
        passing(step_of(self), after)
        return result

    setattr(owner, name, watched)


def _around_function(module: Any, name: str, step: str) -> None:
    original = getattr(module, name)

    @wraps(original)
    def watched(*arguments: Any, **named: Any) -> Any:
        with _in_step(step):
            passing(step, "begun")
            result = original(*arguments, **named)
            passing(step, "done")
            return result

    setattr(module, name, watched)


def _watch_outcomes(manager: Any) -> None:
    finish = manager.finish_job

    async def watched(self: Any, *arguments: Any, **named: Any) -> None:
        passing("job", "before outcome")
        await finish(self, *arguments, **named)
        passing("job", "outcome written")

    manager.finish_job = watched


# -- partners -------------------------------------------------------------------------------------------------------


def watch_partners() -> None:
    """Stand around what a partner does with a question of ours; probes and side doors are none."""
    from sandbox.mail import MailRelay
    from sandbox.pki.service import PkiApplication
    from sandbox.serving import Partner

    answer = Partner.__call__

    def watched(self: Any, environ: dict[str, Any], start_response: Any) -> Any:
        is_question = environ["REQUEST_METHOD"] != "GET" and not environ["PATH_INFO"].startswith("/sandbox/")
        if is_question:
            passing(ASKED_FOR[self.name], "asked")
        made = answer(self, environ, start_response)
        if is_question:
            passing(ASKED_FOR[self.name], "answering")
        return made

    Partner.__call__ = watched
    keep, asked = MailRelay.keep, PkiApplication.__call__

    def watched_keep(self: Any, *arguments: Any) -> None:
        passing("notify", "asked")
        keep(self, *arguments)
        passing("notify", "answering")

    def watched_asked(self: Any, environ: dict[str, Any], start_response: Any) -> Any:
        passing("receive", "asked")
        made = asked(self, environ, start_response)
        passing("receive", "answering")
        return made

    MailRelay.keep = watched_keep
    PkiApplication.__call__ = watched_asked
