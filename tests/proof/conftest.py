"""What every proof is handed: its seed, its number of rounds, and where its line of summary goes. See README.md beside this file."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random, SystemRandom

import pytest

_SEED = int(os.environ.get("PROOF_SEED") or SystemRandom().randrange(1_000_000))
_ROUNDS = int(os.environ.get("PROOF_ROUNDS") or 0)
_SUMMARIES = pytest.StashKey[list[str]]()


@dataclass
class Proof:
    """One proof's seed and rounds; what it found out is said once, in one line."""

    name: str
    seed: int = _SEED
    random: Random = field(default_factory=lambda: Random(_SEED))
    lines: list[str] = field(default_factory=list)

    def rounds(self, usual: int) -> int:
        """How many rounds to go: what PROOF_ROUNDS says, else the proof's own number."""
        return _ROUNDS or usual

    def summary(self, line: str) -> None:
        """What was shown, in figures; printed at the end of `make proof`."""
        self.lines.append(line)


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Iterator[Proof]:
    made, began = Proof(request.node.name), time.monotonic()
    yield made
    assert made.lines, "a proof says what it showed"
    said = request.config.stash.setdefault(_SUMMARIES, [])
    said += [f"{made.name}: {line} (seed {made.seed}, {time.monotonic() - began:.0f} s)" for line in made.lines]


def pytest_report_header() -> str:
    return f"PROOF_SEED={_SEED} PROOF_ROUNDS={_ROUNDS or 'as each proof says'}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(_SUMMARIES, []):
        terminalreporter.write_line(line)
