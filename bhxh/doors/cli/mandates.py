"""`bhxh mandate`: an operator grants and revokes on an organisation's paper request; anybody at the machine lists, verifies, replays."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from bhxh.access.authority import EVERY_ACT, MandateAct, MandateSummary, Scope
from bhxh.access.errors import ACC_NO_MANDATE_FOUND
from bhxh.access.mandate_commands import grant_mandate, revoke_mandate
from bhxh.access.mandate_documents import Confirmation, How, MandateContent, Party
from bhxh.access.mandate_queries import get_mandate, list_documents, list_mandates
from bhxh.access.permissions import check_operate
from bhxh.access.roles import MandateRole, person_reference
from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import employer_of, operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_PERSON
from bhxh.doors.cli.values import parsed, parsed_day, parsed_instant
from bhxh.doors.partners import partners
from bhxh.doors.standing import StoodFor, party_of_agent, party_of_employer, party_of_program, person_behind, who_could_act
from bhxh.dossiers import catalogue
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import VIETNAM, day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.who import SYSTEM


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: grant, revoke, list, document, replay."""
    actor = operator()
    check_operate(actor)
    acts = {"grant": _grant, "revoke": _revoke, "list": _list, "document": _document, "replay": _replay}
    return acts[options.what](actor, options)


def _grant(actor: Actor, options: argparse.Namespace) -> dict[str, Any]:
    at, employer = now(), employer_of(options.employer)
    holder = _holder(options, at)
    is_agent = holder.reference.startswith(("employer:", "machine:"))
    role = options.role or (MandateRole.AGENT if is_agent else MandateRole.AUTHORISED).value
    content = MandateContent(
        employer_id=employer.employer_id,
        employer=party_of_employer(employer),
        holder=holder,
        role=parsed(MandateRole, role, "--role"),
        scope=_scope(options),
        from_on=parsed_day(options.start, day_in_vietnam(at)),
        until_on=parsed_day(options.until, None),
    )
    mandate_id = grant_mandate(actor=actor, at=at, content=content, confirmation=_paper(actor, options), key=_key())
    return {"mandate": str(mandate_id), "employer": employer.tax_code, "content_sha256": content.sha256}


def _revoke(actor: Actor, options: argparse.Namespace) -> dict[str, Any]:
    at, mandate_id = now(), parsed(UUID, options.mandate, "mandate")
    on = parsed_day(options.start, day_in_vietnam(at))
    revoke_mandate(actor=actor, at=at, mandate_id=mandate_id, on=on, confirmation=_paper(actor, options), key=_key())
    return {"mandate": str(mandate_id), "revoked": True}


def _list(actor: Actor, options: argparse.Namespace) -> dict[str, Any]:
    employer = employer_of(options.employer)
    held = list_mandates(employer_id=employer.employer_id, on=day_in_vietnam(now()))
    _look(actor, [mandate.account for mandate in held])
    rows = [_row(mandate) for mandate in held]
    text = "\n".join(f"{row['mandate']}  {row['role']:<20}  {row['from_on']}  {row['account']}" for row in rows)
    return {"mandates": rows, "text": text or "(không có ủy quyền · no mandate in force)"}


def _document(actor: Actor, options: argparse.Namespace) -> dict[str, Any]:
    """Grant and revocation as sealed files, for `bhxh verify`; a digitally signed request beside them."""
    mandate_id = parsed(UUID, options.mandate, "mandate")
    documents = list_documents(mandate_id)
    if not documents or not options.out:
        raise NotFound(ACC_NO_MANDATE_FOUND) if not documents else Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    _look(actor, [get_mandate(mandate_id).account])
    files = []
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    for kept in documents:
        for content, name in ((kept.sealed, f"mandate-{kept.n}.json"), (kept.signed, f"mandate-{kept.n}.xml")):
            if content:
                (folder / name).write_bytes(content)
                files.append({"file": name, "sha256": sha256_hex(content)})
    return {"mandate": str(mandate_id), "files": files, "text": "\n".join(f"{one['file']}  {one['sha256']}" for one in files)}


def _replay(actor: Actor, options: argparse.Namespace) -> dict[str, Any]:
    """Who could act for an organisation on a day, as the records stood at an instant."""
    at, employer = now(), employer_of(options.employer)
    on, known_at = parsed_day(options.on, day_in_vietnam(at)), parsed_instant(options.known_at, at, "--known-at")
    stood = who_could_act(employer.employer_id, on=on, known_at=known_at)
    _look(actor, [one.holder for one in stood])
    rows = [_stood(one) for one in stood]
    head = (
        f"{employer.name} ({employer.tax_code}) · {on:%d/%m/%Y} · như biết lúc · as known at {known_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    )
    lines = [f"{row['role']:<20}  {row['holder']:<40}  {row['by']}  {','.join(row['acts'])}" for row in rows]
    return {"on": on, "known_at": known_at, "stood": rows, "text": "\n".join([head, *(lines or ["(không có ai · nobody)"])])}


def _holder(options: argparse.Namespace, at: datetime) -> Party:
    if options.agent:
        return party_of_agent(options.agent)
    kind, _, rest = options.account.partition(":")
    if kind == "machine":
        return party_of_program(rest, at)
    if options.account:
        if kind != "eid":
            raise Invalid(CLI_BAD_VALUE, where="--account", option="--account")
        return Party(reference=options.account, name=options.account, number="")
    person = person_of(options.pin)
    if person.managed_by != partners().custodian:
        raise NotFound(CLI_NO_PERSON)
    return Party(reference=person_reference(person.person_id), name=person.full_name, number=Pin(person.pin).masked)


def _scope(options: argparse.Namespace) -> Scope:
    acts = frozenset(parsed(MandateAct, part, "--acts") for part in options.acts.split(",") if part) or EVERY_ACT
    named = frozenset(part for part in options.procedures.split(",") if part)
    if not named <= {procedure.slug for procedure in catalogue.list_procedures()}:
        raise Invalid(CLI_BAD_VALUE, where="--procedures", option="--procedures")
    return Scope(acts=acts, procedures=named or None)


def _paper(actor: Actor, options: argparse.Namespace) -> Confirmation:
    return Confirmation(how=How.PAPER, facts={"account": actor.account, "reference": options.paper})


def _key() -> Any:
    return partners().keys.seal_key("mandate")


def _row(mandate: MandateSummary) -> dict[str, Any]:
    procedures = mandate.scope.procedures
    return {
        "mandate": str(mandate.mandate_id),
        "account": mandate.account,
        "role": mandate.role.value,
        "acts": sorted(mandate.scope.acts),
        "procedures": None if procedures is None else sorted(procedures),
        "from_on": mandate.from_on,
        "until_on": mandate.until_on,
    }


def _stood(one: StoodFor) -> dict[str, Any]:
    return {
        "role": one.role.value,
        "by": one.by,
        "holder": one.holder,
        "acts": sorted(one.scope.acts),
        "procedures": None if one.scope.procedures is None else sorted(one.scope.procedures),
        "from_on": one.from_on,
        "until_on": one.until_on,
        "recorded_at": one.recorded_at,
        "recorded_by": one.recorded_by,
    }


def _look(actor: Actor, holders: list[str]) -> None:
    named = sorted({person_id for holder in holders if (person_id := person_behind(holder)) is not None})
    record_looks(actor=actor, at=now(), person_ids=named, what="mandate")
