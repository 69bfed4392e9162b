"""What a reader sees of an extract: names for codes, dates and sums as people write them, Vietnamese first. Pure.

The result is plain JSON for the page template; nothing here changes or checks the sealed extract. The number stands in full, as on the
book: the page is its holder's own, to show to whom they want.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bhxh.book.issuing import AUTHORITY
from bhxh.book.presenting import birth_shown, contribution_columns, duration_shown, grouped, job_shown, part, spaced, span_shown
from bhxh.kernel.clock import VIETNAM, shown
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.money import format_vnd
from bhxh.kernel.months import Month


def present_extract(extract: Mapping[str, Any], *, seal: Mapping[str, str], public_url: str) -> dict[str, Any]:
    """The view of one extract for the page template."""
    person, totals, office = extract["person"], extract["totals"], extract["issuing_office"]
    issued_at, code = datetime.fromisoformat(extract["issued_at"]), extract["dossier_code"]
    issued_on = issued_at.astimezone(VIETNAM).date()
    return {
        "title": "Bản trích quá trình tham gia bảo hiểm xã hội " + code,
        "agency": {"parent": AUTHORITY[Custodian(extract["custodian"])][1], "name": office["name"], "code": office["code"]},
        "date": {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day},
        "code": code,
        "name": person["full_name"],
        "facts": [
            _fact("Mã số BHXH", "SI code", spaced(person.get("si_code") or person.get("pin", ""))),
            _fact("Ngày sinh", "Date of birth", birth_shown(person["birth_on"], person.get("birth_precision", "DAY"))),
            _fact("Thời gian trích", "Period", _period_shown(extract["period"])),
            _fact("Lập lúc", "Made at", shown(issued_at)),
        ],
        "purpose": extract["purpose"],
        "tiles": [
            {"vi": "Trong thời gian trích", "en": "In this period", "value": duration_shown(extract["months_in_period"])},
            {"vi": "Bảo hiểm xã hội, tất cả", "en": "Social insurance, in all", "value": duration_shown(totals["si_months"])},
            {"vi": "Bảo hiểm thất nghiệp, tất cả", "en": "Unemployment insurance, in all", "value": duration_shown(totals["ui_months"])},
        ],
        "periods": _periods(extract["periods"]),
        "book": _book(extract["book"]),
        "seal": dict(seal),
        "address": f"{public_url}/ho-so/{code}",
        "keys": f"{public_url}/api/v1/open/keys",
    }


def _periods(periods: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return part(
        ("Quá trình đóng, mới nhất trước", "Contributions, newest first"),
        contribution_columns("Đơn vị", "Unit"),
        [
            [
                span_shown(Month.parse(period["from_month"]), Month.parse(period["to_month"])),
                period["unit_name"],
                job_shown(period["job_title"], kind=period["line_kind"], is_hazardous=period["hazard_flag"]),
                format_vnd(period["salary_base_vnd"]),
                f"{period['months']} tháng",
            ]
            for period in periods
        ],
        empty=("Không có tháng đóng nào trong thời gian trích.", "No contributions in this period."),
    )


def _book(book: Mapping[str, Any]) -> dict[str, str]:
    number, version = book["book_id"], book["version"]
    if book["is_sealed"]:
        vi, en = f"Khớp với sổ {number}, phiên bản {version} đã ký.", f"Agrees with the sealed version {version} of book {number}."
    else:
        # WHY said: something happened since the last sealed version; the next one will be as the database is now.
        vi = f"Lập từ cơ sở dữ liệu; sổ {number} sẽ được ký như vậy ở phiên bản {version}."
        en = f"Made from the database; book {number} will be sealed like this as version {version}."
    return {"vi": vi, "en": en, "digest": grouped(book["sha256"])}


def _period_shown(period: Mapping[str, Any]) -> str:
    first, last = (Month.parse(period[name]).shown if period[name] else "" for name in ("from_month", "until_month"))
    if not first and not last:
        return "Toàn bộ · everything"
    return f"{first or 'từ đầu'} – {last or 'nay'}"


def _fact(vi: str, en: str, value: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "value": value}
