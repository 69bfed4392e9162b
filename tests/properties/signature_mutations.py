"""Ways to spoil a signed list, each by a seeded hand: what an attacker, a broken tool or a bad line may do to it."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from bhxh.signing.signature_shape import DS, XADES

D, X = f"{{{DS}}}", f"{{{XADES}}}"
ALGORITHMS = (
    "",
    "http://www.w3.org/2000/09/xmldsig#sha1",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
    "http://www.w3.org/2000/09/xmldsig#base64",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/04/xmldsig-more#md5",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmlenc#sha512",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2002/06/xmldsig-filter2",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "urn:khong-co",
)


@dataclass(frozen=True)
class Materials:
    """What an attacker holds: signed lists, and places that would betray a visit."""

    list_a: bytes
    list_b: bytes
    """Another list of the same signer."""
    strangers: bytes
    """A list that another licensed signer signed."""
    file: str
    url: str


Mutation = Callable[[random.Random, Materials], bytes]


def _spell(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _elements(root: etree._Element) -> list[etree._Element]:
    return [node for node in root.iter() if isinstance(node.tag, str)]


def _below(root: etree._Element) -> list[etree._Element]:
    return _elements(root)[1:]


def flipped_bytes(rng: random.Random, held: Materials) -> bytes:
    data = bytearray(held.list_a)
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def cut_or_doubled_bytes(rng: random.Random, held: Materials) -> bytes:
    data, start = held.list_a, rng.randrange(len(held.list_a))
    stop = min(len(data), start + rng.choice((1, 7, 60, 900)))
    return data[:start] + (data[start:stop] * 2 if rng.random() < 0.5 else b"") + data[stop:]


def removed_element(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    chosen = rng.choice(_below(root))
    chosen.getparent().remove(chosen)  # type: ignore[union-attr]
    return _spell(root)


def doubled_element(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    chosen = rng.choice(_below(root))
    chosen.addnext(copy.deepcopy(chosen))
    return _spell(root)


def moved_element(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    chosen = rng.choice(_below(root))
    inside = set(chosen.iter())
    target = rng.choice([node for node in _elements(root) if node not in inside])
    target.insert(rng.randint(0, len(target)), chosen)
    return _spell(root)


def swapped_elements(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    lines = root.findall("./NguoiLD")
    first, second = rng.sample(lines, 2)
    first[:], second[:] = list(copy.deepcopy(second)), list(copy.deepcopy(first))
    return _spell(root)


def changed_text(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    chosen = rng.choice([node for node in _elements(root) if (node.text or "").strip()])
    chosen.text = rng.choice(("", "EVIL", (chosen.text or "") + "0", (chosen.text or "")[::-1] + "x", "A" * 100_000, "QUJD", "é" * 9))
    return _spell(root)


def changed_attribute(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    node = rng.choice([node for node in _elements(root) if node.attrib])
    name = rng.choice(list(node.attrib))
    if rng.random() < 0.3:
        del node.attrib[name]
    else:
        node.set(name, rng.choice(("", "#", "goc", "#goc", held.url, f"file://{held.file}", "#xpointer(/)", "..", "cid:1")))
    return _spell(root)


def doubled_ids(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    known = [node.get("Id", "") for node in _elements(root) if node.get("Id")]
    kind = rng.choice(("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"))
    rng.choice(_elements(root)).set(kind, rng.choice(known))
    return _spell(root)


def swapped_signatures(rng: random.Random, held: Materials) -> bytes:
    """The signature, or a part of it, of another list or another signer."""
    root, other = etree.fromstring(held.list_a), etree.fromstring(rng.choice((held.list_b, held.strangers)))
    part = rng.choice((f"{D}Signature", f"{D}SignedInfo", f"{D}SignatureValue", f"{D}KeyInfo", f"{D}Object", f"{X}SignedProperties"))
    mine, theirs = next(root.iter(part)), next(other.iter(part))
    mine.getparent().replace(mine, theirs)  # type: ignore[union-attr]
    return _spell(root)


def wrapped(rng: random.Random, held: Materials) -> bytes:
    """The good list hidden somewhere in an evil one that bears its signature."""
    good = etree.fromstring(held.list_a)
    evil = copy.deepcopy(good)
    for node in evil.iter("Ten"):
        node.text = "EVIL"
    keeper = rng.choice((good, evil))
    bare = evil if keeper is good else good
    for signature in list(bare.iter(f"{D}Signature")):
        signature.getparent().remove(signature)  # type: ignore[union-attr]
    if rng.random() < 0.5:
        for name in list(bare.attrib):
            del bare.attrib[name]
    if rng.random() < 0.4:
        evil.set(rng.choice(("Id", "ID", "id")), rng.choice(("goc", "khac")))
    place = rng.choice([*_elements(evil), evil])
    place.insert(rng.randint(0, len(place)), good)
    return _spell(evil)


def added_reference(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    signed_info = next(root.iter(f"{D}SignedInfo"))
    references = signed_info.findall(f"{D}Reference")
    chosen = copy.deepcopy(rng.choice(references))
    if rng.random() < 0.8:
        chosen.set("URI", rng.choice((held.url, f"file://{held.file}", held.file, "", "#goc", "#xpointer(id('goc'))", "#khong")))
    if rng.random() < 0.5:
        held_steps = chosen.find(f"{D}Transforms")
        step = etree.SubElement(etree.SubElement(chosen, f"{D}Transforms") if held_steps is None else held_steps, f"{D}Transform")
        step.set("Algorithm", rng.choice(ALGORITHMS))
        step.append(_sheet(held))
    if rng.random() < 0.4:
        signed_info.remove(rng.choice(references))
    signed_info.append(chosen)
    return _spell(root)


def changed_algorithm(rng: random.Random, held: Materials) -> bytes:
    root = etree.fromstring(held.list_a)
    for _ in range(rng.randint(1, 3)):
        rng.choice([node for node in _elements(root) if node.get("Algorithm")]).set("Algorithm", rng.choice(ALGORITHMS))
    return _spell(root)


def entities(rng: random.Random, held: Materials) -> bytes:
    """DTDs, entities, processing instructions and inclusions that would fetch or swell."""
    laughs = "".join(f'<!ENTITY a{n} "{"".join(f"&a{n - 1};" for _ in range(10))}">' for n in range(1, 10))
    dtd = rng.choice(
        (
            f'<!DOCTYPE Hoso SYSTEM "{held.url}">',
            f'<!DOCTYPE Hoso SYSTEM "file://{held.file}">',
            f'<!DOCTYPE Hoso [<!ENTITY x SYSTEM "file://{held.file}">]>',
            f'<!DOCTYPE Hoso [<!ENTITY % x SYSTEM "{held.url}"> %x;]>',
            f'<!DOCTYPE Hoso [<!ENTITY a0 "ha">{laughs}]>',
            '<!DOCTYPE Hoso [<!ATTLIST Hoso Id ID "goc">]>',
            f'<?xml-stylesheet type="text/xsl" href="{held.url}"?>',
            f'<?xml-model href="file://{held.file}"?>',
        )
    ).encode()
    data = held.list_a.replace(b"?>", b"?>" + dtd, 1)
    use = rng.choice(
        (b"&x;", b"&a9;", b"&lt;", f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{held.file}"/>'.encode(), b"")
    )
    return data.replace(b"</Ten>", use + b"</Ten>", 1)


def deep_or_huge(rng: random.Random, held: Materials) -> bytes:
    many = rng.choice((300, 5_000, 60_000))
    stuffing = rng.choice(
        (
            b"<a>" * many + b"</a>" * many,
            b"<a/>" * many,
            b"<a " + b" ".join(b'b%d="1"' % n for n in range(many)) + b"/>",
            b"<a>" + b"A" * many * 10 + b"</a>",
            b"".join(b'<ds:Signature xmlns:ds="%s"/>' % DS.encode() for _ in range(many // 10)),
            b"".join(b'<a Id="goc"/>' for _ in range(many // 10)),
            b"<!--" + b"x" * many + b"-->",
            b"<a" + b"n" * many + b"/>",
        )
    )
    place = rng.choice((b"</Hoso>", b"</CKy_Dvi>", b"</ds:Object>", b"</ds:KeyInfo>"))
    return held.list_a.replace(place, stuffing + place, 1)


def other_spelling(rng: random.Random, held: Materials) -> bytes:
    """What changes bytes and may change nothing: comments, character references, quotes, marks, space outside the root."""
    data = held.list_a
    return rng.choice(
        (
            b"\xef\xbb\xbf" + data,
            data + b"\n<!-- end -->\n",
            data.replace(b"</Ten>", b"<!-- x --></Ten>"),
            data.replace(b"<Ten>", b"<!-- x --><Ten>", rng.randint(1, 5)),
            data.replace("Hương".encode(), b"H&#432;&#417;ng"),
            data.replace("Hương".encode(), "Hu\u031bo\u031bng".encode()),
            data.replace(b"<Ten>", b"<Ten><![CDATA[").replace(b"</Ten>", b"]]></Ten>"),
            data.replace(b"<Ten>", b"<Ten >"),
            data.replace(b"<Ten>", b"<Ten xmlns=''>"),
            data.replace(b"<Ten>", b"<Ten xmlns='urn:x'>"),
            data.replace(b"<Hoso ", b"<Hoso xmlns:evil='urn:x' ", 1),
            data.replace(b"<Hoso ", f"<Hoso xml:base='{held.url}' ".encode(), 1),
            data.replace(b"<?xml", b" <?xml", 1),
            data.replace(b"UTF-8", rng.choice((b"utf-16", b"latin-1", b"US-ASCII", b"UTF8")), 1),
            data.replace(b"\n", b"\r\n"),
            data.decode().encode("utf-16"),
            data.replace(b"ds:", b"dsig:").replace(b"xmlns:ds=", b"xmlns:dsig="),
        )
    )


def several_at_once(rng: random.Random, held: Materials) -> bytes:
    chosen = rng.sample([one for one in MUTATIONS if one is not several_at_once], 3)
    data = held.list_a
    for mutation in chosen:
        try:
            spoilt = Materials(data, held.list_b, held.strangers, held.file, held.url)
            data = mutation(rng, spoilt)
        except (etree.LxmlError, UnicodeDecodeError, ValueError, IndexError, StopIteration):
            continue  # the earlier ones left too little to work on
    return data


def _sheet(held: Materials) -> etree._Element:
    return etree.fromstring(
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
        f"<xsl:copy-of select=\"document('{held.url}')\"/></xsl:template></xsl:stylesheet>"
    )


MUTATIONS: tuple[Mutation, ...] = (
    flipped_bytes,
    cut_or_doubled_bytes,
    removed_element,
    doubled_element,
    moved_element,
    swapped_elements,
    changed_text,
    changed_attribute,
    doubled_ids,
    swapped_signatures,
    wrapped,
    added_reference,
    changed_algorithm,
    entities,
    deep_or_huge,
    other_spelling,
    several_at_once,
)
