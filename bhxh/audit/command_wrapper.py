"""The unit of change: one transaction that refuses to commit without an audit entry."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Final, ParamSpec, TypeVar

from django.db import transaction

from bhxh.audit.errors import AUD_NO_ENTRY, AUD_NOT_ALLOWED
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import Defect, NotAllowed
from bhxh.kernel.who import Who

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass
class _Frame:
    entries: int = 0


_open_frame: ContextVar[_Frame | None] = ContextVar("bhxh_open_command", default=None)


COMMANDS: Final[dict[str, Who]] = {}
"""Every command by its full name, and whom it lets in."""


def command(*, by: Who) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Make a function a command: `@command(by=PERSON | officer("APPRAISER"))`.

    The outermost command opens the transaction; commands it calls join it. When the outermost one ends without any
    audit entry written, everything is rolled back with Defect AUD-001. Any exception rolls everything back.

    `by` says who may call it from outside another command; anybody else is refused with AUD-010 before anything happens. A command
    that another one calls is part of that one's doing, and that one's declaration holds.
    """

    def declare(function: Callable[_P, _R]) -> Callable[_P, _R]:
        return _made(function, by)

    return declare


def _made(function: Callable[_P, _R], by: Who) -> Callable[_P, _R]:
    name = f"{function.__module__}.{function.__qualname__}"
    actor = signature(function).parameters.get("actor")
    assert actor is not None and actor.kind is Parameter.KEYWORD_ONLY, f"{name} takes no actor"
    COMMANDS[name] = by

    @wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if _open_frame.get() is not None:
            return function(*args, **kwargs)
        _check(name, by, kwargs.get("actor"))
        frame = _Frame()
        token = _open_frame.set(frame)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if frame.entries == 0:
                    raise Defect(AUD_NO_ENTRY, command=name)
                return result
        finally:
            _open_frame.reset(token)

    return run


def _check(name: str, by: Who, actor: object) -> None:
    if not isinstance(actor, Actor) or not by.admits(actor):
        raise NotAllowed(AUD_NOT_ALLOWED, command=name.removeprefix("bhxh."))


def count_entries(entries: int) -> bool:
    """Tell the open command that it was journalled. False where no command is open."""
    frame = _open_frame.get()
    if frame is None:
        return False
    frame.entries += entries
    return True
