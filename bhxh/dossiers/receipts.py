"""What a filer is told: the sealed receipt, and the contexts of the letters about a dossier."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bhxh.dossiers.components import SOURCES
from bhxh.dossiers.facts import ComponentSource, DossierView, Intake
from bhxh.dossiers.procedure import FilerKind, Procedure
from bhxh.dossiers.states import LineState
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.errors import CATALOGUE
from bhxh.kernel.identifiers import Pin
from bhxh.notices.letters import LetterComponent, LetterContext, LetterReason
from bhxh.registry.queries import PersonSummary
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal

RECEIPT_TYPE: Final = "bhxh-receipt+json"
RECEIPT_LIMIT: Final = timedelta(hours=2)
"""LAW: Decree 164/2025, decree-164 section 2.3: the receipt is given within two hours."""
"""LAW: decree 164/2025, R-060: receipt and appointment within 2 hours of arrival, day and night."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes: this installation, as letters and receipts name it."""

    agency_code: str
    agency_name: str
    public_url: str

    def tracking_url(self, code: str) -> str:
        """Where a dossier is followed; holds its code and nothing else."""
        return f"{self.public_url}/ho-so/{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDocument:
    """A payload and its seal."""

    payload: bytes
    flattened: bytes
    kid: str

    @property
    def sha256(self) -> str:
        """Digest of the sealed document."""
        return sha256_hex(self.flattened)


def seal_document(payload: Json, *, key: SealKey, type_name: str) -> SealedDocument:
    """Canonical bytes of a payload under a seal."""
    data = canonical_bytes(payload)
    sealed = seal(data, key=key, type_name=type_name)
    return SealedDocument(payload=data, flattened=as_flattened(data, sealed), kid=sealed.kid)


def compose_receipt(intake: Intake, *, procedure: Procedure, code: str, received_at: datetime, sender: Sender) -> dict[str, Json]:
    """The content of a receipt. Law: decree-164 R-062."""
    return {
        "type": RECEIPT_TYPE,
        "version": 1,
        "dossier_code": code,
        "procedure": {"slug": procedure.slug, "code": procedure.code, "title_vi": procedure.title_vi, "title_en": procedure.title_en},
        "procedure_version": intake.procedure_version,
        "channel": intake.channel.value,
        "filer": {"name": intake.filer.name, "masked_id": intake.filer.masked_id},
        "document_sha256": intake.document_sha256,
        "content_sha256": intake.canonical_sha256,
        "source_sha256": intake.source_sha256,
        "lines_total": len(intake.filing.lines),
        "components": [
            {
                "code": component.code,
                "title_vi": component.title_vi,
                "title_en": component.title_en,
                "source_kind": component.source_kind,
                "source": component.source_system,
            }
            for component in intake.components
        ],
        "received_at": received_at.isoformat(),
        "office": {"code": intake.office, "name": intake.office_name},
        "appointment_on": intake.due_on.isoformat(),
        "way_of_result": "warehouse_and_email",
        "tracking_url": sender.tracking_url(code),
        "signature_pending": intake.proof.is_pending,
    }


def receipt_context(
    intake: Intake, *, procedure: Procedure, code: str, received_at: datetime, sender: Sender, sealed: SealedDocument
) -> LetterContext:
    """The receipt's letter."""
    return LetterContext(
        agency_name=intake.office_name,
        dossier_code=code,
        procedure_code=procedure.code,
        procedure_title_vi=procedure.title_vi,
        procedure_title_en=procedure.title_en,
        filer_name=intake.filer.name,
        filer_identifier=intake.filer.masked_id,
        filer_is_employer=procedure.filer is FilerKind.EMPLOYER,
        tracking_url=sender.tracking_url(code),
        received_at=received_at,
        appointment_on=intake.due_on if procedure.working_days else None,
        components=tuple(_letter_component(component) for component in intake.components),
        seal_reference=f"{sealed.kid} {sealed.sha256}",
        signature_is_pending=intake.proof.is_pending,
        lines_total=len(intake.filing.lines),
    )


def result_context(
    dossier: DossierView,
    *,
    procedure: Procedure,
    sender: Sender,
    person: PersonSummary | None = None,
    reasons: Sequence[LetterReason] = (),
    answer_by_on: date | None = None,
    decided_at: datetime | None = None,
    seal_reference: str = "",
    decision_number: str = "",
) -> LetterContext:
    """The letters after the receipt; to the filer, or to a `person` the dossier touched, who is then the one addressed."""
    counts = dossier.lines
    return LetterContext(
        agency_name=sender.agency_name,
        dossier_code=dossier.code,
        procedure_code=procedure.code,
        procedure_title_vi=procedure.title_vi,
        procedure_title_en=procedure.title_en,
        filer_name=person.full_name if person else str(dossier.proof.get("filer_name", "")),
        filer_identifier=Pin(person.pin).masked if person else str(dossier.proof.get("filer_masked_id", "")),
        filer_is_employer=person is None and dossier.employer_id is not None,
        tracking_url=sender.tracking_url(dossier.code),
        received_at=dossier.received_at,
        appointment_on=dossier.appointment_on,
        seal_reference=seal_reference,
        lines_total=dossier.lines_total,
        lines_granted=counts[LineState.CLEAN],
        lines_with_officer=counts[LineState.OFFICER] + counts[LineState.PENDING],
        lines_refused=counts[LineState.REFUSED],
        reasons=tuple(reasons),
        answer_by_on=answer_by_on,
        decision_number=decision_number,
        decided_at=decided_at,
        result_title_vi=procedure.result_title_vi,
        result_title_en=procedure.result_title_en,
    )


def letter_reasons(findings: Iterable[Mapping[str, Json]]) -> tuple[LetterReason, ...]:
    """Stored findings as a letter may carry them: each sentence once, its parameters left out, because mail is read on the way."""
    reasons: dict[str, LetterReason] = {}
    for finding in findings:
        code = str(finding["code"])
        sentence = CATALOGUE.get(code)
        if finding["outcome"] != Outcome.NOT_MET.value or sentence is None or code in reasons:
            continue
        blank: defaultdict[str, str] = defaultdict(lambda: "…")
        reasons[code] = LetterReason(
            code=code, vi=sentence.vi.format_map(blank), en=sentence.en.format_map(blank), citation=str(finding["citation"])
        )
    return tuple(reasons.values())


def _letter_component(component: ComponentSource) -> LetterComponent:
    source_vi, source_en = SOURCES.get(component.source_system, (component.source_system, component.source_system))
    return LetterComponent(title_vi=component.title_vi, title_en=component.title_en, source_vi=source_vi, source_en=source_en)
