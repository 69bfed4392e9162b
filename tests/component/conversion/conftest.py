"""A desk: two converters, an appraiser, a citizen with papers, an employer. Imports are late: this file is read before Django is set up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PINS = {"citizen": "001199000001", "other": "001199000002", "lan": "001199000003", "minh": "001199000004", "appraiser": "001199000005"}
NAMES = {"citizen": "Nguyễn Thị Mẫu", "other": "Trần Văn Mẫu", "lan": "Lê Thị Lan", "minh": "Phạm Văn Minh", "appraiser": "Vũ Văn Thẩm"}


@cache
def photo(page: int = 1, *, out_of_focus: float = 0.0, dots_per_inch: int = 200) -> bytes:
    """A page of an old book, photographed."""
    from sandbox.papers import an_old_book, as_file, draw, photograph

    pages = an_old_book(name=NAMES["citizen"], number="0110123456", unit="Công ty Mẫu")
    return as_file(photograph(draw(pages[page - 1], dots_per_inch=dots_per_inch), out_of_focus=out_of_focus))


@dataclass
class Desk:
    """Who takes part, and the room's own verbs with what every test would say the same."""

    keys: Any
    people: dict[str, int]
    employer_id: int
    letters: list[str] = field(default_factory=list)

    @property
    def ports(self) -> Any:
        from bhxh.conversion.certificates import Organisation
        from bhxh.conversion.flows import Desk as Ports
        from bhxh.conversion.readability import ReadableFrom

        office = Organisation(code="00101", name="Bảo hiểm xã hội Việt Nam", custodian="mof", public_url="https://bhxh.example")
        return Ports(organisation=office, key=self.keys.seal_key("conversion"), limits=ReadableFrom())

    def owner(self, who: str = "citizen") -> Any:
        from bhxh.warehouse.owners import Owner

        return Owner("employer", self.employer_id) if who == "employer" else Owner("person", self.people[who])

    def officer(self, login: str, *roles: str) -> Any:
        from bhxh.kernel.actor import Actor, ActorKind, LegalBasis

        return Actor(
            kind=ActorKind.OFFICER,
            account=f"officer:{login}",
            request_id="r1",
            purpose="conversion",
            legal_basis=LegalBasis.LEGAL_DUTY,
            person_id=self.people[login],
            assurance_level=2,
            roles=frozenset(roles or ("CONVERTER",)),
        )

    def keep(self, content: bytes, *, who: str = "citizen", login: str = "lan") -> UUID:
        """Sent in at the desk and examined."""
        from bhxh.warehouse import flows

        upload = flows.receive(
            actor=self.officer(login),
            at=AT,
            owner=self.owner(who),
            kind="other",
            content=[content],
            expected_bytes=len(content),
            maximum_bytes=50 * 1024 * 1024,
        )
        item_id = flows.examine(upload.upload_id, owner=upload.owner, at=AT, scanner=None).item_id
        assert item_id is not None
        return item_id

    def open(self, original: str = "contract", *, pages: int = 1, who: str = "citizen", login: str = "lan", paper: str = "A5") -> UUID:
        from bhxh.conversion.commands import open_case
        from bhxh.conversion.originals import Original, Paper

        return open_case(
            actor=self.officer(login),
            at=AT,
            owner=self.owner(who),
            original=Original(original),
            paper=Paper(paper),
            declared_pages=pages,
            limits=self.ports.limits,
        )

    def convert(
        self, case_id: UUID, *items: UUID, login: str = "lan", at: datetime = AT, has_compared: bool = True, remarks: str = ""
    ) -> Any:
        from bhxh.conversion import flows

        return flows.convert(
            actor=self.officer(login),
            at=at,
            case_id=case_id,
            item_ids=items,
            has_compared=has_compared,
            remarks=remarks,
            desk=self.ports,
        )

    def confirm(self, case_id: UUID, *, login: str = "minh", at: datetime = AT, has_compared: bool = True) -> Any:
        from bhxh.conversion import flows

        return flows.confirm(actor=self.officer(login), at=at, case_id=case_id, has_compared=has_compared, desk=self.ports)

    def converted(self, original: str = "contract", *, who: str = "citizen") -> Any:
        """One page, certified."""
        return self.convert(self.open(original, who=who), self.keep(photo(), who=who))


@pytest.fixture(scope="session")
def seal_keys(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from bhxh.signing.key_files import FileKeys

    return FileKeys(Path(tmp_path_factory.mktemp("keys")), "mof")


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[list[str]]:
    from bhxh.book import issuing
    from bhxh.dossiers import catalogue
    from bhxh.kernel import jobs
    from bhxh.kernel.custodian import Custodian
    from bhxh.warehouse import store
    from bhxh.warehouse.owner_keys import FileOwnerKeys

    deferred: list[str] = []
    before = (list(jobs._binding), list(store._bound), list(issuing._bound), dict(catalogue._bound))
    jobs.bind(lambda job, payload, once_key: deferred.append(str(payload.get("kind", job))))
    files = tmp_path / "files"
    store.bind_store(store.BlobStore(files, keys=FileOwnerKeys(tmp_path / "keys", sealed_folder=files / "sealed")))
    issuing.bind_issuer(
        issuing.Issuer(custodian=Custodian.MOF, office_code="00101", office_name="BHXH Việt Nam", public_url="https://bhxh.example")
    )
    yield deferred
    jobs._binding[:], store._bound[:], issuing._bound[:] = before[0], before[1], before[2]
    catalogue._bound.clear()
    catalogue._bound.update(before[3])


@pytest.fixture
def desk(db: None, bound: list[str], seal_keys: Any) -> Desk:
    """Everything in the test's own transaction."""
    return _made(bound, seal_keys)


@pytest.fixture
def committed_desk(database: None, bound: list[str], seal_keys: Any) -> Desk:
    """The same with real commits."""
    return _made(bound, seal_keys)


def _made(deferred: list[str], keys: Any) -> Desk:
    from bhxh.access.commands import appoint_officer, link_account
    from bhxh.access.roles import OfficerRole
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.identifiers import Pin
    from bhxh.registry import commands as registry
    from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance

    actor = system_actor(name="test", request_id="r0", purpose="operation")
    at, source = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), Provenance(source_kind="NATIONAL_DB", source_system="population")
    entries = [
        PersonEntry(
            identity=IdentityFacts(full_name=NAMES[who], birth_on=date(1990, 5, 20), sex="FEMALE"), pin=Pin(pin), email=f"{who}@example.vn"
        )
        for who, pin in PINS.items()
    ]
    ids = registry.register_persons(actor=actor, at=at, entries=entries, provenance=source)
    people = {who: ids[pin] for who, pin in PINS.items()}
    for login, role in (("lan", OfficerRole.CONVERTER), ("minh", OfficerRole.CONVERTER), ("appraiser", OfficerRole.APPRAISER)):
        account = link_account(actor=actor, at=at, issuer="https://eid.example", subject=login, person_id=people[login])
        appoint_officer(actor=actor, at=at, login=login, account=account, agency_code="00101", roles=[role], from_on=date(2026, 1, 1))
    employer_id = registry.register_employer(
        actor=actor,
        at=at,
        unit_code="TA0007A",
        tax_code="0110000027",
        name="Công ty TNHH Mẫu",
        agency_code="00101",
        wage_region=1,
        provenance=source,
    )
    deferred.clear()
    return Desk(keys=keys, people=people, employer_id=employer_id, letters=deferred)
