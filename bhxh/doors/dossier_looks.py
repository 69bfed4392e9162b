"""Who is told that a dossier was seen, whether by the API or on a page."""

from collections.abc import Sequence

from bhxh.audit.commands import record_looks
from bhxh.dossiers.facts import DossierView, LineView
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now


def look_at_lines(actor: Actor, dossier: DossierView, lines: Sequence[LineView], what: str) -> list[int]:
    """Everybody a page or a document names is told who saw it: a person who filed is named before any line was judged. Returns who they are."""
    named = {line.person_id for line in lines} | {dossier.person_id}
    seen = sorted(person_id for person_id in named if person_id is not None)
    record_looks(actor=actor, at=now(), person_ids=seen, what=what, dossier_id=dossier.dossier_id)
    return seen
