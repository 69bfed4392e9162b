"""Procedures as people look for them and read of them before they begin. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bhxh.dossiers.components import SOURCES
from bhxh.dossiers.procedure import FilerKind, Procedure
from bhxh.dossiers.questions import LIFE_EVENTS, Guide
from bhxh.kernel.text import search_form
from bhxh.web.languages import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One procedure in the list."""

    title: str
    what: str
    time: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to somebody, as a way into the list."""

    name: str
    address: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on a procedure's own page."""

    what: str
    who: str
    time: str
    result: str
    not_needed: tuple[tuple[str, str], ...]
    """(document, where it is taken from instead)."""
    needed: tuple[str, ...]
    law: tuple[str, ...]
    code: str
    start: str
    """Where it begins; empty where it is not begun by a person on pages."""
    is_for_employers: bool


def entries_of(procedures: Iterable[Procedure], *, words: str = "", event: str = "") -> tuple[Entry, ...]:
    """Those of the life event that hold all the words; marks and case do not matter."""
    wanted = search_form(words).split()
    return tuple(
        Entry(title=in_words((one.title_vi, one.title_en)), what=in_words(one.guide.what), time=_time(one), address=f"/thu-tuc/{one.slug}")
        for one in procedures
        if one.guide is not None
        and (not event or event in one.guide.life_events)
        and all(word in _searched(one, one.guide) for word in wanted)
    )


def events_of(procedures: Iterable[Procedure], here: str) -> tuple[Event, ...]:
    """The life events that lead anywhere, in their order."""
    present = {event for one in procedures if one.guide is not None for event in one.guide.life_events}
    return tuple(
        Event(name=in_words(words), address="/thu-tuc" if event == here else f"/thu-tuc?viec={event.value}", is_here=event == here)
        for event, words in LIFE_EVENTS.items()
        if event in present
    )


def sheet_of(procedure: Procedure) -> Sheet:
    """In the language that is spoken."""
    guide = procedure.guide
    assert guide is not None, "only what people may read of has a page"
    is_for_persons = procedure.filer is FilerKind.PERSON
    return Sheet(
        what=in_words(guide.what),
        who=in_words(guide.who),
        time=_time(procedure),
        result=in_words((procedure.result_title_vi, procedure.result_title_en)),
        not_needed=tuple(
            (in_words((one.title_vi, one.title_en)), in_words(SOURCES[one.made_unnecessary_by[0]]))
            for one in procedure.components
            if one.made_unnecessary_by
        ),
        needed=tuple(
            in_words((one.title_vi, one.title_en)) + ("" if one.is_mandatory else in_words((" (nếu có)", " (if you have it)")))
            for one in procedure.components[1:]
            if not one.made_unnecessary_by
        ),
        law=tuple(str(citation) for citation in procedure.law),
        code=procedure.code,
        start=f"/ho-so/moi/{procedure.slug}" if is_for_persons and procedure.questions else "",
        is_for_employers=not is_for_persons,
    )


def _time(procedure: Procedure) -> str:
    days = procedure.working_days
    if not days:
        return in_words(("Trả lời ngay", "Answered at once"))
    return in_words((f"Trả lời trong {days} ngày làm việc", f"Answered within {days} working days"))


def _searched(procedure: Procedure, guide: Guide) -> str:
    events = [word for event in guide.life_events for word in LIFE_EVENTS[event]]
    texts = (procedure.title_vi, procedure.title_en, procedure.code, *guide.what, *guide.search_words, *events)
    return search_form(" ".join(texts))
