"""A person acts for another: what must hold of both, and the actor that comes of it. Pure; the facts come from the registry above."""

from dataclasses import dataclass, replace

from bhxh.access.representation_errors import ACC_OTHER_CUSTODIAN, ACC_PERSON_DECEASED, ACC_REPRESENTS_AS_ORGANISATION
from bhxh.kernel.actor import Actor, LegalBasis
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import NotAllowed

_REFERENCE_CHARACTERS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderFacts:
    """What the registry holds of an account's person now."""

    is_kept_here: bool
    is_deceased: bool


def check_holder(facts: HolderFacts) -> None:
    """An account acts while its person lives and is kept here. Raises NotAllowed ACC-201, ACC-202."""
    if not facts.is_kept_here:
        raise NotAllowed(ACC_OTHER_CUSTODIAN)
    if facts.is_deceased:
        raise NotAllowed(ACC_PERSON_DECEASED)


def representation_reference(actor: Actor, person_id: int) -> str:
    """How a representative names somebody they act for: means nothing to anybody else, and our own numbers do not leave the house."""
    return sha256_hex(f"{actor.account} {actor.person_id} {person_id}".encode())[:_REFERENCE_CHARACTERS]


def check_one_role(actor: Actor) -> None:
    """Whoever is signed in for an organisation acts for no relative in the same breath. Raises NotAllowed ACC-204."""
    if actor.for_person_id is None:
        raise NotAllowed(ACC_REPRESENTS_AS_ORGANISATION)


def act_for(actor: Actor, *, person_id: int) -> Actor:
    """The same person, now acting for another and not for themselves. That they may, the caller has from the registers."""
    check_one_role(actor)
    return replace(actor, on_behalf_of_person_id=person_id, legal_basis=LegalBasis.LEGAL_DUTY)
