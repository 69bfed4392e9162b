"""What a reader sees of a book: names for codes, dates and sums as people write them, Vietnamese first. Pure.

The result is plain JSON for the page template; nothing here changes or checks the book.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bhxh.book.grouping import NOT_COUNTED, PRESERVED, Period, group_periods, months_by_year, standing_lines
from bhxh.book.issuing import AUTHORITY
from bhxh.book.states import NAMES, BookState
from bhxh.book.words import CARD_STATES, KINDS, SCHEMES, SEX, STATUSES
from bhxh.kernel.clock import shown
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.money import format_vnd
from bhxh.kernel.months import Month
from bhxh.ledger.fragments import written_out


def present_book(book: Mapping[str, Any], *, sha256: str, kid: str, address: str) -> dict[str, Any]:
    """The view of one book for the page template."""
    header, person, totals = book["header"], book["person"], book["totals"]
    lines = written_out(book["contributions"])
    periods = group_periods(lines)
    state = BookState(header["state"])
    is_active, issued_at = state is BookState.ACTIVE, datetime.fromisoformat(header["issued_at"])
    authority = AUTHORITY[Custodian(header["custodian"])]
    issued_on = (issued_at + timedelta(hours=7)).date()
    years = months_by_year(lines)
    return {
        "title": "Sổ bảo hiểm xã hội điện tử " + header["book_id"],
        "issuer": f"{authority[1]} – {header['issuing_office']['name']}",
        "date": {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day},
        "card": {
            "name": person["full_name"],
            "is_active": is_active,
            "state_vi": NAMES[state][0],
            "state_en": NAMES[state][1],
            "book_id": header["book_id"],
            "version": str(header["version"]),
            "issued": shown(issued_at),
            "facts": [
                _fact("Mã số BHXH", "SI code", spaced(header["si_code"])),
                _fact("Ngày sinh", "Date of birth", birth_shown(person["birth_on"], person.get("birth_precision", "DAY"))),
                _fact("Giới tính", "Sex", SEX.get(person.get("sex", ""), "–")),
                _fact("Quốc tịch", "Nationality", "Việt Nam" if person.get("nationality") == "VN" else person.get("nationality") or "–"),
                _fact("Nơi làm việc gần nhất", "Latest workplace", periods[0].unit_name if periods else "–"),
                _fact("Số sổ", "Book number", header["book_id"]),
            ],
        },
        "seal": {
            "vi": f"Đã ký số, {'có giá trị như sổ giấy' if is_active else NAMES[state][0].lower()}. Cập nhật {shown(issued_at)}.",
            "en": f"Digitally sealed, {'equal to the paper book' if is_active else NAMES[state][1].lower()}.",
        },
        "tiles": _tiles(book, periods),
        "years": [{"year": year, "shown": _year_shown(year, len(years)), "months": months} for year, months in years.items()],
        "years_alt": "Số tháng đóng: " + "; ".join(f"{year}: {months}" for year, months in years.items()),
        "parts": [
            _contributions(periods, totals, lines),
            _benefits(book["benefits"]),
            _settlements(book["settlements"]),
            _health(book["health_cover"]),
            _unemployment(book["unemployment_cover"], totals),
            *([_other(book["other"])] if book["other"] else []),
        ],
        "verify": {
            "address": address,
            "steps": [
                _step(
                    "Quét mã QR ở trang đầu, hoặc mở địa chỉ dưới đây; so mã băm hiện ra với mã băm ghi ở đây.",
                    "Scan the QR on page one or open the address below, and compare the digest shown with the one printed here.",
                ),
                _step(
                    "Không cần mạng: lấy tệp so-bhxh.json đính kèm trong PDF này và kiểm tra bằng lệnh “bhxh verify”"
                    " hoặc mọi phần mềm đọc được chữ ký JWS ES256.",
                    "Offline: take so-bhxh.json attached to this PDF and check it with “bhxh verify” or any JWS ES256 software.",
                ),
                _step(
                    "Bản gốc là tệp JSON đã ký số. Trang này chỉ để đọc. Không ai được yêu cầu thêm bản giấy.",
                    "The original is the sealed JSON file; this page is for reading. Nobody may demand a paper copy besides.",
                ),
            ],
            "facts": [
                _fact("Địa chỉ xác minh", "Verification address", address),
                _fact("Mã băm SHA-256", "Digest", grouped(sha256)),
                _fact("Khóa ký", "Sealing key", kid),
                _fact("Cơ quan cấp", "Issued by", f"{authority[1]} – {header['issuing_office']['name']}"),
            ],
        },
    }


def duration_shown(months: int) -> str:
    """Whole months as years and months: 171 is “14 năm 3 tháng”."""
    years, rest = divmod(months, 12)
    if years == 0:
        return f"{rest} tháng"
    return f"{years} năm {rest} tháng" if rest else f"{years} năm"


def _months_counted(months: int) -> str:
    """As English counts them."""
    return "1 month" if months == 1 else f"{months} months"


def day_shown(value: str | None) -> str:
    """An ISO day as people write it; a dash where there is none."""
    return date.fromisoformat(value[:10]).strftime("%d/%m/%Y") if value else "–"


def span_shown(first: Month, last: Month) -> str:
    """From the first month to the last, both counted; one month alone stands alone."""
    return first.shown if first == last else f"{first.shown} – {last.shown}"


def job_shown(title: str, *, kind: str, is_hazardous: bool) -> str:
    """A job with what is special about its months, one below the other."""
    remarks = (KINDS.get(kind, kind), "nặng nhọc, độc hại · hazardous" if is_hazardous else "")
    return "\n".join(part for part in (title, *remarks) if part) or "–"


def _last_day_shown(until_on: str | None) -> str:
    """The last day of a span whose `until_on` is the first day after it."""
    return (date.fromisoformat(until_on) - timedelta(days=1)).strftime("%d/%m/%Y") if until_on else "nay"


def _validity_shown(first_on: str | None, last_on: str | None) -> str:
    """Both days counted; without a last one it runs on."""
    return f"{day_shown(first_on)} – {day_shown(last_on)}" if last_on else f"từ {day_shown(first_on)}"


def birth_shown(value: str, precision: str) -> str:
    """A birth day as exactly as it is known."""
    on = day_shown(value)
    if not value:
        return on
    return {"YEAR": on[6:], "MONTH": on[3:]}.get(precision, on)


def present_card(book: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, bool]:
    """The health card that counts, and whether it was in force on the book's day."""
    cards = book["health_cover"]
    card = max(cards, key=lambda card: (card.get("state") == "VALID", card.get("valid_from") or "")) if cards else None
    return card, card is not None and _is_valid(card, book["header"]["valid_on"])


