"""What somebody had typed when the session was over: it comes back on a page of ours, and goes on by their own press.

Nothing is stored here or in the browser: the answer to the request carries what the request brought, and no more of it than a form may hold.

WHY only from our own page: whatever is carried waits for a press of a button of ours. What another site had sent must never wait there.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from bhxh.access.sessions import csrf_token
from bhxh.doors.partners import partners
from bhxh.doors.sessions import session_secret
from bhxh.kernel.errors import Refusal
from bhxh.web.headers import private
from bhxh.web.languages import FIELD, in_words, spoken
from bhxh.web.pages import Frame, page

PROTECTION, ONCE = "csrf", "lan"
"""Fields of every form: that it comes from our page; under which key its act is done once, however often it is sent."""
AFTER_SIGN_IN: Final = "/dang-nhap/xong"
_MOST_CHARACTERS, _MOST_FIELDS = 400_000, 900  # LIMIT: a form of ours holds some thousands; Django itself takes 1,000 fields
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Entries:
    """What a form brought, in its order."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    """Names of files: a page cannot put them into a form."""


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent it. Where it says nothing: no."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    ours = f"{'https' if partners().signing_in.is_https else 'http'}://{request.get_host()}"
    for header in ("Origin", "Referer"):
        if (given := request.headers.get(header)) is not None:
            parts = urlsplit(given)
            return f"{parts.scheme}://{parts.netloc}" == ours
    return False


def find_entries(request: HttpRequest) -> Entries | None:
    """What there is to carry: None where nothing may be, or where it is more than a page holds."""
    if request.method != "POST" or not request.headers.get("Content-Type", "").startswith(_FORMS) or not is_from_our_page(request):
        return None
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values if name != PROTECTION]
        files = [file.name or "" for _, several in request.FILES.lists() for file in several]
    except (RequestDataTooBig, SuspiciousOperation, MultiPartParserError):
        return None
    if len(fields) > _MOST_FIELDS or sum(len(name) + len(value) for name, value in fields) > _MOST_CHARACTERS:
        return None
    return Entries(tuple(fields), tuple(files)) if fields or files else None


def keep_entries(
    request: HttpRequest, entries: Entries, *, frame: Frame, is_signed_in: bool, refused: Refusal | None = None
) -> HttpResponse:
    """The page that carries them. Signed in again: one press sends them on; not yet: it says how, and a press asks anew.

    `refused`: somebody is signed in, in a role that may not do this; they change it in a new tab and come back.
    """
    is_other_role = refused is not None
    title = in_words(
        ("Phiên đã hết, những gì bạn nhập vẫn còn ở đây", "Your session ended, what you entered is still here")
        if not is_other_role
        else ("Vai trò khác, những gì bạn nhập vẫn còn ở đây", "Another role, what you entered is still here")
    )
    is_ready = is_signed_in and not is_other_role
    context = {
        "action": _address(request),
        "fields": entries.fields,
        "files": entries.files,
        "token": csrf_token(session_secret(request, partners().signing_in)) if is_signed_in else "",
        "is_ready": is_ready,
        "is_other_role": is_other_role,
        "refused": refused.text(spoken()) if refused else "",
        "sign_in": f"/dang-nhap/vai-tro?tiep={AFTER_SIGN_IN}" if is_other_role else f"/dang-nhap?tiep={quote(AFTER_SIGN_IN, safe='')}",
    }
    is_swapped = "HX-Request" in request.headers
    # WHY 422 for a part of a page: that is what the script on the page takes in; other refusals leave the page as it was.
    status = 422 if is_swapped else 403 if is_other_role else 401
    response = page(request, "web/kept_entries.html", context, title=title, frame=frame, status=status, has_form=True)
    if is_swapped:
        for name, value in (("HX-Retarget", "main"), ("HX-Reselect", "main"), ("HX-Reswap", "outerHTML"), ("HX-Push-Url", "false")):
            response[name] = value
    return private(response)


def _address(request: HttpRequest) -> str:
    """Where it was going. WHY without the language: with it the page there would only be shown again and nothing be done."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values if name != FIELD]
    return f"{request.path}?{urlencode(asked)}" if asked else request.path
