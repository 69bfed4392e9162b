"""A person's own draft, opened: who it is of, what the procedure asks, what was understood of what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import QueryDict

from bhxh.access.permissions import check_file
from bhxh.audit.commands import record_look
from bhxh.doors.portal.filing.draft_view import FileShown, address_of, files_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.answering import AnswersView, get_answers
from bhxh.dossiers.errors import DOS_NO_PROCEDURE
from bhxh.dossiers.procedure import FilerKind, Procedure
from bhxh.dossiers.questions import Group, Questions
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotFound
from bhxh.registry.queries import get_person
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.uploads import UploadView, find_uploads
from bhxh.web.form_reading import Looked, Reading, Typed, read_answers, read_whole
from bhxh.web.form_searching import look_up

HOME = "/ho-so"
VERSION = "ban"
"""Field of a form: of what it was shown, so that what happened meanwhile is noticed."""
_MOST_DIGITS = 9


def version_of(sent: QueryDict) -> int:
    """Which version a form says that it was shown; 0 where it says none."""
    text = sent.get(VERSION, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What every page of a draft needs."""

    actor: Actor
    owner: Owner
    pin: str
    draft: AnswersView
    procedure: Procedure
    questions: Questions
    uploads: Mapping[UUID, UploadView]
    asked: dict[tuple[str, str, str], Looked] = field(default_factory=dict)
    """What directories said in this request."""

    def looked(self, typed: Typed | None = None) -> Mapping[str, Looked]:
        """What directories say of what was looked for and chosen."""
        return look_up(self.questions, self.draft.typed if typed is None else typed, day_in_vietnam(now()), asked=self.asked)

    def read(self, typed: Typed | None = None) -> Reading:
        """What was understood; where nothing is wrong by itself, what is wrong together."""
        files: dict[str, int] = {}
        for file in self.draft.files:
            files[file.component] = files.get(file.component, 0) + 1
        reading = read_answers(self.questions, self.draft.typed if typed is None else typed, files=files, looked=self.looked(typed))
        if reading.problems:
            return reading
        return replace(reading, problems=read_whole(self.questions, reading, self.around()))

    def around(self) -> dict[str, str]:
        """What the door says of every form: who asks and on which day."""
        return {"pin": self.pin, "asked_on": day_in_vietnam(now()).isoformat()}

    def group(self, code: str) -> Group:
        """The page of this code. Raises NotFound DOS-001."""
        found = next((group for group in self.questions.groups if group.code == code), None)
        if found is None:
            raise NotFound(DOS_NO_PROCEDURE, slug=code[:80])
        return found

    def files(self) -> dict[str, tuple[FileShown, ...]]:
        """The draft's documents by component."""
        components = dict.fromkeys(file.component for file in self.draft.files)
        remove = address_of(self.draft.draft_id, "bo-tep")
        return {
            one: files_of([file for file in self.draft.files if file.component == one], self.uploads, remove=remove) for one in components
        }


def procedure_to_file(slug: str) -> tuple[Procedure, Questions]:
    """A procedure that a person files on pages. Raises NotFound DOS-001."""
    procedure = catalogue.get(slug)
    if procedure.questions is None or procedure.compose is None or procedure.filer is not FilerKind.PERSON:
        raise NotFound(DOS_NO_PROCEDURE, slug=slug[:80])
    return procedure, procedure.questions


def filer(signed_in: SignedIn, purpose: str) -> tuple[Actor, Owner]:
    """Who files, and whose dossier it becomes. Raises NotAllowed ACC-020."""
    actor = signed_in.actor(purpose)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    return actor, Owner("person", actor.for_person_id)


def open_draft(signed_in: SignedIn, draft_id: UUID) -> Opened:
    """The signed-in person's draft; the look is written before anything of it is shown. Raises NotFound DOS-070, also for another's."""
    actor, owner = filer(signed_in, "own_dossiers")
    draft = get_answers(draft_id, actor=actor)
    procedure, questions = procedure_to_file(draft.procedure_slug)
    record_look(actor=actor, at=now(), person_id=owner.id, what="document")
    uploads = find_uploads(owner, [UUID(file.upload_id) for file in draft.files]) if draft.files else {}
    pin = get_person(owner.id).pin
    return Opened(actor=actor, owner=owner, pin=pin, draft=draft, procedure=procedure, questions=questions, uploads=uploads)
