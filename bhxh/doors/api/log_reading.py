"""The log for those whose office it is: the auditor reads entries, looks and proofs; the data-protection officer counts and warns.

Whatever concerns persons is itself a look at them. Statistics name nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Path, Query, Router

from bhxh.access.data_protection_commands import draw_breach_list
from bhxh.access.permissions import check_audit, check_protect_data, check_read_looks_of
from bhxh.access.reading_purposes import ReadingPurpose, read_purpose
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.audit.commands import record_looks
from bhxh.audit.log_queries import Span, count_looks, list_affected, list_logged_entries, list_logged_looks
from bhxh.audit.proofs import prove_entry, prove_in_time, prove_look
from bhxh.audit.queries import list_looks
from bhxh.doors import log_proofs
from bhxh.doors.admission import lets_in
from bhxh.doors.api.officer_shapes import (
    AffectedOut,
    BreachIn,
    LogEntryOut,
    LoggedLookOut,
    LookCountOut,
    LooksOfPersonIn,
    ProofOut,
)
from bhxh.doors.api.shapes import Instant, produces
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.queries import get_dossier
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.who import officer
from bhxh.registry.queries import get_person_by_number, list_persons

router = Router(tags=["log"])
_AUDITOR, _PROTECTOR = officer(OfficerRole.AUDITOR), officer(OfficerRole.DATA_PROTECTION)
_USUAL_SPAN = timedelta(days=1)
_OLDEST = datetime(2020, 1, 1, tzinfo=UTC)
From = Annotated[Instant | None, Query(description="inclusive, with an offset from UTC; a day before the end where not given")]
Until = Annotated[Instant | None, Query(description="exclusive, at most 92 days later; now where not given")]
Account = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$", description="officer:..., machine:..., eid:..., system:...")]
Slug = Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9_.]*$")]


@router.get("/entries", response=list[LogEntryOut], summary="Changes in a span of time, in the order they were written")
@lets_in(_AUDITOR)
def entries(
    request: HttpRequest,
    from_at: From = None,
    until_at: Until = None,
    account: Account = "",
    verb: Slug = "",
    dossier: Annotated[str, Query(max_length=60, pattern=r"^[^\x00]*$")] = "",
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> list[LogEntryOut]:
    """A page of 200. Whoever a row concerns is told that the log about them was read."""
    actor = _auditor(request)
    of_dossier = get_dossier(dossier).dossier_id if dossier else None
    page = list_logged_entries(_span(from_at, until_at), account=account, verb=verb, dossier_id=of_dossier, after=after)
    _look(actor, (entry.person_id for entry in page))
    return [LogEntryOut.of(entry) for entry in page]


@router.get("/entries/{entry_id}/proof", response=ProofOut, summary="That an entry is in the log under a sealed root")
@lets_in(_AUDITOR)
def entry_proof(request: HttpRequest, entry_id: Annotated[int, Path(ge=1, le=2**62)]) -> ProofOut:
    """Digests only; an outsider checks them by RFC 9162 and our published key."""
    _auditor(request)
    return ProofOut.of(prove_entry(entry_id))


@router.get(
    "/entries/{entry_id}/proof-file",
    summary="The same for outsiders, with a time stamp: what tools/verify_log.py checks",
    openapi_extra=produces("application/json", {"type": "object"}),
)
@lets_in(_AUDITOR)
def entry_proof_file(request: HttpRequest, entry_id: Annotated[int, Path(ge=1, le=2**62)]) -> HttpResponse:
    """The row's columns only where they name nobody; else digests."""
    _auditor(request)
    return HttpResponse(log_proofs.compose(prove_in_time(entry_id), keys=partners().keys.key_set()), content_type="application/json")


@router.get("/looks", response=list[LoggedLookOut], summary="Who looked at whomever, in a span of time")
@lets_in(_AUDITOR)
def looks(
    request: HttpRequest,
    from_at: From = None,
    until_at: Until = None,
    account: Account = "",
    what: Slug = "",
    after: UUID | None = None,
) -> list[LoggedLookOut]:
    """A page of 200. Whose data they were is not told; they are told that the log was read."""
    actor = _auditor(request)
    page = list_logged_looks(_span(from_at, until_at), account=account, what=what, after=after)
    _look(actor, (logged.person_id for logged in page))
    return [LoggedLookOut.of(logged.look) for logged in page]


