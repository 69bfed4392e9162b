"""What may be said in a report: which data, which line or field of them, what is wrong, and what would be right."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bhxh.dossiers.procedure import Filing, FilingLine
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.kernel.errors import Defect, Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.text import tidy
from bhxh.procedures.report_mistake.errors import RPM_NOT_READABLE

_MAXIMUM_BYTES = 16 * 1024  # LIMIT: 2,000 characters of Vietnamese are 6 KB
WORDS = 2000
"""LIMIT: what is wrong is told in a page; documents are attached to an answer."""


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("not YYYY-MM-DD")
    return text


def _said(text: str) -> str:
    said = tidy(text)
    if not said:
        raise ValueError("nothing said")
    return said


class Report(BaseModel):
    """One report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pin: str
    asked_on: Annotated[str, AfterValidator(_day)]
    """YYYY-MM-DD: the same report on another day is another one, on the same day the same."""
    group: DataGroup
    """Which of the seven groups."""
    about: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    """The line or field, as the book or the copy names it: `2025-03 TA0001`, `birth_on`. May be empty."""
    words: Annotated[str, Field(max_length=WORDS), AfterValidator(_said)]
    """What is wrong, in the person's own words."""
    right: Annotated[str, Field(max_length=500), AfterValidator(tidy)] = ""
    """What would be right, where the person knows."""


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid RPM-001.

    Shape:  who reports and on which day is the door's to say; a report that says so too is overruled.
    """
    return canonical_bytes(_validated({**(wishes or {}), "pin": str(pin), "asked_on": asked_on.isoformat()}).model_dump(mode="json"))


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The report in a few words. The person's own words are not repeated."""
    vi, en = GROUP_WORDS[DataGroup(content["group"])]
    return f"Báo sai sót: {vi}", f"Report of a mistake: {en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid RPM-001."""
    if len(document) > _MAXIMUM_BYTES:
        raise Invalid(RPM_NOT_READABLE, reason=f"> {_MAXIMUM_BYTES} byte")
    try:
        content = json.loads(document)
    except ValueError:
        raise Invalid(RPM_NOT_READABLE, reason="JSON") from None
    if not isinstance(content, dict):
        raise Invalid(RPM_NOT_READABLE, reason="JSON")
    report = _validated(content)
    try:
        is_canonical = canonical_bytes(content) == document
    except Defect:
        is_canonical = False
    if not is_canonical:
        raise Invalid(RPM_NOT_READABLE, reason="canonical JSON")
    said = report.model_dump(mode="json", exclude={"pin"})
    return Filing(filer_identifier=report.pin, period="", lines=(FilingLine(number=1, pin=report.pin, content=said),), content=said)


def _validated(content: Mapping[str, Any]) -> Report:
    try:
        report = Report.model_validate(content)
    except ValidationError as error:
        # WHY `from None`: the library's text quotes what was typed.
        field = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:60]
        raise Invalid(RPM_NOT_READABLE, where=field, reason=field) from None
    except Invalid as error:
        raise Invalid(RPM_NOT_READABLE, reason=error.code) from None
    return report.model_copy(update={"pin": str(Pin.parse(report.pin))})
