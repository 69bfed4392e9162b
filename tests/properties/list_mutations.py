"""Ways to spoil a canonical list before it is signed: what broken filing software, or a hostile filer with a good key, may send."""

import copy
import random
import re
from collections.abc import Callable

from lxml import etree

from tests.properties.workbook_mutations import NUMBERS, TEXTS

Mutation = Callable[[random.Random, bytes], bytes]
NUMERALS = ("0", "-1", "+1", "1.0", "9" * 30, "9" * 5_000, "٣", "１", "1e3", "", " 7 ", "2147483648", "9223372036854775808", "00001", "x")
MONTHS = (
    "11/2026",
    "10/2026",
    "01/2026",
    "12/2026",
    "00/2026",
    "13/2026",
    "01/0000",
    "12/9999",
    "01/0001",
    "١١/٢٠٢٦",
    "06/1970",
    "12/2006",
)
BIRTHS = (
    "31/02/2026",
    "00/00/0000",
    "29/02/1900",
    "29/02/2000",
    "1900",
    "0000",
    "٢٠٠٠",
    "2027",
    "05/1990",
    "01/01/0001",
    "31/12/9999",
    "1990",
)
WAGES = ("0", "100", "100.5", "100.01", "0.01", "99.99", "0.00", "101", "2.34", "9999999999", "14500000", "00000001", "٩٩٩")
NUMBERS_OF_PERSONS = (
    "079188000123",
    "000000000000",
    "٠٧٩١٨٨٠٠٠١٢٣",
    "7916001234",
    "123456789",
    "999999999999",
    "00000000000",
    "001399000001",
)
VALUES = (*MONTHS, *BIRTHS, *WAGES, *NUMBERS_OF_PERSONS, "1", "2", "01", "05", "TM", "ZZ", "999999.999999", "00001", "99999", "91")
CODES = (
    "TM",
    "TD",
    "TC",
    "ON",
    "TH",
    "GH",
    "GD",
    "GC",
    "KL",
    "OF",
    "TS",
    "DC",
    "CD",
    "TV",
    "GV",
    "TL",
    "GL",
    "DL",
    "TN",
    "GN",
    "DN",
    "TT",
    "TU",
    "AD",
    "AT",
    "DV",
    "SB",
)


def _spell(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _elements(root: etree._Element) -> list[etree._Element]:
    return [node for node in root.iter() if isinstance(node.tag, str)]


def _lines(root: etree._Element) -> list[etree._Element]:
    return [node for node in _elements(root) if etree.QName(node).localname == "Dong"]


def _carried(text: str) -> str:
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))


