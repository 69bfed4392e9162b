"""Ways to spoil a workbook, each by a seeded hand: torn archives, hostile sheets, other formats, and whatever a cell may hold."""

import io
import lzma
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

SHEET, STRINGS, STYLES, BOOK, LINKS, TYPES = (
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml",
)  # fmt: skip
Parts = dict[str, bytes]
Mutation = Callable[[random.Random, bytes], bytes]

NUMBERS = (
    "0", "-1", "-0.0", "1e400", "-1e400", "NaN", "inf", "-Infinity", "1e-320", "1e15", "999999999999999999999999", "0x1F", "1_000", "١٢٣", "12,5", "",
    " ", "1e308", "4294967296", "2147483648", "45000.99999999999", "-693594", "2958466", "60", "0.1", "79188000123", "7.9188E+10", "1" * 400, "1.7976931348623159e308",
)  # fmt: skip
TEXTS = (
    "", " ", "\u200b", "\u202eabc\u202c", "👩‍👩‍👧‍👦" * 20, "e\u0301" * 200, "\ufeffx", "\ud7ff\ue000", "ﷺ" * 40, "a" * 33_000, "𝟙𝟚𝟛", "=1+1", "=cmd|'/c calc'!A0", "+84",
    "@SUM(1)", "'; DROP TABLE x;--", "{0}{label}%s%(x)s", "${jndi:ldap://x}", "<b>&amp;</b>", "]]>", "NguyÔn ThÞ MÉu", "Nguye\u0302\u0303n Thi\u0323 Ma\u0302\u0303u",
    "Nguyeãn Thò Maãu", "\u0301\u0301\u0301", "İıŞş", "ß" * 300, "ΐ" * 200, "\u2028\u2029", "\xa0\xa0", "0" * 13, "079188000123 ", "07.91.88.00.01.23", "१२३४५६७८९०१२", "TM-", "-",
    "00/0000", "13/2026", "11/20266", "29/02/2023", "1/1/0001", "31/12/9999", "00/00/0000", "0000-00", "9999-12", "0001-01", "11/0000", "12/9999", "32,5%", "1e5", "١٤٥٠٠٠٠٠",
    "14.500.000,50", "--5", "1" * 500, "_x0000_", "_xD83D_", "\t\n\r", "#REF!", "TRUE", "NaN", "null", "None",
)  # fmt: skip
ADDRESSES = (
    "A0", "A-1", "ZZZZ4", "XFD1048576", "XFE1", "a4", "4A", "", "A4294967296", "A99999999999999999999", "$A$4", "A4:B5", "Á4", "A４", "R1C1", "AAAAAAAAAAAAA1", "A1048577", "A 4", "A4 ",
)  # fmt: skip


