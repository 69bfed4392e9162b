"""The one national queue: what waits, narrowed down by its address; and the way to the next dossier."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from bhxh.access.roles import OfficerRole
from bhxh.doors.admission import lets_in
from bhxh.doors.dossier_desk import SEE_THE_QUEUE, at_the_queue
from bhxh.doors.office import queue_address as address
from bhxh.doors.office.officer_page import MISTAKES, QUEUE, officers_frame, officers_page
from bhxh.doors.office.queue_view import rows_of, tiles_of
from bhxh.doors.operation_numbers import midnight
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other
from bhxh.dossiers import catalogue
from bhxh.dossiers.load_queries import receipt_times
from bhxh.dossiers.office_queue import PAGE, QueueFilter, count_queue, find_next, list_page
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.registry.queries import list_employers
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_REPORTS = "report_mistake"
_WAITS = {
    "tham-dinh": ("Chờ thẩm định", "For appraisal"),
    "phe-duyet": ("Chờ phê duyệt", "For approval"),
    "chu-ky": ("Chữ ký chưa xác minh", "Signature not proven"),
    "bo-sung": ("Chờ người nộp bổ sung", "For the filer's answer"),
}
_DEADLINES = {
    "qua-han": ("Quá hạn", "Overdue"),
    "hom-nay": ("Hôm nay", "Today"),
    "ba-ngay": ("Trong 3 ngày tới", "Within three days"),
    "sau-do": ("Sau đó", "Later"),
}
_CHECKS = {
    "chua-ro": ("Lệch hoặc chưa rõ", "Differs or unclear"),
    "khong-dat": ("Có điều kiện không đạt", "A condition is not met"),
    "sach": ("Không vướng mắc", "Nothing in the way"),
}


@officers_page("GET")
@lets_in(SEE_THE_QUEUE)
def queue(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Nearest deadline first, by pages. The whole filter stands in the address; `ma` goes straight to a dossier."""
    actor, officer = at_the_queue(signed_in)
    if code := request.GET.get("ma", "").strip().upper():
        return see_other(address.dossier_address(quote(code[:60], safe=""), QueueFilter()))
    at = now()
    on, wanted = day_in_vietnam(at), address.read_filter(request.GET, account=actor.account)
    after = address.read_after(request.GET.get(address.AFTER, ""))
    rows, counts = list_page(wanted, on=on, after=after), count_queue(wanted, on=on)
    employers = list_employers({row.employer_id for row in rows if row.employer_id is not None})
    titles = {one.slug: in_words((one.title_vi, one.title_en)) for one in catalogue.list_procedures()}
    names = {employer_id: employer.name for employer_id, employer in employers.items()}
    later = address.write_filter(wanted, sau=address.write_after(rows[-1].due_on, rows[-1].dossier_id)) if len(rows) == PAGE else ""
    context = {
        "tiles": tiles_of(counts, receipt_times(midnight(at), at)),
        "rows": rows_of(rows, wanted, on=on, titles=titles, employers=names),
        "count": f"{counts.found}+" if counts.is_more else str(counts.found),
        "filters": _filters(wanted, titles),
        "is_filtered": wanted != QueueFilter(),
        "is_mine": bool(wanted.taken_by),
        "is_later": after is not None,
        "first": f"{QUEUE}{address.write_filter(wanted)}",
        "next_page": f"{QUEUE}{later}" if later else "",
        "next_dossier": f"{address.NEXT}{address.write_filter(wanted)}" if rows else "",
        "next_due": counts.next_due_on.strftime("%d/%m/%Y") if counts.next_due_on else "",
        "done": request.GET.get("xong", "")[:60],
        "may_decide": bool({OfficerRole.APPRAISER, OfficerRole.APPROVER} & officer.roles),
    }
    title = in_words(("Hàng việc", "Work queue"))
    frame = officers_frame(request, signed_in, QUEUE, officer, is_wide=True)
    return page(request, "office/queue.html", context, title=title, frame=frame)


@officers_page("GET")
@lets_in(SEE_THE_QUEUE)
def mistakes(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What people reported as wrong about themselves: the queue, of that procedure alone."""
    _, officer = at_the_queue(signed_in)
    on, wanted = day_in_vietnam(now()), QueueFilter(procedures=frozenset({_REPORTS}))
    rows = list_page(wanted, on=on, after=address.read_after(request.GET.get(address.AFTER, "")))
    counts = count_queue(wanted, on=on)
    known = catalogue.get(_REPORTS)
    context = {
        "rows": rows_of(rows, wanted, on=on, titles={_REPORTS: in_words((known.title_vi, known.title_en))}, employers={}),
        "count": f"{counts.found}+" if counts.is_more else str(counts.found),
        "later": f"{MISTAKES}?{address.AFTER}={address.write_after(rows[-1].due_on, rows[-1].dossier_id)}" if len(rows) == PAGE else "",
    }
    title = in_words(("Báo sai của người dân", "Mistakes people reported"))
    frame = officers_frame(request, signed_in, MISTAKES, officer, is_wide=True)
    return page(request, "office/mistakes.html", context, title=title, frame=frame)


@officers_page("GET")
@lets_in(SEE_THE_QUEUE)
def next_dossier(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """To the next dossier of this filter after the one just left (`sau`); to the queue where nothing else waits."""
    actor, _ = at_the_queue(signed_in)
    wanted = address.read_filter(request.GET, account=actor.account)
    found = find_next(wanted, on=day_in_vietnam(now()), after=address.read_after(request.GET.get(address.AFTER, "")))
    done = {"xong": request.GET["xong"][:60]} if request.GET.get("xong") else {}
    if found is None:
        return see_other(f"{QUEUE}{address.write_filter(wanted, **done)}")
    return see_other(address.dossier_address(found.code, wanted, **done))


def _filters(wanted: QueueFilter, titles: dict[str, str]) -> list[dict[str, object]]:
    """Four lists of boxes to tick: (field, name, how many are ticked, boxes)."""
    return [
        _group(address.PROCEDURES, ("Thủ tục", "Procedure"), [(slug, title, slug in wanted.procedures) for slug, title in titles.items()]),
        _group(
            address.WAITS, ("Đang chờ", "Waits for"), [(n, in_words(p), address.WAIT_NAMES[n] in wanted.waits) for n, p in _WAITS.items()]
        ),
        _group(
            address.DEADLINES,
            ("Hạn", "Deadline"),
            [(n, in_words(p), address.DEADLINE_NAMES[n] in wanted.deadlines) for n, p in _DEADLINES.items()],
        ),
        _group(
            address.CHECKS,
            ("Xác minh", "Verification"),
            [(n, in_words(p), address.CHECK_NAMES[n] in wanted.checks) for n, p in _CHECKS.items()],
        ),
    ]


def _group(field: str, name: tuple[str, str], boxes: list[tuple[str, str, bool]]) -> dict[str, object]:
    return {
        "field": field,
        "name": in_words(name),
        "chosen": sum(is_chosen for _, _, is_chosen in boxes),
        "boxes": [{"value": value, "words": words, "is_chosen": is_chosen} for value, words, is_chosen in boxes],
    }
