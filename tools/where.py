"""Find a procedure, a term, a sentence or a room: `make where Q="báo tăng"`. Marks and case do not matter.

Answers with places to open, the likeliest first: procedures, then the glossary, rooms, error codes, and the rest of the code.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bhxh.kernel.text import search_form  # noqa: E402 - the path must be set first

PLACES = (
    ("Procedures", "docs/procedures.md"),
    ("Procedures, their sheets", "bhxh/procedures/*/__init__.py"),
    ("Glossary", "docs/glossary.md"),
    ("Rooms", "bhxh/*/README.md"),
    ("Sentences", "docs/errors.md"),
    ("Procedures, inside", "bhxh/procedures/*/*.*"),
    ("Code", "bhxh/**/*.py"),
)
MOST = 8  # LIMIT: a screenful for each kind of place


def found(pattern: str, words: list[str]) -> Iterator[str]:
    """Lines that hold all the words, as `path:line: text`."""
    for file in sorted(ROOT.glob(pattern)):
        if not file.is_file() or file.suffix not in {".py", ".md", ".yaml"}:
            continue
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
            searched = search_form(line)
            if all(word in searched for word in words):
                yield f"{file.relative_to(ROOT)}:{number}: {line.strip()[:140]}"


def main() -> int:
    """Print what was found; exit status 1 where nothing was."""
    words = search_form(" ".join(sys.argv[1:])).split()
    if not words:
        print('say what you look for: make where Q="báo tăng"')
        return 2
    seen: set[str] = set()
    for title, pattern in PLACES:
        new = [hit for hit in found(pattern, words) if hit not in seen]
        if new:
            print(f"{title}\n" + "".join(f"  {hit}\n" for hit in new[:MOST]), end="")
            if len(new) > MOST:
                print(f"  ... and {len(new) - MOST} more")
        seen.update(new)
    if not seen:
        print("nothing found; docs/glossary.md lists the words of the field")
    return 0 if seen else 1


if __name__ == "__main__":
    sys.exit(main())
