"""The catalogue of sentences and the declared jobs and procedures."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from string import Formatter

import pytest

import bhxh
from bhxh.kernel import jobs
from bhxh.kernel.decisions import Citation
from bhxh.kernel.errors import CATALOGUE, Sentence

PREFIXES = {
    "KER": "bhxh/kernel", "AUD": "bhxh/audit", "LAW": "bhxh/law", "SIG": "bhxh/signing", "ACC": "bhxh/access", "WAR": "bhxh/warehouse",
    "NOT": "bhxh/notices", "REG": "bhxh/registry", "LED": "bhxh/ledger", "BOK": "bhxh/book", "CRD": "bhxh/credentials", "DOS": "bhxh/dossiers",
    "D02": "bhxh/procedures/register_employees", "CFX": "bhxh/procedures/confirmation_extract", "RPM": "bhxh/procedures/report_mistake", "CPD": "bhxh/procedures/change_personal_data",
    "CCH": "bhxh/procedures/correct_contribution_history", "TRN": "bhxh/transcripts", "OWN": "bhxh/own_data", "CNV": "bhxh/conversion", "CON": "bhxh/connectors",
    "API": "bhxh/doors", "EMP": "bhxh/doors/portal/employer", "BAK": "bhxh/doors/cli", "CLI": "bhxh/doors/cli", "WIR": "bhxh/wiring",
}  # fmt: skip
ROOT = Path(bhxh.__file__).resolve().parents[1]

for _module in pkgutil.walk_packages(bhxh.__path__, "bhxh."):
    if ".migrations" not in _module.name and not _module.name.endswith((".wsgi", ".__main__", ".tests")):
        importlib.import_module(_module.name)

UNHELPFUL = re.compile(r"vui lòng|không hợp lệ|\binvalid\b|[a-zà-ỹ]!(?![=\[])", re.IGNORECASE)
"""Words that leave somebody with nothing to do about it."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("sentence", CATALOGUE.values(), ids=lambda sentence: sentence.code)
def test_a_sentence_is_whole_in_both_languages(sentence: Sentence) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]{2}-\d{3}", sentence.code)
    vi, en = placeholders(sentence.vi), placeholders(sentence.en)
    assert {re.sub("_(vi|en)$", "", name) for name in en} == {re.sub("_(vi|en)$", "", name) for name in vi}
    for text in (sentence.vi, sentence.en):
        assert text.strip() == text and text.endswith((".", "}", "…", "?")), "a sentence ends"
        assert "!" not in text
    assert not UNHELPFUL.search(f"{sentence.vi} {sentence.en}"), "say what is wrong and what to do"


@pytest.mark.parametrize("room", sorted(one.name for one in (ROOT / "bhxh").iterdir() if one.is_dir() and one.name != "__pycache__"))
def test_nobody_is_begged_or_told_that_something_is_just_invalid(room: str) -> None:
    """Sentences that stand outside of the catalogue: pairs in code, templates of pages and letters with their English."""
    said = [pair for file in (ROOT / "bhxh" / room).rglob("*.py") for pair in _pairs(file.read_text())]
    for kind in ("*.html", "*.txt", "*.po"):
        files = (file for file in (ROOT / "bhxh" / room).rglob(kind) if "node_modules" not in file.parts)
        said += [file.read_text().replace("<!doctype", "") for file in files]
    assert [UNHELPFUL.findall(text) for text in said if UNHELPFUL.search(text)] == []


def _pairs(source: str) -> list[str]:
    """What stands in the code as (Vietnamese, English)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            texts = [
                part.value for one in node.elts for part in ast.walk(one) if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            if any(re.search(r"[à-ỹ]", text) for text in texts):
                found.append(" ".join(texts))
    return found


def test_a_code_is_defined_once_and_in_its_own_room() -> None:
    seen: dict[str, str] = {}
    for file in sorted((ROOT / "bhxh").rglob("*.py")):
        for code in re.findall(r'\bdefine\(\s*"([A-Z0-9]+-\d+)"', file.read_text()):
            where = file.relative_to(ROOT).as_posix()
            assert code not in seen, f"{code} in {seen[code]} and {where}"
            seen[code] = where
            assert where.startswith(PREFIXES[code.partition("-")[0]]), f"{code} in {where}"
    # WHY not TST: tests of other rooms define sentences of their own in the same process.
    assert set(seen) == {code for code in CATALOGUE if not code.startswith("TST-")}


def test_every_declared_job_has_somebody_who_does_it() -> None:
    from bhxh.doors.jobs.tasks import TASKS

    assert jobs.NAMES, "the rooms declare jobs"
    assert set(TASKS) == jobs.NAMES


def procedures() -> tuple[object, ...]:
    from bhxh.procedures import PROCEDURES

    return tuple(PROCEDURES)


def test_every_procedure_sheet_is_complete() -> None:
    declared = procedures()
    folders = {file.parent.name for file in (ROOT / "bhxh/procedures").glob("*/__init__.py")}
    assert {one.slug for one in declared} == folders, "one slug: folder, address, prefix"
    assert len({one.code for one in declared}) == len(declared)
    for one in declared:
        for name in ("code", "title_vi", "title_en", "result_title_vi", "result_title_en", "law", "signature_rules", "versions"):
            assert getattr(one, name), f"{one.slug}: {name}"
        assert all(isinstance(clause, Citation) for clause in one.law)
        assert one.working_days >= 0
        codes = [component.code for component in one.components]
        assert len(set(codes)) == len(codes)
        assert all(component.title_vi and component.title_en for component in one.components)
        days = [rule.in_force_from for rule in one.signature_rules]
        assert days == sorted(set(days)), f"{one.slug}: signature rules in order of their days"
        assert one.signature_profile is not None or not any(rule.needs_certificate for rule in one.signature_rules)
        folder = ROOT / "bhxh/procedures" / one.slug
        assert (folder / "cases.yaml").exists() and (folder / "tests.py").exists(), f"{one.slug}: golden cases and tests beside it"
        assert inspect.getdoc(importlib.import_module(f"bhxh.procedures.{one.slug}"))
