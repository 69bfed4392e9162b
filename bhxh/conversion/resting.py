"""Which contents conversions hold on to: certified scans, and originals of which a print is out in the world; and which papers of one owner."""

from typing import Final

from django.db.models import Exists, OuterRef

from bhxh.conversion.errors import CNV_SCAN_IN_USE
from bhxh.conversion.models import CaseStep, PrintCopy
from bhxh.conversion.states import Step
from bhxh.kernel.errors import Conflict
from bhxh.warehouse.queries import StoredItem
from bhxh.warehouse.resting import Naming

NAMING: Final[Naming] = {"conversion_step": ("file_sha256",), "conversion_print": ("original_sha256", "file_sha256")}
"""WHY the original of a print: whoever holds the paper may ask for years whether it agrees with it."""


def check_not_converted(item: StoredItem) -> None:
    """No conversion or print of its owner's rests on this paper, nor one that was put forward and not declined. Raises Conflict CNV-024."""
    of_owner = {"owner_id": item.owner.id, "owner_kind": item.owner.kind}
    steps = CaseStep.objects.filter(**of_owner)
    proposed = steps.filter(step=Step.PROPOSED.value, scans__contains={"scans": [{"item_id": str(item.item_id)}]})
    declined = steps.filter(case_id=OuterRef("case_id"), n__gt=OuterRef("n"), step=Step.DECLINED.value)
    prints = PrintCopy.objects.filter(**of_owner, original_sha256=item.sha256)
    if any(found.exists() for found in (proposed.filter(~Exists(declined)), steps.filter(file_sha256=item.sha256), prints)):
        raise Conflict(CNV_SCAN_IN_USE)
