"""Which contents dossiers hold on to: what was filed, supplied, asked, decided and delivered, and what waits to be signed."""

from collections.abc import Collection
from typing import Final

from django.db import connection

NAMED_IN: Final[dict[str, tuple[str, ...]]] = {
    "dossiers_dossier": ("canonical_sha256", "document_sha256", "source_sha256", "receipt_sha256", "result_sha256"),
    "dossiers_transition": ("document_sha256",),
    "dossiers_component": ("content_sha256",),
    "dossiers_evidence": ("content_sha256",),
    "dossiers_decision": ("payload_sha256",),
    "dossiers_draft": ("source_sha256",),
    "dossiers_counter_filing": ("confirmation_sha256",),
}
"""Every column of the engine that names a content. Inside a proof stand only answers of authorities and confirmations, which are no papers."""


def list_rested_on(contents: Collection[str]) -> frozenset[str]:
    """Those of these contents, by digest, that a dossier names. Raises whatever the database raises: who cannot ask removes nothing.

    LIMIT: one look at each table, without an index; asked by a job for some hundreds at once.
    """
    wanted = list(contents)
    asked = [f"SELECT {column} FROM {table} WHERE {column} = ANY(%s)" for table, columns in NAMED_IN.items() for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(asked), [wanted for _ in asked])
        return frozenset(row[0] for row in cursor.fetchall())
