"""What `flows.deliver` writes: documents, references and letters, and at last that the dossier is returned."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bhxh.audit.commands import command, record, record_look
from bhxh.dossiers.filing import owner_of
from bhxh.dossiers.ports import SourceKind
from bhxh.dossiers.procedure import ResultDocument
from bhxh.dossiers.receipts import RECEIPT_LIMIT
from bhxh.dossiers.records import lock_dossier, move, require_state, save
from bhxh.dossiers.states import State
from bhxh.dossiers.telling import write_letter
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json, sha256_hex
from bhxh.kernel.who import SYSTEM
from bhxh.notices.letters import LetterContext, LetterKind
from bhxh.warehouse.commands import put, put_for_persons


@command(by=SYSTEM)
def deliver_documents(*, actor: Actor, at: datetime, dossier_id: UUID, documents: Sequence[ResultDocument]) -> str:
    """The results into the filer's warehouse, all or none, once. Returns the digest of the last, the main one.

    Shape: the bytes are already on the disk. Another run's documents stand where they were put first: a seal made twice
           differs, and nobody shall find two results of one dossier.
    """
    row = lock_dossier(dossier_id)
    require_state(row, State.RESOLVED, State.RETURNED)
    is_new = not row.result_sha256
    owner = owner_of(employer_id=row.employer_id, person_id=row.person_id)
    for document in documents if is_new else ():
        put(
            actor=actor,
            at=at,
            owner=owner,
            content=document.content,
            media_type=document.media_type,
            kind=document.kind,
            title_vi=document.title_vi,
            title_en=document.title_en,
            provenance={"source_kind": SourceKind.SPECIALISED_DB.value, "source_system": "dossiers", "dossier_code": row.code},
            dossier_id=dossier_id,
        )
        row.result_sha256 = sha256_hex(document.content)
    if is_new:
        save(row)
        if row.person_id is not None:
            record_look(actor=actor, at=at, person_id=row.person_id, what="result", dossier_id=dossier_id)
    detail: dict[str, Json] = {"documents": len(documents), "is_new": is_new}
    record(actor=actor, at=at, verb="dossiers.documents.deliver", dossier_id=dossier_id, detail=detail)
    return row.result_sha256


@command(by=SYSTEM)
def deliver_references(
    *,
    actor: Actor,
    at: datetime,
    dossier_id: UUID,
    code: str,
    person_ids: Sequence[int],
    content: bytes,
    letters: Sequence[tuple[int, LetterContext, str]],
) -> None:
    """A batch of touched persons: the reference to their sealed book into the warehouse, the letter (person, context, address) queued.

    The bytes of `content` are already on the disk.
    """
    provenance: dict[str, Json] = {"source_kind": SourceKind.SPECIALISED_DB.value, "source_system": "dossiers", "dossier_code": code}
    put_for_persons(
        actor=actor,
        at=at,
        person_ids=person_ids,
        content=content,
        media_type="application/json",
        kind="book_reference",
        title_vi=f"Sổ bảo hiểm xã hội điện tử được cập nhật theo hồ sơ {code}",
        title_en=f"Electronic social insurance book updated by dossier {code}",
        provenance=provenance,
        dossier_id=dossier_id,
    )
    for person_id, context, recipient in letters:
        key = f"{LetterKind.BOOK_UPDATED.value}:{code}:{person_id}"
        write_letter(
            actor,
            at,
            LetterKind.BOOK_UPDATED,
            context,
            dossier_id=dossier_id,
            recipient=recipient,
            due_at=at + RECEIPT_LIMIT,
            person_id=person_id,
            key=key,
        )
    record(actor=actor, at=at, verb="dossiers.references.deliver", dossier_id=dossier_id, detail={"persons": len(person_ids)})


@command(by=SYSTEM)
def mark_returned(
    *, actor: Actor, at: datetime, dossier_id: UUID, result_sha256: str, letters: Sequence[tuple[LetterKind, LetterContext, str, str]]
) -> bool:
    """RESOLVED -> RETURNED: books sealed, results in the warehouses, the mails (kind, context, key, recipient) queued here.

    False where somebody else returned it already.
    """
    row = lock_dossier(dossier_id)
    is_new = row.state == State.RESOLVED.value
    if is_new:
        move(row, State.RETURNED, actor=actor, at=at, document_sha256=result_sha256)
        save(row)
        for kind, context, key, recipient in letters:
            write_letter(
                actor,
                at,
                kind,
                context,
                dossier_id=dossier_id,
                recipient=recipient,
                due_at=at + RECEIPT_LIMIT,
                person_id=row.person_id,
                key=key,
            )
    record(actor=actor, at=at, verb="dossiers.dossier.return", dossier_id=dossier_id, detail={"is_new": is_new, "letters": len(letters)})
    return is_new
