"""A database of another release is refused at start-up, and a model without its migration before it is committed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bhxh.kernel.errors import Conflict
from bhxh.wiring.configuration import Configuration
from bhxh.wiring.production import check_schema

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = Configuration(mode="production")


@pytest.mark.usefixtures("db")
def test_the_schema_of_this_release_is_accepted() -> None:
    check_schema(PRODUCTION)


@pytest.mark.usefixtures("db")
def test_a_missing_migration_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'book'")
        cursor.execute("SET LOCAL ROLE bhxh_app")
    with pytest.raises(Conflict) as refused:
        check_schema(PRODUCTION)
    assert refused.value.code == "WIR-007"
    assert "book.0001_initial" in refused.value.text("vi") and "bhxh migrate" in refused.value.text("en")
    check_schema(Configuration())  # development says so at /health/ready


def check_migrations(change: str = "") -> subprocess.CompletedProcess[str]:
    program = f"import sys, tools.check_migrations as tool\nimport django; django.setup()\n{change}\nsys.exit(tool.main())"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bhxh.wiring.settings", "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_models_and_migrations_agree() -> None:
    done = check_migrations()
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_a_forgotten_migration_is_named() -> None:
    change = "from django.db import models; from bhxh.book.models import Version; models.TextField(default='').contribute_to_class(Version, 'x1')"
    done = check_migrations(change)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("book: no migration for:") and "x1" in done.stdout
