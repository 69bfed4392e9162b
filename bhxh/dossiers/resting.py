"""Which contents dossiers hold on to: what was filed, supplied, asked, decided and delivered, and what waits to be signed."""

from typing import Final

from bhxh.warehouse.resting import Naming

NAMING: Final[Naming] = {
    "dossiers_dossier": ("canonical_sha256", "document_sha256", "source_sha256", "receipt_sha256", "result_sha256"),
    "dossiers_transition": ("document_sha256",),
    "dossiers_component": ("content_sha256",),
    "dossiers_evidence": ("content_sha256",),
    "dossiers_decision": ("payload_sha256",),
    "dossiers_draft": ("source_sha256",),
    "dossiers_list_check": ("source_sha256",),
    "dossiers_counter_filing": ("confirmation_sha256",),
}
"""Every column of the engine that names a content. Inside a proof stand only answers of authorities and confirmations, which are no papers."""
