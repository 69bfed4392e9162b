"""Operations that migrations of every room use: privileges, and distribution where Citus is present."""

from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL


def append_only(*tables: str) -> Operation:
    """Take UPDATE, DELETE and TRUNCATE on these tables from the application's role."""
    listed = ", ".join(tables)
    return RunSQL(
        f"GRANT SELECT, INSERT ON {listed} TO bhxh_app; REVOKE UPDATE, DELETE, TRUNCATE ON {listed} FROM bhxh_app",
        reverse_sql=RunSQL.noop,
    )


def read_write(*tables: str) -> Operation:
    """Grant the application's role what a table of present state needs. TRUNCATE stays with the owner."""
    return RunSQL(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(tables)} TO bhxh_app", reverse_sql=RunSQL.noop)


def distribute(table: str, column: str = "person_id") -> Operation:
    """Spread a person-keyed table over a Citus cluster; nothing happens where the extension is absent.

    WHY sequential: creating and distributing in one transaction otherwise ends in a "parallel operation" error.
    """
    return RunSQL(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN"
        " SET LOCAL citus.multi_shard_modify_mode = 'sequential';"
        f" PERFORM create_distributed_table('{table}', '{column}'); END IF; END $$",
        reverse_sql=RunSQL.noop,
    )
