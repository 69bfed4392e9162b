"""Who of the living acts for whom: what a door asks the registers before somebody acts, for themselves or for another."""

from bhxh.access.representation import HolderFacts, act_for, check_holder, check_one_role, representation_reference
from bhxh.access.representation_errors import ACC_NOT_REPRESENTED
from bhxh.doors.partners import partners
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotAllowed
from bhxh.registry.queries import list_persons
from bhxh.registry.representation import Represented, list_represented

ACTING_FOR_HEADER = "Acting-For"
"""Names by reference (`GET /me/represented`) for whom a person acts in this request; without it, as their browser goes on, else for themselves."""


def check_living(actor: Actor) -> Actor:
    """The actor, if their person lives and (where they act as that person) is kept here. Raises NotAllowed ACC-201, ACC-202."""
    if actor.person_id is None:
        return actor
    person = list_persons([actor.person_id]).get(actor.person_id)
    is_ours = person is not None and person.managed_by == partners().custodian
    # WHY only for oneself: whoever works for a unit may be kept by another ministry; their own data are not touched then.
    is_own_affair = actor.for_person_id is not None
    check_holder(
        HolderFacts(is_kept_here=is_ours or not is_own_affair, is_deceased=person is not None and person.vital_status == "DECEASED")
    )
    return actor


def list_represented_by(actor: Actor) -> tuple[tuple[str, Represented], ...]:
    """(reference, person) of everybody this person may act for today."""
    assert actor.person_id is not None, "a person represents"
    found = list_represented(actor.person_id, on=day_in_vietnam(now()))
    return tuple((representation_reference(actor, one.person_id), one) for one in found)


def for_another(actor: Actor, reference: str) -> Actor:
    """The same person acting for the one they named. Asked of the registers each time. Raises NotAllowed ACC-203, ACC-204."""
    check_one_role(actor)
    found = dict(list_represented_by(actor)).get(reference)
    if found is None:
        raise NotAllowed(ACC_NOT_REPRESENTED)
    return act_for(actor, person_id=found.person_id)


def relation_of(actor: Actor) -> str:
    """As what the actor acts for another; empty where they act for themselves."""
    if actor.on_behalf_of_person_id is None:
        return ""
    found = (one for _, one in list_represented_by(actor) if one.person_id == actor.on_behalf_of_person_id)
    return next((one.representation.relation.value for one in found), "")
