"""The catalogue of procedures: found by what happened to somebody, or by their own words; and what each one is, before it is begun."""

from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.portal.filing.catalogue_view import entries_of, events_of, sheet_of
from bhxh.doors.portal.page import frame_of
from bhxh.dossiers import catalogue
from bhxh.dossiers.errors import DOS_NO_PROCEDURE
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import ANYBODY
from bhxh.web.failures import failure
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_MOST_WORDS = 100
_ALL = ("/thu-tuc", ("Các thủ tục", "Procedures"))


@lets_in(ANYBODY)
def procedures(request: HttpRequest) -> HttpResponse:
    """By life event (`viec`), by words (`tim`), or all of them."""
    words, event = request.GET.get("tim", "").strip()[:_MOST_WORDS], request.GET.get("viec", "")
    known = catalogue.list_procedures()
    context = {
        "entries": entries_of(known, words=words, event=event),
        "events": events_of(known, event),
        "words": words,
        "is_narrowed": bool(words or event),
        "most": _MOST_WORDS,
    }
    title = in_words(("Bạn cần làm thủ tục gì?", "What do you need to do?"))
    return page(request, "filing/procedures.html", context, title=title, frame=frame_of(request))


@lets_in(ANYBODY)
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, who may do it, what need not be brought, how long it takes, by which law; and where it begins."""
    found = next((one for one in catalogue.list_procedures() if one.slug == slug and one.guide is not None), None)
    if found is None:
        return failure(request, 404, error=NotFound(DOS_NO_PROCEDURE, slug=slug[:80]), links=(_ALL,), frame=frame_of(request))
    title = in_words((found.title_vi, found.title_en))
    back = (_ALL[0], in_words(_ALL[1]))
    return page(request, "filing/procedure.html", {"sheet": sheet_of(found)}, title=title, frame=frame_of(request, back=back))
