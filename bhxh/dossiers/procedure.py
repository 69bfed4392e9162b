"""What a procedure tells the engine. A folder in `bhxh/procedures/` declares one `Procedure`; the engine runs it.

gather -> decide -> record: `needs` says what to ask the outside, `judge` is pure, `effects` writes in the decision's
transaction through commands of lower rooms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from bhxh.dossiers.ports import Answer
from bhxh.dossiers.questions import Guide, Questions
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.decisions import Citation, Decision
from bhxh.kernel.identifiers import Pin
from bhxh.signing.profiles import JsonProfile, SeveralSigners, SignatureProfile


class FilerKind(StrEnum):
    """Who may file."""

    PERSON = "person"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRule:
    """How a filing must be signed from a day on. The last rule whose day has come applies."""

    in_force_from: date
    needs_certificate: bool
    """False: a confirmation by the e-ID account or the national portal is enough (R-022); a certificate is taken too, where the procedure
    has a place for its signature."""
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One document slot of a dossier and the registers that make it unnecessary (R-042, R-046)."""

    code: str
    title_vi: str
    title_en: str
    is_mandatory: bool
    made_unnecessary_by: tuple[str, ...] = ()
    """Source systems (`population`, `business`, `registry`, `warehouse`) any of which replaces the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A dossier is decided under the version in force when it was filed."""

    number: str
    in_force_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAs:
    """Whom a line speaks of where it has no personal number: old numbers, with the name and birth date that must agree."""

    numbers: tuple[tuple[str, str], ...]
    """(scheme, value) as the registry knows them."""
    full_name: str
    birth_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingLine:
    """One line of a list; a procedure that is no list has exactly one."""

    number: int
    pin: str
    """The personal number the line speaks of; empty where none could be read."""
    content: Mapping[str, Json]
    """The line's fields as the form has them, canonical."""
    known_as: KnownAs | None = None
    """What else may tell who it is, where `pin` cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A canonical document read back: the only thing judged."""

    filer_identifier: str
    """Tax code or unit code of an employer, personal number of a citizen: who the document says is filing."""
    period: str
    """Declaration period YYYY-MM, empty where there is none."""
    lines: tuple[FilingLine, ...]
    content: Mapping[str, Json] = field(default_factory=dict)
    """Header fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What this installation already knows of a line's person, passed down to the pure rules."""

    person_id: int
    pin: str
    full_name: str
    birth_on: str
    sex: str
    managed_by: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    """What the procedure's `known` asked the rooms for: open months, present participation ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing to ask the outside before deciding."""

    register: str
    """`population` or `business`."""
    subject: str
    why: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything the pure rules may look at."""

    filing: Filing
    on: date
    """The day of the event the law follows; never "today"."""
    filed_at: datetime
    custodian: str
    subjects: Mapping[str, Subject]
    """By personal number; absent where we know nobody with it."""
    answers: Mapping[tuple[str, str], Answer]
    """By (register, subject)."""
    employer: Mapping[str, Json] = field(default_factory=dict)
    """What the registry holds of the filing employer."""
    reference: Mapping[str, Json] = field(default_factory=dict)
    """What reference data say of codes the filing writes, on the day it was filed."""
    confirmed_repairs: frozenset[int] = frozenset()
    """Line numbers whose proposed repairs the clerk confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedLine:
    """A line to take effect: granted by rule or by officers."""

    line: FilingLine
    subject: Subject | None
    answer: Answer | None
    """The population register's answer about the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsRequest:
    """What `effects` is given, inside the decision's transaction."""

    actor: Actor
    at: datetime
    dossier_id: UUID
    dossier_code: str
    employer_id: int | None
    filing: Filing
    lines: Sequence[GrantedLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a granted decision did. The engine seals the books of the touched persons afterwards."""

    touched_person_ids: tuple[int, ...]
    person_id_by_line: Mapping[int, int] = field(default_factory=dict)


class Composer(Protocol):
    """From what a person filled in to the canonical document."""

    def __call__(self, pin: Pin, wishes: Mapping[str, Any] | None = None, *, asked_on: date) -> bytes:
        """Whose dossier it is and on which day, the door says; wishes that say so too are overruled. Raises Invalid."""


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """The sheet of one administrative procedure: what a newcomer, a lawyer and an operator need first."""

    slug: str
    code: str
    """Internal code of decree-164 section 5; national codes were not found."""
    title_vi: str
    title_en: str
    law: tuple[Citation, ...]
    filer: FilerKind
    signature_rules: tuple[SignatureRule, ...]
    working_days: int
    """Processing limit; 0 means answered at once."""
    is_list: bool
    decides_clean_lines_at_once: bool
    needs_second_officer: bool
    result_title_vi: str
    result_title_en: str
    versions: tuple[Version, ...]
    components: tuple[Component, ...]
    signature_profile: SignatureProfile | None
    """Where the unit's signature stands in the canonical document; None where no certificate is ever asked."""
    foreign_profiles: tuple[SignatureProfile, ...] = ()
    """Other shapes of the same signature, by tools that are not ours: each by name, never "any"."""
    several_profile: SeveralSigners | None = None
    """How it may be signed by others beside the filer, whose place is the first; None where nobody else signs."""
    json_profile: JsonProfile | None = None
    """How the canonical document is signed where it is JSON; None where a certificate is not taken for it."""
    read: Callable[[bytes], Filing]
    """Canonical document (already verified) to Filing. Raises Invalid."""
    needs: Callable[[Filing, Mapping[str, Subject]], tuple[Need, ...]]
    known: Callable[[Filing, Sequence[Subject]], Mapping[str, Mapping[str, Json]]]
    """Own facts the rules need, by personal number: queries of lower rooms, set-based."""
    judge: Callable[[Case], Mapping[int, Decision]]
    """Pure: a decision for each line number."""
    effects: Callable[[EffectsRequest], Effects]
    reference: Callable[[Filing, date], Mapping[str, Json]] | None = None
    """What reference data say of the codes a filing writes, on a day: queries of the registry, set-based."""
    result: Callable[[EffectsRequest], tuple["ResultDocument", ...]] | None = None
    """Result documents besides the decision, such as a sealed extract."""
    pages: Mapping[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """By kind of result document: the sealed document as a PDF to read, with the original inside."""
    compose: Composer | None = None
    """What a door files for a person who filled in the form on a day; None where the document itself comes in."""
    describe_line: Callable[[Mapping[str, Json]], tuple[str, str]] | None = None
    """What a line's content asks for, in a few words, Vietnamese and English: the decision says it in the form's own terms."""
    list_words: Callable[[Mapping[str, Json], str], tuple[str, str] | None] | None = None
    """What the entry of a code list is called that a field of a line's content names, Vietnamese and English; None where it names none."""
    guide: Guide | None = None
    """What people read before they start; None: it is not in the public catalogue."""
    is_entered_from_paper: bool = False
    """Whether officers type what stands on its converted papers, twice, before it is decided (room `transcripts`)."""
    questions: Questions | None = None
    """What is asked on pages; None where it is filed by no page, or by one of its own."""

    def refer(self, filing: Filing, on: date) -> Mapping[str, Json]:
        """The same, empty where the procedure refers to none."""
        return self.reference(filing, on) if self.reference is not None else {}

    def signature_rule(self, on: date) -> SignatureRule:
        """The signature rule in force on a day."""
        return max((r for r in self.signature_rules if r.in_force_from <= on), key=lambda r: r.in_force_from)

    def version(self, on: date) -> Version:
        """The version in force on a day."""
        return max((v for v in self.versions if v.in_force_from <= on), key=lambda v: v.in_force_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDocument:
    """A result to put into the filer's warehouse."""

    kind: str
    title_vi: str
    title_en: str
    media_type: str
    content: bytes
