"""Two roles in one person: an officer may be insured, too, or act for the filing unit. Then another officer takes the dossier up."""

from collections.abc import Collection
from datetime import date

from bhxh.access.mandate_errors import ACC_OWN_UNIT
from bhxh.access.mandate_queries import holds_mandate
from bhxh.access.officer_errors import ACC_OWN_CASE
from bhxh.dossiers.models import Dossier, Line
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import NotAllowed
from bhxh.registry.queries import get_employer, list_persons


def check_not_own(actor: Actor, row: Dossier, on: date, *, numbers: Collection[int] | None = None) -> None:
    """The officer is party neither to the dossier nor to these lines of it (all where none are named). Raises NotAllowed ACC-072, ACC-112."""
    if actor.person_id is None:
        return
    own_lines = Line.objects.filter(dossier_id=row.dossier_id, person_id=actor.person_id)
    if numbers is not None:
        own_lines = own_lines.filter(number__in=numbers)
    if row.person_id == actor.person_id or own_lines.exists():
        raise NotAllowed(ACC_OWN_CASE)
    if row.employer_id is None:
        return
    person = list_persons([actor.person_id]).get(actor.person_id)
    is_representative = person is not None and bool(person.pin) and person.pin == get_employer(row.employer_id).legal_representative_pin
    if is_representative or holds_mandate(person_id=actor.person_id, employer_id=row.employer_id, on=on):
        raise NotAllowed(ACC_OWN_UNIT)
