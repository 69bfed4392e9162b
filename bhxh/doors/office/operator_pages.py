"""What operators and supervisors watch: numbers that name nobody, the lists behind them, and the same as CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.access.permissions import check_watch
from bhxh.access.roles import OfficerRole
from bhxh.doors.admission import lets_in
from bhxh.doors.office.channel_words import channel_words
from bhxh.doors.office.officer_page import officers_frame, officers_page
from bhxh.doors.office.operator_view import (
    IN_PLACE,
    LATE,
    OLDEST,
    STUCK,
    TODAY,
    UNDELIVERED,
    UNSENT,
    age_names,
    board_of,
    letter_words,
    place_words,
    returned_words,
)
from bhxh.doors.operation_numbers import midnight, month_ago, today, whole
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers import catalogue
from bhxh.dossiers.facts import Channel
from bhxh.dossiers.load_queries import list_in_place, list_late_receipts
from bhxh.dossiers.queries import list_codes, list_queue, list_stuck
from bhxh.dossiers.states import FACTS, Place, State
from bhxh.kernel.clock import now
from bhxh.kernel.who import officer
from bhxh.notices.queries import list_returned, list_unsent
from bhxh.web.languages import in_words
from bhxh.web.moments import told
from bhxh.web.pages import Frame, page
from bhxh.web.places import OPERATOR

_WATCHERS: Final = officer(OfficerRole.OPERATOR, OfficerRole.SUPERVISOR)
_BOARD = "/van-hanh"
_CODE, _AT = ("Mã hồ sơ", "Dossier code"), ("Nộp lúc", "Filed at")


@officers_page("GET")
@lets_in(_WATCHERS)
def board(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """All numbers. A part of the page that is asked for alone is the same page: the script takes what it needs."""
    frame = _frame(request, signed_in, _BOARD)
    title = in_words(("Vận hành", "Operation"))
    return page(request, "office/operator_board.html", {"board": board_of(today(), whole())}, title=title, frame=frame)


@officers_page("GET")
@lets_in(_WATCHERS)
def receipts_csv(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """By day of the last thirty."""
    _frame(request, signed_in, _BOARD)
    rows = [(day, str(due), str(in_time)) for day, due, in_time in whole().receipts.by_day]
    return _csv("phieu-tiep-nhan", ("day", "due", "within_2_hours"), rows)


@officers_page("GET")
@lets_in(_WATCHERS)
def queue_csv(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """By procedure and age in days."""
    _frame(request, signed_in, _BOARD)
    rows = [(one.procedure_slug, *map(str, one.counts), str(one.overdue)) for one in today().queue]
    return _csv("hang-doi", ("procedure", *age_names(), "overdue"), rows)


@officers_page("GET")
@lets_in(_WATCHERS)
def late_receipts(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Receipts that left late, or have not left in time."""
    at, is_today = now(), request.GET.get("ky") == TODAY
    asked = request.GET.get("duong", "")
    channel = asked if asked in set(Channel) else ""
    found = list_late_receipts(midnight(at) if is_today else month_ago(at), at, channel=channel)
    rows = [(code, told(submitted), told(sent) if sent else in_words(("chưa gửi", "not sent"))) for code, submitted, sent in found]
    title = (
        ("Phiếu tiếp nhận chậm, hôm nay", "Late receipts, today")
        if is_today
        else ("Phiếu tiếp nhận chậm, 30 ngày", "Late receipts, 30 days")
    )
    if channel:
        title = (f"{title[0]}: {channel_words(channel)}", f"{title[1]}: {channel_words(channel)}")
    return _list(request, signed_in, LATE, title, (_CODE, _AT, ("Phiếu gửi lúc", "Receipt sent at")), rows)


