"""Whoever is signed in for themselves or for a child or ward, and the frame around their pages."""

from dataclasses import replace
from typing import TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import frame_of_role
from bhxh.kernel.actor import Actor
from bhxh.kernel.data_groups import DataGroup
from bhxh.notices.queries import count_unread
from bhxh.registry.queries import get_person
from bhxh.web.languages import in_words
from bhxh.web.pages import Frame

BOOK, CARD, DOSSIERS, SHARING, INBOX = "/so", "/the", "/ho-so", "/chia-se", "/thong-bao"
"""The places of the bar."""


def own(signed_in: SignedIn, purpose: str) -> tuple[Actor, int]:
    """The person, and whose affairs it is: their own, or those of whom they act for. Raises as `SignedIn.actor`."""
    actor = signed_in.actor(purpose)
    assert actor.for_person_id is not None, "nobody is let in who is here for an organisation"
    return actor, actor.for_person_id


def own_frame(request: HttpRequest, signed_in: SignedIn, here: str, person_id: int, *, back: tuple[str, str] | None = None) -> Frame:
    """The frame of a page that belongs to this place, with how many letters wait to be read, and for whom somebody acts. One statement, or two."""
    frame = frame_of_role(request, signed_in, here, back=back)
    acts_for = get_person(person_id).full_name if signed_in.acting_for else ""
    return replace(frame, counts={INBOX: count_unread(person_id)}, acts_for=acts_for)


def mistake_address(group: DataGroup, about: str) -> str:
    """A report of a mistake that says already what it is about. WHY nothing of anybody's life but months: addresses lie in logs."""
    return f"/ho-so/moi/report_mistake?{urlencode({'q-group': group.value, 'q-about': about})}"


class Called(TypedDict):
    """What `page` takes of a page's name."""

    title: str
    tab: str


def titled(frame: Frame, own_words: tuple[str, str], thing: tuple[str, str]) -> Called:
    """What a page about a person is called: as their own, or, for a child or ward, with whose it is (`thing` of whom, Vietnamese and English)."""
    if not frame.acting_for:
        return {"title": in_words(own_words), "tab": ""}
    vi, en = thing
    return {
        "title": in_words((f"{vi} của {frame.acts_for}", f"{en} of {frame.acts_for}")),
        "tab": in_words((f"{vi} (làm thay)", f"{en} (for another)")),
    }


def uuid_of(text: str) -> UUID | None:
    """What stands in an address; None where it is not one."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
