"""What may be said in a request. Only the number of the signed-in person is needed; nothing else is asked."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bhxh.dossiers.person_form import PersonForm, compose_form, read_form
from bhxh.dossiers.procedure import Filing
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.kernel.text import tidy
from bhxh.procedures.confirmation_extract.errors import CFX_NOT_READABLE

_MAXIMUM_BYTES = 4096  # LIMIT: a request is a number, two months and a line of text


def _month(text: str) -> str:
    return str(Month.parse(text)) if text else ""


class Request(PersonForm):
    """One request. Both months empty: everything."""

    from_month: Annotated[str, AfterValidator(_month)] = ""
    """YYYY-MM or MM/YYYY; empty: from the first month."""
    until_month: Annotated[str, AfterValidator(_month)] = ""
    """The last month, inclusive; empty: to the present."""
    purpose: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    """The person's own words, printed on the extract; never asked for."""


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid CFX-001."""
    return compose_form(Request, pin, wishes, asked_on=asked_on, unreadable=CFX_NOT_READABLE)


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The wish in a few words. The person's own words on its purpose are not repeated."""
    first, last = (Month.parse(str(content[name])).shown if content.get(name) else "" for name in ("from_month", "until_month"))
    vi = "".join((f", từ {first}" if first else "", f", đến {last}" if last else "")) or ", toàn bộ"
    en = "".join((f", from {first}" if first else "", f", to {last}" if last else "")) or ", everything"
    return f"Xác nhận quá trình đóng{vi}", f"Confirmation of contributions{en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid CFX-001."""
    return read_form(Request, document, maximum_bytes=_MAXIMUM_BYTES, unreadable=CFX_NOT_READABLE)
