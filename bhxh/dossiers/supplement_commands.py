"""The one supplement of a dossier: asked for by an officer, answered by the filer, or lapsed. Law: decree-164 R-064, R-080."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.dossiers.calendar import DaysOff, due_on
from bhxh.dossiers.errors import DOS_NO_DOCUMENT, DOS_REASON_MISSING, DOS_SUPPLEMENT_LAPSED, DOS_SUPPLEMENT_ONCE, DOS_WRONG_FILE
from bhxh.dossiers.facts import Attachment, DossierView, Supplied
from bhxh.dossiers.models import Dossier, Line, SuppliedComponent
from bhxh.dossiers.own_cases import check_not_own
from bhxh.dossiers.policies import DECIDING_OFFICERS, FILERS_AND_PROGRAMS, check_filer
from bhxh.dossiers.ports import SourceKind
from bhxh.dossiers.receipts import Sender
from bhxh.dossiers.records import SWEEP_AFTER, check_version, count_lines, defer_gather, lock_dossier, move, require_state, save
from bhxh.dossiers.states import LineState, State
from bhxh.dossiers.telling import tell
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict, Invalid
from bhxh.kernel.text import tidy
from bhxh.kernel.who import SYSTEM
from bhxh.notices.letters import LetterKind, LetterReason

DAYS: Final = 30
"""How long a filer has where the officer says nothing else."""
_LAPSE_LIMIT = 500  # LIMIT: dossiers stopped in one sweep; the next one takes the rest
_FILE_KINDS: Final = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
"""LAW: R-106 (assumed): PDF, JPEG, PNG. Told by the first bytes, not by what a sender calls them."""
DOCUMENT_TYPES: Final = frozenset(media_type for _, media_type in _FILE_KINDS)
"""What a component's document may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """One thing that is missing or wrong, as a supplement request names it."""

    vi: str
    en: str
    component: str = ""
    line_number: int | None = None

    @property
    def words(self) -> tuple[str, str]:
        """In Vietnamese and English, behind the line they speak of."""
        if self.line_number is None:
            return self.vi, self.en
        return f"Dòng {self.line_number}: {self.vi}", f"Line {self.line_number}: {self.en}"


def type_of_document(beginning: bytes, *, name: str) -> str:
    """What a file is, told by its first bytes. Raises Invalid DOS-033 where it is no PDF, JPEG or PNG."""
    for mark, media_type in _FILE_KINDS:
        if beginning.startswith(mark):
            return media_type
    raise Invalid(DOS_WRONG_FILE, where=name[:100], name=name[:100])


def read_document(content: bytes, *, code: str, name: str) -> Attachment:
    """A file that a filer supplies for a component. Raises Invalid DOS-033 where it is no PDF, JPEG or PNG."""
    return Attachment(code=code, content=content, media_type=type_of_document(content, name=name))


def shortcomings_of(dossier: DossierView) -> tuple[Shortcoming, ...]:
    """What the filer was asked for."""
    lines = [(defect, defect.get("line_number")) for defect in dossier.supplement_defects]
    return tuple(
        Shortcoming(vi=str(defect["vi"]), en=str(defect["en"]), line_number=line if isinstance(line, int) else None)
        for defect, line in lines
    )


def supplement_reasons(defects: Sequence[Shortcoming]) -> tuple[LetterReason, ...]:
    """What is missing, as the letter tells it."""
    told = [(defect.words, defect.component) for defect in defects]
    return tuple(LetterReason(code="DOS-009", vi=vi, en=en, where=component) for (vi, en), component in told)


@command(by=DECIDING_OFFICERS)
def request_supplement(
    *, actor: Actor, at: datetime, dossier_id: UUID, row_version: int, defects: Sequence[Shortcoming], days: int, sender: Sender
) -> None:
    """Ask the filer for everything that is missing, once. The processing clock stops. Law: R-064, R-080."""
    row = lock_dossier(dossier_id, row_version=row_version)
    require_state(row, State.IN_PROCESS)
    check_not_own(actor, row, day_in_vietnam(at))
    if row.supplement_asked_at is not None:
        raise Conflict(DOS_SUPPLEMENT_ONCE)
    if not defects or not all(tidy(defect.vi) and tidy(defect.en) for defect in defects):
        raise Invalid(DOS_REASON_MISSING)
    row.supplement_asked_at = at
    row.supplement_due_on = day_in_vietnam(at) + timedelta(days=days)
    row.supplement_defects = [asdict(defect) for defect in defects]
    row.next_step_at = None
    move(row, State.SUPPLEMENT_REQUIRED, actor=actor, at=at, reason="; ".join(tidy(defect.vi) for defect in defects))
    save(row)
    tell(actor, at, row, LetterKind.SUPPLEMENT, sender, reasons=supplement_reasons(defects))
    record(actor=actor, at=at, verb="dossiers.supplement.request", dossier_id=dossier_id, detail={"defects": len(defects)})


