"""The two database roles: `bhxh_owner` makes and changes tables, `bhxh_app` runs. Made by us where the login may; otherwise by an operator."""

from urllib.parse import quote, urlsplit

import psycopg

OWNER_ROLE = "bhxh_owner"
APP_ROLE = "bhxh_app"


def make_roles(connection: psycopg.Connection) -> None:
    """Make what is missing, and let the present login take on both."""
    for role in (OWNER_ROLE, APP_ROLE):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(f"CREATE ROLE {role} LOGIN")
            connection.execute(f"GRANT {role} TO CURRENT_USER")
    if connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [OWNER_ROLE, APP_ROLE]).fetchone() != (True,):
        connection.execute(f"GRANT {APP_ROLE} TO {OWNER_ROLE}")


def in_database(address: str, database: str) -> str:
    """The same server and login, another database of it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/{quote(database)}" + (f"?{parts.query}" if parts.query else "")
