"""Every artefact before every program that can judge it, whole and spoiled; what they said as a table."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tools.foreign.programs import NotHereError, Said, version
from tools.foreign.questions import Artefact, Question
from tools.foreign.xml_verifiers import xadesjs_version
from tools.stack import ROOT

_SEALED_TYPE = re.compile(r'"(bhxh-[a-z-]+\+json|statuslist\+jwt)"')
TOOLS = ("openssl", "xmlsec1", "xadesjs", "pdfsig", "mutool", "qpdf", "zbarimg", "node")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer."""

    artefact: str
    tool: str
    asked: str
    expected: str
    said: str
    agrees: bool
    is_judged: bool = True


def judge(artefacts: Iterable[Artefact]) -> Iterator[Row]:
    """One row for each artefact and question, one for each way it is spoiled."""
    for artefact in artefacts:
        for question in artefact.questions:
            yield _row(artefact.name, question, artefact.content, expected=question.expected)
            for how, change in question.spoils:
                spoiled = change(artefact.content)
                assert spoiled != artefact.content, (artefact.name, how)
                yield _row(f"{artefact.name}, changed: {how}", question, spoiled, expected=False)


def _row(name: str, question: Question, content: bytes, *, expected: bool) -> Row:
    wanted = "holds" if expected else "refused"
    try:
        said = question.ask(content)
        tool = f"{question.tool} {version_of(question.tool)}"
    except NotHereError as missing:
        return Row(name, question.tool, question.asked, wanted, f"NOT JUDGED: {missing}", agrees=False, is_judged=False)
    return Row(name, tool, question.asked, wanted, _told(said), said.holds is expected)


def version_of(tool: str) -> str:
    """Of a program, or of a package. Raises NotHereError."""
    return xadesjs_version() if tool == "xadesjs" else version(tool)


def _told(said: Said) -> str:
    return f"{'holds' if said.holds else 'refused'}: {said.words}"


def missing_tools() -> dict[str, str]:
    """Programs that are not here, and why."""

    def why(ask: Callable[[], str]) -> str:
        try:
            ask()
        except NotHereError as missing:
            return str(missing)
        return ""

    found = {tool: why(lambda tool=tool: version_of(tool)) for tool in TOOLS}  # type: ignore[misc]
    return {tool: reason for tool, reason in found.items() if reason}


def as_table(rows: Iterable[Row]) -> list[str]:
    """Markdown."""
    lines = ["| Artefact | Tool | Asked | Expected | Said | Agrees |", "|---|---|---|---|---|---|"]
    for row in rows:
        cells = (row.artefact, row.tool, row.asked, row.expected, row.said, "yes" if row.agrees else "**NO**")
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return lines


def sealed_types() -> frozenset[str]:
    """Every type of sealed JSON that the product can make, as its source names them."""
    return frozenset(found for file in (ROOT / "bhxh").rglob("*.py") for found in _SEALED_TYPE.findall(file.read_text(encoding="utf-8")))


def never_made(artefacts: Iterable[Artefact]) -> list[str]:
    """What can be sealed and is not among these."""
    return sorted(sealed_types() - {artefact.type_name for artefact in artefacts})
