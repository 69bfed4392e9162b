"""One entry of a directory is found by part of its name, marks or not, by the name it had before, and within a province."""

from datetime import UTC, date, datetime

import pytest

from bhxh.dossiers.directories import COMMUNES, HEALTH_FACILITIES, check_listed
from bhxh.dossiers.questions import MOST_FOUND
from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import Invalid
from bhxh.procedures.change_personal_data.form import QUESTIONS
from bhxh.registry.reference import load_reference_data

NOW = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    load_reference_data(actor=system_actor(name="test", request_id="r1", purpose="operation"), at=datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize("typed", ["ba dinh", "Ba Đình", "PHƯỜNG BA ĐÌNH", "ba đình, hà nội", "Ba Đình, thành phố Hà Nội"])
def test_a_commune_is_found_however_its_name_is_typed(typed: str) -> None:
    assert ("00004", "Phường Ba Đình", "Thành phố Hà Nội") in {(one.code, one.name, one.place) for one in COMMUNES.search(typed, NOW)}


def test_a_province_behind_a_comma_narrows() -> None:
    everywhere, there = COMMUNES.search("tan thanh", NOW), COMMUNES.search("tan thanh, ca mau", NOW)
    assert 0 < len(there) < len(everywhere)
    assert {one.place for one in there} == {"Tỉnh Cà Mau"}
    assert COMMUNES.search("tan thanh, nowhere", NOW) == (), "what is no province is part of the name"


def test_a_former_commune_leads_to_what_took_it_over_with_the_reason() -> None:
    [ba_dinh] = [one for one in COMMUNES.search("truc bach", NOW) if one.code == "00004"]
    assert (ba_dinh.name, "Phường Trúc Bạch cũ" in ba_dinh.note[0], "former Phường Trúc Bạch" in ba_dinh.note[1]) == (
        "Phường Ba Đình",
        True,
        True,
    )


@pytest.mark.parametrize("directory", [COMMUNES, HEALTH_FACILITIES], ids=["communes", "facilities"])
def test_too_little_finds_nothing_and_too_much_is_cut_by_one_more(directory: type) -> None:
    assert directory.search("a", NOW) == directory.search(", ha noi", NOW) == directory.search("zzzz", NOW) == ()  # type: ignore[attr-defined]
    assert len(directory.search("tan", NOW)) == MOST_FOUND + 1  # type: ignore[attr-defined]
    codes = [one.code for one in directory.search("tan", NOW)]  # type: ignore[attr-defined]
    assert len(set(codes)) == len(codes)


def test_a_code_is_the_entry_that_was_found() -> None:
    for directory, typed in ((COMMUNES, "ba dinh"), (HEALTH_FACILITIES, "xanh pon")):
        for one in directory.search(typed, NOW):
            found = directory.find(one.code, NOW)
            assert found is not None
            assert (found.name, found.place) == (one.name, one.place)
        assert directory.find("99999", NOW) is None


def test_a_code_that_means_nothing_is_told_with_its_field() -> None:
    check_listed(QUESTIONS, {"ward": "00004", "facility": "01003"}, on=NOW)
    check_listed(QUESTIONS, {"ward": "", "email": "mau@example.vn"}, on=NOW)
    for field, code in (("ward", "00001"), ("facility", "99999")):
        with pytest.raises(Invalid) as caught:
            check_listed(QUESTIONS, {field: code}, on=NOW)
        assert (caught.value.code, caught.value.where) == ("DOS-079", field)
