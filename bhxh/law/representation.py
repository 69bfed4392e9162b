"""Who speaks for somebody who cannot: parents for a child, a guardian for a ward. Told by register data, never by what somebody uploads. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bhxh.kernel.decisions import Citation

OF_AGE_YEARS: Final = 18
_PARENTS = Citation("Civil Code 2015: parents represent a child under 18", is_assumed=True)
_GUARDIAN = Citation("Civil Code 2015: a guardian represents the ward", is_assumed=True)
_HOUSEHOLD = Citation(
    "House rule: the head of a household for a child registered as their own, where no parent is recorded", is_assumed=True
)


class Relation(StrEnum):
    """As what somebody represents another."""

    MOTHER = "MOTHER"
    FATHER = "FATHER"
    GUARDIAN = "GUARDIAN"
    HEAD_OF_HOUSEHOLD = "HEAD_OF_HOUSEHOLD"
    """Of a household in which the child is registered as the head's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody a register names as parent or legal representative."""

    pin: str
    until_on: date | None = None
    """The day from which the register no longer says so; None: it says no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What the registers say on a day about somebody who may have to be represented."""

    birth_on: date
    is_alive: bool
    mother: Named | None = None
    father: Named | None = None
    legal_representative: Named | None = None
    head_of_household: Named | None = None
    """Where the person is registered there as the head's child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """A right to act for somebody, and when it ends by itself."""

    relation: Relation
    until_on: date | None
    """The first day on which it no longer holds; None: as long as the register says so."""
    basis: Citation


def of_age_on(birth_on: date) -> date:
    """The day somebody becomes eighteen; born on 29 February: on 1 March.

    Law:  Civil Code 2015 (article not confirmed).
    """
    try:
        return birth_on.replace(year=birth_on.year + OF_AGE_YEARS)
    except ValueError:
        return date(birth_on.year + OF_AGE_YEARS, 3, 1)


def representation_by(pin: str, facts: RegisterFacts, on: date) -> Representation | None:
    """The right of whoever has this number to act for the person on a day; None where there is none.

    Shape:  a guardian, where the register names one who is no parent, acts alone, at any age. Otherwise both parents act for a child
            under eighteen. Only where the register names nobody at all, the head of the household does, for an own child. Nobody acts
            for the dead.
    Law:    Civil Code 2015, legal representation of minors and wards (articles not confirmed, assumed).
    """
    if not pin or not facts.is_alive:
        return None
    parents = {Relation.MOTHER: facts.mother, Relation.FATHER: facts.father}
    guardian = facts.legal_representative
    is_parent = guardian is not None and guardian.pin in {named.pin for named in parents.values() if named is not None}
    if guardian is not None and not is_parent:
        return Representation(relation=Relation.GUARDIAN, until_on=guardian.until_on, basis=_GUARDIAN) if guardian.pin == pin else None
    of_age = of_age_on(facts.birth_on)
    if of_age <= on:
        # LAW: a parent stays the representative of an adult only where the register says so by name.
        is_named = guardian is not None and guardian.pin == pin
        return Representation(relation=Relation.GUARDIAN, until_on=guardian.until_on, basis=_GUARDIAN) if guardian and is_named else None
    for relation, named in parents.items():
        if named is not None and named.pin == pin:
            return Representation(relation=relation, until_on=_earlier(of_age, named.until_on), basis=_PARENTS)
    head = facts.head_of_household
    if head is not None and head.pin == pin and not any((*parents.values(), guardian)):
        return Representation(relation=Relation.HEAD_OF_HOUSEHOLD, until_on=_earlier(of_age, head.until_on), basis=_HOUSEHOLD)
    return None


def _earlier(one: date, other: date | None) -> date:
    return one if other is None else min(one, other)
