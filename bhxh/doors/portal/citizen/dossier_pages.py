"""A person's dossiers: drafts that wait to be continued, everything that was filed, and where one of them stands."""

from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

from bhxh.audit.commands import record_look, record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.draft_view import shown_draft
from bhxh.doors.filed_answers import filed_rows
from bhxh.doors.own_dossiers import find_own
from bhxh.doors.portal.citizen.dossier_view import IN_WORK, acts_of, done_words, letters_of, papers_of, steps_of, summary_of, waits_for
from bhxh.doors.portal.citizen.own import DOSSIERS, own, own_frame, titled, uuid_of
from bhxh.doors.portal.competent_office import competent_office
from bhxh.doors.portal.filing.opened import draft_address
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import signed_in_page
from bhxh.dossiers import catalogue
from bhxh.dossiers.answering import list_answers
from bhxh.dossiers.errors import DOS_NO_DOSSIER
from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.queries import list_answers as list_evidence
from bhxh.dossiers.queries import list_dossiers, list_history
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import BhxhError
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.notices.letters import KINDS_TO_FILER
from bhxh.notices.queries import list_messages
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items
from bhxh.web.languages import in_words
from bhxh.web.pages import page

_log = structlog.get_logger()
_PAGE = 20
_TITLE, _THING = ("Hồ sơ của tôi", "My dossiers"), ("Hồ sơ", "Dossiers")
_DONE: Final = {
    "xoa": ("Bản nháp đã xóa. Tệp đã gửi vẫn ở trong kho giấy tờ.", "The draft is deleted. Files you sent are among your documents.")
}
"""What was done, by the word in the address."""


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def dossiers(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Drafts first; then everything the person filed, wherever they filed it, newest first."""
    actor, person_id = own(signed_in, "own_dossiers")
    record_looks(actor=actor, at=now(), person_ids=[person_id], what="dossiers")
    before = uuid_of(request.GET.get("truoc", ""))
    found = list_dossiers(person_id=person_id, before=before, limit=_PAGE + 1)
    drafts = list_answers(person_id) if before is None else ()
    context = {
        "drafts": [shown_draft(one, catalogue.get(one.procedure_slug), draft_address(one.draft_id)) for one in drafts],
        "dossiers": [summary_of(one) for one in found[:_PAGE]],
        "later": f"{DOSSIERS}?truoc={found[_PAGE - 1].dossier_id}" if len(found) > _PAGE else "",
        "is_first": before is None,
        "done": in_words(_DONE.get(request.GET.get("xong", ""), ("", ""))),
    }
    frame = own_frame(request, signed_in, DOSSIERS, person_id)
    return page(request, "citizen/dossiers.html", context, **titled(frame, _TITLE, _THING), frame=frame)


@signed_in_page("GET")
@lets_in(PERSON | REPRESENTATIVE)
def tracking(request: HttpRequest, signed_in: SignedIn, code: str) -> HttpResponse:
    """Where one dossier stands, what happens next and by when, what can be done, its papers and letters."""
    who = signed_in.standing("own_dossiers")
    found = find_own(who, code, absent=DOS_NO_DOSSIER)
    person_id = found.person_id or 0
    record_look(actor=who.actor, at=now(), person_id=person_id, what="dossier", dossier_id=found.dossier_id)
    shown = summary_of(found)
    pages = catalogue.get(found.procedure_slug).pages
    context = {
        "dossier": shown,
        "steps": steps_of(found, list_history(found.dossier_id)),
        "acts": acts_of(found),
        "waits_for": waits_for(list_evidence(found.dossier_id)) if found.state in IN_WORK else "",
        "office": competent_office(found.office, day_in_vietnam(now())),
        "done": done_words(request.GET.get("xong", "")),
        "filed": _filed(found),
        "papers": papers_of(found, list_items(Owner("person", person_id), dossier_id=found.dossier_id), pages),
        "letters": letters_of(list_messages(found.dossier_id, kinds=KINDS_TO_FILER)),
    }
    back = (DOSSIERS, in_words(_THING))
    return page(
        request, "citizen/tracking.html", context, title=shown.title, frame=own_frame(request, signed_in, DOSSIERS, person_id, back=back)
    )


def _filed(dossier: DossierView) -> tuple[tuple[str, str], ...]:
    try:
        return filed_rows(dossier.procedure_slug, dossier.canonical_sha256)
    except BhxhError as error:  # WHY: where it stands and what comes next are told also while the warehouse's files cannot be read
        _log.warning("portal.tracking.no_content", code=error.code)
        return ()
