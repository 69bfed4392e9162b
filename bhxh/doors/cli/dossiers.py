"""`bhxh dossier`: follow a dossier, read its letters, take it back, ask for a supplement, answer it. Every look is written down."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bhxh.access.authority import Authority, representative_of
from bhxh.access.permissions import check_decide, check_file, check_withdraw
from bhxh.audit.commands import record_looks
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import acting, counter, employer_of, officer_of, operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE, CLI_NO_FILE, CLI_NO_LETTER
from bhxh.doors.cli.values import parsed_papers
from bhxh.doors.partners import partners
from bhxh.dossiers import catalogue, commands, flows
from bhxh.dossiers.facts import DossierView, LineView
from bhxh.dossiers.policies import DECIDING_OFFICERS
from bhxh.dossiers.queries import get_decisions, get_dossier, get_receipt, list_all_lines, list_history
from bhxh.dossiers.rendering import payload_of, render_decision_pdf, render_receipt_pdf
from bhxh.dossiers.states import FACTS
from bhxh.dossiers.supplement_commands import Shortcoming, read_document, request_supplement
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now, shown
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.kernel.who import EMPLOYER, PERSON, SYSTEM
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items, read_item
from bhxh.warehouse.store import read_blob


@lets_in(SYSTEM | PERSON | EMPLOYER | DECIDING_OFFICERS)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: show, letter, withdraw, ask, answer."""
    dossier = get_dossier(options.code)
    acts = {"show": _show, "letter": _letter, "withdraw": _withdraw, "ask": _ask, "answer": _answer}
    return acts[options.what](options, dossier)


def _show(options: argparse.Namespace, dossier: DossierView) -> dict[str, Any]:
    history = list_history(dossier.dossier_id)
    _look(dossier, (), "dossier")
    rows = [f"{shown(step.at)}  {step.to_state:<20} {step.actor_kind.lower():<8} {step.reason}".rstrip() for step in history]
    return {
        **_standing(dossier),
        "history": [{"state": step.to_state, "at": step.at, "by": step.actor_kind.lower(), "reason": step.reason} for step in history],
        "text": "\n".join([_sentence(dossier), *rows]),
    }


def _letter(options: argparse.Namespace, dossier: DossierView) -> dict[str, Any]:
    """A sealed receipt, decision or result into a file: as sealed (.json) or to read (.pdf)."""
    if not options.out:
        raise Invalid(CLI_BAD_VALUE, where="--out", option="--out")
    file = Path(options.out)
    content = _read_letter(options, dossier, is_page=file.suffix == ".pdf")
    file.write_bytes(content)
    return {"file": file.name, "sha256": sha256_hex(content)}


def _read_letter(options: argparse.Namespace, dossier: DossierView, *, is_page: bool) -> bytes:
    if options.of == "receipt":
        _look(dossier, (), "receipt")
        receipt = get_receipt(dossier.code).receipt
        return render_receipt_pdf(payload_of(receipt), receipt) if is_page else receipt
    lines = list_all_lines(dossier.dossier_id)
    if options.of in ("document", "confirmation"):
        return _read_filed(options, dossier, lines)
    if options.of == "decision":
        for decision in get_decisions(dossier.dossier_id):
            if decision.n == options.number:
                decided = {*decision.granted_lines, *decision.refused_lines}
                _look(dossier, [line for line in lines if line.number in decided], "decision")
                return render_decision_pdf(decision.payload, decision.sealed, number=decision.n) if is_page else decision.sealed
        raise NotFound(CLI_NO_LETTER, code=dossier.code)
    pages = catalogue.get(dossier.procedure_slug).pages
    for item in list_items(_owner(dossier), dossier_id=dossier.dossier_id):
        if item.kind in pages:
            _look(dossier, lines, item.kind)
            sealed = read_item(item.item_id)
            return pages[item.kind](sealed) if is_page else sealed
    raise NotFound(CLI_NO_LETTER, code=dossier.code)


def _read_filed(options: argparse.Namespace, dossier: DossierView, lines: Sequence[LineView]) -> bytes:
    """What was filed, or the confirmation that stands for its signature."""
    digest = dossier.document_sha256 if options.of == "document" else str(dossier.proof.get("confirmation_sha256", ""))
    if not digest:
        raise NotFound(CLI_NO_LETTER, code=dossier.code)
    _look(dossier, lines, options.of)
    return read_blob(digest)


