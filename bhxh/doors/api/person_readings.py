"""Officers read a person: for a dossier or a stated purpose, the groups asked for, and the person sees it. What supervisors watch."""

from django.http import HttpRequest
from ninja import Router

from bhxh.access.permissions import check_supervise
from bhxh.access.reading_purposes import READING_PURPOSES, ReadingPurpose
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.doors.admission import lets_in
from bhxh.doors.api.officer_shapes import PersonOut, PersonReadingIn, PurposeOut
from bhxh.doors.api.shapes import DossierOut
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.person_readings import READERS, read_person
from bhxh.dossiers.queries import list_overdue
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import officer

router = Router(tags=["office"])


@router.get("/reading-purposes", response=list[PurposeOut], summary="For what an officer may read a person, and which role for what")
@lets_in(officer())
def purposes(request: HttpRequest) -> list[PurposeOut]:
    """A closed list; `dossier` needs the number of a dossier that concerns the person, every other one words."""
    _officer(request)
    return [
        PurposeOut(purpose=purpose.value, vi=facts.vi, en=facts.en, roles=sorted(facts.roles))
        for purpose, facts in READING_PURPOSES.items()
    ]


@router.post("/persons/readings", response=PersonOut, exclude_none=True, summary="Read a person: no dossier number or purpose, no read")
@lets_in(READERS)
def read(request: HttpRequest, body: PersonReadingIn) -> PersonOut:
    """A POST, so that no number stands in an address. The person sees who, when, what, why and the words."""
    actor, facts = _officer(request)
    found = read_person(
        actor=actor,
        at=now(),
        officer=facts,
        number=body.number,
        groups=body.groups,
        dossier_code=body.dossier,
        purpose=body.purpose,
        words=body.words,
    )
    return PersonOut.of(found, body.groups)


@router.get("/overdue", response=list[DossierOut], summary="Dossiers past their day, the oldest first")
@lets_in(officer(OfficerRole.SUPERVISOR))
def overdue(request: HttpRequest) -> list[DossierOut]:
    """Codes, states and counts; nobody's data."""
    actor, facts = _officer(request)
    check_supervise(actor, officer=facts)
    return [DossierOut.of(view) for view in list_overdue(day_in_vietnam(now()))]


def _officer(request: HttpRequest) -> tuple[Actor, OfficerFacts]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in.officer(ReadingPurpose.DOSSIER.value)
