"""What may be said in a request. Only the number of the signed-in person is needed; nothing else is asked."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bhxh.dossiers.procedure import Filing, FilingLine
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Defect, Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.months import Month
from bhxh.kernel.text import tidy
from bhxh.procedures.confirmation_extract.errors import CFX_NOT_READABLE

_MAXIMUM_BYTES = 4096  # LIMIT: a request is a number, two months and a line of text


def _month(text: str) -> str:
    return str(Month.parse(text)) if text else ""


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("not YYYY-MM-DD")
    return text


class Request(BaseModel):
    """One request. Both months empty: everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pin: str
    asked_on: Annotated[str, AfterValidator(_day)]
    """YYYY-MM-DD: the same wish on another day is another request, on the same day the same one."""
    from_month: Annotated[str, AfterValidator(_month)] = ""
    """YYYY-MM or MM/YYYY; empty: from the first month."""
    until_month: Annotated[str, AfterValidator(_month)] = ""
    """The last month, inclusive; empty: to the present."""
    purpose: Annotated[str, Field(max_length=200), AfterValidator(tidy)] = ""
    """The person's own words, printed on the extract; never asked for."""


def compose_document(pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
    """The canonical document that a door files for a signed-in person. Raises Invalid CFX-001.

    Shape:  who asks and on which day is the door's to say; wishes that say so too are overruled.
    """
    return canonical_bytes(_validated({**(wishes or {}), "pin": str(pin), "asked_on": asked_on.isoformat()}).model_dump())


def describe_line(content: Mapping[str, Any]) -> tuple[str, str]:
    """The wish in a few words. The person's own words on its purpose are not repeated."""
    first, last = (Month.parse(str(content[name])).shown if content.get(name) else "" for name in ("from_month", "until_month"))
    vi = "".join((f", từ {first}" if first else "", f", đến {last}" if last else "")) or ", toàn bộ"
    en = "".join((f", from {first}" if first else "", f", to {last}" if last else "")) or ", everything"
    return f"Xác nhận quá trình đóng{vi}", f"Confirmation of contributions{en}"


def read(document: bytes) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid CFX-001."""
    if len(document) > _MAXIMUM_BYTES:
        raise Invalid(CFX_NOT_READABLE, reason=f"> {_MAXIMUM_BYTES} byte")
    try:
        content = json.loads(document)
    except ValueError:
        raise Invalid(CFX_NOT_READABLE, reason="JSON") from None
    if not isinstance(content, dict):
        raise Invalid(CFX_NOT_READABLE, reason="JSON")
    request = _validated(content)
    try:
        is_canonical = canonical_bytes(content) == document
    except Defect:
        is_canonical = False
    if not is_canonical:
        raise Invalid(CFX_NOT_READABLE, reason="canonical JSON")
    wishes = request.model_dump(exclude={"pin"})
    return Filing(filer_identifier=request.pin, period="", lines=(FilingLine(number=1, pin=request.pin, content=wishes),), content=wishes)


def _validated(content: Mapping[str, Any]) -> Request:
    try:
        request = Request.model_validate(content)
    except ValidationError as error:
        # WHY `from None`: the library's text quotes what was typed.
        raise Invalid(CFX_NOT_READABLE, where=_first_field(error), reason=_first_field(error)) from None
    except Invalid as error:
        raise Invalid(CFX_NOT_READABLE, reason=error.code) from None
    return request.model_copy(update={"pin": str(Pin.parse(request.pin))})


def _first_field(error: ValidationError) -> str:
    return ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:60]
