"""The walk: point after point somebody is killed, everything that died is started again, and in the end nothing is missing or doubled."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from tests.crash.checks import UNREST, Letters, check_always, check_at_rest
from tests.crash.installation import Installation, await_that
from tests.crash.steps import Point, all_points, pair
from tests.crash.traffic import Traffic

_CHECKED_EACH = 50  # points between two looks at what must always hold
_RESTED_EACH = 500  # points between two full stops, at which everything is checked
_PASSED_WITHIN_S = 60
_AT_REST_WITHIN_S = 180
_FARTHEST_PASSING = {("file", "statement"): 12, ("decide", "statement"): 20, ("carry out", "statement"): 20, ("seal", "statement"): 15}
_SENT_AGAIN = 50  # filings sent again at the end


@dataclass
class Walk:
    """What was struck, and what came of it."""

    installation: Installation
    traffic: Traffic
    letters: Letters
    seed: int
    struck: list[tuple[Point, int]] = field(default_factory=list)
    strikes: list[tuple[float, str]] = field(default_factory=list)
    """(when, victim)."""
    filed: int = 0
    repeated_filings: int = 0
    repeated_letters: int = 0
    """Since the installation stands."""
    seconds: float = 0
    resting_s: float = 0
    _lame: int = 0

    def go(self, points: Sequence[Point]) -> None:
        """Strike at every point in turn while people file and decide; then rest, and check everything."""
        chance, began = random.Random(self.seed), time.monotonic()
        rounds = [points[start : start + _RESTED_EACH] for start in range(0, len(points), _RESTED_EACH)]
        installation, traffic, letters = self.installation, self.traffic, self.letters
        for part in rounds:
            traffic.start(self.seed)
            try:
                left = list(part)
                while left:
                    point = left.pop(self._next(left))
                    self._strike(point, chance.randint(1, _FARTHEST_PASSING.get((point.step, point.moment), 3)))
                    if len(left) % _CHECKED_EACH == 0:
                        check_always(installation, traffic, letters)
                self.resting_s += rest(installation, traffic)
            finally:
                traffic.stop()
            self.repeated_letters = check_at_rest(installation, traffic, letters, self.strikes)
        with httpx.Client(timeout=30, trust_env=False) as client:
            for filing in chance.sample(traffic.filings, min(_SENT_AGAIN, len(traffic.filings))):
                traffic.again(filing, client)
        self.filed, self.repeated_filings = len(traffic.filings), traffic.repeated
        self.seconds = time.monotonic() - began

    def summary(self) -> str:
        """In figures."""
        victims = Counter(point.victim for point, _ in self.struck)
        shown = ", ".join(f"{victim} {count}" for victim, count in victims.most_common())
        rate = (self.seconds - self.resting_s) / max(1, len(self.struck))
        return (
            f"{len(self.struck)} points struck ({shown}); {self.filed} dossiers filed, {self.repeated_filings} sent again,"
            f" {self.repeated_letters} letters twice (SMTP could not tell); {self.seconds:.0f} s, {rate:.2f} s a point, {self.resting_s:.0f} s at rest"
        )

    def _strike(self, point: Point, passing: int) -> None:
        where = f"point {len(self.struck) + 1}: {point}, passing {passing}"
        began = time.monotonic()
        self.installation.arm(point, passing)
        try:
            deadline = time.monotonic() + _PASSED_WITHIN_S
            while not self.installation.is_struck():
                assert not self.traffic.failure, self.traffic.failure
                assert time.monotonic() < deadline, f"not passed within {_PASSED_WITHIN_S} s"
                self.installation.revive()
                time.sleep(0.003)
            self.strikes.append((time.time(), point.victim))
            self.installation.await_death(point.victim)
            if point.victim == "database":
                self._bring_database_back(point)
            self.installation.revive()
        except AssertionError as error:
            raise AssertionError(f"{where}: {error}") from error
        self.struck.append((point, passing))
        with (self.installation.folder / "walk.log").open("a") as log:
            log.write(f"{time.strftime('%H:%M:%S')} {where}; {time.monotonic() - began:.2f} s\n")

    def _bring_database_back(self, point: Point) -> None:
        """Where the server passed the point, the worker dies with the database, as in a power cut; else it finds its own end."""
        if point.process == "server":
            self.installation.kill("worker")
            self.strikes.append((time.time(), "worker"))
        else:
            self._lame = self.installation.pids["worker"]
        self.installation.revive_database()

    def _next(self, left: Sequence[Point]) -> int:
        """The next point; while the worker takes its seconds to notice that the database was away, one that needs no worker."""
        if self.installation.pids["worker"] != self._lame:
            return 0
        return next((number for number, point in enumerate(left) if point.process in ("server", "pki")), 0)


def rest(installation: Installation, traffic: Traffic) -> float:
    """No new filings; wait until nothing is owed to anybody. Returns the seconds it took."""
    began = time.monotonic()
    traffic.finish_filing()

    def is_at_rest() -> bool:
        assert not traffic.failure, traffic.failure
        installation.revive()
        return traffic.is_acknowledged and not any(installation.query(query) for query in UNREST.values())

    try:
        await_that("all at rest", is_at_rest, patience_s=_AT_REST_WITHIN_S, pause_s=0.3)
    except AssertionError as error:
        left = {what: found for what, query in UNREST.items() if (found := installation.query(query))}
        raise AssertionError(f"{error}; {left}") from error
    return time.monotonic() - began


def draw(seed: int, count: int) -> list[Point]:
    """Each (victim, step) at least once, the rest by chance, in an order by chance."""
    chance, points = random.Random(seed), list(all_points())
    chance.shuffle(points)
    one_of_each = {pair(point): point for point in points}.values()
    # WHY fewer of the database: each costs seconds of replay, and the other parts see as much of it.
    weights = [1 if point.victim == "database" else 3 for point in points]
    drawn = [*one_of_each, *chance.choices(points, weights, k=count - len(one_of_each))]
    chance.shuffle(drawn)
    return drawn
