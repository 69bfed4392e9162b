"""The engine's small world. Imports are late: this file is read before Django is set up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def deferred(tmp_path: Path) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """Wiring for a test: jobs noted instead of queued, files in a folder of the test, the test's procedures, an issuer of books."""
    from bhxh.book import issuing
    from bhxh.dossiers import catalogue
    from bhxh.kernel import jobs
    from bhxh.kernel.custodian import Custodian
    from bhxh.warehouse import owner_keys, store
    from tests.dossier_kit import procedures

    noted: list[tuple[str, dict[str, object]]] = []
    before = (list(jobs._binding), list(store._bound), dict(catalogue._bound), list(issuing._bound))
    jobs.bind(lambda job, payload, once_key: noted.append((job, payload)))
    keys = owner_keys.FileOwnerKeys(tmp_path / "keys", sealed_folder=tmp_path / "warehouse" / "sealed")
    store.bind_store(store.BlobStore(tmp_path / "warehouse", keys=keys))
    catalogue.bind(procedures())
    issuing.bind_issuer(
        issuing.Issuer(
            custodian=Custodian.MOF, office_code="00101", office_name="Bảo hiểm xã hội Việt Nam", public_url="https://bhxh.example"
        )
    )
    yield noted
    jobs._binding[:], store._bound[:], issuing._bound[:] = before[0], before[1], before[3]
    catalogue._bound.clear()
    catalogue._bound.update(before[2])


@pytest.fixture
def world(db: None, deferred: list[tuple[str, dict[str, object]]], tmp_path: Path) -> Any:
    """The world inside a transaction that is rolled back."""
    from tests.dossier_kit import make_world

    return make_world(tmp_path, deferred)


@pytest.fixture
def committed_world(database: None, deferred: list[tuple[str, dict[str, object]]], tmp_path: Path) -> Any:
    """The world with real commits."""
    from tests.dossier_kit import make_world

    return make_world(tmp_path, deferred)
