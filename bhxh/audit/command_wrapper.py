"""The unit of change: one transaction that refuses to commit without an audit entry."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from bhxh.audit.errors import AUD_NO_ENTRY
from bhxh.kernel.errors import Defect

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass
class _Frame:
    entries: int = 0


_open_frame: ContextVar[_Frame | None] = ContextVar("bhxh_open_command", default=None)


def command(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a function a command.

    The outermost command opens the transaction; commands it calls join it. When the outermost one ends without any
    audit entry written, everything is rolled back with Defect AUD-001. Any exception rolls everything back.
    """

    @wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if _open_frame.get() is not None:
            return function(*args, **kwargs)
        frame = _Frame()
        token = _open_frame.set(frame)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if frame.entries == 0:
                    raise Defect(AUD_NO_ENTRY, command=f"{function.__module__}.{function.__qualname__}")
                return result
        finally:
            _open_frame.reset(token)

    return run


def count_entries(entries: int) -> bool:
    """Tell the open command that it was journalled. False where no command is open."""
    frame = _open_frame.get()
    if frame is None:
        return False
    frame.entries += entries
    return True
