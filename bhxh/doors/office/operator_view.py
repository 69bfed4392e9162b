"""How much work there is and how fast it goes, as operators and supervisors see it: numbers, their definitions, charts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bhxh.doors.office.channel_words import channel_words
from bhxh.doors.operation_numbers import Today, Whole
from bhxh.dossiers import catalogue
from bhxh.dossiers.load_queries import AGES, QueueAges, ReceiptTimes
from bhxh.dossiers.states import Place
from bhxh.dossiers.tally import Recounted
from bhxh.kernel.clock import VIETNAM
from bhxh.notices.letters import LetterKind
from bhxh.notices.states import FailedReason
from bhxh.web.charts import Column, ColumnsChart, columns_chart
from bhxh.web.languages import in_words
from bhxh.web.moments import told

LATE, UNDELIVERED, STUCK, OLDEST = "/van-hanh/phieu-cham", "/van-hanh/thu-tra-lai", "/van-hanh/ho-so-dung", "/van-hanh/cho-lau"
UNSENT, IN_PLACE = "/van-hanh/thu-cho", "/van-hanh/ho-so"
TODAY: Final = "hom-nay"
_PROMISED_BP: Final = 9_990
"""Ours: one receipt in a thousand may be late before the tile changes its colour."""
_LOG_LATE: Final = timedelta(minutes=10)
_STAMP_LATE: Final = timedelta(hours=3)
_HOUR_S, _MINUTE_S = 3600, 60
_PLACES: Final = {
    Place.IN_WORK: ("Đang xử lý", "In work"),
    Place.WAITING: ("Chờ người nộp", "Waiting for the filer"),
    Place.DECIDED: ("Đã giải quyết", "Decided"),
    Place.NOT_ACCEPTED: ("Không tiếp nhận", "Not accepted"),
    Place.STOPPED: ("Dừng", "Stopped"),
    Place.WITHDRAWN: ("Đã rút", "Withdrawn"),
}
_REGISTERS: Final = {"population": ("Dân cư", "Population"), "business": ("Doanh nghiệp", "Businesses")}

_LETTERS: Final[Mapping[str, tuple[str, str]]] = {
    LetterKind.RECEIPT: ("Phiếu tiếp nhận", "Receipt"),
    LetterKind.LINE_RESULTS: ("Kết quả từng dòng", "Results by line"),
    LetterKind.DECISION: ("Quyết định", "Decision"),
    LetterKind.REFUSAL: ("Thông báo từ chối", "Refusal"),
    LetterKind.SUPPLEMENT: ("Yêu cầu bổ sung", "Request for a supplement"),
    LetterKind.CONFIRMATION_READY: ("Bản xác nhận đã có", "Confirmation is ready"),
    LetterKind.BOOK_UPDATED: ("Sổ đã cập nhật", "Book was updated"),
    LetterKind.DELAY: ("Xin lỗi vì chậm", "Apology for a delay"),
    LetterKind.FILED_FOR_YOU: ("Nộp thay tại quầy", "Filed for you at the counter"),
    "consent_asked": ("Có nơi xin xem dữ liệu", "Somebody asks to see data"),
    "consent_granted": ("Đã đồng ý cho xem dữ liệu", "Consent was given"),
    "consent_withdrawn": ("Đã rút lại sự đồng ý", "Consent was withdrawn"),
    "paper_converted": ("Giấy tờ đã chuyển sang bản điện tử", "Paper was converted"),
    "conversion_withdrawn": ("Thu hồi bản chuyển đổi", "Converted paper was withdrawn"),
    "book_suspended": ("Tạm thu hồi sổ", "Book withdrawn for a time"),
    "book_resumed": ("Cho sổ dùng lại", "Book in use again"),
}
_RETURNED: Final[Mapping[str, tuple[str, str]]] = {
    FailedReason.NO_MAILBOX: ("Không có hộp thư này", "No such mailbox"),
    FailedReason.MAILBOX_FULL: ("Hộp thư đầy", "Mailbox is full"),
    FailedReason.BLOCKED: ("Bên nhận chặn", "Blocked by the receiving side"),
    FailedReason.REJECTED: ("Bị từ chối, không rõ lý do", "Refused without a reason"),
    FailedReason.NEEDS_UTF8: ("Máy chủ không nhận địa chỉ có dấu", "The server takes no letters beyond ASCII"),
    FailedReason.BAD_ADDRESS: ("Địa chỉ sai dạng", "Not an address"),
    FailedReason.NO_ADDRESS: ("Không có địa chỉ", "No address"),
    FailedReason.EXPIRED: ("Máy chủ bắt chờ quá lâu", "Made to wait too long"),
}


def letter_words(kind: str) -> str:
    """What a letter is about; one of another room by its own name."""
    return in_words(_LETTERS[kind]) if kind in _LETTERS else kind.replace("_", " ")


def returned_words(reason: str) -> str:
    """Why a letter came back, and the code by which it is counted."""
    return f"{in_words(_RETURNED[reason])} ({reason})" if reason in _RETURNED else reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number with what it means and the list behind it: for `web/components/metric.html`."""

    name: str
    value: str
    meaning: str
    address: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Filed = the sum of the places, over one window."""

    name: str
    filed: int
    places: tuple[tuple[str, int, str], ...]
    """(words, how many, address of the list)."""
    holds: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How one system that we are connected to does."""

    name: str
    is_well: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that the page shows."""

    at: str
    metrics: tuple[Metric, ...]
    laws: tuple[Law, ...]
    receipts: ColumnsChart
    channels: tuple[tuple[str, str, int, int, str], ...]
    """(address of the late ones, which way dossiers came, receipts due, in time, per cent), of thirty days."""
    ages: ColumnsChart
    age_heads: tuple[str, ...]
    queue: tuple[tuple[str, str, tuple[int, ...], int, int], ...]
    """(address of the list, procedure, by age, in all, overdue)."""
    links: tuple[Link, ...]
    log: tuple[Link, ...]


def board_of(today: Today, whole: Whole) -> Board:
    """In the language that is spoken."""
    return Board(
        at=today.at.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y"),
        metrics=(*_of_receipts(today, whole), *_of_work(today), *_of_letters(today)),
        laws=(
            Law(
                name=in_words(("Nộp hôm nay", "Filed today")),
                filed=today.filed.filed,
                places=_places(today.filed.by_place, f"&ky={TODAY}"),
                holds=today.filed.holds,
            ),
            Law(
                name=in_words(("Từ trước đến nay", "Ever filed")),
                filed=today.ever.filed,
                places=_places(today.ever.by_place),
                holds=today.ever.holds,
                note=_recounted(today.recounted),
            ),
        ),
        receipts=columns_chart(receipt_columns(whole.receipts), most=100),
        channels=tuple(
            (f"{LATE}?duong={channel}", channel_words(channel), due, in_time, _per_cent(in_time * 10_000 // due))
            for channel, due, in_time in whole.receipts.by_channel
            if due
        ),
        ages=columns_chart(age_columns(today.queue)),
        age_heads=age_names(),
        queue=tuple(
            (f"{OLDEST}?thu-tuc={one.procedure_slug}", _title(one.procedure_slug), one.counts, one.total, one.overdue)
            for one in today.queue
        ),
        links=_links(today),
        log=_log(today),
    )


def receipt_columns(times: ReceiptTimes) -> list[Column]:
    """Of every day of the window in which something was due: per cent in time."""
    return [
        Column(f"{day[8:]}/{day[5:7]}", in_time * 100 // due, f"{_per_cent(in_time * 10_000 // due)} ({in_time}/{due})")
        for day, due, in_time in times.by_day
        if due
    ]


def age_columns(queue: tuple[QueueAges, ...]) -> list[Column]:
    """Everything that waits for officers, by age."""
    sums = [sum(one.counts[place] for one in queue) for place in range(len(AGES) + 1)]
    return [Column(name, number, str(number)) for name, number in zip(age_names(), sums, strict=True)]


def age_names() -> tuple[str, ...]:
    """`< 1`, `1-2`, ..., `14 +` days."""
    bounds = (0, *AGES)
    names = [f"{first}–{after - 1}" if after - first > 1 else str(first) for first, after in zip(bounds, AGES, strict=False)]
    return (*names, f"{AGES[-1]} +")


def duration(seconds: int) -> str:
    """`42 giây`, `12 phút`, `3 giờ 5 phút`, `4 ngày`."""
    if seconds < 2 * _MINUTE_S:
        return in_words((f"{seconds} giây", f"{seconds} s"))
    minutes = seconds // _MINUTE_S
    if seconds < 2 * _HOUR_S:
        return in_words((f"{minutes} phút", f"{minutes} min"))
    hours = seconds // _HOUR_S
    if hours < 48:
        return in_words((f"{hours} giờ {minutes % 60} phút", f"{hours} h {minutes % 60} min"))
    return in_words((f"{hours // 24} ngày", f"{hours // 24} days"))


def _of_receipts(today: Today, whole: Whole) -> tuple[Metric, ...]:
    meaning = in_words(("Trong số phiếu đã gửi hoặc đã quá 2 giờ kể từ khi nộp.", "Of those that left or are past two hours since filing."))
    month, day = whole.receipts, today.receipts
    return (
        Metric(
            name=in_words(("Phiếu tiếp nhận trong 2 giờ, hôm nay", "Receipts within 2 hours, today")),
            value=_share(day),
            meaning=f"{meaning} {day.in_time}/{day.due}",
            address=f"{LATE}?ky={TODAY}",
            kind=_kind(day.share_bp),
        ),
        Metric(
            name=in_words(("Phiếu tiếp nhận trong 2 giờ, 30 ngày", "Receipts within 2 hours, 30 days")),
            value=_share(month),
            meaning=f"{meaning} {month.in_time}/{month.due}",
            address=LATE,
            kind=_kind(month.share_bp),
        ),
        Metric(
            name=in_words(("Thời gian ra phiếu hôm nay, p50/p95", "Time to the receipt today, p50/p95")),
            value="–" if day.median_s is None or day.slowest_s is None else f"{duration(day.median_s)} / {duration(day.slowest_s)}",
            meaning=in_words(
                (
                    "Từ lúc nộp đến lúc máy chủ thư nhận phiếu: một nửa, và 95 trên 100, nhanh hơn.",
                    "From filing until the mail server took it.",
                )
            ),
            address=f"{LATE}?ky={TODAY}",
        ),
    )


def _of_work(today: Today) -> tuple[Metric, ...]:
    total, overdue = sum(one.total for one in today.queue), sum(one.overdue for one in today.queue)
    oldest = min((one.oldest_at for one in today.queue), default=None)
    return (
        Metric(
            name=in_words(("Hồ sơ chờ cán bộ", "Dossiers waiting for officers")),
            value=str(total),
            meaning=in_words(
                (f"Đang xử lý và có dòng chờ người xem; {overdue} đã quá hạn.", f"In process with lines for people; {overdue} overdue.")
            ),
            address=OLDEST,
            kind="late" if overdue else "",
        ),
        Metric(
            name=in_words(("Chờ lâu nhất", "Waiting longest")),
            value="–" if oldest is None else duration(int((today.at - oldest).total_seconds())),
            meaning=in_words(("Từ lúc tiếp nhận của hồ sơ cũ nhất trong hàng đợi.", "Since the oldest one in the queue was received.")),
            address=OLDEST,
        ),
        Metric(
            name=in_words(("Hồ sơ dừng vì lỗi của ta", "Held up by an error of ours")),
            value=str(len(today.stuck)),
            meaning=in_words(("Ba lần chạy liền bị lỗi của chương trình.", "Three runs in a row failed by an error of the program.")),
            address=STUCK,
            kind="late" if today.stuck else "",
        ),
    )


def _of_letters(today: Today) -> tuple[Metric, ...]:
    mail = today.system.mail
    return (
        Metric(
            name=in_words(("Thư đang chờ gửi", "Letters waiting")),
            value=str(mail.waiting),
            meaning=in_words(
                (
                    f"Lâu nhất {duration(mail.oldest_waiting_s)}; {today.letters_overdue} quá mức báo động.",
                    f"The oldest {duration(mail.oldest_waiting_s)}; {today.letters_overdue} beyond the alarm.",
                )
            ),
            address=UNSENT,
            kind="late" if today.letters_overdue else "",
        ),
        Metric(
            name=in_words(("Thư bị trả lại, 24 giờ", "Letters returned, 24 hours")),
            value=str(mail.bounced),
            meaning=in_words(
                (
                    f"Mọi loại thư quay về; {mail.receipts_failed}/{mail.receipts} phiếu tiếp nhận không đến nơi.",
                    f"Of any kind; {mail.receipts_failed} of {mail.receipts} receipts did not arrive.",
                )
            ),
            address=UNDELIVERED,
            kind="late" if today.system.mail_alarms else "",
        ),
    )


def _links(today: Today) -> tuple[Link, ...]:
    system = today.system
    e_id = Link(
        name=in_words(("Hệ thống định danh (e-ID)", "e-ID")),
        is_well=system.can_sign_in,
        words=in_words(
            ("Trả lời", "Answers") if system.can_sign_in else ("Không trả lời: không ai đăng nhập mới được", "Silent: nobody can sign in")
        ),
    )
    asked = {one.register: one for one in system.registers}
    registers = []
    for register, name in _REGISTERS.items():
        one, is_well = asked.get(register), register not in system.silent_registers
        words = (
            (f"2 giờ qua: hỏi {one.asked}, không trả lời {one.silent}", f"Last 2 hours: asked {one.asked}, silent {one.silent}")
            if one
            else ("2 giờ qua không hỏi gì", "Nothing was asked for 2 hours")
        )
        registers.append(Link(name=in_words(name), is_well=is_well, words=in_words(words)))
    mail_words = (
        ("Bình thường", "As usual")
        if not system.mail_alarms
        else ("Phiếu không đến nơi hoặc đến chậm", "Receipts do not arrive or are late")
    )
    return (e_id, *registers, Link(name=in_words(("Thư điện tử", "Mail")), is_well=not system.mail_alarms, words=in_words(mail_words)))


def _log(today: Today) -> tuple[Link, ...]:
    log, at = today.log, today.at
    is_sealed = log.sealed_size >= log.size or _is_young(log.numbered_at, at, _LOG_LATE)
    is_stamped = log.stamped_size >= log.sealed_size or _is_young(log.stamped_at, at, _STAMP_LATE)
    seals = today.seals
    return (
        Link(
            name=in_words(("Nhật ký: đánh số và niêm phong", "Log: numbered and sealed")),
            is_well=is_sealed,
            words=in_words(
                (
                    f"{log.size} dòng, niêm phong đến {log.sealed_size}, {_when(log.sealed_at)}",
                    f"{log.size} rows, sealed to {log.sealed_size}, {_when(log.sealed_at)}",
                )
            ),
        ),
        Link(
            name=in_words(("Nhật ký: dấu thời gian của bên thứ ba", "Log: time stamp by a third party")),
            is_well=is_stamped,
            words=in_words(
                (f"Đến dòng {log.stamped_size}, {_when(log.stamped_at)}", f"To row {log.stamped_size}, {_when(log.stamped_at)}")
            ),
        ),
        Link(
            name=in_words(("Con dấu và bản lưu lâu dài", "Seals and archive copies")),
            is_well=not seals.alarms,
            words=", ".join(seals.alarms) or in_words(("Không có báo động", "No alarm")),
        ),
    )


def _is_young(moment: datetime | None, at: datetime, most: timedelta) -> bool:
    return moment is not None and at - moment < most


def _when(moment: datetime | None) -> str:
    return told(moment) if moment else in_words(("chưa lần nào", "never yet"))


def _places(by_place: Mapping[Place, int], more: str = "") -> tuple[tuple[str, int, str], ...]:
    return tuple((place_words(place), by_place.get(place, 0), f"{IN_PLACE}?noi={place.value}{more}") for place in Place)


def place_words(place: Place) -> str:
    """Where dossiers are."""
    return in_words(_PLACES[place])


def _recounted(last: Recounted | None) -> str:
    if last is None:
        return in_words(("Chưa đếm lại toàn bộ lần nào; mỗi đêm một lần.", "Not counted whole yet; that happens once a night."))
    if last.agrees:
        return in_words(
            (f"Đếm lại toàn bộ {last.filed} hồ sơ lúc {told(last.at)}: khớp.", f"All {last.filed} counted anew at {told(last.at)}: agrees.")
        )
    return in_words(
        (
            f"Đếm lại lúc {told(last.at)}: {last.disagreeing} hồ sơ khác lịch sử, số cộng dồn lệch {last.off_by}.",
            f"Counted anew at {told(last.at)}: {last.disagreeing} dossiers differ from their history, the tally is off by {last.off_by}.",
        )
    )


def _share(times: ReceiptTimes) -> str:
    return "–" if times.share_bp is None else _per_cent(times.share_bp)


def _per_cent(share_bp: int) -> str:
    return f"{share_bp // 100},{share_bp % 100 // 10} %"


def _kind(share_bp: int | None) -> str:
    return "" if share_bp is None else "ok" if share_bp >= _PROMISED_BP else "late"


def _title(slug: str) -> str:
    procedure = catalogue.get(slug)
    return in_words((procedure.title_vi, procedure.title_en))
