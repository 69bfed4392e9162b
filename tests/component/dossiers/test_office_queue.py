"""The officers' queue over thousands of dossiers: every page once, in order, by its index; what is counted agrees with what is there."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bhxh.dossiers.load_queries import receipt_times
from bhxh.dossiers.office_queue import Check, Deadline, QueueFilter, Waits, count_queue, find_next, list_page
from bhxh.kernel.clock import VIETNAM

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
MANY = 3_000


def fill() -> None:
    """Dossiers of three weeks, every tenth of them finished; their receipts left two seconds after they came. One line each waits, every third unclear."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_dossier (dossier_id, code, procedure_slug, procedure_version, channel, state, filer, employer_id, filer_email,"
            " filed_by, period, canonical_sha256, document_sha256, source_sha256, source_name, source_media_type, confirmed_repairs,"
            " idempotency_key, portal_reference, proof, signature_pending, submitted_at, received_at, due_on, office, assigned_to, receipt,"
            " receipt_sha256, receipt_sent_at, receipt_late, gather_rounds, lines_total, lines_pending, lines_clean, lines_officer, lines_refused,"
            " lines_superseded, history_length, decision_count, evidence_count, row_version)"
            " SELECT ('019aa000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Q-' || n, 'register_employees', '1', 'API',"
            " CASE WHEN n %% 10 = 0 THEN 'WITHDRAWN' ELSE 'IN_PROCESS' END, 'employer:' || n, n, '', 'eid:x', '', n::text, n::text, '', '', '',"
            " '[]', n::text, '', '{}', false, %s, %s, %s::date + (n * 5 %% 21 - 10), '00101', CASE WHEN n = 1 THEN 'officer:lan' ELSE '' END,"
            " '', 'x', %s, false, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1 FROM generate_series(1, %s) n",
            [NOON, NOON, TODAY, NOON + timedelta(seconds=2), MANY],
        )
        cursor.execute(
            "INSERT INTO dossiers_line (dossier_id, number, pin, state, content, findings, proposal)"
            " SELECT dossier_id, 1, '', 'officer', '{}', CASE WHEN employer_id % 3 = 0"
            """ THEN '[{"code": "D02-112", "outcome": "unclear", "parameters": {}}]'::jsonb ELSE '[]'::jsonb END, '' FROM dossiers_dossier""",
        )
        cursor.execute("ANALYZE dossiers_dossier")
        cursor.execute("ANALYZE dossiers_line")


def test_every_page_once_in_order_and_by_the_index(db: None) -> None:
    fill()
    seen: list[tuple[date, UUID]] = []
    while rows := list_page(QueueFilter(), on=TODAY, after=seen[-1] if seen else None, limit=200):
        seen += [(row.due_on or date.max, row.dossier_id) for row in rows]
    assert len(seen) == len(set(seen)) == MANY * 9 // 10
    assert seen == sorted(seen)
    with CaptureQueriesContext(connection) as captured:
        list_page(QueueFilter(), on=TODAY, after=seen[1_000])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {captured.captured_queries[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "dossiers_queue" in plan and "Seq Scan" not in plan, plan


def test_what_is_counted_is_what_is_there(db: None) -> None:
    fill()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier WHERE state = 'IN_PROCESS' AND due_on < %s", [TODAY])
        [overdue] = cursor.fetchone()
    counts = count_queue(QueueFilter(deadlines=frozenset({Deadline.TODAY})), on=TODAY)
    assert counts.overdue == overdue > 0 and counts.next_due_on == TODAY
    assert 0 < counts.found < 200 and not counts.is_more
    assert count_queue(QueueFilter(), on=TODAY).is_more
    unclear, clean = (QueueFilter(checks=frozenset({one}), deadlines=frozenset({Deadline.TODAY})) for one in (Check.UNCLEAR, Check.CLEAN))
    assert count_queue(unclear, on=TODAY).found + count_queue(clean, on=TODAY).found == counts.found
    assert count_queue(QueueFilter(taken_by="officer:lan"), on=TODAY).found == 1
    assert count_queue(QueueFilter(waits=frozenset({Waits.APPROVAL, Waits.SUPPLEMENT})), on=TODAY).found == 0


def test_receipts_of_the_day(db: None) -> None:
    """Only of dossiers filed since midnight here; in time means within two hours; urgent is what has half an hour left."""
    from bhxh.dossiers.models import Dossier
    from bhxh.kernel.ids import uuid7

    fill()
    row = Dossier.objects.get(code="Q-1")
    for n, (filed, sent_after) in enumerate(
        [(NOON - timedelta(minutes=100), None), (NOON - timedelta(minutes=30), None), (NOON, 60), (NOON, 8_000)]
    ):
        row.dossier_id, row.code, row.idempotency_key, row.canonical_sha256 = uuid7(filed), f"R-{n}", f"R-{n}", f"R-{n}"
        row.submitted_at, row.receipt_sent_at = filed, None if sent_after is None else filed + timedelta(seconds=sent_after)
        row.save(force_insert=True)
    found = receipt_times(datetime.combine(TODAY, time(), VIETNAM), NOON)
    assert (found.urgent, found.due, found.in_time, found.median_s) == (1, 2, 1, 4_030)


def test_what_comes_next(db: None) -> None:
    fill()
    first, second = list_page(QueueFilter(), on=TODAY, limit=2)
    found = find_next(QueueFilter(), on=TODAY, after=(first.due_on or TODAY, first.dossier_id))
    assert found == second
    assert find_next(QueueFilter(), on=TODAY, after=(date.max, first.dossier_id)) == second, "at the end it begins anew, with another one"
    assert find_next(QueueFilter(taken_by="officer:nobody"), on=TODAY, after=None) is None
