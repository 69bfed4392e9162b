"""What takes a dossier from the door to the returned result. Flows may wait for partners and hold no transaction.

`receive` and the two-phase signing stand here; `gather`, `approve`, `deliver` and `report` are taken in from their modules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.db import IntegrityError

from bhxh.dossiers import answering, catalogue, commands, counter_commands, drafts, list_checks, queries, supplement_commands
from bhxh.dossiers.delivering import DeliveryPorts, deliver, report
from bhxh.dossiers.errors import DOS_SIGNATURE_MISSING
from bhxh.dossiers.facts import Attachment, Channel, Confirmation, ReceiptView, SourceDocument, Supplied, WhyAtCounter
from bhxh.dossiers.filing import ReceivingPorts, owner_of, read_intake
from bhxh.dossiers.gathering import GatheringPorts, GatherOutcome, approve, gather
from bhxh.dossiers.papers import papers_of, read_papers
from bhxh.dossiers.policies import check_filer
from bhxh.dossiers.procedure import Procedure
from bhxh.dossiers.queries import get_dossier_by_id
from bhxh.dossiers.receipts import Sender
from bhxh.dossiers.signatures import judge_attached, kept_attached
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.notices.queries import list_handed_over
from bhxh.signing.jws import PreparedJson, complete_json, prepare_json
from bhxh.signing.xades import PreparedSignature, complete_signature, prepare_signature
from bhxh.signing.xades_signing import without_signature
from bhxh.signing.xml_door import parse_xml, signed_form
from bhxh.warehouse.store import read_blob, store_blob

__all__ = [
    "DeliveryPorts",
    "GatherOutcome",
    "GatheringPorts",
    "PreparedDraft",
    "ReceivingPorts",
    "answer_supplement",
    "approve",
    "complete",
    "deliver",
    "find_filed",
    "gather",
    "key_of",
    "prepare",
    "prepare_anew",
    "receive",
    "report",
    "sweep",
]

_RECEIPTS_LOOKED_BACK = timedelta(hours=24)
"""LIMIT: a receipt's hand-over that was not noted by the job that sent it is noted within this time, or never."""
_DRAFT_LIFE = timedelta(days=7)  # LIMIT: an unsigned document waits a week for its signature


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDraft:
    """What the key outside must sign."""

    draft_id: UUID
    to_sign: bytes
    expires_at: datetime


def receive(
    *,
    actor: Actor,
    at: datetime,
    procedure_slug: str,
    channel: Channel | str,
    document: bytes,
    source: SourceDocument | None = None,
    idempotency_key: str = "",
    confirmed_repairs: frozenset[int] = frozenset(),
    portal_reference: str = "",
    attachments: Sequence[Attachment] = (),
    items: Sequence[tuple[str, UUID]] = (),
    confirmation: Confirmation | None = None,
    at_counter: WhyAtCounter | None = None,
    deps: ReceivingPorts,
) -> ReceiptView:
    """Take a filing in: proof, reading, filer, completeness; then file it in one transaction. The answer is given after the commit.

    Shape:  `document` is the signed XML, or, where the rule in force asks for no certificate, the canonical document with a
            `confirmation`. `items` are papers of the filer's warehouse, each with the component it is for: nothing is sent again
            (R-041). Without an idempotency key the content itself is the key. The same filing again, also at the same moment, gives
            the first receipt.
    Raises: Invalid, NotAllowed, NotFound, Conflict: nothing was filed.
    """
    intake = read_intake(
        actor=actor,
        at=at,
        procedure=catalogue.get(procedure_slug),
        channel=Channel(channel),
        document=document,
        source=source,
        attachments=attachments,
        items=items,
        confirmation=confirmation,
        idempotency_key=idempotency_key,
        confirmed_repairs=confirmed_repairs,
        portal_reference=portal_reference,
        at_counter=at_counter,
        deps=deps,
    )
    try:
        return commands.file(
            actor=actor, at=at, intake=intake, prefix=deps.dossier_prefix, sender=deps.sender, receipt_key=deps.receipt_key
        )
    except (commands.AlreadyFiledError, IntegrityError) as error:
        try:
            return commands.repeat(actor=actor, at=at, intake=intake)
        except NotFound:
            raise error from None


