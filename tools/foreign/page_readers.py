"""What readers of PDFs and of pictures say: poppler, qpdf, mupdf, zbar."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.foreign.programs import Said, in_short, run

_UNTOUCHED = "The document is unchanged since signing."
_GROWN = "The signature is valid but there have been edits since signing."


def pdfsig(pdf: bytes, *, signer: str, is_whole: bool = True) -> Said:
    """Poppler's `pdfsig`: the seal is valid and whose; `is_whole` where nothing may have been added after it."""
    with _written(pdf) as file:
        done = run("pdfsig", "-nocert", file)
    first = done.stdout.decode("utf-8", "replace").partition("Signature #2")[0]
    holds = "Signature is Valid" in first and signer in first and ("Total document signed" in first or not is_whole)
    verdict = re.findall(r"- (Total document signed|Not total document signed|Signature Validation: .*)", first)
    return Said(holds, "; ".join(verdict) or in_short(done.stdout, done.stderr))


def mutool(pdf: bytes, *, is_whole: bool = True) -> Said:
    """Mupdf's `mutool sign -v`: the document is as it was signed; without `is_whole` it may have grown since. It knows no authority of ours."""
    with _written(pdf) as file:
        done = run("mutool", "sign", "-v", file)
    first = re.split(rb"Verifying signature", done.stdout + done.stderr)[1:2]
    text = first[0].decode("utf-8", "replace") if first else ""
    holds = _UNTOUCHED in text or (_GROWN in text and not is_whole)
    return Said(holds, in_short(text.rpartition("error.")[2].encode() or done.stderr))


def qpdf(pdf: bytes) -> Said:
    """`qpdf --check`: the file's structure and every stream in it."""
    with _written(pdf) as file:
        done = run("qpdf", "--check", file)
    return Said(done.returncode == 0, in_short(done.stderr or done.stdout.rpartition(b"linearized")[2]))


def attachment(pdf: bytes) -> bytes:
    """The one file that `qpdf` finds attached. Raises ValueError where there is another number of them, or it is damaged."""
    with _written(pdf) as file:
        names = re.findall(rb"^(\S+) -> ", run("qpdf", "--list-attachments", file).stdout, re.MULTILINE)
        if len(names) != 1:
            raise ValueError(f"{len(names)} attachments")
        done = run("qpdf", f"--show-attachment={names[0].decode()}", file)
    if done.returncode != 0:
        raise ValueError(in_short(done.stderr))
    return done.stdout


def attached(pdf: bytes, original: bytes) -> Said:
    """That file is the sealed original, byte by byte."""
    try:
        found = attachment(pdf)
    except ValueError as damaged:
        return Said(holds=False, words=str(damaged))
    return Said(found == original, f"{len(found)} bytes{'' if found == original else ', of another file'}")


def codes_on_pages(pdf: bytes, *, dots: int = 150) -> list[str]:
    """What zbar reads on every page as it looks on a photocopy: grey, so many dots to the inch."""
    with _written(pdf) as file:
        run("pdftoppm", "-r", str(dots), "-gray", "-png", file, file.with_name("page"))
        return [code for page in sorted(file.parent.glob("page-*.png")) for code in _zbar(page)]


def codes_in_picture(png: bytes) -> list[str]:
    """What zbar reads in a picture."""
    with _written(png) as file:
        return _zbar(file)


def reads(found: Sequence[str], *expected: str) -> Said:
    """Whether these codes are there, as they were issued."""
    told = ", ".join(f"{one[:60]}{'…' if len(one) > 60 else ''}" for one in found)
    return Said(set(expected) <= set(found), f"read: {told}" if found else "read nothing")


def _zbar(picture: Path) -> list[str]:
    # WHY only QR: with every symbology on it writes hundreds of warnings.
    return run("zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", picture).stdout.decode("utf-8", "replace").splitlines()


@contextmanager
def _written(content: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as made:
        file = Path(made) / "file"
        file.write_bytes(content)
        yield file
