"""A citizen's dossiers of the real procedures through the real engine. Imports are late: this file is read before Django is set up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.component.dossiers.conftest import deferred

__all__ = ["deferred"]


@pytest.fixture
def citizen_world(db: None, deferred: list[tuple[str, dict[str, object]]], tmp_path: Path) -> Any:
    """The engine's small world with the real procedures."""
    return _world(tmp_path, deferred)


@pytest.fixture
def file_own(citizen_world: Any) -> Callable[..., Any]:
    """File a wish of a person of their own, confirmed a minute after signing in. Answers with the dossier's id."""
    return filing_of(citizen_world)


@pytest.fixture
def entering(citizen_world: Any) -> Any:
    """An old book on its way: filed by its holder, waiting to be typed."""
    return Entering(citizen_world)


@pytest.fixture
def committed_entering(database: None, deferred: list[tuple[str, dict[str, object]]], tmp_path: Path) -> Any:
    """The same with real commits."""
    return Entering(_world(tmp_path, deferred))


def _world(folder: Path, deferred: list[tuple[str, dict[str, object]]]) -> Any:
    from bhxh.dossiers import catalogue
    from bhxh.procedures import PROCEDURES
    from tests.dossier_kit import make_world

    world = make_world(folder, deferred)
    catalogue.bind(PROCEDURES)  # the fixture `deferred` puts back what was there
    return world


def filing_of(world: Any) -> Callable[..., Any]:
    """What `file_own` gives, for this world."""
    from dataclasses import replace

    from bhxh.dossiers import catalogue
    from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
    from bhxh.kernel.identifiers import Pin
    from bhxh.registry.queries import get_person
    from bhxh.signing.confirmations import Party, PartyKind, Signer
    from tests.dossier_kit import AT

    def file_own(slug: str, wishes: dict[str, Any], *, person_id: int, **more: Any) -> Any:
        person = get_person(person_id)
        actor = Actor(
            kind=ActorKind.PERSON,
            account=f"eid:test:{person_id}",
            request_id="r1",
            purpose=slug,
            legal_basis=LegalBasis.OWN_DATA,
            person_id=person_id,
            assurance_level=2,
        )
        compose = catalogue.get(slug).compose
        assert compose is not None
        content = compose(Pin(person.pin), wishes, asked_on=AT.date())
        signer = Signer(account=actor.account, pin=person.pin, full_name=person.full_name)
        own = replace(world, clerk=actor)
        confirmation = own.confirmation(content, slug=slug, signer=signer, party=Party(kind=PartyKind.SELF))
        return own.file(document=content, procedure_slug=slug, confirmation=confirmation, **more).dossier_id

    return file_own


SLUG = "correct_contribution_history"
LINE = {
    "from_month": "03/2003",
    "to_month": "12/2005",
    "unit_code": "TA0009Z",
    "unit_name": "Công ty Dệt Mẫu",
    "job_title": "Thợ dệt",
    "participant_type": "LABOUR_CONTRACT",
    "wage": "2,34",
    "has_unemployment": "",
    "is_hazardous": "1",
}
"""A line of the book as somebody types it."""


class Entering:
    """The dossier of an old book, the desk that converts it, and the officers who type it."""

    def __init__(self, world: Any) -> None:
        from tests.component.conversion.conftest import AT as DESK_AT
        from tests.component.conversion.conftest import _made, photo

        self.world, self.desk, self.at = world, _made([], world.keys), DESK_AT
        self.person_id = self.desk.people["citizen"]
        self._appoint("ba")
        items = [("so-giay", self.desk.keep(photo(page))) for page in (1, 2)]
        self.dossier_id = filing_of(world)(SLUG, {"words": "Thiếu thời gian ở nhà máy dệt."}, person_id=self.person_id, items=items)
        world.gather(self.dossier_id)
        case = self.desk.convert(self.desk.open("paper_book", pages=2), *(item for _, item in items))
        self.case = self.desk.confirm(case.case_id)
        world.deferred.clear()

    def _appoint(self, login: str) -> None:
        """A third converter."""
        from datetime import date

        from bhxh.access.commands import appoint_officer, link_account
        from bhxh.access.roles import OfficerRole
        from tests.dossier_kit import SYSTEM

        person_id = self.desk.people["other"]
        account = link_account(actor=SYSTEM, at=self.at, issuer="https://eid.example", subject=login, person_id=person_id)
        self.desk.people[login] = person_id
        appoint_officer(
            actor=SYSTEM,
            at=self.at,
            login=login,
            account=account,
            agency_code="00101",
            roles=[OfficerRole.CONVERTER],
            from_on=date(2026, 1, 1),
        )

    def open(self, login: str = "lan", **other: Any) -> None:
        from bhxh.transcripts.commands import open_transcript

        case_id = other.get("case_id", self.case.case_id)
        open_transcript(actor=self.desk.officer(login), at=self.at, dossier_id=self.dossier_id, case_id=case_id)

    def save(self, login: str, *lines: dict[str, str], after: int = 0) -> int:
        from bhxh.transcripts.commands import save

        return save(actor=self.desk.officer(login), at=self.at, dossier_id=self.dossier_id, rows=lines, after=after)

    def enter(self, login: str, *lines: dict[str, str]) -> Any:
        """Each line is `LINE` with what differs."""
        from bhxh.transcripts.commands import enter

        rows = [{**LINE, **line} for line in lines]
        return enter(actor=self.desk.officer(login), at=self.at, dossier_id=self.dossier_id, rows=rows)

    def settle(self, login: str, choices: dict[str, str]) -> Any:
        from bhxh.transcripts.commands import settle_differences

        return settle_differences(actor=self.desk.officer(login), at=self.at, dossier_id=self.dossier_id, choices=choices)

    def discard(self, login: str = "lan", words: str = "Nhập nhầm sổ của lần khác.") -> None:
        from bhxh.transcripts.commands import discard

        discard(actor=self.desk.officer(login), at=self.at, dossier_id=self.dossier_id, words=words)

    def see(self) -> Any:
        from bhxh.transcripts.queries import get_transcript

        return get_transcript(self.dossier_id, person_id=self.person_id)

    def codes(self) -> dict[str, str]:
        """The findings of the one line."""
        from bhxh.dossiers.queries import list_all_lines

        [line] = list_all_lines(self.dossier_id)
        return {str(finding["code"]): str(finding["outcome"]) for finding in line.findings}

    def decide(self) -> None:
        """The rules look again, then two deciding officers grant it; the engine's jobs seal the book."""
        from uuid import UUID

        from bhxh.book.commands import seal_books
        from bhxh.dossiers import flows, line_commands
        from bhxh.kernel.decisions import Proposal
        from tests.dossier_kit import AT, SYSTEM

        self.world.gather(self.dossier_id)
        line_commands.appraise(
            actor=self.world.first_officer,
            at=AT,
            dossier_id=self.dossier_id,
            line_numbers=[1],
            proposal=Proposal.GRANT,
            reason="Đã đối chiếu sổ giấy.",
        )
        flows.approve(actor=self.world.second_officer, at=AT, dossier_id=self.dossier_id, deps=self.world.gathering)
        for payload in self.world.jobs("book.books.seal"):
            seal_books(
                actor=SYSTEM,
                at=AT,
                person_ids=payload["person_ids"],
                key=self.world.keys.seal_key("book"),
                dossier_id=UUID(str(payload["dossier_id"])),
            )

    def book(self) -> Any:
        """The sealed book."""
        import json

        from bhxh.book.queries import get_payload_and_sealed

        return json.loads(get_payload_and_sealed(self.person_id)[0])
