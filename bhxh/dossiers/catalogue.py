"""Which procedures there are. Wiring binds them once; the engine looks them up by slug."""

from collections.abc import Iterable

from bhxh.dossiers.errors import DOS_NO_PROCEDURE
from bhxh.dossiers.procedure import Procedure
from bhxh.kernel.errors import NotFound

_bound: dict[str, Procedure] = {}


def bind(procedures: Iterable[Procedure]) -> None:
    """Called once by wiring."""
    _bound.clear()
    for procedure in procedures:
        assert procedure.slug not in _bound, f"procedure {procedure.slug} is declared twice"
        _bound[procedure.slug] = procedure


def get(slug: str) -> Procedure:
    """The procedure of this slug. Raises NotFound DOS-001."""
    if slug not in _bound:
        raise NotFound(DOS_NO_PROCEDURE, slug=slug[:80])
    return _bound[slug]


def list_procedures() -> tuple[Procedure, ...]:
    """All, in the declared order."""
    return tuple(_bound.values())
