"""A book of 44 lines as a sealed page: CPU of one core to typeset it anew and seal it, and the seal alone. Unlike data each time.

Beside: the page without a seal, and the ES256 signature alone, which no seal can save.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.measuring import Row
from bhxh.book.composing import BookBlocks, BookHeader, book_number, compose_book
from bhxh.book.rendering import render_pdf
from bhxh.book.states import BookState
from bhxh.book.verification import TYPE_NAME
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.months import Month
from bhxh.signing.key_files import CertifiedKey, FileKeys
from bhxh.signing.pdf_seals import seal_pdf
from bhxh.signing.seal_certificates import certificate_request
from bhxh.signing.seals import as_flattened, seal
from sandbox.pki.authority import certify, open_authority

_AT = datetime(2026, 11, 21, 1, 15, tzinfo=UTC)
_LINES, _PAGES, _SEALS = 44, 15, 40
_WANTED_MS, _WANTED_SEAL_MS = 120, 30
_OFFICE = "Bảo hiểm xã hội Việt Nam (thử nghiệm)"


def run() -> list[Row]:
    """Pages in turns with and without the seal."""
    with tempfile.TemporaryDirectory() as folder:
        keys, by = _certified(Path(folder))
        books = [_book(keys, number) for number in range(_PAGES)]
        bare, sealed = [], []
        for number, (payload, flattened) in enumerate(books):
            other, other_flattened = _book(keys, number + _PAGES)
            bare.append(_milliseconds(lambda book=(payload, flattened): _page(*book)))  # type: ignore[misc]
            sealed.append(_milliseconds(lambda book=(other, other_flattened): seal_pdf(_page(*book), by=by, at=_AT)))  # type: ignore[misc]
        page = _page(*books[0])
        seals = [_milliseconds(lambda: seal_pdf(page, by=by, at=_AT)) for _ in range(_SEALS)]
        signatures = [_milliseconds(lambda: by.key.sign(page)) for _ in range(_SEALS)]
    size = f"{len(page) / 1000:.0f} kB"
    return [
        Row(
            what=f"book of {_LINES} lines typeset and sealed (PAdES B-B)",
            value=median(sealed),
            unit="ms CPU",
            beside="typeset only",
            beside_value=median(bare),
            note=f"{size}; wanted {_WANTED_MS}",
        ),
        Row(
            what="its seal alone",
            value=median(seals),
            unit="ms CPU",
            beside="the ES256 signature",
            beside_value=median(signatures),
            note=f"wanted {_WANTED_SEAL_MS}",
        ),
    ]


def _certified(folder: Path) -> tuple[FileKeys, CertifiedKey]:
    keys, authority = FileKeys(folder / "keys", Custodian.MOF), open_authority(folder / "pki")
    key = keys.newest_key("page")
    public = keys.key_set().get(key.kid).public
    request = certificate_request(key=key, public=public, common_name=_OFFICE, organisation=_OFFICE)
    keys.install_certificate("page", certify(authority.folder, request))
    by = keys.certified("page")
    assert by is not None, "just certified"
    return keys, by


def _page(payload: bytes, flattened: bytes) -> bytes:
    return render_pdf(payload, flattened, verification_address="https://bhxh.example/xac-minh/" + hashlib.sha256(payload).hexdigest())


def _book(keys: FileKeys, number: int) -> tuple[bytes, bytes]:
    header = BookHeader(
        book_id=book_number(Custodian.MOF, number + 1),
        si_code=f"0791880{number:05d}",
        version=1,
        issued_at=_AT,
        valid_on=date(2026, 11, 21),
        known_at=_AT,
        custodian=Custodian.MOF,
        office_code="00101",
        office_name="Bảo hiểm xã hội Việt Nam",
        state=BookState.ACTIVE,
        previous_sha256="",
    )
    person = {"full_name": f"Nguyễn Thị {number}", "birth_on": "1988-03-12", "birth_precision": "DAY", "sex": "FEMALE", "nationality": "VN"}
    person |= {"pin": f"0791880{number:05d}", "si_code": f"0791880{number:05d}", "passport": ""}
    totals = dict.fromkeys(("si_months", "ui_months", "hi_months"), _LINES)
    totals |= {"hazardous_months": 0, "worker_vnd": _LINES * 1_050_000, "employer_vnd": _LINES * 2_150_000}
    lines = b",".join(canonical_bytes(_line(step, number)) for step in range(_LINES))
    blocks = BookBlocks(contributions=lines, person=canonical_bytes({**person, "legacy_si_codes": []}), totals=canonical_bytes(totals))
    payload = compose_book(header, blocks).payload
    return payload, as_flattened(payload, seal(payload, key=keys.seal_key("book"), type_name=TYPE_NAME))


def _line(step: int, number: int) -> dict[str, Any]:
    base = 10_000_000 + number * 1_000 + step * 10_000
    terms = {
        "unit_code": "TA0001Z",
        "unit_name": "Công ty CP Thực phẩm Sông Lam",
        "workplace": "Nghệ An",
        "job_title": "Tổ trưởng sản xuất",
        "participant_type": "LABOUR_CONTRACT",
        "salary_base_vnd": base,
        "worker_vnd": base * 105 // 1000,
        "employer_vnd": base * 215 // 1000,
        "hazard_flag": False,
    }
    return {"from_month": str(Month.parse("2023-01").plus(step)), "line": step + 1, "line_kind": "NORMAL", "note": "", "terms": terms}


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1000
