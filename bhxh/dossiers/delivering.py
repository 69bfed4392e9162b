"""Bring the result home: sealed books, documents in the warehouses, letters; then the dossier is returned. And tell the portal."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bhxh.book.queries import list_stale
from bhxh.dossiers import catalogue, delivery_commands
from bhxh.dossiers.facts import DecisionView, DossierView, LineView
from bhxh.dossiers.filing import owner_of
from bhxh.dossiers.gathering import granted_request
from bhxh.dossiers.ports import PortalStatusSink
from bhxh.dossiers.procedure import FilerKind, Procedure, ResultDocument
from bhxh.dossiers.queries import get_decisions, get_dossier_by_id, list_all_lines, list_history
from bhxh.dossiers.receipts import Sender, letter_reasons, result_context
from bhxh.dossiers.states import FACTS, LineState, State
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.clock import day_in_vietnam
from bhxh.notices.letters import LetterContext, LetterKind
from bhxh.registry.queries import list_persons
from bhxh.warehouse.store import read_blob, store_blob

_BATCH = 200  # LIMIT: workers in one transaction of references and letters

RenderSource = Callable[[bytes, Sequence[LineView]], bytes]
"""The source document (a workbook) back with each line's result."""


@dataclass(frozen=True, kw_only=True)
class DeliveryPorts:
    """What delivering needs of this installation."""

    sender: Sender
    custodian: str
    render_source: Mapping[str, RenderSource] = field(default_factory=dict)
    """By procedure slug."""


def deliver(dossier_id: UUID, at: datetime, deps: DeliveryPorts) -> bool:
    """Return a resolved dossier: True once it is RETURNED, False while a book is still to be sealed.

    Shape:  every step may be repeated; the same document in the same warehouse is the same item, the same letter goes once.
            The sweeper asks again for what is not returned yet.
    Law:    R-083 results into the warehouse and the mail of the participant; R-084 the book is stored and updated.
    """
    dossier = get_dossier_by_id(dossier_id)
    if dossier.state is not State.RESOLVED:
        return dossier.state is State.RETURNED
    decisions = get_decisions(dossier_id)
    touched = _kept_here({person_id for decision in decisions for person_id in decision.touched_person_ids}, deps.custodian)
    if touched and list_stale(touched, valid_on=day_in_vietnam(at), known_at=at):
        return False
    actor = system_actor(name="dossiers.deliver", request_id=f"dossier-{dossier_id}", purpose=dossier.procedure_slug)
    procedure = catalogue.get(dossier.procedure_slug)
    lines = list_all_lines(dossier_id)
    result_sha256 = _deliver_to_filer(actor, at, dossier, procedure, decisions, lines, deps)
    _deliver_to_workers(actor, at, dossier, procedure, decisions, touched, deps)
    kind, context = _result_letter(at, dossier, procedure, decisions, lines, deps)
    letter = (kind, context, f"result:{dossier.code}", dossier.filer_email)
    delivery_commands.mark_returned(actor=actor, at=at, dossier_id=dossier_id, result_sha256=result_sha256, letters=[letter])
    return True


def report(dossier_id: UUID, n: int, at: datetime, portal: PortalStatusSink) -> None:
    """Tell the national portal of one step. Raises Trouble; the job tries again."""
    dossier = get_dossier_by_id(dossier_id)
    step = next(step for step in list_history(dossier_id) if step.n == n)
    status = FACTS[State(step.to_state)].npsp_code
    if dossier.portal_reference and status is not None:
        portal.send_status(
            portal_reference=dossier.portal_reference,
            dossier_code=dossier.code,
            npsp_status=status,
            at=step.at,
            result_sha256=step.document_sha256 if step.to_state in (State.RESOLVED, State.RETURNED) else "",
        )


