"""Which contents dossiers hold on to: what was filed, supplied, asked, decided, delivered, what waits to be signed; which papers of one owner."""

from typing import Final

from django.db import connection

from bhxh.dossiers.answering import SUPPLEMENT, id_of, once_of_supplement
from bhxh.dossiers.errors import DOS_PAPER_AT_COUNTER, DOS_PAPER_FILED, DOS_PAPER_IN_DRAFT
from bhxh.dossiers.models import AnswerDraft, Dossier
from bhxh.dossiers.states import State
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict
from bhxh.warehouse.queries import StoredItem
from bhxh.warehouse.resting import Naming
from bhxh.warehouse.uploads import list_uploads_of

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
_USING = """
SELECT d.code FROM dossiers_dossier d
 WHERE d.filer = %(filer)s
   AND (%(sha256)s IN (d.document_sha256, d.canonical_sha256, d.source_sha256)
        OR EXISTS (SELECT FROM dossiers_component c
                    WHERE c.dossier_id = d.dossier_id
                      AND (c.content_sha256 = %(sha256)s OR (c.source_system = 'warehouse' AND c.source_record_id = %(item)s))))
 ORDER BY d.dossier_id DESC LIMIT 1
"""


def check_not_filed(item: StoredItem) -> None:
    """No dossier and no draft of its owner uses this paper. Raises Conflict DOS-080, DOS-081, DOS-082.

    WHY not by `NAMING`: that asks whole tables, which one person's request must not; and that a stranger filed the same bytes is not this owner's
    to know. Their dossier has the file all the same (`warehouse.expiring`).
    """
    owner = item.owner
    with connection.cursor() as cursor:
        cursor.execute(_USING, {"filer": f"{owner.kind}:{owner.id}", "sha256": item.sha256, "item": str(item.item_id)})
        using = cursor.fetchone()
    if using is not None:
        raise Conflict(DOS_PAPER_FILED, code=using[0])
    if owner.kind == "person":
        _check_in_no_draft(item)


def _check_in_no_draft(item: StoredItem) -> None:
    """WHY not what was gathered for a dossier that no longer waits for it: no page shows that any more, and none sends it."""
    person_id = item.owner.id
    uploads = {str(upload_id) for upload_id in list_uploads_of(item.item_id, owner=item.owner)}
    rows = AnswerDraft.objects.filter(person_id=person_id).only("officer", "procedure_slug", "files", "expires_at")
    drafts = [row for row in rows if any(file["upload_id"] in uploads for file in row.files)]
    gathered = {draft.draft_id for draft in drafts if draft.procedure_slug == SUPPLEMENT}
    if gathered:
        asked = Dossier.objects.filter(filer=f"person:{person_id}", state=State.SUPPLEMENT_REQUIRED.value)
        gathered &= {id_of(person_id, once_of_supplement(dossier_id)) for dossier_id in asked.values_list("dossier_id", flat=True)}
    if gathered or any(not draft.officer and draft.procedure_slug != SUPPLEMENT for draft in drafts):
        raise Conflict(DOS_PAPER_IN_DRAFT)
    at_counter = [draft.expires_at for draft in drafts if draft.officer]
    if at_counter:
        raise Conflict(DOS_PAPER_AT_COUNTER, until=day_in_vietnam(max(at_counter)).strftime("%d/%m/%Y"))
