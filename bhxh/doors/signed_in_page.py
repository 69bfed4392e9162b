"""Pages of somebody who signed in: who they are and as what they go on, the bar of that role, what is said where they may not.

Shared by `portal` and `office`. A page:

    @signed_in_page("GET", "POST")
    @lets_in(PERSON)
    def contact(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
        frame = frame_of_role(request, signed_in, "/toi")

Its forms are of method post, carry `{% include "web/components/protected.html" with frame=frame only %}` and, where the page comes back with what was
typed when the language changes, the id `form` (`page(..., has_form=True)`; `languages.is_switch(request)` says that nothing is to be done yet).
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Final
from urllib.parse import quote
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from bhxh.access.errors import ACC_NOT_ALLOWED, ACC_NOT_FRESH, ACC_OTHER_ROLE, NotFromOurPage, NotSignedIn, TooMany
from bhxh.access.representation_errors import ACC_FORM_OF_ANOTHER, ACC_NOT_REPRESENTED, ACC_OTHER_CUSTODIAN
from bhxh.access.session_commands import SEEN_EVERY
from bhxh.access.sessions import ActingAs, Session, csrf_token
from bhxh.doors.form_owners import WHOSE, check_whose, marks_of
from bhxh.doors.kept_entries import MENDED, ONCE, PROTECTION, Entries, find_entries, keep_entries
from bhxh.doors.partners import partners
from bhxh.doors.sessions import check_from_our_page, session_secret
from bhxh.doors.signed_in import SignedIn, session_sign_in
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.errors import Refusal, Trouble
from bhxh.registry.queries import find_employer, get_employer
from bhxh.web.failures import failure, not_taken
from bhxh.web.headers import private
from bhxh.web.languages import path_of, spoken
from bhxh.web.pages import Frame
from bhxh.web.places import BARS, Place

_log = structlog.get_logger()
_START = ("/", ("Trang đầu", "Start page"))
_ROLES = ("/dang-nhap/vai-tro", ("Đổi vai trò", "Change the role"))
_BAR_OF: Final = {ActingAs.SELF: "citizen", ActingAs.EMPLOYER: "employer", ActingAs.OFFICER: "officer"}
BY_SCRIPT: Final = "X-Autosave"
"""Header of what a script sends by itself: it is told that it was kept, or in a sentence why not, and shown nothing."""
_A_KEY = re.compile(r"[0-9A-Za-z:-]{1,64}")
"""Of once, as forms hold it."""
_PROVE_ANEW = (
    ("Đăng nhập lại để làm tiếp", "Sign in again to go on"),
    ("Việc này cần xác nhận vừa đăng nhập. Chưa có gì thay đổi.", "This needs a sign-in of just now. Nothing was changed."),
)
_NO_LONGER = (
    ("Bạn không làm thay được cho người này", "You cannot act for this person"),
    (
        "Việc đại diện có thể đã kết thúc. Chưa có gì thay đổi. Bấm Thôi làm thay để làm tiếp cho chính mình.",
        "The representation may have ended. Nothing was changed. Press “Stop acting for them” to go on for yourself.",
    ),
)
_PEOPLE = ("/dai-dien", ("Người tôi đại diện", "People I act for"))
_KEPT_ELSEWHERE = (
    ("Sổ của bạn do Bộ Quốc phòng hoặc Bộ Công an quản lý", "Your book is kept by the Ministry of National Defence or of Public Security"),
    (
        "Cổng này không giữ dữ liệu của bạn. Xem sổ, thẻ và nộp hồ sơ tại đơn vị nơi bạn công tác; sổ và thẻ ở đó có giá trị như ở đây.",
        "This portal holds no data of yours. Your unit there shows you the book and the card and takes your dossiers; they are worth the same.",
    ),
)


def signed_in_page(*methods: str, minds_whom: bool = True) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page that asks for a sign-in: `view(request, signed_in, ...)`. Who is not signed in goes there first and comes back.

    Stands above `lets_in`. `methods`: what it takes, HEAD where that is GET. Nothing that is answered is kept by a browser; nothing is
    done that did not come from a page of ours. `minds_whom`: a form that was filled in for one person is not taken for another.
    """
    taken = tuple(dict.fromkeys(("GET", "HEAD", *methods))) if "GET" in methods else methods

    def stands(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, **named: str) -> HttpResponseBase:
            if request.method not in taken:
                # WHY to the page above: it has the form. A switch of the language, or a sign-in that comes back, opens this address by a link,
                # and a link proves nothing: what the form asks for is not done.
                is_opened = request.method in ("GET", "HEAD")
                return private(see_other(path_of(request).rpartition("/")[0])) if is_opened else not_taken(request, taken)
            side = partners().signing_in
            if not session_secret(request, side):
                return _signed_out(request)
            frame = Frame(is_known=True)
            try:
                signed_in = session_sign_in(request)
                frame = _frame_of_failures(request, signed_in)
                if request.method == "POST":
                    if signed_in.session is not None:
                        check_whose(request.POST.get(WHOSE, ""), signed_in.session, minds_whom=minds_whom)
                    check_from_our_page(request, side, given=request.headers.get("X-CSRF-Token") or request.POST.get(PROTECTION, ""))
                return private(view(request, signed_in, **named))
            except NotSignedIn:
                return _signed_out(request)
            except NotFromOurPage as refused:
                entries = find_entries(request)  # a form of a session that is over, sent in the next one
                return keep_entries(request, entries, frame=frame, is_signed_in=True) if entries else _refused(request, refused, frame)
            except Trouble as trouble:
                _log.warning("page.trouble", code=trouble.code)
                return failure(request, trouble.status, error=trouble, frame=frame)
            except Refusal as refused:
                if BY_SCRIPT in request.headers:
                    return private(told_to_script(refused))
                entries = find_entries(request) if refused.sentence in MENDED else None
                if entries is not None:
                    return keep_entries(request, entries, frame=frame, is_signed_in=True, refused=refused)
                return _refused(request, refused, frame)

        return answer

    return stands


