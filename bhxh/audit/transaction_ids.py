"""PostgreSQL's 64-bit transaction ids (`xid8`) as a column: never reused within one cluster, ordered by start."""

from typing import Any

from django.db import models
from django.db.models import Func


class TransactionIdField(models.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """A column of type xid8, an int here."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type."""
        return "xid8"

    def get_prep_value(self, value: Any) -> Any:
        """xid8 is read from text; an int literal has no cast to it."""
        return str(value) if isinstance(value, int) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """The driver gives text."""
        return None if value is None else int(value)


class CurrentTransactionId(Func):
    """The id of the transaction that writes the row."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()
