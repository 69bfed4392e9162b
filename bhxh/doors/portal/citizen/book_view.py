"""A person's book as the page shows it, in the language that is spoken. Pure: it reads the sealed payload and what came with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from bhxh.book.grouping import NOT_COUNTED, PRESERVED, Period, group_periods, months_by_year
from bhxh.book.presenting import birth_shown, day_shown, present_card, spaced, span_shown
from bhxh.book.states import NAMES, BookState
from bhxh.book.words import CARD_STATES, KINDS, SCHEMES, STATUSES
from bhxh.doors.portal.citizen.own import mistake_address
from bhxh.kernel.citing import cited_en, cited_vi
from bhxh.kernel.clock import VIETNAM
from bhxh.kernel.data_groups import DataGroup
from bhxh.ledger.fragments import written_out
from bhxh.ledger.queries import LineSource
from bhxh.web.amounts import grouped
from bhxh.web.charts import MonthsChart, months_chart
from bhxh.web.languages import in_words, of_both
from bhxh.web.moments import instant
from bhxh.web.qr import Qr, qr_of

_MONTHS_OF_YEAR = 12
_WARNINGS: Final[dict[BookState, tuple[str, str]]] = {
    BookState.SUSPENDED: (
        "Sổ đang tạm thu hồi, chưa dùng để chứng minh được. Lý do và cách giải trình ở trong thư gửi bạn. Thẻ bảo hiểm y tế vẫn dùng được.",
        "The book is withdrawn for a time and proves nothing now. The letter sent to you says why and what you can do. Your health card still works.",
    ),
    BookState.CLOSED_ONE_OFF: (
        "Sổ đã đóng vì bạn đã nhận bảo hiểm xã hội một lần. Nội dung dưới đây chỉ để tra cứu.",
        "The book was closed when you received the one-off payment. What stands below is kept for reference.",
    ),
    BookState.CLOSED_DECEASED: (
        "Sổ đã đóng. Nội dung dưới đây chỉ để tra cứu.",
        "The book was closed. What stands below is kept for reference.",
    ),
    BookState.MERGED: (
        "Sổ này đã gộp vào sổ khác của bạn. Nội dung dưới đây chỉ để tra cứu.",
        "This book was merged into another one of yours. What stands below is kept for reference.",
    ),
}
_BROUGHT_BY: Final[dict[str, tuple[str, str]]] = {
    "register_employees": ("Đơn vị khai báo, ghi vào sổ ngày {on}.", "Declared by the employer, entered on {on}."),
    "correct_contribution_history": (
        "Nhập từ sổ giấy hoặc giấy tờ bạn gửi, hai cán bộ đối chiếu, ghi vào sổ ngày {on}.",
        "Entered from the paper book or papers that you sent, compared by two officers, on {on}.",
    ),
}
_OF_EMPLOYERS: Final = frozenset({"register_employees"})
_OTHERWISE: Final = ("Ghi theo một hồ sơ đã được giải quyết, ngày {on}.", "Entered by a dossier that was decided, on {on}.")
_TAKEN_OVER: Final = ("Chuyển từ hệ thống trước đây, ghi vào sổ ngày {on}.", "Taken over from the earlier system, entered on {on}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How we know a row."""

    how: str
    dossier_code: str
    """To be followed where it is one's own; empty where no dossier brought it."""
    is_own: bool
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Consecutive months that are alike."""

    span: str
    unit: str
    workplace: str
    job: str
    remark: str
    base: str
    months: str
    sources: tuple[Source, ...]
    mistake: str
    """Where to say that it is wrong, with these months filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """Something that was received, and by which decision."""

    scheme: str
    on: str
    amount: str
    state: str
    decision: str
    mistake: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookView:
    """What the template takes."""

    name: str
    state: str
    state_kind: str
    facts: tuple[tuple[str, str, str], ...]
    qr: Qr
    seal: str
    tiles: tuple[tuple[str, str, str], ...]
    chart: MonthsChart
    rows: tuple[Row, ...]
    benefits: tuple[Benefit, ...]
    settlements: tuple[tuple[str, str, str], ...]
    number: str
    version: int
    warning: str
    """What it means that the book is not in use; empty where it is."""


def view_book(
    book: Mapping[str, Any], *, address: str, sources: Mapping[int, LineSource], dossiers: Mapping[UUID, tuple[str, str]]
) -> BookView:
    """`sources` by line number, `dossiers` (code, procedure) that brought them."""
    header, person = book["header"], book["person"]
    lines = written_out(book["contributions"])
    periods, state = group_periods(lines), BookState(header["state"])
    sealed_at = instant(datetime.fromisoformat(header["issued_at"]))
    return BookView(
        name=person["full_name"],
        state=in_words(NAMES[state]),
        state_kind="ok" if state is BookState.ACTIVE else "late",
        facts=(
            (in_words(("Mã số BHXH", "Social insurance code")), spaced(header["si_code"]), ""),
            (in_words(("Ngày sinh", "Date of birth")), birth_shown(person["birth_on"], person.get("birth_precision", "DAY")), ""),
            (in_words(("Số sổ", "Book number")), header["book_id"], "is-long"),
            (in_words(("Nơi làm việc gần nhất", "Latest workplace")), periods[0].unit_name if periods else "–", "is-wide"),
        ),
        qr=qr_of(address),
        seal=_seal(state, version=header["version"], at=sealed_at),
        tiles=_tiles(book, periods),
        chart=months_chart(months_by_year(lines)),
        rows=tuple(_row(period, sources, dossiers) for period in periods),
        benefits=tuple(_benefit(event) for event in sorted(book["benefits"], key=lambda event: event.get("from_on") or "", reverse=True)),
        settlements=tuple(
            (
                of_both(SCHEMES.get(one["scheme"], one["scheme"])),
                day_shown(one["settled_on"]),
                of_both(STATUSES.get(one["state"], one["state"])),
            )
            for one in reversed(book["settlements"])
        ),
        number=header["book_id"],
        version=int(header["version"]),
        warning=in_words(_WARNINGS.get(state, ("", ""))),
    )