def prepare(
    *,
    actor: Actor,
    at: datetime,
    procedure_slug: str,
    canonical: bytes,
    certificate: bytes,
    source: SourceDocument | None = None,
    confirmed_repairs: frozenset[int] = frozenset(),
    is_own: bool = False,
) -> PreparedDraft:
    """First phase of signing: keep the canonical document with an empty signature; the filer's key stays outside.

    Shape: `is_own` says that the procedure itself wrote the document a moment ago, so that it need not be read to be proved.
    """
    procedure = catalogue.get(procedure_slug)
    prepared = _prepared(procedure, canonical, certificate, at)
    if not is_own:
        procedure.read(canonical)
    owner = owner_of(employer_id=actor.employer_id, person_id=actor.for_person_id)
    draft_id = drafts.keep_draft(
        actor=actor,
        at=at,
        procedure_slug=procedure_slug,
        prepared=prepared,
        source_sha256=store_blob(source.content, owner=owner) if source else "",
        source_name=source.name if source else "",
        source_media_type=source.media_type if source else "",
        confirmed_repairs=confirmed_repairs,
        expires_at=at + _DRAFT_LIFE,
    )
    return PreparedDraft(draft_id=draft_id, to_sign=prepared.to_sign, expires_at=at + _DRAFT_LIFE)


def prepare_anew(*, actor: Actor, at: datetime, draft_id: UUID, certificate: bytes = b"") -> PreparedDraft:
    """The content of a draft prepared once more, for a week from now, and for another certificate where one is given.

    Shape:  the draft itself stays as it is: a value made for it may be on its way.
    Raises: NotFound DOS-019; Invalid SIG-027, SIG-032.
    """
    draft = drafts.get_draft(draft_id, at=at, actor=actor, is_late_too=True)
    profile = catalogue.get(draft.procedure_slug).signature_profile
    return prepare(
        actor=actor,
        at=at,
        procedure_slug=draft.procedure_slug,
        canonical=draft.prepared if profile is None else without_signature(draft.prepared, profile=profile),
        certificate=certificate or draft.certificate,
        source=_source_of(draft),
        confirmed_repairs=draft.confirmed_repairs,
        is_own=True,
    )


def complete(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    signature: bytes,
    channel: Channel | str,
    idempotency_key: str = "",
    portal_reference: str = "",
    items: Sequence[tuple[str, UUID]] = (),
    deps: ReceivingPorts,
) -> ReceiptView:
    """Second phase: put the signature value in, verify and file. The draft stays, so a lost answer can be asked for again.

    Raises: NotFound DOS-019; Conflict DOS-046 (too late); Invalid SIG-031 (not this certificate's over this document); what `receive` raises.
    """
    draft = drafts.get_draft(draft_id, at=at, actor=actor)
    return receive(
        actor=actor,
        at=at,
        procedure_slug=draft.procedure_slug,
        channel=channel,
        document=_completed(draft, signature),
        source=_source_of(draft),
        idempotency_key=idempotency_key or key_of(draft_id),
        confirmed_repairs=draft.confirmed_repairs,
        portal_reference=portal_reference,
        items=items,
        deps=deps,
    )


def key_of(draft_id: UUID) -> str:
    """Under which idempotency key a draft is filed where its filer names none."""
    return f"draft:{draft_id}"


def _prepared(procedure: Procedure, canonical: bytes, certificate: bytes, at: datetime) -> PreparedSignature:
    if procedure.signature_profile is not None:
        return prepare_signature(canonical, profile=procedure.signature_profile, certificate=certificate, at=at)
    if procedure.json_profile is None:
        raise Invalid(DOS_SIGNATURE_MISSING)
    prepared = prepare_json(canonical, certificate=certificate, at=at)
    return PreparedSignature(xml=canonical, to_sign=prepared.to_sign, certificate=prepared.certificate)


