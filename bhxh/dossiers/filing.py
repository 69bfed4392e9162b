"""From bytes at a door to a filing ready to be written: proof, reading, filer, completeness. No transaction is open here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from bhxh.dossiers.calendar import DaysOff, due_on
from bhxh.dossiers.components import check_component, resolve
from bhxh.dossiers.confirmations import Opened, check_confirmed, media_type_of, open_confirmed
from bhxh.dossiers.errors import DOS_FILER_UNKNOWN, DOS_LINE_NUMBERS, DOS_NO_LINES
from bhxh.dossiers.facts import Attachment, Channel, Confirmation, Filer, Intake, Proof, SourceDocument, Supplied, WhyAtCounter
from bhxh.dossiers.papers import papers_of, read_papers
from bhxh.dossiers.policies import check_document_filer, check_other_signer, check_signer
from bhxh.dossiers.procedure import FilerKind, Filing, Procedure
from bhxh.dossiers.receipts import Sender
from bhxh.dossiers.signatures import judge_attached, kept_attached, open_signed
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import EmployerCode, Pin, TaxCode
from bhxh.registry.queries import EmployerSummary, PersonSummary, find_employer, find_person, get_person
from bhxh.signing.certificates import TrustList
from bhxh.signing.ports import RevocationSource, SealKey
from bhxh.warehouse.owners import INSTALLATION, Owner
from bhxh.warehouse.store import store_blob


@dataclass(frozen=True, kw_only=True)
class ReceivingPorts:
    """What receiving needs of the outside and of this installation."""

    trust: TrustList
    revocation: RevocationSource
    revocation_budget_s: float
    receipt_key: SealKey
    confirmation_key: SealKey
    fresh_within_s: int
    """How long after signing in an account may confirm instead of signing."""
    officer_signs_within_s: int
    """How long after signing in an officer may sign at the counter: a shift."""
    dossier_prefix: str
    sender: Sender
    days_off: DaysOff
    agency_tax_code: str = ""
    """Tax code in the receiving agency's own certificate; empty: nobody signs as the agency."""
    sources_off: frozenset[str] = frozenset()
    """Registers announced as unavailable: what they would replace is demanded again (R-045)."""


def read_intake(
    *,
    actor: Actor,
    at: datetime,
    procedure: Procedure,
    channel: Channel,
    document: bytes,
    source: SourceDocument | None,
    attachments: Sequence[Attachment],
    items: Sequence[tuple[str, UUID]],
    confirmation: Confirmation | None,
    idempotency_key: str,
    confirmed_repairs: frozenset[int],
    portal_reference: str,
    at_counter: WhyAtCounter | None,
    deps: ReceivingPorts,
) -> Intake:
    """Check everything that can be checked before filing, and put the bytes on the disk.

    Raises: Invalid or NotAllowed; nothing is filed then, and the sender keeps the draft.
    """
    if confirmation is None:
        opened = open_signed(procedure, document, at=at, checks=deps)
    else:
        opened = open_confirmed(procedure=procedure, document=document, confirmation=confirmation, at=at, key=deps.confirmation_key)
    filing = procedure.read(opened.signed_content)
    _check_lines(filing)
    filer = _resolve_filer(actor, procedure, filing, opened)
    _check_others(opened, filing, deps)
    owner = owner_of(employer_id=filer.employer_id, person_id=filer.person_id)
    for code, _ in items:
        check_component(procedure, code)
    papers = papers_of(owner, items)
    signed_attachments = judge_attached(chain(attachments, read_papers(owner, papers)), at=at, checks=deps)
    document_sha256, canonical_sha256 = store_blob(document, owner=owner), store_blob(opened.signed_content, owner=owner)
    if opened.sealed:
        store_blob(opened.sealed, owner=owner)  # its digest stands in the proof
    sent = [Supplied(one.code, one.media_type, store_blob(one.content, owner=owner)) for one in attachments]
    media_type = media_type_of(opened.signed_content)
    return Intake(
        procedure_slug=procedure.slug,
        procedure_version=procedure.version(day_in_vietnam(at)).number,
        channel=channel,
        filer=filer,
        filing=filing,
        canonical_sha256=canonical_sha256,
        document_sha256=document_sha256,
        source_sha256=store_blob(source.content, owner=owner) if source else "",
        source_name=source.name if source else "",
        source_media_type=source.media_type if source else "",
        confirmed_repairs=confirmed_repairs,
        idempotency_key=idempotency_key or canonical_sha256,
        portal_reference=portal_reference,
        proof=_with_attached(opened.proof, kept_attached(signed_attachments)),
        at_counter=at_counter,
        components=resolve(
            procedure,
            form_sha256=document_sha256,
            form_media_type=media_type,
            supplied=(*sent, *papers),
            at=at,
            sources_off=deps.sources_off,
        ),
        office=str(filer.facts.get("agency_code") or deps.sender.agency_code),
        office_name=deps.sender.agency_name,
        due_on=due_on(at, procedure.working_days, deps.days_off),
    )


