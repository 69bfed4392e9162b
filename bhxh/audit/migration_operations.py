"""Operations that migrations of every room use: privileges, and distribution where Citus is present.

Each says which tables it speaks of (`tables`), so that house tests can hold the schema to it.
"""

from django.db.migrations.operations.special import RunSQL


class AppendOnly(RunSQL):
    """The application's role may insert and read, nothing else."""

    def __init__(self, *tables: str) -> None:
        listed = ", ".join(tables)
        super().__init__(
            f"GRANT SELECT, INSERT ON {listed} TO bhxh_app; REVOKE UPDATE, DELETE, TRUNCATE ON {listed} FROM bhxh_app",
            reverse_sql=RunSQL.noop,
        )
        self.tables = tables


class ReadWrite(RunSQL):
    """The application's role may do what a table of present state needs."""

    def __init__(self, *tables: str) -> None:
        super().__init__(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(tables)} TO bhxh_app", reverse_sql=RunSQL.noop)
        self.tables = tables


class Distribute(RunSQL):
    """The table is spread over a Citus cluster by one column."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN"
            " SET LOCAL citus.multi_shard_modify_mode = 'sequential';"
            f" PERFORM create_distributed_table('{table}', '{column}'); END IF; END $$",
            reverse_sql=RunSQL.noop,
        )
        self.tables = (table,)
        self.column = column


def append_only(*tables: str) -> AppendOnly:
    """Take UPDATE, DELETE and TRUNCATE on these tables from the application's role."""
    return AppendOnly(*tables)


def read_write(*tables: str) -> ReadWrite:
    """Grant the application's role what a table of present state needs. TRUNCATE stays with the owner."""
    return ReadWrite(*tables)


def distribute(table: str, column: str = "person_id") -> Distribute:
    """Spread a person-keyed table over a Citus cluster; nothing happens where the extension is absent.

    WHY sequential: creating and distributing in one transaction otherwise ends in a "parallel operation" error.
    """
    return Distribute(table, column)