@command(by=FILERS_AND_PROGRAMS)
def answer_supplement(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    documents: Sequence[Supplied],
    working_days: int,
    days_off: DaysOff,
    signatures: Mapping[str, Json],
    row_version: int | None = None,
) -> bool:
    """The filer supplied what was asked (each document is on the disk): RECEIVED again, the limit restarts, undecided lines too.

    Shape:  the same documents sent again after they arrived change nothing and give False: the first answer may have been lost.
    """
    row = lock_dossier(dossier_id)
    check_filer(actor, employer_id=row.employer_id, person_id=row.person_id)
    if not documents:
        raise Invalid(DOS_NO_DOCUMENT)
    if row.state != State.SUPPLEMENT_REQUIRED.value and row.supplement_asked_at is not None and _are_supplied(dossier_id, documents):
        record(actor=actor, at=at, verb="dossiers.supplement.repeat", dossier_id=dossier_id, detail={"documents": len(documents)})
        return False
    require_state(row, State.SUPPLEMENT_REQUIRED)
    check_version(row, row_version)
    first = SuppliedComponent.objects.filter(dossier_id=dossier_id).count() + 1
    SuppliedComponent.objects.bulk_create(
        SuppliedComponent(
            dossier_id=dossier_id,
            n=first + offset,
            code=document.code,
            is_reused=document.item_id is not None,
            source_kind=(SourceKind.SUBMITTER if document.item_id is None else SourceKind.WAREHOUSE).value,
            source_system="submitter" if document.item_id is None else "warehouse",
            source_record_id=str(document.item_id or ""),
            fetched_at=None if document.item_id is None else at,
            content_sha256=document.sha256,
            media_type=document.media_type,
        )
        for offset, document in enumerate(documents)
    )
    Line.objects.filter(dossier_id=dossier_id, state=LineState.OFFICER.value).update(state=LineState.PENDING.value, appraisal_n=None)
    count_lines(row)
    row.due_on = row.appointment_on = due_on(at, working_days, days_off)
    row.gather_rounds = 0
    row.next_step_at = at + SWEEP_AFTER
    if signatures:
        row.proof = {**row.proof, "attached": {**row.proof.get("attached", {}), **signatures}}
    move(row, State.RECEIVED, actor=actor, at=at, reason="supplement", document_sha256=documents[0].sha256)
    save(row)
    defer_gather(dossier_id, lines=row.lines_total)
    record(actor=actor, at=at, verb="dossiers.supplement.answer", dossier_id=dossier_id, detail={"documents": len(documents)})
    return True


@command(by=SYSTEM)
def lapse_supplements(*, actor: Actor, at: datetime, sender: Sender) -> int:
    """Stop the dossiers whose filer did not answer in time. Returns how many."""
    today = day_in_vietnam(at)
    late = Dossier.objects.filter(state=State.SUPPLEMENT_REQUIRED.value, supplement_due_on__lt=today)
    stopped = 0
    for dossier_id in list(late.order_by("dossier_id").values_list("dossier_id", flat=True)[:_LAPSE_LIMIT]):
        row = lock_dossier(dossier_id)
        if row.state != State.SUPPLEMENT_REQUIRED.value:
            continue
        move(row, State.STOPPED, actor=actor, at=at, reason="supplement not supplied in time")
        save(row)
        reason = LetterReason(code=DOS_SUPPLEMENT_LAPSED.code, vi=DOS_SUPPLEMENT_LAPSED.vi, en=DOS_SUPPLEMENT_LAPSED.en)
        tell(actor, at, row, LetterKind.REFUSAL, sender, reasons=(reason,))
        stopped += 1
    record(actor=actor, at=at, verb="dossiers.supplement.lapse", detail={"stopped": stopped})
    return stopped


def _are_supplied(dossier_id: UUID, documents: Sequence[Supplied]) -> bool:
    supplied = SuppliedComponent.objects.filter(dossier_id=dossier_id).values_list("code", "content_sha256")
    return {(document.code, document.sha256) for document in documents} <= set(supplied)
