"""What the portal's plain pages are made with: a title, an answer, facts, something to press, somewhere to go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from bhxh.doors.partners import partners
from bhxh.doors.portal.verdicts import Verdict
from bhxh.doors.sessions import session_secret
from bhxh.kernel.errors import Refusal, Sentence
from bhxh.web.headers import private
from bhxh.web.languages import in_words, of_both
from bhxh.web.pages import Frame, page

__all__ = ["Button", "Question", "error_code", "frame_of", "is_known", "private", "rows_in_words", "show"]
_IN_BOTH: Final = frozenset({"Giới tính", "Trang"})
"""Of what is sealed or printed: these are told as `Vietnamese · English`."""


GOES_ON: Final = "/dang-nhap/tiep"
"""Leads somebody who is signed in on with what they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to be typed, pasted or chosen before a button is pressed."""

    name: str
    vi: str
    en: str
    is_file: bool = False
    most: int = 1000
    value: str = ""
    """What was typed before, where the page comes back."""

    @property
    def label(self) -> str:
        """In the language that is spoken."""
        return in_words((self.vi, self.en))


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something that is done when it is pressed: a form of one button."""

    action: str
    vi: str
    en: str
    fields: Mapping[str, str] = field(default_factory=dict)
    questions: Sequence[Question] = ()
    is_second: bool = False
    """Not what most people came for."""

    @property
    def label(self) -> str:
        """In the language that is spoken."""
        return in_words((self.vi, self.en))


def rows_in_words(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """(Vietnamese, English, value) in the language that is spoken."""
    return [(in_words((vi, en)), of_both(value) if vi in _IN_BOTH else value) for vi, en, value in rows]


def error_code(refusal: Refusal) -> tuple[str, str, str]:
    """A row that leads to what the code means."""
    return ("Mã lỗi", "Error code", format_html('<a class="govuk-link" href="/errors#{0}">{0}</a>', refusal.code))


def is_known(request: HttpRequest) -> bool:
    """WHY the cookie and not the session: a plain page asks no database, and the places it leads to look for themselves."""
    return bool(session_secret(request, partners().signing_in))


def frame_of(request: HttpRequest, *, back: tuple[str, str] | None = None) -> Frame:
    """The frame of a page that names nobody."""
    is_in = is_known(request)
    return Frame(is_known=is_in, goes_on=GOES_ON if is_in else "", back=back)


def show(
    request: HttpRequest,
    *,
    title: tuple[str, str],
    note: tuple[str, str],
    answer: tuple[str, str] = ("", ""),
    is_good: bool = True,
    verdict: Verdict | None = None,
    rows: Sequence[tuple[str, str, str]] = (),
    links: Sequence[tuple[str, str, str]] = (),
    sentences: Sequence[Sentence] = (),
    buttons: Sequence[Button] = (),
    form_origins: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """A plain page. Every text is a pair, Vietnamese and English. `verdict`: of what was verified. `form_origins`: where a pressed button may lead besides us."""
    context = {
        "answer": in_words(answer),
        "kind": verdict.kind if verdict else "yes" if is_good else "no",
        "word": verdict.word if verdict else "",
        "rows": rows_in_words(rows),
        "note": in_words(note),
        "links": [(address, in_words((vi, en))) for address, vi, en in links],
        "sentences": [(sentence.code, in_words((sentence.vi, sentence.en))) for sentence in sentences],
        "buttons": buttons,
    }
    # WHY not where nothing is asked: what was pressed cannot be lost by going to the same address in the other language.
    has_form = any(button.questions for button in buttons)
    return page(
        request,
        "portal/plain.html",
        context,
        title=in_words(title),
        frame=frame_of(request),
        status=status,
        form_origins=form_origins,
        has_form=has_form,
    )
