"""The overview of a copy as PDF/A-3a + PDF/UA-1: what is held in each group, which files there are, who looked last."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from bhxh.book.composing import book_number
from bhxh.book.issuing import AUTHORITY, bound_issuer
from bhxh.book.presenting import birth_shown, column, part, spaced
from bhxh.book.typst_compiling import Template, compile_pdf
from bhxh.dossiers.rendering import LETTERHEAD
from bhxh.kernel.clock import VIETNAM, shown
from bhxh.kernel.data_groups import GROUP_WORDS, DataGroup
from bhxh.own_data.looks import LookTold, Office

_TEMPLATE: Final = Template.read(Path(__file__).resolve().parent / "templates" / "overview.typ", LETTERHEAD)
LATEST_LOOKS: Final = 20


@dataclass
class CopyCounts:
    """What was put into a copy so far; filled while its files are made."""

    person_id: int
    name: str
    si_code: str
    birth_on: date | None
    birth_precision: str
    groups: dict[DataGroup, int] = field(default_factory=dict)
    contribution_lines: int = 0
    dossiers: int = 0
    looks: int = 0
    latest_looks: Sequence[LookTold] = ()
    files: list[tuple[str, str, str]] = field(default_factory=list)
    """(name, Vietnamese, English)."""


def render_overview(counts: CopyCounts, *, at: datetime, office: Office) -> bytes:
    """The page to read. Made when asked for; the archive's manifest holds its digest."""
    view = present_overview(counts, at=at, office=office)
    return compile_pdf(_TEMPLATE, {"view": json.dumps(view, ensure_ascii=False, sort_keys=True)})


def present_overview(counts: CopyCounts, *, at: datetime, office: Office) -> dict[str, Any]:
    """The view of one overview for the page template."""
    custodian, on = bound_issuer().custodian, at.astimezone(VIETNAM).date()
    number = book_number(custodian, counts.person_id)
    birth_on = counts.birth_on.isoformat() if counts.birth_on else ""
    return {
        "title": "Tổng quan dữ liệu bảo hiểm xã hội " + number,
        "agency": {"parent": AUTHORITY[custodian][1], "name": office.own_name, "code": office.own_code},
        "date": {"year": on.year, "month": on.month, "day": on.day},
        "code": number,
        "name": counts.name,
        "facts": [
            _fact("Mã số BHXH", "SI code", spaced(counts.si_code)),
            _fact("Ngày sinh", "Date of birth", birth_shown(birth_on, counts.birth_precision)),
            _fact("Số sổ", "Book number", number),
            _fact("Lập lúc", "Made at", shown(at)),
        ],
        "held": part(
            ("Dữ liệu đang lưu, theo bảy nhóm", "What is held, by the seven groups"),
            [column("Nhóm", "Group", 100, is_strong=True), column("Số dòng", "Rows", 20, is_number=True)],
            [
                *([f"{GROUP_WORDS[group][0]}\n{GROUP_WORDS[group][1]}", str(rows)] for group, rows in counts.groups.items()),
                ["Từng dòng đóng bảo hiểm\nContribution lines", str(counts.contribution_lines)],
                ["Hồ sơ có tên bạn\nDossiers that name you", str(counts.dossiers)],
                ["Lượt xem dữ liệu của bạn\nLooks at your data", str(counts.looks)],
            ],
            empty=("Không có.", "None."),
        ),
        "looks": part(
            ("Ai xem gần đây nhất", "Who looked last"),
            [
                column("Lúc", "When", 30, is_strong=True),
                column("Ai", "Who", 50),
                column("Xem gì", "What", 40),
                column("Vì sao", "Why", 40),
            ],
            [[shown(look.at), "\n".join(look.who), "\n".join(look.shown), "\n".join(look.why)] for look in counts.latest_looks],
            empty=("Chưa ai xem.", "Nobody looked yet."),
            note=("Toàn bộ nằm trong tệp du-lieu/looks.json.", "All of them are in du-lieu/looks.json."),
        ),
        "files": part(
            ("Các tệp trong bản sao", "Files of this copy"),
            [column("Tệp", "File", 70, is_strong=True), column("Nội dung", "What it is", 90)],
            [[name, f"{vi}\n{en}"] for name, vi, en in counts.files],
            empty=("Không có.", "None."),
        ),
    }


def _fact(vi: str, en: str, value: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "value": value}
