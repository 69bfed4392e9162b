"""Ways to spoil a sealed document (a book as JSON, or the PDF that carries it) before somebody has it verified."""

import random
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable

import orjson

from tests.properties.workbook_mutations import cut_or_doubled, flipped_bytes

Mutation = Callable[[random.Random, bytes], bytes]
_VALUES = (None, 0, -1, 1.5, True, "", "x", "A" * 100_000, [], {}, ["a"], {"typ": "bhxh-book+json"}, "é", "%%%", "\ud7ff")


def _packed(value: object) -> str:
    return urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


def fields(rng: random.Random, data: bytes) -> bytes:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        return data
    for _ in range(rng.randint(1, 2)):
        name = rng.choice(["protected", "payload", "signature", "header", "x"])
        match rng.randrange(3):
            case 0:
                document.pop(name, None)
            case 1:
                document[name] = rng.choice(_VALUES)
            case _:
                document[name] = _packed(
                    rng.choice((*_VALUES, {"alg": "none", "typ": "bhxh-book+json"}, {"alg": "ES256", "kid": 7, "typ": "bhxh-book+json"}))
                )
    return orjson.dumps(document)


def other_header(rng: random.Random, data: bytes) -> bytes:
    """Another kind, key or algorithm than the one it was sealed with."""
    types = ("bhxh-book+json", "bhxh-receipt+json", "bhxh-decision+json", "bhxh-audit-root+json", "bhxh-extract+json", "", "x" * 9_000)
    header = {
        "alg": rng.choice(("ES256", "none", "HS256", "RS256", "", 5)),
        "kid": rng.choice(("", "x", None, 1)),
        "typ": rng.choice(types),
        "crit": rng.choice((None, ["x"], 1)),
    }
    return re.sub(rb'("protected":\s*")[^"]*', lambda found: found[1] + _packed(header).encode(), data, count=1)


def spelled(rng: random.Random, data: bytes) -> bytes:
    return rng.choice(
        (
            b"[" * 200_000,
            b'{"a":' * 100_000,
            b'{"protected":"' + b"A" * 3_000_000 + b'"}',
            b'{"protected": 1e999}',
            b'{"protected": ' + b"9" * 10_000 + b"}",
            b"\xef\xbb\xbf" + data,
            data.decode("utf-8", "replace").encode("utf-16"),
            data + data,
            b" " * 500_000 + data,
            data.replace(b'"payload"', b'"payload":"x","payload"', 1),
            data.replace(b'"', b"'"),
            b"NaN",
            b"%PDF-" + data,
            b"\x00" * 10_000,
        )
    )


def of_the_pdf(rng: random.Random, data: bytes) -> bytes:
    """References that go in circles, lengths that lie, streams that swell."""
    bomb = zlib.compress(b"{" + b" " * 80_000_000)
    changes: tuple[Callable[[bytes], bytes], ...] = (
        lambda pdf: re.sub(rb"(\d+) 0 R", lambda found: b"%d 0 R" % rng.choice((1, 2, 3, 999_999, int(found[1]))), pdf),
        lambda pdf: re.sub(rb"/Length \d+", lambda found: b"/Length %d" % rng.choice((0, -1, 2**40, 7)), pdf),
        lambda pdf: re.sub(rb"startxref\s+\d+", lambda found: b"startxref\n%d" % rng.choice((0, -5, 2**40, rng.randrange(len(pdf)))), pdf),
        lambda pdf: re.sub(
            rb"/(Names|EmbeddedFiles|EF|Kids|Root|Size|Prev|W|Index)", lambda found: rng.choice((found[0], b"/X", b"/Names", b"/Kids")), pdf
        ),
        lambda pdf: re.sub(rb"(stream\r?\n)", lambda found: found[1] + bomb if rng.random() < 0.1 else found[1], pdf),
        lambda pdf: pdf.replace(b"endobj", b"", rng.randint(1, 5)),
        lambda pdf: pdf + b"\ntrailer << /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF" % (len(pdf), len(pdf)),
        lambda pdf: pdf.replace(b"<<", b"<<" * 5_000, 1),
        lambda pdf: pdf.replace(b"[", b"[" * 5_000, 1),
    )
    return rng.choice(changes)(data)


MUTATIONS: tuple[Mutation, ...] = (flipped_bytes, cut_or_doubled, fields, other_header, spelled, of_the_pdf)
