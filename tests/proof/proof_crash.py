"""Ten thousand deaths of server, worker, database and partners at named steps of the main job."""

from pathlib import Path

from tests.crash.scene import opened
from tests.proof.conftest import Proof


def test_ten_thousand_deaths_lose_and_double_nothing(proof: Proof, tmp_path: Path) -> None:
    with opened(tmp_path) as scene:
        proof.summary(scene.walk(proof.seed, proof.rounds(10_000)).summary())
