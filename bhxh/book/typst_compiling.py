"""Turn a typst template and data into PDF/A-3a + PDF/UA-1 bytes: own fonts only, no network, the same input gives the same page.

Where the installation seals its pages (`page_seals.py`), the seal comes behind the page, which it does not change. A document made before
is taken from the kept copies (`pdf_copies.py`), sealed as it was given; they are named by everything that goes in.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import typst

from bhxh.book.page_seals import present_page_seal
from bhxh.book.pdf_copies import bound_copies

_ROOM: Final = Path(__file__).resolve().parent
_COMPILER: Final = version("typst")
_STANDARDS: Final = ("a-3a", "ua-1")
_FOR_PRINTERS: Final = ("1.7",)
_UNSEALED: Final = b""

STYLE: Final = _ROOM / "templates" / "style.typ"
"""What every document to read shares. Templates import it as `style.typ`."""


@dataclass(frozen=True, slots=True)
class Template:
    """A page template and the files it imports by name, read once: what is compiled is what a copy is named by."""

    files: Mapping[str, bytes]

    @classmethod
    def read(cls, main: Path, *imported: Path) -> "Template":
        """With `style.typ` among the imported."""
        return cls({"main.typ": main.read_bytes(), **{file.name: file.read_bytes() for file in (STYLE, *imported)}})


def compile_pdf(template: Template, inputs: Mapping[str, str]) -> bytes:
    """Compile one template. `inputs` reach it as `sys.inputs`; user data must go in only there, as JSON text.

    The compiler refuses what would break PDF/A or PDF/UA, such as a picture without an alternative text.
    """
    copies, seal = bound_copies(), present_page_seal()
    for under in seal.names if seal is not None else (_UNSEALED,):
        kept = copies.find(_name(template, inputs, under)) if copies is not None else None
        if kept is not None:
            return kept
    made, under = _compile(template, inputs), _UNSEALED
    if seal is not None:
        made, under = seal.put_on(made)
    if copies is not None:
        copies.keep(_name(template, inputs, under), made)
    return made


def compile_with_files(template: Template, inputs: Mapping[str, str], files: Sequence[bytes], *, is_for_archives: bool = True) -> bytes:
    """The same with pictures or PDFs inside, sealed too. Nothing of it is kept, and the files reach the compiler in memory only.

    Shape:  the template finds their paths as a JSON list in `sys.inputs.files`. Pages of a PDF may be set only where the result is not
            for archives: the compiler does not vouch for what it did not set.
    """
    with ExitStack() as opened:
        paths = [opened.enter_context(_in_memory(file)) for file in files]
        standards = _STANDARDS if is_for_archives else _FOR_PRINTERS
        made = _compile(template, {**inputs, "files": json.dumps(paths)}, standards=standards, root="/")
    seal = present_page_seal()
    return made if seal is None else seal.put_on(made)[0]


@contextmanager
def _in_memory(content: bytes) -> Iterator[str]:
    """WHY not a temporary file: papers are encrypted wherever they lie, and whatever dies must leave none in the clear."""
    descriptor = os.memfd_create("bhxh", os.MFD_CLOEXEC)
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(content)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _compile(template: Template, inputs: Mapping[str, str], *, standards: Sequence[str] = _STANDARDS, root: str | None = None) -> bytes:
    fonts, _ = _fonts()
    made = typst.compile(  # type: ignore[call-overload]  # its stubs do not know that several files may be given by name
        dict(template.files),
        root=root,
        font_paths=fonts,
        format="pdf",
        sys_inputs=dict(inputs),
        pdf_standards=list(standards),
    )
    assert isinstance(made, bytes), "without an output path the compiler hands back bytes"
    return made


def _name(template: Template, inputs: Mapping[str, str], under: bytes = _UNSEALED) -> str:
    """Digest of the seal, the compiler, the standards, the fonts, the templates and the data; each part with its length before it."""
    digest = sha256()
    for part in (under, *_parts(template, inputs)):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(template: Template, inputs: Mapping[str, str]) -> Iterator[bytes]:
    yield _COMPILER.encode()
    yield " ".join(_STANDARDS).encode()
    yield _fonts()[1]
    for name, content in sorted(template.files.items()):
        yield name.encode()
        yield content
    for name, text in sorted(inputs.items()):
        yield name.encode()
        yield text.encode()


@cache
def _fonts() -> tuple[typst.Fonts, bytes]:
    """The fonts of this room and no others, and their digest."""
    folder, digest = _ROOM / "fonts", sha256()
    for file in sorted(folder.glob("*.ttf")):
        digest.update(sha256(file.read_bytes()).digest())
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]), digest.digest()
