"""Put documents into an owner's warehouse."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection

from bhxh.audit.commands import command, record, record_many
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import Json
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.ids import uuid7
from bhxh.kernel.who import SYSTEM
from bhxh.law.retention import retention_of
from bhxh.warehouse.owners import INSTALLATION, Owner
from bhxh.warehouse.store import bound_store, store_blob

__all__ = ["INSTALLATION", "Conversion", "Owner", "put", "put_for_persons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """That an item is another form of a paper or a file. Law: decree-164 section 3.6."""

    direction: Literal["TO_ELECTRONIC", "TO_PAPER"]
    from_sha256: str = ""
    converted_by: str
    """The account that converted it."""
    converted_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes in the store, and what they are."""

    sha256: str
    size_bytes: int
    media_type: str


@command(by=SYSTEM)
def put(
    *,
    actor: Actor,
    at: datetime,
    owner: Owner,
    content: bytes,
    media_type: str,
    kind: str,
    title_vi: str,
    title_en: str,
    provenance: Mapping[str, Json],
    dossier_id: UUID | None = None,
    conversion: Conversion | None = None,
) -> UUID:
    """Keep one document for its owner. The same document of the same kind and dossier again is the same item.

    The bytes reach the disk before the row exists; where the transaction is rolled back they stay without a row, which harms nothing.
    """
    stored = Stored(store_blob(content, owner=owner), len(content), media_type)
    return _keep(actor, at, owner, stored, kind, (title_vi, title_en), provenance, dossier_id, conversion)


@command(by=SYSTEM)
def put_stored(
    *,
    actor: Actor,
    at: datetime,
    owner: Owner,
    stored: Stored,
    kind: str,
    title_vi: str,
    title_en: str,
    provenance: Mapping[str, Json],
    conversion: Conversion | None = None,
) -> UUID:
    """The same for bytes that lie in the store already."""
    return _keep(actor, at, owner, stored, kind, (title_vi, title_en), provenance, None, conversion)


def _keep(
    actor: Actor,
    at: datetime,
    owner: Owner,
    stored: Stored,
    kind: str,
    titles: tuple[str, str],
    provenance: Mapping[str, Json],
    dossier_id: UUID | None,
    conversion: Conversion | None,
) -> UUID:
    sha256 = stored.sha256
    [sealed_key] = bound_store().wrapped_keys(sha256, [owner])
    keep_until_on = retention_of(kind, kept_on=day_in_vietnam(at)).until_on if dossier_id is None else None
    row = (
        *(owner.id, owner.kind, uuid7(at), sha256, stored.size_bytes, stored.media_type, kind, *titles, dossier_id),
        *(json.dumps(dict(provenance)), at),
        *(
            (conversion.from_sha256 or None, conversion.direction, conversion.converted_by, conversion.converted_at)
            if conversion
            else (None, None, None, None)
        ),
        *(sealed_key, keep_until_on),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO warehouse_item (owner_id, owner_kind, item_id, sha256, size_bytes, media_type, kind, title_vi, title_en,"
            " dossier_id, provenance, at, converted_from_sha256, conversion_direction, converted_by, converted_at, sealed_key, keep_until_on)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING item_id",
            row,
        )
        inserted = cursor.fetchone()
        if inserted is None:
            cursor.execute(
                "SELECT item_id FROM warehouse_item WHERE owner_id = %s AND owner_kind = %s AND sha256 = %s AND kind = %s"
                " AND dossier_id IS NOT DISTINCT FROM %s",
                (owner.id, owner.kind, sha256, kind, dossier_id),
            )
            inserted = cursor.fetchone()
    assert inserted is not None, "a conflicting row is visible once the insert has waited for it"
    record(
        actor=actor,
        at=at,
        verb="warehouse.item.put",
        person_id=owner.id if owner.kind == "person" else None,
        dossier_id=dossier_id,
        detail={"item": str(inserted[0]), "kind": kind, "sha256": sha256, "owner_kind": owner.kind, "owner_id": owner.id},
    )
    return UUID(str(inserted[0]))


@command(by=SYSTEM)
def put_for_persons(
    *,
    actor: Actor,
    at: datetime,
    person_ids: Sequence[int],
    content: bytes,
    media_type: str,
    kind: str,
    title_vi: str,
    title_en: str,
    provenance: Mapping[str, Json],
    dossier_id: UUID | None = None,
) -> int:
    """The same document for many persons, set-based: for ever, as what a dossier brought. Returns how many did not have it yet.

    The number of statements does not grow with the persons; who has it already keeps the item they have.
    """
    sha256 = store_blob(content)
    wanted = sorted(set(person_ids))
    sealed_keys = bound_store().wrapped_keys(sha256, [Owner("person", person_id) for person_id in wanted])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO warehouse_item (owner_id, owner_kind, item_id, sha256, size_bytes, media_type, kind, title_vi, title_en,"
            " dossier_id, provenance, at, sealed_key)"
            " SELECT owner_id, 'person', item_id, %s, %s, %s, %s, %s, %s, %s, %s, %s, sealed_key"
            " FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[]) AS wanted (owner_id, item_id, sealed_key)"
            " ON CONFLICT DO NOTHING RETURNING owner_id, item_id",
            (
                *(sha256, len(content), media_type, kind, title_vi, title_en, dossier_id, json.dumps(dict(provenance)), at),
                *(wanted, [uuid7(at) for _ in wanted], sealed_keys),
            ),
        )
        made = cursor.fetchall()
    about: dict[str, Json] = {"kind": kind, "sha256": sha256, "owner_kind": "person"}
    subjects = [(person_id, {**about, "item": str(item_id), "owner_id": person_id}) for person_id, item_id in made]
    record_many(actor=actor, at=at, verb="warehouse.item.put", subjects=subjects, dossier_id=dossier_id)
    record(actor=actor, at=at, verb="warehouse.items.put", dossier_id=dossier_id, detail={**about, "asked": len(wanted), "new": len(made)})
    return len(made)
