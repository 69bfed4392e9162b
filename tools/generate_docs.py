"""Write the documents that follow from the code: `python tools/generate_docs.py`, or `--check` to see that they are fresh.

docs/errors.md            every sentence of the catalogue
docs/procedures.md        the sheet of every procedure
docs/dossier-states.md    the states of a dossier, with the diagram
docs/configuration.md     every setting
docs/permissions.md       whom every address, subcommand and command lets in
docs/openapi.json         the published description of the API
docs/signature-fixtures.md  our answers to other people's signature files; only where those stand beside the checkout
"""

import argparse
import atexit
import importlib
import json
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADING = "<!-- Written by tools/generate_docs.py from the code. Change the code, then run `make docs`. -->\n"


def main() -> int:
    """Write or check. Exit status 1 where a document is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a document differs")
    is_check = parser.parse_args().check
    set_up()
    stale = []
    for name, write in documents().items():
        file, text = ROOT / "docs" / name, (HEADING if name.endswith(".md") else "") + write()
        if file.exists() and file.read_text() == text:
            continue
        stale.append(name)
        if not is_check:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
    for name in stale:
        print(f"docs/{name} {'is stale: run make docs' if is_check else 'written'}")
    return 1 if is_check and stale else 0


def set_up() -> None:
    """Make the package importable as a program of its own: no database is opened, nothing is left behind."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
    if "BHXH_STATE_FOLDER" not in os.environ:
        folder = tempfile.mkdtemp(prefix="bhxh-docs-")
        os.environ["BHXH_STATE_FOLDER"] = folder
        atexit.register(shutil.rmtree, folder)
    import django

    django.setup()
    import bhxh

    for module in pkgutil.walk_packages(bhxh.__path__, "bhxh."):
        if module.name.rpartition(".")[2].endswith("errors"):
            importlib.import_module(module.name)


def errors() -> str:
    """The catalogue by room."""
    from bhxh.kernel.errors import CATALOGUE

    lines = ["# Sentences and their codes\n", "A code is never given to another sentence. Vietnamese first.\n"]
    prefix = ""
    for code in sorted(CATALOGUE):
        sentence = CATALOGUE[code]
        if code.partition("-")[0] != prefix:
            prefix = code.partition("-")[0]
            lines += [f"\n## {prefix}\n", "| Code | Tiếng Việt | English |", "|---|---|---|"]
        lines.append(f"| {code} | {_cell(sentence.vi)} | {_cell(sentence.en)} |")
    return "\n".join(lines) + "\n"


def procedures() -> str:
    """An index, then one sheet for each procedure."""
    from bhxh import procedures as room

    declared = getattr(room, "PROCEDURES", ())
    lines = ["# Procedures\n", "| Procedure | Code | Tiếng Việt | English |", "|---|---|---|---|"]
    lines += [f"| [`{one.slug}`](#{one.slug}) | {one.code} | {_cell(one.title_vi)} | {_cell(one.title_en)} |" for one in declared]
    for one in declared:
        lines += _sheet(one)
    return "\n".join(lines) + "\n"


def _sheet(one: object) -> Iterator[str]:
    from bhxh.dossiers.procedure import Procedure

    assert isinstance(one, Procedure), "PROCEDURES holds procedures"
    days = "answered at once" if one.working_days == 0 else f"{one.working_days} working days"
    yield f"\n## {one.slug}\n"
    yield f"{one.title_vi} / {one.title_en}\n"
    yield "| | |\n|---|---|"
    yield f"| Folder | `bhxh/procedures/{one.slug}/` |"
    yield f"| Law | {_cell('; '.join(map(str, one.law)))} |"
    yield f"| Filed by | {one.filer.value} |"
    yield f"| Limit | {days} |"
    yield f"| Result | {_cell(one.result_title_vi)} / {_cell(one.result_title_en)} |"
    yield f"| A list of lines | {_yes(one.is_list)} |"
    yield f"| Clean lines decided at once, by rule | {_yes(one.decides_clean_lines_at_once)} |"
    yield f"| Officer's decision needs a second officer | {_yes(one.needs_second_officer)} |"
    for version in one.versions:
        yield f"| Version {version.number} | in force from {version.in_force_from} |"
    for rule in one.signature_rules:
        ways = ["signature with a certificate"] if one.signature_profile is not None or one.json_profile is not None else []
        ways += [] if rule.needs_certificate else ["confirmation by e-ID or the national portal"]
        wanted = ", or ".join(ways)
        yield f"| Signature from {rule.in_force_from} | {wanted} ({_cell(str(rule.citation))}) |"
    if one.components:
        yield "\n| Component | Tiếng Việt | English | Mandatory | Not asked where held by |\n|---|---|---|---|---|"
        for part in one.components:
            held = ", ".join(part.made_unnecessary_by) or "–"
            yield f"| {part.code} | {_cell(part.title_vi)} | {_cell(part.title_en)} | {_yes(part.is_mandatory)} | {held} |"
    if one.guide:
        yield f"\n{one.guide.what[0]} / {one.guide.what[1]}\n"
        yield f"Found by: {', '.join(one.guide.search_words)}"
    if one.questions:
        yield "\n| Asked on pages | Tiếng Việt | English | How | Must be answered |\n|---|---|---|---|---|"
        for question in one.questions.every:
            vi, en = question.label
            yield f"| `{question.field}` | {_cell(vi)} | {_cell(en)} | {question.kind.value} | {_yes(not question.is_optional)} |"


