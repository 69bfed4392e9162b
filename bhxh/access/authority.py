"""By what right somebody acts for an employer, and how far it reaches: by the register, or by a mandate."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from bhxh.access.roles import MachineFacts, MandateRole, OfficerFacts
from bhxh.kernel.actor import Actor


class MandateAct(StrEnum):
    """What may be done for an employer. Each is named in a mandate, or not granted."""

    FILE = "FILE"
    """Check, prepare, sign and file; answer what the office asks for."""
    FOLLOW = "FOLLOW"
    """See dossiers, their lines, letters and results: data of workers."""
    WITHDRAW = "WITHDRAW"
    """Take a dossier back."""


EVERY_ACT = frozenset(MandateAct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How far a mandate reaches."""

    acts: frozenset[MandateAct]
    procedures: frozenset[str] | None = None
    """Slugs; None: every procedure, also one that is added later. WHY not empty for all: two scopes may have nothing in common."""

    def reaches(self, act: MandateAct, procedure: str) -> bool:
        """Whether this act in this procedure lies within."""
        return act in self.acts and (self.procedures is None or procedure in self.procedures)

    def touches(self, act: MandateAct) -> bool:
        """Whether this act lies within for any procedure at all."""
        return act in self.acts and self.procedures != frozenset()

    def within(self, other: "Scope") -> "Scope":
        """What both allow."""
        if self.procedures is None or other.procedures is None:
            procedures = self.procedures if other.procedures is None else other.procedures
        else:
            procedures = self.procedures & other.procedures
        return Scope(acts=self.acts & other.acts, procedures=procedures)


EVERYTHING = Scope(acts=EVERY_ACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By what right somebody acts for one employer. Proved when the actor is made; permissions believe it only together with that actor."""

    employer_id: int
    role: MandateRole
    scope: Scope = EVERYTHING
    mandate_id: UUID | None = None
    """None: the legal representative, by the register."""

    def within(self, other: "Authority") -> "Authority":
        """The same, no further than the holder's own authority in the organisation that holds the mandate."""
        return replace(self, scope=self.scope.within(other.scope))


def representative_of(employer_id: int) -> Authority:
    """The legal representative by the register: everything, without a mandate."""
    return Authority(employer_id=employer_id, role=MandateRole.LEGAL_REPRESENTATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An actor, with the facts that prove what it may."""

    actor: Actor
    authority: Authority | None = None
    machine: MachineFacts | None = None
    officer: OfficerFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateSummary:
    """Who may act for an employer, as what, how far, from when until when (exclusive)."""

    mandate_id: UUID
    employer_id: int
    account: str
    role: MandateRole
    scope: Scope
    from_on: date
    until_on: date | None

    @property
    def authority(self) -> Authority:
        """What the holder may."""
        return Authority(employer_id=self.employer_id, role=self.role, scope=self.scope, mandate_id=self.mandate_id)


def employer_reference(employer_id: int) -> str:
    """`employer:<id>`: an organisation that holds a mandate of another, such as an accounting firm."""
    return f"employer:{employer_id}"


def machine_reference(client_id: str) -> str:
    """`machine:<client>`: a program."""
    return f"machine:{client_id}"


def scope_of(acts: Collection[str], procedures: Collection[str] | None) -> Scope:
    """From stored words."""
    return Scope(acts=frozenset(map(MandateAct, acts)), procedures=None if procedures is None else frozenset(procedures))
