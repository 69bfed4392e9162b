"""Looks into a stack's own database and files, for demonstration and tests: what the API rightly shows to nobody."""

from collections.abc import Mapping
from typing import Any

import psycopg

from bhxh.dossiers.errors import DOS_OTHER_CUSTODIAN
from bhxh.procedures.register_employees.errors import OTHER_CUSTODIAN
from bhxh.signing.seals import Seal, as_flattened
from bhxh.warehouse.owner_keys import FileOwnerKeys
from bhxh.warehouse.store import BlobStore
from tools.stack import Stack

_BOOKS = "SELECT DISTINCT ON (person_id) person_id, n, payload, protected, signature, kid FROM book_version ORDER BY person_id, n DESC"
_UNPUBLISHED = (
    "SELECT count(*) FROM book_state s WHERE NOT EXISTS"
    " (SELECT 1 FROM book_publication p WHERE p.person_id = s.person_id AND p.n = s.latest_n)"
)
_CUSTODIAN = "SELECT count(*) FROM dossiers_line WHERE state = 'refused' AND findings @> ANY (%s::jsonb[])"
_CUSTODIAN_CODES = [f'[{{"code": "{sentence.code}"}}]' for sentence in (OTHER_CUSTODIAN, DOS_OTHER_CUSTODIAN)]


def inspect(stack: Stack) -> Mapping[str, Any]:
    """Books and their state: how many, not yet published; lines refused for another custodian; the sealed files."""
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        books = connection.execute(_BOOKS).fetchall()
        (unpublished,) = connection.execute(_UNPUBLISHED).fetchone() or (0,)
        (refused,) = connection.execute(_CUSTODIAN, [_CUSTODIAN_CODES]).fetchone() or (0,)
    files = {}
    for position, (_, version, payload, protected, signature, kid) in enumerate(books, start=1):
        files[f"book-{position:03d}-v{version}.json"] = as_flattened(bytes(payload), Seal(protected, signature, kid))
    return {"books": len(books), "unpublished": unpublished, "custodian_refused": refused, "files": files}


def filed_document(stack: Stack) -> bytes:
    """The signed XML of the first list filed, from the warehouse."""
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT document_sha256 FROM dossiers_dossier WHERE procedure_slug = 'register_employees' ORDER BY dossier_id LIMIT 1"
        ).fetchone()
    assert row is not None, "a list was filed"
    folder = stack.state_folder / "warehouse"
    keys = FileOwnerKeys(stack.state_folder / "keys" / "warehouse", sealed_folder=folder / "sealed")
    return BlobStore(folder, keys=keys).read(row[0])
