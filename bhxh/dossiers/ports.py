"""What the dossier engine asks of the outside. Connectors implement these; wiring picks which."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bhxh.kernel.canonical import Json


class SourceKind(StrEnum):
    """Where a fact comes from. Law: decree-164 R-041 and section 8.9."""

    NPSP = "NPSP"
    NATIONAL_DB = "NATIONAL_DB"
    SPECIALISED_DB = "SPECIALISED_DB"
    WAREHOUSE = "WAREHOUSE"
    SUBMITTER = "SUBMITTER"
    OFFICER = "OFFICER"


class AnswerKind(StrEnum):
    """How a partner answered. Only `answered` and `not_found` are facts; the others are "could not find out"."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One partner's answer about one subject, in our words. This becomes an evidence row."""

    subject: str
    """The identifier asked about, as asked."""
    kind: AnswerKind
    source_kind: SourceKind
    source_system: str
    """`population`, `business` ..."""
    record_id: str = ""
    """The partner's own reference of the record, where it gives one."""
    fetched_at: datetime
    content: dict[str, Json] = field(default_factory=dict)
    """The facts, translated at the border: full_name, birth_on, sex ... ; empty unless answered."""
    content_sha256: str = ""
    """Digest of the partner's answer as it came over the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityQuery:
    """Ask the population register about one person."""

    pin: str
    full_name: str = ""
    birth_on: date | None = None


class PopulationRegister(Protocol):
    """The National Population Database. Answers' content: pin, full_name, birth_on (ISO or YYYY), sex, residence, is_deceased."""

    def look_up(self, queries: Sequence[IdentityQuery]) -> Sequence[Answer]:
        """One answer for each query, in order; never raises for trouble, says it in `kind`."""


class BusinessRegister(Protocol):
    """The business register. Answer's content: tax_code, name, status, address, legal_representative_pin."""

    def look_up(self, tax_code: str) -> Answer:
        """Never raises for trouble, says it in `kind`."""


class PortalStatusSink(Protocol):
    """The national public service portal: status and results of dossiers that came through it."""

    def send_status(self, *, portal_reference: str, dossier_code: str, npsp_status: int, at: datetime, result_sha256: str) -> None:
        """Idempotent on (portal_reference, npsp_status). Raises Trouble."""
