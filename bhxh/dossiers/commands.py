"""The engine's verbs on a whole dossier: file, begin, withdraw, stop, return.

The verbs on its lines (evidence, verdicts, appraisal, approval) stand in `line_commands.py`, supplements in `supplement_commands.py`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from bhxh.access.mandate_queries import check_still_in_force
from bhxh.audit.commands import command, record
from bhxh.dossiers import catalogue
from bhxh.dossiers.counter_commands import note_counter_filing
from bhxh.dossiers.errors import (
    DOS_ALREADY_DECIDED,
    DOS_KEY_REUSED,
    DOS_NO_DOSSIER,
    DOS_REASON_MISSING,
    DOS_SIGNATURE_PENDING,
)
from bhxh.dossiers.facts import Intake, ReceiptView
from bhxh.dossiers.models import Dossier, SuppliedComponent
from bhxh.dossiers.own_cases import check_not_own
from bhxh.dossiers.policies import DECIDING_OFFICERS, FILERS, FILING, check_filer
from bhxh.dossiers.queries import receipt_view
from bhxh.dossiers.receipts import RECEIPT_LIMIT, RECEIPT_TYPE, Sender, compose_receipt, receipt_context, seal_document
from bhxh.dossiers.records import (
    SWEEP_AFTER,
    check_version,
    defer_delivery,
    defer_gather,
    insert_lines,
    lock_dossier,
    move,
    require_state,
    save,
    should_have_moved,
)
from bhxh.dossiers.states import State
from bhxh.dossiers.telling import tell, write_letter
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid, NotFound
from bhxh.kernel.identifiers import DossierCode
from bhxh.kernel.ids import uuid7
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM
from bhxh.notices.letters import LetterKind, LetterReason
from bhxh.signing.ports import SealKey

_WAKE_LIMIT = 500  # LIMIT: dossiers woken in one sweep; the next one takes the rest
_WAKE_LEASE = timedelta(minutes=5)


class AlreadyFiledError(Exception):
    """Another request filed the same while this one was being written. Everything of this one is rolled back."""


@command(by=FILING)
def file(*, actor: Actor, at: datetime, intake: Intake, prefix: str, sender: Sender, receipt_key: SealKey) -> ReceiptView:
    """File a dossier and receive it: one transaction, after which nothing about it can be lost.

    Shape:  the lines are written first and the serial is taken late, so that the office's serial is held only for the few
            statements before the commit. The receipt is sealed inside: its code is known only there, and a serial without
            a dossier would be a gap.
    Raises: AlreadyFiledError where the same filing is there; django.db.IntegrityError where it was committed meanwhile (the
            table knows one per key and one per content). `repeat` then answers. NotAllowed ACC-101 where the mandate ended meanwhile.
    """
    # WHY again: a long list is minutes under way from the door to here, and a revoked mandate is revoked at once.
    check_still_in_force(actor, at)
    procedure = catalogue.get(intake.procedure_slug)
    if _find_same(intake) is not None:
        raise AlreadyFiledError
    dossier_id = uuid7(at)
    insert_lines(dossier_id, [(line.number, line.pin, line.content) for line in intake.filing.lines])
    code = DossierCode.compose(prefix=prefix, on=day_in_vietnam(at), serial=_next_serial(prefix, at))
    receipt = seal_document(
        compose_receipt(intake, procedure=procedure, code=code, received_at=at, sender=sender), key=receipt_key, type_name=RECEIPT_TYPE
    )
    row = _new_row(intake, dossier_id=dossier_id, code=code, actor=actor, at=at)
    move(row, State.SUBMITTED, actor=actor, at=at, document_sha256=row.document_sha256)
    row.received_at, row.due_on, row.appointment_on = at, intake.due_on, intake.due_on
    row.receipt, row.receipt_sha256 = receipt.flattened, receipt.sha256
    row.next_step_at = at + SWEEP_AFTER
    move(row, State.RECEIVED, actor=actor, at=at, document_sha256=receipt.sha256)
    row.save(force_insert=True)
    SuppliedComponent.objects.bulk_create(
        SuppliedComponent(
            dossier_id=dossier_id,
            n=n,
            code=component.code,
            is_reused=component.is_reused,
            source_kind=component.source_kind,
            source_system=component.source_system,
            source_record_id=component.source_record_id,
            fetched_at=component.fetched_at,
            content_sha256=component.content_sha256,
            media_type=component.media_type,
        )
        for n, component in enumerate(intake.components, 1)
    )
    context = receipt_context(intake, procedure=procedure, code=code, received_at=at, sender=sender, sealed=receipt)
    write_letter(
        actor,
        at,
        LetterKind.RECEIPT,
        context,
        dossier_id=dossier_id,
        recipient=intake.filer.email,
        due_at=at + RECEIPT_LIMIT,
        person_id=row.person_id,
    )
    if intake.at_counter is not None:
        note_counter_filing(actor, at, row, why=intake.at_counter, sender=sender)
    defer_gather(dossier_id, lines=len(intake.filing.lines))
    record(
        actor=actor,
        at=at,
        verb="dossiers.dossier.file",
        person_id=row.person_id,
        dossier_id=dossier_id,
        detail={"code": code, "procedure": procedure.slug, "lines": len(intake.filing.lines), "document_sha256": row.document_sha256},
    )
    return receipt_view(row, is_repeat=False)


@command(by=FILING)
def repeat(*, actor: Actor, at: datetime, intake: Intake) -> ReceiptView:
    """The same filing again: the first receipt again, and no second dossier.

    Raises: NotFound DOS-002 where there is no first one; Conflict DOS-018 where the key was used for other content.
    """
    dossier_id = _find_same(intake)
    if dossier_id is None:
        raise NotFound(DOS_NO_DOSSIER)
    row = Dossier.objects.get(dossier_id=dossier_id)
    record(actor=actor, at=at, verb="dossiers.dossier.repeat", dossier_id=row.dossier_id, detail={"code": row.code})
    return receipt_view(row, is_repeat=True)


@command(by=SYSTEM)
def begin(*, actor: Actor, at: datetime, dossier_id: UUID) -> None:
    """RECEIVED -> IN_PROCESS: the signature is fully checked and the rules take the dossier up."""
    row = lock_dossier(dossier_id)
    require_state(row, State.RECEIVED)
    if row.signature_pending:
        raise Conflict(DOS_SIGNATURE_PENDING)
    row.assigned_to = actor.account
    move(row, State.IN_PROCESS, actor=actor, at=at)
    save(row)
    record(actor=actor, at=at, verb="dossiers.dossier.begin", dossier_id=dossier_id)


@command(by=DECIDING_OFFICERS)
def stop(*, actor: Actor, at: datetime, dossier_id: UUID, row_version: int, reason: str, sender: Sender) -> None:
    """An officer ends a dossier whose conditions are not met, in writing. Not after a decision was signed."""
    row = lock_dossier(dossier_id, row_version=row_version)
    require_state(row, State.IN_PROCESS)
    check_not_own(actor, row, day_in_vietnam(at))
    if row.decision_count:
        raise Conflict(DOS_ALREADY_DECIDED)
    written = _reason(reason)
    move(row, State.STOPPED, actor=actor, at=at, reason=written)
    save(row)
    tell(actor, at, row, LetterKind.REFUSAL, sender, reasons=(LetterReason(code="DOS-026", vi=written, en=written),))
    record(actor=actor, at=at, verb="dossiers.dossier.stop", dossier_id=dossier_id)


@command(by=FILERS)
def withdraw(*, actor: Actor, at: datetime, dossier_id: UUID, reason: str, row_version: int | None = None) -> bool:
    """The filer takes the dossier back. False where that was done before. Law: R-086, possible until a decision is signed."""
    row = lock_dossier(dossier_id)
    check_filer(actor, employer_id=row.employer_id, person_id=row.person_id)
    is_new = row.state != State.WITHDRAWN.value
    if is_new:
        check_version(row, row_version)
        if row.decision_count:
            raise Conflict(DOS_ALREADY_DECIDED)
        move(row, State.WITHDRAWN, actor=actor, at=at, reason=tidy(reason))
        save(row)
    record(actor=actor, at=at, verb="dossiers.dossier.withdraw", person_id=row.person_id, dossier_id=dossier_id, detail={"is_new": is_new})
    return is_new


_MARK_RECEIPT = """
UPDATE dossiers_dossier
   SET receipt_sent_at = coalesce(receipt_sent_at, %(at)s),
       receipt_late = coalesce(receipt_sent_at, %(at)s) - submitted_at > make_interval(secs => %(limit_s)s),
       row_version = row_version + (receipt_sent_at IS NULL)::int
 WHERE dossier_id = %(dossier_id)s RETURNING receipt_late"""
"""WHY not by way of the row: every filing has this step, and reading and writing forty columns costs more than the step itself."""


@command(by=SYSTEM)
def mark_receipt_sent(*, actor: Actor, at: datetime, dossier_id: UUID) -> None:
    """The mail server has taken the receipt at `at`. Late is a fact beside the state; it stops nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK_RECEIPT, {"dossier_id": dossier_id, "at": at, "limit_s": RECEIPT_LIMIT.total_seconds()})
        row = cursor.fetchone()
    if row is None:
        raise NotFound(DOS_NO_DOSSIER)
    record(actor=actor, at=at, verb="dossiers.receipt.sent", dossier_id=dossier_id, detail={"is_late": row[0]})


