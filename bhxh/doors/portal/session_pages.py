"""How long somebody's session is still open, and where a sign-in in a second tab ends: nothing typed in the first one is lost."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.partners import partners
from bhxh.doors.portal.page import private, show
from bhxh.doors.sessions import open_session
from bhxh.doors.signed_in_page import open_seconds
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.who import ANYBODY
from bhxh.web.failures import not_taken


@lets_in(ANYBODY)
def still_here(request: HttpRequest) -> HttpResponse:
    """Somebody who reads or types longer than a session waits: being asked is what keeps it open. Nobody signed in: no time is left."""
    if request.method != "GET":
        return not_taken(request, ("GET",))
    session = open_session(request, partners().signing_in, at=now())
    if session is None:
        return private(JsonResponse({"open_s": 0, "open_until": ""}))
    open_s = open_seconds(session)
    until = (now() + timedelta(seconds=open_s)).astimezone(VIETNAM).strftime("%H:%M")
    return private(JsonResponse({"open_s": open_s, "open_until": until}))


@lets_in(ANYBODY)
def signed_in_here(request: HttpRequest) -> HttpResponse:
    """The end of a sign-in that was begun beside an unfinished form."""
    response = show(
        request,
        title=("Bạn đã đăng nhập", "You are signed in"),
        note=(
            "Đóng thẻ này, quay lại thẻ trước và bấm nút ở đó. Những gì bạn nhập vẫn còn.",
            "Close this tab, go back to the one before and press its button. What you entered is still there.",
        ),
    )
    return private(response)
