"""Read dossiers: frozen views in bounded pages. Whoever shows a person's data to somebody writes down the look first."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.facts import (
    AppraisalView,
    ComponentSource,
    Conservation,
    DecisionView,
    DossierView,
    LineView,
    ReceiptView,
    Stuck,
    TransitionView,
)
from bhxh.dossiers.models import Appraisal, Decision, Dossier, Evidence, Line, SuppliedComponent, Transition
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.dossiers.records import should_have_moved
from bhxh.dossiers.rows import list_rows
from bhxh.dossiers.states import FACTS, WITHOUT_RESULT, Clock, LineState, Place, State, states_with
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import NotFound

PAGE = 200  # LIMIT: longest page shown
WHOLE_LIST = 50_000  # LIMIT: longest list a procedure takes; the engine's own work reads it whole


def get_dossier(code: str) -> DossierView:
    """By its public code. Raises NotFound DOS-002."""
    return _get("code", code)


def get_dossier_by_id(dossier_id: UUID) -> DossierView:
    """By its id. Raises NotFound DOS-002."""
    return _get("dossier_id", dossier_id)


def list_codes(dossier_ids: Collection[UUID]) -> dict[UUID, str]:
    """Public codes by id, in one statement."""
    return dict(Dossier.objects.filter(dossier_id__in=dossier_ids).values_list("dossier_id", "code")) if dossier_ids else {}


def list_uses_of_papers(person_id: int, item_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Paper of the person's warehouse -> the person's dossiers that it was filed with, the newest first. One statement."""
    if not item_ids:
        return {}
    own = Dossier.objects.filter(person_id=person_id).values("dossier_id")
    named = SuppliedComponent.objects.filter(
        dossier_id__in=own, source_system="warehouse", source_record_id__in=[str(one) for one in item_ids]
    )
    uses: dict[UUID, tuple[UUID, ...]] = {}
    for item, dossier_id in named.order_by("-dossier_id").values_list("source_record_id", "dossier_id").distinct():
        uses[UUID(item)] = (*uses.get(UUID(item), ()), dossier_id)
    return uses


