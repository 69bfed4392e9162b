"""A draft, opened: who types it and whose it is, what the procedure asks, what was understood of what was typed.

Shared by `portal`, where people fill in what they file, and `office`, where an officer does it for somebody at the counter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from bhxh.doors.draft_view import FileShown, files_of
from bhxh.doors.register_words import slow_words
from bhxh.dossiers import catalogue
from bhxh.dossiers.answering import AnswersView, close_answers, get_answers
from bhxh.dossiers.errors import DOS_FILE_NOT_TAKEN, DOS_NO_PROCEDURE, DOS_NOT_YET_EXAMINED
from bhxh.dossiers.facts import ReceiptView
from bhxh.dossiers.procedure import FilerKind, Procedure
from bhxh.dossiers.questions import Group, Known, Questions
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.registry.queries import PersonSummary
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.uploads import UploadView, find_uploads
from bhxh.web.form_reading import Looked, Reading, Typed, read_answers, read_whole
from bhxh.web.form_searching import look_up
from bhxh.web.languages import in_words

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
    base: str
    """Where its pages begin."""
    draft: AnswersView
    procedure: Procedure
    questions: Questions
    uploads: Mapping[UUID, UploadView]
    whom: str = ""
    """For whom an officer types, in words; empty: whoever types does it at home."""
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
        remove = f"{self.base}/bo-tep"
        return {
            one: files_of([file for file in self.draft.files if file.component == one], self.uploads, remove=remove) for one in components
        }

    def known(self) -> tuple[Known, ...]:
        """What the State has and does not ask."""
        return self.questions.known(self.owner.id, day_in_vietnam(now())) if self.questions.known else ()

    def content(self) -> bytes:
        """The document that would be filed now; nothing may be wrong with it."""
        compose = self.procedure.compose
        assert compose is not None, "procedure_to_file lets no other through"
        return compose(Pin.parse(self.pin), self.read().content(), asked_on=day_in_vietnam(now()))

    def unfinished(self) -> list[str]:
        """What files are not there yet, or were not taken, as sentences."""
        said = []
        for files in self.files().values():
            for file in files:
                if not file.is_usable:
                    sentence = DOS_NOT_YET_EXAMINED if file.is_waiting else DOS_FILE_NOT_TAKEN
                    said.append(in_words((sentence.vi.format(name=file.name), sentence.en.format(name=file.name))))
        return said

    def anew(self) -> "Opened":
        """As it is kept by now, in the same request: whoever opened it wrote the look."""
        draft = get_answers(self.draft.draft_id, actor=self.actor)
        return replace(self, draft=draft, uploads=_uploads(self.owner, draft), asked={})

    @property
    def once(self) -> str:
        """Under which key it is filed: however often it is sent, one dossier."""
        return f"answers:{self.draft.draft_id}"

    def close(self, at: datetime, view: ReceiptView) -> bool:
        """It was filed: what was typed is forgotten, the draft leads to its dossier. Returns whether that one was there before this draft was begun."""
        close_answers(actor=self.actor, at=at, draft_id=self.draft.draft_id, code=view.code)
        # WHY by the time: the same draft sent twice is filed now; the same content was filed before this draft was begun.
        return view.is_repeat and view.received_at < self.draft.begun_at

    def slow(self, content: bytes) -> list[str]:
        """Of the registers that will be asked about this content those that do not answer just now, as sentences."""
        return slow_words(need.register for need in self.procedure.needs(self.procedure.read(content), {}))

    def items(self) -> list[tuple[str, UUID]]:
        """The papers that are filed with it, each with its component."""
        return [(file.component, item) for file in self.draft.files if (item := self.uploads[UUID(file.upload_id)].item_id) is not None]


def procedure_to_file(slug: str) -> tuple[Procedure, Questions]:
    """A procedure that a person files on pages. Raises NotFound DOS-001."""
    procedure = catalogue.get(slug)
    if procedure.questions is None or not is_filed_on_pages(procedure):
        raise NotFound(DOS_NO_PROCEDURE, slug=slug[:80])
    return procedure, procedure.questions


def is_filed_on_pages(procedure: Procedure) -> bool:
    """Whether a person answers its questions on pages, at home or at a counter."""
    return procedure.filer is FilerKind.PERSON and procedure.questions is not None and procedure.compose is not None


def opened(draft: AnswersView, *, actor: Actor, person: PersonSummary, base: str, whom: str = "") -> Opened:
    """A draft with what its pages need. `person`: whose it is; a look at them is written by whoever calls. Raises NotFound DOS-001."""
    procedure, questions = procedure_to_file(draft.procedure_slug)
    owner = Owner("person", person.person_id)
    return Opened(
        actor=actor,
        owner=owner,
        pin=person.pin,
        base=base,
        whom=whom,
        draft=draft,
        procedure=procedure,
        questions=questions,
        uploads=_uploads(owner, draft),
    )


def _uploads(owner: Owner, draft: AnswersView) -> Mapping[UUID, UploadView]:
    return find_uploads(owner, [UUID(file.upload_id) for file in draft.files]) if draft.files else {}