def dropped(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    for _ in range(rng.randint(1, 3)):
        chosen = rng.choice(_elements(root)[1:] or [root])
        if chosen.getparent() is not None:
            chosen.getparent().remove(chosen)  # type: ignore[union-attr]
    return _spell(root)


def doubled(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    chosen = rng.choice(_elements(root)[1:])
    for _ in range(rng.choice((1, 1, 40))):
        chosen.addnext(copy.deepcopy(chosen))
    return _spell(root)


def moved(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    chosen = rng.choice(_elements(root)[1:])
    inside = set(chosen.iter())
    target = rng.choice([node for node in _elements(root) if node not in inside])
    target.insert(rng.randint(0, len(target)), chosen)
    return _spell(root)


def renamed(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    nodes = _elements(root)
    rng.choice(nodes).tag = rng.choice((rng.choice(nodes).tag, "X", "{urn:khac}Dong", "Hoso"))
    return _spell(root)


def any_text(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    leaves = [node for node in _elements(root) if not len(node)]
    for node in rng.sample(leaves, min(len(leaves), rng.randint(1, 5))):
        node.text = _carried(rng.choice((*TEXTS, *NUMBERS, *VALUES)))
    return _spell(root)


def values_that_fit(rng: random.Random, data: bytes) -> bytes:
    """Values the schema lets pass, or nearly: odd months, codes and amounts, so that the rules have to answer."""
    root = etree.fromstring(data)
    for line in _lines(root):
        fields = {etree.QName(node).localname: node for node in line}
        choices: dict[str, tuple[str, ...]] = {
            "PA": CODES, "Loai": tuple("12345"), "TuThang": MONTHS, "DenThang": MONTHS, "TienLuong": WAGES, "NgaySinh": BIRTHS,
            "MasoBHXH": NUMBERS_OF_PERSONS,
        }  # fmt: skip
        for name, wanted in choices.items():
            if name in fields and rng.random() < 0.1:
                fields[name].text = rng.choice(wanted)
    return _spell(root)


def numbers_of_lines(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    for line in rng.sample(_lines(root), rng.randint(1, 2)):
        line.set("stt", rng.choice(NUMERALS))
    return _spell(root)


def header_values(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    for name in rng.sample(
        (
            "TenDoiTuong",
            "MaSoBHXH",
            "MaSoThue",
            "CoQuanQuanLy",
            "TenThuTuc",
            "MaThuTuc",
            "KyKeKhai",
            "SoDot",
            "NgayLap",
            "SoLuongFile",
            "MaToKhai",
        ),
        2,
    ):
        found = root.find(f".//{name}")
        if found is not None:
            found.text = _carried(rng.choice((*NUMERALS, *VALUES, *TEXTS)))
    return _spell(root)


def many_lines(rng: random.Random, data: bytes) -> bytes:
    root = etree.fromstring(data)
    line = rng.choice(_lines(root))
    number = max(int(one.get("stt", "1")) for one in _lines(root))
    for extra in range(rng.choice((20, 300))):
        added = copy.deepcopy(line)
        added.set("stt", str(number + 1 + extra))
        line.getparent().append(added)  # type: ignore[union-attr]
    return _spell(root)


def spelled(rng: random.Random, data: bytes) -> bytes:
    """Bytes changed by hand: comments, instructions, references, prefixes, space."""
    changes: tuple[Callable[[bytes], bytes], ...] = (
        lambda text: text.replace(b"<HoTen>", b"<HoTen><!-- x -->", 2),
        lambda text: text.replace(b"<HoTen>", b"<HoTen><?x y?>", 2),
        lambda text: re.sub(rb"<HoTen>([^<]*)", rb"<HoTen><![CDATA[\1]]>", text),
        lambda text: text.replace(b"<HoTen>", b"<HoTen>&#x200b;&#9;&#13;", 1),
        lambda text: text.replace(b"<HoTen>", b"<HoTen xml:lang='vi'>", 1),
        lambda text: text.replace(b"<PA>", b"<PA>\n ", 1),
        lambda text: text.replace(b"TM</PA>", b"T<b/>M</PA>", 1),
        lambda text: text.replace(b"</DanhSach>", b"tail</DanhSach>", 1),
        lambda text: text.replace(b"<Hoso>", b"<Hoso xmlns:f='urn:bhxh:register-employees:1'>", 1),
        lambda text: text.replace(b"urn:bhxh:register-employees:1", b"urn:bhxh:register-employees:2"),
        lambda text: text.replace(b"<CKy_Dvi/>", b"<CKy_Dvi><x/></CKy_Dvi>"),
        lambda text: text.replace(b"<CKy_Dvi/>", b"<CKy_Dvi/><CKy_Dvi/>"),
        lambda text: text.replace(b"</Hoso>", b"<!-- " + b"x" * 200_000 + b" --></Hoso>"),
        lambda text: text.replace(b"<DanhSach>", b"<DanhSach>" + b"<Dong>" * 300 + b"</Dong>" * 300),
    )
    return rng.choice(changes)(data)


def several_at_once(rng: random.Random, data: bytes) -> bytes:
    for mutation in rng.sample([one for one in MUTATIONS if one is not several_at_once], 2):
        try:
            data = mutation(rng, data)
        except (etree.LxmlError, ValueError, IndexError, AttributeError):
            continue  # the earlier one left too little to work on
    return data


MUTATIONS: tuple[Mutation, ...] = (
    dropped, doubled, moved, renamed, any_text, any_text, values_that_fit, values_that_fit, numbers_of_lines, header_values, many_lines, spelled, several_at_once,
)  # fmt: skip
