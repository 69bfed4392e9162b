"""What the law says of a case, as values: citations, findings, decisions. A legal "no" is a Finding, never an exception."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Sentence
from bhxh.kernel.money import in_language


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of law. Only articles that the domain notes give with a source; otherwise `is_assumed`."""

    source: str
    """Such as `Law 41/2024/QH15, Art. 31`."""
    is_assumed: bool = False

    def __str__(self) -> str:
        return f"{self.source} (assumed)" if self.is_assumed else self.source


class Outcome(StrEnum):
    """What a rule found. `unclear` means "could not find out" and is never a "no"."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"
    WARNING = "warning"
    """Noted, shown, does not stand in the way."""
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's answer about one thing."""

    sentence: Sentence
    outcome: Outcome
    citation: Citation
    where: str = ""
    """The field (or cell) it speaks of, empty when the whole."""
    parameters: Mapping[str, Json] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The eternal code of the sentence."""
        return self.sentence.code

    def text(self, language: str = "vi") -> str:
        """The sentence in `vi` or `en`, filled in."""
        template = self.sentence.en if language == "en" else self.sentence.vi
        if "{" not in template:
            return template  # WHY: one text for all lines of a long list that say the same
        return template.format_map({key: in_language(value, language) for key, value in self.parameters.items()})

    def as_json(self) -> dict[str, Json]:
        """The form in which findings are stored and signed."""
        return {
            "code": self.code,
            "outcome": self.outcome.value,
            "citation": str(self.citation),
            "where": self.where,
            "parameters": dict(self.parameters),
            "vi": self.text("vi"),
            "en": self.text("en"),
        }


class Proposal(StrEnum):
    """What a pure rule set proposes to do with a case or a line."""

    GRANT = "grant"
    REFUSE = "refuse"
    OFFICER = "officer"
    """A person must look: something is unclear or needs judgement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposal with the findings it follows from."""

    proposal: Proposal
    findings: tuple[Finding, ...]


def propose(findings: Iterable[Finding]) -> Decision:
    """The plain reading: any `not_met` refuses, any `unclear` goes to an officer, otherwise grant."""
    kept = tuple(findings)
    outcomes = {finding.outcome for finding in kept}
    if Outcome.NOT_MET in outcomes:
        return Decision(Proposal.REFUSE, kept)
    return Decision(Proposal.OFFICER if Outcome.UNCLEAR in outcomes else Proposal.GRANT, kept)
