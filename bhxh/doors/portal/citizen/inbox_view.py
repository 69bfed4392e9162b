"""A person's letters as the pages show them, in the language that is spoken. Pure."""

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from bhxh.doors.portal.letter_headings import half_in_words
from bhxh.notices.outcomes import explain
from bhxh.notices.queries import MessageSeen
from bhxh.notices.states import MessageState
from bhxh.web.languages import in_words
from bhxh.web.moments import instant

_STATES: Final[dict[str, tuple[str, str, str]]] = {
    MessageState.WAITING.value: ("Thư điện tử đang gửi", "E-mail on its way", "info"),
    MessageState.SENT.value: ("Đã gửi thư điện tử", "E-mail sent", "plain"),
    MessageState.DELIVERY_FAILED.value: ("Thư điện tử không đến được", "The e-mail did not arrive", "wait"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter of a list."""

    address: str
    heading: str
    language: str
    """In which the heading is."""
    at: str
    is_new: bool
    state: str
    state_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLetter:
    """One letter, opened."""

    heading: str
    language: str
    body: SafeString
    text: str
    """Where the letter has no half in this language."""
    at: str
    state: str
    state_kind: str
    outcome: str
    """What became of the mail copy, and what to do."""
    dossier: str


def letter_of(message: MessageSeen) -> Letter:
    """As a list shows it."""
    heading, language, _ = half_in_words(message)
    vi, en, kind = _STATES[message.state]
    return Letter(
        address=f"/thong-bao/{message.message_id}",
        heading=heading,
        language=language,
        at=instant(message.created_at),
        is_new=message.read_at is None,
        state=in_words((vi, en)),
        state_kind=kind,
    )


def open_letter_of(message: MessageSeen, *, dossier: str) -> OpenLetter:
    """As its own page shows it; `dossier`: code of the person's dossier that it is about, empty otherwise."""
    heading, language, body = half_in_words(message)
    vi, en, kind = _STATES[message.state]
    outcome = explain(message)
    return OpenLetter(
        heading=heading,
        language=language,
        body=mark_safe(body),  # noqa: S308  # our own letter; what stands in it was escaped when it was made
        text="" if body else message.text,
        at=instant(message.created_at),
        state=in_words((vi, en)),
        state_kind=kind,
        outcome=in_words((outcome.vi, outcome.en)),
        dossier=dossier,
    )
