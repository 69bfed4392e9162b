"""A database of the benches' own on the embedded server, made from the migrations and dropped afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

NAME = "bhxh_bench"

_MIGRATE = "import django; django.setup(); from bhxh.wiring.migrating import migrate; migrate()"


@contextmanager
def fresh_database() -> Iterator[str]:
    """Run the body as the application's role on an empty, migrated database. Gives the server's version.

    LIMIT: only the embedded server; whoever names a server by DATABASE_URL must not find their database emptied.
    """
    if os.environ.get("DATABASE_URL"):
        sys.exit("The benches use the embedded PostgreSQL only: unset DATABASE_URL.")
    os.environ.update(BHXH_DATABASE_NAME=NAME, BHXH_DATABASE_ROLE="bhxh_app", DJANGO_SETTINGS_MODULE="bhxh.wiring.settings")
    from bhxh.wiring.configuration import configuration

    server = configuration().postgres
    server.ensure_started()
    with psycopg.connect(server.url("bhxh_owner", "postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {NAME}")
        subprocess.run([sys.executable, "-c", _MIGRATE], env=os.environ | {"BHXH_DATABASE_ROLE": "bhxh_owner"}, check=True)
        import django

        django.setup()
        try:
            yield str(admin.info.parameter_status("server_version"))
        finally:
            from django.db import connections

            connections.close_all()
            admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
