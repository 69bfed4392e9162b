"""Nothing may be reached or called that has not said whom it lets in."""

import subprocess
import sys

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI, Router

from bhxh.doors.admission import lets_in
from bhxh.kernel.who import ANYBODY, EMPLOYER, PERSON, SYSTEM
from tools.matrix import Role, commands, roles, routes, subcommands, undeclared


def test_nothing_is_undeclared() -> None:
    assert undeclared(list(routes()), commands(), subcommands()) == []


def test_the_matrix_speaks_of_what_is_there() -> None:
    names = {route.name for route in routes()}
    assert {"GET /api/v1/me/book", "POST /api/v1/npsp/intakes", "GET /health/live", "* /errors", "GET /api/v1/openapi.json"} <= names
    assert "dossiers.commands.withdraw" in commands() and "access.commands.link_account" in commands()
    assert subcommands()["backup"] == SYSTEM
    assert len({role.name for role in roles()}) == len(roles())
    assert roles()[0] == Role("nobody signed in", None)


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _planted(name: str, *, auth: object, view: object = _view) -> list[object]:
    router = Router()
    router.get("/planted", auth=auth)(view)
    api = NinjaAPI(urls_namespace=name, docs_url=None)
    api.add_router("/x", router)
    return [path("api/", api.urls)]


def _sign_in(request: HttpRequest) -> bool:
    return True


@pytest.mark.parametrize(
    ("patterns", "missing"),
    [
        (lambda: [path("page/<str:code>", _view)], ["route * /page/{code}"]),
        (lambda: [path("page", lets_in(ANYBODY)(_view))], []),
        (lambda: _planted("one", auth=_sign_in), ["route GET /api/x/planted"]),
        (lambda: _planted("two", auth=_sign_in, view=lets_in(PERSON)(_view)), []),
        (lambda: _planted("three", auth=None, view=lets_in(ANYBODY)(_view)), []),
        (lambda: _planted("four", auth=None, view=lets_in(PERSON, proof="its signature")(_view)), []),
        (
            lambda: _planted("five", auth=None, view=lets_in(PERSON)(_view)),
            ["route GET /api/x/planted: asks for no sign-in (auth=None) and names no proof"],
        ),
        (
            lambda: [path("api/x/planted", lets_in(EMPLOYER)(_view)), *_planted("six", auth=_sign_in, view=lets_in(PERSON)(_view))],
            ["route GET /api/x/planted"],
        ),
    ],
    ids=["a page", "a declared page", "a route", "a declared route", "an open one", "with a proof", "without a proof", "two that differ"],
)
def test_what_is_planted_without_a_declaration_is_found(patterns: object, missing: list[str]) -> None:
    found = undeclared(list(routes(patterns())), {}, {})  # type: ignore[operator]
    assert found == missing


def test_a_planted_command_is_found() -> None:
    assert undeclared([], {"room.commands.act": None, "room.commands.other": SYSTEM}, {"planted": None}) == [
        "command room.commands.act",
        "subcommand planted",
    ]


def test_the_program_ends_with_its_sum() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.matrix"], capture_output=True, text=True, check=True, timeout=240)
    last = done.stdout.strip().splitlines()[-1]
    assert last == f"routes {len(list(routes()))} commands {len(commands())} roles {len(roles())} undeclared 0"