@command(by=SYSTEM)
def wake(*, actor: Actor, at: datetime) -> int:
    """Defer again whatever should have moved by now: a lost job, a partner's pause that has passed. Returns how many."""
    sleeping = Dossier.objects.select_for_update(skip_locked=True).filter(should_have_moved(at)).order_by("next_step_at")
    rows = list(sleeping[:_WAKE_LIMIT].values_list("dossier_id", "state", "lines_total"))
    for dossier_id, state, lines in rows:
        if state == State.RESOLVED.value:
            defer_delivery(dossier_id, lines=lines)
        else:
            defer_gather(dossier_id, lines=lines)
    # WHY no new row version: nobody's page is stale because a job was asked for again.
    Dossier.objects.filter(dossier_id__in=[row[0] for row in rows]).update(next_step_at=at + _WAKE_LEASE)
    record(actor=actor, at=at, verb="dossiers.dossier.wake", detail={"woken": len(rows)})
    return len(rows)


_SAME = """
SELECT dossier_id, canonical_sha256, true AS is_by_key FROM dossiers_dossier WHERE filer = %(filer)s AND idempotency_key = %(key)s
UNION ALL
SELECT dossier_id, canonical_sha256, false FROM dossiers_dossier
 WHERE filer = %(filer)s AND procedure_slug = %(slug)s AND period = %(period)s AND canonical_sha256 = %(sha256)s
   AND NOT (state IN ('NOT_ACCEPTED', 'STOPPED', 'WITHDRAWN'))
 ORDER BY is_by_key DESC LIMIT 1"""
