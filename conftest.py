"""Tests beside a procedure need Django's settings even when they are run alone; the database fixtures are in `tests/conftest.py`."""

import os

import pytest

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
