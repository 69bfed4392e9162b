"""A person with a history, a bank, a court, an agency. Imports are late: this file is read before Django is set up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PIN, OTHER_PIN, DEAD_PIN, SOLDIER_PIN = "001199000001", "001199000002", "001199000003", "001199000004"
BANK_FIELDS = ("basic", "social_insurance", "employer.present")
WAGE = 12_345_000
ADDRESS = "https://bhxh.example"


@dataclass
class Scene:
    """Who takes part. Ids only; the verbs are the room's own."""

    keys: Any
    person_id: int = 0
    other_id: int = 0
    dead_id: int = 0
    jobs: list[str] = field(default_factory=list)

    @property
    def key(self) -> Any:
        return self.keys.seal_key("consent")

    @property
    def issuer(self) -> Any:
        from bhxh.access.consent_receipts import ReceiptIssuer

        return ReceiptIssuer(custodian="mof", name="Bảo hiểm xã hội Việt Nam", public_url=ADDRESS)

    def person(self, person_id: int = 0) -> Any:
        from bhxh.kernel.actor import Actor, ActorKind, LegalBasis

        return Actor(
            kind=ActorKind.PERSON,
            account="eid:eid.example:a1",
            request_id=uuid4().hex,
            purpose="own_consents",
            legal_basis=LegalBasis.OWN_DATA,
            person_id=person_id or self.person_id,
            assurance_level=2,
        )

    def program(self, client: str, grant: str) -> Any:
        from bhxh.kernel.actor import Actor, ActorKind, LegalBasis

        return Actor(
            kind=ActorKind.MACHINE,
            account=f"machine:{client}",
            request_id=uuid4().hex,
            purpose="data_requests",
            legal_basis=LegalBasis.LEGAL_DUTY,
            roles=frozenset({grant}),
        )

    @property
    def bank(self) -> Any:
        return self.program("bank-a", "READ_WITH_CONSENT")

    @property
    def agency(self) -> Any:
        return self.program("tax", "READ_BY_DUTY")

    def question(self, *fields: str, **more: Any) -> Any:
        from bhxh.access.consent_commands import Question
        from bhxh.access.consents import ConsentPurpose

        wanted = {"purpose": ConsentPurpose.CREDIT, "reason": "Xét khoản vay mua nhà", "until_on": date(2026, 12, 31), "reference": "V-17"}
        return Question(fields=fields or ("basic.full_name", "social_insurance"), **{**wanted, **more})

    def ask(self, *fields: str, number: str = PIN, at: datetime = AT, actor: Any = None, requester: str = "bank-a", **more: Any) -> Any:
        from bhxh.sharing.commands import ask

        return ask(
            actor=actor or self.bank,
            at=at,
            requester_id=requester,
            number=number,
            question=self.question(*fields, **more),
            issuer=self.issuer,
        )

    def grant(self, request_id: UUID, *fields: str, at: datetime = AT, until_on: date = date(2026, 12, 31), person_id: int = 0) -> Any:
        from bhxh.access.consents import GrantProof
        from bhxh.sharing.commands import grant

        return grant(
            actor=self.person(person_id),
            at=at,
            person_id=person_id or self.person_id,
            request_id=request_id,
            fields=fields,
            until_on=until_on,
            proof=GrantProof(authenticated_at=at, assurance_level=2, session_sha256="ab" * 32),
            issuer=self.issuer,
            key=self.key,
        )

    def consent(self, *fields: str, at: datetime = AT, **more: Any) -> Any:
        """Asked for and granted in full."""
        return self.grant(self.ask(*fields, at=at, **more).request_id, *fields, at=at)

    def read(self, consent_id: UUID, *, at: datetime = AT, keys: Any = None, actor: Any = None, requester: str = "bank-a") -> Any:
        from bhxh.sharing.disclosing import disclose_with_consent

        return disclose_with_consent(
            actor=actor or self.bank,
            at=at,
            requester_id=requester,
            consent_id=consent_id,
            keys=self.keys.key_set() if keys is None else keys,
            key=self.key,
        )

    def read_by_duty(self, *fields: str, at: datetime = AT, number: str = PIN, scope: str = "tax-2026", reference: str = "HS-9") -> Any:
        from bhxh.sharing.disclosing import disclose_by_duty

        return disclose_by_duty(
            actor=self.agency,
            at=at,
            requester_id="tax",
            scope_id=scope,
            number=number,
            reference=reference,
            fields=fields,
            key=self.key,
        )

    def withdraw(self, consent_id: UUID, *, at: datetime = AT) -> Any:
        from bhxh.sharing.commands import withdraw

        return withdraw(actor=self.person(), at=at, person_id=self.person_id, consent_id=consent_id, issuer=self.issuer)


