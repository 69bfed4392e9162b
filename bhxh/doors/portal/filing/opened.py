"""A person's own draft, opened: whose it is, and where its pages are."""

from uuid import UUID

from bhxh.audit.commands import record_look
from bhxh.doors.drafts import Opened, opened
from bhxh.doors.own_dossiers import own_actor
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.answering import get_answers
from bhxh.kernel.clock import now
from bhxh.registry.queries import get_person

HOME = "/ho-so"


def draft_address(draft_id: UUID) -> str:
    """Where the pages of a draft begin."""
    return f"{HOME}/nhap/{draft_id}"


def open_draft(signed_in: SignedIn, draft_id: UUID) -> Opened:
    """The signed-in person's draft; the look is written before anything of it is shown. Raises NotFound DOS-070, also for another's."""
    found = get_draft(signed_in, draft_id)
    record_look(actor=found.actor, at=now(), person_id=found.owner.id, what="document")
    return found


def get_draft(signed_in: SignedIn, draft_id: UUID) -> Opened:
    """The same without a look, where nothing of it is shown."""
    actor, person_id = own_actor(signed_in)
    return opened(get_answers(draft_id, actor=actor), actor=actor, person=get_person(person_id), base=draft_address(draft_id))
