"""Pages of somebody who signed in for themselves: who they are, what is said where they may not, the bar of places."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Final
from urllib.parse import quote

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bhxh.access.errors import ACC_OTHER_ROLE, NotSignedIn, TooMany
from bhxh.doors.portal.page import is_known, private
from bhxh.doors.signed_in import session_sign_in
from bhxh.kernel.errors import Refusal, Trouble
from bhxh.web.failures import failure, not_taken
from bhxh.web.pages import Frame
from bhxh.web.places import CITIZEN

_log = structlog.get_logger()
_FRAME: Final = Frame(places=CITIZEN, is_known=True)
_METHODS: Final = ("GET", "HEAD")
_START = ("/", ("Trang đầu", "Start page"))
_ROLES = ("/dang-nhap/vai-tro", ("Đổi vai trò", "Change the role"))


def own_frame(here: str, *, back: tuple[str, str] | None = None) -> Frame:
    """The frame of a person's own page, which belongs to the place `here`."""
    return replace(_FRAME, here=here, back=back)


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that asks for a sign-in: `view(request, signed_in, ...)`. Who is not signed in goes there first and comes back.

    Stands above `lets_in`. Nothing that is answered is kept by a browser.
    """

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method not in _METHODS:
            return not_taken(request, _METHODS)
        if not is_known(request):
            return private(_to_sign_in(request))
        try:
            return private(view(request, session_sign_in(request), **named))
        except NotSignedIn:
            return private(_to_sign_in(request))
        except Trouble as trouble:
            _log.warning("portal.own.trouble", code=trouble.code)
            return failure(request, trouble.status, error=trouble, frame=_FRAME)
        except Refusal as refused:
            is_role = refused.sentence is ACC_OTHER_ROLE
            retry_after_s = refused.retry_after_s if isinstance(refused, TooMany) else None
            links = (_ROLES, _START) if is_role else (_START,)
            return failure(request, refused.status, error=refused, links=links, retry_after_s=retry_after_s, frame=Frame(is_known=True))

    return answer


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(f"/dang-nhap?tiep={quote(request.get_full_path(), safe='')}")
    response.status_code = 303
    return response
