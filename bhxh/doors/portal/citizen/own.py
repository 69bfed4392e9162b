"""Whoever is signed in for themselves, and the frame around their pages."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import frame_of_role
from bhxh.kernel.actor import Actor
from bhxh.notices.queries import count_unread
from bhxh.web.pages import Frame

BOOK, CARD, DOSSIERS, SHARING, INBOX = "/so", "/the", "/ho-so", "/chia-se", "/thong-bao"
"""The places of the bar."""


def own(signed_in: SignedIn, purpose: str) -> tuple[Actor, int]:
    """The person, and whose affairs it is: their own. Raises as `SignedIn.actor`."""
    actor = signed_in.actor(purpose)
    assert actor.person_id is not None, "lets_in(PERSON) lets nobody else in"
    return actor, actor.person_id


def own_frame(request: HttpRequest, signed_in: SignedIn, here: str, person_id: int, *, back: tuple[str, str] | None = None) -> Frame:
    """The frame of a page that belongs to this place, with how many letters wait to be read. One statement."""
    return replace(frame_of_role(request, signed_in, here, back=back), counts={INBOX: count_unread(person_id)})


def uuid_of(text: str) -> UUID | None:
    """What stands in an address; None where it is not one."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