def dossier_states() -> str:
    """The state table and its diagram."""
    from bhxh.dossiers import states

    lines = ["# States of a dossier\n", "```mermaid", states.diagram().rstrip(), "```\n"]
    lines += ["| State | National portal | Tiếng Việt | English | Processing limit | Counted as |", "|---|---|---|---|---|---|"]
    for state, facts in states.FACTS.items():
        code = "–" if facts.npsp_code is None else facts.npsp_code
        place = facts.place.value if facts.place else "–"
        lines.append(f"| `{state.value}` | {code} | {facts.vi} | {facts.en} | {facts.clock.value} | {place} |")
    lines += ["\n## Facts beside the state\n", "| Fact | Meaning |", "|---|---|"]
    lines += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in states.OVERLAYS.items()]
    lines += ["\n## States of a line\n", "| From | To |", "|---|---|"]
    for line, following in states.LINE_TRANSITIONS.items():
        listed = ", ".join(f"`{one}`" for one in sorted(one.value for one in following)) or "nothing: final"
        lines.append(f"| `{line.value}` | {listed} |")
    return "\n".join(lines) + "\n"


def configuration() -> str:
    """Every setting with its variable and default."""
    from bhxh.wiring import configuration as module

    lines = [
        "# Settings\n",
        "All are environment variables, read once at start.\n",
        "| Variable | Default | What it is for |",
        "|---|---|---|",
    ]
    for name, field in module.Configuration.model_fields.items():
        variable = name.upper() if name in module._WITHOUT_PREFIX else f"BHXH_{name.upper()}"  # noqa: SLF001
        default = field.default.value if hasattr(field.default, "value") else field.default
        shown = ", ".join(map(str, default)) if isinstance(default, tuple) else str(default).replace(f"{ROOT}/", "")
        lines.append(f"| `{variable}` | {f'`{shown}`' if shown else 'empty'} | {_cell(field.description or '')} |")
    return "\n".join(lines) + f"\n{_OTHER_SERVER}"


_OTHER_SERVER = """
## A PostgreSQL of your own

Versions 15 to 18. Two roles and one database; the login in `DATABASE_URL` is a member of both roles and takes on the one it needs:

```sql
CREATE ROLE bhxh_owner; CREATE ROLE bhxh_app; GRANT bhxh_app TO bhxh_owner;
CREATE ROLE bhxh_login LOGIN PASSWORD '...' IN ROLE bhxh_owner, bhxh_app;
CREATE DATABASE bhxh OWNER bhxh_owner;
```

Then `DATABASE_URL=postgresql://bhxh_login:...@host/bhxh bin/bhxh migrate`. `make demo`, `make serve` and `make test` use only the *server* that
`DATABASE_URL` names: they make databases of their own there (`bhxh_demo`, `bhxh_serve`, `bhxh_ready_*`, `bhxh_test_*`, `bhxh_template_*`), so the
login must be allowed to make roles and databases, and one checkout at a time should use that server. The database named is not touched.
"""


def openapi() -> str:
    """What /api/v1/openapi.json answers."""
    from bhxh.doors.api.application import api

    return json.dumps(dict(api.get_openapi_schema(path_prefix="api/v1/")), ensure_ascii=False, indent=1) + "\n"


def permissions() -> str:
    """The matrix of who may what, as words."""
    from tools import matrix

    return matrix.document()


def documents() -> dict[str, Callable[[], str]]:
    """Every document that can be written here, by name."""
    from tools import signature_fixtures

    if signature_fixtures.DATA is None:
        print("docs/signature-fixtures.md is left as it is: the files it speaks of (../shared/data) are not beside this checkout")
        return DOCUMENTS
    return DOCUMENTS | {"signature-fixtures.md": signature_fixtures.document}


DOCUMENTS: dict[str, Callable[[], str]] = {
    "errors.md": errors,
    "procedures.md": procedures,
    "dossier-states.md": dossier_states,
    "configuration.md": configuration,
    "permissions.md": permissions,
    "openapi.json": openapi,
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    sys.exit(main())
