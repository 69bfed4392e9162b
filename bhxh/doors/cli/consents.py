"""`bhxh consent`: who may ask persons for data, what agencies may read by law, and a person's consents at the counter.

Nobody grants here: a consent needs the person's own fresh sign-in. Withdrawing needs no more than coming to the counter.
"""

import argparse
from typing import Any
from uuid import UUID

from bhxh.access.consent_queries import get_consent, list_consents, list_requesters, list_requests
from bhxh.access.consents import ConsentChannel, ConsentPurpose, RequesterKind
from bhxh.access.data_catalogue import in_words
from bhxh.access.permissions import check_operate
from bhxh.access.requester_commands import agree_scope, end_requester, register_requester
from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import counter, employer_of, operator, person_of
from bhxh.doors.cli.values import parsed, parsed_day
from bhxh.doors.partners import partners
from bhxh.kernel.actor import LegalBasis
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.who import PERSON, SYSTEM
from bhxh.sharing.commands import withdraw


@lets_in(SYSTEM | PERSON)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of the acts below."""
    return _ACTS[options.what](options)


def _requester(options: argparse.Namespace) -> dict[str, Any]:
    actor, at = operator(), now()
    check_operate(actor)
    register_requester(
        actor=actor,
        at=at,
        requester_id=options.id,
        name=options.name or options.id,
        kind=parsed(RequesterKind, options.kind, "--kind"),
        fields=_listed(options.fields),
        purposes=[parsed(ConsentPurpose, purpose, "--purposes") for purpose in _listed(options.purposes)],
        client_id=options.client,
        employer_id=employer_of(options.employer).employer_id if options.employer else None,
        contact=options.contact,
        notice_url=options.notice,
        until_on=parsed_day(options.until, None),
    )
    return {"requester": options.id, "fields": options.fields}


def _end(options: argparse.Namespace) -> dict[str, Any]:
    actor, at = operator(), now()
    check_operate(actor)
    end_requester(actor=actor, at=at, requester_id=options.id, on=day_in_vietnam(at))
    return {"requester": options.id, "ended": True}


def _scope(options: argparse.Namespace) -> dict[str, Any]:
    actor, at = operator(), now()
    check_operate(actor)
    purpose_vi, _, purpose_en = (part.strip() for part in options.purpose.partition("|"))
    agree_scope(
        actor=actor,
        at=at,
        scope_id=options.id,
        requester_id=options.requester,
        legal_basis=parsed(LegalBasis, options.basis, "--basis"),
        purpose_vi=purpose_vi,
        purpose_en=purpose_en or purpose_vi,
        ground=options.ground,
        fields=_listed(options.fields),
        from_on=parsed_day(options.start, day_in_vietnam(at)),
        until_on=parsed_day(options.until, None),
    )
    return {"scope": options.id, "requester": options.requester}


def _requesters(options: argparse.Namespace) -> dict[str, Any]:
    rows = [
        {
            "requester": one.requester_id,
            "name": one.name,
            "kind": one.kind.value,
            "fields": list(one.fields),
            "purposes": list(one.purposes),
        }
        for one in list_requesters()
    ]
    text = "\n".join(f"{row['requester']:<24} {row['kind']:<16} {row['name']}" for row in rows)
    return {"requesters": rows, "text": text or "(chưa có nơi nào · none)"}


def _list(options: argparse.Namespace) -> dict[str, Any]:
    person, at = person_of(options.pin), now()
    record_look(actor=operator(), at=at, person_id=person.person_id, what="consents")
    asked = [
        {"request": one.request_id, "requester": one.requester.name, "state": one.state.value, "words": in_words(one.fields, "vi")}
        for one in list_requests(person.person_id, at=at)
    ]
    granted = [
        {"consent": one.consent_id, "requester": one.requester.name, "status": one.status(at).value, "words": in_words(one.fields, "vi")}
        for one in list_consents(person.person_id)
    ]
    lines = [f"{one['request']}  {one['state']:<10} {one['requester']}" for one in asked]
    lines += [f"{one['consent']}  {one['status']:<10} {one['requester']}" for one in granted]
    return {"requests": asked, "consents": granted, "text": "\n".join(lines) or "(chưa có · none)"}


def _status(options: argparse.Namespace) -> dict[str, Any]:
    consent, at = get_consent(parsed(UUID, options.id, "consent")), now()
    return {"consent": str(consent.consent_id), "status": consent.status(at).value, "until": consent.until_on.isoformat()}


def _withdraw(options: argparse.Namespace) -> dict[str, Any]:
    person, at = person_of(options.pin), now()
    consent = withdraw(
        actor=counter(purpose="own_consents", person_id=person.person_id),
        at=at,
        person_id=person.person_id,
        consent_id=parsed(UUID, options.id, "consent"),
        issuer=partners().receipt_issuer,
        channel=ConsentChannel.COUNTER,
    )
    return {"consent": str(consent.consent_id), "status": consent.status(at).value}


_ACTS = {
    "requester": _requester,
    "requesters": _requesters,
    "end": _end,
    "scope": _scope,
    "list": _list,
    "status": _status,
    "withdraw": _withdraw,
}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
