"""One installation and one browser for all journeys of a run."""

import os
from collections.abc import Iterator

import pytest

from tests.doors.chromium import chromium, demand_chromium
from tests.journeys.stage import Grounds, Stage, running

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    demand_chromium("NOT WALKED")
    with running(tmp_path_factory.mktemp("journeys"), f"bhxh_journeys_{_WORKER}") as made:
        yield made


@pytest.fixture(scope="module")
def stage(grounds: Grounds) -> Iterator[Stage]:
    """WHY a browser for each file: while one is open, Django takes this process for an asynchronous one and other tests fail."""
    with chromium() as browser:
        yield Stage(grounds, browser)