def unpack(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _with(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = unpack(data)
    if part in parts:
        parts[part] = change(parts[part])
    return pack(parts)


def _one_of(rng: random.Random, pattern: bytes, content: bytes, new: Callable[[re.Match[bytes]], bytes], most: int = 4) -> bytes:
    """Some of the places where a pattern stands are written anew."""
    places = list(re.finditer(pattern, content))
    for place in sorted(rng.sample(places, min(len(places), rng.randint(1, most))), key=lambda found: -found.start()):
        content = content[: place.start()] + new(place) + content[place.end() :]
    return content


def _noise(rng: random.Random) -> str:
    """Any characters that XML can carry, from all of Unicode."""
    kept = [
        chr(
            rng.choice(
                (rng.randrange(0x20, 0x250), rng.randrange(0x300, 0xD7FF), rng.randrange(0xE000, 0xFFFD), rng.randrange(0x10000, 0x10FFFF))
            )
        )
        for _ in range(rng.randint(1, 30))
    ]
    return "".join(kept)


# -- the archive ------------------------------------------------------------------------------------------------------


def flipped_bytes(rng: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)


def cut_or_doubled(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    stop = min(len(data), start + rng.choice((1, 30, 900, len(data))))
    return data[:start] + (data[start:stop] * rng.choice((0, 2, 3))) + data[stop:]


def flipped_inside_a_part(rng: random.Random, data: bytes) -> bytes:
    """The archive is whole, with the right sums; a part of it is torn."""
    part = rng.choice([name for name in unpack(data) if name.endswith((".xml", ".rels"))])
    return _with(data, part, lambda content: flipped_bytes(rng, content) if content else content)


def parts_moved(rng: random.Random, data: bytes) -> bytes:
    parts = unpack(data)
    for _ in range(rng.randint(1, 3)):
        name, other = rng.choice(list(parts)), rng.choice(list(parts))
        match rng.randrange(5):
            case 0:
                parts.pop(name)
            case 1:
                parts[
                    rng.choice(("../" + name, "/" + name, name.upper(), name.replace("/", "\\"), name + "/", "\u202e" + name, "x" * 300))
                ] = parts.pop(name)
            case 2:
                parts[name], parts[other] = parts[other], parts[name]
            case 3:
                parts[name] = rng.choice((b"", b"\x00" * 100, b"<", b"<a/>", parts[other], b"\xff\xfe" + parts[name]))
            case _:
                parts[f"xl/media/{rng.randrange(9)}.xml"] = parts[other]
    return pack(parts) if parts else pack({"x": b""})


def doubled_names(rng: random.Random, data: bytes) -> bytes:
    parts, target = unpack(data), io.BytesIO()
    wanted = rng.choice(list(parts))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        info = zipfile.ZipInfo("x" * len(wanted))
        archive.writestr(info, parts[rng.choice(list(parts))])
    return target.getvalue().replace(b"x" * len(wanted), wanted.encode())


def false_sizes(rng: random.Random, data: bytes) -> bytes:
    """What the directory of the archive promises: sizes, sums, methods, places, flags."""
    spoilt = bytearray(data)
    mark, offsets = rng.choice(
        (
            (b"PK\x01\x02", (8, 10, 16, 20, 24, 28, 30, 34, 42)),
            (b"PK\x03\x04", (4, 6, 8, 14, 18, 22, 26, 28)),
            (b"PK\x05\x06", (4, 8, 10, 12, 16, 20)),
        )
    )
    places = [found.start() for found in re.finditer(re.escape(mark), data)]
    for place in rng.sample(places, min(len(places), rng.randint(1, 3))):
        at = place + rng.choice(offsets)
        value = rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFF, rng.randrange(1 << 32)))
        spoilt[at : at + 4] = struct.pack("<I", value)
    return bytes(spoilt[: max(len(data), 22)])


def other_packing(rng: random.Random, data: bytes) -> bytes:
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    packed = pack(unpack(data), method)
    return rng.choice((packed, b"MZ" + packed, packed + b"x" * 70_000, packed + packed, packed[:-22]))


def bombs(rng: random.Random, data: bytes) -> bytes:
    parts = unpack(data)
    size = rng.choice((3_000_000, 60_000_000))
    place = rng.choice((SHEET, STRINGS, STYLES, "xl/media/a.bin", TYPES))
    filler = rng.choice((b" ", b"<a>", b"\x00", b"<row/>", b"A"))
    parts[place] = parts.get(place, b"") + filler * (size // len(filler))
    return pack(parts)


# -- the sheet --------------------------------------------------------------------------------------------------------


def addresses(rng: random.Random, data: bytes) -> bytes:
    def change(sheet: bytes) -> bytes:
        pattern = rng.choice((rb'(<c )r="[^"]*"', rb'(<row )r="[^"]*"', rb'(<row )r="[^"]*"( spans="[^"]*")?'))
        wanted = [str(rng.choice((0, -1, 1, 2, 3, 1048576, 1048577, 4294967295, 10**25)))] if b"row" in pattern else ADDRESSES
        return _one_of(
            rng, pattern, sheet, lambda found: found[1] + rng.choice((b'r="%s"', b"r='%s'", b'x="%s"')) % rng.choice(wanted).encode()
        )

    return _with(data, SHEET, change)


def types_of_cells(rng: random.Random, data: bytes) -> bytes:
    def change(sheet: bytes) -> bytes:
        kinds = (b"s", b"str", b"b", b"e", b"n", b"d", b"inlineStr", b"", b"x", b"S")
        sheet = _one_of(rng, rb'\bt="[^"]*"', sheet, lambda found: b't="%s"' % rng.choice(kinds))
        return _one_of(rng, rb'\bs="[^"]*"', sheet, lambda found: b's="%s"' % rng.choice((b"-1", b"99999999999", b"x", b"", b"3")))

    return _with(data, SHEET, change)


def values_of_cells(rng: random.Random, data: bytes) -> bytes:
    """Numbers and texts of all kinds, in cells where clerks write."""

    def value(found: re.Match[bytes]) -> bytes:
        if rng.random() < 0.4:
            return f'<c {found[1].decode()} t="n"><v>{escape(rng.choice(NUMBERS))}</v></c>'.encode()
        if rng.random() < 0.15:
            return f'<c {found[1].decode()} t="d"><v>{rng.choice(("2026-11-05", "0000-00-00", "99999-01-01", "2026-11-05T25:61:61Z", "x"))}</v></c>'.encode()
        text = rng.choice((*TEXTS, _noise(rng), _noise(rng)))
        kept = "".join(c for c in text if c in "\t\n\r" or c >= " ")
        return f'<c {found[1].decode()} t="inlineStr"><is><t xml:space="preserve">{escape(kept)}</t></is></c>'.encode(
            "utf-8", "surrogatepass"
        )

    return _with(
        data, SHEET, lambda sheet: _one_of(rng, rb'<c (r="[A-Z]+(?:[4-9]|1\d)"[^>]*?) t="[^"]*"><v>[^<]*</v></c>', sheet, value, most=12)
    )


def formulas(rng: random.Random, data: bytes) -> bytes:
    inner = (
        b"<f>1/0</f>",
        b"<f/>",
        b"<f>A1</f><v/>",
        b'<f t="shared" si="9"/>',
        b'<f t="array" ref="A1:XFD9">1</f><v>2</v>',
        b"<f>" + b"(" * 5_000 + b"</f>",
        b"<f>1</f><v>x</v>",
        b"<f><f/></f>",
    )
    return _with(data, SHEET, lambda sheet: _one_of(rng, rb"<v>[^<]*</v>", sheet, lambda found: rng.choice(inner), most=8))


def shared_strings(rng: random.Random, data: bytes) -> bytes:
    if rng.random() < 0.4:
        wanted = (b"-1", b"999999", b"4294967296", b"18446744073709551616", b"1.5", b"x", b"")
        return _with(data, SHEET, lambda sheet: _one_of(rng, rb'(t="s"><v>)\d+', sheet, lambda found: found[1] + rng.choice(wanted)))
    changes: tuple[Callable[[bytes], bytes], ...] = (
        lambda part: _one_of(
            rng, rb'(uniqueCount|count)="\d+"', part, lambda found: found[1] + b'="%d"' % rng.choice((0, 1, 10**6, 2**32, 2**64))
        ),
        lambda part: _one_of(
            rng,
            rb"<si>.*?</si>",
            part,
            lambda found: rng.choice(
                (b"", b"<si/>", found[0] * 3, b"<si><r><t>a</t></r><r><t>b</t></r></si>", b"<si><rPh><t>x</t></rPh></si>")
            ),
        ),
        lambda part: _one_of(
            rng, rb"(<t[^>]*>)[^<]*", part, lambda found: found[1] + escape(rng.choice(TEXTS)).encode("utf-8", "surrogatepass"), most=10
        ),
        lambda part: b"",
    )
    return _with(data, STRINGS, rng.choice(changes))


def shape_of_the_sheet(rng: random.Random, data: bytes) -> bytes:
    def change(sheet: bytes) -> bytes:
        rows = re.findall(rb"<row .*?</row>", sheet, re.DOTALL)
        match rng.randrange(9):
            case 0:
                return sheet.replace(
                    b"</sheetData>",
                    b"</sheetData><mergeCells>"
                    + b"".join(
                        b'<mergeCell ref="%s"/>' % rng.choice((b"A1:XFD1048576", b"B4:A1", b"x", b"A4:A4"))
                        for _ in range(rng.choice((1, 3_000)))
                    )
                    + b"</mergeCells>",
                )
            case 1:
                return re.sub(
                    rb"<dimension[^>]*>",
                    b'<dimension ref="%s"/>' % rng.choice((b"A1:XFD1048576", b"A0", b"", b"ZZZZZZ9:A1", b"A1:A99999999999")),
                    sheet,
                )
            case 2:
                return re.sub(
                    rb"<col [^>]*>",
                    lambda found: b'<col min="%d" max="%d"/>' % (rng.choice((0, 1, 17_000, 2**33)), rng.choice((-1, 5, 16_384, 2**33))),
                    sheet,
                )
            case 3:
                rng.shuffle(rows)
                return re.sub(
                    rb"<sheetData>.*</sheetData>", lambda found: b"<sheetData>" + b"".join(rows) + b"</sheetData>", sheet, flags=re.DOTALL
                )
            case 4:
                return sheet.replace(b"<sheetData>", b"<sheetData>" + rng.choice(rows or [b""]) * rng.choice((1, 50)))
            case 5:
                return sheet.replace(b"</row>", b"<row>" * rng.choice((1, 200)) + b"</row>", 1)
            case 6:
                return sheet.replace(b"sheetData", rng.choice((b"sheetdata", b"x:sheetData", b"sheetDatas")), rng.choice((1, 2)))
            case 7:
                return sheet.replace(
                    b"</sheetData>", b"<row>" + b"<c><v>1</v></c>" * rng.choice((20_000, 3)) + b"</row>" * 1 + b"</sheetData>"
                )
            case _:
                return sheet.replace(b"<row ", b"<x:row xmlns:x='urn:x' ").replace(b"</row>", b"</x:row>")

    return _with(data, SHEET, change)


def headers(rng: random.Random, data: bytes) -> bytes:
    """Field codes and labels: moved, doubled, lost, in another spelling."""

    def change(part: bytes) -> bytes:
        codes = (b"HoTen", b"MasoBHXH", b"PA", b"TuThang", b"TienLuong", b"Loai", b"CMND", b"KetQua", "Họ tên".encode(), b"")
        return _one_of(
            rng,
            rb"(<t[^>]*>)(HoTen|MasoBHXH|PA|TuThang|TienLuong|Loai|CMND|STT|NgaySinh)(?=</t>)",
            part,
            lambda found: found[1] + rng.choice(codes),
            most=5,
        )

    return _with(data, STRINGS, change)


def deep_or_many(rng: random.Random, data: bytes) -> bytes:
    many = rng.choice((300, 20_000, 100_000))
    stuffing = rng.choice((b"<a>" * many + b"</a>" * many, b"<c>" * many, b"<a " + b" ".join(b'b%d="1"' % n for n in range(many)) + b"/>", b"<!--" + b"-x" * many + b"-->",
                           b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * many + b"</t></is></c></row>", b"<a" + b"n" * many + b"/>", b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(20, 20 + many // 4))))  # fmt: skip
    return _with(
        data,
        rng.choice((SHEET, SHEET, STRINGS, BOOK)),
        lambda part: part.replace(
            *rng.choice(
                (
                    (b"</sheetData>", stuffing + b"</sheetData>"),
                    (b"</sst>", stuffing + b"</sst>"),
                    (b"</workbook>", stuffing + b"</workbook>"),
                )
            )
        ),
    )


# -- the book around it -----------------------------------------------------------------------------------------------


def book_and_links(rng: random.Random, data: bytes) -> bytes:
    changes: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
        (BOOK, lambda part: part.replace(b"<workbookPr", b"<workbookPr date1904='1'")),
        (BOOK, lambda part: _one_of(rng, rb'name="[^"]*"', part, lambda found: b'name="%s"' % rng.choice((b"", b"x" * 5_000, "ا".encode(), b"a/b:c*?", b"Danh m\xe1\xbb\xa5c", b"&amp;#0;", b"&#0;")))),
        (BOOK, lambda part: _one_of(rng, rb'r:id="[^"]*"', part, lambda found: rng.choice((b"", b'r:id=""', b'r:id="rId1"', b'r:id="rId99"', b'id="rId1"')))),
        (BOOK, lambda part: part.replace(b"</sheets>", b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(rng.choice((1, 3_000)))) + b"</sheets>")),
        (BOOK, lambda part: re.sub(rb"<sheets>.*</sheets>", b"", part)),
        (BOOK, lambda part: part.replace(b"</workbook>", b"<definedNames><definedName name='x'>" + b"(" * rng.choice((1, 9_000)) + b"</definedName></definedNames></workbook>")),
        (LINKS, lambda part: _one_of(rng, rb'Target="[^"]*"', part, lambda found: b'Target="%s"' % rng.choice((b"", b"../../x", b"http://127.0.0.1:9/x", b"/xl/workbook.xml", b"worksheets/sheet2.xml", b"\\\\host\\x", b"file:///etc/passwd")))),
        (STYLES, lambda part: _one_of(rng, rb'(numFmtId|xfId|fillId|count|formatCode)="[^"]*"', part, lambda found: found[1] + b'="%s"' % rng.choice((b"-1", b"99999999999", b"", b"x" * 3_000, b"[$-F800]", b"yyyy"))) ),
        (STYLES, lambda part: b"<styleSheet/>"),
        (TYPES, lambda part: part.replace(b"sheet.main", rng.choice((b"template.main", b"sheet.macroEnabled.main", b"x")))),
    )  # fmt: skip
    part, change = rng.choice(changes)
    return _with(data, part, change)


def entities(rng: random.Random, data: bytes) -> bytes:
    laughs = "".join(f'<!ENTITY a{n} "{"".join(f"&a{n - 1};" for _ in range(10))}">' for n in range(1, 10))
    dtd = rng.choice(
        (
            '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x">',
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>',
            '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>',
        )
    ).encode()
    use = rng.choice((b"&e;", b"&a9;", b"&#0;", b"&#x110000;", b""))

    def change(part: bytes) -> bytes:
        begin = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
        return part[:begin] + dtd + part[begin:].replace(b"</t>", use + b"</t>", 2).replace(b"</v>", use + b"</v>", 1)

    return _with(data, rng.choice((SHEET, STRINGS, BOOK, LINKS, STYLES, TYPES)), change)


def other_spelling(rng: random.Random, data: bytes) -> bytes:
    def change(part: bytes) -> bytes:
        text = part.decode("utf-8", "replace")
        return rng.choice(
            (
                b"\xef\xbb\xbf" + part,
                text.encode("utf-16"),
                text.encode("utf-32"),
                part.replace(b"UTF-8", b"latin-1"),
                part.replace(b"<?xml", b" <?xml"),
                part + b"\x00",
                part.replace(b">", b">\n"),
                part.replace(b'="', b" =\t'").replace(b'"', b"'"),
            )
        )

    return _with(data, rng.choice((SHEET, STRINGS, BOOK)), change)


# -- other files ------------------------------------------------------------------------------------------------------

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def other_formats(rng: random.Random, data: bytes) -> bytes:
    noise = rng.randbytes(rng.choice((0, 20, 600, 9_000)))
    rows = "HoTen;MasoBHXH;PA;TuThang\nNguyễn Thị Mẫu;079188000123;TM;11/2026\n" * rng.choice((1, 400))
    return rng.choice(
        (
            _OLE + noise,
            _OLE + struct.pack("<16xHHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0) + noise,
            b"\x09\x08\x10\x00\x00\x06\x05\x00" + noise,  # the beginning of a bare BIFF stream
            pack(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "content.xml": b"<office:document-content/>",
                    "META-INF/manifest.xml": noise,
                }
            ),
            pack({TYPES: b"<Types/>", "xl/workbook.bin": noise, "xl/worksheets/sheet1.bin": noise}),
            pack({TYPES: b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/workbook.bin": noise, LINKS: b"<Relationships/>"}),
            pack({TYPES: b"<Types/>", "word/document.xml": b"<w/>"}),
            rows.encode(),
            rows.encode("utf-16"),
            rows.encode("cp1252", "replace"),
            f"<html><table><tr><td>{rows}</td></tr></table></html>".encode(),
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            b"%PDF-1.7\n" + noise,
            b"\x89PNG\r\n\x1a\n" + noise,
            b"\x1f\x8b\x08" + noise,
            b"Rar!\x1a\x07\x01\x00" + noise,
            b"7z\xbc\xaf'\x1c" + noise,
            b"PK\x03\x04" + noise,
            b"PK\x05\x06" + bytes(18),
            noise,
        )
    )


def several_at_once(rng: random.Random, data: bytes) -> bytes:
    for mutation in rng.sample([one for one in MUTATIONS if one not in (several_at_once, other_formats, bombs)], 3):
        try:
            data = mutation(rng, data)
        except (
            zipfile.BadZipFile, ValueError, IndexError, KeyError, NotImplementedError, EOFError, RuntimeError, OSError, zlib.error, lzma.LZMAError,
        ):  # fmt: skip
            continue  # the earlier ones left too little to work on
    return data


MUTATIONS: tuple[Mutation, ...] = (
    flipped_bytes, cut_or_doubled, flipped_inside_a_part, parts_moved, doubled_names, false_sizes, other_packing, bombs, addresses, types_of_cells,
    values_of_cells, values_of_cells, formulas, shared_strings, shape_of_the_sheet, headers, deep_or_many, book_and_links, entities, other_spelling,
    other_formats, several_at_once, several_at_once,
)  # fmt: skip
