"""Sandbox partners for tests, started once per session on their own ports. Import the fixtures you need into a conftest.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.pki.service import RunningPki, running


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPki]:
    """The certificate authority with OCSP, CRL and time stamps; shared, so end what you `misbehave`."""
    folder: Path = tmp_path_factory.mktemp("pki")
    with running(folder) as started:
        yield started
