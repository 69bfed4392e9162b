"""What is in the repository, and what is not."""

import ast
import re
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".txt",
    ".in",
    ".lock",
    ".csv",
    ".xml",
    ".xsd",
    ".html",
    ".typ",
    ".sh",
    ".cfg",
    ".js",
    ".scss",
    "",
}

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.~/-])/(?:work|root|home|Users)/(?!\.\.)\w"),
    "a package registry": re.compile(
        r"--(?:extra-)?index-url\s|--trusted-host|\"resolved\":\s*\"http|(?:^|//)[\w.-]*(?:artifactory|nexus)[\w.-]*/", re.MULTILINE
    ),
    "a private key": re.compile("-----BEGIN " + r"(?:[A-Z]+ )*PRIVATE KEY-----"),
}
ALLOWED = {
    "bhxh/wiring/embedded_postgres.py": "speaks of the folder an unprivileged server cannot read",
    "tests/house/test_files.py": "this file",
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def ours() -> list[Path]:
    return [file for file in tracked() if file.suffix in TEXT and file.stat().st_size < 5_000_000]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="NOT LOOKED AT: git lists the files, and this is no checkout. Run in a clone")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_repository_holds_no(what: str) -> None:
    found = []
    for file in ours():
        name = file.relative_to(ROOT).as_posix()
        match = FORBIDDEN[what].search(file.read_text(errors="replace")) if name not in ALLOWED else None
        if match:
            found.append(f"{name}: {match[0]}")
    assert found == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="NOT LOOKED AT: git lists the files, and this is no checkout. Run in a clone")
def test_modules_stay_readable() -> None:
    code = [file for file in tracked() if file.suffix == ".py" and file.is_relative_to(ROOT / "bhxh") and "migrations" not in file.parts]
    long = {file.relative_to(ROOT).as_posix(): lines for file in code if (lines := file.read_text().count("\n")) > 430}
    assert long == {}
    named = [file.relative_to(ROOT).as_posix() for file in code if file.stem in {"utils", "helpers", "common", "manager", "base", "misc"}]
    assert named == []
    unfinished = [
        file.relative_to(ROOT).as_posix()
        for file in code
        if re.search(r"\b(?:TODO|FIXME|XXX|raise NotImplementedError)\b", file.read_text())
    ]
    assert unfinished == []


def test_only_doors_wiring_and_programs_read_the_clock() -> None:
    clock = re.compile(
        r"\b(?:datetime\.now|datetime\.today|date\.today|datetime\.utcnow|timezone\.now|clock\.now)\(|from bhxh\.kernel\.clock import [^\n]*\bnow\b"
    )
    readers = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "bhxh").rglob("*.py")
        if clock.search(file.read_text()) and file.relative_to(ROOT / "bhxh").parts[0] not in {"doors", "wiring", "connectors"}
    }
    assert readers == {"bhxh/kernel/clock.py"}


def test_each_advisory_lock_has_a_number_of_its_own() -> None:
    """A lock of the same number taken elsewhere would make one part of the house wait for another without a reason."""
    users: dict[str, set[str]] = {}
    for file in (ROOT / "bhxh").rglob("*.py"):
        for number in re.findall(r"\b742_?\d{3}\b", file.read_text()):
            users.setdefault(number.replace("_", ""), set()).add(file.name)
    assert users and all(len(files) == 1 for files in users.values()), users