def _completed(draft: drafts.DraftView, signature: bytes) -> bytes:
    profile = catalogue.get(draft.procedure_slug).json_profile
    if profile is None:
        return complete_signature(PreparedSignature(xml=draft.prepared, to_sign=draft.to_sign, certificate=draft.certificate), signature)
    # WHY from what is signed: header and content stand in it, so nothing kept beside it can differ.
    protected, _, payload = draft.to_sign.decode("ascii").partition(".")
    return complete_json(PreparedJson(protected, payload, draft.certificate), signature, profile=profile)


def _source_of(draft: drafts.DraftView) -> SourceDocument | None:
    if not draft.source_sha256:
        return None
    return SourceDocument(content=read_blob(draft.source_sha256), name=draft.source_name, media_type=draft.source_media_type)


def find_filed(*, employer_id: int, procedure_slug: str, period: str, canonical: bytes) -> ReceiptView | None:
    """The receipt of an employer's list that was filed before with the content of this unsigned document; None where none was."""
    profile = catalogue.get(procedure_slug).signature_profile
    if profile is None:
        raise Invalid(DOS_SIGNATURE_MISSING)
    content = signed_form(parse_xml(canonical, maximum_bytes=profile.maximum_bytes))
    return queries.find_filed(employer_id=employer_id, procedure_slug=procedure_slug, period=period, canonical_sha256=sha256_hex(content))


def answer_supplement(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    attachments: Sequence[Attachment],
    deps: ReceivingPorts,
    row_version: int | None = None,
    items: Sequence[tuple[str, UUID]] = (),
) -> bool:
    """The filer supplies what was asked; the files reach the disk before the row says so. False where the same arrived before.

    Shape:  `items` are of the filer's warehouse, each with the component it is for: nothing is sent again (R-041).
    Raises: NotFound WAR-005; Invalid DOS-033, WAR-004, SIG-081; and what the command raises.
    """
    dossier = get_dossier_by_id(dossier_id)
    # WHY asked before the files are kept: nobody else's bytes belong on the disk.
    check_filer(actor, employer_id=dossier.employer_id, person_id=dossier.person_id)
    owner = owner_of(employer_id=dossier.employer_id, person_id=dossier.person_id)
    papers = papers_of(owner, items)
    return supplement_commands.answer_supplement(
        actor=actor,
        at=at,
        dossier_id=dossier_id,
        documents=[
            *(Supplied(one.code, one.media_type, store_blob(one.content, owner=owner)) for one in attachments),
            *papers,
        ],
        working_days=catalogue.get(dossier.procedure_slug).working_days,
        days_off=deps.days_off,
        signatures=kept_attached(judge_attached(chain(attachments, read_papers(owner, papers)), at=at, checks=deps)),
        row_version=row_version,
    )


def sweep(at: datetime, *, sender: Sender) -> int:
    """Ask again for what should have moved, stop what was not supplied in time, drop expired drafts, note receipts that went out.

    WHY each asks first: a command writes the log, and a quiet minute must leave it as it is.
    """
    actor = system_actor(name="dossiers", request_id=f"sweep-{at:%Y%m%d%H%M%S}", purpose="operation")
    woken = commands.wake(actor=actor, at=at) if queries.is_something_asleep(at) else 0
    if queries.is_a_supplement_late(at):
        supplement_commands.lapse_supplements(actor=actor, at=at, sender=sender)
    if counter_commands.is_a_reminder_due(at):
        counter_commands.remind(actor=actor, at=at, sender=sender)
    if drafts.is_one_expired(at):
        drafts.drop_expired(actor=actor, at=at)
    if answering.is_one_forgotten(at):
        answering.drop_forgotten(actor=actor, at=at)
    if list_checks.is_a_check_expired(at):
        list_checks.drop_expired_checks(actor=actor, at=at)
    sent = {letter.dossier_id: letter.sent_at for letter in list_handed_over(kind="receipt", since=at - _RECEIPTS_LOOKED_BACK)}
    for dossier_id in queries.list_without_receipt_time([dossier_id for dossier_id in sent if dossier_id is not None]):
        commands.mark_receipt_sent(actor=actor, at=sent[dossier_id], dossier_id=dossier_id)
    return woken
