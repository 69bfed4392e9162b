"""Things that must not happen while foreign bytes are judged: a watched file opened, a watched address called, time spent without end."""

import ctypes
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time

_IN_OPEN = 0x20
CPU_S = 2.0
"""The most that one file of less than a megabyte may cost; an honest one costs some 5 ms."""

_CALLS = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system"}
_listening: list[list[str]] = []
"""Where calls are noted while somebody listens. WHY a list: an audit hook cannot be taken off again."""


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event in _CALLS:
        _listening[-1].append(event)


sys.addaudithook(_hear)


class Canary:
    """A file and an address to write into hostile documents, and whether anybody came.

    WHY inotify and a real socket: libxml2 is C, and opens files and connections without Python hearing of it.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "canary.xml"
        self.file.write_bytes(b"<canary/>")
        libc = ctypes.CDLL(None, use_errno=True)
        self._watch: int = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self._watch, os.fsencode(self.file), _IN_OPEN) >= 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/canary.xml"

    def visits(self) -> list[str]:
        """Who came since the last time this was asked."""
        found = []
        try:
            os.read(self._watch, 4096)
            found.append("the file was opened")
        except BlockingIOError:
            pass
        try:
            self._listener.accept()[0].close()
            found.append("the address was called")
        except BlockingIOError:
            pass
        return found

    def close(self) -> None:
        """Stop watching."""
        os.close(self._watch)
        self._listener.close()

    @contextmanager
    def nothing_happens(self, what: str, *, cpu_s: float = CPU_S) -> Iterator[None]:
        """Fails where the block opened the file, called anybody or took too long."""
        heard: list[str] = []
        self.visits()
        _listening.append(heard)
        start = process_time()
        try:
            yield
        finally:
            _listening.remove(heard)
        spent = process_time() - start
        assert (self.visits(), heard) == ([], []), what
        assert spent < cpu_s, f"{what}: {spent:.1f} s of CPU"
