"""What the API takes and gives: pydantic shapes, translated from the rooms' views. The OpenAPI file is made from these."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Self

import orjson
from ninja import Path, Query, Schema
from pydantic import AfterValidator, Field, ValidationInfo

from bhxh.doors.api.conversion_standing import ConversionStandingOut
from bhxh.doors.api.errors import API_NOT_BASE64
from bhxh.doors.api.signing_shapes import SignatureOut
from bhxh.doors.api.warehouse_shapes import Papers
from bhxh.dossiers.facts import DossierView, LineView, ReceiptView
from bhxh.dossiers.flows import PreparedDraft
from bhxh.dossiers.states import FACTS
from bhxh.kernel.clock import checked_instant
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin
from bhxh.procedures.register_employees.checking import LINE_STATES, CheckedLine


def decode_base64(text: str, where: str) -> bytes:
    """Bytes that a JSON body carries. Raises Invalid API-006."""
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise Invalid(API_NOT_BASE64, where=where) from None


def _instant(given: datetime, info: ValidationInfo) -> datetime:
    return checked_instant(given, info.field_name or "")


Instant = Annotated[datetime, AfterValidator(_instant)]
"""An instant that a caller names, with its offset from UTC; ours in UTC. Raises Invalid KER-006."""
Code = Annotated[str, Path(description="public code of a dossier", max_length=60)]
Number = Annotated[int, Path(ge=1, le=50_000)]
After = Annotated[int, Query(description="number of the last line of the page before", ge=0, le=50_000)]
BookVersion = Annotated[int | None, Query(description="the latest where not given", ge=1, le=1_000_000)]
RowVersion = Annotated[int, Field(ge=0, le=2_000_000_000)]
LineNumber = Annotated[int, Field(ge=1, le=50_000)]


BYTES: Final[dict[str, Any]] = {"type": "string", "format": "binary"}
SEALED: Final[dict[str, Any]] = {
    "type": "object",
    "description": "flattened JWS (RFC 7515, section 7.2.2)",
    "properties": {name: {"type": "string"} for name in ("payload", "protected", "signature")},
}
KEY_SET: Final[dict[str, Any]] = {
    "type": "object",
    "description": "JWKS (RFC 7517) with custodian, purpose and validity of each key",
    "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
    "required": ["keys"],
}


def produces(media_type: str, schema: dict[str, Any] = BYTES) -> dict[str, Any]:
    """How the description names an answer that is a document, not JSON of ours."""
    return {"responses": {200: {"description": "OK", "content": {media_type: {"schema": schema}}}}}


def takes(media_type: str) -> dict[str, Any]:
    """How the description names a body that is a document."""
    return {"requestBody": {"required": True, "content": {media_type: {"schema": BYTES}}}}


class Problem(Schema):
    """RFC 9457 problem details, in both languages."""

    type: str
    title: str
    status: int
    code: str = Field(description="eternal code; docs/errors.md lists them all")
    detail: str
    vi: str
    en: str
    instance: str
    where: str = ""
    errors: list[dict[str, str]] = Field(default_factory=list)


class FindingOut(Schema):
    """One rule's answer: what, where, on which legal ground, in both languages."""

    code: str
    outcome: str
    where: str
    vi: str
    en: str
    citation: str

    @classmethod
    def of(cls, finding: Any) -> "FindingOut":
        """From the stored form."""
        return cls(**{name: finding[name] for name in _OF_A_FINDING})


_OF_A_FINDING: Final = tuple(FindingOut.model_fields)


class RepairOut(Schema):
    """A number that lost its leading zeros, or text of an old font, waiting for the clerk's confirmation by line number."""

    cell: str
    written: str
    proposed: str


class CheckedLineOut(Schema):
    """One row of a workbook and what would become of it."""

    number: int
    row: int
    name: str
    state: str = Field(description="clean, officer, refused, unreadable")
    findings: list[FindingOut]
    repairs: list[RepairOut]


class CheckOut(Schema):
    """A workbook judged before signing."""

    period: str
    counts: dict[str, int]
    lines: list[CheckedLineOut]
    document: str = Field(
        description="the canonical XML the clerk would sign, base64; empty where no row is readable or the list takes several documents"
    )
    documents: int = Field(description="how many documents the list takes; the preparation gives them all")

    @classmethod
    def write(cls, *, period: str, documents: Sequence[bytes], lines: Iterable[CheckedLine]) -> bytes:
        """The JSON of this shape, from the procedure's view, in the order of the list however it was judged.

        WHY not by way of the shape: that takes longer than judging the list. WHY line by line: of 50,000 only the words are kept.
        """
        counts: Counter[str] = Counter()
        written: dict[int, bytes] = {}
        for line in lines:
            counts[line.state] += 1
            of_line = {
                "number": line.number,
                "row": line.row,
                "name": line.name,
                "state": line.state,
                "findings": [{name: finding[name] for name in _OF_A_FINDING} for finding in line.findings],
                "repairs": line.repairs,
            }
            written[line.number] = orjson.dumps(of_line)
        rest = {
            "period": period,
            "counts": {state: counts[state] for state in LINE_STATES},
            "document": b64encode(documents[0]).decode() if len(documents) == 1 else "",
            "documents": len(documents),
        }
        pieces = [orjson.dumps(rest)[:-1], b',"lines":[']
        for number in sorted(written):
            pieces += (written[number], b",")
        pieces[-1] = b"]}" if written else b',"lines":[]}'
        return b"".join(pieces)  # WHY once: each copy of 50,000 lines is seventy megabytes


