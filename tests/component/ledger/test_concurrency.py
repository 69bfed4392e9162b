"""Two transactions at once, on two real connections."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from django.db import connection, transaction

from bhxh.kernel.actor import system_actor
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import Conflict
from bhxh.kernel.months import Month
from bhxh.ledger.commands import LineDraft, post_lines, reverse_months
from bhxh.ledger.models import ContributionLine
from bhxh.ledger.queries import totals
from tests.locks import wait_until_somebody_waits_for_us

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
BASIS = Citation("Law 41/2024/QH15, Art. 33")

Register = Callable[[int], list[int]]
Draft = Callable[..., LineDraft]


def _post(drafts: list[LineDraft]) -> str:
    """Post on this thread's own connection; the refusal's code, or `posted`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        post_lines(actor=ACTOR, at=AT, drafts=drafts, basis=BASIS, dossier_id=None)
    except Conflict as refusal:
        return refusal.code
    else:
        return "posted"
    finally:
        connection.close()


def test_the_second_transaction_waits_and_is_refused(database: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            post_lines(actor=ACTOR, at=AT, drafts=[draft(person)], basis=BASIS, dossier_id=None)
            other = pool.submit(_post, [draft(person, employer_id=8)])
            wait_until_somebody_waits_for_us()
            assert not other.done()
        assert other.result(20) == "LED-001"
    assert totals(person, AT).si_months == 1


def test_the_second_transaction_goes_on_where_the_first_is_rolled_back(database: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            post_lines(actor=ACTOR, at=AT, drafts=[draft(person)], basis=BASIS, dossier_id=None)
            other = pool.submit(_post, [draft(person, employer_id=8)])
            wait_until_somebody_waits_for_us()
            transaction.set_rollback(True)
        assert other.result(20) == "posted"
    assert ContributionLine.objects.get(person_id=person).employer_id == 8


def test_a_race_has_one_winner_whatever_the_order_of_persons(database: None, register: Register, draft: Draft) -> None:
    persons = register(30)
    drafts = [draft(person) for person in persons]
    barrier = threading.Barrier(4)

    def race(number: int) -> str:
        barrier.wait(60)
        return _post(drafts if number % 2 else drafts[::-1])

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(race, range(4)))
    assert results == ["LED-001", "LED-001", "LED-001", "posted"]
    assert ContributionLine.objects.count() == 30


def test_numbers_have_no_gap_after_concurrent_changes(database: None, register: Register, draft: Draft) -> None:
    [person] = register(1)
    barrier = threading.Barrier(3)

    def run(number: int) -> str:
        barrier.wait(60)
        return _post([draft(person, f"2026-{number + 1:02d}"), draft(person, f"2025-{number + 1:02d}")])

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(run, range(3))) == {"posted"}
    reverse_months(actor=ACTOR, at=AT, months=[(person, Month(2026, 1), 7)], reason="nhầm", dossier_id=None)
    assert sorted(ContributionLine.objects.values_list("n", flat=True)) == list(range(1, 8))