@officers_page("GET")
@lets_in(_WATCHERS)
def returned_letters(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Letters that came back. WHY no address: whoever mends one works on the dossier."""
    found = list_returned()
    codes = list_codes({one.dossier_id for one in found if one.dossier_id})
    rows = [
        (
            codes.get(one.dossier_id, "–") if one.dossier_id else "–",
            letter_words(one.kind),
            told(one.bounced_at),
            returned_words(one.failed_reason),
            one.status,
        )
        for one in found
    ]
    heads = (_CODE, ("Loại thư", "Kind"), ("Trả lại lúc", "Returned at"), ("Lý do", "Reason"), ("Mã", "Status"))
    return _list(request, signed_in, UNDELIVERED, ("Thư bị trả lại", "Returned letters"), heads, rows)


@officers_page("GET")
@lets_in(_WATCHERS)
def stuck_dossiers(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Dossiers that an error of ours keeps from moving: kind and place of the error, nothing of what they hold."""
    rows = [
        (one.code, _state(State(one.state)), str(one.failed_runs), one.what, told(one.next_run_at) if one.next_run_at else "–")
        for one in list_stuck()
    ]
    heads = (_CODE, ("Trạng thái", "State"), ("Số lần lỗi", "Failed runs"), ("Lỗi", "Error"), ("Chạy lại lúc", "Runs again at"))
    return _list(request, signed_in, STUCK, ("Hồ sơ dừng vì lỗi của ta", "Held up by an error of ours"), heads, rows)


@officers_page("GET")
@lets_in(_WATCHERS)
def waiting_longest(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """The head of the national queue, the nearest deadline first."""
    rows = []
    slug = request.GET.get("thu-tuc", "")
    for one in list_queue(procedure_slug=slug if slug in _slugs() else "", limit=50):
        due = one.due_on.strftime("%d/%m/%Y") if one.due_on else "–"
        rows.append((one.code, _title(one.procedure_slug), told(one.submitted_at), due))
    heads = (_CODE, ("Thủ tục", "Procedure"), _AT, ("Hạn", "Due on"))
    return _list(
        request, signed_in, OLDEST, ("Hồ sơ chờ cán bộ, hạn gần nhất trước", "Waiting for officers, nearest deadline first"), heads, rows
    )


@officers_page("GET")
@lets_in(_WATCHERS)
def unsent_letters(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Letters that wait for the mail server, the longest first. WHY no address: as above."""
    found = list_unsent()
    codes = list_codes({one.dossier_id for one in found if one.dossier_id})
    rows = [
        (codes.get(one.dossier_id, "–") if one.dossier_id else "–", letter_words(one.kind), told(one.created_at), str(one.attempts))
        for one in found
    ]
    heads = (_CODE, ("Loại thư", "Kind"), ("Viết lúc", "Written at"), ("Số lần gửi", "Attempts"))
    return _list(request, signed_in, UNSENT, ("Thư đang chờ gửi", "Letters waiting"), heads, rows)


@officers_page("GET")
@lets_in(_WATCHERS)
def in_place(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What one number of the conservation law counts: `noi`, the place; `ky=hom-nay`, only what was filed today."""
    asked, is_today = request.GET.get("noi", ""), request.GET.get("ky") == TODAY
    place = Place(asked) if asked in set(Place) else Place.IN_WORK
    found = list_in_place(place, since=midnight(now()) if is_today else None)
    rows = [(one.code, _title(one.procedure_slug), _state(one.state), told(one.submitted_at)) for one in found]
    heads = (_CODE, ("Thủ tục", "Procedure"), ("Trạng thái", "State"), _AT)
    words, when = place_words(place), in_words((", nộp hôm nay", ", filed today") if is_today else (", mới nộp trước", ", latest first"))
    return _list(request, signed_in, IN_PLACE, (f"{words}{when}", f"{words}{when}"), heads, rows)


def _slugs() -> set[str]:
    return {one.slug for one in catalogue.list_procedures()}


def _title(slug: str) -> str:
    procedure = catalogue.get(slug)
    return in_words((procedure.title_vi, procedure.title_en))


def _state(state: State) -> str:
    return in_words((FACTS[state].vi, FACTS[state].en))


def _frame(request: HttpRequest, signed_in: SignedIn, here: str) -> Frame:
    actor, facts = signed_in.officer("operation")
    check_watch(actor, officer=facts)
    back = None if here == _BOARD else (_BOARD, in_words(("Vận hành", "Operation")))
    frame = officers_frame(request, signed_in, here, facts, back=back, is_wide=True)
    return replace(frame, places=OPERATOR)


def _list(
    request: HttpRequest,
    signed_in: SignedIn,
    here: str,
    title: tuple[str, str],
    heads: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
) -> HttpResponse:
    context = {"heads": [{"words": in_words(head)} for head in heads], "rows": rows}
    frame = _frame(request, signed_in, here)
    return page(request, "office/operator_list.html", context, title=in_words(title), frame=frame)


def _csv(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
