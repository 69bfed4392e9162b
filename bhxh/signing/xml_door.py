"""The one way by which foreign XML comes in: size first, no DTD, no entities, no network, bounded depth."""

import re
from io import BytesIO
from typing import Any, cast

from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.signing.errors import (
    SIG_DTD,
    SIG_NOT_UTF8,
    SIG_NOT_WELL_FORMED,
    SIG_SCHEMA,
    SIG_TOO_DEEP,
    SIG_TOO_LARGE,
)

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00")
"""How UTF-16 and UTF-32 begin, with a byte order mark or without."""
_DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BEFORE_ROOT = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
"""Possessive, so that a long prolog costs one pass."""
MAXIMUM_TAGS = 1_000_000
"""LIMIT: a list of 10,000 lines with every column filled has some 880,000; a tree needs up to 260 bytes for each."""
MAXIMUM_ALL_ATTRIBUTES = 100_000
"""LIMIT: of the whole document, namespaces too. A list has one for each line, and a tree needs some 250 bytes for each."""
MAXIMUM_ATTRIBUTES = 256
"""LIMIT: of one element. Canonical XML sorts them, and libxml2 takes the square of their number: 800,000 would take minutes."""
MAXIMUM_NAMESPACES = 64
"""LIMIT: in scope at one place. Canonical XML looks through them at every element."""
_LONG_TAG = re.compile(rb"<[^<]{1024,}")
"""A tag with what follows it, where it is long enough to hold so many attributes."""
_ATTRIBUTE = re.compile(rb"=\s*+[\"']")
_TOO_MUCH = frozenset({"ERR_RESOURCE_LIMIT", "ERR_ENTITY_LOOP", "ERR_NAME_TOO_LONG", "ERR_INTERNAL_ERROR"})


def hardened_parser() -> etree.XMLParser:
    """A new parser with every convenience switched off. Depth 256 and text of 10 MB are libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
    )


def parse_xml(data: bytes, *, maximum_bytes: int, schema: etree.XMLSchema | None = None) -> etree._Element:
    """The root of a document that cannot harm us. Text stays as it was sent (NFC or not): signatures depend on it.

    Raises: Invalid SIG-001 to SIG-006, with line and column where there is one.
    """
    if len(data) > maximum_bytes:
        raise Invalid(SIG_TOO_LARGE, size_bytes=len(data), maximum_bytes=maximum_bytes)
    _check_beginning(data)
    _check_encoding(data)
    _check_prolog(data)
    _check_amount(data)
    try:
        root = etree.fromstring(data, parser=hardened_parser())
    except etree.XMLSyntaxError as error:
        raise _told(error) from None
    information = root.getroottree().docinfo
    if information.internalDTD is not None or information.externalDTD is not None:
        raise Invalid(SIG_DTD)
    if schema is not None:
        _check_schema(root, schema)
    return root


def serialise(root: etree._Element) -> bytes:
    """UTF-8 with its declaration. WHY: lxml's default turns every Vietnamese letter into a character reference."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def signed_form(root: etree._Element) -> bytes:
    """A document as a signature over the whole of it digests it (canonical XML 1.1), before there is one."""
    canonical: bytes = etree.tostring(root, method="c14n")
    return canonical


def _check_beginning(data: bytes) -> None:
    """WHY before the encoding: a PDF, a workbook or an archive should be told that it is no XML, not that it is no UTF-8."""
    first = data.removeprefix(_BOM).lstrip()[:1]
    if first != b"<" and not data.startswith(_WIDE):
        raise Invalid(SIG_NOT_WELL_FORMED, where="1:1", line=1, column=1, reason="ERR_DOCUMENT_EMPTY")


def _check_encoding(data: bytes) -> None:
    text = data.removeprefix(_BOM)
    declared = _DECLARED_ENCODING.match(text)
    if declared is not None and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise Invalid(SIG_NOT_UTF8)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(SIG_NOT_UTF8) from None
    if b"\x00" in data:
        raise Invalid(SIG_NOT_UTF8)


def _check_prolog(data: bytes) -> None:
    """Refuse a DOCTYPE before the parser sees it; it can stand only before the root element."""
    position = len(_BOM) if data.startswith(_BOM) else 0
    skipped = _BEFORE_ROOT.match(data, position)
    assert skipped is not None
    position = skipped.end()
    if data[position : position + 9].upper() == b"<!DOCTYPE":
        raise Invalid(SIG_DTD)


def _check_amount(data: bytes) -> None:
    """Few bytes can make much work: refuse more tags, attributes of one element or namespaces in one place than a form ever has."""
    if data.count(b"<") > MAXIMUM_TAGS:
        raise _too_much(1)
    if data.count(b"=") > MAXIMUM_ALL_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(data)) > MAXIMUM_ALL_ATTRIBUTES:
        raise _too_much(1)
    for tag in _LONG_TAG.finditer(data):
        if sum(1 for _ in _ATTRIBUTE.finditer(data, tag.start(), tag.end())) > MAXIMUM_ATTRIBUTES:
            raise _too_much(data.count(b"\n", 0, tag.start()) + 1)
    if data.count(b"xmlns") > MAXIMUM_NAMESPACES:
        _check_namespaces(data)


def _check_namespaces(data: bytes) -> None:
    """WHY in scope and not in all: some writers declare the same few on every element, which costs nothing."""
    in_scope = 0
    try:
        for event, _ in etree.iterparse(
            BytesIO(data), events=("start-ns", "end-ns"), resolve_entities=False, no_network=True, load_dtd=False
        ):
            in_scope += 1 if event == "start-ns" else -1
            if in_scope > MAXIMUM_NAMESPACES:
                raise _too_much(1)
    except etree.XMLSyntaxError as error:
        raise _told(error) from None


def _too_much(line: int) -> Invalid:
    return Invalid(SIG_TOO_DEEP, where=f"{line}:1", line=line, column=1, reason="ERR_RESOURCE_LIMIT")


def _told(error: etree.XMLSyntaxError) -> Invalid:
    entry = getattr(error.error_log, "last_error", None)  # WHY: the stubs do not know the log's own interface
    line, column = (error.position or (0, 0)) if error.position else (0, 0)
    # WHY: only the kind of the error. libxml2's own message can quote what stands in the file.
    reason = entry.type_name if entry is not None else "ERR_DOCUMENT_EMPTY"
    sentence = SIG_TOO_DEEP if reason in _TOO_MUCH else SIG_NOT_WELL_FORMED
    return Invalid(sentence, where=f"{line}:{column}", line=line, column=column, reason=reason)


def _check_schema(root: etree._Element, schema: etree.XMLSchema) -> None:
    if schema.validate(root):
        return
    first = cast("Any", schema.error_log)[0]
    raise Invalid(SIG_SCHEMA, where=first.path or f"{first.line}", line=first.line, path=first.path or root.tag, reason=first.message[:200])
