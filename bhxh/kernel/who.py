"""In which capacity somebody acts, and whom a route or a command lets in. Default: nobody."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from bhxh.kernel.actor import Actor, ActorKind


class Capacity(StrEnum):
    """What an actor acts as in one request: finer than the kind, because one person may act for several."""

    PERSON = "person"
    """For themselves."""
    REPRESENTATIVE = "representative"
    """A person for another person: a parent for a child, a guardian for a ward."""
    EMPLOYER = "employer"
    """A person for an organisation, by mandate or as its legal representative."""
    OFFICER = "officer"
    MACHINE = "machine"
    SYSTEM = "system"


def capacity_of(actor: Actor) -> Capacity:
    """As what this actor acts."""
    match actor.kind:
        case ActorKind.PERSON if actor.employer_id is not None:
            return Capacity.EMPLOYER
        case ActorKind.PERSON if actor.on_behalf_of_person_id is not None:
            return Capacity.REPRESENTATIVE
        case ActorKind.PERSON:
            return Capacity.PERSON
        case ActorKind.OFFICER:
            return Capacity.OFFICER
        case ActorKind.MACHINE:
            return Capacity.MACHINE
        case ActorKind.SYSTEM:
            return Capacity.SYSTEM


@dataclass(frozen=True, slots=True)
class Who:
    """Whom something lets in: capacities, for officers and programs also in which role or by which grant. Joined with `|`.

    Shape:   an empty role stands for every role. What depends on facts (whose dossier, whose book) is not said here: permissions say it.
             `PERSON | officer("APPRAISER", "APPROVER")` reads as "person, officer (APPRAISER, APPROVER)".
    """

    admitted: frozenset[tuple[Capacity, str]] = frozenset()
    is_open: bool = False
    """Nobody has to say who they are."""

    def __or__(self, other: Self) -> "Who":
        return Who(self.admitted | other.admitted, self.is_open or other.is_open)

    def __str__(self) -> str:
        if self.is_open:
            return "anybody"
        words = []
        for capacity in Capacity:
            roles = sorted(role for admitted, role in self.admitted if admitted is capacity)
            if roles:
                words.append(capacity.value if "" in roles else f"{capacity.value} ({', '.join(roles)})")
        return ", ".join(words) or "nobody"

    def admits(self, actor: Actor) -> bool:
        """Whether this actor may come in at all."""
        return self.is_open or any(self.admits_as(capacity_of(actor), role) for role in ("", *actor.roles))

    def admits_as(self, capacity: Capacity, role: str = "") -> bool:
        """The same for a row of the matrix: somebody in this capacity who has this one role."""
        return self.is_open or (capacity, "") in self.admitted or (bool(role) and (capacity, role) in self.admitted)


def _any(capacity: Capacity) -> Who:
    return Who(frozenset({(capacity, "")}))


def officer(*roles: str) -> Who:
    """Officers who have one of these roles; without any, every officer in service."""
    return Who(frozenset((Capacity.OFFICER, str(role)) for role in roles or ("",)))


def machine(*grants: str) -> Who:
    """Programs that hold one of these grants; without any, every registered program."""
    return Who(frozenset((Capacity.MACHINE, str(grant)) for grant in grants or ("",)))


NOBODY: Final = Who()
ANYBODY: Final = Who(is_open=True)
"""No account is asked for; what is shown names nobody, or the request carries its own proof."""
PERSON: Final = _any(Capacity.PERSON)
REPRESENTATIVE: Final = _any(Capacity.REPRESENTATIVE)
EMPLOYER: Final = _any(Capacity.EMPLOYER)
SYSTEM: Final = _any(Capacity.SYSTEM)
SIGNED_IN: Final = PERSON | REPRESENTATIVE | EMPLOYER | officer()
"""Whoever signed in with the e-ID, whatever they act as: for what is about the sign-in itself."""
