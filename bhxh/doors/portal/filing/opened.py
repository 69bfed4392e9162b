"""A person's own draft, opened: whose it is, and where its pages are."""

from uuid import UUID

from bhxh.access.permissions import check_file
from bhxh.audit.commands import record_look
from bhxh.doors.drafts import Opened, opened
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.answering import get_answers
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.registry.queries import get_person
from bhxh.warehouse.owners import Owner

HOME = "/ho-so"


def draft_address(draft_id: UUID) -> str:
    """Where the pages of a draft begin."""
    return f"{HOME}/nhap/{draft_id}"


def filer(signed_in: SignedIn, purpose: str) -> tuple[Actor, Owner]:
    """Who files, and whose dossier it becomes. Raises NotAllowed ACC-020."""
    actor = signed_in.actor(purpose)
    check_file(actor, filer="person", person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "check_file lets nobody through without a person"
    return actor, Owner("person", actor.for_person_id)


def open_draft(signed_in: SignedIn, draft_id: UUID) -> Opened:
    """The signed-in person's draft; the look is written before anything of it is shown. Raises NotFound DOS-070, also for another's."""
    found = get_draft(signed_in, draft_id)
    record_look(actor=found.actor, at=now(), person_id=found.owner.id, what="document")
    return found


def get_draft(signed_in: SignedIn, draft_id: UUID) -> Opened:
    """The same without a look, where nothing of it is shown."""
    actor, owner = filer(signed_in, "own_dossiers")
    return opened(get_answers(draft_id, actor=actor), actor=actor, person=get_person(owner.id), base=draft_address(draft_id))
