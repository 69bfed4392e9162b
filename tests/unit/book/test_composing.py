"""The joined bytes are canonical, whatever the pieces."""

import hashlib
import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bhxh.book.composing import book_number
from bhxh.book.states import BookState
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian
from tests.unit.book.books import AT, composed, header, line, months

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12).map(
    lambda text: __import__("unicodedata").normalize("NFC", text)
)
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=3),
    max_leaves=8,
)
_BLOCK = st.dictionaries(st.from_regex(r"[a-z_]{1,10}", fullmatch=True), _PLAIN, max_size=4)


@given(person=_BLOCK, rows=st.lists(_BLOCK, max_size=3), cover=_BLOCK, office=_WORDS, lines=st.integers(0, 5))
def test_what_is_joined_is_canonical(person: dict, rows: list, cover: dict, office: str, lines: int) -> None:
    book = composed(
        months("2026-01", lines),
        its_header=header(office_name=office),
        person=person,
        benefits=rows,
        settlements=rows,
        health_cover=rows,
        unemployment_cover=cover,
        other=rows,
    )
    read = json.loads(book.payload)
    assert canonical_bytes(read) == book.payload
    assert hashlib.sha256(book.payload).digest() == book.digest
    for passing in ("issued_at", "known_at", "previous_sha256", "valid_on", "version"):
        del read["header"][passing]
    assert hashlib.sha256(canonical_bytes(read)).digest() == book.content_digest


def test_only_what_happened_changes_the_content_digest() -> None:
    first = composed(months("2026-01", 3))
    later = header(version=9, issued_at=AT + timedelta(days=9), known_at=AT + timedelta(days=9), previous_sha256="ab" * 32)
    again = composed(months("2026-01", 3), its_header=later)
    assert again.digest != first.digest
    assert again.content_digest == first.content_digest
    for changed in (
        composed(months("2026-01", 4)),
        composed(months("2026-01", 3), its_header=header(state=BookState.SUSPENDED)),
        composed(months("2026-01", 3), benefits=[{"scheme": "MATERNITY"}]),
        composed([*months("2026-01", 2), line(3, "2026-03", salary_base_vnd=10_000_001)]),
    ):
        assert changed.content_digest != first.content_digest


def test_book_numbers_are_the_persons_own_and_the_custodians() -> None:
    numbers = {book_number(custodian, person_id) for custodian in Custodian for person_id in range(1, 2000)}
    assert len(numbers) == 3 * 1999
    assert book_number(Custodian.MOF, 7) == "SBH-AWK4K-HEYVC-76GH"