def _deliver_to_filer(
    actor: Actor,
    at: datetime,
    dossier: DossierView,
    procedure: Procedure,
    decisions: Sequence[DecisionView],
    lines: Sequence[LineView],
    deps: DeliveryPorts,
) -> str:
    """Decisions, the source with its results, the procedure's own results. Returns the digest of the main one, the last made."""
    if dossier.result_sha256:
        return dossier.result_sha256
    documents = [
        ResultDocument(
            kind="decision",
            title_vi=f"Quyết định {dossier.code}/{decision.n}: {procedure.title_vi}",
            title_en=f"Decision {dossier.code}/{decision.n}: {procedure.title_en}",
            media_type="application/jose+json",
            content=decision.sealed,
        )
        for decision in decisions
    ]
    render = deps.render_source.get(procedure.slug)
    if render is not None and dossier.source_sha256:
        source_with_results = ResultDocument(
            kind="line_results",
            title_vi=f"Kết quả từng dòng {dossier.code}",
            title_en=f"Result of each line {dossier.code}",
            media_type=dossier.source_media_type,
            content=render(read_blob(dossier.source_sha256), lines),
        )
        documents.insert(0, source_with_results)
    if procedure.result is not None and any(line.state is LineState.CLEAN for line in lines):
        documents += procedure.result(granted_request(actor, at, dossier, procedure, deps.custodian))
    owner = owner_of(employer_id=dossier.employer_id, person_id=dossier.person_id)
    for document in documents:
        store_blob(document.content, owner=owner)
    return delivery_commands.deliver_documents(actor=actor, at=at, dossier_id=dossier.dossier_id, documents=documents)


def _deliver_to_workers(
    actor: Actor,
    at: datetime,
    dossier: DossierView,
    procedure: Procedure,
    decisions: Sequence[DecisionView],
    touched: Sequence[int],
    deps: DeliveryPorts,
) -> None:
    """A reference to the sealed book into each touched person's warehouse, and a letter where there is an address."""
    if not touched:
        return
    reference: dict[str, Json] = {
        "type": "bhxh-book-reference",
        "version": 1,
        "dossier_code": dossier.code,
        "procedure": procedure.slug,
        "decided_at": max(decision.at for decision in decisions).isoformat(),
        "decision_sha256": sorted(decision.payload_sha256 for decision in decisions),
    }
    content = canonical_bytes(reference)
    store_blob(content)
    for start in range(0, len(touched), _BATCH):
        batch = [person_id for person_id in touched[start : start + _BATCH] if person_id != dossier.person_id]
        persons = list_persons(batch)
        letters = [
            (
                person_id,
                result_context(dossier, procedure=procedure, sender=deps.sender, person=persons[person_id]),
                persons[person_id].email,
            )
            for person_id in batch
            if persons[person_id].email
        ]
        delivery_commands.deliver_references(
            actor=actor, at=at, dossier_id=dossier.dossier_id, code=dossier.code, person_ids=batch, content=content, letters=letters
        )


def _result_letter(
    at: datetime,
    dossier: DossierView,
    procedure: Procedure,
    decisions: Sequence[DecisionView],
    lines: Sequence[LineView],
    deps: DeliveryPorts,
) -> tuple[LetterKind, LetterContext]:
    is_granted = any(line.state is LineState.CLEAN for line in lines)
    kind = LetterKind.REFUSAL
    if is_granted:
        kind = LetterKind.CONFIRMATION_READY if procedure.filer is FilerKind.PERSON and procedure.result else LetterKind.DECISION
    refused = [finding for line in lines if line.state is LineState.REFUSED for finding in line.findings]
    context = result_context(
        dossier,
        procedure=procedure,
        sender=deps.sender,
        reasons=letter_reasons(refused),
        decided_at=max((decision.at for decision in decisions), default=at),
        seal_reference="; ".join(f"{decision.kid} {sha256_hex(decision.sealed)}" for decision in decisions[-1:]),
        decision_number=f"{dossier.code}/{decisions[-1].n}" if decisions else "",
    )
    return kind, context


def _kept_here(person_ids: Collection[int], custodian: str) -> list[int]:
    """Persons who moved to another custodian meanwhile are delivered to by that one."""
    return sorted(person_id for person_id, person in list_persons(person_ids).items() if person.managed_by == custodian)
