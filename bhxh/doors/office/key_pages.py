"""The officer's security key: shown once in each session, registered with the operator's code, ended when it is lost.

WHY a script here and nowhere else: only a browser's own interface can ask a key (WebAuthn). What it sends goes to the API's routes for keys.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from bhxh.access.officer_key_commands import EndOfKey, end_officer_key
from bhxh.access.officer_key_queries import KeySummary, find_second_factor, list_officer_keys
from bhxh.access.sign_in_requests import place_of_ours
from bhxh.doors.admission import lets_in
from bhxh.doors.office.officer_page import KEY_PAGE, officers_frame
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.kernel.clock import now
from bhxh.kernel.who import officer
from bhxh.web.languages import in_words, is_switch
from bhxh.web.moments import told
from bhxh.web.pages import page

_ENDED = {
    EndOfKey.LOST.value: ("đã báo mất", "reported lost"),
    EndOfKey.REPLACED.value: ("đã thay", "replaced"),
    EndOfKey.COPIED.value: ("bị khóa vì có dấu hiệu sao chép", "blocked: it shows signs of a copy"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    """One of the officer's own keys."""

    key_id: str
    name: str
    registered_at: str
    used_at: str
    ended: str
    """How it ended; empty while it opens something."""


@signed_in_page("GET", "POST")
@lets_in(officer())
def key(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Show the key, register one, end one. `tiep`: where to go once it was shown."""
    actor, facts = signed_in.officer_without_key("second_factor")
    frame = officers_frame(request, signed_in, KEY_PAGE, facts)
    afterwards = next((place.path for place in frame.places), "/")
    at, following = now(), place_of_ours(request.GET.get("tiep", afterwards))
    if request.method == "POST" and "khoa" in request.POST and not is_switch(request):
        end_officer_key(
            actor=actor,
            at=at,
            login=facts.login,
            key_id=request.POST.get("khoa", "")[:1400],
            because=_because(request.POST.get("ly-do", "")),
        )
        return see_other(f"{KEY_PAGE}?xong=bo")
    until_at = find_second_factor(session=signed_in.reference, login=facts.login, at=at)
    keys = [_shown(one) for one in list_officer_keys(facts.login)]
    done = request.GET.get("xong", "")
    context = {
        "until": told(until_at) if until_at else "",
        "keys": [one for one in keys if not one.ended],
        "ended": [one for one in keys if one.ended],
        "next": following,
        "is_registered": done == "moi",
        "is_ended": done == "bo",
        "here": KEY_PAGE,
        "typed": {name: request.POST.get(name, "")[:60] for name in ("ma", "ten")},
    }
    title = in_words(("Khóa bảo mật", "Security key"))
    return page(request, "office/key.html", context, title=title, frame=frame, has_form=True)


def _because(given: str) -> EndOfKey:
    return EndOfKey.REPLACED if given == EndOfKey.REPLACED.value else EndOfKey.LOST


def _shown(key: KeySummary) -> KeyShown:
    return KeyShown(
        key_id=key.key_id,
        name=key.name,
        registered_at=told(key.registered_at),
        used_at=told(key.used_at) if key.used_at else "",
        ended=in_words(_ENDED.get(key.ended_because, ("đã bỏ", "ended"))) if key.ended_at else "",
    )
