"""Pages that only say something: help, the two statements, what is shown without a network, and the parts all pages are built of."""

from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.portal.page import frame_of
from bhxh.kernel.who import ANYBODY
from bhxh.web.examples import COLOURS, all_examples
from bhxh.web.languages import in_words
from bhxh.web.pages import Frame, page


@lets_in(ANYBODY)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Which standard these pages keep, and what was not tried."""
    return page(request, "portal/accessibility.html", {}, title=in_words(("Tiếp cận", "Accessibility")), frame=frame_of(request))


@lets_in(ANYBODY)
def privacy(request: HttpRequest) -> HttpResponse:
    """What lies on somebody's device, and who sees what."""
    return page(request, "portal/privacy.html", {}, title=in_words(("Quyền riêng tư", "Privacy")), frame=frame_of(request))


@lets_in(ANYBODY)
def help_page(request: HttpRequest) -> HttpResponse:
    """What is asked most often, in people's words."""
    return page(request, "portal/help.html", {}, title=in_words(("Trợ giúp", "Help")), frame=frame_of(request))


@lets_in(ANYBODY)
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker. WHY without the session's frame: it is shown to whoever holds the device."""
    return page(request, "portal/offline.html", {}, title=in_words(("Không có mạng", "No network")), frame=Frame())


@lets_in(ANYBODY)
def components(request: HttpRequest) -> HttpResponse:
    """Every part, live, in the language that is spoken. Open to all: it names nobody, and is the manual of whoever builds a page."""
    title = in_words(("Hệ thống giao diện", "Design system"))
    return page(request, "portal/components.html", {"examples": all_examples(), "colours": COLOURS}, title=title, frame=frame_of(request))
