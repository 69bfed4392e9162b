"""On which contents of the warehouse something rests, in any room."""

from collections.abc import Collection

from bhxh.conversion import resting as conversion
from bhxh.dossiers import resting as dossiers
from bhxh.warehouse.resting import find_rested_on


def list_rested_on(contents: Collection[str]) -> frozenset[str]:
    """Those of these contents, by digest, that somebody holds on to. Raises whatever the database raises: who cannot ask removes nothing."""
    return find_rested_on(contents, naming={**dossiers.NAMING, **conversion.NAMING})
