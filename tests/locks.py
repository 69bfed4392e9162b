"""Waiting for another connection to run into a lock of this one: a test of two transactions at once needs no clock then."""

import time


def wait_until_somebody_waits_for_us() -> None:
    """Another connection has run into a lock of this one."""
    from django.db import connection

    for _ in range(3000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")
