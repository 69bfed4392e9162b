"""Any order of filing, gathering, dying, deciding, withdrawing and delivering: nothing is lost, nothing ends twice."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from bhxh.book.commands import seal_books
from bhxh.dossiers import commands, flows, line_commands, queries, supplement_commands, tally
from bhxh.dossiers.facts import Attachment
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.states import TERMINAL, LineState, State, is_allowed
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.errors import Refusal
from tests.dossier_kit import AT, SENDER, SYSTEM, World, document, make_world

WISHES = st.lists(st.sampled_from(["grant", "refuse", "officer", "poison"]), min_size=1, max_size=4)
PICK = st.integers(0, 3)


class DeathError(BaseException):
    """Stands for kill -9."""


def _die(*args: Any, **rest: Any) -> Any:
    raise DeathError


class Dossiers(RuleBasedStateMachine):
    """A day in the office, in any order."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self.at = AT
        self.filed: list[tuple[UUID, bytes, bytes]] = []
        self.ended: dict[UUID, State] = {}
        self.touched: UUID | None = None
        self.world.registers.silent.clear()
        self.world.deferred.clear()

    def teardown(self) -> None:
        self.touched = None
        self.every_history_is_a_path_of_the_table()
        self.what_has_ended_stays_as_it_ended()
        self.decided_lines_have_their_decision_and_counts_agree()
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    def _picked(self, pick: int, *states: State) -> UUID | None:
        """Mostly a dossier that stands where the act makes sense; with pick 0, any: what does not make sense must be refused."""
        fitting = [filed[0] for filed in self.filed if pick == 0 or self.world.see(filed[0]).state in states]
        self.touched = fitting[pick % len(fitting)] if fitting else None
        return self.touched

    def _looked_at(self) -> list[tuple[UUID, bytes, bytes]]:
        """The dossier of the last act; at the end, all."""
        return [filed for filed in self.filed if self.touched in (None, filed[0])]

    def _try(self, act: Any) -> None:
        """Refusals are answers; what they refuse must leave nothing behind, which the invariants see."""
        self.at += timedelta(seconds=7)
        try:
            act()
        except Refusal:
            return

    @initialize(wishes=st.tuples(WISHES, WISHES))
    def begin_with_two(self, wishes: tuple[list[str], list[str]]) -> None:
        for one in wishes:
            self.file(one)
            self.gather(len(self.filed) - 1 or 1)

    @precondition(lambda self: len(self.filed) < 4)
    @rule(wishes=WISHES)
    def file(self, wishes: list[str]) -> None:
        n = len(self.filed)
        content = document(*wishes, period=f"20{26 + n // 12:02d}-{n % 12 + 1:02d}", first=1 + n * 10)
        self.at += timedelta(seconds=7)
        receipt = self.world.file(document=content, at=self.at, idempotency_key=f"k{n}")
        self.filed.append((receipt.dossier_id, content, receipt.receipt))
        self.touched = receipt.dossier_id

    @rule(pick=PICK)
    def file_again(self, pick: int) -> None:
        if self.filed:
            n = pick % len(self.filed)
            dossier_id, content, receipt = self.filed[n]
            again = self.world.file(document=content, at=self.at, idempotency_key=f"k{n}")
            assert (again.dossier_id, again.receipt, again.is_repeat) == (dossier_id, receipt, True)

    @rule(line=st.integers(1, 4), is_silent=st.booleans())
    def register_falls_silent_or_speaks(self, line: int, is_silent: bool) -> None:
        pins = {f"001199{n * 10 + line:06d}" for n in range(4)}
        self.world.registers.silent = pins if is_silent else set()

    @rule(pick=PICK)
    def gather(self, pick: int) -> None:
        dossier_id = self._picked(pick, State.RECEIVED, State.IN_PROCESS)
        if dossier_id:
            self._try(lambda: self.world.gather(dossier_id, self.at))

    @rule(pick=PICK, point=st.sampled_from(["record_evidence", "_write_decision", "write_verdicts", "count_lines", "defer_sealing"]))
    def gather_and_die(self, pick: int, point: str) -> None:
        dossier_id = self._picked(pick, State.RECEIVED, State.IN_PROCESS)
        if dossier_id:
            with patch.object(line_commands, point, _die):
                try:
                    self._try(lambda: self.world.gather(dossier_id, self.at))
                except DeathError:
                    return

    @rule(pick=PICK, proposal=st.sampled_from([Proposal.GRANT, Proposal.REFUSE]), is_second=st.booleans())
    def appraise(self, pick: int, proposal: Proposal, is_second: bool) -> None:
        dossier_id = self._picked(pick, State.IN_PROCESS)
        if dossier_id:
            numbers = [line.number for line in queries.list_all_lines(dossier_id, LineState.OFFICER)][:2]
            who = self.world.second_officer if is_second else self.world.first_officer
            self._try(
                lambda: line_commands.appraise(
                    actor=who, at=self.at, dossier_id=dossier_id, line_numbers=numbers, proposal=proposal, reason="vì"
                )
            )

    @rule(pick=PICK, is_second=st.booleans())
    def approve(self, pick: int, is_second: bool) -> None:
        dossier_id = self._picked(pick, State.IN_PROCESS)
        if dossier_id:
            who = self.world.second_officer if is_second else self.world.first_officer
            self._try(lambda: flows.approve(actor=who, at=self.at, dossier_id=dossier_id, deps=self.world.gathering))

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        dossier_id = self._picked(pick, State.RECEIVED, State.IN_PROCESS, State.SUPPLEMENT_REQUIRED)
        if dossier_id:
            self._try(lambda: commands.withdraw(actor=self.world.clerk, at=self.at, dossier_id=dossier_id, reason=""))

    @rule(pick=PICK)
    def ask_for_a_supplement(self, pick: int) -> None:
        dossier_id = self._picked(pick, State.IN_PROCESS)
        if dossier_id:
            self._try(
                lambda: supplement_commands.request_supplement(
                    actor=self.world.first_officer,
                    at=self.at,
                    dossier_id=dossier_id,
                    row_version=self.world.see(dossier_id).row_version,
                    defects=[supplement_commands.Shortcoming(vi="Thiếu", en="Missing")],
                    days=30,
                    sender=SENDER,
                )
            )

    @rule(pick=PICK)
    def answer_a_supplement(self, pick: int) -> None:
        dossier_id = self._picked(pick, State.SUPPLEMENT_REQUIRED)
        if dossier_id:
            files = [Attachment(code="contract", content=b"%PDF", media_type="application/pdf")]
            self._try(
                lambda: flows.answer_supplement(
                    actor=self.world.clerk, at=self.at, dossier_id=dossier_id, attachments=files, deps=self.world.receiving
                )
            )

    @rule(days=st.sampled_from([1, 31]))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        flows.sweep(self.at, sender=SENDER)

    @rule(pick=PICK, is_sealed=st.sampled_from([True, True, False]))
    def deliver(self, pick: int, is_sealed: bool) -> None:
        dossier_id = self._picked(pick, State.RESOLVED)
        if dossier_id:
            touched = [person for decision in queries.get_decisions(dossier_id) for person in decision.touched_person_ids]
            self.at += timedelta(seconds=7)
            if touched and is_sealed:
                seal_books(actor=SYSTEM, at=self.at, person_ids=touched, key=self.world.keys.seal_key("book"), dossier_id=dossier_id)
            flows.deliver(dossier_id, self.at, self.world.delivery)

    @invariant()
    def nothing_is_lost(self) -> None:
        count = queries.conservation(self.at)
        assert count.holds
        assert count.filed == len(self.filed)
        told = tally.counted(self.at, None)
        assert (told.filed, dict(told.by_place)) == (count.filed, dict(count.by_place)), "the tally is the count of everything"

    @rule()
    def fold(self) -> None:
        tally.fold()

    @invariant()
    def every_history_is_a_path_of_the_table(self) -> None:
        for dossier_id, _, _ in self._looked_at():
            steps = queries.list_history(dossier_id)
            assert steps[0].from_state == "DRAFT"
            assert all(is_allowed(State(step.from_state), State(step.to_state)) for step in steps)
            assert all(one.to_state == other.from_state for one, other in itertools.pairwise(steps))
            assert steps[-1].to_state == self.world.see(dossier_id).state

    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        for dossier_id, _, _ in self._looked_at():
            dossier = self.world.see(dossier_id)
            if dossier_id in self.ended:
                assert dossier.state is self.ended[dossier_id]
            elif dossier.state in TERMINAL:
                self.ended[dossier_id] = dossier.state

    @invariant()
    def decided_lines_have_their_decision_and_counts_agree(self) -> None:
        for dossier_id, _, receipt in self._looked_at():
            dossier, lines = self.world.see(dossier_id), queries.list_all_lines(dossier_id)
            assert queries.get_receipt(dossier.code).receipt == receipt
            assert {state: sum(line.state is state for line in lines) for state in LineState} == dossier.lines
            decisions = queries.get_decisions(dossier_id)
            granted = sorted(number for decision in decisions for number in decision.granted_lines)
            refused = sorted(number for decision in decisions for number in decision.refused_lines)
            assert granted == [line.number for line in lines if line.state is LineState.CLEAN]
            assert refused == [line.number for line in lines if line.state is LineState.REFUSED]
            assert not (dossier.state is State.WITHDRAWN and decisions)
            assert not any(decision.appraiser == decision.approver for decision in decisions)

    @invariant()
    def whatever_a_machine_owes_has_a_time_to_be_asked_again(self) -> None:
        for row in Dossier.objects.all():
            is_machines = row.state in ("RECEIVED", "RESOLVED") or (row.state == "IN_PROCESS" and row.lines_pending)
            assert not is_machines or row.next_step_at is not None


