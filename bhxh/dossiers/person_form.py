"""A form that one person fills in, as canonical JSON: what every procedure of that kind shares. Its own fields are the procedure's."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from bhxh.dossiers.procedure import Filing, FilingLine
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Defect, Invalid, Sentence
from bhxh.kernel.identifiers import Pin


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("not YYYY-MM-DD")
    return text


class PersonForm(BaseModel):
    """What each of them holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pin: str
    asked_on: Annotated[str, AfterValidator(_day)]
    """YYYY-MM-DD: the same wish on another day is another request, on the same day the same one."""


def compose_form(kind: type[PersonForm], pin: Pin, wishes: Mapping[str, Any] | None, *, asked_on: date, unreadable: Sentence) -> bytes:
    """The canonical document that a door files for a person. Raises Invalid with the procedure's own sentence.

    Shape:  who asks and on which day is the door's to say; wishes that say so too are overruled.
    """
    filled = {**(wishes or {}), "pin": str(pin), "asked_on": asked_on.isoformat()}
    return canonical_bytes(_validated(kind, filled, unreadable).model_dump(mode="json"))


def read_form(kind: type[PersonForm], document: bytes, *, maximum_bytes: int, unreadable: Sentence) -> Filing:
    """A canonical document back to a filing of exactly one line. Raises Invalid with the procedure's own sentence."""
    if len(document) > maximum_bytes:
        raise Invalid(unreadable, reason=f"> {maximum_bytes} byte")
    try:
        content = json.loads(document)
    except ValueError:
        raise Invalid(unreadable, reason="JSON") from None
    if not isinstance(content, dict):
        raise Invalid(unreadable, reason="JSON")
    form = _validated(kind, content, unreadable)
    try:
        is_canonical = canonical_bytes(content) == document
    except Defect:
        is_canonical = False
    if not is_canonical:
        raise Invalid(unreadable, reason="canonical JSON")
    wishes = form.model_dump(mode="json", exclude={"pin"})
    return Filing(filer_identifier=form.pin, period="", lines=(FilingLine(number=1, pin=form.pin, content=wishes),), content=wishes)


def _validated(kind: type[PersonForm], content: Mapping[str, Any], unreadable: Sentence) -> PersonForm:
    try:
        form = kind.model_validate(content)
    except ValidationError as error:
        # WHY `from None`: the library's text quotes what was typed.
        field = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:60]
        raise Invalid(unreadable, where=field, reason=field) from None
    except Invalid as error:
        raise Invalid(unreadable, reason=error.code) from None
    return form.model_copy(update={"pin": str(Pin.parse(form.pin))})
