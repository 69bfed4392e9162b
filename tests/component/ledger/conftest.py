"""Synthetic persons and drafts for the ledger's tests. Imports are late: this file is read before Django is set up."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest


@pytest.fixture
def register() -> Callable[[int], list[int]]:
    """Register that many synthetic persons and give their ids."""
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.identifiers import Pin
    from bhxh.registry.commands import register_persons
    from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance

    who = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")

    def register(count: int) -> list[int]:
        entries = [PersonEntry(identity=who, pin=Pin(f"001199{number:06d}")) for number in range(count)]
        return list(
            register_persons(
                actor=system_actor(name="test", request_id="r0", purpose="operation"),
                at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
                entries=entries,
                provenance=Provenance(source_kind="NATIONAL_DB", source_system="population"),
            ).values()
        )

    return register


@pytest.fixture
def draft() -> Callable[..., Any]:
    """One month of an ordinary worker, 10 million a month in region I."""
    from bhxh.kernel.money import Vnd
    from bhxh.kernel.months import Month
    from bhxh.law.contributions import NOTHING_DUE, ParticipantType, contributions_due
    from bhxh.ledger.commands import LineDraft, LineKind

    def draft(person_id: int, month: str = "2026-10", *, employer_id: int = 7, wage: int = 10_000_000, **rest: Any) -> LineDraft:
        kind = rest.pop("kind", LineKind.NORMAL)
        due = contributions_due(
            participant_type=ParticipantType.LABOUR_CONTRACT, month=Month.parse(month), wage_vnd=Vnd(wage), wage_region=1
        )
        return LineDraft(
            person_id=person_id,
            employer_id=employer_id,
            unit_code=f"TA000{employer_id}A",
            unit_name="Công ty TNHH Mẫu",
            workplace="Hà Nội",
            job_title="Công nhân may",
            participant_type=ParticipantType.LABOUR_CONTRACT,
            month=Month.parse(month),
            kind=kind,
            due=NOTHING_DUE if kind is LineKind.PRESERVED else due,
            **rest,
        )

    return draft
