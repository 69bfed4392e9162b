"""A host's clock that jumps back or ahead between two steps of a dossier, and is set right again."""

from datetime import timedelta

import pytest

from bhxh.book.commands import seal_books
from bhxh.dossiers import commands, flows, line_commands, queries
from bhxh.dossiers.gathering import PAUSES
from bhxh.dossiers.states import State
from bhxh.kernel.decisions import Proposal
from bhxh.notices.models import Message
from tests.dossier_kit import AT, SYSTEM, World

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("jumps", [(-3, -5, -2, -26), (3, -3, 3, -3), (30, 0, -30, 0)], ids=str)
def test_history_never_goes_back_and_the_dossier_goes_on(world: World, jumps: tuple[int, ...]) -> None:
    gathered, appraised, approved, delivered = (AT + hours * HOUR for hours in jumps)
    receipt = world.file("grant", "officer", "refuse")
    dossier_id = receipt.dossier_id
    world.gather(dossier_id, gathered)
    line_commands.appraise(
        actor=world.first_officer, at=appraised, dossier_id=dossier_id, line_numbers=[2], proposal=Proposal.GRANT, reason="Đã đối chiếu."
    )
    flows.approve(actor=world.second_officer, at=approved, dossier_id=dossier_id, deps=world.gathering)
    persons = [person_id for payload in world.jobs("book.books.seal") for person_id in payload["person_ids"]]  # type: ignore[attr-defined]
    latest = max(gathered, approved, delivered)
    seal_books(actor=SYSTEM, at=latest, person_ids=persons, key=world.keys.seal_key("book"))
    assert flows.deliver(dossier_id, delivered, world.delivery), "a book sealed by a clock that was ahead is not stale"
    steps = [step.at for step in queries.list_history(dossier_id)]
    assert steps == sorted(steps)
    seen = world.see(dossier_id)
    assert (seen.state, seen.received_at, seen.due_on) == (State.RETURNED, AT, receipt.due_on)
    assert queries.conservation(AT).holds
    sent = [message.dedupe_key for message in Message.objects.filter(dossier_id=dossier_id)]
    assert len(sent) == len(set(sent))


def test_what_a_clock_ahead_put_off_is_woken_when_it_is_set_right(world: World) -> None:
    world.registers.silent.add("001199000001")
    dossier_id = world.file("grant").dossier_id
    retry_at = world.gather(dossier_id, AT + 5 * HOUR).retry_at
    assert retry_at == AT + 5 * HOUR + PAUSES[0]
    assert queries.is_something_asleep(AT)
    assert commands.wake(actor=SYSTEM, at=AT) == 1
    assert not queries.is_something_asleep(AT), "woken once, not at every sweep"


@pytest.mark.parametrize("pause", PAUSES)
def test_no_honest_pause_is_taken_for_a_wrong_clock(world: World, pause: timedelta) -> None:
    dossier_id = world.file("grant").dossier_id
    commands.begin(actor=SYSTEM, at=AT, dossier_id=dossier_id)
    line_commands.postpone(actor=SYSTEM, at=AT, dossier_id=dossier_id, next_step_at=AT + pause)
    assert not queries.is_something_asleep(AT)