@router.get("/looks/{look_id}/proof", response=ProofOut, summary="That a look is in the log under a sealed root")
@lets_in(_AUDITOR)
def look_proof(request: HttpRequest, look_id: UUID) -> ProofOut:
    """Digests only."""
    _auditor(request)
    return ProofOut.of(prove_look(look_id))


@router.post("/looks/of-person", response=list[LoggedLookOut], summary="Who looked at one person, for a stated purpose")
@lets_in(_AUDITOR | _PROTECTOR)
def looks_of_person(request: HttpRequest, body: LooksOfPersonIn) -> list[LoggedLookOut]:
    """A POST, so that no number stands in an address. Latest first; the person sees this reading too, with its words."""
    actor, facts = _officer(request, "")
    stated = read_purpose(has_dossier=False, purpose=body.purpose, words=body.words)
    actor = replace(actor, purpose=stated.value)
    check_read_looks_of(actor, person_id=0, purpose=stated, officer=facts)
    person = get_person_by_number(body.number)
    check_read_looks_of(actor, person_id=person.person_id, purpose=stated, officer=facts)
    record_looks(actor=actor, at=now(), person_ids=[person.person_id], what="looks", reason=body.words)
    return [LoggedLookOut.of(look) for look in list_looks(person.person_id, before=body.before)]


@router.get("/look-counts", response=list[LookCountOut], summary="How often what was shown to whom and why, as numbers")
@lets_in(_PROTECTOR)
def look_counts(request: HttpRequest, from_at: From = None, until_at: Until = None) -> list[LookCountOut]:
    """Names nobody."""
    _protector(request)
    return [LookCountOut.of(counted) for counted in count_looks(_span(from_at, until_at))]


@router.post("/breaches", summary="Whose data an account saw: whom to tell after a breach", openapi_extra=produces("application/x-ndjson"))
@lets_in(_PROTECTOR)
def breach(request: HttpRequest, body: BreachIn) -> StreamingHttpResponse:
    """One JSON object a line, one line a person. Each person sees that the list was drawn, and its words."""
    actor = _protector(request)
    span = Span(from_at=body.from_at, until_at=body.until_at)
    draw_breach_list(actor=actor, at=now(), account=body.account, from_at=span.from_at, until_at=span.until_at)
    return StreamingHttpResponse(_affected(actor, span, body), content_type="application/x-ndjson")


def _affected(actor: Actor, span: Span, body: BreachIn) -> Iterator[bytes]:
    last = 0
    while page := list_affected(span, account=body.account, after_person_id=last):
        last = page[-1].person_id
        known = list_persons([one.person_id for one in page])
        record_looks(actor=actor, at=now(), person_ids=list(known), what="breach_list", reason=body.words)
        yield b"".join(AffectedOut.of(one, known.get(one.person_id)).model_dump_json().encode() + b"\n" for one in page)


def _span(from_at: datetime | None, until_at: datetime | None) -> Span:
    end = until_at or now()
    # WHY max: an instant at the beginning of the calendar has no day before it; the span refuses it.
    return Span(from_at=from_at or max(end, _OLDEST) - _USUAL_SPAN, until_at=end)


def _look(actor: Actor, person_ids: Iterable[int | None]) -> None:
    named = sorted({person_id for person_id in person_ids if person_id is not None})
    record_looks(actor=actor, at=now(), person_ids=named, what="log")


def _auditor(request: HttpRequest) -> Actor:
    actor, facts = _officer(request, ReadingPurpose.INSPECTION.value)
    check_audit(actor, officer=facts)
    return actor


def _protector(request: HttpRequest) -> Actor:
    actor, facts = _officer(request, "data_protection")
    check_protect_data(actor, officer=facts)
    return actor


def _officer(request: HttpRequest, purpose: str) -> tuple[Actor, OfficerFacts]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return signed_in.officer(purpose)
