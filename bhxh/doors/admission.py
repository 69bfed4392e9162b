"""Whom a way in lets in: said beside it, and asked whenever somebody is made an actor there.

    @router.get("/queue", summary="...")
    @lets_in(officer(OfficerRole.APPRAISER, OfficerRole.APPROVER))
    def queue(request: HttpRequest) -> ...

The same stands on plain pages and on the command line's handlers. `make matrix` prints what is declared, and a test sends every kind of
somebody to every address. What depends on facts (whose dossier, whose book) is asked besides, of `access.permissions`.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from bhxh.access.errors import ACC_NOT_ALLOWED
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import NotAllowed
from bhxh.kernel.who import Who

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Admission:
    """What a way in declares."""

    name: str
    who: Who
    proof: str
    """What stands in for a sign-in where the request carries its own proof (`auth=None`): the portal's signature, a logout token."""


_here: ContextVar[Admission | None] = ContextVar("bhxh_admission", default=None)


def lets_in(who: Who, *, proof: str = "") -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Declare whom a view or a handler lets in. Stands directly above the function, below the router's decorator."""

    def declare(function: Callable[_P, _R]) -> Callable[_P, _R]:
        admission = Admission(function.__name__, who, proof)

        @wraps(function)
        def enter(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            token = _here.set(admission)
            try:
                return function(*args, **kwargs)
            finally:
                _here.reset(token)

        enter.__admission__ = admission  # type: ignore[attr-defined]
        return enter

    return declare


def find_admission(way_in: object) -> Admission | None:
    """What a view or a handler declared; None where it did not."""
    return getattr(way_in, "__admission__", None)


def admit(actor: Actor) -> Actor:
    """The actor, if the way in that is being walked lets them in. Call it wherever a door makes an actor. Raises NotAllowed ACC-020."""
    here = _here.get()
    if here is None or not here.who.admits(actor):
        raise NotAllowed(ACC_NOT_ALLOWED, permission=here.name if here else "undeclared")
    return actor
