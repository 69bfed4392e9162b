"""Two books withdrawn at the same instant, on two real connections: the list says both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bhxh.book.commands import seal_books
from bhxh.credentials.contents import Kind
from bhxh.credentials.status_lists import Status, open_list
from bhxh.credentials.status_queries import get_list
from bhxh.credentials.verification import verify
from tests.component.credentials.test_issuing import ACTOR, AT
from tests.component.credentials.test_issuing import _issue as issue_one
from tests.component.credentials.test_suspending import _approve as approve
from tests.component.credentials.test_suspending import _propose as propose
from tests.locks import wait_until_somebody_waits_for_us


def test_neither_withdrawal_is_sealed_over_by_the_other(
    database: None, register: Callable[..., list[int]], key: Any, file_keys: Any
) -> None:
    people, list_key = register(2), file_keys.seal_key("credential")
    seal_books(actor=ACTOR, at=AT, person_ids=people, key=key)
    issued = [issue_one(person_id, file_keys, Kind.BOOK_SUMMARY) for person_id in people]
    first, second = (propose(person_id) for person_id in people)

    def elsewhere(proposal_id: UUID) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE bhxh_app")
            approve(proposal_id, key, list_key=list_key)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            approve(first, key, list_key=list_key)
            other = pool.submit(elsewhere, second)
            wait_until_somebody_waits_for_us()
        other.result(20)
    at, keys = AT + timedelta(days=1), file_keys.key_set()
    listed = open_list(get_list(issued[0].list_number), keys, at=at)
    assert [listed.standing_of(verify(one.text, keys, at=at)).status for one in issued] == [Status.SUSPENDED] * 2