def owner_of(*, employer_id: int | None, person_id: int | None) -> Owner:
    """Whose warehouse a dossier's files belong to: its filer's."""
    if employer_id is not None:
        return Owner("employer", employer_id)
    return INSTALLATION if person_id is None else Owner("person", person_id)


def employer_facts(employer: EmployerSummary) -> dict[str, Json]:
    """An employer as the pure rules see it."""
    return {name: value for name, value in asdict(employer).items() if isinstance(value, int | str)}


def _with_attached(proof: Proof, attached: Mapping[str, Json]) -> Proof:
    return replace(proof, facts={**proof.facts, "attached": attached}) if attached else proof


def _check_lines(filing: Filing) -> None:
    if not filing.lines:
        raise Invalid(DOS_NO_LINES)
    numbers = [line.number for line in filing.lines]
    if len(set(numbers)) != len(numbers) or min(numbers) < 1:
        raise Invalid(DOS_LINE_NUMBERS)


def _resolve_filer(actor: Actor, procedure: Procedure, filing: Filing, opened: Opened) -> Filer:
    """Who the document says is filing, held against the account and the proof."""
    acting_pin = get_person(actor.person_id).pin if actor.person_id is not None else ""
    if procedure.filer is FilerKind.EMPLOYER:
        employer = _find_employer(filing.filer_identifier)
        check_document_filer(actor, employer_id=employer.employer_id, person_id=None)
        facts = employer_facts(employer)
        filer = Filer(
            employer_id=employer.employer_id,
            person_id=None,
            name=employer.name,
            masked_id=employer.tax_code,
            email=employer.email,
            facts=facts,
        )
        person_pin = ""
    else:
        person = _find_person(filing.filer_identifier)
        check_document_filer(actor, employer_id=None, person_id=person.person_id)
        facts, person_pin = {}, person.pin
        filer = Filer(
            employer_id=None, person_id=person.person_id, name=person.full_name, masked_id=Pin(person.pin).masked, email=person.email
        )
    if opened.signer is not None:
        signer = opened.signer
        check_signer(
            serial=signer.serial, tax_code=signer.tax_code, pin=signer.pin, employer=facts, acting_pin=acting_pin, person_pin=person_pin
        )
    else:
        check_confirmed(opened, actor=actor, filer=filer, acting_pin=acting_pin, person_pin=person_pin)
    return filer


def _check_others(opened: Opened, filing: Filing, deps: ReceivingPorts) -> None:
    listed = {line.pin for line in filing.lines if line.pin} if opened.others else set()
    for role, signer in opened.others.items():
        check_other_signer(
            role,
            serial=signer.serial,
            tax_code=signer.tax_code,
            pin=signer.pin,
            listed_pins=listed,
            agency_tax_code=deps.agency_tax_code,
        )


def _find_employer(identifier: str) -> EmployerSummary:
    tax_code = TaxCode.try_parse(identifier)
    found = find_employer(tax_code=tax_code) if tax_code else None
    unit_code = EmployerCode.try_parse(identifier)
    found = found or (find_employer(unit_code=unit_code) if unit_code else None)
    if found is None:
        raise Invalid(DOS_FILER_UNKNOWN)
    return found


def _find_person(identifier: str) -> PersonSummary:
    found = find_person("PIN", identifier)
    if found is None:
        raise Invalid(DOS_FILER_UNKNOWN)
    return get_person(found.person_id)
