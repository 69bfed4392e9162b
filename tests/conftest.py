"""One real PostgreSQL for all tests: a template made from the migrations, a clone for each worker."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tools.databases import drop_database

_ROOT = Path(__file__).resolve().parents[1]
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

os.environ["BHXH_DATABASE_NAME"] = f"bhxh_test_{_WORKER}"
os.environ["BHXH_DATABASE_ROLE"] = "bhxh_owner"  # tests set up as owner and act as bhxh_app
os.environ["DJANGO_SETTINGS_MODULE"] = "bhxh.wiring.settings"


def pytest_configure(config: pytest.Config) -> None:
    import django
    from django.conf import settings

    if not settings.configured or not getattr(config, "_bhxh_ready", False):
        settings.DATABASES["default"]["OPTIONS"].pop("pool", None)  # WHY: tests switch roles on their one connection
        django.setup()
        config._bhxh_ready = True  # type: ignore[attr-defined]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller stops our own server where nobody else uses it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        from bhxh.wiring.configuration import configuration

        if not configuration().database_url:
            configuration().postgres.stop_if_idle()


def _admin_url() -> str:
    from bhxh.wiring.configuration import configuration

    settings = configuration()
    if settings.database_url:
        return settings.database_url
    settings.postgres.ensure_started()
    return settings.postgres.url("bhxh_owner", "postgres")


def _template_name() -> str:
    digest = hashlib.sha256()
    for file in sorted(_ROOT.glob("bhxh/**/migrations/*.py")):
        digest.update(file.read_bytes())
    digest.update((_ROOT / "bhxh/wiring/migrating.py").read_bytes())
    return f"bhxh_template_{digest.hexdigest()[:12]}"


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """A database of this worker's own, cloned from the template of the present migrations."""
    from django.db import connection

    from bhxh.wiring.migrating import migrate
    from bhxh.wiring.roles import OWNER_ROLE, make_roles

    template, mine = _template_name(), os.environ["BHXH_DATABASE_NAME"]
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        admin.execute("SET lock_timeout = 0")  # WHY: another worker may need a minute to make the template
        admin.execute("SELECT pg_advisory_lock(742001)")
        make_roles(admin)
        drop_database(admin, mine)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            admin.execute(f"CREATE DATABASE {mine} OWNER {OWNER_ROLE}")
            migrate()
            connection.close()
            admin.execute(f"ALTER DATABASE {mine} RENAME TO {template}")
        admin.execute(f"CREATE DATABASE {mine} TEMPLATE {template} OWNER {OWNER_ROLE}")
        admin.execute("SELECT pg_advisory_unlock(742001)")
    yield
    connection.close()


@pytest.fixture
def db(database_server: None) -> Iterator[None]:
    """The database as the application's role, inside a transaction that is rolled back."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE bhxh_app")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def database(database_server: None) -> Iterator[None]:
    """The database as the application's role with real commits; the owner empties every table afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET ROLE bhxh_app")
    try:
        yield
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'")
            tables = [row[0] for row in cursor.fetchall()]
            # WHY only what holds a row: emptying a table costs new files for it and for each of its indexes, and there are a hundred tables.
            cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
            if written := ", ".join(row[0] for row in cursor.fetchall()):
                cursor.execute(f"TRUNCATE {written} RESTART IDENTITY CASCADE")
        connection.close()
