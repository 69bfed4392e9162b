"""Prepared documents that wait for their signature, or for their filer's confirmation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from bhxh.audit.commands import command, record
from bhxh.dossiers.errors import DOS_DRAFT_EXPIRED, DOS_NO_DRAFT
from bhxh.dossiers.models import Draft
from bhxh.dossiers.policies import FILING
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import shown
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.who import SYSTEM
from bhxh.signing.xades import PreparedSignature

KEPT_AFTER_EXPIRY: Final = timedelta(days=23)
"""LIMIT: thirty days in all. A document whose signature came too late can be prepared anew without being filled in again."""
ASKED_FOR: Final = timedelta(minutes=15)
"""LIMIT: a holder who has not answered on their device by then is asked anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A prepared document as it was kept."""

    draft_id: UUID
    procedure_slug: str
    prepared: bytes
    to_sign: bytes
    certificate: bytes
    source_sha256: str
    source_name: str
    source_media_type: str
    confirmed_repairs: frozenset[int]
    expires_at: datetime
    remote_request: str
    """The question that stands open at a remote signing service; empty without one."""
    remote_asked_at: datetime | None


@command(by=FILING)
def keep_draft(
    *,
    actor: Actor,
    at: datetime,
    procedure_slug: str,
    prepared: PreparedSignature,
    source_sha256: str,
    source_name: str,
    source_media_type: str,
    confirmed_repairs: frozenset[int],
    expires_at: datetime,
) -> UUID:
    """Keep a prepared document for its filer."""
    draft_id = uuid7(at)
    Draft.objects.create(
        draft_id=draft_id,
        filer=filer_of(actor),
        account=actor.account,
        procedure_slug=procedure_slug,
        prepared=prepared.xml,
        to_sign=prepared.to_sign,
        certificate=prepared.certificate,
        source_sha256=source_sha256,
        source_name=source_name,
        source_media_type=source_media_type,
        confirmed_repairs=sorted(confirmed_repairs),
        prepared_at=at,
        expires_at=expires_at,
    )
    record(actor=actor, at=at, verb="dossiers.draft.keep", detail={"draft": str(draft_id), "procedure": procedure_slug})
    return draft_id


@command(by=SYSTEM)
def drop_expired(*, actor: Actor, at: datetime) -> int:
    """Delete drafts past their day; those that waited for a signature some weeks later."""
    dropped, _ = Draft.objects.filter(_past_use(at)).delete()
    record(actor=actor, at=at, verb="dossiers.draft.drop_expired", detail={"dropped": dropped})
    return dropped


def is_one_expired(at: datetime) -> bool:
    """Whether there is a draft to drop."""
    return Draft.objects.filter(_past_use(at)).exists()


def _past_use(at: datetime) -> Q:
    return Q(to_sign=b"", expires_at__lte=at) | Q(expires_at__lte=at - KEPT_AFTER_EXPIRY)


def size_of_draft(draft_id: UUID, *, actor: Actor) -> int:
    """Bytes of the actor's own prepared document; 0 where there is none."""
    draft = Draft.objects.filter(draft_id=draft_id, filer=filer_of(actor)).annotate(size=Length("prepared"))
    return draft.values_list("size", flat=True).first() or 0


def procedure_of_draft(draft_id: UUID, *, actor: Actor) -> str:
    """Slug of the procedure of the actor's own prepared document; empty where there is none."""
    return Draft.objects.filter(draft_id=draft_id, filer=filer_of(actor)).values_list("procedure_slug", flat=True).first() or ""


def get_draft(draft_id: UUID, *, at: datetime, actor: Actor, is_to_confirm: bool = False, is_late_too: bool = False) -> DraftView:
    """The actor's own draft that waits for a signature, or for a confirmation.

    Raises: NotFound DOS-019, also for another filer's; Conflict DOS-046 where a signature came too late and the content is still there.
    """
    own = Draft.objects.filter(draft_id=draft_id, filer=filer_of(actor))
    row = (own.filter(to_sign=b"", expires_at__gt=at) if is_to_confirm else own.exclude(to_sign=b"")).first()
    if row is None or row.expires_at + KEPT_AFTER_EXPIRY <= at:
        raise NotFound(DOS_NO_DRAFT)
    if row.expires_at <= at and not is_late_too:
        raise Conflict(DOS_DRAFT_EXPIRED, expired_on=shown(row.expires_at), kept_until=shown(row.expires_at + KEPT_AFTER_EXPIRY))
    return DraftView(
        draft_id=row.draft_id,
        procedure_slug=row.procedure_slug,
        prepared=bytes(row.prepared),
        to_sign=bytes(row.to_sign),
        certificate=bytes(row.certificate),
        source_sha256=row.source_sha256,
        source_name=row.source_name,
        source_media_type=row.source_media_type,
        confirmed_repairs=frozenset(row.confirmed_repairs),
        expires_at=row.expires_at,
        remote_request=row.remote_request,
        remote_asked_at=row.remote_asked_at,
    )


@command(by=FILING)
def keep_question(*, actor: Actor, at: datetime, draft_id: UUID, request_id: str) -> datetime:
    """Note which question about a draft the holder was asked, and when. One that stands open already is kept: the first counts.

    Raises: NotFound DOS-019.
    """
    row = _lock_own(draft_id, actor)
    if not row.remote_request or row.remote_asked_at is None or row.remote_asked_at + ASKED_FOR <= at:
        row.remote_request, row.remote_asked_at = request_id, at
        row.save(update_fields=["remote_request", "remote_asked_at"])
    record(actor=actor, at=at, verb="dossiers.draft.ask_holder", detail={"draft": str(draft_id)})
    return row.remote_asked_at


@command(by=FILING)
def close_question(*, actor: Actor, at: datetime, draft_id: UUID, request_id: str, why: str) -> None:
    """Forget a question that the holder declined or left unanswered, so that they can be asked anew. Raises NotFound DOS-019."""
    row = _lock_own(draft_id, actor)
    if row.remote_request == request_id:
        row.remote_request, row.remote_asked_at = "", None
        row.save(update_fields=["remote_request", "remote_asked_at"])
    record(actor=actor, at=at, verb="dossiers.draft.close_question", detail={"draft": str(draft_id), "why": why})


def _lock_own(draft_id: UUID, actor: Actor) -> Draft:
    row = Draft.objects.select_for_update().filter(draft_id=draft_id, filer=filer_of(actor)).first()
    if row is None:
        raise NotFound(DOS_NO_DRAFT)
    return row


def filer_of(actor: Actor) -> str:
    """Whose drafts and dossiers the actor's are, as `Filer.key` has it."""
    return f"employer:{actor.employer_id}" if actor.employer_id is not None else f"person:{actor.for_person_id}"


def find_to_sign(draft_id: UUID, *, at: datetime, actor: Actor) -> tuple[DraftView, bool]:
    """The actor's own draft and whether it waits to be confirmed, not signed. Also one whose week is over: it can be prepared anew.

    Raises: NotFound DOS-019.
    """
    try:
        return get_draft(draft_id, at=at, actor=actor, is_late_too=True), False
    except NotFound:
        return get_draft(draft_id, at=at, actor=actor, is_to_confirm=True), True
