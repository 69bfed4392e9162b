"""The room where long lists are worked on: one child process of each web server, so that a short request shares no interpreter with them.

Short lists are worked on where they came in. A long one would take the interpreter from every other request for seconds, and keep
its memory afterwards; in the room it has a processor of its own, at a lower priority, and the memory goes when the room is left.

Back-pressure: one list at a time, one more waits, the next is asked to come again. Nothing was begun then, so nothing is lost.
"""

import ctypes
import gc
import os
import pickle
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import structlog

from bhxh.doors.errors import LISTS_BUSY, LISTS_LOST, Busy

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger()

PLACES: Final = 2  # LIMIT: one is worked on, one waits; the server has four threads, so two are always left for short requests
PATIENCE_S: Final = 300.0  # LIMIT: 50,000 rows take about a minute; a room that is silent so long is closed
_RETRY_AFTER_S: Final = 20
_NICENESS: Final = 10
_KEPT_KB: Final = 250_000  # LIMIT: a room that has grown beyond is left after its work, and its memory given back


class ListRoom:
    """The server's side. Safe to call from all its threads."""

    def __init__(self, command: Sequence[str], *, places: int = PLACES, patience_s: float = PATIENCE_S) -> None:
        self._command = tuple(command)
        self._places = threading.BoundedSemaphore(places)
        self._turn = threading.Lock()
        self._patience_s = patience_s
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None

    def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do a module's function in the room, its errors included.

        Raises: Busy API-020 where the room and the place before it are taken: nothing was begun. Busy API-021 where the room was
                lost on the way: what was begun and committed is found by sending the same again.
        """
        if not self._places.acquire(blocking=False):
            raise Busy(LISTS_BUSY, retry_after_s=_RETRY_AFTER_S, seconds=_RETRY_AFTER_S)
        try:
            with self._turn:
                return self._run(work, arguments, named)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the child process. The next list opens a new one."""
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            with suppress(ProcessLookupError):
                self._child.kill()
            self._child.wait()
        self._child = self._line = None

    def _run(self, work: Callable[..., T], arguments: tuple[Any, ...], named: dict[str, Any]) -> T:
        try:
            is_done, outcome, is_last = self._ask((work, arguments, named))
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            _log.warning("lists.room.lost", kind=type(error).__name__)
            self.close()
            raise Busy(LISTS_LOST, retry_after_s=_RETRY_AFTER_S, seconds=_RETRY_AFTER_S) from None
        if is_last:
            self.close()
        if not is_done:
            raise outcome
        done: T = outcome
        return done

    def _ask(self, wanted: tuple[Any, ...]) -> tuple[bool, Any, bool]:
        line = self._open()
        line.send(wanted)
        if not line.poll(self._patience_s):
            raise EOFError
        answer: tuple[bool, Any, bool] = line.recv()
        return answer

    def _open(self) -> "Connection[Any, Any]":
        if self._child is not None and self._child.poll() is None and self._line is not None:
            return self._line
        self.close()
        ours, theirs = socket.socketpair()
        with theirs:
            self._child = subprocess.Popen(
                [*self._command, str(theirs.fileno())], pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self._line = Connection(ours.detach())
        return self._line


def serve(descriptor: int, *, after_each: Callable[[], None]) -> None:
    """The child's side: work until the server closes the line, or dies, which closes it too."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends us by closing the line
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # WHY: a list of 50,000 lines is a million objects, none of them garbage before the end
    line: Connection[Any, Any] = Connection(descriptor)
    is_last = False
    while not is_last:
        try:
            work, arguments, named = line.recv()
        except (EOFError, OSError):
            return
        try:
            is_done, outcome = True, work(*arguments, **named)
        except Exception as error:  # noqa: BLE001  # top of the room: whatever it is, the server's door answers it as its own
            is_done, outcome = False, _portable(error)
        del work, arguments, named
        after_each()
        give_back_memory()
        is_last = resident_kb() > _KEPT_KB
        with suppress(OSError):
            line.send((is_done, outcome, is_last))
        del outcome


def give_back_memory() -> None:
    """WHY: the allocator keeps what was freed, in pieces; a long list leaves a hundred megabytes of it."""
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library has no such call, and the room is left the sooner
        ctypes.CDLL(None).malloc_trim(0)


def resident_kb(of: int | None = None, *, peak: bool = False) -> int:
    """Memory that a process holds, or held at most."""
    wanted = "VmHWM:" if peak else "VmRSS:"
    for row in Path(f"/proc/{of or os.getpid()}/status").read_text().splitlines():
        if row.startswith(wanted):
            return int(row.split()[1])
    return 0


def _portable(error: Exception) -> Exception:
    """An error that can be sent. WHY a plain one for what cannot: its text may hold what somebody typed."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    except Exception:  # noqa: BLE001  # anything may go wrong in somebody else's error
        return RuntimeError(type(error).__name__)
    return error
