"""One file that was chosen on a page: judged as far as can be at once, kept in the person's warehouse, and put beside the draft."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from bhxh.doors.draft_view import FileShown
from bhxh.doors.partners import partners
from bhxh.doors.signed_in_page import once_of
from bhxh.doors.uploads import once_of_file
from bhxh.dossiers.answering import AnswerFile, add_file
from bhxh.dossiers.errors import DOS_FILE_TOO_HEAVY, DOS_NO_FILE_CHOSEN
from bhxh.dossiers.supplement_commands import type_of_document
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Invalid
from bhxh.kernel.text import tidy
from bhxh.warehouse import flows
from bhxh.warehouse.owners import Owner
from bhxh.web.languages import in_words

FIELD: Final = "tep"
"""Which file is meant, where one is taken out again."""
_OWN_KIND, _LONGEST_NAME, _MIB = "other", 100, 1024 * 1024
_FIRST_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPart:
    """Where files for one question are chosen, with those that are there."""

    name: str
    address: str
    component: str
    label: str
    hint: str
    files: tuple[FileShown, ...]
    is_optional: bool = True
    error: str = ""
    heavy: str = ""
    most_bytes: int = 0


def upload_part(
    *,
    name: str,
    address: str,
    component: str,
    label: str,
    hint: str,
    files: tuple[FileShown, ...],
    is_optional: bool = True,
    error: str = "",
) -> UploadPart:
    """In the language that is spoken, with the limit of this installation."""
    most = partners().maximum_upload_bytes
    heavy = (
        f"nặng quá {most // _MIB} MB. Chụp lại ở chế độ thường hoặc chọn tệp khác",
        f"more than {most // _MIB} MB. Take it again at normal quality or choose another file",
    )
    return UploadPart(
        name=name,
        address=address,
        component=component,
        label=label,
        hint=hint,
        files=files,
        is_optional=is_optional,
        error=error,
        heavy=in_words(heavy),
        most_bytes=most,
    )


def take_files(request: HttpRequest, actor: Actor, at: datetime, *, owner: Owner, draft_id: UUID, component: str, most_files: int) -> None:
    """Every file of a form that sends files and nothing else, each by itself: those before one that is refused stay. Sent twice is sent once.

    Raises: Invalid DOS-033, DOS-076, DOS-077, WAR; Conflict DOS-073, WAR-022.
    """
    sent = [file for _, files in request.FILES.lists() for file in files]  # each question's input has its own name
    if not sent:
        raise Invalid(DOS_NO_FILE_CHOSEN)
    for file in sent:
        _take(actor, at, owner, draft_id, component, file, most_files, showing=once_of(request))


def _take(
    actor: Actor, at: datetime, owner: Owner, draft_id: UUID, component: str, file: "UploadedFile[Any]", most_files: int, *, showing: str
) -> None:
    name, size, most = tidy(file.name or "")[:_LONGEST_NAME], file.size or 0, partners().maximum_upload_bytes
    if size > most:
        raise Invalid(DOS_FILE_TOO_HEAVY, name=name, size=size // _MIB, most=most // _MIB)
    type_of_document(file.read(_FIRST_BYTES), name=name)
    file.seek(0)
    upload = flows.receive(
        actor=actor,
        at=at,
        owner=owner,
        kind=_OWN_KIND,
        content=file.chunks(),
        expected_bytes=size,
        maximum_bytes=most,
        once=once_of_file(showing, f"{draft_id} {component}", file),
    )
    kept = AnswerFile(upload_id=str(upload.upload_id), component=component, name=name)
    add_file(actor=actor, at=at, draft_id=draft_id, file=kept, most=most_files)