def duration(months: int) -> str:
    """14 years 3 months, in the language that is spoken."""
    years, rest = divmod(months, _MONTHS_OF_YEAR)
    parts = [_counted(years, ("năm", "year")), _counted(rest, ("tháng", "month"))]
    return " ".join(part for part, number in zip(parts, (years, rest), strict=True) if number) or parts[1]


def _counted(number: int, unit: tuple[str, str]) -> str:
    return f"{number} {in_words((unit[0], unit[1] if number == 1 else unit[1] + 's'))}"


def _tiles(book: Mapping[str, Any], periods: tuple[Period, ...]) -> tuple[tuple[str, str, str], ...]:
    totals = book["totals"]
    last = max((period.last for period in periods if period.kind not in (NOT_COUNTED, PRESERVED)), default=None)
    until = (
        in_words((f"tính đến hết tháng {last.shown}", f"up to and with {last.shown}"))
        if last
        else in_words(("chưa có tháng đóng", "no month yet"))
    )
    card, is_valid = present_card(book)
    if card is None:
        health = (in_words(("Chưa có thẻ", "No card")), "")
    elif is_valid:
        health = (
            in_words(("Còn hiệu lực", "In force")),
            in_words((f"từ {day_shown(card.get('valid_from'))}", f"since {day_shown(card.get('valid_from'))}")),
        )
    else:
        state = CARD_STATES.get(card.get("state", ""), CARD_STATES["EXPIRED"]) if card.get("state") != "VALID" else CARD_STATES["EXPIRED"]
        health = (in_words(state), in_words((f"đến {day_shown(card.get('valid_until'))}", f"until {day_shown(card.get('valid_until'))}")))
    return (
        (in_words(("Bảo hiểm xã hội", "Social insurance")), duration(totals["si_months"]), until),
        (
            in_words(("Bảo hiểm thất nghiệp", "Unemployment insurance")),
            duration(totals["ui_months"]),
            in_words(("tổng thời gian đã đóng", "contributed in all")),
        ),
        (in_words(("Bảo hiểm y tế", "Health insurance")), *health),
    )


def _row(period: Period, sources: Mapping[int, LineSource], dossiers: Mapping[UUID, tuple[str, str]]) -> Row:
    found = dict.fromkeys(
        _source(source, *(dossiers.get(source.dossier_id, ("", "")) if source.dossier_id else ("", "")))
        for line in period.lines
        if (source := sources.get(line)) is not None
    )
    remarks = (of_both(KINDS.get(period.kind, period.kind)), in_words(("nặng nhọc, độc hại", "hazardous")) if period.is_hazardous else "")
    return Row(
        span=span_shown(period.first, period.last),
        unit=period.unit_name,
        workplace=period.workplace if period.workplace != period.unit_name else "",
        job=period.job_title,
        remark=", ".join(remark for remark in remarks if remark),
        base=grouped(period.base_vnd),
        months=_counted(period.months, ("tháng", "month")),
        sources=tuple(found),
        mistake=mistake_address(DataGroup.SOCIAL_INSURANCE, span_shown(period.first, period.last)),
    )


def _source(source: LineSource, code: str, procedure: str) -> Source:
    how = _BROUGHT_BY.get(procedure, _OTHERWISE) if code else _TAKEN_OVER
    return Source(
        how=in_words(how).format(on=source.recorded_at.astimezone(VIETNAM).strftime("%d/%m/%Y")),
        dossier_code=code,
        is_own=bool(code) and procedure not in _OF_EMPLOYERS,
        basis=in_words((cited_vi(source.basis), cited_en(source.basis))),
    )


def _seal(state: BookState, *, version: int, at: str) -> str:
    """WHY not always as valid as paper: a book that is withdrawn proves nothing, for a time or for good."""
    vi, en = ("Đã ký số, có giá trị như sổ giấy", "Digitally sealed, as valid as the paper book")
    if state is not BookState.ACTIVE:
        vi, en = ("Đã ký số", "Digitally sealed")
    return in_words((f"{vi}. Bản {version}, ký {at}.", f"{en}. Version {version}, {at}."))


def _benefit(event: Mapping[str, Any]) -> Benefit:
    scheme, since = of_both(SCHEMES.get(event["scheme"], event["scheme"])), day_shown(event.get("from_on"))
    number, on = event.get("decision_number"), day_shown(event.get("decided_on"))
    # WHY not what it is paid for: an illness lies in no address.
    about = (f"Quyết định số {number}", f"Decision {number}") if number else (f"Quyền lợi từ {since}", f"Benefit from {since}")
    return Benefit(
        scheme=scheme,
        on=since,
        amount=grouped(event.get("amount_vnd", 0)),
        state=of_both(STATUSES.get(event.get("status", ""), event.get("status") or "–")),
        decision=in_words((f"Theo quyết định số {number} ngày {on}.", f"By decision {number} of {on}.")) if number else "",
        mistake=mistake_address(DataGroup.SOCIAL_INSURANCE, in_words(about)),
    )
