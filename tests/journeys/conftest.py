"""One installation and one browser for all journeys of a run."""

import os
from collections.abc import Iterator

import pytest

from tests.doors.chromium import CHROMIUM, chromium
from tests.journeys.stage import Stage, staged

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    if CHROMIUM is None:
        pytest.skip("NOT WALKED: chromium is not installed. ./bootstrap.sh dev installs it as root")
    with chromium() as browser, staged(tmp_path_factory.mktemp("journeys"), f"bhxh_journeys_{_WORKER}", browser) as made:
        yield made
