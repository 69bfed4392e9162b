"""What a bench gives back, and how it takes the time."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a rate or a time, and what it stands beside."""

    what: str
    value: float
    unit: str
    beside: str = ""
    """What it is compared to; empty where nothing is."""
    beside_value: float | None = None
    """In the same unit."""
    note: str = ""

    @property
    def ratio(self) -> str:
        """Our value as a part or a multiple of the other."""
        return f"{self.value / self.beside_value:.2f}" if self.beside_value else ""


def median_seconds(run: Callable[[], object], *, times: int = 5) -> float:
    """Median wall time of a few runs, the garbage collector out of the way."""
    taken = []
    for _ in range(times):
        gc.collect()
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
