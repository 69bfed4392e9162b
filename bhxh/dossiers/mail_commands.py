"""Where a filer gets letters about a dossier, once the first address turned out wrong."""

from datetime import datetime
from uuid import UUID

from bhxh.audit.commands import command, record
from bhxh.dossiers.policies import FILERS_AND_PROGRAMS
from bhxh.dossiers.receipts import RECEIPT_LIMIT
from bhxh.dossiers.records import lock_dossier, save
from bhxh.kernel.actor import Actor
from bhxh.notices.commands import send_failed_again
from bhxh.notices.letters import KINDS_TO_FILER


@command(by=FILERS_AND_PROGRAMS)
def change_mail_address(*, actor: Actor, at: datetime, dossier_id: UUID, email: str) -> int:
    """Later letters go to this address, and those that failed go to it now. Returns how many.

    Shape:  of this dossier only; the contact in the register is another procedure's. The log tells that it was changed, not to what.
    Raises: Invalid NOT-002 where no server could take the address; Conflict NOT-003 where a letter was sent again too often.
    """
    row = lock_dossier(dossier_id)
    row.filer_email = email.strip()
    save(row)
    again = send_failed_again(
        actor=actor, at=at, dossier_id=dossier_id, kinds=KINDS_TO_FILER, recipient=row.filer_email, due_at=at + RECEIPT_LIMIT
    )
    record(actor=actor, at=at, verb="dossiers.mail_address.change", dossier_id=dossier_id, detail={"letters_again": again})
    return again