def _tiles(book: Mapping[str, Any], periods: Sequence[Period]) -> list[dict[str, str]]:
    totals = book["totals"]
    last = max((period.last for period in periods if period.kind not in (NOT_COUNTED, PRESERVED)), default=None)
    card, is_valid = present_card(book)
    if card is None:
        health = ("Chưa có thẻ", "no card")
    elif is_valid:
        since = card.get("five_year_on")
        health = ("Còn hiệu lực", f"đủ 5 năm liên tục: {day_shown(since)}" if since else f"từ {day_shown(card.get('valid_from'))}")
    else:
        name = CARD_STATES.get(card.get("state", ""), ("Hết hạn", "Expired"))
        health = (name[0] if card.get("state") != "VALID" else "Hết hạn", f"đến {day_shown(card.get('valid_until'))}")
    return [
        {
            "vi": "Bảo hiểm xã hội",
            "en": "Social insurance",
            "value": duration_shown(totals["si_months"]),
            "note": f"tính đến hết tháng {last.shown}" if last else "chưa có tháng đóng",
        },
        {
            "vi": "Bảo hiểm thất nghiệp",
            "en": "Unemployment insurance",
            "value": duration_shown(totals["ui_months"]),
            "note": "tổng thời gian đã đóng",
        },
        {"vi": "Bảo hiểm y tế", "en": "Health insurance", "value": health[0], "note": health[1]},
    ]


