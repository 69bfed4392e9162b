"""Synthetic books made without a database, for the unit tests."""

from datetime import UTC, date, datetime
from typing import Any

from bhxh.book.composing import BookBlocks, BookHeader, ComposedBook, book_number, compose_book
from bhxh.book.states import BookState
from bhxh.book.verification import TYPE_NAME
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.months import Month
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal

AT = datetime(2026, 11, 21, 1, 15, tzinfo=UTC)
PERSON = {
    "full_name": "Nguyễn Thị Minh Hạnh",
    "birth_on": "1988-03-12",
    "birth_precision": "DAY",
    "sex": "FEMALE",
    "nationality": "VN",
    "pin": "079188000123",
    "si_code": "079188000123",
    "passport": "",
    "legacy_si_codes": [],
}


def header(**rest: Any) -> BookHeader:
    plain: dict[str, Any] = {
        "book_id": book_number(Custodian.MOF, 7),
        "si_code": "079188000123",
        "version": 1,
        "issued_at": AT,
        "valid_on": date(2026, 11, 21),
        "known_at": AT,
        "custodian": Custodian.MOF,
        "office_code": "00101",
        "office_name": "Bảo hiểm xã hội Việt Nam",
        "state": BookState.ACTIVE,
        "previous_sha256": "",
    }
    return BookHeader(**{**plain, **rest})


def line(number: int, month: str, **rest: Any) -> dict[str, Any]:
    base = rest.pop("salary_base_vnd", 10_000_000)
    plain: dict[str, Any] = {
        "line": number,
        "from_month": month,
        "to_month": month,
        "unit_code": "TA0001Z",
        "unit_name": "Công ty CP Thực phẩm Sông Lam",
        "workplace": "Nghệ An",
        "job_title": "Tổ trưởng sản xuất",
        "participant_type": "LABOUR_CONTRACT",
        "line_kind": "NORMAL",
        "salary_base_vnd": base,
        "worker_vnd": base * 105 // 1000,
        "employer_vnd": base * 215 // 1000,
        "hazard_flag": False,
        "sign": 1,
        "note": "",
    }
    return {**plain, **rest}


def months(first: str, count: int, *, start: int = 1, **rest: Any) -> list[dict[str, Any]]:
    return [line(start + step, str(Month.parse(first).plus(step)), **rest) for step in range(count)]


def in_the_book(full: dict[str, Any]) -> dict[str, Any]:
    """A line as a book holds it, each with its own terms."""
    own = {name: full[name] for name in ("from_month", "line", "line_kind", "note", "reverses") if name in full}
    return {**own, "terms": {name: value for name, value in full.items() if name not in {*own, "to_month", "sign"}}}


def composed(lines: list[dict[str, Any]] | None = None, *, its_header: BookHeader | None = None, **blocks: Any) -> ComposedBook:
    lines = lines or []
    counted = sum(entry["sign"] for entry in lines)
    totals = {
        "si_months": counted,
        "ui_months": counted,
        "hi_months": counted,
        "hazardous_months": 0,
        "worker_vnd": sum(entry["worker_vnd"] for entry in lines),
        "employer_vnd": sum(entry["employer_vnd"] for entry in lines),
    }
    joined = b",".join(canonical_bytes(in_the_book(entry)) for entry in lines)
    canonical = {name: canonical_bytes(block) for name, block in {"person": PERSON, "totals": totals, **blocks}.items()}
    return compose_book(its_header or header(), BookBlocks(contributions=joined, **canonical))


def sealed(book: ComposedBook, key: SealKey, *, type_name: str = TYPE_NAME) -> bytes:
    return as_flattened(book.payload, seal(book.payload, key=key, type_name=type_name))
