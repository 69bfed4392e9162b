"""The English of fixed sentences in templates: `make translations` takes up new ones, or `--check` sees that none is missing.

The Vietnamese sentence is the key. Sentences in code stand there in both languages already; only templates are read here.
No GNU gettext program is needed: Babel reads and writes the catalogue.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
_NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)
CATALOGUE = ROOT / "bhxh/web/locale/en/LC_MESSAGES/django.po"


def main() -> int:
    """Write or check. Exit status 1 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a sentence has no English, or one is left over")
    is_check = parser.parse_args().check
    problems = find_problems()
    if not is_check:
        wanted = extracted()
        known = _known()
        for message in wanted:
            if message.id and message.id in known:
                message.string = known[message.id].string
        CATALOGUE.write_bytes(_po(wanted))
        CATALOGUE.with_suffix(".mo").write_bytes(_mo(wanted))
        problems = find_problems()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def extracted() -> Catalog:
    """Every sentence of the templates, with where it stands, as the templates themselves would ask for it."""
    import_application()
    from django.template import Engine
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = Engine.get_default()
    found = Catalog(
        locale="en", header_comment="# The English of the templates; the Vietnamese sentence is the key. `make translations`.", fuzzy=False
    )
    for folder in map(Path, engine.dirs):
        for file in sorted(folder.rglob("*.html")):
            nodes = engine.get_template(file.relative_to(folder).as_posix()).nodelist
            place = file.relative_to(ROOT).as_posix()
            for node in nodes.get_nodes_by_type(TranslateNode):
                found.add(str(node.filter_expression.var.literal).replace("%", "%%"), locations=[(place, node.token.lineno)])
            for node in nodes.get_nodes_by_type(BlockTranslateNode):
                one, many = node.render_token_list(node.singular)[0], node.render_token_list(node.plural)[0] if node.plural else None
                found.add((one, many) if many else one, locations=[(place, node.token.lineno)])
    return found


def import_application() -> None:
    """Make the package importable as a program of its own: no database is opened."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhxh.wiring.settings")
    import django

    django.setup()


def find_problems() -> list[str]:
    """What is missing, fuzzy, left over or not compiled."""
    wanted, known = extracted(), _known()
    said = {message.id for message in known if message.id}
    asked = {message.id for message in wanted if message.id}
    problems = [f"no English yet: {message!r}" for message in sorted(map(str, asked - said))]
    problems += [f"left over: {message!r}" for message in sorted(map(str, said - asked))]
    for message in known:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            problems.append(f"not translated: {message.id!r}")
        if message.id and message.check():
            problems += [f"{message.id!r}: {error}" for error in message.check()]
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or _sentences(read_mo(BytesIO(compiled.read_bytes()))) != _sentences(known):
        problems.append("django.mo is stale: run make translations")
    return problems


def _known() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
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