def _contributions(periods: Sequence[Period], totals: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [
        [
            span_shown(period.first, period.last),
            period.unit_name + (f"\n{period.workplace}" if period.workplace and period.workplace != period.unit_name else ""),
            job_shown(period.job_title, kind=period.kind, is_hazardous=period.is_hazardous),
            format_vnd(period.base_vnd),
            f"{period.months} tháng",
        ]
        for period in periods
    ]
    taken_back = len(lines) - len(standing_lines(lines))
    # WHY not "paid": the ledger says what is due and counted; payments are not kept yet.
    hazardous = totals["hazardous_months"]
    hazardous_vi = f", {hazardous} tháng làm việc nặng nhọc, độc hại" if hazardous else ""
    hazardous_en = f" {hazardous} hazardous," if hazardous else ""
    note_vi = (
        f"Tổng: {duration_shown(totals['si_months'])} đóng BHXH ({totals['si_months']} tháng), {totals['ui_months']} tháng BHTN,"
        f" {totals['hi_months']} tháng BHYT{hazardous_vi}. Phần đóng của người tham gia:"
        f" {format_vnd(totals['worker_vnd'])} đồng, của đơn vị: {format_vnd(totals['employer_vnd'])} đồng."
    )
    note_en = (
        f"Totals: {_months_counted(totals['si_months'])} SI, {totals['ui_months']} UI, {totals['hi_months']} HI,{hazardous_en}"
        f" the participant's contributions {format_vnd(totals['worker_vnd'])} dong, employers' {format_vnd(totals['employer_vnd'])} dong."
    )
    if taken_back:
        note_vi += f" {taken_back} dòng đã điều chỉnh hoặc thay thế chỉ có trong tệp gốc đính kèm."
        note_en += f" {taken_back} corrected lines are shown only in the attached original."
    return part(
        ("Quá trình đóng, mới nhất trước", "Contributions, newest first"),
        contribution_columns("Đơn vị, nơi làm việc", "Unit, workplace"),
        rows,
        empty=(
            "Chưa có tháng đóng nào. Tháng đầu tiên hiện ở đây sau khi đơn vị khai báo và hồ sơ được giải quyết.",
            "No contributions yet. The first month appears here once the employer's declaration is settled.",
        ),
        note=(note_vi, note_en) if rows else ("", ""),
    )


def _benefits(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [
        [
            SCHEMES.get(event["scheme"], event["scheme"]),
            f"{event.get('decision_number') or '–'}\n{day_shown(event.get('decided_on'))}",
            f"{day_shown(event.get('from_on'))} – {_last_day_shown(event.get('until_on'))}",
            format_vnd(event.get("amount_vnd", 0)),
            STATUSES.get(event.get("status", ""), event.get("status") or "–"),
        ]
        for event in sorted(events, key=lambda event: event.get("from_on") or "", reverse=True)
    ]
    return part(
        ("Quá trình hưởng", "Benefits received"),
        [
            column("Chế độ", "Scheme", 24, is_strong=True),
            column("Quyết định", "Decision", 27),
            column("Từ – đến", "From – to", 31),
            column("Số tiền (đồng)", "Amount (VND)", 18, is_number=True),
            column("Trạng thái", "Status", 20),
        ],
        rows,
        empty=("Chưa hưởng chế độ nào.", "No benefits received."),
    )


def _settlements(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [
        [
            SCHEMES.get(event["scheme"], event["scheme"]),
            event.get("dossier_code") or "–",
            day_shown(event.get("settled_on")),
            event.get("office") or "–",
            STATUSES.get(event.get("state", ""), event.get("state") or "–"),
        ]
        for event in sorted(events, key=lambda event: event.get("settled_on") or "", reverse=True)
    ]
    return part(
        ("Giải quyết chế độ", "Settlement of schemes"),
        [
            column("Chế độ", "Scheme", 24, is_strong=True),
            column("Mã hồ sơ", "Dossier", 31),
            column("Ngày", "Date", 16),
            column("Cơ quan", "Office", 14),
            column("Trạng thái", "State", 29),
        ],
        rows,
        empty=("Chưa có hồ sơ giải quyết chế độ.", "No settlement so far."),
    )


def _health(cards: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [
        [
            card.get("card_code") or "–",
            _validity_shown(card.get("valid_from"), card.get("valid_until")),
            card.get("facility_code") or "–",
            str(card.get("benefit_level") or "–"),
            " · ".join(CARD_STATES.get(card.get("state", ""), (card.get("state") or "–",))),
        ]
        for card in sorted(cards, key=lambda card: card.get("valid_from") or "", reverse=True)
    ]
    return part(
        ("Bảo hiểm y tế", "Health insurance"),
        [
            column("Mã thẻ", "Card", 26, is_strong=True),
            column("Giá trị sử dụng", "Valid", 30),
            column("Nơi KCB ban đầu", "First facility", 20),
            column("Mức hưởng", "Level", 16),
            column("Trạng thái", "State", 24),
        ],
        rows,
        empty=("Chưa có thẻ bảo hiểm y tế.", "No health-insurance card."),
    )


def _unemployment(cover: Mapping[str, Any], totals: Mapping[str, Any]) -> dict[str, Any]:
    rows = [[day_shown(cover.get("as_of_on")), f"{cover.get('preserved_months', 0)} tháng", cover.get("note") or "–"]] if cover else []
    return part(
        ("Bảo hiểm thất nghiệp", "Unemployment insurance"),
        [
            column("Tính đến ngày", "As of", 24, is_strong=True),
            column("Thời gian được bảo lưu", "Preserved months", 30, is_number=True),
            column("Ghi chú", "Note", 60),
        ],
        rows,
        empty=(
            f"Đã đóng {totals['ui_months']} tháng. Chưa có lần xác nhận bảo lưu nào.",
            f"{_months_counted(totals['ui_months'])} contributed. No preserved time recorded.",
        ),
    )


def _other(marks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [[str(mark.get("kind", "–")), day_shown(mark.get("on")), str(mark.get("note", "–"))] for mark in marks]
    return part(
        ("Ghi chú khác", "Other marks"),
        [column("Nội dung", "Mark", 34, is_strong=True), column("Ngày", "Date", 20), column("Ghi chú", "Note", 60)],
        rows,
        empty=("Không có.", "None."),
    )


def _is_valid(card: Mapping[str, Any], on: str) -> bool:
    until = card.get("valid_until")
    return card.get("state") == "VALID" and (card.get("valid_from") or "") <= on and (until is None or on <= until)


def part(
    title: tuple[str, str],
    columns: list[dict[str, Any]],
    rows: list[list[str]],
    *,
    empty: tuple[str, str],
    note: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    """A titled table as `sheet` of the templates takes it. The lines of a cell stand one below the other."""
    return {
        "vi": title[0],
        "en": title[1],
        "columns": columns,
        "rows": rows,
        "empty_vi": empty[0],
        "empty_en": empty[1],
        "note_vi": note[0],
        "note_en": note[1],
    }


def contribution_columns(unit_vi: str, unit_en: str) -> list[dict[str, Any]]:
    """The columns of periods of contributions, in the book and in an extract."""
    return [
        column("Từ – đến", "From – to", 31, is_strong=True),
        column(unit_vi, unit_en, 46),
        column("Công việc", "Job", 29),
        column("Lương (đồng)", "Base (VND)", 24, is_number=True),
        column("Thời gian", "Months", 16, is_number=True),
    ]


def column(vi: str, en: str, width: int, *, is_number: bool = False, is_strong: bool = False) -> dict[str, Any]:
    """One column of a table; `width` is its share."""
    return {"vi": vi, "en": en, "width": width, "is_number": is_number, "is_strong": is_strong}


def _fact(vi: str, en: str, value: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "value": value}


def _step(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def grouped(sha256: str) -> str:
    """A digest in groups of eight, to be compared by eye."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))


def spaced(code: str) -> str:
    """A number in groups that can be read out."""
    size = 3 if len(code) == 12 else 5
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def _year_shown(year: int, how_many: int) -> str:
    return str(year) if how_many <= 18 else f"’{year % 100:02d}"
