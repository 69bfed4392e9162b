"""Signing in with the e-ID, choosing a role, signing out; and the addresses the e-ID itself calls."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import quote

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseNotAllowed

from bhxh.access.errors import (
    ACC_CODE_REFUSED,
    ACC_LEVEL_TOO_LOW,
    ACC_REQUEST_UNKNOWN,
    ACC_ROLE_NOT_OPEN,
    ACC_SESSION_OVER,
    ACC_SIGN_IN_DECLINED,
    ACC_WRONG_SENDER,
    NotSignedIn,
    TooMany,
)
from bhxh.access.queries import find_officer
from bhxh.access.roles import OfficerRole
from bhxh.access.session_commands import choose_role, end_session, end_sessions
from bhxh.access.session_flows import holder, sign_in, take_notice
from bhxh.access.sessions import ActingAs, Session, csrf_token, digest_of, new_secret
from bhxh.access.sign_in_requests import make_request, new_browser_name, place_of_ours, read_request
from bhxh.doors.admission import admit, lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.page import GOES_ON, Button, frame_of, private, show
from bhxh.doors.sessions import (
    SigningIn,
    address_of,
    browser_name,
    check_from_our_page,
    give_browser_name,
    give_session,
    has_several_roles,
    is_from_elsewhere,
    list_roles,
    open_session,
    session_secret,
    take_session,
)
from bhxh.doors.signed_in_page import first_place
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import NotAllowed, Refusal, Trouble
from bhxh.kernel.who import ANYBODY, SIGNED_IN
from bhxh.web.failures import failure, not_taken
from bhxh.web.languages import in_words
from bhxh.web.moments import told
from bhxh.web.pages import Frame, page
from bhxh.web.places import OPERATOR

_log = structlog.get_logger()
_View = Callable[[HttpRequest], HttpResponse]
_BEGIN, _ROLES, _OUT, _DONE = "/dang-nhap", "/dang-nhap/vai-tro", "/dang-xuat", "/dang-xuat/xong"
_START, _RETRY_AFTER_S = ("/", ("Trang đầu", "Start page")), 30
_REASON = re.compile(r"[a-z_]{1,40}")
_CODE = re.compile(r"[\x21-\x7e]{1,1000}")
_ROLE_ICONS = {ActingAs.SELF: "person", ActingAs.OFFICER: "officer", ActingAs.EMPLOYER: "building"}
_ROLE_WORDS = {
    ActingAs.SELF: ("Cho chính tôi", "For myself"),
    ActingAs.OFFICER: ("Cán bộ cơ quan bảo hiểm xã hội", "Officer of the social insurance office"),
    ActingAs.EMPLOYER: ("Thay mặt đơn vị", "For an organisation"),
}
_ROLE_NOTES = {
    ActingAs.SELF: ("Sổ, thẻ, hồ sơ của tôi", "My book, card and dossiers"),
    ActingAs.OFFICER: ("Cần khóa bảo mật", "Needs a security key"),
    ActingAs.EMPLOYER: ("Đơn vị của tài khoản này", "The organisation of this account"),
}


def _told(*methods: str) -> Callable[[_View], _View]:
    """A refusal or a trouble becomes a page that says what to do; never kept by a browser."""

    def told(view: _View) -> _View:
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            if request.method not in methods:
                return not_taken(request, methods)
            try:
                return private(view(request))
            except Trouble as trouble:
                _log.warning("portal.sign_in.trouble", code=trouble.code)
                return private(_down(request, trouble))
            except Refusal as refused:
                return private(_refused(request, refused))

        return answer

    return told


@_told("GET")
@lets_in(ANYBODY)
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the e-ID. `tiep`: where to go afterwards; `moi=1`: the person is to prove themselves anew."""
    side = _counted(request)
    if not side.provider.is_reachable():
        return _down(request, None)
    browser = browser_name(request, side) or new_browser_name()
    asked = make_request(
        secret=side.secret,
        browser=browser,
        return_to=request.GET.get("tiep", "/"),
        is_fresh_wanted=request.GET.get("moi") == "1",
        at=now(),
    )
    response = _see_other(side.provider.ask(asked))
    give_browser_name(response, browser, side)
    return response


