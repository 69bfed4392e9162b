"""Synthetic persons with contributions, an issuer and a key. Imports are late: this file is read before Django is set up."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

POSTED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def issuer() -> Iterator[Any]:
    from bhxh.book import issuing
    from bhxh.kernel.custodian import Custodian

    before = list(issuing._bound)
    made = issuing.Issuer(
        custodian=Custodian.MOF, office_code="00101", office_name="Bảo hiểm xã hội Việt Nam", public_url="https://bhxh.example"
    )
    issuing.bind_issuer(made)
    yield made
    issuing._bound[:] = before


@pytest.fixture(scope="session")
def file_keys(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from bhxh.signing.key_files import FileKeys

    return FileKeys(Path(tmp_path_factory.mktemp("keys")), "mof")


@pytest.fixture
def key(file_keys: Any) -> Any:
    return file_keys.seal_key("book")


@pytest.fixture
def register() -> Callable[..., list[int]]:
    """Register that many synthetic persons and give their ids."""
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.identifiers import Pin
    from bhxh.registry.commands import register_persons
    from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance

    who = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")

    def register(count: int = 1, *, first: int = 0, managed_by: Any = None) -> list[int]:
        numbers = range(first, first + count)
        entries = [PersonEntry(identity=who, pin=Pin(f"001199{number:06d}"), managed_by=managed_by) for number in numbers]
        actor = system_actor(name="test", request_id="r0", purpose="operation")
        source = Provenance(source_kind="NATIONAL_DB", source_system="population")
        return list(register_persons(actor=actor, at=POSTED, entries=entries, provenance=source).values())

    return register


@pytest.fixture
def post() -> Callable[..., None]:
    """Post months of ordinary work for persons: 10 million a month in region I."""
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.decisions import Citation
    from bhxh.kernel.money import Vnd
    from bhxh.kernel.months import Month
    from bhxh.law.contributions import ParticipantType, contributions_due
    from bhxh.ledger.commands import LineDraft, LineKind, post_lines

    def post(person_ids: list[int], *months: str, at: datetime = POSTED, wage: int = 10_000_000) -> None:
        worker = ParticipantType.LABOUR_CONTRACT
        due = {
            month: contributions_due(participant_type=worker, month=Month.parse(month), wage_vnd=Vnd(wage), wage_region=1)
            for month in months
        }
        drafts = [
            LineDraft(
                person_id=person_id,
                employer_id=7,
                unit_code="TA0007A",
                unit_name="Công ty TNHH Mẫu",
                workplace="Hà Nội",
                job_title="Công nhân may",
                participant_type=worker,
                month=Month.parse(month),
                kind=LineKind.NORMAL,
                due=due[month],
            )
            for person_id in person_ids
            for month in months
        ]
        actor = system_actor(name="test", request_id="r0", purpose="operation")
        post_lines(actor=actor, at=at, drafts=drafts, basis=Citation("Law 41/2024/QH15, Art. 33"), dossier_id=None)

    return post
