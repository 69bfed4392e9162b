"""An installation, its people and its letters, for the tests and the proof that kill its parts."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bhxh.wiring.embedded_postgres import EmbeddedPostgres
from tests.crash.checks import Letters, check_always, check_at_rest
from tests.crash.installation import Installation
from tests.crash.traffic import Traffic
from tests.crash.walk import Walk, draw, rest
from tools.stack import ROOT, Stack, free_base_port


@dataclass
class Scene:
    """What everything happens in."""

    installation: Installation
    traffic: Traffic
    letters: Letters
    strikes: list[tuple[float, str]] = field(default_factory=list)
    """(when, who died): what may have made a letter go twice."""

    def walk(self, seed: int, points: int) -> Walk:
        """Strike at so many points; the seed draws the same ones again."""
        walk = Walk(self.installation, self.traffic, self.letters, seed, strikes=self.strikes)
        print(f"BHXH_CRASH_SEED={seed}; logs in {self.installation.folder}")
        try:
            walk.go(draw(seed, points))
        finally:
            print(walk.summary(), file=sys.stderr)
        return walk

    def rest(self) -> None:
        """With officers at work, wait until nothing is owed to anybody; then look at what must always hold."""
        self.traffic.start(0, is_filing=False)
        try:
            rest(self.installation, self.traffic)
        finally:
            self.traffic.stop()
        check_always(self.installation, self.traffic, self.letters)

    def check(self) -> None:
        """Everything that must hold at rest."""
        check_at_rest(self.installation, self.traffic, self.letters, self.strikes)


@contextmanager
def opened(folder: Path) -> Iterator[Scene]:
    """With a database server of its own, so that tests beside it keep theirs. Its cluster is made once for each checkout."""
    postgres = EmbeddedPostgres(ROOT / ".bhxh" / "crash")
    stack = Stack(
        folder, database=f"bhxh_crash_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}", base_port=free_base_port(), postgres=postgres
    )
    installation = Installation(stack)
    traffic = Traffic(installation)
    try:
        installation.start()
        traffic.appoint()
        yield Scene(installation, traffic, Letters(stack.sandbox.folder / "mail" / "messages"))
    finally:
        traffic.stop()
        installation.stop()
        postgres.stop()
