"""Vietnamese text: one stored form, one form to search by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel.text import search_form, tidy

NAMES = ["Đặng Thị Quỳnh", "Nguyễn Văn Ước", "Lê Hoàng Phượng", "Y Blơm Niê", "Trần Đình Đức", "Hồ Thị Ấm"]


@pytest.mark.parametrize("name", NAMES)
def test_composed_and_decomposed_names_are_one(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    assert decomposed != name
    assert tidy(decomposed) == name == tidy(f"\t {name.replace(' ', '   ')}\n")
    assert search_form(decomposed) == search_form(name)
    assert search_form(name).isascii()


@pytest.mark.parametrize(
    ("typed", "sought"),
    [("Quỳnh", "quynh"), ("ĐỨC", "đức"), ("Đặng", "dang"), ("đ", "D"), ("Hoà", "Hòa"), ("  lê   THỊ\u00a0Á ", "Lê Thị A")],
)
def test_found_without_marks_and_in_either_case(typed: str, sought: str) -> None:
    assert search_form(typed) == search_form(sought)


def test_names_that_differ_without_marks_stay_apart() -> None:
    assert search_form("Lan") != search_form("Loan")


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u202e", "\u00ad", "\x00", "\x1b", "\ud800"])
def test_what_nobody_sees_is_dropped(unseen: str) -> None:
    assert tidy(f"{unseen}Lê{unseen} Thị{unseen}") == "Lê Thị"
    assert tidy(f"e{unseen}\u0302") == "ê", "and what it stood between is composed"


@given(st.text())
def test_tidy_text_is_stable_and_can_be_stored(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip() and "  " not in once and "\x00" not in once
    once.encode()


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ "))
def test_the_search_form_of_a_vietnamese_name_is_plain_and_stable(name: str) -> None:
    form = search_form(name)
    assert form.isascii()
    assert form == search_form(form) == search_form(name.upper()) == search_form(unicodedata.normalize("NFD", name))