def frame_of_role(
    request: HttpRequest,
    signed_in: SignedIn,
    here: str,
    *,
    name: str = "",
    role: str = "",
    back: tuple[str, str] | None = None,
    is_wide: bool = False,
) -> Frame:
    """The frame of a page that belongs to the place `here`, for whoever is signed in.

    `name`, `role`: of the organisation somebody works for, where the page knows it already, or as whom an officer is known; and what they may do.
    """
    session = signed_in.session
    acting_as = session.acting_as if session else ActingAs.SELF
    open_s = open_seconds(session) if session else 0
    return Frame(
        places=places_of(acting_as),
        here=here,
        is_known=True,
        name="" if acting_as is ActingAs.EMPLOYER else name,
        role=role,
        works_for=name if name and acting_as is ActingAs.EMPLOYER else _for_whom(signed_in),
        back=back,
        is_wide=is_wide,
        is_staff=acting_as is not ActingAs.SELF,
        csrf=csrf_token(session_secret(request, partners().signing_in)),
        acting_for=session.acting_for if session else "",
        once=once_of(request),
        whose=marks_of(session) if session else "",
        open_until=(now() + timedelta(seconds=open_s)).astimezone(VIETNAM).strftime("%H:%M") if open_s else "",
        open_s=open_s,
    )


def _frame_of_failures(request: HttpRequest, signed_in: SignedIn) -> Frame:
    """WHY less: it is made for every request, and asks no database; nobody stays on such a page until the session ends."""
    acting_as = signed_in.session.acting_as if signed_in.session else ActingAs.SELF
    return Frame(
        places=places_of(acting_as),
        is_known=True,
        is_staff=acting_as is not ActingAs.SELF,
        acting_for=signed_in.session.acting_for if signed_in.session else "",
        csrf=csrf_token(session_secret(request, partners().signing_in)),
    )


