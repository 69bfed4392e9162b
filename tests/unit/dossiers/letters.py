"""Decisions and receipts to print, made by the engine's own composers from invented people."""

from datetime import UTC, date, datetime
from typing import Any, Final

from bhxh.dossiers.facts import ComponentSource, Verdict
from bhxh.dossiers.judging import compose_decision
from bhxh.dossiers.procedure import Case, Filing, FilingLine
from bhxh.dossiers.receipts import RECEIPT_TYPE
from bhxh.dossiers.states import LineState
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.decisions import Citation, Finding, Outcome
from bhxh.procedures.confirmation_extract import PROCEDURE as EXTRACT
from bhxh.procedures.register_employees import PROCEDURE
from bhxh.procedures.register_employees import errors as d02

AT: Final = datetime(2026, 11, 21, 18, 30, 5, tzinfo=UTC)
"""01:30:05 on 22 November in Viet Nam: the day differs from the UTC day."""
CODE: Final = "G12.99.01-261121-000042"
SEAL: Final = b'{"payload":"e30","protected":"eyJhbGciOiJFUzI1NiIsImtpZCI6Im1vZi1kZWNpc2lvbi0xMjM0IiwidHlwIjoiYmh4aC1kZWNpc2lvbitqc29uIn0","signature":"AA"}'
WAGE_LAW: Final = Citation("Law 41/2024/QH15, Art. 31")
IDENTITY: Final = Citation("Decree 164/2025/ND-CP: comparison with the National Population Database", is_assumed=True)
FAMILY: Final = ("Nguyễn Thị", "Trần Văn", "Lê Hoàng", "Phạm Ngọc", "Đặng Quốc", "Võ Thị Kim", "Huỳnh Công Tằng Tôn Nữ")
GIVEN: Final = ("Ánh", "Bình", "Chiến", "Duyên", "Hạnh", "Khải", "Quỳnh", "Thảo", "Vượng", "Yến")


def pin(number: int) -> str:
    """A well-formed invented personal number."""
    return f"0791{88 + number % 10:02d}{number:06d}"


def decision(size: int, *, refused: frozenset[int] = frozenset(), kind: str = "automatic", **content: Json) -> dict[str, Any]:
    """A decision on `size` lines."""
    lines = tuple(
        FilingLine(
            number=number,
            pin=pin(number),
            content={
                "full_name": f"{FAMILY[number % 7]} {GIVEN[number % 10]}",
                "change_code": ("TM", "GH", "DC", "TS")[number % 4],
                "from_month": "2026-11",
                **content,
            },
        )
        for number in range(1, size + 1)
    )
    case = Case(
        filing=Filing(filer_identifier="0101234565", period="2026-11", lines=lines),
        on=date(2026, 11, 1),
        filed_at=AT,
        custodian="mof",
        subjects={},
        answers={},
    )
    return compose_decision(
        procedure=PROCEDURE,
        version="1.0",
        case=case,
        verdicts=[_verdict(line, is_refused=line.number in refused) for line in lines],
        dossier_code=CODE,
        document_sha256="ab" * 32,
        kind=kind,
        appraiser="rule:register_employees@1.0" if kind == "automatic" else "officer-17",
        approver="key:mof-decision-1234" if kind == "automatic" else "officer-42",
        agency={"code": "00101", "name": "Bảo hiểm xã hội Việt Nam"},
        decided_at=AT,
    )


def request(*, is_refused: bool = False) -> dict[str, Any]:
    """A decision of a procedure that is no list, filed by a citizen."""
    line = FilingLine(number=1, pin=pin(1), content={"from_month": "2024-01", "until_month": "2025-12", "purpose": ""})
    filing = Filing(filer_identifier=pin(1), period="", lines=(line,))
    case = Case(filing=filing, on=date(2026, 11, 21), filed_at=AT, custodian="mof", subjects={}, answers={})
    return compose_decision(
        procedure=EXTRACT,
        version="1.0",
        case=case,
        verdicts=[_verdict(line, is_refused=is_refused)],
        dossier_code=CODE,
        document_sha256="ab" * 32,
        kind="automatic",
        appraiser="rule:confirmation_extract@1.0",
        approver="key:mof-decision-1234",
        agency={"code": "00101", "name": "Bảo hiểm xã hội Việt Nam"},
        decided_at=AT,
    )


def receipt(*, is_pending: bool = False) -> dict[str, Json]:
    """A receipt as the engine composes it."""
    components = [
        ComponentSource(
            code=component.code,
            title_vi=component.title_vi,
            title_en=component.title_en,
            is_reused=system != "submitter",
            source_kind="SUBMITTER",
            source_system=system,
            content_sha256="",
            media_type="",
        )
        for component, system in zip(PROCEDURE.components, ("submitter", "population", "warehouse", "business"), strict=False)
    ]
    return {
        "type": RECEIPT_TYPE,
        "version": 1,
        "dossier_code": CODE,
        "procedure": {"slug": PROCEDURE.slug, "code": PROCEDURE.code, "title_vi": PROCEDURE.title_vi, "title_en": PROCEDURE.title_en},
        "procedure_version": "1.0",
        "filer": {"name": "Công ty Cổ phần May mặc và Thương mại Phương Nam", "masked_id": "******4565"},
        "components": [
            {"code": c.code, "title_vi": c.title_vi, "title_en": c.title_en, "source_kind": c.source_kind, "source": c.source_system}
            for c in components
        ],
        "received_at": AT.isoformat(),
        "office": {"code": "00101", "name": "Bảo hiểm xã hội Việt Nam"},
        "appointment_on": "2026-11-27",
        "way_of_result": "warehouse_and_email",
        "tracking_url": f"https://bhxh.example/ho-so/{CODE}",
        "signature_pending": is_pending,
    }


def payload(document: Any) -> bytes:
    """Canonical bytes."""
    return canonical_bytes(document)


def _verdict(line: FilingLine, *, is_refused: bool) -> Verdict:
    below = Finding(d02.BELOW_FLOOR, Outcome.NOT_MET, WAGE_LAW, parameters={"wage": "1.500.000", "floor": "2.340.000", "month": "11/2026"})
    quoting = Finding(d02.BAD_IDENTIFIER, Outcome.NOT_MET, IDENTITY, parameters={"label": "Mã số BHXH", "value": line.pin})
    findings = (below, quoting) if line.number % 3 == 0 else (below,)
    return Verdict(
        number=line.number,
        to_state=LineState.REFUSED if is_refused else LineState.CLEAN,
        proposal="refuse" if is_refused else "grant",
        findings=tuple(finding.as_json() for finding in findings) if is_refused else (),
        person_id=None,
    )
