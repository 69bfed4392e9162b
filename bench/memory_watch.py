"""The most memory that each of the installation's programs ever held, by the kernel's own high-water mark."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bhxh.doors.list_room import resident_kb

_PROGRAMS: Final[Mapping[str, str]] = {
    "list-room": "list room",
    "-large": "worker of long lists",
    "work --lanes": "worker",
    "granian": "web server",
}
"""What a command line holds, the first that fits -> what the program is called in the table."""


class MemoryWatch:
    """Looks at all programs below some processes, several times a second: a program that ends takes its mark with it."""

    def __init__(self, roots: list[int], every_s: float = 0.2) -> None:
        self.peak_mb: dict[str, float] = {}
        self._roots = roots
        self._every_s = every_s
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._ended.wait(self._every_s):
            for pid in self._below(self._roots):
                with suppress(OSError):
                    command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                    name = next((name for mark, name in _PROGRAMS.items() if mark in command and "tools.tied" not in command), "")
                    if name:
                        self.peak_mb[name] = max(self.peak_mb.get(name, 0.0), resident_kb(pid, peak=True) / 1024)

    @staticmethod
    def _below(roots: list[int]) -> list[int]:
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError, IndexError, ValueError):
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    children.setdefault(parent, []).append(int(entry.name))
        found, waiting = [], list(roots)
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += children.get(pid, [])
        return found