@pytest.fixture(scope="session")
def seal_keys(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from bhxh.signing.key_files import FileKeys

    return FileKeys(Path(tmp_path_factory.mktemp("keys")), "mof")


@pytest.fixture
def scene(db: None, seal_keys: Any) -> Iterator[Scene]:
    """Everything in the test's own transaction."""
    yield from _made(seal_keys)


@pytest.fixture
def committed_scene(database: None, seal_keys: Any) -> Iterator[Scene]:
    """The same with real commits, for what happens on two connections."""
    yield from _made(seal_keys)


def _made(seal_keys: Any) -> Iterator[Scene]:
    from bhxh.kernel import jobs

    made, before = Scene(seal_keys), list(jobs._binding)
    jobs.bind(lambda job, payload, once_key: made.jobs.append(job))
    _people(made)
    _requesters()
    yield made
    jobs._binding[:] = before


def _people(made: Scene) -> None:
    from bhxh.kernel.actor import system_actor
    from bhxh.kernel.custodian import Custodian
    from bhxh.kernel.decisions import Citation
    from bhxh.kernel.identifiers import Pin
    from bhxh.kernel.money import Vnd
    from bhxh.kernel.months import Month
    from bhxh.law.contributions import ParticipantType, contributions_due
    from bhxh.ledger.commands import LineDraft, LineKind, post_lines
    from bhxh.registry import commands as registry
    from bhxh.registry.facts import (
        ContactRow,
        HealthCardRow,
        HouseholdRow,
        IdentityFacts,
        ParticipationRow,
        PersonEntry,
        Provenance,
        UnemploymentCoverRow,
    )

    actor = system_actor(name="test", request_id="r0", purpose="operation")
    at, source = datetime(2026, 11, 20, 9, 0, tzinfo=UTC), Provenance(source_kind="NATIONAL_DB", source_system="population")
    who = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")
    entries = [PersonEntry(identity=who, pin=Pin(pin), email="mau@example.vn") for pin in (PIN, OTHER_PIN, DEAD_PIN)]
    entries.append(PersonEntry(identity=who, pin=Pin(SOLDIER_PIN), managed_by=Custodian.MND))
    ids = registry.register_persons(actor=actor, at=at, entries=entries, provenance=source)
    made.person_id, made.other_id, made.dead_id = ids[PIN], ids[OTHER_PIN], ids[DEAD_PIN]
    registry.record_facts(
        actor=actor, at=at, person_id=made.dead_id, facts={"vital_status": "DECEASED"}, valid_from=date(2026, 1, 1), provenance=source
    )
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
    registry.record_participations(
        actor=actor,
        at=at,
        provenance=source,
        rows=[
            ParticipationRow(
                person_id=made.person_id,
                employer_id=employer_id,
                participant_type="LABOUR_CONTRACT",
                wage_vnd=WAGE,
                from_month=Month(2026, 3),
            ),
            ParticipationRow(
                person_id=made.person_id,
                employer_id=employer_id,
                participant_type="LABOUR_CONTRACT",
                wage_vnd=0,
                from_month=Month(2026, 5),
                until_month=Month(2026, 7),
                status="ENDED",
            ),
        ],
    )
    months = ("2026-03", "2026-04", "2026-07", "2026-08")
    worker = ParticipantType.LABOUR_CONTRACT
    drafts = [
        LineDraft(
            person_id=made.person_id,
            employer_id=employer_id,
            unit_code="TA0007A",
            unit_name="Công ty TNHH Mẫu",
            workplace="Hà Nội",
            job_title="Công nhân may",
            participant_type=worker,
            month=Month.parse(month),
            kind=LineKind.NORMAL,
            due=contributions_due(participant_type=worker, month=Month.parse(month), wage_vnd=Vnd(WAGE), wage_region=1),
        )
        for month in months
    ]
    post_lines(actor=actor, at=at, drafts=drafts, basis=Citation("Law 41/2024/QH15, Art. 33"), dossier_id=None)
    card = HealthCardRow(person_id=made.person_id, card_code="DN4010112345678", valid_from=date(2026, 3, 1), valid_until=date(2026, 12, 31))
    registry.issue_health_cards(actor=actor, at=at, rows=[card], provenance=source)
    kept = UnemploymentCoverRow(person_id=made.person_id, preserved_months=4, as_of_on=date(2026, 9, 1))
    registry.record_unemployment_cover(actor=actor, at=at, rows=[kept], provenance=source)
    contact = ContactRow(
        person_id=made.person_id, email="mau@example.vn", mobile_phone="+84900000000", current_ward="00004", current_street="1 Hàng Mẫu"
    )
    registry.record_contacts(actor=actor, at=at, rows=[contact], provenance=source)
    home = HouseholdRow(
        ward="00004", street="1 Hàng Mẫu", members=((made.person_id, "00"), (made.other_id, "02")), from_on=date(2020, 1, 1)
    )
    registry.register_households(actor=actor, at=at, rows=[home], provenance=source)


def _requesters() -> None:
    from bhxh.access.consents import ConsentPurpose, RequesterKind
    from bhxh.access.requester_commands import agree_scope, register_requester
    from bhxh.kernel.actor import LegalBasis, system_actor

    actor = system_actor(name="test", request_id="r0", purpose="operation")
    for requester_id, kind, fields in (
        ("bank-a", RequesterKind.BANK, BANK_FIELDS),
        ("bank-b", RequesterKind.BANK, BANK_FIELDS),
        ("tax", RequesterKind.STATE_AGENCY, ("basic", "social_insurance", "employer", "contact", "household", "health_insurance")),
    ):
        register_requester(
            actor=actor,
            at=AT,
            requester_id=requester_id,
            name=f"Tổ chức {requester_id}",
            kind=kind,
            fields=fields,
            purposes=[ConsentPurpose.CREDIT],
            client_id=requester_id,
            contact="lienhe@example.vn",
            notice_url="https://bank.example/privacy",
        )
    agree_scope(
        actor=actor,
        at=AT,
        scope_id="tax-2026",
        requester_id="tax",
        legal_basis=LegalBasis.LEGAL_DUTY,
        purpose_vi="quản lý thuế",
        purpose_en="tax administration",
        ground="Thỏa thuận 1/2026",
        fields=["social_insurance.insured_on_day", "employer.present"],
        from_on=date(2026, 1, 1),
    )
