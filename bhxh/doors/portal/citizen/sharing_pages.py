"""Who may see a person's data: requests that wait, granting all or a part, refusing, stopping, what was granted before."""

from datetime import date
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bhxh.access.consent_queries import get_consent, get_request, list_consents, list_requests
from bhxh.access.consents import day_after
from bhxh.doors.admission import lets_in
from bhxh.doors.consenting import end_consent, grant_request, refuse_request, see_consents
from bhxh.doors.portal.citizen.own import SHARING, own_frame, titled
from bhxh.doors.portal.citizen.sharing_view import Asked, asked_of, granted_of
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, sign_in_again, signed_in_page
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.languages import in_words, is_switch
from bhxh.web.pages import page

_DONE: Final[dict[str, tuple[str, str]]] = {
    "dong-y": (
        "Đã đồng ý. Bên hỏi xem được các mục bạn chọn; bạn dừng lúc nào cũng được.",
        "Granted. They can see what you chose; you may stop it at any time.",
    ),
    "tu-choi": ("Đã từ chối. Bên hỏi không xem được gì.", "Refused. They see nothing."),
    "dung": ("Đã dừng. Từ bây giờ bên nhận không xem được gì nữa.", "Stopped. From now on they see nothing more."),
}
_DATE: Final = (("ngay", ("Ngày", "Day"), "2"), ("thang", ("Tháng", "Month"), "2"), ("nam", ("Năm", "Year"), "4"))


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def sharing(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """What waits for an answer first, then what is shared now, then what was."""
    _, person_id = see_consents(signed_in)
    at = now()
    asked = [asked_of(view) for view in list_requests(person_id, at=at)]
    granted = [granted_of(view, at) for view in list_consents(person_id)]
    context = {
        "waiting": [one for one in asked if one.is_waiting],
        "live": [one for one in granted if one.is_live],
        "ended": [one for one in granted if not one.is_live],
        "answered": [one for one in asked if not one.is_waiting and one.state_kind != "ok"],
        "done": in_words(_DONE.get(request.GET.get("xong", ""), ("", ""))),
    }
    title = in_words(("Chia sẻ và đồng ý", "Sharing and consent"))
    return page(request, "citizen/sharing.html", context, title=title, frame=own_frame(request, signed_in, SHARING, person_id))


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def request_for_data(request: HttpRequest, signed_in: SignedIn, request_id: UUID) -> HttpResponse:
    """One request in plain words; all of it, some of it, or nothing. Nothing is ticked beforehand."""
    _, person_id = see_consents(signed_in)
    asked = asked_of(get_request(request_id, at=now(), person_id=person_id))
    if request.method != "POST" or is_switch(request):
        return _show(request, signed_in, person_id, asked)
    if request.POST.get("viec") == "tu-choi":
        refuse_request(signed_in, request_id)
        return see_other(f"{SHARING}?xong=tu-choi")
    every = [name for name, _ in asked.choices]
    chosen = every if request.POST.get("viec") == "tat-ca" else [name for name in every if name in request.POST.getlist("muc")]
    until, wrong_day = _until(request, asked)
    errors = []
    if not chosen:
        words = ("Chọn ít nhất một mục, hoặc bấm Từ chối", "Choose at least one part, or press Refuse")
        errors.append(("muc", in_words(words)))
    if until is None:
        errors.append(("den-ngay", wrong_day))
    if errors or until is None:
        return _show(request, signed_in, person_id, asked, errors=errors)
    grant_request(signed_in, request_id, fields=chosen, until_on=day_after(until))
    return see_other(f"{SHARING}?xong=dong-y")


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def consent(request: HttpRequest, signed_in: SignedIn, consent_id: UUID) -> HttpResponse:
    """One consent: what it covers, its receipt, and the button that ends it."""
    if request.method == "POST":
        end_consent(signed_in, consent_id)
        return see_other(f"{SHARING}?xong=dung")
    _, person_id = see_consents(signed_in)
    shown = granted_of(get_consent(consent_id, person_id=person_id), now())
    frame = own_frame(request, signed_in, SHARING, person_id, back=_back())
    return page(request, "citizen/consent.html", {"consent": shown}, title=shown.who, frame=frame)


def _show(
    request: HttpRequest, signed_in: SignedIn, person_id: int, asked: Asked, *, errors: list[tuple[str, str]] | None = None
) -> HttpResponse:
    told = dict(errors or ())
    typed, ticked = request.method == "POST", request.POST.getlist("muc")
    given = (f"{asked.until_on.day:02d}", f"{asked.until_on.month:02d}", str(asked.until_on.year))
    context = {
        "asked": asked,
        "is_fresh": signed_in.is_fresh(),
        "sign_in_again": sign_in_again(asked.address),
        "choices": [{"value": name, "words": words, "is_chosen": name in ticked} for name, words in asked.choices],
        "date": [
            (part, in_words(words), width, request.POST.get(f"den-ngay-{part}", "") if typed else value)
            for (part, words, width), value in zip(_DATE, given, strict=True)
        ],
        "error_parts": told.get("muc", ""),
        "error_date": told.get("den-ngay", ""),
        "errors": [("den-ngay-ngay" if field == "den-ngay" else field, words) for field, words in errors or ()],
    }
    frame = own_frame(request, signed_in, SHARING, person_id, back=_back())
    your_data = (f"{asked.who} xin xem dữ liệu của bạn", f"{asked.who} asks to see your data")
    return page(
        request,
        "citizen/request_for_data.html",
        context,
        **titled(frame, your_data, (f"{asked.who} xin xem dữ liệu", f"{asked.who} asks to see the data")),
        frame=frame,
        status=422 if errors else 200,
        has_errors=bool(errors),
        has_form=asked.is_waiting and signed_in.is_fresh(),
    )


def _until(request: HttpRequest, asked: Asked) -> tuple[date | None, str]:
    """The last day that was typed, or what is wrong with it."""
    typed = [request.POST.get(f"den-ngay-{part}", "").strip() for part, _, _ in _DATE]
    try:
        until = date(int(typed[2]), int(typed[1]), int(typed[0]))
    except (ValueError, OverflowError):
        words = ("Nhập ngày cuối được xem, ví dụ 31 12 2026", "Enter the last day on which they may look, for example 31 12 2026")
        return None, in_words(words)
    if until > asked.until_on or until < day_in_vietnam(now()):
        return None, in_words(
            (
                f"Ngày cuối phải từ hôm nay đến {asked.until} như bên hỏi xin",
                f"The last day must be between today and {asked.until}, as asked",
            )
        )
    return until, ""


def _back() -> tuple[str, str]:
    return SHARING, in_words(("Chia sẻ và đồng ý", "Sharing and consent"))
