"""The book as a PDF: same input, same bytes; the original inside; nothing that breaks PDF/A or PDF/UA."""

import hashlib
import io
import re
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from bhxh.book.presenting import birth_shown, day_shown, duration_shown, present_book
from bhxh.book.rendering import QR_LIMIT, qr_svg, render_pdf
from bhxh.book.states import BookState
from tests.unit.book.books import PERSON, composed, header, line, months, sealed

ADDRESS = "https://bhxh.example/xac-minh/"
FIXED_SEAL = (
    b'{"payload":"e30","protected":"eyJhbGciOiJFUzI1NiIsImtpZCI6Im1vZi1ib29rLTEyIiwidHlwIjoiYmh4aC1ib29rK2pzb24ifQ","signature":"AA"}'
)
LONG = [
    *months("2013-01", 30, unit_name="Công ty TNHH May Phương Nam", job_title="Công nhân may bậc 2", salary_base_vnd=4_650_000),
    *(line(31 + step, f"20{16 + step // 12}-{step % 12 + 1:02d}", salary_base_vnd=5_000_000 + step * 10_000) for step in range(72)),
    line(103, "2023-02", line_kind="NOT_COUNTED", sign=0),
    line(104, "2023-03", line_kind="PRESERVED", sign=0, salary_base_vnd=0),
]
BLOCKS: dict[str, Any] = {
    "benefits": [
        {
            "scheme": "MATERNITY",
            "decision_number": "1203/QĐ-BHXH",
            "decided_on": "2019-10-20",
            "from_on": "2019-10-01",
            "until_on": None,
            "amount_vnd": 58_800_000,
            "paying_office": "07906",
            "status": "PAID",
        }
    ],
    "settlements": [{"scheme": "MATERNITY", "dossier_code": "G12", "settled_on": "2019-10-20", "office": "07906", "state": "SETTLED"}],
    "health_cover": [
        {
            "card_code": "DN4790188000123",
            "benefit_level": 4,
            "facility_code": "79010",
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
            "five_year_on": "2018-01-01",
            "state": "VALID",
        }
    ],
    "unemployment_cover": {"preserved_months": 36, "as_of_on": "2020-12-31", "note": "Bảo lưu khi thôi việc"},
    "other": [{"kind": "CLOSING", "on": "2020-12-31", "note": "Chốt sổ"}],
}


def _pdf(payload: bytes, flattened: bytes = FIXED_SEAL) -> bytes:
    return render_pdf(payload, flattened, verification_address=ADDRESS + hashlib.sha256(payload).hexdigest())


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match.group(1)))
        except zlib.error:
            found.append(match.group(1))
    return found


def test_the_same_book_gives_the_same_bytes_in_another_process() -> None:
    book = composed(LONG, **BLOCKS)
    program = (
        "import sys, hashlib; sys.path.insert(0, '.')\n"
        "from tests.unit.book.test_rendering import BLOCKS, LONG, _pdf\n"
        "from tests.unit.book.books import composed\n"
        "print(hashlib.sha256(_pdf(composed(LONG, **BLOCKS).payload)).hexdigest())"
    )
    root = Path(__file__).parents[3]
    other = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(_pdf(book.payload)).hexdigest()


def test_the_sealed_original_travels_inside(book_key: Any) -> None:
    book = composed(months("2026-01", 3))
    original = sealed(book, book_key)
    pdf = _pdf(book.payload, original)
    assert original in _streams(pdf)
    assert b"/AFRelationship/Source" in pdf
    assert b"application#2Fjose+json" in pdf


@pytest.mark.parametrize("lines", [[], months("2026-01", 1), LONG], ids=["empty", "one month", "long"])
@pytest.mark.parametrize("state", [BookState.ACTIVE, BookState.SUSPENDED])
def test_every_kind_of_book_compiles_as_archive_and_accessible(lines: list, state: BookState) -> None:
    """typst refuses what breaks PDF/A-3a or PDF/UA-1."""
    pdf = _pdf(composed(lines, its_header=header(state=state), **(BLOCKS if lines else {})).payload)
    metadata = b"".join(stream for stream in _streams(pdf) if b"pdfaid" in stream)
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert b"/Lang(vi)" in pdf


def test_text_of_the_holder_is_never_typst_source() -> None:
    person = {**PERSON, "full_name": '#panic("x") $ * _ \\ ` ] }'}
    assert _pdf(composed(person=person).payload).startswith(b"%PDF")


def test_a_person_with_little_known_still_has_a_page() -> None:
    bare = dict.fromkeys(PERSON, "") | {"si_code": "0112345678"}
    assert _pdf(composed(person=bare).payload).startswith(b"%PDF")


