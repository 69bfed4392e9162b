"""The table of offices is put in whole or not at all, and an office is found as it is on the day."""

from datetime import UTC, date, datetime

import pytest

from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import Invalid
from bhxh.registry.office_table import COLUMNS
from bhxh.registry.offices import check_offices, find_offices, load_offices, search_offices
from bhxh.registry.reference import load_reference_data
from bhxh.registry.synthetic.offices import office_table

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
NOW = date(2026, 11, 21)


@pytest.fixture
def loaded(db: None) -> int:
    load_reference_data(actor=ACTOR, at=AT)
    return load_offices(actor=ACTOR, at=AT, content=office_table())


def with_line(*cells: str) -> bytes:
    return office_table() + (",".join(cells) + "\n").encode()


def line(code: str, ward: str, first_on: str, last_on: str = "", address: str = "Số 9") -> tuple[str, ...]:
    row = {"code": code, "level": "PROVINCE", "ward_code": ward, "name": "Bảo hiểm xã hội thử", "address": address, "source": "thử"}
    row |= {"valid_from": first_on, "valid_until": last_on}
    return tuple(row.get(name, "") for name in COLUMNS)


def test_loading_again_changes_nothing(loaded: int) -> None:
    assert loaded == 3 * 34
    assert load_offices(actor=ACTOR, at=AT, content=office_table()) == 0
    assert len(search_offices(name="bao hiem", on=NOW)) == 50


def test_no_row_is_built_of_a_table_that_stands_already(loaded: int, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    monkeypatch.setattr("bhxh.registry.offices.search_form", built.append)
    assert load_offices(actor=ACTOR, at=AT, content=office_table()) == 0
    assert built == []


def test_a_search_ignores_marks_and_keeps_to_a_province(loaded: int) -> None:
    [city] = search_offices(name="thanh pho ha noi", on=NOW)
    assert (city.code, city.level, city.province_code) == ("00101", "PROVINCE", "01") and "(địa chỉ mẫu)" in city.address
    of_hue = search_offices(name="", on=NOW, province_code="46")
    assert [one.level for one in of_hue] == ["PROVINCE", "GRASS_ROOTS", "GRASS_ROOTS"]
    assert {one.parent_code for one in of_hue[1:]} == {of_hue[0].code}
    assert search_offices(name="", on=date(2025, 6, 30)) == ()


def test_the_ward_an_office_stands_in_is_called_as_on_the_day(loaded: int) -> None:
    """Ward 00004 was Trúc Bạch until the reform of July 2025 and is Ba Đình since."""
    [city] = search_offices(name="phuong ba dinh", on=NOW)
    assert city.code == "00101"
    assert search_offices(name="phuong truc bach", on=NOW) == ()


def test_an_office_that_moved_is_found_where_it_is_on_the_day(loaded: int) -> None:
    content = (
        with_line(*line("00900", "00004", "2025-07-01", "2026-06-01", "Số 1"))
        + with_line(*line("00900", "00004", "2026-06-01"))[len(office_table()) :]
    )
    assert load_offices(actor=ACTOR, at=AT, content=content) == 3 * 34 + 2
    days = (date(2026, 5, 31), date(2026, 6, 1))
    assert [find_offices(["00900", "99999"], on)["00900"].address for on in days] == ["Số 1", "Số 9"]
    assert find_offices([], NOW) == {} == find_offices(["99999"], NOW)


def test_a_wrong_line_keeps_the_whole_table_out_and_is_named(loaded: int) -> None:
    content = with_line(*line("00900", "99999", "2026-01-01"))
    [problem] = check_offices(content)
    assert (problem.line, problem.error.code, problem.error.parameters) == (104, "REG-021", {"code": "99999", "on": "01/01/2026"})
    with pytest.raises(Invalid) as caught:
        load_offices(actor=ACTOR, at=AT, content=content)
    assert (caught.value.code, caught.value.parameters["lines"]) == ("REG-022", "104")
    assert len(find_offices(["00101", "00900"], NOW)) == 1
