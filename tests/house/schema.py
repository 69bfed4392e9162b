"""What the migrations declare, read without a database."""

from collections.abc import Iterator

from django.apps import apps
from django.db.migrations import CreateModel, DeleteModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from bhxh.audit.migration_operations import AppendOnly, Distribute, ReadWrite


def operations() -> Iterator[Operation]:
    """Every operation of our own migrations, in order."""
    loader = MigrationLoader(None)
    for (_, _), migration in sorted(loader.disk_migrations.items()):
        if migration.__module__.startswith("bhxh."):
            yield from migration.operations


def append_only_tables() -> tuple[str, ...]:
    return tuple(sorted({table for one in operations() if isinstance(one, AppendOnly) for table in one.tables} - _dropped_tables()))


def read_write_tables() -> tuple[str, ...]:
    return tuple(sorted({table for one in operations() if isinstance(one, ReadWrite) for table in one.tables}))


def _dropped_tables() -> set[str]:
    dropped = {one.name.lower() for one in operations() if isinstance(one, DeleteModel)}
    return {one.options["db_table"] for one in operations() if isinstance(one, CreateModel) and one.name.lower() in dropped}


def distributed_tables() -> dict[str, str]:
    """Table to distribution column."""
    return {one.tables[0]: one.column for one in operations() if isinstance(one, Distribute)}


def models() -> tuple[type[Model], ...]:
    """Our own models."""
    return tuple(model for model in apps.get_models() if model.__module__.startswith("bhxh."))
