"""The installation's key for what the book room and its callers seal without being handed one. Wiring binds it once."""

from collections.abc import Callable

from bhxh.book.errors import BOK_NO_SEAL_KEY
from bhxh.kernel.errors import Defect
from bhxh.signing.ports import SealKey

_bound: list[Callable[[], SealKey]] = []


def bind_seal_key(present_key: Callable[[], SealKey]) -> None:
    """Called once by wiring. A callable, so that a rotated key is used from its first moment."""
    _bound[:] = [present_key]


def bound_seal_key() -> SealKey:
    """The present key of purpose `book`. Raises Defect BOK-011 where wiring forgot it."""
    if not _bound:
        raise Defect(BOK_NO_SEAL_KEY)
    return _bound[0]()
