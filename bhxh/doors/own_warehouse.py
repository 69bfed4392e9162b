"""An owner's warehouse through any door: whose it is, looks written before a paper leaves, what may be removed. Shared by the doors."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from bhxh.access.permissions import check_use_warehouse
from bhxh.audit.commands import record_looks
from bhxh.conversion.resting import check_not_converted
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.filing import owner_of
from bhxh.dossiers.queries import get_dossier_by_id, list_all_lines
from bhxh.dossiers.resting import check_not_filed
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.warehouse.lifetime_commands import remove_own
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.queries import StoredItem

SOURCES: Final = {
    "SUBMITTER": ("Do chủ kho gửi lên", "Sent in by its owner"),
    "OFFICER": ("Do cơ quan bảo hiểm xã hội ban hành", "Issued by the insurance agency"),
    "SPECIALISED_DB": ("Do hệ thống của cơ quan bảo hiểm xã hội lập", "Made by the insurance agency's system"),
    "NATIONAL_DB": ("Từ cơ sở dữ liệu quốc gia", "From a national database"),
    "NPSP": ("Từ Cổng Dịch vụ công quốc gia", "From the National Public Service Portal"),
    "WAREHOUSE": ("Từ kho dữ liệu điện tử", "From an electronic warehouse"),
    "": ("Không ghi nguồn", "No source was written down"),
}
"""Where a paper comes from, by the slug in its provenance."""


def warehouse_owner(signed_in: SignedIn) -> tuple[Actor, Owner]:
    """Who acts, and on whose papers. Raises NotAllowed ACC-020."""
    standing = signed_in.standing("own_warehouse")
    actor = standing.actor
    if actor.employer_id is not None:
        check_use_warehouse(actor, employer_id=actor.employer_id, authority=standing.authority)
        return actor, Owner("employer", actor.employer_id)
    check_use_warehouse(actor, person_id=actor.for_person_id)
    assert actor.for_person_id is not None, "nobody without a person was let through"
    return actor, Owner("person", actor.for_person_id)


def look_at_papers(actor: Actor, owner: Owner, items: Iterable[StoredItem], what: str) -> None:
    """A person's own look; and one of everybody whom a dossier names whose papers these are.

    WHY only the owner's own dossiers: of an employer's list a worker keeps a note about nobody else.
    """
    named = {owner.id} if owner.kind == "person" else set()
    for dossier_id in {item.dossier_id for item in items if item.dossier_id is not None}:
        dossier = get_dossier_by_id(dossier_id)
        if owner == owner_of(employer_id=dossier.employer_id, person_id=dossier.person_id):
            named |= {line.person_id for line in list_all_lines(dossier_id) if line.person_id is not None}
    record_looks(actor=actor, at=now(), person_ids=sorted(named), what=what)


def check_free(item: StoredItem) -> None:
    """Nothing of its owner's rests on a paper. Raises Conflict DOS-080, DOS-081, DOS-082, CNV-024."""
    check_not_filed(item)
    check_not_converted(item)


def remove_paper(actor: Actor, owner: Owner, item_id: UUID) -> None:
    """A paper of one's own goes. Removed before: nothing more happens. Raises NotFound WAR-005; Conflict WAR-031 and as `check_free`."""
    remove_own(actor=actor, at=now(), owner=owner, item_id=item_id, check_free=check_free)
