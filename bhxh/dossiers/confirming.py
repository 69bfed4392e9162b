"""A person's confirmation instead of a certificate, in two steps: what is to be confirmed is kept and shown; then exactly that is confirmed.

Or in one step, where the sender composed the content in the same request. Either way the installation seals what was confirmed by whom,
how freshly signed in, and files by that seal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bhxh.dossiers import catalogue, drafts, flows, queries
from bhxh.dossiers.confirmations import confirmable_content, file_act, media_type_of
from bhxh.dossiers.errors import DOS_SIGNATURE_MISSING
from bhxh.dossiers.facts import Channel, EidConfirmation, ReceiptView, SourceDocument, WhyAtCounter
from bhxh.dossiers.filing import ReceivingPorts, owner_of
from bhxh.dossiers.procedure import Procedure
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Invalid
from bhxh.kernel.ids import uuid7
from bhxh.registry.queries import get_employer, get_person
from bhxh.signing.confirmations import Confirmed, Login, Party, PartyKind, Signer, SignerKind, check_content, seal_confirmation
from bhxh.signing.xades import PreparedSignature
from bhxh.warehouse.store import read_blob, store_blob

_DRAFT_LIFE: Final = timedelta(days=7)  # LIMIT: what is not confirmed within a week is prepared anew, as unsigned documents are


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """Who confirms and how they are signed in; told by the door that proved it."""

    signer: Signer
    login: Login
    right: str = ""
    """What lets them act for the party: a relation, a mandate's role; empty for oneself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToConfirm:
    """What is shown before it is confirmed."""

    draft_id: UUID
    procedure_slug: str
    content: bytes
    expires_at: datetime

    @property
    def sha256(self) -> str:
        """What the person's confirmation must name."""
        return sha256_hex(self.content)

    @property
    def media_type(self) -> str:
        """JSON or XML."""
        return media_type_of(self.content)


def prepare_confirmation(
    *,
    actor: Actor,
    at: datetime,
    procedure_slug: str,
    document: bytes,
    source: SourceDocument | None = None,
    confirmed_repairs: frozenset[int] = frozenset(),
) -> ToConfirm:
    """Keep what is to be confirmed, for a week. Raises Invalid DOS-005 where only a certificate will do, and what the procedure's reading raises."""
    procedure = catalogue.get(procedure_slug)
    _check_rule(procedure, at)
    content = confirmable_content(document, procedure)
    procedure.read(content)
    owner = owner_of(employer_id=actor.employer_id, person_id=actor.for_person_id)
    draft_id = drafts.keep_draft(
        actor=actor,
        at=at,
        procedure_slug=procedure_slug,
        prepared=PreparedSignature(xml=content, to_sign=b"", certificate=b""),
        source_sha256=store_blob(source.content, owner=owner) if source else "",
        source_name=source.name if source else "",
        source_media_type=source.media_type if source else "",
        confirmed_repairs=confirmed_repairs,
        expires_at=at + _DRAFT_LIFE,
    )
    return ToConfirm(draft_id=draft_id, procedure_slug=procedure_slug, content=content, expires_at=at + _DRAFT_LIFE)


def show_to_confirm(*, actor: Actor, at: datetime, draft_id: UUID) -> ToConfirm:
    """What a draft of the filer's holds, to be looked at before it is confirmed. Raises NotFound DOS-019."""
    draft = drafts.get_draft(draft_id, at=at, actor=actor, is_to_confirm=True)
    return ToConfirm(draft_id=draft_id, procedure_slug=draft.procedure_slug, content=draft.prepared, expires_at=draft.expires_at)