@_told("GET")
@lets_in(ANYBODY, proof="the e-ID's code, and the browser that left for it")
def come_back(request: HttpRequest) -> HttpResponse:
    """Back from the e-ID, with a code or with its refusal."""
    side, at = _counted(request), now()
    given = {name: request.GET.getlist(name) for name in ("state", "code", "error", "iss")}
    if any(len(values) > 1 for values in given.values()):
        raise NotSignedIn(ACC_REQUEST_UNKNOWN)  # WHY: of two values each reader may take another one
    state, code, error, sender = (values[0] if values else None for values in given.values())
    asked = read_request(state or "", secret=side.secret, browser=browser_name(request, side), at=at)
    if error is not None:
        if sender is not None and sender != partners().eid_issuer:
            raise NotSignedIn(ACC_WRONG_SENDER)
        raise NotSignedIn(ACC_SIGN_IN_DECLINED, reason=error if _REASON.fullmatch(error) else "?")
    if not _CODE.fullmatch(code or ""):
        raise NotSignedIn(ACC_CODE_REFUSED)
    made = sign_in(
        provider=side.provider,
        request=asked,
        code=code or "",
        sender=sender,
        present=open_session(request, side, at=at),
        device=request.headers.get("User-Agent", ""),
        at=at,
        request_id=_request_id(request),
        rules=side.rules,
    )
    return_to = asked.return_to
    if not made.is_renewed and has_several_roles(made.claims, at=at):
        return_to = f"{_ROLES}?tiep={quote(return_to, safe='')}"
    elif return_to == "/":  # who meant nothing else begins where their role does, not at the page they just left
        return_to = GOES_ON
    response = _see_other(return_to)
    give_session(response, made.secret, side)
    return response


@_told("GET", "POST")
@lets_in(SIGNED_IN)
def roles(request: HttpRequest) -> HttpResponse:
    """Choose one of several roles, now or later."""
    side, at = _counted(request), now()
    session = open_session(request, side, at=at)
    if session is None:
        return _see_other(f"{_BEGIN}?tiep={_ROLES}")
    open_roles = list_roles(session.claims, at=at)
    if request.method == "POST":
        check_from_our_page(request, side, given=request.POST.get("csrf", ""))
        wanted = request.POST.get("vai-tro", "")
        chosen = next((role for role in open_roles if role.name_in_forms == wanted), None)
        if chosen is None:
            raise NotAllowed(ACC_ROLE_NOT_OPEN)
        secret = new_secret()
        actor = admit(holder(session.claims, request_id=_request_id(request)))
        choose_role(
            actor=actor,
            at=at,
            session_id=session.session_id,
            secret_sha256=digest_of(secret),
            acting_as=chosen.acting_as,
            employer_id=chosen.employer_id,
        )
        next_place = place_of_ours(request.POST.get("tiep", "/"))
        response = _see_other(_first_place(session, chosen.acting_as, at) if next_place == "/" else next_place)
        give_session(response, secret, side)
        return response
    context = {
        "csrf": csrf_token(session_secret(request, side)),
        "next": request.GET.get("tiep", "/"),
        "roles": [
            {
                "name": role.name_in_forms,
                "icon": _ROLE_ICONS[role.acting_as],
                "words": in_words(_ROLE_WORDS[role.acting_as]),
                "note": in_words(_ROLE_NOTES[role.acting_as]),
                "of": role.name,
                "is_here": (role.acting_as, role.employer_id) == (session.acting_as, session.employer_id),
            }
            for role in open_roles
        ],
    }
    title = in_words(("Bạn làm việc với vai trò nào?", "In which role will you continue?"))
    return page(request, "portal/roles.html", context, title=title, frame=Frame(is_known=True))


@_told("GET")
@lets_in(SIGNED_IN)
def go_on(request: HttpRequest) -> HttpResponse:
    """From a page for everybody back to one's own, in the role and for the person that were chosen: nothing is changed."""
    side, at = _counted(request), now()
    session = open_session(request, side, at=at)
    return _see_other(_BEGIN if session is None else _first_place(session, session.acting_as, at))


