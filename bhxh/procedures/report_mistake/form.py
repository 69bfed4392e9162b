"""What may be said in a report: which data, which line or field of them, what is wrong, and what would be right."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bhxh.dossiers.person_form import PersonForm, compose_form, read_form
from bhxh.dossiers.procedure import Filing
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.text import tidy
from bhxh.procedures.report_mistake.errors import RPM_NOT_READABLE

_MAXIMUM_BYTES = 16 * 1024  # LIMIT: 2,000 characters of Vietnamese are 6 KB
WORDS = 2000
"""LIMIT: what is wrong is told in a page; documents are attached to an answer."""


def _said(text: str) -> str:
    said = tidy(text)
    if not said:
        raise ValueError("nothing said")
    return said


class Report(PersonForm):
    """One report."""

    group: DataGroup
    """Which of the seven groups."""
    about: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    """The line or field, as the book or the copy names it: `2025-03 TA0001`, `birth_on`. May be empty."""
    words: Annotated[str, Field(max_length=WORDS), AfterValidator(_said)]
    """What is wrong, in the person's own words."""
    right: Annotated[str, Field(max_length=500), AfterValidator(tidy)] = ""
    """What would be right, where the person knows."""


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid RPM-001."""
    return compose_form(Report, pin, wishes, asked_on=asked_on, unreadable=RPM_NOT_READABLE)


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The report in a few words. The person's own words are not repeated."""
    vi, en = GROUP_WORDS[DataGroup(content["group"])]
    return f"Báo sai sót: {vi}", f"Report of a mistake: {en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid RPM-001."""
    return read_form(Report, document, maximum_bytes=_MAXIMUM_BYTES, unreadable=RPM_NOT_READABLE)