def confirm(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    content_sha256: str,
    signatory: Signatory,
    channel: Channel | str,
    items: Sequence[tuple[str, UUID]] = (),
    deps: ReceivingPorts,
) -> ReceiptView:
    """File a prepared document by the confirmation of whoever was shown it: `content_sha256` says what they saw. Each draft is filed once.

    Raises: NotFound DOS-019; Invalid SIG-073 (they saw something else), DOS-005; NotAllowed SIG-070, SIG-071, DOS-040; the draft stays.
    """
    draft = drafts.get_draft(draft_id, at=at, actor=actor, is_to_confirm=True)
    check_content(draft.prepared, content_sha256)
    source = None
    if draft.source_sha256:
        source = SourceDocument(content=read_blob(draft.source_sha256), name=draft.source_name, media_type=draft.source_media_type)
    return confirm_document(
        actor=actor,
        at=at,
        procedure_slug=draft.procedure_slug,
        document=draft.prepared,
        signatory=signatory,
        channel=channel,
        idempotency_key=f"draft:{draft_id}",
        source=source,
        confirmed_repairs=draft.confirmed_repairs,
        items=items,
        deps=deps,
    )


def confirm_document(
    *,
    actor: Actor,
    at: datetime,
    procedure_slug: str,
    document: bytes,
    signatory: Signatory,
    channel: Channel | str,
    idempotency_key: str = "",
    source: SourceDocument | None = None,
    confirmed_repairs: frozenset[int] = frozenset(),
    at_counter: WhyAtCounter | None = None,
    items: Sequence[tuple[str, UUID]] = (),
    deps: ReceivingPorts,
) -> ReceiptView:
    """Seal the confirmation of this document and file by it. The same again gives the first receipt and seals nothing more."""
    procedure = catalogue.get(procedure_slug)
    _check_rule(procedure, at)
    content = confirmable_content(document, procedure)
    key = idempotency_key or sha256_hex(content)
    filed = queries.find_filed_under(filer=drafts.filer_of(actor), idempotency_key=key)
    if filed is not None and queries.get_dossier_by_id(filed.dossier_id).canonical_sha256 == sha256_hex(content):
        return filed
    act = file_act(procedure_slug)
    sealed = seal_what_was_shown(actor=actor, at=at, act=act, slug=procedure_slug, content=content, signatory=signatory, deps=deps)
    return flows.receive(
        actor=actor,
        at=at,
        procedure_slug=procedure_slug,
        channel=channel,
        document=content,
        source=source,
        idempotency_key=key,
        confirmed_repairs=confirmed_repairs,
        confirmation=EidConfirmation(sealed=sealed),
        at_counter=at_counter,
        items=items,
        deps=deps,
    )


def seal_what_was_shown(
    *, actor: Actor, at: datetime, act: str, slug: str, content: bytes, signatory: Signatory, deps: ReceivingPorts
) -> bytes:
    """The signatory's confirmation of these bytes, for one act under one procedure. Raises NotAllowed SIG-070, SIG-071."""
    is_officers = signatory.signer.kind is SignerKind.OFFICER
    confirmed = Confirmed(
        confirmation_id=uuid7(at),
        act=act,
        content_sha256=sha256_hex(content),
        content_bytes=len(content),
        media_type=media_type_of(content),
        signer=signatory.signer,
        party=_party(actor, signatory.right),
        login=signatory.login,
        fresh_within_s=deps.officer_signs_within_s if is_officers else deps.fresh_within_s,
        rule=str(catalogue.get(slug).signature_rule(day_in_vietnam(at)).citation),
        confirmed_at=at,
    )
    return seal_confirmation(confirmed, key=deps.confirmation_key)


def _check_rule(procedure: Procedure, at: datetime) -> None:
    if procedure.signature_rule(day_in_vietnam(at)).needs_certificate:
        raise Invalid(DOS_SIGNATURE_MISSING)


def _party(actor: Actor, right: str) -> Party:
    if actor.employer_id is not None:
        return Party(kind=PartyKind.ORGANISATION, identifier=get_employer(actor.employer_id).tax_code, right=right)
    if actor.on_behalf_of_person_id is not None:
        return Party(kind=PartyKind.PERSON, identifier=get_person(actor.on_behalf_of_person_id).pin, right=right)
    return Party(kind=PartyKind.SELF)
