"""A small world for the engine's tests: a list procedure of our own on real tables, an employer, a clerk, registers that say what a test asks.

Import it inside fixtures or from test modules only: it needs Django set up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from bhxh.access.roles import OfficerRole
from bhxh.dossiers import flows
from bhxh.dossiers.calendar import DaysOff
from bhxh.dossiers.confirmations import file_act
from bhxh.dossiers.facts import DossierView, EidConfirmation, ReceiptView
from bhxh.dossiers.ports import Answer, AnswerKind, IdentityQuery, SourceKind
from bhxh.dossiers.procedure import (
    Case,
    Component,
    Effects,
    EffectsRequest,
    FilerKind,
    Filing,
    FilingLine,
    KnownAs,
    Need,
    Procedure,
    SignatureRule,
    Subject,
    Version,
)
from bhxh.dossiers.queries import get_dossier_by_id
from bhxh.dossiers.receipts import Sender
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis, system_actor
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.decisions import Citation, Decision, Finding, Outcome, Proposal, propose
from bhxh.kernel.errors import Conflict, Sentence, Unavailable
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.registry.commands import record_participations, register_employer, register_persons
from bhxh.registry.facts import IdentityFacts, ParticipationRow, PersonEntry, Provenance
from bhxh.signing.certificates import TrustList
from bhxh.signing.confirmations import Confirmed, Login, Party, PartyKind, Signer, seal_confirmation
from bhxh.signing.key_files import FileKeys
from bhxh.signing.ports import RevocationAnswer

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FRESH_WITHIN_S = 300
SYSTEM = system_actor(name="test", request_id="r0", purpose="operation")
SOURCE = Provenance(source_kind="NATIONAL_DB", source_system="population")
LAW = Citation("Test", is_assumed=True)
TAX_CODE = "0101234565"
SENDER = Sender(agency_code="00101", agency_name="Bảo hiểm xã hội Việt Nam", public_url="https://bhxh.example")


# WHY not `define`: the catalogue holds the product's sentences only.
KNOWN = Sentence("TST-001", "Dân cư xác nhận {pin}.", "The population register confirms {pin}.")
UNKNOWN = Sentence("TST-002", "Chưa hỏi được về {pin}.", "Could not find out about {pin}.")
UNWANTED = Sentence("TST-003", "Dòng này không đạt.", "This line does not comply.")
BUSY = Sentence("TST-004", "Phòng khác từ chối ghi.", "A lower room refuses.")


def document(*wishes: str, period: str = "2026-11", first: int = 1, filer: str = TAX_CODE) -> bytes:
    """A canonical document with one line for each wish: `grant`, `refuse`, `officer` or `poison` (effects refuse it)."""
    lines: list[Json] = [
        {"number": n, "pin": f"001199{first + n - 1:06d}", "wish": wish, "wage_vnd": 10_000_000} for n, wish in enumerate(wishes, 1)
    ]
    return canonical_bytes({"filer": filer, "period": period, "lines": lines})


def read(data: bytes) -> Filing:
    content = orjson.loads(data)
    lines = tuple(
        FilingLine(number=line["number"], pin=line["pin"], content=line, known_as=_known_as(line.get("known_as")))
        for line in content["lines"]
    )
    return Filing(filer_identifier=content["filer"], period=content["period"], lines=lines)


def _known_as(said: list[str] | None) -> KnownAs | None:
    """`[old code, name, birth date]` of a line without a personal number."""
    return KnownAs(numbers=(("SI", said[0]),), full_name=said[1], birth_on=said[2]) if said else None


def needs(filing: Filing, subjects: Mapping[str, Subject]) -> tuple[Need, ...]:
    return (
        Need(register="business", subject=TAX_CODE, why=LAW),
        *(Need(register="population", subject=line.pin, why=LAW) for line in filing.lines),
    )


def judge(case: Case) -> dict[int, Decision]:
    return {line.number: _judge_line(case, line) for line in case.filing.lines}


def _judge_line(case: Case, line: FilingLine) -> Decision:
    answer = case.answers.get(("population", line.pin))
    business = case.answers.get(("business", TAX_CODE))
    is_known = all(given is not None and given.kind is AnswerKind.ANSWERED for given in (answer, business))
    shown: dict[str, Json] = {"pin": line.pin}
    findings = [Finding(KNOWN if is_known else UNKNOWN, Outcome.MET if is_known else Outcome.UNCLEAR, LAW, parameters=shown)]
    if line.content["wish"] == "refuse":
        findings.append(Finding(UNWANTED, Outcome.NOT_MET, LAW))
    if line.content["wish"] == "officer":
        return Decision(Proposal.OFFICER, tuple(findings))
    return propose(findings)


def carry_out(request: EffectsRequest) -> Effects:
    """Register whom nobody knows yet, and state that all of them work for the employer."""
    if any(granted.line.content["wish"] == "poison" for granted in request.lines):
        raise Conflict(BUSY)
    identity = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")
    new = [PersonEntry(identity=identity, pin=Pin(granted.line.pin)) for granted in request.lines if granted.subject is None]
    ids = {granted.line.pin: granted.subject.person_id for granted in request.lines if granted.subject is not None}
    if new:
        ids |= register_persons(actor=request.actor, at=request.at, entries=new, provenance=SOURCE)
    assert request.employer_id is not None
    rows = [
        ParticipationRow(
            person_id=ids[granted.line.pin],
            employer_id=request.employer_id,
            participant_type="1",
            wage_vnd=10_000_000,
            from_month=Month(2026, 11),
        )
        for granted in request.lines
    ]
    record_participations(actor=request.actor, at=request.at, rows=rows, provenance=SOURCE)
    by_line = {granted.line.number: ids[granted.line.pin] for granted in request.lines}
    return Effects(touched_person_ids=tuple(by_line.values()), person_id_by_line=by_line)


PROCEDURE = Procedure(
    slug="test_list",
    code="T-01",
    title_vi="Danh sách thử",
    title_en="Test list",
    law=(LAW,),
    filer=FilerKind.EMPLOYER,
    signature_rules=(SignatureRule(in_force_from=date(2025, 7, 1), needs_certificate=False, citation=LAW),),
    working_days=5,
    is_list=True,
    decides_clean_lines_at_once=True,
    needs_second_officer=True,
    result_title_vi="Quyết định",
    result_title_en="Decision",
    versions=(
        Version(number="1.0", in_force_from=date(2025, 7, 1)),
        Version(number="2.0", in_force_from=date(2027, 1, 1)),
    ),
    components=(
        Component(code="form", title_vi="Tờ khai", title_en="Form", is_mandatory=True),
        Component(
            code="identity", title_vi="Giấy tờ tùy thân", title_en="Identity", is_mandatory=True, made_unnecessary_by=("population",)
        ),
    ),
    signature_profile=None,
    read=read,
    needs=needs,
    known=lambda filing, subjects: {},
    judge=judge,
    effects=carry_out,
)


class Registers:
    """Both registers as one test partner: silent where told, knowing everybody otherwise, counting what it is asked."""

    def __init__(self) -> None:
        self.silent: set[str] = set()
        self.asked: list[str] = []

    def look_up(self, queries: Any) -> Any:
        if isinstance(queries, str):
            return self._answer(queries, "business")
        assert all(isinstance(query, IdentityQuery) for query in queries)
        return [self._answer(query.pin, "population") for query in queries]

    def _answer(self, subject: str, system: str) -> Answer:
        self.asked.append(subject)
        is_silent = subject in self.silent
        return Answer(
            subject=subject,
            kind=AnswerKind.UNAVAILABLE if is_silent else AnswerKind.ANSWERED,
            source_kind=SourceKind.NATIONAL_DB,
            source_system=system,
            fetched_at=AT,
            content={} if is_silent else {"full_name": "Nguyễn Thị Mẫu"},
        )


class SilentRevocation:
    """An authority that cannot be reached."""

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        raise Unavailable(UNKNOWN, pin="")


@dataclass
class World:
    """One employer with a clerk, two officers, keys and ports."""

    employer_id: int
    clerk_id: int
    clerk: Actor
    first_officer: Actor
    second_officer: Actor
    registers: Registers
    receiving: flows.ReceivingPorts
    gathering: flows.GatheringPorts
    delivery: flows.DeliveryPorts
    keys: FileKeys
    deferred: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def confirmed(self, content: bytes, *, at: datetime = AT, slug: str = PROCEDURE.slug) -> Confirmed:
        """What the clerk confirms a minute after signing in."""
        return Confirmed(
            confirmation_id=UUID(int=1),
            act=file_act(slug),
            content_sha256=sha256_hex(content),
            content_bytes=len(content),
            media_type="application/json",
            signer=Signer(account=self.clerk.account, pin="001188000001", full_name="Trần Văn Kế"),
            party=Party(kind=PartyKind.ORGANISATION, identifier=TAX_CODE, right="LEGAL_REPRESENTATIVE"),
            login=login(at - timedelta(minutes=1)),
            fresh_within_s=FRESH_WITHIN_S,
            rule="Test",
            confirmed_at=at,
        )

    def confirmation(self, content: bytes, *, at: datetime = AT, slug: str = PROCEDURE.slug, **other: Any) -> EidConfirmation:
        """The same, sealed; `other` replaces fields."""
        confirmed = replace(self.confirmed(content, at=at, slug=slug), **other)
        return EidConfirmation(sealed=seal_confirmation(confirmed, key=self.receiving.confirmation_key))

    def file(self, *wishes: str, at: datetime = AT, **rest: Any) -> ReceiptView:
        content = rest.pop("document", None) or document(*wishes)
        slug = rest.pop("procedure_slug", PROCEDURE.slug)
        if "confirmation" not in rest:
            rest["confirmation"] = self.confirmation(content, at=at, slug=slug)
        return flows.receive(
            actor=rest.pop("actor", self.clerk),
            at=at,
            procedure_slug=slug,
            channel=rest.pop("channel", "PORTAL"),
            document=content,
            deps=rest.pop("deps", self.receiving),
            **rest,
        )

    def gather(self, dossier_id: UUID, at: datetime = AT) -> flows.GatherOutcome:
        return flows.gather(dossier_id, at, self.gathering)

    def see(self, dossier_id: UUID) -> DossierView:
        return get_dossier_by_id(dossier_id)

    def jobs(self, name: str) -> list[dict[str, object]]:
        return [payload for job, payload in self.deferred if job == name]


def login(at: datetime) -> Login:
    """A level 2 sign-in at that moment."""
    return Login(issuer="https://eid.example", assurance_level=2, authenticated_at=at, session_sha256="5" * 64, device="Firefox, Linux")


def officer(name: str) -> Actor:
    roles = frozenset({OfficerRole.APPRAISER, OfficerRole.APPROVER})
    duty = LegalBasis.LEGAL_DUTY
    return Actor(kind=ActorKind.OFFICER, account=f"officer:{name}", request_id="r1", purpose="queue", legal_basis=duty, roles=roles)


def make_world(folder: Path, deferred: list[tuple[str, dict[str, object]]]) -> World:
    """Register the employer and the clerk by the production's commands."""
    employer_id = register_employer(
        actor=SYSTEM,
        at=AT,
        unit_code="TA0001A",
        tax_code=TAX_CODE,
        name="Công ty TNHH Mẫu",
        agency_code="00101",
        wage_region=1,
        email="ketoan@mau.example",
        provenance=SOURCE,
    )
    identity = IdentityFacts(full_name="Trần Văn Kế", birth_on=date(1988, 2, 3), sex="MALE")
    entries = [PersonEntry(identity=identity, pin=Pin("001188000001"), email="ke@mau.example")]
    [clerk_id] = register_persons(actor=SYSTEM, at=AT, entries=entries, provenance=SOURCE).values()
    keys, registers, silent = FileKeys(folder / "keys", "mof"), Registers(), SilentRevocation()
    clerk = Actor(
        kind=ActorKind.PERSON,
        account="eid:test:clerk",
        request_id="r1",
        purpose=PROCEDURE.slug,
        legal_basis=LegalBasis.LEGAL_DUTY,
        person_id=clerk_id,
        employer_id=employer_id,
        assurance_level=2,
    )
    return World(
        employer_id=employer_id,
        clerk_id=clerk_id,
        clerk=clerk,
        first_officer=officer("mot"),
        second_officer=officer("hai"),
        registers=registers,
        receiving=flows.ReceivingPorts(
            trust=TrustList(()),
            revocation=silent,
            revocation_budget_s=0.5,
            receipt_key=keys.seal_key("receipt"),
            confirmation_key=keys.seal_key("confirmation"),
            fresh_within_s=FRESH_WITHIN_S,
            officer_signs_within_s=8 * 3600,
            dossier_prefix="G12.99.01",
            sender=SENDER,
            days_off=DaysOff(holidays=frozenset({date(2026, 11, 24)})),
        ),
        gathering=flows.GatheringPorts(
            population=registers,
            business=registers,
            trust=TrustList(()),
            revocation=silent,
            revocation_budget_s=0.5,
            decision_key=keys.seal_key("decision"),
            custodian="mof",
            sender=SENDER,
        ),
        delivery=flows.DeliveryPorts(sender=SENDER, custodian="mof"),
        keys=keys,
        deferred=deferred,
    )


def procedures() -> Sequence[Procedure]:
    """The list above, one where lines are decided together, and one that needs a certificate."""
    from bhxh.signing.profiles import HOSO_UNIT

    return (
        PROCEDURE,
        replace(PROCEDURE, slug="test_together", decides_clean_lines_at_once=False),
        replace(
            PROCEDURE,
            slug="test_signed",
            signature_rules=(SignatureRule(in_force_from=date(2025, 7, 1), needs_certificate=True, citation=LAW),),
            signature_profile=HOSO_UNIT,
            read=read_xml,
        ),
    )


def read_xml(data: bytes) -> Filing:
    """The same filing inside `<Hoso><NoiDung>json</NoiDung></Hoso>`."""
    from lxml import etree

    text = etree.fromstring(data).findtext("NoiDung")
    assert text is not None
    return read(text.encode())


def xml_document(*wishes: str) -> bytes:
    return b"<Hoso><NoiDung>" + document(*wishes) + b"</NoiDung></Hoso>"


def states_of(dossier_id: UUID, numbers: Collection[int] | None = None) -> dict[int, str]:
    from bhxh.dossiers.queries import list_all_lines

    return {line.number: line.state.value for line in list_all_lines(dossier_id) if numbers is None or line.number in numbers}