def test_rooms_import_downwards_only() -> None:
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_generated_documents_are_fresh() -> None:
    done = subprocess.run([sys.executable, "tools/generate_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_document_points_to_exists() -> None:
    """Links of Markdown files, and the files they name between backticks."""
    names = {file.relative_to(ROOT).as_posix() for file in tracked()}
    missing = []
    for document in (file for file in tracked() if file.suffix == ".md"):
        text = document.read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
        missing += [(document.name, link) for link in links if not (document.parent / link).exists()]
        mentioned = re.findall(r"`([\w./-]+\.(?:py|typ|csv|xsd|yaml|sh))`", text)
        missing += [(document.name, path) for path in mentioned if not any(f"/{name}".endswith(f"/{path}") for name in names)]
    assert not missing


def glossary_rows() -> list[list[str]]:
    rows = [line.strip().strip("|").split("|") for line in (ROOT / "docs/glossary.md").read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= {"-", " ", ":"} and row[0].strip() != "Tiếng Việt"]


def test_the_glossary_is_well_formed_and_says_each_thing_once() -> None:
    rows = glossary_rows()
    assert len(rows) > 60
    assert all(len(row) == 4 and row[0] and row[1] and row[2] for row in rows)
    names = [row[0].casefold() for row in rows]
    assert len(names) == len(set(names))


def test_names_in_the_code_are_those_of_the_glossary() -> None:
    """The last column of the glossary lists words that would say the same thing a second way."""
    instead = {word.strip("` "): row[2] for row in glossary_rows() for word in row[3].split(",") if word.strip("` ")}
    assert instead
    found = []
    for file in sorted((ROOT / "bhxh").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            named = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else node.arg if isinstance(node, ast.arg) else None
            if named is None:
                continue
            words = {word.casefold() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", named)}
            found += [f"{file.relative_to(ROOT)}: {named}: say {instead[word]}" for word in words & instead.keys()]
    assert found == []


@pytest.mark.parametrize("room", sorted(folder.name for folder in (ROOT / "bhxh").iterdir() if (folder / "__init__.py").exists()))
def test_every_room_introduces_itself(room: str) -> None:
    if room in {"wiring", "doors", "procedures", "connectors"}:
        assert ast.get_docstring(ast.parse((ROOT / "bhxh" / room / "__init__.py").read_text()))
        return
    readme = ROOT / "bhxh" / room / "README.md"
    assert readme.exists(), f"bhxh/{room}/README.md: what it is for, its tables, its invariants, three verbs, one example"
    assert "```" in readme.read_text(), "one example"


def declared_dependencies() -> list[str]:
    lines = (ROOT / "requirements/run.in").read_text().splitlines()
    return [re.split(r"[\[=<>~ ]", line)[0].casefold() for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("name", declared_dependencies())
def test_a_dependency_was_chosen_with_its_licence(name: str) -> None:
    """ADR 0009 names each dependency; strong copyleft stays out of what runs."""
    about = metadata(name)
    said = " ".join([about.get("License-Expression") or "", (about.get("License") or "")[:200], *(about.get_all("Classifier") or [])])
    assert name in (ROOT / "docs/adr/0009-dependencies-and-licences.md").read_text().casefold(), f"{name} is not in ADR 0009"
    assert not re.search(r"(?<!L)GPL|GNU General Public|GNU Affero", said), f"{name}: {said}"


def functions(pattern: str) -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for file in sorted(ROOT.glob(pattern)):
        name = file.relative_to(ROOT).as_posix()
        found += [(f"{name}:{node.name}", node) for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
    return found


def is_command(node: ast.FunctionDef) -> bool:
    named = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    return any(isinstance(one, ast.Name) and one.id == "command" for one in named)


def test_a_command_is_keyword_only_and_begins_with_who_and_when() -> None:
    commands = [(name, node) for name, node in functions("bhxh/**/*.py") if is_command(node)]
    assert len(commands) > 20
    for name, node in commands:
        assert not node.args.args and not node.args.posonlyargs, f"{name}: keyword-only"
        assert [one.arg for one in node.args.kwonlyargs[:2]] == ["actor", "at"], f"{name}: actor, at first"


def test_a_function_that_writes_is_a_command() -> None:
    """Public functions of `commands.py` are commands, but for those that must be called inside one."""
    exempt = {
        "bhxh/audit/commands.py",  # the journal itself
    }
    plain = [
        name
        for name, node in functions("bhxh/*/commands.py")
        if not node.name.startswith("_") and not is_command(node) and name.rpartition(":")[0] not in exempt
    ]
    assert set(plain) <= {"bhxh/registry/commands.py:lock_persons"}, plain


def test_what_applies_the_law_names_it() -> None:
    silent = []
    for pattern in ("bhxh/law/*.py", "bhxh/procedures/*/rules.py"):
        for name, node in functions(pattern):
            module_says = "Law:" in (ast.get_docstring(ast.parse((ROOT / name.rpartition(":")[0]).read_text())) or "")
            says = "Law:" in (ast.get_docstring(node) or "") or module_says
            if not node.name.startswith("_") and not says and not name.startswith("bhxh/law/dated_tables.py"):  # reads files
                silent.append(name)
    assert silent == []
