"""Set a converted paper and a print copy: PDFs that carry their sealed certificate inside."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from bhxh.book.issuing import AUTHORITY
from bhxh.book.presenting import grouped
from bhxh.book.rendering import qr_svg
from bhxh.book.typst_compiling import Template, compile_with_files
from bhxh.conversion.certificates import Certificate, Organisation, pages_told
from bhxh.conversion.facts import CaseView
from bhxh.conversion.sheets import Sheet
from bhxh.dossiers.rendering import LETTERHEAD
from bhxh.kernel.clock import VIETNAM, shown
from bhxh.kernel.custodian import Custodian

_FOLDER: Final = Path(__file__).resolve().parent / "templates"
_CONVERTED: Final = Template.read(_FOLDER / "converted.typ", _FOLDER / "conversion.typ", LETTERHEAD)
_PRINT: Final = Template.read(_FOLDER / "print_copy.typ", _FOLDER / "conversion.typ", LETTERHEAD)
_View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToPrint:
    """An original as the printer can set it."""

    kind: Literal["pdf", "jpg", "png"]
    content: bytes
    pages: int


def render_converted(case: CaseView, sheets: Sequence[Sheet], certificate: Certificate, *, organisation: Organisation) -> bytes:
    """PDF/A-3a + PDF/UA-1: a page for each side of the paper under the mark, then the certificate."""
    said = orjson.loads(certificate.payload)
    view = _view(said, certificate, organisation)
    original, second = said["original"], said["second"]
    view |= {
        "title": f"{original['vi']} (bản chuyển đổi từ giấy)",
        "sheets": [
            {"format": sheet.kind, "alt": f"Trang {number} của bản giấy, ảnh quét / Page {number} of the paper, a scan"}
            for number, sheet in enumerate(sheets, start=1)
        ],
        "facts": [
            _fact("Giấy tờ gốc", "Original", original["vi"]),
            _fact("Số trang, khổ giấy", "Pages, size of the sheet", f"{original['pages']}, {original['paper']}"),
            _fact("Độ phân giải (điểm/inch)", "Resolution (dots per inch)", pages_told(case.scanned.pages)),
            _fact("Thời điểm chuyển đổi", "Converted at", view["at"]),
            _fact("Người chuyển đổi", "Converted by", said["converter"]["full_name"]),
            *([_fact("Người đối chiếu thứ hai", "Compared again by", second["full_name"])] if second else []),
            _fact("Cơ quan chuyển đổi", "Converting organisation", f"{organisation.name} ({organisation.code})"),
            *(
                [_fact("Chữ ký của cơ quan", "Signature of the organisation", "Bắt buộc, đã ký số")]
                if said["organisation"]["is_seal_demanded"]
                else []
            ),
        ],
        "statement": said["statement"],
        "remarks": said["remarks"],
        "pages": _pages(said),
    }
    return compile_with_files(_CONVERTED, _inputs(view, certificate), [sheet.content for sheet in sheets])


def render_print(original: ToPrint, certificate: Certificate, *, organisation: Organisation) -> bytes:
    """A PDF for the printer: the original's pages under the mark, then what identifies it. LAW: R-104."""
    said = orjson.loads(certificate.payload)
    view = _view(said, certificate, organisation)
    about = said["original"]
    view |= {
        "title": f"{about['vi']} (bản in chuyển đổi sang giấy)",
        "original": {"pages": original.pages, "format": original.kind},
        "converter": said["converter"]["full_name"],
        "facts": [
            _fact("Bản gốc điện tử", "Electronic original", about["vi"]),
            _fact("Hệ thống thông tin lưu bản gốc", "Information system that keeps it", f"bhxh, {organisation.public_url}"),
            _fact("Chủ quản hệ thống", "Owner of the system", f"{organisation.name}, {AUTHORITY[Custodian(organisation.custodian)][1]}"),
            _fact("Lưu vào hệ thống lúc", "Kept there since", shown(datetime.fromisoformat(about["kept_at"]))),
            _fact("Mã băm SHA-256 của bản gốc", "Digest of the original", grouped(about["sha256"])),
            *([_fact("Mã xác minh của bản gốc", "The original's own code", grouped(about["code"]))] if about["code"] else []),
            _fact("Số trang của bản gốc", "Pages of the original", str(about["pages"])),
            _fact("Thời điểm chuyển đổi", "Converted at", view["at"]),
            _fact("Người chuyển đổi", "Converted by", said["converter"]["full_name"]),
        ],
    }
    return compile_with_files(_PRINT, _inputs(view, certificate), [original.content], is_for_archives=False)


def _view(said: _View, certificate: Certificate, organisation: Organisation) -> _View:
    at = datetime.fromisoformat(said["converted_at"])
    day, address = at.astimezone(VIETNAM).date(), organisation.verification_address(certificate.code)
    names = " và ".join(one["full_name"] for one in (said["converter"], said.get("second")) if one)
    return {
        "code": certificate.code,
        "shown-code": grouped(certificate.code),
        "mark": said["mark"],
        "line": f"Chuyển đổi lúc {shown(at)}. Người chuyển đổi: {names}",
        "verify-at": organisation.verification_address("…"),
        "address": address,
        "at": shown(at),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "agency": {"name": organisation.name, "code": organisation.code},
        "seal": {"kid": certificate.kid, "shown": grouped(certificate.code)},
    }


def _pages(said: _View) -> _View:
    columns = [
        {"vi": "Trang", "en": "Page", "width": 1, "is_number": True, "is_strong": True},
        {"vi": "Điểm ảnh", "en": "Size", "width": 3, "is_number": False, "is_strong": False},
        {"vi": "Điểm/inch", "en": "Per inch", "width": 2, "is_number": True, "is_strong": False},
        {"vi": "Độ nét", "en": "Sharpness", "width": 2, "is_number": True, "is_strong": False},
        {"vi": "Tương phản", "en": "Contrast", "width": 2, "is_number": True, "is_strong": False},
        {"vi": "Tệp quét (SHA-256)", "en": "Scan", "width": 5, "is_number": False, "is_strong": False},
    ]
    rows = [
        [
            str(page["number"]),
            f"{page['width']} × {page['height']}",
            str(page["dots_per_inch"]),
            str(page["sharpness"]),
            str(page["contrast"]),
            said["scans"][page["scan"]]["sha256"][:16] + "…",
        ]
        for page in said["pages"]
    ]
    return {"vi": "Từng trang", "en": "Page by page", "columns": columns, "rows": rows, "note_vi": "", "note_en": ""}


def _fact(vi: str, en: str, value: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "value": value}


def _inputs(view: _View, certificate: Certificate) -> dict[str, str]:
    return {
        "view": json.dumps(view, ensure_ascii=False, sort_keys=True),
        "qr": qr_svg(view["address"], certificate.code),
        "sealed": certificate.sealed.decode(),
    }
