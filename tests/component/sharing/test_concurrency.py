"""A withdrawal and reads at the same instant, on real connections: each read is wholly before it, with its look, or refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction

from bhxh.access.models import ConsentWithdrawal
from bhxh.audit.models import Entry, Look
from bhxh.kernel.errors import NotAllowed
from tests.component.sharing.conftest import Scene
from tests.locks import wait_until_somebody_waits_for_us

T = TypeVar("T")
ENDED = "ACC-149"


def elsewhere(work: Callable[[], T]) -> T:
    """On this thread's own connection, as the application's role."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE bhxh_app")
        return work()
    finally:
        connection.close()


def read(scene: Scene, consent_id: UUID) -> str:
    """`read`, or the refusal's code."""
    try:
        scene.read(consent_id)
    except NotAllowed as refusal:
        return refusal.code
    return "read"


def looks(scene: Scene) -> int:
    return Look.objects.filter(person_id=scene.person_id, what="consented").count()


def test_a_withdrawal_waits_for_the_read_under_way(committed_scene: Scene) -> None:
    scene = committed_scene
    consent_id = scene.consent("basic.full_name").consent_id
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            scene.read(consent_id)
            withdrawal = pool.submit(elsewhere, lambda: scene.withdraw(consent_id))
            wait_until_somebody_waits_for_us()
            assert not withdrawal.done() and not ConsentWithdrawal.objects.exists()
        assert withdrawal.result(60).withdrawn_at is not None
    assert looks(scene) == 1, "the read that came first is told"
    assert read(scene, consent_id) == ENDED


def test_a_read_that_waited_for_the_withdrawal_is_refused_and_leaves_no_look(committed_scene: Scene) -> None:
    scene = committed_scene
    consent_id = scene.consent("basic.full_name").consent_id
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            scene.withdraw(consent_id)
            other = pool.submit(elsewhere, lambda: read(scene, consent_id))
            wait_until_somebody_waits_for_us()
        assert other.result(60) == ENDED
    assert looks(scene) == 0 and not Entry.objects.filter(verb="sharing.data.disclose").exists()


def test_a_withdrawal_that_is_rolled_back_ends_nothing(committed_scene: Scene) -> None:
    scene = committed_scene
    consent_id = scene.consent("basic.full_name").consent_id
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            scene.withdraw(consent_id)
            other = pool.submit(elsewhere, lambda: read(scene, consent_id))
            wait_until_somebody_waits_for_us()
            transaction.set_rollback(True)
        assert other.result(60) == "read"
    assert looks(scene) == 1


def test_two_reads_do_not_wait_for_each_other(committed_scene: Scene) -> None:
    scene = committed_scene
    consent_id = scene.consent("basic.full_name").consent_id
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        scene.read(consent_id)
        assert pool.submit(elsewhere, lambda: read(scene, consent_id)).result(60) == "read"


def test_in_a_race_every_read_is_told_and_none_begins_after_the_end(committed_scene: Scene) -> None:
    """Three readers read on until they are refused; in the middle the person withdraws."""
    scene = committed_scene
    consent_id = scene.consent("basic.full_name").consent_id
    start, first, is_over = Barrier(3), Event(), Event()

    def read_on() -> tuple[int, int]:
        done = late = 0
        start.wait(60)
        while True:
            was_over = is_over.is_set()
            if read(scene, consent_id) == ENDED:
                return done, late
            done, late = done + 1, late + was_over
            first.set()

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(elsewhere, read_on) for _ in range(3)]
        assert first.wait(60)
        scene.withdraw(consent_id)
        is_over.set()
        counted = [reader.result(60) for reader in readers]
    assert sum(done for done, _ in counted) == looks(scene) >= 1
    assert sum(late for _, late in counted) == 0
