"""The little programs beside the code do what the README says."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def where(*words: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "tools/where.py", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_newcomer_finds_a_procedure_without_typing_marks() -> None:
    status, found = where("bao tang")
    assert status == 0
    assert found.startswith("Procedures\n  docs/procedures.md:") and "register_employees" in found.splitlines()[1]


def test_a_term_leads_to_the_glossary_and_nonsense_to_nothing() -> None:
    assert "docs/glossary.md:" in where("mức tham chiếu")[1]
    assert where("zzqx", "qqzx")[0] == 1
    assert where()[0] == 2


def test_the_logs_verifier_stands_alone_and_stays_small_enough_to_be_read() -> None:
    text = (ROOT / "tools" / "verify_log.py").read_text()
    imported = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert "import_module" not in text and "__import__" not in text and len(text.splitlines()) <= 250
