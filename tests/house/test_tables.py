"""Tables: who may change what, and whether they can be spread over a cluster."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, models, transaction

from tests.house import schema

OURS_ELSEWHERE = {"django_migrations"}
"""Tables of Django and of the queue, whose privileges `wiring/migrating.py` grants."""


@pytest.mark.parametrize("table", schema.append_only_tables())
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}"])
def test_the_application_cannot_change_an_append_only_table(db: None, table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table])
        role, column = cursor.fetchone()
        assert role == "bhxh_app"
        with pytest.raises(ProgrammingError) as caught, transaction.atomic():
            cursor.execute(statement.format(table=table, column=column))
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("table", schema.append_only_tables())
def test_no_column_privilege_opens_an_append_only_table_again(db: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_any_column_privilege('bhxh_app', %s, 'UPDATE'), has_table_privilege('bhxh_app', %s, 'INSERT')", [table] * 2
        )
        assert cursor.fetchone() == (False, True)


def test_every_table_says_whether_it_may_be_changed(db: None) -> None:
    append_only, read_write = set(schema.append_only_tables()), set(schema.read_write_tables())
    assert not append_only & read_write
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate%%'")
        present = {row[0] for row in cursor.fetchall()} - OURS_ELSEWHERE
    assert present == append_only | read_write


@pytest.mark.parametrize("model", schema.models(), ids=lambda model: model.__name__)
def test_a_model_can_live_on_a_cluster(model: type[models.Model]) -> None:
    """The rules of database.md section 2: on a distributed table every key holds the distribution column; keys are bigint."""
    column = schema.distributed_tables().get(model._meta.db_table)
    key = _key_fields(model)
    if key[0] == "person_id":
        assert column == "person_id", "a table keyed by person is distributed by person"
    if column is not None:
        assert column in key, "the primary key holds the distribution column"
        if column == "person_id":
            assert key[0] == "person_id", "a person's rows lie together"
        uniques = [set(one.fields) for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
        uniques += [{one.name} for one in model._meta.local_fields if one.unique and not one.primary_key]
        uniques += [set(names) for names in model._meta.unique_together]
        assert all(column in names for names in uniques), "no uniqueness reaches across shards"
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            assert column is None, "no deferrable foreign key on a distributed table"
            assert field.related_model._meta.app_label == model._meta.app_label, "no foreign key into another room"
            assert field.related_model._meta.db_table not in schema.distributed_tables(), "nobody refers to a distributed table"
        if field.primary_key and not isinstance(field, models.CompositePrimaryKey):
            assert type(field) not in {models.AutoField, models.SmallAutoField}, "identities are bigint"
        if field.name.endswith("_id") and isinstance(field, models.IntegerField):
            assert isinstance(field, models.BigIntegerField | models.BigAutoField), f"{field.name} is bigint"


def _key_fields(model: type[models.Model]) -> tuple[str, ...]:
    key = model._meta.pk
    return tuple(key.field_names) if isinstance(key, models.CompositePrimaryKey) else (key.name,)
