"""What ISO 19005-3 (level A) and ISO 14289-1 ask of a file, looked up in the file itself: books, receipts, decisions, extracts.

No validator of these standards can be installed here, so their demands on structure are checked one by one with a reader that did not
write the file; what only a person can judge (reading order, contrast, whether an alternative text is a good one) is not.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from bhxh.book.rendering import render_pdf
from bhxh.book.states import BookState
from bhxh.dossiers.rendering import render_decision_pdf, render_receipt_pdf
from bhxh.kernel.custodian import Custodian
from bhxh.procedures.confirmation_extract.rendering import render_extract_pdf
from tests.other_programs import needs
from tests.unit.book.books import composed, header
from tests.unit.book.test_rendering import BLOCKS, FIXED_SEAL, LONG
from tests.unit.dossiers import letters
from tests.unit.procedures.extracts import sealed_extract
from tools.foreign import page_readers
from tools.foreign.programs import run

URL = "https://bhxh.example"


def _book(**more: Any) -> bytes:
    return render_pdf(composed(**more).payload, FIXED_SEAL, verification_address=URL + "/xac-minh/" + "0" * 64)


def _decision(document: Any) -> bytes:
    return render_decision_pdf(letters.payload(document), letters.SEAL, number=2, public_url=URL)


def _receipt(*, is_pending: bool) -> bytes:
    return render_receipt_pdf(letters.payload(letters.receipt(is_pending=is_pending)), letters.SEAL, custodian=Custodian.MOF)


MAKERS: dict[str, tuple[Callable[[], bytes], str, Callable[[], bytes]]] = {
    "book, long": (lambda: _book(lines=LONG, **BLOCKS), "so-bhxh.json", lambda: FIXED_SEAL),
    "book, new and suspended": (lambda: _book(its_header=header(state=BookState.SUSPENDED)), "so-bhxh.json", lambda: FIXED_SEAL),
    "receipt": (lambda: _receipt(is_pending=False), "giay-tiep-nhan.json", lambda: letters.SEAL),
    "receipt, signature pending": (lambda: _receipt(is_pending=True), "giay-tiep-nhan.json", lambda: letters.SEAL),
    "decision, rules": (lambda: _decision(letters.decision(40, refused=frozenset({3, 7}))), "quyet-dinh.json", lambda: letters.SEAL),
    "decision, officers": (lambda: _decision(letters.decision(1, kind="officers")), "quyet-dinh.json", lambda: letters.SEAL),
    "decision, no list": (lambda: _decision(letters.request(is_refused=True)), "quyet-dinh.json", lambda: letters.SEAL),
    "extract": (lambda: render_extract_pdf(sealed_extract(LONG), public_url=URL), "ban-trich.json", lambda: sealed_extract(LONG)),
    "extract, nothing": (lambda: render_extract_pdf(sealed_extract([]), public_url=URL), "ban-trich.json", lambda: sealed_extract([])),
}
every_document = pytest.mark.parametrize("name", MAKERS)


@cache
def made(name: str) -> bytes:
    return MAKERS[name][0]()


@cache
def read(name: str) -> PdfFileReader:
    return PdfFileReader(BytesIO(made(name)))


@cache
def objects(name: str) -> tuple[Any, ...]:
    """Every dictionary and stream that can be reached from the trailer."""
    return tuple(_walk(read(name).trailer.raw_get("/Root"), set()))


def _walk(value: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            yield item
            waiting += [item.raw_get(key) for key in item]
        elif isinstance(item, ArrayObject):
            waiting += [item.raw_get(position) for position in range(len(item))]


def kinds(name: str, kind: str) -> list[Any]:
    return [item for item in objects(name) if item.get("/Type") == kind]


def each(value: Any) -> list[Any]:
    """One or several, looked up."""
    several = value if isinstance(value, ArrayObject) else [value]
    return [item.get_object() if isinstance(item, IndirectObject) else item for item in several]


def elements(name: str) -> list[Any]:
    """The structure tree, in reading order."""

    def below(node: Any) -> Iterator[Any]:
        for child in each(node.get("/K", ArrayObject())):
            if isinstance(child, DictionaryObject) and "/S" in child:
                yield child
                yield from below(child)

    return list(below(read(name).root["/StructTreeRoot"]))


def drawn(name: str) -> list[bytes]:
    """What each page draws."""
    return [b"\n".join(part.data for part in each(page["/Contents"])) for page in kinds(name, "/Page")]


def role(name: str, element: Any) -> str:
    roles = read(name).root["/StructTreeRoot"].get("/RoleMap", {})
    return str(roles.get(element["/S"], element["/S"]))


def metadata(name: str) -> Any:
    return etree.fromstring(read(name).root["/Metadata"].data)


def told(name: str, path: str) -> list[str]:
    spaces = {
        "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
        "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
    return [str(text) for text in metadata(name).xpath(path, namespaces=spaces)]


@every_document
def test_the_file_says_what_it_is(name: str) -> None:
    """ISO 19005-3, 6.1.2, 6.1.3, 6.6.4; ISO 14289-1, 5."""
    assert made(name)[:8] == b"%PDF-1.7"
    assert min(made(name)[10:14]) > 127, "a comment of four bytes above 127 follows the header"
    assert told(name, "//pdfaid:part/text()") == ["3"]
    assert told(name, "//pdfaid:conformance/text()") == ["A"]
    assert told(name, "//pdfuaid:part/text()") == ["1"]
    first, second = each(read(name).trailer["/ID"])
    assert first and second


@every_document
def test_metadata_and_document_information_agree(name: str) -> None:
    """ISO 19005-3, 6.6.2, 6.6.3."""
    information = read(name).trailer["/Info"]
    assert told(name, "//dc:title//rdf:li/text()") == [information["/Title"]]
    assert told(name, "//dc:creator//rdf:li/text()") == [information["/Author"]]
    assert told(name, "//dc:language//rdf:li/text()") == ["vi"]
    for key, path in (("/CreationDate", "//xmp:CreateDate/text()"), ("/ModDate", "//xmp:ModifyDate/text()")):
        [said] = told(name, path)
        assert re.sub(r"\D", "", said)[:14] == re.sub(r"\D", "", str(information[key]))[:14]
    assert "/Filter" not in read(name).root["/Metadata"], "any tool can read it"


@every_document
def test_who_listens_can_read_it(name: str) -> None:
    """ISO 14289-1, 7.1, 7.2, 7.17; ISO 19005-3, 6.7."""
    root = read(name).root
    assert root["/MarkInfo"]["/Marked"].value is True
    assert str(root["/Lang"]) == "vi"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert any(b"/Lang(en)" in page for page in drawn(name)), "English words are said in English"
    assert root["/Outlines"]["/First"]["/Title"], "headings are bookmarks"


@every_document
def test_the_structure_is_made_of_known_kinds_in_their_order(name: str) -> None:
    """ISO 32000-1, 14.8.4; ISO 14289-1, 7.3, 7.4, 7.5."""
    tree = elements(name)
    standard = "Document Part Art Sect Div Caption NonStruct P H1 H2 H3 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Link Figure Form Note Code"
    assert {role(name, element) for element in tree} <= {f"/{kind}" for kind in standard.split()}
    levels = [int(found[1]) for element in tree if (found := re.fullmatch(r"/H(\d)", role(name, element)))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    for element in tree:
        if role(name, element) in ("/Figure", "/Formula"):
            assert str(element.get("/Alt", "")), "every picture has words"
        if role(name, element) == "/TH":
            assert any("/Scope" in attribute for attribute in each(element["/A"]))
    if any(role(name, element) == "/Table" for element in tree):
        assert any(role(name, element) == "/TH" for element in tree)


@every_document
def test_nothing_is_painted_that_the_structure_does_not_know(name: str) -> None:
    """ISO 14289-1, 7.1: real content is tagged, all other is marked as an artefact."""
    painted = 0
    assert all("/StructParents" in page for page in kinds(name, "/Page"))
    for data in drawn(name):
        depth = 0
        for operator in _operators(data):
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in (b"Tj", b"TJ", b"'", b'"', b"f", b"f*", b"F", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"BI"):
                painted += 1
                assert depth > 0, (name, operator)
            assert operator not in (b"k", b"K"), "no CMYK: the output intent is for RGB"
        assert depth == 0
    assert painted > 50


_TOKEN = re.compile(rb"<<|>>|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*|[\[\]]|[-+]?(?:\d+\.?\d*|\.\d+)|[A-Za-z*'\"]+[01]?|\s+|%[^\r\n]*")
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)


def _operators(data: bytes) -> Iterator[bytes]:
    """The operators of a content stream: strings, names, numbers, arrays and dictionaries are passed over."""
    position = 0
    while position < len(data):
        if data[position : position + 1] == b"(":
            position = _after_string(data, position)
            continue
        found = _TOKEN.match(data, position)
        assert found is not None, data[position : position + 40]
        position = found.end()
        if re.match(rb"[A-Za-z*'\"]", found[0]):
            yield found[0]


def _after_string(data: bytes, position: int) -> int:
    depth = 0
    for found in _IN_STRING.finditer(data, position):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise AssertionError("a string without an end")


@every_document
def test_every_font_is_inside_with_its_letters(name: str) -> None:
    """ISO 19005-3, 6.2.11."""
    fonts = [item for item in kinds(name, "/Font") if item["/Subtype"] in ("/Type0", "/TrueType", "/Type1", "/Type3")]
    assert fonts
    for font in fonts:
        assert font["/Subtype"] == "/Type0"
        assert "/ToUnicode" in font
        [below] = each(font["/DescendantFonts"])
        descriptor = below["/FontDescriptor"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert re.fullmatch(r"/[A-Z]{6}\+(BeVietnamPro|Inter)-\w+", descriptor["/FontName"]), "a subset of a font of ours"
        assert below["/CIDToGIDMap"] == "/Identity"


@every_document
def test_colours_are_defined(name: str) -> None:
    """ISO 19005-3, 6.2.3, 6.2.4."""
    [intent] = each(read(name).root["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"]
    assert int(profile["/N"]) == 3
    assert profile.data[36:40] == b"acsp" and profile.data[16:20] == b"RGB "


@every_document
def test_the_sealed_original_is_attached_as_the_source(name: str) -> None:
    """ISO 19005-3, 6.8."""
    root, (_, file_name, original) = read(name).root, MAKERS[name]
    [attached] = each(root["/AF"])
    listed = each(root["/Names"]["/EmbeddedFiles"]["/Names"])
    assert (len(listed), listed[1]["/UF"]) == (2, file_name)
    assert (attached["/Type"], attached["/AFRelationship"]) == ("/Filespec", "/Source")
    assert str(attached["/F"]) == str(attached["/UF"]) == file_name
    assert "bản gốc" in str(attached["/Desc"])
    embedded = attached["/EF"]["/F"]
    assert embedded["/Subtype"] == "/application/jose+json"
    assert "/ModDate" in embedded["/Params"]
    assert embedded.data == original()


@every_document
def test_nothing_runs_and_nothing_is_hidden(name: str) -> None:
    """ISO 19005-3, 6.1.3, 6.1.7, 6.4, 6.5: no encryption, scripts, actions, forms, sound, external content, layers of other software."""
    assert not read(name).encrypted
    forbidden = {"/JS", "/JavaScript", "/OpenAction", "/AA", "/AcroForm", "/XFA", "/OCProperties", "/NeedsRendering", "/Alternates", "/OPI"}
    for item in objects(name):
        assert not forbidden & set(item), set(item)
        assert item.get("/S") not in ("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript", "/GoToR")
        if isinstance(item, StreamObject):
            assert "LZW" not in str(item.get("/Filter", "")) and "/F" not in item


@every_document
def test_poppler_has_nothing_against_it(name: str, tmp_path: Path) -> None:
    needs("pdfinfo")
    said = run("pdfinfo", _written(name, tmp_path)).stdout.decode()
    for words in (r"Tagged:\s+yes", r"JavaScript:\s+no", r"Encrypted:\s+no", r"Form:\s+none"):
        assert re.search(words, said), words


@every_document
def test_qpdf_has_nothing_against_it(name: str) -> None:
    needs("qpdf")
    assert page_readers.qpdf(made(name)).holds


def _written(name: str, folder: Path) -> Path:
    (folder / "document.pdf").write_bytes(made(name))
    return folder / "document.pdf"


def test_the_reader_of_content_streams_sees_what_is_painted_outside() -> None:
    """The check above would notice."""
    assert list(_operators(b"/P <</MCID 0>> BDC (a\\)(f)b) Tj EMC 0 0 1 1 re f <0041> Tj % S\n/f gs")) == [
        b"BDC",
        b"Tj",
        b"EMC",
        b"re",
        b"f",
        b"Tj",
        b"gs",
    ]