@pytest.fixture
def world(db: None, tmp_path: Path) -> Iterator[World]:
    from bhxh.book import issuing
    from bhxh.dossiers import catalogue
    from bhxh.kernel import jobs
    from bhxh.kernel.custodian import Custodian
    from bhxh.warehouse import owner_keys, store
    from tests.dossier_kit import procedures

    noted: list[tuple[str, dict[str, object]]] = []
    before = (list(jobs._binding), list(store._bound), dict(catalogue._bound), list(issuing._bound))
    jobs.bind(lambda job, payload, once_key: noted.append((job, payload)))
    keys = owner_keys.FileOwnerKeys(tmp_path / "keys", sealed_folder=tmp_path / "warehouse" / "sealed")
    store.bind_store(store.BlobStore(tmp_path / "warehouse", keys=keys))
    catalogue.bind(procedures())
    issuer = issuing.Issuer(custodian=Custodian.MOF, office_code="00101", office_name="Cơ quan mẫu", public_url="https://bhxh.example")
    issuing.bind_issuer(issuer)
    yield make_world(tmp_path, noted)
    jobs._binding[:], store._bound[:], issuing._bound[:] = before[0], before[1], before[3]
    catalogue._bound.clear()
    catalogue._bound.update(before[2])


def test_nothing_is_lost_in_any_order(world: World) -> None:
    machine = type("Machine", (Dossiers,), {"world": world})
    limits = settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=limits)