class DraftOut(Schema):
    """One document, and what the key outside must sign of it."""

    draft_id: str
    to_sign: str = Field(description="the bytes to sign, base64: ECDSA or RSA with SHA-256 over them")
    document: str = Field(description="the canonical XML being signed, base64")
    lines: int = Field(description="how many lines it holds")
    expires_at: datetime

    @classmethod
    def of(cls, document: bytes, prepared: PreparedDraft, *, lines: int) -> Self:
        """From the engine's view."""
        return cls(
            draft_id=str(prepared.draft_id),
            to_sign=b64encode(prepared.to_sign).decode(),
            document=b64encode(document).decode(),
            lines=lines,
            expires_at=prepared.expires_at,
        )


class PreparationOut(DraftOut):
    """What the key outside must sign."""

    further: list[DraftOut] = Field(default_factory=list, description="the following documents of a list too long for one")


class SignatureIn(Schema):
    """The signature value made outside."""

    signature: str = Field(description="base64; ECDSA as r||s or DER, RSA PKCS#1 v1.5", max_length=2000)
    papers: Papers


class ReceiptOut(Schema):
    """Receipt and appointment, given after the commit; the same for the same filing sent again."""

    code: str
    received_at: datetime
    appointment_on: date
    lines_total: int
    is_repeat: bool
    signature_pending: bool
    receipt: str = Field(description="the sealed receipt: flattened JWS, base64")
    receipt_sha256: str

    @classmethod
    def of(cls, view: ReceiptView) -> "ReceiptOut":
        """From the engine's view."""
        return cls(
            code=view.code,
            received_at=view.received_at,
            appointment_on=view.due_on,
            lines_total=view.lines_total,
            is_repeat=view.is_repeat,
            signature_pending=view.signature_pending,
            receipt=b64encode(view.receipt).decode(),
            receipt_sha256=view.receipt_sha256,
        )


class DossierOut(Schema):
    """Where a dossier stands."""

    code: str
    procedure: str
    channel: str
    state: str
    state_vi: str
    state_en: str
    submitted_at: datetime
    received_at: datetime | None
    appointment_on: date | None
    receipt_sent_at: datetime | None
    receipt_late: bool
    signature_pending: bool
    proof: str = Field(description="how it was signed: certificate; eid, portal: confirmed; counter: by an officer for the person")
    acted_for: str = Field(description="self, person (a child or ward), organisation; empty where a certificate or the portal says it")
    signatures: list[SignatureOut] = Field(description="by certificate: the filing's own and those in attached PDFs")
    by_right: str = Field(description="MOTHER, FATHER, GUARDIAN, HEAD_OF_HOUSEHOLD, COUNTER, LEGAL_REPRESENTATIVE or the mandate")
    lines: dict[str, int]
    row_version: int = Field(description="send it back with an act, so that a stale page overwrites nothing")

    @classmethod
    def of(cls, view: DossierView) -> "DossierOut":
        """From the engine's view."""
        facts = FACTS[view.state]
        return cls(
            code=view.code,
            procedure=view.procedure_slug,
            channel=view.channel,
            state=view.state.value,
            state_vi=facts.vi,
            state_en=facts.en,
            submitted_at=view.submitted_at,
            received_at=view.received_at,
            appointment_on=view.appointment_on or view.due_on,
            receipt_sent_at=view.receipt_sent_at,
            receipt_late=view.receipt_late,
            signature_pending=view.signature_pending,
            proof=str(view.proof.get("kind", "")),
            acted_for=str(view.proof.get("acted_for", "")),
            signatures=SignatureOut.all_of(view.proof),
            by_right=str(view.proof.get("by_right", "")),
            lines={state.value: count for state, count in view.lines.items()},
            row_version=view.row_version,
        )


class LineOut(Schema):
    """One line of a list and its verdict. The personal number is masked: the filer knows it, others need not."""

    number: int
    pin_masked: str
    name: str
    state: str
    proposal: str
    findings: list[FindingOut]

    @classmethod
    def of(cls, view: LineView) -> "LineOut":
        """From the engine's view."""
        return cls(
            number=view.number,
            pin_masked=Pin(view.pin).masked if view.pin else "",
            name=str(view.content.get("full_name", "")),
            state=view.state.value,
            proposal=view.proposal,
            findings=[FindingOut.of(finding) for finding in view.findings],
        )


class AppraisalIn(Schema):
    """A first officer's proposal on lines."""

    lines: list[LineNumber] = Field(min_length=1, max_length=10_000)
    proposal: str = Field(pattern="^(grant|refuse)$")
    reason: str = Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")
    row_version: RowVersion


class ApprovalIn(Schema):
    """The second officer's approval; without lines: everything proposed by others."""

    lines: list[LineNumber] | None = Field(None, max_length=10_000)
    row_version: RowVersion


class ApprovedOut(Schema):
    """How many lines were decided."""

    decided: int


class ResultOut(Schema):
    """One document of a dossier's results."""

    kind: str
    title_vi: str
    title_en: str
    media_type: str
    sha256: str


class AppraisedOut(Schema):
    """The number of a proposal."""

    appraisal: int


class EvidenceOut(Schema):
    """What one register said about a line's person."""

    register_asked: str
    kind: str
    source_kind: str
    fetched_at: datetime | None
    content_sha256: str
    content: dict[str, Any]


class ProcedureOut(Schema):
    """A procedure on offer."""

    slug: str
    code: str
    title_vi: str
    title_en: str
    working_days: int


class CompletionOut(Schema):
    """How far a dossier has come, and nothing else."""

    code: str
    state_vi: str
    state_en: str


class VerificationOut(Schema):
    """What a verifier may be told of a digest."""

    is_known: bool
    version: int | None = None
    is_latest: bool | None = None
    sealed_at: datetime | None = None
    state: str | None = None
    conversion: ConversionStandingOut | None = None


class LiveOut(Schema):
    """The process answers."""

    status: str
