"""What the sealed extract says, and how anyone verifies it. Pure.

It is made of the composed book: identity, contributions grouped into periods, totals, and which sealed book it agrees with.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bhxh.book.grouping import Period, group_periods, standing_lines
from bhxh.book.verification import PURPOSE
from bhxh.kernel.canonical import Json
from bhxh.ledger.fragments import written_out
from bhxh.signing.seals import KeySet, VerifiedSeal, verify_flattened

TYPE_NAME = "bhxh-extract+json"
KIND = "extract"
"""What it is called among the results of a dossier."""
FORMAT = "bhxh-extract/1"
_MAXIMUM_BYTES = 1024 * 1024  # LIMIT: sixty years in which every month is a period of its own are some 200 KB


def compose_extract(
    book: Mapping[str, Any], *, book_sha256: str, is_sealed: bool, dossier_code: str, at: datetime, wishes: Mapping[str, Json]
) -> dict[str, Json]:
    """The payload of an extract from one composed book.

    Shape:  `totals` are those of the whole career, `months_in_period` those of the months asked for. `book.is_sealed` says whether
            the book of that digest is the latest sealed version.
    """
    header = book["header"]
    first, until = str(wishes.get("from_month", "")), str(wishes.get("until_month", ""))
    lines = [
        line
        for line in standing_lines(written_out(book["contributions"]))
        if (not first or first <= line["from_month"]) and (not until or line["from_month"] <= until)
    ]
    return {
        "book": {
            "book_id": header["book_id"],
            "is_sealed": is_sealed,
            "sha256": book_sha256,
            "state": header["state"],
            "version": header["version"],
        },
        "custodian": header["custodian"],
        "dossier_code": dossier_code,
        "format": FORMAT,
        "issued_at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "issuer": header["issuer"],
        "issuing_office": header["issuing_office"],
        "months_in_period": sum(1 for line in lines if line["sign"] == 1),
        "period": {"from_month": first, "until_month": until},
        "periods": [_shown(period) for period in group_periods(lines)],
        "person": book["person"],
        "purpose": str(wishes.get("purpose", "")),
        "totals": book["totals"],
    }


def verify_extract(data: bytes, keys: KeySet) -> VerifiedSeal:
    """Check a sealed extract, offline. Raises Invalid SIG-040 to SIG-046."""
    return verify_flattened(data, keys=keys, type_name=TYPE_NAME, maximum_bytes=_MAXIMUM_BYTES, purpose=PURPOSE)


def _shown(period: Period) -> dict[str, Json]:
    return {
        "from_month": str(period.first),
        "to_month": str(period.last),
        "months": period.months,
        "unit_code": period.unit_code,
        "unit_name": period.unit_name,
        "job_title": period.job_title,
        "participant_type": period.participant_type,
        "line_kind": period.kind,
        "salary_base_vnd": period.base_vnd,
        "hazard_flag": period.is_hazardous,
    }
