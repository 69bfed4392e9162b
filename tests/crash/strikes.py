"""Kill -9 at named points: who is struck when which row appears, and how long the way back took."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import httpx
import psycopg

from tools.stack import Stack

_LIST = "(SELECT dossier_id FROM dossiers_dossier WHERE procedure_slug = 'register_employees')"
APPEARS = {
    "filing": f"SELECT EXISTS {_LIST}",
    "gathering": f"SELECT EXISTS (SELECT FROM dossiers_evidence WHERE dossier_id IN {_LIST})",
    "deciding": f"SELECT EXISTS (SELECT FROM dossiers_line WHERE state <> 'pending' AND dossier_id IN {_LIST})",
    "approving": "SELECT EXISTS (SELECT FROM dossiers_decision WHERE kind = 'officers')",
    "sealing": "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = 'book.books.seal' AND status = 'doing')",
    "sealed": "SELECT EXISTS (SELECT FROM book_version)",
}
"""Point -> the row whose appearance is the signal to strike."""

_PAUSE_S = 0.001
_LONGEST_DELAY_S = 0.03  # after the row appeared; what happens next lies within this
_SENDING_S = 0.25  # a filing or an approval takes about that long
_PATIENCE_S = 60


@dataclass
class Striker:
    """Strikes one victim at point after point, while a supervisor starts again what is dead."""

    stack: Stack
    victim: str
    points: tuple[str, ...]
    seed: int
    recovered_s: dict[str, float] = field(default_factory=dict)
    """How long it took at each point until the victim was there again."""
    failure: str = ""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._is_over = threading.Event()
        self._sending = {point: threading.Event() for point in self.points if point.startswith("sending")}
        self._threads = [threading.Thread(target=self._guarded, args=(act,), daemon=True) for act in (self._strike_all, self._supervise)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(timeout=_PATIENCE_S)

    def sending(self, point: str) -> None:
        """The client is about to send: strike at some moment of the request."""
        if point in self._sending:
            self._sending[point].set()

    @property
    def is_done(self) -> bool:
        """Every point was struck and survived."""
        return len(self.recovered_s) == len(self.points)

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  # a thread's failure must fail the test
            self.failure = f"{type(error).__name__}: {error}"

    def _strike_all(self) -> None:
        for point in self.points:
            if not self._await_point(point):
                return
            began = time.monotonic()
            if self.victim == "database":
                self.stack.kill_database()
            else:
                self.stack.kill(self.victim)
            self._await_return()
            self.recovered_s[point] = round(time.monotonic() - began, 1)

    def _await_point(self, point: str) -> bool:
        if point in self._sending:
            while not self._sending[point].wait(0.1):
                if self._is_over.is_set():
                    return False
            time.sleep(self._random.uniform(0, _SENDING_S))
            return True
        with psycopg.connect(self.stack.environment["DATABASE_URL"], autocommit=True) as watching:
            while not self._is_over.is_set():
                if watching.execute(APPEARS[point]).fetchone() == (True,):
                    time.sleep(self._random.uniform(0, _LONGEST_DELAY_S))
                    return True
                time.sleep(_PAUSE_S)
        return False

    def _await_return(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and not self._is_there():
            time.sleep(0.05)

    def _is_there(self) -> bool:
        if self.victim == "database":
            return self.stack.postgres.is_alive()
        if self.victim == "worker":
            return self.stack.processes["worker"].poll() is None
        try:
            return httpx.get(f"{self.stack.address}/health/ready", timeout=2, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _supervise(self) -> None:
        while not self._is_over.wait(0.2):
            self.stack.restart_the_dead()