@_told("GET", "POST")
@lets_in(SIGNED_IN)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out here, then at the e-ID; `khap-noi=1`: in every browser."""
    side, at = _counted(request), now()
    session = open_session(request, side, at=at)
    if session is None and is_from_elsewhere(request):
        # WHY nothing is taken: with what another site sends no cookie of ours comes along, and the session may be open all the same.
        return _see_other(_OUT if request.method == "POST" else _DONE)
    if session is None:
        response: HttpResponse = _see_other(_DONE)
        take_session(response, side)
        return response
    if request.method == "POST":
        check_from_our_page(request, side, given=request.POST.get("csrf", ""))
        actor = admit(holder(session.claims, request_id=_request_id(request)))
        if request.POST.get("khap-noi") == "1":
            end_sessions(actor=actor, at=at, issuer=session.claims.issuer, subject=session.claims.sub)
        else:
            end_session(actor=actor, at=at, session_id=session.session_id, account=session.claims.account)
        response = _see_other(side.provider.end() or _DONE)
        take_session(response, side)
        return response
    fields = {"csrf": csrf_token(session_secret(request, side))}
    return show(
        request,
        title=("Đăng xuất", "Sign out"),
        rows=[("Đăng nhập lúc", "Signed in at", told(session.begun_at))],
        note=(
            "Đăng xuất cả tại hệ thống định danh, để người dùng máy sau bạn không vào lại được.",
            "You are signed out at the e-ID system too, so that nobody who uses this machine after you gets in again.",
        ),
        buttons=(
            Button(action=_OUT, vi="Đăng xuất", en="Sign out", fields=fields),
            Button(action=_OUT, vi="Đăng xuất mọi thiết bị", en="Sign out everywhere", fields={**fields, "khap-noi": "1"}, is_second=True),
        ),
        form_origins=side.provider.origins(),
    )


@_told("GET")
@lets_in(ANYBODY)
def signed_out(request: HttpRequest) -> HttpResponse:
    """Where the e-ID sends the browser after signing out there."""
    return show(
        request,
        title=("Bạn đã đăng xuất", "You are signed out"),
        note=(
            "Trên máy dùng chung, hãy đóng trình duyệt.",
            "On a shared machine, close the browser.",
        ),
        links=((_BEGIN, "Đăng nhập lại", "Sign in again"), ("/", "Trang đầu", "Start page")),
    )


@lets_in(ANYBODY, proof="the e-ID's logout token")
def notice(request: HttpRequest) -> HttpResponse:
    """Back-channel logout: the e-ID says that somebody signed out there."""
    if request.method != "POST":
        return HttpResponseNotAllowed(("POST",))
    try:
        take_notice(
            request.POST.get("logout_token", ""), provider=partners().signing_in.provider, at=now(), request_id=_request_id(request)
        )
    except Trouble as trouble:
        _log.warning("portal.sign_out.trouble", code=trouble.code)
        return private(JsonResponse({"error": "temporarily_unavailable", "error_description": trouble.code}, status=503))
    except Refusal as refused:
        _log.warning("portal.sign_out.refused", code=refused.code)
        return private(JsonResponse({"error": "invalid_request", "error_description": refused.code}, status=400))
    return private(HttpResponse(status=200))


@lets_in(ANYBODY)
def client_keys(request: HttpRequest) -> HttpResponse:
    """The public half of the key by which we prove ourselves to the e-ID; nothing else is sealed with it."""
    return HttpResponse(partners().signing_in.client_keys(), content_type="application/jwk-set+json")


def _first_place(session: Session, acting_as: ActingAs, at: datetime) -> str:
    """Where somebody begins. WHY officers are looked up: an operator may not see the queue that others begin with."""
    found = find_officer(account=session.claims.account, on=day_in_vietnam(at)) if acting_as is ActingAs.OFFICER else None
    if found is not None and found.roles == {OfficerRole.OPERATOR}:
        return OPERATOR[0].path
    return first_place(acting_as)


def _counted(request: HttpRequest) -> SigningIn:
    side = partners().signing_in
    side.limits.check_sign_in(address_of(request, side))
    return side


def _request_id(request: HttpRequest) -> str:
    return str(request.META["BHXH_REQUEST_ID"])


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _refused(request: HttpRequest, refused: Refusal) -> HttpResponse:
    is_over, is_too_low = refused.sentence is ACC_SESSION_OVER, refused.sentence is ACC_LEVEL_TOO_LOW
    # WHY anew: the e-ID still remembers the account that is too low, and would send it back without a word.
    again = (f"{_BEGIN}?moi=1", ("Đăng nhập bằng tài khoản mức 2", "Sign in with a level 2 account"))
    return failure(
        request,
        refused.status,
        error=refused,
        title=("Chưa đăng nhập được", "Not signed in")
        if is_too_low or isinstance(refused, NotSignedIn)
        else ("Chưa thực hiện được", "Not done"),
        advice=("", "") if is_over else ("Không có gì được lưu hay thay đổi.", "Nothing was saved or changed."),
        links=(again if is_too_low else (_BEGIN, ("Đăng nhập", "Sign in")), _START),
        retry_after_s=refused.retry_after_s if isinstance(refused, TooMany) else None,
        frame=frame_of(request),
    )


def _down(request: HttpRequest, trouble: Trouble | None) -> HttpResponse:
    """WHY both: who is signed in must not be frightened into signing out, and who is not must know that it is not their fault."""
    return failure(
        request,
        503,
        code=trouble.code if trouble else "",
        title=("Hệ thống định danh đang gián đoạn", "The e-ID system does not answer"),
        said=("Lúc này chưa thể đăng nhập mới.", "Nobody can sign in just now."),
        advice=(
            "Ai đang đăng nhập vẫn làm việc bình thường; đừng đăng xuất. Thử lại sau ít phút.",
            "Whoever is signed in works on as usual; do not sign out. Try again in a few minutes.",
        ),
        links=((_BEGIN, ("Thử lại", "Try again")), _START),
        retry_after_s=_RETRY_AFTER_S,
        frame=frame_of(request),
    )
