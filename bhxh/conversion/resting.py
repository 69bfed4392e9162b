"""Which contents conversions hold on to: certified scans, and originals of which a print is out in the world; and which papers of one owner."""

from typing import Final

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
    proposals = steps.filter(step=Step.PROPOSED.value, scans__contains={"scans": [{"item_id": str(item.item_id)}]})
    for case_id, n in proposals.values_list("case_id", "n"):
        if not steps.filter(case_id=case_id, n__gt=n, step=Step.DECLINED.value).exists():
            raise Conflict(CNV_SCAN_IN_USE)
    if steps.filter(file_sha256=item.sha256).exists() or PrintCopy.objects.filter(**of_owner, original_sha256=item.sha256).exists():
        raise Conflict(CNV_SCAN_IN_USE)
