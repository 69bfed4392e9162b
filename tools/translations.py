"""The English of fixed sentences in templates: `make translations` takes up new ones, or `--check` sees that none is missing.

The Vietnamese sentence is the key. Sentences in code stand there in both languages already; only templates are read here.
No GNU gettext program is needed: Babel reads and writes the catalogue.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

_Texts = str | list[str] | tuple[str, ...]
ROOT = Path(__file__).resolve().parents[1]
_NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_FILE = "locale/en/LC_MESSAGES/django.po"


def main() -> int:
    """Write or check. Exit status 1 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a sentence has no English, or one is left over")
    is_check = parser.parse_args().check
    problems = find_problems()
    if not is_check:
        wanted_of = extracted()
        # WHY from all parts: a sentence that moved, or that another part says already, keeps its English.
        said = {message.id: message.string for part in wanted_of for message in _known(part) if message.id and message.string}
        for part, wanted in wanted_of.items():
            _write(part, wanted, said)
        problems = find_problems()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def extracted() -> dict[Path, Catalog]:
    """Folder of pages -> every sentence of its templates, with where it stands, as the templates themselves would ask for it."""
    import_application()
    from django.template import Engine
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    from bhxh.web.languages import PARTS

    engine, made = Engine.get_default(), {}
    for part in (ROOT / "bhxh" / one for one in PARTS):
        found = Catalog(
            locale="en",
            header_comment="# The English of the templates; the Vietnamese sentence is the key. `make translations`.",
            fuzzy=False,
        )
        for file in sorted((part / "templates").rglob("*.html")):
            nodes = engine.get_template(file.relative_to(part / "templates").as_posix()).nodelist
            place = file.relative_to(ROOT).as_posix()
            for node in nodes.get_nodes_by_type(TranslateNode):
                found.add(str(node.filter_expression.var.literal).replace("%", "%%"), locations=[(place, node.token.lineno)])
            for node in nodes.get_nodes_by_type(BlockTranslateNode):
                one, many = node.render_token_list(node.singular)[0], node.render_token_list(node.plural)[0] if node.plural else None
                found.add((one, many) if many else one, locations=[(place, node.token.lineno)])
        made[part] = found
    return made


def import_application() -> None:
    """Make the package importable as a program of its own: no database is opened."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
    import django

    django.setup()


def find_problems() -> list[str]:
    """What is missing, fuzzy, left over, not compiled or said in two ways."""
    problems, spoken = [], {}
    for part, wanted in extracted().items():
        known = _known(part)
        said = {message.id for message in known if message.id}
        asked = {message.id for message in wanted if message.id}
        problems += [f"no English yet: {message!r}" for message in sorted(map(str, asked - said))]
        problems += [f"left over: {message!r}" for message in sorted(map(str, said - asked))]
        for message in known:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and (message.fuzzy or not all(texts)):
                problems.append(f"not translated: {message.id!r}")
            if message.id and message.check():
                problems += [f"{message.id!r}: {error}" for error in message.check()]
            # WHY: at run time all parts are one catalogue, and the last one would win.
            if message.id and spoken.setdefault(message.id, message.string) != message.string:
                problems.append(f"two translations: {message.id!r}")
        compiled = (part / _FILE).with_suffix(".mo")
        if asked and (not compiled.exists() or _sentences(read_mo(BytesIO(compiled.read_bytes()))) != _sentences(known)):
            problems.append(f"{part.name}: django.mo is stale: run make translations")
    return problems


def _write(part: Path, wanted: Catalog, said: Mapping[_Texts, _Texts]) -> None:
    for message in wanted:
        if message.id:
            message.string = said.get(message.id, message.string)
    if any(message.id for message in wanted):
        (part / _FILE).parent.mkdir(parents=True, exist_ok=True)
        (part / _FILE).write_bytes(_po(wanted))
        (part / _FILE).with_suffix(".mo").write_bytes(_mo(wanted))


def _known(part: Path) -> Catalog:
    if not (part / _FILE).exists():
        return Catalog(locale="en")
    with (part / _FILE).open("rb") as file:
        return read_po(file, locale="en")


def _po(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=0, include_lineno=False)
    # WHY: who wrote it when is told by the history, and would differ with each run.
    dated = (b'"POT-Creation', b'"PO-Revision', b'"Generated-By', b'"Last-Translator', b'"Project-Id', b'"Report-', b'"Language-Team')
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(dated))


def _sentences(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {(*_each(message.id), *_each(message.string)) for message in catalogue if message.id}


def _each(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _mo(catalogue: Catalog) -> bytes:
    out = BytesIO()
    plain = Catalog(locale="en", fuzzy=False, creation_date=_NO_TIME, revision_date=_NO_TIME)
    for message in catalogue:
        if message.id and message.string:
            plain.add(message.id, message.string)
    write_mo(out, plain)
    return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
