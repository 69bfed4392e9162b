"""Bring a database's schema to this release, as the owner role, with the privileges of the application's role."""

import psycopg
from django.core.management import call_command
from django.db import connection


def migrate() -> None:
    """Apply all migrations. The process must have been started with BHXH_DATABASE_ROLE=bhxh_owner."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("GRANT USAGE ON SCHEMA public TO bhxh_app")
        cursor.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO bhxh_app")
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'procrastinate%%'")
        for (table,) in cursor.fetchall():
            # WHY here: the queue's own migrations do not know our roles.
            cursor.execute(psycopg.sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO bhxh_app").format(psycopg.sql.Identifier(table)))
        cursor.execute("GRANT SELECT ON django_migrations TO bhxh_app")
