"""2,000 spoilt workbooks and lists, and 500 sealed documents, at every door: an answer with a code each, in bounded time and memory, and no traceback."""

from collections import Counter
from pathlib import Path

from tests.doors.conftest import api, world  # noqa: F401  # fixtures
from tests.doors.hostile_files import answer_at_the_doors, gather_materials, read_in_a_small_room, spoil
from tests.doors.world import World
from tests.proof.conftest import Proof

_AT_ONCE = 200
"""So that a room's memory is that of some files, not of all."""


def test_spoilt_files(proof: Proof, api: World, tmp_path: Path) -> None:  # noqa: F811
    materials, told, peaks = gather_materials(api, tmp_path), Counter[str](), []
    rounds = proof.rounds(2_500)  # of ten files two are sealed documents: 2,000 workbooks and lists
    for first in range(0, rounds, _AT_ONCE):
        files = list(spoil(materials, seed=proof.seed, first=first, count=min(_AT_ONCE, rounds - first)))
        peaks.append(int(read_in_a_small_room(tmp_path / "room", materials, files).split()[1]))
        told += answer_at_the_doors(api, materials, files)
    assert told["answered"] >= rounds // 20
    refused = {code: count for code, count in told.items() if code != "answered"}
    proof.summary(
        f"{rounds:,} files, 0 tracebacks, 0 hangs; {told['answered']} answered with verdicts, {sum(refused.values())} refused with"
        f" {len(refused)} codes at the HTTP doors; peak memory of the reading program {max(peaks)} MB of 1,500"
    )