def _withdraw(options: argparse.Namespace, dossier: DossierView) -> dict[str, Any]:
    actor = _filer(options, dossier)
    check_withdraw(
        actor,
        filer_person_id=dossier.person_id,
        filer_employer_id=dossier.employer_id,
        procedure=dossier.procedure_slug,
        authority=_authority(dossier),
    )
    is_new = commands.withdraw(actor=actor, at=now(), dossier_id=dossier.dossier_id, reason=options.reason)
    return {**_after(dossier), "is_repeat": not is_new}


def _ask(options: argparse.Namespace, dossier: DossierView) -> dict[str, Any]:
    officer = officer_of(options.actor)
    actor = acting(officer)
    check_decide(actor, procedure=dossier.procedure_slug, officer=officer)
    request_supplement(
        actor=actor,
        at=now(),
        dossier_id=dossier.dossier_id,
        row_version=dossier.row_version,
        defects=[_shortcoming(text) for text in options.missing],
        days=options.days,
        sender=partners().sender,
    )
    return _after(dossier)


def _answer(options: argparse.Namespace, dossier: DossierView) -> dict[str, Any]:
    actor, at = _filer(options, dossier), now()
    if dossier.employer_id is not None:
        check_file(
            actor, filer="employer", employer_id=dossier.employer_id, procedure=dossier.procedure_slug, authority=_authority(dossier)
        )
    else:
        check_file(actor, filer="person", person_id=dossier.person_id)
    attachments = []
    for given in options.document:
        code, _, name = given.rpartition("=")
        file = Path(name)
        attachments.append(read_document(_bytes(file), code=code or "supplement", name=file.name))
    is_new = flows.answer_supplement(
        actor=actor,
        at=at,
        dossier_id=dossier.dossier_id,
        attachments=attachments,
        items=parsed_papers(options.paper, otherwise="supplement"),
        deps=partners().receiving(at),
    )
    return {**_after(dossier), "is_repeat": not is_new}


def _authority(dossier: DossierView) -> Authority | None:
    """The operator at the counter has seen who came: an employer's representative."""
    return None if dossier.employer_id is None else representative_of(dossier.employer_id)


def _shortcoming(text: str) -> Shortcoming:
    """`[component:] Vietnamese | English`."""
    vi, bar, en = text.partition("|")
    if not bar:
        raise Invalid(CLI_BAD_VALUE, where="--missing", option="--missing")
    component, colon, rest = vi.partition(":")
    return Shortcoming(vi=(rest if colon else vi).strip(), en=en.strip(), component=component.strip() if colon else "")


def _filer(options: argparse.Namespace, dossier: DossierView) -> Actor:
    """Whoever `--as` names, at the counter; whether the dossier is theirs, the permissions say."""
    if dossier.employer_id is not None:
        return counter(purpose=dossier.procedure_slug, employer_id=employer_of(options.actor).employer_id)
    return counter(purpose=dossier.procedure_slug, person_id=person_of(options.actor).person_id)


def _look(dossier: DossierView, lines: Sequence[LineView], what: str) -> None:
    named = {line.person_id for line in lines} | {dossier.person_id}
    seen = sorted(person_id for person_id in named if person_id is not None)
    record_looks(actor=operator(), at=now(), person_ids=seen, what=what, dossier_id=dossier.dossier_id)


def _owner(dossier: DossierView) -> Owner:
    if dossier.employer_id is not None:
        return Owner("employer", dossier.employer_id)
    assert dossier.person_id is not None, "a dossier has a filer"
    return Owner("person", dossier.person_id)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Invalid(CLI_NO_FILE, file=file.name, reason=type(error).__name__) from None


def _after(dossier: DossierView) -> dict[str, Any]:
    present = get_dossier(dossier.code)
    return {**_standing(present), "text": _sentence(present)}


def _standing(dossier: DossierView) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "state": dossier.state.value,
        "due_on": dossier.due_on,
        "supplement_due_on": dossier.supplement_due_on,
        "lines": {state.value: count for state, count in dossier.lines.items()},
    }


def _sentence(dossier: DossierView) -> str:
    facts = FACTS[dossier.state]
    return f"{dossier.code}: {facts.vi} · {facts.en}"
