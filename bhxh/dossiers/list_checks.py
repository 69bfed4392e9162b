"""Lists that somebody uploaded to have them judged before signing: the file, how far the judging has come, what it found. Kept for a week."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import Q

from bhxh.audit.commands import command, record
from bhxh.dossiers.drafts import filer_of
from bhxh.dossiers.errors import DOS_NO_LIST_CHECK
from bhxh.dossiers.facts import SourceDocument
from bhxh.dossiers.models import ListCheck
from bhxh.dossiers.policies import FILING
from bhxh.kernel import jobs
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.canonical import Json, sha256_hex
from bhxh.kernel.errors import BhxhError, NotFound
from bhxh.kernel.ids import uuid7
from bhxh.kernel.who import SYSTEM

JOB_CHECK_LIST: Final = jobs.name("dossiers.list.check")
KEPT: Final = timedelta(days=7)  # LIMIT: as long as a draft; the file and what was found are the employer's workers' data
MOST_SHOWN: Final = 2_000  # LIMIT: lines kept to be shown on a page; every line is in the marked file
PAGE: Final = 20


class CheckState(StrEnum):
    """How far a list has come."""

    WAITING = "waiting"
    """Received; nobody has begun."""
    READING = "reading"
    CHECKING = "checking"
    DONE = "done"
    REFUSED = "refused"
    """The file is no list: nothing in it was judged."""
    FAILED = "failed"
    """An error of ours."""


ENDED: Final = frozenset({CheckState.DONE, CheckState.REFUSED, CheckState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """Where a list's check stands."""

    check_id: UUID
    procedure_slug: str
    state: CheckState
    source_name: str
    source_sha256: str
    size_bytes: int
    period: str
    batch: int
    total: int
    done: int
    counts: Mapping[str, int]
    """Lines by what would become of them: clean, officer, refused, unreadable."""
    kinds: Mapping[str, int]
    """Lines by kind of change."""
    money: Mapping[str, int]
    """What granting the clean lines would come to."""
    refusal: Mapping[str, str]
    """Code and sentences, where the file was refused."""
    wrong_lines: frozenset[int]
    """Numbers of lines that would be refused, or cannot be read."""
    prepared: Sequence[Mapping[str, Any]]
    """Documents made of it, each with its draft and how many lines it holds."""
    confirmed_repairs: frozenset[int]
    account: str
    made_at: datetime
    finished_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a finished check writes down."""

    counts: Mapping[str, int]
    kinds: Mapping[str, int]
    money: Mapping[str, int]
    lines: Sequence[Mapping[str, Json]]
    """Lines worth showing, in their order."""
    wrong_lines: Sequence[int]
    person_ids: Sequence[int]
    """Whom the list names and we know."""
    marked: bytes
    """The workbook with a result column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCheck:
    """What the job is given."""

    state: CheckState
    asker: Actor
    source: bytes
    period: str
    batch: int
    confirmed_repairs: frozenset[int] = field(default_factory=frozenset)


@command(by=FILING)
def begin_check(
    *,
    actor: Actor,
    at: datetime,
    procedure_slug: str,
    once: str,
    source: SourceDocument,
    period: str,
    batch: int,
    confirmed_repairs: frozenset[int] = frozenset(),
    lines_about: int = 0,
) -> UUID:
    """Keep an uploaded list and ask for its check. Sent twice under the same `once`, the first one is given and nothing is done.

    Shape: `lines_about` is a guess, so that long lists wait in a lane of their own.
    """
    found = ListCheck.objects.filter(filer=filer_of(actor), once=once).values_list("check_id", flat=True).first()
    if found is None:
        found = uuid7(at)
        made, is_new = ListCheck.objects.get_or_create(
            filer=filer_of(actor),
            once=once,
            defaults={
                "check_id": found,
                "account": actor.account,
                "asker": _kept(actor),
                "procedure_slug": procedure_slug,
                "source": source.content,
                "source_sha256": sha256_hex(source.content),
                "source_name": source.name,
                "source_media_type": source.media_type,
                "size_bytes": len(source.content),
                "period": period,
                "batch": batch,
                "confirmed_repairs": sorted(confirmed_repairs),
                "state": CheckState.WAITING.value,
                "made_at": at,
                "expires_at": at + KEPT,
            },
        )
        found = made.check_id
        if is_new:
            jobs.defer(JOB_CHECK_LIST, once_key=str(found), check_id=str(found), lines=lines_about)
    record(actor=actor, at=at, verb="dossiers.list.upload", detail={"check": str(found), "size_bytes": len(source.content)})
    return found


