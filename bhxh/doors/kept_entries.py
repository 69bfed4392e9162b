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

from bhxh.access.errors import ACC_NOT_ALLOWED, ACC_NOT_FRESH, ACC_OTHER_ROLE
from bhxh.access.representation_errors import ACC_FORM_OF_ANOTHER
from bhxh.access.sessions import csrf_token
from bhxh.doors.partners import partners
from bhxh.doors.sessions import session_secret
from bhxh.kernel.errors import Refusal
from bhxh.web.encodings import FORMS
from bhxh.web.headers import private
from bhxh.web.languages import FIELD, in_words, path_of, spoken
from bhxh.web.pages import Frame, page

PROTECTION, ONCE = "csrf", "lan"
"""Fields of every form: that it comes from our page; under which key its act is done once, however often it is sent."""
AFTER_SIGN_IN: Final = "/dang-nhap/xong"
_MOST_CHARACTERS, _MOST_FIELDS = 400_000, 900  # LIMIT: a form of ours holds some thousands; Django itself takes 1,000 fields
_BACK = f"tiep={quote(AFTER_SIGN_IN, safe='')}"
_ASKED: Final = {
    "": (
        ("Phiên đã hết, những gì bạn nhập vẫn còn ở đây", "Your session ended, what you entered is still here"),
        f"/dang-nhap?{_BACK}",
        ("Đăng nhập trong thẻ mới", "Sign in in a new tab"),
    ),
    ACC_NOT_FRESH.code: (
        ("Cần đăng nhập lại, những gì bạn nhập vẫn còn ở đây", "Sign in again, what you entered is still here"),
        f"/dang-nhap?moi=1&{_BACK}",
        ("Đăng nhập lại trong thẻ mới", "Sign in again in a new tab"),
    ),
    ACC_FORM_OF_ANOTHER.code: (
        ("Bạn đã đổi người làm thay, những gì bạn nhập vẫn còn ở đây", "You act for somebody else now, what you entered is still here"),
        "/dai-dien",
        ("Chọn lại người làm thay trong thẻ mới", "Choose again in a new tab for whom you act"),
    ),
    "role": (
        ("Vai trò khác, những gì bạn nhập vẫn còn ở đây", "Another role, what you entered is still here"),
        f"/dang-nhap/vai-tro?{_BACK}",
        ("Đổi vai trò trong thẻ mới", "Change the role in a new tab"),
    ),
}
"""What has to be done first -> (title, where, words of the link). It is done in a new tab: this one keeps what was typed."""


MENDED: Final = frozenset({ACC_NOT_FRESH, ACC_NOT_ALLOWED, ACC_OTHER_ROLE, ACC_FORM_OF_ANOTHER})
"""Refusals that a person mends by signing in anew, in another role, or by going on for somebody else."""


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
    if request.method != "POST" or not request.headers.get("Content-Type", "").startswith(FORMS) or not is_from_our_page(request):
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

    `refused`: somebody is signed in, and something has to be done first (`MENDED`).
    """
    title, sign_in, words = _ASKED[refused.sentence.code if refused and refused.sentence.code in _ASKED else "role" if refused else ""]
    context = {
        "action": _address(request),
        "fields": entries.fields,
        "files": entries.files,
        "token": csrf_token(session_secret(request, partners().signing_in)) if is_signed_in else "",
        "is_ready": is_signed_in and refused is None,
        "is_other_role": refused is not None and refused.sentence is not ACC_NOT_FRESH,
        "refused": refused.text(spoken()) if refused else "",
        "sign_in": sign_in,
        "words": in_words(words),
    }
    is_swapped = "HX-Request" in request.headers
    # WHY 422 for a part of a page: that is what the script on the page takes in; other refusals leave the page as it was.
    status = 422 if is_swapped else refused.status if refused else 401
    response = page(request, "web/kept_entries.html", context, title=in_words(title), frame=frame, status=status, has_form=True)
    if is_swapped:
        for name, value in (("HX-Retarget", "main"), ("HX-Reselect", "main"), ("HX-Reswap", "outerHTML"), ("HX-Push-Url", "false")):
            response[name] = value
    return private(response)


def _address(request: HttpRequest) -> str:
    """Where it was going. WHY without the language: with it the page there would only be shown again and nothing be done."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values if name != FIELD]
    return f"{path_of(request)}?{urlencode(asked)}" if asked else path_of(request)
