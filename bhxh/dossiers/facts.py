"""What leaves the engine: frozen views of dossiers, lines, decisions; and what a filing consists of on its way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bhxh.dossiers.procedure import Filing
from bhxh.dossiers.states import LineState, Place, State
from bhxh.kernel.canonical import Json


class Channel(StrEnum):
    """Which way a filing came. Recorded; never changes what the person gets."""

    NPSP = "NPSP"
    PORTAL = "PORTAL"
    API = "API"
    COUNTER = "COUNTER"
    VSS_LEGACY = "VSS_LEGACY"
    IVAN = "IVAN"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """What the canonical document was made from, such as a workbook. Kept by hash, not judged."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document supplied for one component."""

    code: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Supplied:
    """A document for one component that lies on the disk: sent in now, or taken from the filer's warehouse."""

    code: str
    media_type: str
    sha256: str
    item_id: UUID | None = None
    """Of the warehouse's item that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EidConfirmation:
    """What somebody freshly signed in here confirmed instead of signing with a certificate (R-022)."""

    sealed: bytes
    """The seal says everything: who, what, when, how signed in (`signing.confirmations`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalConfirmation:
    """The national portal vouches for the citizen's own confirmation there (R-022)."""

    subject_pin: str
    message_sha256: str
    """Digest of the portal's signed message."""
    confirmed_at: datetime
    assurance_level: int


Confirmation = EidConfirmation | PortalConfirmation


class WhyAtCounter(StrEnum):
    """Why an officer files for somebody (R-028)."""

    NO_ACCOUNT = "no_account"
    LEVEL_1 = "level_1"
    CANNOT_USE = "cannot_use"
    """Illness, disability, no device."""
    ACCOUNT_BLOCKED = "account_blocked"


class CounterAnswer(StrEnum):
    """What the person said later to a filing at the counter."""

    NONE = ""
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterFilingView:
    """A filing at the counter and what its person said to it."""

    dossier_id: UUID
    code: str
    procedure_slug: str
    state: State
    person_id: int
    officer: str
    why: WhyAtCounter
    filed_at: datetime
    answer: CounterAnswer
    answered_at: datetime | None
    content_sha256: str
    is_decided: bool
    """Whether a decision was signed before the person answered, or may be by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How a filing is proven to come from its filer."""

    kind: str
    """`certificate`, `eid`, `portal`, or `counter` where an officer filed for somebody."""
    is_pending: bool
    """Revocation could not be asked within the budget."""
    facts: Mapping[str, Json]
    """Certificate facts and revocation evidence, or the confirmation's digest and level. No names, no numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filer:
    """Who files, resolved."""

    employer_id: int | None
    person_id: int | None
    name: str
    masked_id: str
    email: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    """An employer's registry facts; empty for persons."""

    @property
    def key(self) -> str:
        """Whom idempotency is counted for."""
        return f"employer:{self.employer_id}" if self.employer_id is not None else f"person:{self.person_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSource:
    """One component of a filing: supplied, or reused from a source."""

    code: str
    title_vi: str
    title_en: str
    is_reused: bool
    source_kind: str
    source_system: str
    content_sha256: str = ""
    media_type: str = ""
    source_record_id: str = ""
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A filing that has been read, proven and found complete: everything `file` writes."""

    procedure_slug: str
    procedure_version: str
    channel: Channel
    filer: Filer
    filing: Filing
    canonical_sha256: str
    document_sha256: str
    source_sha256: str
    source_name: str
    source_media_type: str
    confirmed_repairs: frozenset[int]
    idempotency_key: str
    portal_reference: str
    proof: Proof
    at_counter: WhyAtCounter | None
    """Where an officer files for the person, who confirms later: why."""
    components: tuple[ComponentSource, ...]
    office: str
    office_name: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """What the filer is given at once, the first time and every time."""

    dossier_id: UUID
    code: str
    receipt: bytes
    """The sealed receipt, flattened JWS."""
    receipt_sha256: str
    received_at: datetime
    due_on: date
    is_repeat: bool
    signature_pending: bool
    lines_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierView:
    """One dossier's present state, with the facts permissions need."""

    dossier_id: UUID
    code: str
    procedure_slug: str
    procedure_version: str
    channel: str
    state: State
    employer_id: int | None
    person_id: int | None
    filer_email: str
    filed_by: str
    period: str
    canonical_sha256: str
    document_sha256: str
    source_sha256: str
    source_name: str
    source_media_type: str
    confirmed_repairs: frozenset[int]
    portal_reference: str
    proof: Mapping[str, Json]
    signature_pending: bool
    submitted_at: datetime
    received_at: datetime | None
    due_on: date | None
    appointment_on: date | None
    office: str
    assigned_to: str
    receipt_sha256: str
    receipt_sent_at: datetime | None
    receipt_late: bool
    result_sha256: str
    supplement_due_on: date | None
    supplement_defects: tuple[Mapping[str, Json], ...]
    """What was asked for: `vi`, `en`, `component`, `line_number`."""
    gather_rounds: int
    next_step_at: datetime | None
    lines: Mapping[LineState, int]
    decision_count: int
    row_version: int

    @property
    def lines_total(self) -> int:
        """All lines, whatever their state."""
        return sum(self.lines.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line's present state."""

    number: int
    pin: str
    state: LineState
    person_id: int | None
    content: Mapping[str, Json]
    findings: tuple[Mapping[str, Json], ...]
    proposal: str
    appraisal_n: int | None
    decision_n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one line."""

    number: int
    to_state: LineState
    proposal: str
    findings: tuple[Mapping[str, Json], ...]
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionView:
    """One step of the history."""

    n: int
    from_state: str
    to_state: str
    actor_kind: str
    account: str
    at: datetime
    reason: str
    document_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """One signed decision."""

    n: int
    kind: str
    at: datetime
    appraiser: str
    approver: str
    rule_version: str
    payload: bytes
    payload_sha256: str
    sealed: bytes
    kid: str
    granted_lines: tuple[int, ...]
    refused_lines: tuple[int, ...]
    touched_person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalView:
    """A first officer's proposal."""

    n: int
    officer: str
    at: datetime
    proposal: str
    reason: str
    line_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conservation:
    """The count that proves nothing was lost: every filed dossier is in exactly one place."""

    at: datetime
    filed: int
    """From the append-only history: dossiers that were ever submitted."""
    by_place: Mapping[Place, int]
    """From the dossiers themselves."""
    disagreeing: int
    """Dossiers whose state is not the last one of their history."""

    @property
    def holds(self) -> bool:
        """Whether filed = sum of the places, and history and state agree."""
        return self.filed == sum(self.by_place.values()) and self.disagreeing == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A dossier that our own error keeps from moving. No personal data: this goes to operators."""

    code: str
    state: str
    failed_runs: int
    what: str
    next_run_at: datetime | None