@command(by=SYSTEM)
def note_progress(*, actor: Actor, at: datetime, check_id: UUID, state: CheckState, done: int, total: int) -> None:
    """How far the judging has come: for whoever waits in front of the page."""
    ListCheck.objects.filter(check_id=check_id).update(state=state.value, done=done, total=total)
    record(actor=actor, at=at, verb="dossiers.list.note", detail={"check": str(check_id), "state": state.value, "done": done})


@command(by=SYSTEM)
def finish_check(*, actor: Actor, at: datetime, check_id: UUID, findings: Findings) -> None:
    """What was found of every line."""
    total = sum(findings.counts.values())
    ListCheck.objects.filter(check_id=check_id).update(
        state=CheckState.DONE.value,
        done=total,
        total=total,
        counts=dict(findings.counts),
        kinds=dict(findings.kinds),
        money=dict(findings.money),
        wrong_lines=list(findings.wrong_lines),
        person_ids=list(findings.person_ids),
        found=zlib.compress(orjson.dumps(list(findings.lines[:MOST_SHOWN]))),
        marked=findings.marked,
        finished_at=at,
    )
    record(actor=actor, at=at, verb="dossiers.list.finish", detail={"check": str(check_id), "lines": total})


@command(by=SYSTEM)
def end_check(*, actor: Actor, at: datetime, check_id: UUID, error: BhxhError | None) -> None:
    """The file is no list, and why; or (without an error) something of ours failed."""
    said = {"code": error.code, "vi": error.text("vi"), "en": error.text("en")} if error else {}
    state = CheckState.REFUSED if error else CheckState.FAILED
    ListCheck.objects.filter(check_id=check_id).update(state=state.value, refusal=said, finished_at=at)
    record(
        actor=actor, at=at, verb="dossiers.list.end", detail={"check": str(check_id), "state": state.value, "code": said.get("code", "")}
    )


@command(by=FILING)
def keep_prepared(*, actor: Actor, at: datetime, check_id: UUID, prepared: Sequence[Mapping[str, Json]]) -> None:
    """Which drafts were made of a list, so that each is found again. Raises NotFound DOS-059."""
    if not ListCheck.objects.filter(check_id=check_id, filer=filer_of(actor)).update(prepared=list(prepared)):
        raise NotFound(DOS_NO_LIST_CHECK)
    record(actor=actor, at=at, verb="dossiers.list.prepare", detail={"check": str(check_id), "drafts": len(prepared)})


@command(by=SYSTEM)
def drop_expired_checks(*, actor: Actor, at: datetime) -> int:
    """Delete lists past their day."""
    dropped, _ = ListCheck.objects.filter(expires_at__lte=at).delete()
    record(actor=actor, at=at, verb="dossiers.list.drop_expired", detail={"dropped": dropped})
    return dropped


def is_a_check_expired(at: datetime) -> bool:
    """Whether there is a list to drop."""
    return ListCheck.objects.filter(expires_at__lte=at).exists()


def get_check(check_id: UUID, *, actor: Actor, at: datetime) -> CheckView:
    """The actor's own. Raises NotFound DOS-059, also for another filer's and one that is dropped by now."""
    row = _own(actor, at).filter(check_id=check_id).defer("source", "marked", "found", "person_ids").first()
    if row is None:
        raise NotFound(DOS_NO_LIST_CHECK)
    return _view(row)


def find_check_of_draft(draft_id: UUID, *, actor: Actor, at: datetime) -> CheckView | None:
    """The list a draft was made of; None where it came another way."""
    row = _own(actor, at).filter(prepared__contains=[{"draft": str(draft_id)}]).defer("source", "marked", "found", "person_ids").first()
    return _view(row) if row is not None else None


