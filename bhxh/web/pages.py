"""A page: a template inside the frame that stands around all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bhxh.web.assets import all_assets
from bhxh.web.headers import guard
from bhxh.web.languages import LANGUAGES, address_in, spoken
from bhxh.web.places import Place

PRELOADED = (
    "digits.woff2",
    *(f"be-vietnam-pro-{part}.woff2" for part in ("latin-400", "vietnamese-400", "latin-700", "vietnamese-700")),
)
"""WHY: fonts are taken only when they are there in time (`font-display: optional`). A first visit would not have them; and one that is asked for only
when it is met comes within the tenth of a second in which a browser still swaps it, and moves the page on a busy machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a page's own content."""

    places: Sequence[Place] = ()
    here: str = ""
    """Path of the place this page belongs to."""
    counts: Mapping[str, int] | None = None
    """Path of a place -> how many new things wait there."""
    is_known: bool = False
    """Whether the browser carries a session: it is offered the way out instead of the way in."""
    name: str = ""
    """Who is signed in, and in which role."""
    works_for: str = ""
    """The organisation or office whose work is done here; empty for whoever is here for themselves."""
    role: str = ""
    acting_for: str = ""
    """Reference of the child or ward for whom somebody goes on; empty for whoever is here for themselves."""
    acts_for: str = ""
    """Their name, where the page knows it."""
    back: tuple[str, str] | None = None
    """(address, words)."""
    goes_on: str = ""
    """On pages for everybody: where somebody who is signed in goes on with what they do; empty for whoever is not."""
    is_wide: bool = False
    """For screens of staff."""
    is_bare: bool = False
    """Nothing around it: what is shown to somebody else fills the screen."""
    is_staff: bool = False
    """Whether parts of the page are swapped (htmx)."""
    csrf: str = ""
    """What the forms of somebody signed in carry to prove that they come from our page."""
    once: str = ""
    """Under which key what a form of this page asks for is done once."""
    whose: str = ""
    """Marks of the account and the role that its forms are shown to."""
    open_until: str = ""
    """Until what time of the day the session is open if nothing more is asked of it."""
    open_s: int = 0
    """The same in seconds from now: clocks of telephones are not to be relied on."""


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    tab: str = "",
    frame: Frame | None = None,
    status: int = 200,
    form_origins: Sequence[str] = (),
    with_camera: bool = False,
    has_errors: bool = False,
    has_form: bool = False,
) -> HttpResponse:
    """A whole page in the language that is spoken.

    `tab`: what the browser's tab and history say instead of the title: they stay on a shared telephone, and are to name nobody.
    `has_form`: the page's form has the id `form`; the language switch then sends it, and what was typed comes back.
    """
    around = frame or Frame()
    given = {
        **context,
        "title": title,
        "tab": tab or title,
        "frame": around,
        "has_errors": has_errors,
        "has_form": has_form,
        "language": spoken(),
        "languages": [(code, name, address_in(request, code)) for code, name in LANGUAGES.items()],
        "preloaded": [all_assets()[name].address for name in PRELOADED],
    }
    response = HttpResponse(render_to_string(template, given), status=status)
    return guard(response, form_origins=form_origins, with_camera=with_camera)
