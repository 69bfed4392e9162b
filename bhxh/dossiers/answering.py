"""What a person fills in on pages before filing: saved with every page and while typing, on whatever device, until it is filed or forgotten.

Kept as it was typed. Each page of it has its own version, so that two devices that work on different pages do not meet; where they meet on one
page nothing is overwritten.

At the counter an officer types for a person: that draft is the officer's alone, beside what the person types at home.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from bhxh.access.reading_purposes import read_purpose
from bhxh.access.roles import OfficerRole
from bhxh.audit.commands import command, record, record_look
from bhxh.dossiers.errors import DOS_ANSWERED_ELSEWHERE, DOS_NO_ANSWERS, DOS_TOO_MANY_ANSWERS, DOS_TOO_MANY_FILES
from bhxh.dossiers.models import AnswerDraft
from bhxh.dossiers.policies import FILERS
from bhxh.kernel.actor import Actor, ActorKind
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.kernel.who import SYSTEM, officer

KEPT: Final = timedelta(days=30)
"""LIMIT: after the last change; then it is removed."""
KEPT_AT_COUNTER: Final = timedelta(days=7)
"""LIMIT: the same of what an officer types for somebody: long enough to fetch a paper from home."""
MOST_DRAFTS: Final = 20
"""LIMIT: of one person; four times what people were seen to make elsewhere."""
SUPPLEMENT: Final = "supplement"
"""Instead of a procedure's slug: papers that are gathered to answer a supplement request."""
_SPACE: Final = UUID("0e3a5f0c-6f0f-4f0a-9d8e-64a1b7f7b0a2")
_DROPPED_AT_ONCE: Final = 1000  # LIMIT: of one beat; the next one takes the rest
_TYPISTS: Final = FILERS | officer(OfficerRole.RECEPTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """A document of a draft: an upload of the person's warehouse."""

    upload_id: str
    component: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSaved:
    """When a page of a draft was last saved, as which version, and by which showing of the page."""

    version: int
    at: str
    showing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersView:
    """A draft as it was kept."""

    draft_id: UUID
    person_id: int
    procedure_slug: str
    typed: Mapping[str, list[str]]
    pages: Mapping[str, PageSaved]
    files: tuple[AnswerFile, ...]
    version: int
    begun_at: datetime
    saved_at: datetime
    expires_at: datetime
    filed_code: str


@command(by=_TYPISTS)
def begin_answers(*, actor: Actor, at: datetime, procedure_slug: str, once: str, typed: Mapping[str, list[str]], reason: str = "") -> UUID:
    """Begin a draft; the same again (`once`) gives the same one.

    LAW:     R-194, R-197: an officer says why (`reason`, beside `actor.purpose`); the look with it is there before any page of the draft is.
    Raises:  Conflict DOS-071; Invalid ACC-070 where an officer gives no reason.
    """
    person_id, typist = _person(actor), _typist(actor)
    if typist:
        read_purpose(has_dossier=False, purpose=actor.purpose, words=reason)
    draft_id = id_of(person_id, once, officer=typist)
    if not AnswerDraft.objects.filter(draft_id=draft_id).exists():
        count = AnswerDraft.objects.filter(person_id=person_id, officer=typist, filed_code="").exclude(procedure_slug=SUPPLEMENT).count()
        if count >= MOST_DRAFTS:
            raise Conflict(DOS_TOO_MANY_ANSWERS, count=count)
        AnswerDraft.objects.create(
            draft_id=draft_id,
            person_id=person_id,
            officer=typist,
            procedure_slug=procedure_slug,
            typed=dict(typed),
            begun_at=at,
            saved_at=at,
            expires_at=at + (KEPT_AT_COUNTER if typist else KEPT),
        )
        if typist:
            record_look(actor=actor, at=at, person_id=person_id, what="counter_filing", reason=reason)
    record(actor=actor, at=at, verb="dossiers.answers.begin", detail={"draft": str(draft_id), "procedure": procedure_slug})
    return draft_id


@command(by=_TYPISTS)
def save_page(
    *, actor: Actor, at: datetime, draft_id: UUID, page: str, typed: Mapping[str, list[str]], seen_version: int, showing: str
) -> AnswersView:
    """Keep what stands on one page. `seen_version`: of the draft when the page was shown; `showing`: which showing of it this is.

    Raises: NotFound DOS-070; Conflict DOS-072 where this page was saved since by another showing of it, and says something else.
    """
    row = _lock(draft_id, actor)
    saved = row.pages.get(page)
    is_another = saved is not None and saved["version"] > seen_version and saved["showing"] != showing
    if is_another and any(row.typed.get(name, []) != value for name, value in typed.items()):
        raise Conflict(DOS_ANSWERED_ELSEWHERE)
    row.typed = {**row.typed, **typed}
    row.pages = {**row.pages, page: {"version": row.version + 1, "at": at.isoformat(), "showing": showing}}
    _save(row, at)
    record(actor=actor, at=at, verb="dossiers.answers.save", detail={"draft": str(draft_id), "page": page})
    return _view(row)


@command(by=_TYPISTS)
def add_file(*, actor: Actor, at: datetime, draft_id: UUID, file: AnswerFile, most: int) -> None:
    """Put an upload beside the answers. Raises NotFound DOS-070; Conflict DOS-073."""
    row = _lock(draft_id, actor)
    kept = [one for one in row.files if one["upload_id"] != file.upload_id]
    if sum(one["component"] == file.component for one in kept) >= most:
        raise Conflict(DOS_TOO_MANY_FILES, most=most)
    row.files = [*kept, asdict(file)]
    _save(row, at)
    record(actor=actor, at=at, verb="dossiers.answers.add_file", detail={"draft": str(draft_id), "upload": file.upload_id})


@command(by=_TYPISTS)
def remove_file(*, actor: Actor, at: datetime, draft_id: UUID, upload_id: str) -> None:
    """Take a document out of the draft; in the person's warehouse it stays. Removed before: the same."""
    row = _lock(draft_id, actor)
    row.files = [one for one in row.files if one["upload_id"] != upload_id]
    _save(row, at)
    record(actor=actor, at=at, verb="dossiers.answers.remove_file", detail={"draft": str(draft_id), "upload": upload_id})


@command(by=_TYPISTS)
def drop_answers(*, actor: Actor, at: datetime, draft_id: UUID) -> None:
    """Delete a draft. Raises NotFound DOS-070."""
    _lock(draft_id, actor).delete()
    record(actor=actor, at=at, verb="dossiers.answers.drop", detail={"draft": str(draft_id)})


@command(by=_TYPISTS)
def close_answers(*, actor: Actor, at: datetime, draft_id: UUID, code: str) -> None:
    """It was filed as the dossier of this code: what was typed is forgotten, and the draft leads there. Raises NotFound DOS-070."""
    row = _lock(draft_id, actor)
    row.typed, row.pages, row.files, row.filed_code = {}, {}, [], code
    _save(row, at)
    record(actor=actor, at=at, verb="dossiers.answers.close", detail={"draft": str(draft_id)})


@command(by=SYSTEM)
def drop_forgotten(*, actor: Actor, at: datetime) -> int:
    """Delete drafts that nobody touched for long."""
    ids = list(AnswerDraft.objects.filter(expires_at__lte=at).values_list("draft_id", flat=True)[:_DROPPED_AT_ONCE])
    dropped, _ = AnswerDraft.objects.filter(draft_id__in=ids, expires_at__lte=at).delete()
    record(actor=actor, at=at, verb="dossiers.answers.drop_forgotten", detail={"dropped": dropped})
    return dropped


def id_of(person_id: int, once: str, *, officer: str = "") -> UUID:
    """Which draft a beginning makes: the same one however often it is sent."""
    return uuid5(_SPACE, " ".join(filter(None, (str(person_id), officer, once))))


def once_of_supplement(dossier_id: UUID) -> str:
    """Under which key the papers that are missing of a dossier are gathered: it is asked for them once, so it has one such draft."""
    return f"{SUPPLEMENT} {dossier_id}"


def is_one_forgotten(at: datetime) -> bool:
    """Whether there is a draft to delete."""
    return AnswerDraft.objects.filter(expires_at__lte=at).exists()


def get_answers(draft_id: UUID, *, actor: Actor) -> AnswersView:
    """The actor's own draft. Raises NotFound DOS-070, also for another person's."""
    found = find_answers(draft_id, actor=actor)
    if found is None:
        raise NotFound(DOS_NO_ANSWERS)
    return found


def find_answers(draft_id: UUID, *, actor: Actor) -> AnswersView | None:
    """The same; None where there is none."""
    row = AnswerDraft.objects.filter(draft_id=draft_id, person_id=_person(actor), officer=_typist(actor)).first()
    return _view(row) if row is not None else None


def list_answers(person_id: int, *, procedure_slug: str = "") -> tuple[AnswersView, ...]:
    """A person's own drafts that were not filed yet, the latest change first; of one procedure where it is named."""
    rows = AnswerDraft.objects.filter(person_id=person_id, officer="", filed_code="").exclude(procedure_slug=SUPPLEMENT)
    if procedure_slug:
        rows = rows.filter(procedure_slug=procedure_slug)
    return tuple(_view(row) for row in rows.order_by("-saved_at")[:MOST_DRAFTS])


def list_answers_at_counter(account: str, *, person_id: int | None = None) -> tuple[AnswersView, ...]:
    """What this officer types for people and has not filed yet, the latest change first; for one person where one is named."""
    rows = AnswerDraft.objects.exclude(officer="").filter(officer=account, filed_code="")
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return tuple(_view(row) for row in rows.order_by("-saved_at")[:MOST_DRAFTS])


def get_person_id_typed_for(draft_id: UUID, *, account: str) -> int:
    """The person of a draft that this officer types. Raises NotFound DOS-070, also for another officer's."""
    person_id = (
        AnswerDraft.objects.exclude(officer="").filter(draft_id=draft_id, officer=account).values_list("person_id", flat=True).first()
    )
    if person_id is None:
        raise NotFound(DOS_NO_ANSWERS)
    return person_id


def _person(actor: Actor) -> int:
    if actor.for_person_id is None:
        raise NotFound(DOS_NO_ANSWERS)
    return actor.for_person_id


def _typist(actor: Actor) -> str:
    """WHY: an officer does not meet what the person began at home, nor the person what an officer has not filed."""
    return actor.account if actor.kind is ActorKind.OFFICER else ""


def _lock(draft_id: UUID, actor: Actor) -> AnswerDraft:
    row = AnswerDraft.objects.select_for_update().filter(draft_id=draft_id, person_id=_person(actor), officer=_typist(actor)).first()
    if row is None:
        raise NotFound(DOS_NO_ANSWERS)
    return row


def _save(row: AnswerDraft, at: datetime) -> None:
    row.version += 1
    row.saved_at, row.expires_at = at, at + (KEPT_AT_COUNTER if row.officer else KEPT)
    row.save()


def _view(row: AnswerDraft) -> AnswersView:
    pages: dict[str, dict[str, Any]] = row.pages
    return AnswersView(
        draft_id=row.draft_id,
        person_id=row.person_id,
        procedure_slug=row.procedure_slug,
        typed=row.typed,
        pages={code: PageSaved(**saved) for code, saved in pages.items()},
        files=tuple(AnswerFile(**file) for file in row.files),
        version=row.version,
        begun_at=row.begun_at,
        saved_at=row.saved_at,
        expires_at=row.expires_at,
        filed_code=row.filed_code,
    )
