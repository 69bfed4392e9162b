"""Tests beside a procedure need Django's settings even when they are run alone; the database fixtures are in `tests/conftest.py`."""

import os
from collections import Counter
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent
_LONG_FILES = (
    "tests/crash/test_crash.py",
    "tests/contracts/test_foreign_provider.py",
    "tests/doors/test_cli.py",
    "tests/doors/test_hostile_files.py",
    "tests/doors/test_pages_in_a_browser.py",
    "tests/journeys/test_three_journeys.py",
    "tests/doors/test_bad_days_in_a_browser.py",
    "tests/doors/test_employer_in_a_browser.py",
    "tests/doors/test_filing_in_a_browser.py",
    "tests/doors/test_every_look.py",
    "tests/doors/test_production_mode.py",
    "tests/contracts/test_supervisor.py",
    "tests/component/registry/test_synthetic_loading.py",
    "tests/component/wiring/test_embedded_postgres.py",
    "tests/properties/test_signature_mutations.py",
)
"""Few tests that take a worker long, longest first."""

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ["BHXH_DATABASE_NAME"] = f"bhxh_test_{_WORKER}"
os.environ["BHXH_DATABASE_ROLE"] = "bhxh_owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "bhxh.wiring.settings"


def pytest_configure(config: pytest.Config) -> None:
    """Make the rooms importable."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = (
            False  # WHY: xdist would begin with the files of most tests; a long one of few came last, on one worker
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On several workers long files first, then those of many tests: the end of a run is small files on all of them.

    Within a file, and where one process runs all, the order stays random.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    long = {_ROOT / name: place for place, name in enumerate(_LONG_FILES)}
    assert all(file.is_file() for file in long), "a file of the list above is gone"
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (long.get(item.path, len(long)), -tests[item.path]))
