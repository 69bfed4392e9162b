"""Dossiers of some procedures that wait for officers: for desks that do one thing with them."""

from collections.abc import Collection

from bhxh.dossiers.facts import DossierView
from bhxh.dossiers.models import Dossier
from bhxh.dossiers.queries import PAGE, view
from bhxh.dossiers.states import State


def list_waiting_of(slugs: Collection[str], *, limit: int = PAGE) -> tuple[DossierView, ...]:
    """With a line for officers, the nearest deadline first."""
    rows = Dossier.objects.filter(state=State.IN_PROCESS.value, lines_officer__gt=0, procedure_slug__in=list(slugs))
    return tuple(view(row) for row in rows.order_by("due_on", "dossier_id")[: min(limit, PAGE)])
