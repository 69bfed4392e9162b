"""An employer's own workers as a list to be looked through: by name, by state, page by page. Whoever shows a page writes down its looks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.kernel.text import search_form
from bhxh.registry.appending import own_custodian
from bhxh.registry.facts import ParticipationStatus

PAGE = 50  # LIMIT: workers on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What an employer is shown of somebody who works or worked there: as it declared them itself."""

    person_id: int
    full_name: str
    pin_masked: str
    birth_on: date | None
    job_title: str
    wage_vnd: int
    from_month: Month
    """From when what is shown holds: since this month they work there, are on leave, or have left."""
    status: ParticipationStatus


_LATEST = (
    "SELECT DISTINCT ON (t.person_id) t.person_id, p.full_name, p.full_name_search, p.pin, p.birth_on, t.job_title, t.wage_vnd,"
    " t.from_month, t.status FROM registry_participation t JOIN registry_person p ON p.person_id = t.person_id"
    " WHERE t.employer_id = %s AND p.managed_by = %s AND t.from_month <= %s AND (t.until_month IS NULL OR t.until_month > %s)"
    " ORDER BY t.person_id, t.n DESC"
)


def search_workers(
    employer_id: int, on_month: Month, *, name: str = "", statuses: Collection[ParticipationStatus] = (), skip: int = 0, limit: int = PAGE
) -> tuple[Worker, ...]:
    """Workers in the order of their names, in one statement. Marks and case of a name do not count, nor which part of it is given.

    Shape: without `statuses`, everybody who works or ever worked there.
    """
    pattern = search_form(name).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, full_name, pin, birth_on, job_title, wage_vnd, from_month, status FROM ({_LATEST}) AS latest"
            " WHERE (%s = '' OR full_name_search LIKE %s) AND (%s OR status = ANY(%s))"
            " ORDER BY full_name_search, person_id OFFSET %s LIMIT %s",
            [
                *(employer_id, own_custodian().value, on_month.number, on_month.number),
                *(pattern, f"%{pattern}%", not statuses, [status.value for status in statuses], skip, limit),
            ],
        )
        return tuple(
            Worker(
                person_id=person_id,
                full_name=full_name,
                pin_masked=Pin(pin).masked if pin else "",
                birth_on=birth_on,
                job_title=job_title,
                wage_vnd=wage_vnd,
                from_month=Month.from_number(from_month),
                status=ParticipationStatus(status),
            )
            for person_id, full_name, pin, birth_on, job_title, wage_vnd, from_month, status in cursor.fetchall()
        )


def count_workers(employer_id: int, on_month: Month) -> dict[ParticipationStatus, int]:
    """How many work there, are on leave, and have left."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT status, count(*) FROM ({_LATEST}) AS latest GROUP BY status",
            [employer_id, own_custodian().value, on_month.number, on_month.number],
        )
        found = dict(cursor.fetchall())
    return {status: int(found.get(status.value, 0)) for status in ParticipationStatus}


def list_worker_ids(employer_id: int) -> tuple[int, ...]:
    """Everybody who works or ever worked there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT t.person_id FROM registry_participation t JOIN registry_person p ON p.person_id = t.person_id"
            " WHERE t.employer_id = %s AND p.managed_by = %s",
            [employer_id, own_custodian().value],
        )
        return tuple(row[0] for row in cursor.fetchall())
