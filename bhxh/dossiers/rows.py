"""Rows of this room's tables as pages and the API read them most: one dossier, and what belongs to it."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import JSONField, Model

_M = TypeVar("_M", bound=Model)


def list_rows(model: type[_M], rest: str, parameters: Sequence[Any]) -> list[_M]:
    """Rows of a table that `rest` (`WHERE ... ORDER BY ...`) asks for.

    WHY not through the ORM: for one dossier it took three times as long to word such a statement anew as to ask it and read what came.
    """
    select, names, are_json = _shape(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} {rest}", parameters)
        found = cursor.fetchall()
    return [model.from_db(connection.alias, names, _read(row, are_json)) for row in found]


def _read(row: Sequence[Any], are_json: Sequence[bool]) -> list[Any]:
    return [json.loads(value) if is_json else value for value, is_json in zip(row, are_json, strict=True)]


@cache
def _shape(model: type[Model]) -> tuple[str, tuple[str, ...], tuple[bool, ...]]:
    """(SELECT ... FROM ..., names of the fields, which of them are JSON)."""
    table = model._meta  # noqa: SLF001  # WHY: how a model says what its table is; Django documents it for this
    fields, quoted = table.concrete_fields, connection.ops.quote_name
    select = f"SELECT {', '.join(quoted(str(field.column)) for field in fields)} FROM {quoted(table.db_table)}"
    return select, tuple(str(field.attname) for field in fields), tuple(isinstance(field, JSONField) for field in fields)
