"""`bhxh warehouse`: an owner's papers, for the counter; and the operator's care for files at rest."""

import argparse
from typing import Any

from bhxh.audit.commands import record_look
from bhxh.doors.admission import lets_in
from bhxh.doors.cli.callers import employer_of, operator, person_of
from bhxh.doors.cli.errors import CLI_BAD_VALUE
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
from bhxh.kernel.who import SYSTEM
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import list_items
from bhxh.warehouse.store import bound_store


@lets_in(SYSTEM)
def run(options: argparse.Namespace) -> dict[str, Any]:
    """One of: items, prove, seal-old, new-key."""
    return {"items": items, "prove": prove, "seal-old": seal_old, "new-key": new_key}[options.what](options)


def items(options: argparse.Namespace) -> dict[str, Any]:
    """The newest papers of a person or an employer, with the ids by which a dossier names them. A look."""
    if bool(options.pin) == bool(options.employer):
        raise Invalid(CLI_BAD_VALUE, where="--pin", option="--pin, --employer")
    if options.employer:
        owner = Owner("employer", employer_of(options.employer).employer_id)
    else:
        owner = Owner("person", person_of(options.pin).person_id)
        record_look(actor=operator(), at=now(), person_id=owner.id, what="warehouse")
    rows = [
        {
            "item_id": str(item.item_id),
            "kind": item.kind,
            "vi": item.title_vi,
            "en": item.title_en,
            "media_type": item.media_type,
            "size_bytes": item.size_bytes,
            "kept_at": item.at,
            "kept_until_on": item.keep_until_on,
            "source_kind": item.provenance.get("source_kind", ""),
            "scan": item.provenance.get("scan", ""),
        }
        for item in list_items(owner)
    ]
    text = "\n".join(f"{row['item_id']}  {row['kept_at']:%d/%m/%Y}  {row['vi']} · {row['en']} {row['scan']}".rstrip() for row in rows)
    return {"items": rows, "text": text}


def prove(options: argparse.Namespace) -> dict[str, Any]:
    """Open every file with the keys that are here: the drill after a restore, and after keys were moved."""
    return {"holds": True, "files": sum(1 for _ in bound_store().prove_all())}


def seal_old(options: argparse.Namespace) -> dict[str, Any]:
    """LEGACY: encrypt what was kept before encryption."""
    return {"sealed": sum(1 for _ in bound_store().seal_old())}


def new_key(options: argparse.Namespace) -> dict[str, Any]:
    """A new master key for what is sealed from now on. Long-running processes take it up when they start anew."""
    return {"generation": bound_store().keys.rotate()}