def list_checks(*, actor: Actor, at: datetime, limit: int = PAGE) -> tuple[CheckView, ...]:
    """The actor's own, newest first."""
    rows = _own(actor, at).defer("source", "marked", "found", "person_ids").order_by("-check_id")
    return tuple(_view(row) for row in rows[: min(limit, PAGE)])


def read_found_lines(check_id: UUID, *, actor: Actor, at: datetime) -> tuple[Mapping[str, Any], ...]:
    """The lines worth showing. Raises NotFound DOS-059."""
    packed = _own(actor, at).filter(check_id=check_id).values_list("found", flat=True).first()
    if packed is None:
        raise NotFound(DOS_NO_LIST_CHECK)
    return tuple(orjson.loads(zlib.decompress(packed))) if packed else ()


def read_source(check_id: UUID, *, actor: Actor, at: datetime) -> SourceDocument:
    """The file as it was uploaded. Raises NotFound DOS-059."""
    row = _own(actor, at).filter(check_id=check_id).values_list("source", "source_name", "source_media_type").first()
    if row is None:
        raise NotFound(DOS_NO_LIST_CHECK)
    return SourceDocument(content=bytes(row[0]), name=row[1], media_type=row[2])


def read_marked(check_id: UUID, *, actor: Actor, at: datetime) -> tuple[bytes, tuple[int, ...]]:
    """The file with its result column, and whom it speaks of. Raises NotFound DOS-059 where there is none."""
    row = _own(actor, at).filter(check_id=check_id).values_list("marked", "person_ids").first()
    if row is None or not row[0]:
        raise NotFound(DOS_NO_LIST_CHECK)
    return bytes(row[0]), tuple(row[1])


def get_to_check(check_id: UUID) -> ToCheck | None:
    """For the job; None where the list was dropped meanwhile."""
    row = ListCheck.objects.filter(check_id=check_id).defer("found", "marked").first()
    if row is None:
        return None
    asker = row.asker
    return ToCheck(
        state=CheckState(row.state),
        asker=Actor(
            kind=ActorKind(asker["kind"]),
            account=row.account,
            request_id=asker["request_id"],
            purpose=asker["purpose"],
            legal_basis=LegalBasis(asker["legal_basis"]),
            person_id=asker["person_id"],
            employer_id=asker["employer_id"],
            assurance_level=asker["assurance_level"],
            mandate_id=UUID(asker["mandate_id"]) if asker["mandate_id"] else None,
        ),
        source=bytes(row.source),
        period=row.period,
        batch=row.batch,
        confirmed_repairs=frozenset(row.confirmed_repairs),
    )


def _own(actor: Actor, at: datetime) -> Any:
    return ListCheck.objects.filter(Q(expires_at__gt=at), filer=filer_of(actor))


def _kept(actor: Actor) -> dict[str, Json]:
    """WHY kept: whoever the judging looks up sees that this somebody asked, not that we did."""
    return {
        "kind": actor.kind.value,
        "request_id": actor.request_id,
        "purpose": actor.purpose,
        "legal_basis": actor.legal_basis.value,
        "person_id": actor.person_id,
        "employer_id": actor.employer_id,
        "assurance_level": actor.assurance_level,
        "mandate_id": str(actor.mandate_id) if actor.mandate_id else "",
    }


def _view(row: ListCheck) -> CheckView:
    return CheckView(
        check_id=row.check_id,
        procedure_slug=row.procedure_slug,
        state=CheckState(row.state),
        source_name=row.source_name,
        source_sha256=row.source_sha256,
        size_bytes=row.size_bytes,
        period=row.period,
        batch=row.batch,
        total=row.total,
        done=row.done,
        counts=row.counts,
        kinds=row.kinds,
        money=row.money,
        refusal=row.refusal,
        wrong_lines=frozenset(row.wrong_lines),
        prepared=tuple(row.prepared),
        confirmed_repairs=frozenset(row.confirmed_repairs),
        account=row.account,
        made_at=row.made_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
    )
