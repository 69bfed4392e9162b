"""The XML door refuses what can harm, says where, and leaves text alone."""

import unicodedata

import pytest
from lxml import etree

from bhxh.kernel.errors import Invalid
from bhxh.signing.xml_door import parse_xml, serialise

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><Hoso>&c;</Hoso>'

REFUSED = {
    "entity bomb": (BOMB, "SIG-002"),
    "external entity": (b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Hoso>&f;</Hoso>', "SIG-002"),
    "external DTD": (b'<!DOCTYPE Hoso SYSTEM "http://127.0.0.1/x.dtd"><Hoso/>', "SIG-002"),
    "empty DTD": (b"<!DOCTYPE Hoso><Hoso/>", "SIG-002"),
    "DTD after a comment": (b"<?xml version='1.0'?><!-- x --> <?pi y?>\n<!DOCTYPE Hoso><Hoso/>", "SIG-002"),
    "DTD after a byte order mark": (b"\xef\xbb\xbf<!DOCTYPE Hoso><Hoso/>", "SIG-002"),
    "undeclared entity": (b"<Hoso>&khong;</Hoso>", "SIG-003"),
    "not closed": (b"<Hoso>\n  <A></B></Hoso>", "SIG-003"),
    "empty": (b"", "SIG-003"),
    "not XML": (b"%PDF-1.7", "SIG-003"),
    "a PDF with its binary mark": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "SIG-003"),
    "an archive": (b"PK\x03\x04\x14\x00\x06\x00", "SIG-003"),
    "UTF-16 without its mark": ("<Hoso/>".encode("utf-16-le"), "SIG-005"),
    "UTF-16 the other way round": ("<Hoso/>".encode("utf-16-be"), "SIG-005"),
    "a thousand attributes": (b"<Hoso><a " + b" ".join(b"b%d=''" % n for n in range(1000)) + b"/></Hoso>", "SIG-004"),
    "attributes that hold ends of tags": (b"<Hoso><a " + b" ".join(b"b%d='>'" % n for n in range(1000)) + b"/></Hoso>", "SIG-004"),
    "a hundred thousand attributes in all": (b"<Hoso>" + b"<a b=''/>" * 100_001 + b"</Hoso>", "SIG-004"),
    "attributes written wide apart": (b"<Hoso>" + b"<a b =           ''/>" * 100_001 + b"</Hoso>", "SIG-004"),
    "a hundred namespaces, one in the other": (b"".join(b"<a xmlns:n%d='u'>" % n for n in range(100)) + b"</a>" * 100, "SIG-004"),
    "a hundred namespaces, not closed": (b"".join(b"<a xmlns:n%d='u'/>" % n for n in range(100)), "SIG-003"),
    "two roots": (b"<Hoso/><Hoso/>", "SIG-003"),
    "too deep": (b"<a>" * 100_000 + b"</a>" * 100_000, "SIG-004"),
    "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?><Hoso/>'.encode("utf-16"), "SIG-005"),
    "other declared encoding": (b'<?xml version="1.0" encoding="windows-1258"?><Hoso/>', "SIG-005"),
    "bytes that are not UTF-8": (b"<Hoso>\xff\xfe</Hoso>", "SIG-005"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?><Hoso/>', "SIG-005"),
    "too large": (b"<Hoso>" + b" " * 2_000_000 + b"</Hoso>", "SIG-001"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_xml(data, maximum_bytes=1_000_000 if code == "SIG-001" else 3_000_000)
    assert caught.value.code == code
    assert caught.value.text("vi") != caught.value.text("en")


def test_says_where() -> None:
    with pytest.raises(Invalid) as caught:
        parse_xml(b"<Hoso>\n  <A></B></Hoso>", maximum_bytes=1000)
    assert caught.value.parameters["line"] == 2
    assert "dòng 2" in caught.value.text("vi")


def test_error_never_quotes_the_file() -> None:
    with pytest.raises(Invalid) as caught:
        parse_xml("<Hoso><Ten>Nguyễn Bí Mật</Tên></Hoso>".encode(), maximum_bytes=1000)
    assert "Bí Mật" not in str(caught.value) and "Bí Mật" not in caught.value.text("vi")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_leaves_text_as_sent(form: str) -> None:
    name = unicodedata.normalize(form, "Nguyễn Thị Hương")
    root = parse_xml(f"<Hoso>{name}</Hoso>".encode(), maximum_bytes=1000)
    assert root.text == name
    assert name.encode() in serialise(root)


def test_a_doctype_inside_text_is_text() -> None:
    assert parse_xml(b"<Hoso><![CDATA[<!DOCTYPE html>]]></Hoso>", maximum_bytes=1000).text == "<!DOCTYPE html>"


def test_schema_errors_name_the_place() -> None:
    schema = etree.XMLSchema(
        etree.fromstring(
            b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Hoso"><xs:complexType><xs:sequence>'
            b'<xs:element name="Thang" type="xs:gYearMonth"/></xs:sequence></xs:complexType></xs:element></xs:schema>'
        )
    )
    assert parse_xml(b"<Hoso><Thang>2026-11</Thang></Hoso>", maximum_bytes=1000, schema=schema).tag == "Hoso"
    with pytest.raises(Invalid) as caught:
        parse_xml(b"<Hoso>\n<Thang>11/2026</Thang></Hoso>", maximum_bytes=1000, schema=schema)
    assert caught.value.code == "SIG-006"
    assert caught.value.parameters["line"] == 2 and "Thang" in caught.value.where


def test_a_long_prolog_costs_one_pass() -> None:
    from time import process_time

    start = process_time()
    with pytest.raises(Invalid) as caught:
        parse_xml(b"<!---->" * 1_000_000 + b"<!DOCTYPE Hoso><Hoso/>", maximum_bytes=8_000_000)
    assert caught.value.code == "SIG-002" and process_time() - start < 2.0


def test_many_tags_are_refused_before_a_tree_is_built() -> None:
    """The root is never closed: who built a tree first would say so instead."""
    with pytest.raises(Invalid) as caught:
        parse_xml(b"<Hoso>" + b"<a/>" * 2_500_000, maximum_bytes=12_000_000)
    assert caught.value.code == "SIG-004"


def test_the_same_namespaces_on_every_element_are_taken() -> None:
    lines = b"".join(b"<D xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'/>" for _ in range(5000))
    assert len(parse_xml(b"<Hoso>" + lines + b"</Hoso>", maximum_bytes=1_000_000)) == 5000


def test_a_long_text_with_equals_signs_is_text() -> None:
    assert parse_xml(b"<Hoso>" + b"a = b; " * 1000 + b"</Hoso>", maximum_bytes=100_000).text