def test_the_view_says_what_people_look_for() -> None:
    import json

    book = json.loads(composed(LONG, **BLOCKS).payload)
    view = present_book(book, sha256="0" * 64, kid="k", address=ADDRESS)
    assert [tile["value"] for tile in view["tiles"]] == ["8 năm 6 tháng", "8 năm 6 tháng", "Còn hiệu lực"]
    assert view["tiles"][0]["note"] == "tính đến hết tháng 12/2021"
    assert view["parts"][0]["rows"][-1][0] == "01/2013 – 06/2015"
    assert view["parts"][0]["rows"][-1][3:] == ["4.650.000", "30 tháng"]
    assert view["card"]["facts"][0]["value"] == "079 188 000 123"


def test_a_withdrawn_book_does_not_say_that_it_is_equal_to_paper() -> None:
    import json

    said = [
        present_book(json.loads(composed(its_header=header(state=state)).payload), sha256="0" * 64, kid="k", address=ADDRESS)["seal"]["en"]
        for state in (BookState.ACTIVE, BookState.SUSPENDED)
    ]
    assert said == ["Digitally sealed, equal to the paper book.", "Digitally sealed, temporarily withdrawn."]


@pytest.mark.parametrize(
    ("count", "totals", "unemployment"),
    [
        (1, "Totals: 1 month SI, 1 UI, 1 HI,", "1 month contributed. No preserved time recorded."),
        (2, "Totals: 2 months SI, 2 UI, 2 HI,", "2 months contributed. No preserved time recorded."),
    ],
)
def test_one_month_is_a_month(count: int, totals: str, unemployment: str) -> None:
    import json

    view = present_book(json.loads(composed(months("2025-01", count)).payload), sha256="0" * 64, kid="k", address=ADDRESS)
    assert view["parts"][0]["note_en"].startswith(totals)
    [empty] = [part["empty_en"] for part in view["parts"] if part["en"] == "Unemployment insurance"]
    assert empty == unemployment


def test_a_card_past_its_day_is_not_called_valid() -> None:
    import json

    blocks = {"health_cover": [{**BLOCKS["health_cover"][0], "valid_until": "2026-11-20"}]}
    view = present_book(json.loads(composed(**blocks).payload), sha256="0" * 64, kid="k", address=ADDRESS)
    assert view["tiles"][2]["value"] == "Hết hạn"


def test_every_scheme_of_the_code_list_has_words() -> None:
    import csv

    from bhxh.book.words import SCHEMES

    lists = Path(__file__).parents[3] / "bhxh/registry/reference_data/code_lists.csv"
    with lists.open(encoding="utf-8") as file:
        codes = {row[1] for row in csv.reader(file) if row and row[0] == "scheme"}
    assert codes
    assert codes <= set(SCHEMES)


def test_a_benefit_is_shown_to_its_last_day() -> None:
    import json

    blocks = {"benefits": [{**BLOCKS["benefits"][0], "until_on": "2020-04-01"}, BLOCKS["benefits"][0]]}
    view = present_book(json.loads(composed(**blocks).payload), sha256="0" * 64, kid="k", address=ADDRESS)
    assert [row[2] for row in view["parts"][1]["rows"]] == ["01/10/2019 – 31/03/2020", "01/10/2019 – nay"]


def test_a_card_without_a_last_day_runs_on() -> None:
    import json

    blocks = {"health_cover": [{**BLOCKS["health_cover"][0], "valid_until": None}]}
    view = present_book(json.loads(composed(**blocks).payload), sha256="0" * 64, kid="k", address=ADDRESS)
    [health] = [part for part in view["parts"] if part["en"] == "Health insurance"]
    assert health["rows"][0][1] == "từ 01/01/2026"


def test_words_for_times() -> None:
    assert [duration_shown(months) for months in (0, 5, 12, 171)] == ["0 tháng", "5 tháng", "1 năm", "14 năm 3 tháng"]
    assert (day_shown("2026-11-21"), day_shown(None), day_shown("")) == ("21/11/2026", "–", "–")
    assert [birth_shown("1950-07-01", precision) for precision in ("DAY", "MONTH", "YEAR")] == ["01/07/1950", "07/1950", "1950"]
    assert birth_shown("", "YEAR") == "–"


def test_the_qr_is_small_and_holds_address_and_digest() -> None:
    digest = "ab" * 32
    assert len(ADDRESS) + len(digest) + 1 <= QR_LIMIT
    assert qr_svg(ADDRESS + digest, digest) != qr_svg(ADDRESS, digest)
    assert "<svg" in qr_svg(ADDRESS, digest)
    assert io.StringIO(qr_svg(ADDRESS, digest)).read().count("<path") >= 1