def _for_whom(signed_in: SignedIn) -> str:
    """Whom somebody works for who works for another; empty for whoever is here for themselves."""
    session = signed_in.session
    if session is None or session.acting_as is ActingAs.SELF:
        return ""
    if session.acting_as is ActingAs.OFFICER:
        return partners().sender.agency_name
    found = find_employer(tax_code=signed_in.claims.org_id) if session.employer_id is None else get_employer(session.employer_id)
    return found.name if found else signed_in.claims.org_id


def places_of(acting_as: ActingAs) -> tuple[Place, ...]:
    """The bar of a role."""
    return BARS[_BAR_OF[acting_as]]


def first_place(acting_as: ActingAs) -> str:
    """Where somebody begins in a role; the start page while the role has no pages."""
    places = places_of(acting_as)
    return places[0].path if places else "/"


def once_of(request: HttpRequest) -> str:
    """Under which key what this form asks for is done once: as the form says, or a new one."""
    given = request.POST.get(ONCE, "")
    return given if _A_KEY.fullmatch(given) else uuid4().hex


def told_to_script(refused: Refusal) -> HttpResponse:
    """Why what a script sent by itself was not taken, as it says it on the page."""
    return HttpResponse(refused.text(spoken()), status=refused.status, content_type="text/plain; charset=utf-8")


def see_other(address: str) -> HttpResponse:
    """After something was done: to the page that shows it, so that loading it again does nothing twice."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def open_seconds(session: Session) -> int:
    """For how long a session is open at least if nothing more is asked of it. WHY less than it may be: a look is noted once a minute."""
    rules = partners().signing_in.rules
    return max(0, int(min(session.ends_at - now(), rules.idle - SEEN_EVERY).total_seconds()))


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in, or no longer: what was typed comes back, and who typed nothing goes to sign in."""
    entries: Entries | None = find_entries(request)
    if entries is not None:
        return keep_entries(request, entries, frame=Frame(), is_signed_in=False)
    if is_part(request):
        return private(HttpResponse(status=401))
    return private(_to_sign_in(request))


def is_part(request: HttpRequest) -> bool:
    """A script asks for a part of its page. WHY told by a status then: it would follow a redirect to the e-ID, see nothing, and say nothing."""
    return request.method == "GET" and "HX-Request" in request.headers


def sign_in_again(address: str) -> str:
    """Where a person proves themselves anew and comes back. To be followed as a link: a form may not lead to the e-ID."""
    return f"/dang-nhap?moi=1&tiep={quote(address, safe='')}"


def _refused(request: HttpRequest, refused: Refusal, frame: Frame) -> HttpResponse:
    links: tuple[tuple[str, tuple[str, str]], ...] = (_START,)
    title = advice = None
    if refused.sentence in (ACC_OTHER_ROLE, ACC_NOT_ALLOWED):
        links = (_ROLES, _START)
    elif refused.sentence is ACC_NOT_FRESH:
        title, advice = _PROVE_ANEW
        links = ((sign_in_again(request.path), ("Đăng nhập lại", "Sign in again")), _START)
    elif refused.sentence is ACC_OTHER_CUSTODIAN:  # LAW: R-136
        title, advice = _KEPT_ELSEWHERE
    elif refused.sentence is ACC_NOT_REPRESENTED:
        title, advice = _NO_LONGER
        links = (_PEOPLE, _START)
    elif refused.sentence is ACC_FORM_OF_ANOTHER:
        links = (_PEOPLE, _START)
    retry_after_s = refused.retry_after_s if isinstance(refused, TooMany) else None
    return failure(
        request,
        refused.status,
        error=refused,
        title=title,
        advice=advice,
        links=links,
        retry_after_s=retry_after_s,
        frame=frame,
        is_notice=title is not None,
    )


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return see_other(f"/dang-nhap?tiep={quote(request.get_full_path(), safe='')}")