def list_filed(dossier_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """(public code, procedure) by id, in one statement."""
    rows = Dossier.objects.filter(dossier_id__in=dossier_ids).values_list("dossier_id", "code", "procedure_slug") if dossier_ids else ()
    return {dossier_id: (code, slug) for dossier_id, code, slug in rows}


def list_dossiers(
    *, employer_id: int | None = None, person_id: int | None = None, before: UUID | None = None, limit: int = PAGE
) -> tuple[DossierView, ...]:
    """One filer's dossiers, newest first."""
    filer = f"employer:{employer_id}" if employer_id is not None else f"person:{person_id}"
    rows = Dossier.objects.filter(filer=filer)
    if before is not None:
        rows = rows.filter(dossier_id__lt=before)
    return tuple(view(row) for row in rows.order_by("-dossier_id")[: min(limit, PAGE)])


def list_lines(dossier_id: UUID, *, state: LineState | None = None, after_number: int = 0, limit: int = PAGE) -> tuple[LineView, ...]:
    """A page of lines in their order."""
    return _lines(dossier_id, state, after_number, min(limit, PAGE))


def list_all_lines(dossier_id: UUID, state: LineState | None = None) -> tuple[LineView, ...]:
    """All lines at once, for the engine's own work and for results."""
    return _lines(dossier_id, state, 0, WHOLE_LIST)


def list_queue(*, after: tuple[date, UUID] | None = None, procedure_slug: str = "", limit: int = PAGE) -> tuple[DossierView, ...]:
    """The one national queue of what officers must look at, the nearest deadline first; `after` is the last of the page before."""
    rows = Dossier.objects.filter(state=State.IN_PROCESS.value, lines_officer__gt=0)
    if procedure_slug:
        rows = rows.filter(procedure_slug=procedure_slug)
    if after is not None:
        rows = rows.filter(Q(due_on__gt=after[0]) | Q(due_on=after[0], dossier_id__gt=after[1]))
    return tuple(view(row) for row in rows.order_by("due_on", "dossier_id")[: min(limit, PAGE)])


def list_overdue(on: date, *, limit: int = PAGE) -> tuple[DossierView, ...]:
    """Dossiers whose processing limit has passed while its clock runs."""
    running = [state.value for state in states_with(Clock.RUNNING)]
    rows = Dossier.objects.filter(state__in=running, due_on__lt=on)
    return tuple(view(row) for row in rows.order_by("due_on", "dossier_id")[: min(limit, PAGE)])


def list_unproven_signatures(*, limit: int = PAGE) -> tuple[DossierView, ...]:
    """Dossiers whose signature is still not proven, the one that waits longest first."""
    rows = Dossier.objects.filter(state=State.RECEIVED.value, signature_pending=True)
    return tuple(view(row) for row in rows.order_by("submitted_at", "dossier_id")[: min(limit, PAGE)])


STUCK_AFTER = 3
"""LIMIT: runs in a row that failed by an error of ours, from which on an operator is told."""


def list_stuck(*, limit: int = PAGE) -> tuple[Stuck, ...]:
    """Dossiers whose last runs failed by an error of ours, the most often first."""
    rows = Dossier.objects.filter(failed_runs__gt=0, failed_runs__gte=STUCK_AFTER).order_by("-failed_runs", "dossier_id")
    return tuple(
        Stuck(code=row.code, state=row.state, failed_runs=row.failed_runs, what=row.last_failure, next_run_at=row.next_step_at)
        for row in rows[: min(limit, PAGE)]
    )


def has_failed(dossier_id: UUID) -> bool:
    """Whether the dossier's last run failed by an error of ours."""
    return Dossier.objects.filter(dossier_id=dossier_id, failed_runs__gt=0).exists()


def is_something_asleep(at: datetime) -> bool:
    """Whether a dossier should have moved by now."""
    return Dossier.objects.filter(should_have_moved(at)).exists()


def is_a_supplement_late(at: datetime) -> bool:
    """Whether a filer did not answer a supplement request in time."""
    return Dossier.objects.filter(state=State.SUPPLEMENT_REQUIRED.value, supplement_due_on__lt=day_in_vietnam(at)).exists()


def list_without_receipt_time(dossier_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Those of the given dossiers whose receipt's hand-over has not been noted."""
    rows = Dossier.objects.filter(dossier_id__in=dossier_ids, receipt_sent_at__isnull=True).order_by("dossier_id")
    return tuple(rows.values_list("dossier_id", flat=True))


def list_history(dossier_id: UUID) -> tuple[TransitionView, ...]:
    """Every step of a dossier, in order."""
    return tuple(
        TransitionView(
            n=row.n,
            from_state=row.from_state,
            to_state=row.to_state,
            actor_kind=row.actor_kind,
            account=row.account,
            at=row.at,
            reason=row.reason,
            document_sha256=row.document_sha256,
        )
        for row in list_rows(Transition, "WHERE dossier_id = %s ORDER BY n LIMIT %s", [dossier_id, PAGE])
    )


def list_components(dossier_id: UUID) -> tuple[ComponentSource, ...]:
    """What was supplied and what was reused, from where. Titles are the procedure's."""
    return tuple(
        ComponentSource(
            code=row.code,
            title_vi="",
            title_en="",
            is_reused=row.is_reused,
            source_kind=row.source_kind,
            source_system=row.source_system,
            content_sha256=row.content_sha256,
            media_type=row.media_type,
            source_record_id=row.source_record_id,
            fetched_at=row.fetched_at,
        )
        for row in list_rows(SuppliedComponent, "WHERE dossier_id = %s ORDER BY n LIMIT %s", [dossier_id, PAGE])
    )


def find_receipt(code: str) -> ReceiptView | None:
    """The receipt of a dossier, None where there is no such dossier."""
    row = Dossier.objects.filter(code=code, received_at__isnull=False).first()
    return None if row is None else receipt_view(row, is_repeat=True)


def find_filed(*, employer_id: int, procedure_slug: str, period: str, canonical_sha256: str) -> ReceiptView | None:
    """The receipt of the list an employer filed with this very content; None where none that still counts was."""
    rows = Dossier.objects.filter(
        filer=f"employer:{employer_id}", procedure_slug=procedure_slug, period=period, canonical_sha256=canonical_sha256
    )
    row = rows.exclude(state__in=[state.value for state in WITHOUT_RESULT]).first()
    return None if row is None else receipt_view(row, is_repeat=True)


def find_filed_under(*, filer: str, idempotency_key: str) -> ReceiptView | None:
    """The receipt of what a filer filed under a key, whatever became of it."""
    row = Dossier.objects.filter(filer=filer, idempotency_key=idempotency_key).first()
    return None if row is None else receipt_view(row, is_repeat=True)


def list_codes_filed_under(*, filer: str, idempotency_keys: Collection[str]) -> dict[str, str]:
    """Key -> code of what a filer filed under it; a key under which nothing was filed is absent. One statement."""
    return dict(Dossier.objects.filter(filer=filer, idempotency_key__in=idempotency_keys).values_list("idempotency_key", "code"))


def get_receipt(code: str) -> ReceiptView:
    """The same. Raises NotFound DOS-002."""
    receipt = find_receipt(code)
    if receipt is None:
        raise NotFound(DOS_NO_DOSSIER)
    return receipt


def get_decisions(dossier_id: UUID) -> tuple[DecisionView, ...]:
    """All signed decisions of a dossier, in order."""
    return tuple(
        DecisionView(
            n=row.n,
            kind=row.kind,
            at=row.at,
            appraiser=row.appraiser,
            approver=row.approver,
            rule_version=row.rule_version,
            payload=bytes(row.payload),
            payload_sha256=row.payload_sha256,
            sealed=bytes(row.sealed),
            kid=row.kid,
            granted_lines=tuple(row.granted_lines),
            refused_lines=tuple(row.refused_lines),
            touched_person_ids=tuple(row.touched_person_ids),
        )
        for row in Decision.objects.filter(dossier_id=dossier_id).order_by("n")[:WHOLE_LIST]
    )


def list_appraisals(dossier_id: UUID) -> tuple[AppraisalView, ...]:
    """Officers' proposals, in order."""
    return tuple(
        AppraisalView(
            n=row.n, officer=row.officer, at=row.at, proposal=row.proposal, reason=row.reason, line_numbers=tuple(row.line_numbers)
        )
        for row in list_rows(Appraisal, "WHERE dossier_id = %s ORDER BY n LIMIT %s", [dossier_id, WHOLE_LIST])
    )


def list_answers(dossier_id: UUID, *, subject: str | None = None) -> tuple[tuple[str, Answer], ...]:
    """Evidence (register, answer) in the order it came; of one subject where given (a line's personal number)."""
    rows = Evidence.objects.filter(dossier_id=dossier_id)
    if subject is not None:
        rows = rows.filter(subject=subject)
    return tuple((row.register, _answer(row)) for row in rows.order_by("n").iterator(chunk_size=2000))


def list_answers_about(dossier_id: UUID, subjects: Collection[str]) -> tuple[tuple[str, Answer], ...]:
    """Evidence (register, answer) about some subjects, in the order it came."""
    about = [dossier_id, list(subjects)]
    found = list_rows(Evidence, "WHERE dossier_id = %s AND subject = ANY(%s) ORDER BY n", about) if subjects else []
    return tuple((row.register, _answer(row)) for row in found)


def list_appraised(dossier_id: UUID) -> dict[int, tuple[int, ...]]:
    """The lines that wait for a second officer, by the appraisal that proposed it."""
    rows = Line.objects.filter(dossier_id=dossier_id, state=LineState.OFFICER.value, appraisal_n__isnull=False).order_by("number")
    found: dict[int, list[int]] = {}
    for appraisal_n, number in rows.values_list("appraisal_n", "number")[:WHOLE_LIST]:
        assert appraisal_n is not None, "asked for above"
        found.setdefault(appraisal_n, []).append(number)
    return {n: tuple(numbers) for n, numbers in found.items()}


def list_evidence_of_line(dossier_id: UUID, number: int) -> tuple[tuple[str, Answer], ...]:
    """What partners said about a line's person. Raises NotFound DOS-002."""
    line = Line.objects.filter(dossier_id=dossier_id, number=number).first()
    if line is None:
        raise NotFound(DOS_NO_DOSSIER)
    return list_answers(dossier_id, subject=line.pin)


def conservation(at: datetime) -> Conservation:
    """Filed = in work + waiting + decided + not accepted + stopped + withdrawn, in one snapshot.

    Shape: `filed` is counted from the append-only history, the places from the dossiers: two books that must agree.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH last_step AS (SELECT DISTINCT ON (dossier_id) dossier_id, to_state FROM dossiers_transition"
            " ORDER BY dossier_id, n DESC)"
            " SELECT d.state, count(l.dossier_id), count(d.dossier_id), count(*) FILTER (WHERE d.state IS DISTINCT FROM l.to_state)"
            " FROM last_step l FULL JOIN dossiers_dossier d ON d.dossier_id = l.dossier_id GROUP BY d.state"
        )
        rows = cursor.fetchall()
    by_place = dict.fromkeys(Place, 0)
    for state, _, present, _ in rows:
        place = FACTS[State(state)].place if state is not None else None
        if place is not None:
            by_place[place] += present
    return Conservation(at=at, filed=sum(row[1] for row in rows), by_place=by_place, disagreeing=sum(row[3] for row in rows))


def _get(by: str, value: str | UUID) -> DossierView:
    found = list_rows(Dossier, f"WHERE {by} = %s", [value])
    if not found:
        raise NotFound(DOS_NO_DOSSIER)
    return view(found[0])


def _lines(dossier_id: UUID, state: LineState | None, after_number: int, limit: int) -> tuple[LineView, ...]:
    of_state = "" if state is None else "AND state = %s "
    asked = [dossier_id, after_number, *(() if state is None else (state.value,)), limit]
    return tuple(
        LineView(
            number=row.number,
            pin=row.pin,
            state=LineState(row.state),
            person_id=row.person_id,
            content=row.content,
            findings=tuple(row.findings),
            proposal=row.proposal,
            appraisal_n=row.appraisal_n,
            decision_n=row.decision_n,
        )
        for row in list_rows(Line, f"WHERE dossier_id = %s AND number > %s {of_state}ORDER BY number LIMIT %s", asked)
    )


def _answer(row: Evidence) -> Answer:
    return Answer(
        subject=row.subject,
        kind=AnswerKind(row.kind),
        source_kind=SourceKind(row.source_kind),
        source_system=row.source_system,
        record_id=row.record_id,
        fetched_at=row.fetched_at,
        content=row.content,
        content_sha256=row.content_sha256,
    )


def receipt_view(row: Dossier, *, is_repeat: bool) -> ReceiptView:
    """The receipt of a row, as the filer has it."""
    assert row.received_at is not None and row.due_on is not None, "a filed dossier has been received"
    return ReceiptView(
        dossier_id=row.dossier_id,
        code=row.code,
        receipt=bytes(row.receipt),
        receipt_sha256=row.receipt_sha256,
        received_at=row.received_at,
        due_on=row.due_on,
        is_repeat=is_repeat,
        signature_pending=row.signature_pending,
        lines_total=row.lines_total,
    )


def view(row: Dossier) -> DossierView:
    """A row as it may leave the room."""
    return DossierView(
        dossier_id=row.dossier_id,
        code=row.code,
        procedure_slug=row.procedure_slug,
        procedure_version=row.procedure_version,
        channel=row.channel,
        state=State(row.state),
        employer_id=row.employer_id,
        person_id=row.person_id,
        filer_email=row.filer_email,
        filed_by=row.filed_by,
        period=row.period,
        canonical_sha256=row.canonical_sha256,
        document_sha256=row.document_sha256,
        source_sha256=row.source_sha256,
        source_name=row.source_name,
        source_media_type=row.source_media_type,
        confirmed_repairs=frozenset(row.confirmed_repairs),
        portal_reference=row.portal_reference,
        proof=row.proof,
        signature_pending=row.signature_pending,
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        due_on=row.due_on,
        appointment_on=row.appointment_on,
        office=row.office,
        assigned_to=row.assigned_to,
        receipt_sha256=row.receipt_sha256,
        receipt_sent_at=row.receipt_sent_at,
        receipt_late=row.receipt_late,
        result_sha256=row.result_sha256,
        supplement_due_on=row.supplement_due_on,
        supplement_defects=tuple(row.supplement_defects),
        gather_rounds=row.gather_rounds,
        next_step_at=row.next_step_at,
        lines={
            LineState.PENDING: row.lines_pending,
            LineState.CLEAN: row.lines_clean,
            LineState.OFFICER: row.lines_officer,
            LineState.REFUSED: row.lines_refused,
            LineState.SUPERSEDED: row.lines_superseded,
        },
        decision_count=row.decision_count,
        row_version=row.row_version,
    )
