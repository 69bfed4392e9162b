"""Read published status lists. Nothing in them names anybody."""

from datetime import datetime

from bhxh.credentials.errors import CRD_NO_LIST
from bhxh.credentials.models import PublishedList
from bhxh.kernel.errors import NotFound

_MOST = 1 << 40  # LIMIT: what the column holds, and far more lists than will ever be


def get_list(list_number: int) -> bytes:
    """The sealed list as last published. Raises NotFound CRD-024."""
    known = PublishedList.objects.filter(list_number=list_number) if list_number < _MOST else PublishedList.objects.none()
    sealed = known.values_list("sealed", flat=True).first()
    if sealed is None:
        raise NotFound(CRD_NO_LIST)
    return bytes(sealed)


def has_list(list_number: int) -> bool:
    """Whether it was ever published."""
    return PublishedList.objects.filter(list_number=list_number).exists()


def list_due(*, before: datetime, limit: int) -> tuple[int, ...]:
    """Numbers of lists last made before an instant, the oldest first."""
    rows = PublishedList.objects.filter(made_at__lt=before).order_by("made_at")
    return tuple(rows.values_list("list_number", flat=True)[:limit])
