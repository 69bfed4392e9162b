"""Who may what: every address, every subcommand and every command, with whom it lets in. `make matrix` prints it.

It ends with `routes N commands M roles R undeclared U`; with `--check` only what is undeclared is printed, and any of it fails the build.
docs/permissions.md is written from it (`make docs`); tests/doors/test_matrix.py and tests/component/audit/test_who_may_call.py try it with
real requests and real calls.
"""

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.urls import URLPattern, URLResolver

from bhxh.access.roles import Grant, OfficerRole
from bhxh.doors.admission import Admission, find_admission
from bhxh.kernel.who import ANYBODY, Capacity, Who
from tools.generate_docs import set_up

_OF_THE_FRAMEWORK: Final = {
    "openapi-json": Admission("openapi_json", ANYBODY, ""),
    "api-root": Admission("api_root", ANYBODY, ""),  # answers 404 to everybody
}
_WITHOUT_METHOD: Final = "*"


@dataclass(frozen=True, slots=True)
class Route:
    """One address and method. A page takes every method (`*`)."""

    method: str
    path: str
    admission: Admission | None
    needs_sign_in: bool
    """Whether the router asks for a sign-in before anything else; a page asks for itself."""

    @property
    def name(self) -> str:
        """As the matrix names it."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Role:
    """A column of the matrix: a capacity, for officers and programs with one role or grant. Nobody signed in has no capacity."""

    name: str
    capacity: Capacity | None
    role: str = ""

    def is_let_in(self, who: Who) -> bool:
        """Whether the declaration admits this role."""
        return who.is_open if self.capacity is None else who.admits_as(self.capacity, self.role)


def roles() -> tuple[Role, ...]:
    """Every kind of somebody there is."""
    return (
        Role("nobody signed in", None),
        *(Role(capacity.value, capacity) for capacity in (Capacity.PERSON, Capacity.REPRESENTATIVE, Capacity.EMPLOYER)),
        *(Role(f"officer {role.value}", Capacity.OFFICER, role.value) for role in OfficerRole),
        *(Role(f"machine {grant.value}", Capacity.MACHINE, grant.value) for grant in Grant),
        Role("system", Capacity.SYSTEM),
    )


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None, prefix: str = "/") -> Iterator[Route]:
    """Every address of these URL patterns; of the application where none are given."""
    if patterns is None:
        from bhxh.wiring.urls import urlpatterns

        patterns = urlpatterns
    mounted: dict[str, Admission | None] = {}
    for pattern in patterns:
        path = prefix + _shown(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            mounted[path] = find_admission(pattern.callback)
        elif pattern.app_name == "ninja":
            for route in _of_api(pattern.url_patterns, path):
                # WHY: a view mounted before the router at an address of its own answers for the same route, and must let in the same.
                before = mounted.pop(route.path, route.admission)
                is_same = before is not None and route.admission is not None and before.who == route.admission.who
                yield route if is_same else Route(route.method, route.path, None, route.needs_sign_in)
        else:
            yield from routes(pattern.url_patterns, path)
    for path, admission in mounted.items():
        yield Route(_WITHOUT_METHOD, path, admission, needs_sign_in=False)


def _of_api(patterns: Sequence[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    framework = [pattern for pattern in patterns if isinstance(pattern, URLPattern) and isinstance(pattern.callback, partial)]
    api = framework[0].callback.keywords["api"]  # type: ignore[union-attr]
    for router in api._get_bound_routers():  # noqa: SLF001
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    address = prefix + re.sub("^/+", "", router.prefix + path)
                    yield Route(method, address, find_admission(operation.view_func), bool(operation.auth_callbacks))
    for pattern in framework:
        yield Route("GET", prefix + _shown(str(pattern.pattern)), _OF_THE_FRAMEWORK.get(pattern.name or ""), needs_sign_in=False)


def _shown(pattern: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def subcommands() -> dict[str, Who | None]:
    """What `bhxh` can be asked for."""
    from bhxh.doors.cli.main import ways_in

    found = {name: find_admission(way_in) for name, way_in in ways_in().items()}
    return {name: admission.who if admission else None for name, admission in found.items()}


def commands() -> dict[str, Who]:
    """Every command of every room, by its short name. One that did not say who may call it could not be imported."""
    import bhxh
    from bhxh.audit.command_wrapper import COMMANDS

    for module in pkgutil.walk_packages(bhxh.__path__, "bhxh."):
        if ".migrations" not in module.name and not module.name.endswith((".wsgi", ".__main__", ".tests")):
            importlib.import_module(module.name)
    return {name.removeprefix("bhxh."): who for name, who in sorted(COMMANDS.items()) if name.startswith("bhxh.")}


def undeclared(listed: Sequence[Route], called: Mapping[str, Who | None], typed: Mapping[str, Who | None]) -> list[str]:
    """What has not said whom it lets in, or says it without a proof where nobody has to sign in."""
    missing = []
    for route in listed:
        if route.admission is None:
            missing.append(f"route {route.name}")
        elif route.method != _WITHOUT_METHOD and not (route.needs_sign_in or route.admission.who.is_open or route.admission.proof):
            missing.append(f"route {route.name}: asks for no sign-in (auth=None) and names no proof")
    missing += [f"command {name}" for name, who in called.items() if who is None]
    return missing + [f"subcommand {name}" for name, who in typed.items() if who is None]


def document() -> str:
    """docs/permissions.md."""
    listed, called, typed = sorted(routes(), key=lambda route: (route.path, route.method)), commands(), subcommands()
    lines = [
        "# Who may what\n",
        "Whom each address, subcommand and command lets in at all; whose dossier, book or mandate it is, permissions and policies ask besides.",
        "`make matrix` prints the same as a grid.\n",
        "## Addresses\n",
        "| Method | Address | Lets in | Proof instead of a sign-in |",
        "|---|---|---|---|",
    ]
    for route in listed:
        admission = route.admission
        lines.append(
            f"| {route.method} | `{route.path}` | {admission.who if admission else '?'} | {admission.proof if admission else ''} |"
        )
    lines += ["\n## Subcommands of `bhxh`\n", "| Subcommand | Acts as |", "|---|---|"]
    lines += [f"| `{name}` | {who or '?'} |" for name, who in typed.items()]
    lines += ["\n## Commands\n", "| Command | Called by |", "|---|---|"]
    lines += [f"| `{name}` | {who or '?'} |" for name, who in called.items()]
    return "\n".join([*lines, f"\n{_summary(listed, called, typed)}"]) + "\n"


def _summary(listed: Sequence[Route], called: Mapping[str, Who | None], typed: Mapping[str, Who | None]) -> str:
    missing = len(undeclared(listed, called, typed))
    return f"routes {len(listed)} commands {len(called)} roles {len(roles())} undeclared {missing}"


def _grid(title: str, rows: Mapping[str, Who | None]) -> Iterator[str]:
    width = max(map(len, rows), default=0)
    yield f"\n{title} ({len(rows)})"
    yield " " * width + "".join(f"{number:>3}" for number in range(1, len(roles()) + 1))
    for name, who in rows.items():
        yield name.ljust(width) + "".join(f"{_mark(role, who):>3}" for role in roles())


def _mark(role: Role, who: Who | None) -> str:
    if who is None:
        return "?"
    return "x" if role.is_let_in(who) else "."


def main(arguments: Sequence[str] | None = None) -> int:
    """Print; exit status 1 where anything is undeclared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="print only what is undeclared")
    is_check = parser.parse_args(arguments).check
    set_up()
    listed, called, typed = sorted(routes(), key=lambda route: (route.path, route.method)), commands(), subcommands()
    if not is_check:
        print("\n".join(f"{number:>3} {role.name}" for number, role in enumerate(roles(), 1)))
        addresses: dict[str, Any] = {route.name: route.admission.who if route.admission else None for route in listed}
        for title, rows in (("Addresses", addresses), ("Subcommands", typed), ("Commands", called)):
            print("\n".join(_grid(title, rows)))
        print()
    missing = undeclared(listed, called, typed)
    for what in missing:
        print(f"undeclared: {what}", file=sys.stderr)
    if not is_check or missing:
        print(_summary(listed, called, typed))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
