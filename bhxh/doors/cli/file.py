"""`bhxh file`: judge a workbook line by line; with a signing key at hand also sign and file it, and wait for the verdicts."""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.cli import sign
from bhxh.doors.cli.callers import counter, employer_of
from bhxh.doors.cli.errors import CLI_KEY_UNREADABLE, CLI_NO_FILE
from bhxh.doors.cli.values import parsed_papers
from bhxh.doors.partners import partners
from bhxh.dossiers import flows
from bhxh.dossiers.facts import Channel, ReceiptView, SourceDocument
from bhxh.dossiers.queries import get_dossier, list_all_lines
from bhxh.dossiers.remote_signing import find_certificate
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.errors import Invalid
from bhxh.kernel.months import Month
from bhxh.kernel.who import EMPLOYER
from bhxh.procedures.register_employees.checking import CheckedWorkbook, Written, check_written, write_documents
from bhxh.registry.queries import EmployerSummary

_SLUG = "register_employees"
_GOOD = {Outcome.MET.value, Outcome.COMPUTED.value}
"""What a reader of the printed list need not see; `--json` has every finding."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@lets_in(EMPLOYER)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """Check, and file unless told otherwise. The result is one object; `lines` has a verdict for every row.

    A list that was filed before is not judged again: its receipt comes first, and `filed_lines` tell what became of it.
    """
    employer = employer_of(options.employer)
    content = _read(Path(options.workbook))
    period = Month.parse(options.period) if options.period else Month.of(day_in_vietnam(now()))
    confirmed = frozenset(int(part) for part in options.confirm_repairs.split(",") if part.strip().isdecimal())
    at = now()
    written = write_documents(content, employer=employer, period=period, batch=1, at=at)
    filed = _filed_before(employer, written, period)
    actor = counter(purpose=_SLUG, employer_id=employer.employer_id)
    if filed and not options.check_only:
        return _told_before(actor, employer, period, filed)
    checked = check_written(
        written,
        actor=actor,
        employer=employer,
        period=period,
        at=at,
        confirmed_repairs=confirmed,
        deps=partners().gathering(),
    )
    result = _describe(employer, checked)
    if filed:
        result["text"] = "\n".join([*map(sign.receipt_text, filed), result["text"]])
    if options.check_only or not checked.documents:
        return {**result, "filed": False}
    if options.remote:
        return _file_by_service(options, actor, result, content, written, confirmed)
    if not (options.key and options.certificate):
        result["text"] += "\nChưa nộp: không có khóa ký (--key, --certificate). · Not filed: no signing key."
        return {**result, "filed": False}
    receipts = _file(options, actor, content, written, confirmed)
    first, *further = [_after_filing(actor, receipt) for receipt in receipts]
    text = "\n".join([result["text"], *map(sign.receipt_text, receipts)])
    return {**result, **first, **({"further": further} if further else {}), "text": text}


def _filed_before(employer: EmployerSummary, written: Written, period: Month) -> list[ReceiptView]:
    """The receipts of this very list, where it was filed today: whoever sees its lines judged anew would think them refused."""
    _, batches = written
    found = [
        flows.find_filed(employer_id=employer.employer_id, procedure_slug=_SLUG, period=str(period), canonical=part.document)
        for part in batches
    ]
    receipts = [receipt for receipt in found if receipt is not None]
    return receipts if len(receipts) == len(found) else []


def _told_before(actor: Actor, employer: EmployerSummary, period: Month, receipts: list[ReceiptView]) -> dict[str, Any]:
    first, *further = [_after_filing(actor, receipt) for receipt in receipts]
    counts = Counter(line["state"] for one in (first, *further) for line in one["filed_lines"])
    text = "\n".join([*map(sign.receipt_text, receipts), " · ".join(f"{state} {count}" for state, count in counts.items())])
    return {
        "employer": employer.tax_code,
        "period": str(period),
        "counts": dict(counts),
        "lines": [],
        **first,
        **({"further": further} if further else {}),
        "text": text,
    }


def _file(options: argparse.Namespace, actor: Actor, content: bytes, written: Written, confirmed: frozenset[int]) -> list[ReceiptView]:
    """A list too long for one document is filed as several, each with its own receipt."""
    at = now()
    drafts = _prepare(options, actor, content, written, confirmed, certificate=_certificate(Path(options.certificate)))
    return [
        flows.complete(
            actor=actor,
            at=at,
            draft_id=prepared.draft_id,
            signature=_sign(Path(options.key), prepared.to_sign),
            channel=Channel.COUNTER,
            items=parsed_papers(options.paper),
            deps=partners().receiving(at),
        )
        for prepared in drafts
    ]


def _file_by_service(
    options: argparse.Namespace, actor: Actor, result: dict[str, Any], content: bytes, written: Written, confirmed: frozenset[int]
) -> dict[str, Any]:
    """Prepare every document, ask the holder for each, file what is approved in time; `bhxh sign collect` takes up the rest."""
    certificate = find_certificate(actor=actor, signer=partners().remote_signer)
    drafts = [one.draft_id for one in _prepare(options, actor, content, written, confirmed, certificate=certificate)]
    asked = [sign.ask(actor, draft_id) for draft_id in drafts]
    sys.stderr.write("\n".join([*(str(one["text"]) for one in asked), ""]))
    first, *further = [
        {**question, **sign.told(draft_id, receipt), **(_after_filing(actor, receipt) if receipt is not None else {})}
        for draft_id, question in zip(drafts, asked, strict=True)
        for receipt in [sign.collect(actor, draft_id, wait_s=options.wait, papers=options.paper)]
    ]
    text = "\n".join([result["text"], *(str(one["text"]) for one in (first, *further))])
    return {**result, **first, **({"further": further} if further else {}), "text": text}


def _prepare(
    options: argparse.Namespace, actor: Actor, content: bytes, written: Written, confirmed: frozenset[int], *, certificate: bytes
) -> list[flows.PreparedDraft]:
    at = now()
    _, batches = written
    return [
        flows.prepare(
            actor=actor,
            at=at,
            procedure_slug=_SLUG,
            canonical=part.document,
            certificate=certificate,
            source=SourceDocument(content=content, name=Path(options.workbook).name, media_type=_XLSX),
            confirmed_repairs=confirmed,
            is_own=True,
        )
        for part in batches
    ]


def _after_filing(actor: Actor, receipt: ReceiptView) -> dict[str, Any]:
    # WHY here too: without a worker running the verdicts would wait; with one, running it twice changes nothing.
    flows.gather(receipt.dossier_id, now(), partners().gathering())
    dossier, lines = get_dossier(receipt.code), list_all_lines(receipt.dossier_id)
    seen = sorted({line.person_id for line in lines if line.person_id is not None})
    record_looks(actor=actor, at=now(), person_ids=seen, what="dossier_line", dossier_id=receipt.dossier_id)
    return {
        "filed": True,
        "code": receipt.code,
        "is_repeat": receipt.is_repeat,
        "received_at": receipt.received_at,
        "appointment_on": receipt.due_on,
        "receipt_sha256": receipt.receipt_sha256,
        "state": dossier.state.value,
        "filed_lines": [
            {"number": line.number, "state": line.state.value, "codes": [str(finding["code"]) for finding in line.findings]}
            for line in lines
        ],
    }


def _describe(employer: EmployerSummary, checked: CheckedWorkbook) -> dict[str, Any]:
    rows = [f"{employer.name} ({employer.tax_code}) · {checked.period}"]
    for line in checked.lines:
        rows.append(f"  {line.row:>5}  {line.state:<10} {line.name}")
        rows += [
            f"         {finding['where']}: {finding['vi']} [{finding['code']}]\n         {finding['en']}"
            for finding in line.findings
            if finding["outcome"] not in _GOOD
        ]
    counts = checked.counts
    rows.append(" · ".join(f"{state} {count}" for state, count in counts.items()))
    return {
        "employer": employer.tax_code,
        "period": checked.period,
        "counts": counts,
        "lines": [
            {
                "number": line.number,
                "row": line.row,
                "name": line.name,
                "state": line.state,
                "findings": [dict(finding) for finding in line.findings],
                "repairs": [dict(repair) for repair in line.repairs],
            }
            for line in checked.lines
        ],
        "text": "\n".join(rows),
    }


def _read(file: Path) -> bytes:
    limit = partners().maximum_upload_bytes
    try:
        if file.stat().st_size > limit:
            raise Invalid(CLI_NO_FILE, file=file.name, reason=f"> {limit} byte")
        return file.read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__) from None


def _certificate(file: Path) -> bytes:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
    except (OSError, ValueError):
        raise Invalid(CLI_KEY_UNREADABLE, file=file.name) from None


def _sign(file: Path, data: bytes) -> bytes:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise Invalid(CLI_KEY_UNREADABLE, file=file.name) from None
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    raise Invalid(CLI_KEY_UNREADABLE, file=file.name)
