"""A job is written down inside the caller's transaction."""

import os
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app

from bhxh.doors.jobs.deferring import defer_in_transaction


def test_a_database_that_went_away_is_known_as_that(database: None) -> None:
    """So that a caller is told to come again (503), and not that we made a mistake."""
    app.task(name="book.test.nothing")(lambda: None)
    struck = []

    def dies(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "procrastinate" in sql:
            struck.append(sql)
            with socket.socket(fileno=os.dup(connection.connection.pgconn.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)
        return execute(sql, params, many, context)

    with pytest.raises(OperationalError), transaction.atomic(), connection.execute_wrapper(dies):
        defer_in_transaction("book.test.nothing", {}, None)
    assert struck
    connection.close()