"""By key first, then by content within the period, where the other has not ended without a result."""


def _find_same(intake: Intake) -> UUID | None:
    """The dossier this filing already is. Raises Conflict DOS-018 where its key was used for other content."""
    filing = {"filer": intake.filer.key, "key": intake.idempotency_key, "slug": intake.procedure_slug, "period": intake.filing.period}
    with connection.cursor() as cursor:
        cursor.execute(_SAME, {**filing, "sha256": intake.canonical_sha256})
        found = cursor.fetchone()
    if found is None:
        return None
    dossier_id, canonical_sha256, _ = found
    if canonical_sha256 != intake.canonical_sha256:
        raise Conflict(DOS_KEY_REUSED)
    return UUID(str(dossier_id))


def _next_serial(prefix: str, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_serial (prefix, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (prefix, day) DO UPDATE SET last = dossiers_serial.last + 1 RETURNING last",
            [prefix, day_in_vietnam(at)],
        )
        row = cursor.fetchone()
    assert row is not None, "an upsert returns its row"
    return int(row[0])


def _new_row(intake: Intake, *, dossier_id: UUID, code: str, actor: Actor, at: datetime) -> Dossier:
    return Dossier(
        dossier_id=dossier_id,
        code=code,
        procedure_slug=intake.procedure_slug,
        procedure_version=intake.procedure_version,
        channel=intake.channel.value,
        state=State.DRAFT.value,
        filer=intake.filer.key,
        employer_id=intake.filer.employer_id,
        person_id=intake.filer.person_id,
        filer_email=intake.filer.email,
        filed_by=actor.account,
        period=intake.filing.period,
        canonical_sha256=intake.canonical_sha256,
        document_sha256=intake.document_sha256,
        source_sha256=intake.source_sha256,
        source_name=intake.source_name,
        source_media_type=intake.source_media_type,
        confirmed_repairs=sorted(intake.confirmed_repairs),
        idempotency_key=intake.idempotency_key,
        portal_reference=intake.portal_reference,
        proof={
            **intake.proof.facts,
            "kind": intake.proof.kind,
            "is_pending": intake.proof.is_pending,
            "filer_name": intake.filer.name,
            "filer_masked_id": intake.filer.masked_id,
            **({} if actor.mandate_id is None else {"mandate": str(actor.mandate_id)}),
        },
        signature_pending=intake.proof.is_pending,
        submitted_at=at,
        office=intake.office,
        lines_total=len(intake.filing.lines),
        lines_pending=len(intake.filing.lines),
    )


def _reason(text: str) -> str:
    written = tidy(text)
    if not written:
        raise Invalid(DOS_REASON_MISSING)
    return written
