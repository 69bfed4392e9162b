"""Codes mean something on a day; old units turn into new ones or into a question."""

from datetime import UTC, date, datetime

import pytest

from bhxh.kernel.actor import system_actor
from bhxh.kernel.errors import NotFound
from bhxh.registry.reference import (
    ConversionOutcome,
    convert_old_province,
    convert_old_ward,
    find_code,
    find_unit,
    get_unit,
    has_facility,
    is_working_day,
    list_codes,
    list_days_off,
    list_provinces,
    list_wards,
    load_reference_data,
    search_facilities,
    search_wards,
    trace_units,
)

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACTOR = system_actor(name="test", request_id="r1", purpose="operation")
BEFORE, AFTER, NOW = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 21)


@pytest.fixture
def loaded(db: None) -> dict[str, int]:
    return load_reference_data(actor=ACTOR, at=AT)


def test_loading_again_changes_nothing(loaded: dict[str, int]) -> None:
    assert loaded["registry_administrative_unit"] > 14_000
    assert load_reference_data(actor=ACTOR, at=AT) == {}


def test_the_reform_of_july_2025_is_dated(loaded: dict[str, int]) -> None:
    assert (len(list_provinces(BEFORE)), len(list_provinces(AFTER)), len(list_provinces(NOW))) == (63, 34, 34)
    assert sum(len(list_wards(province.code, AFTER)) for province in list_provinces(AFTER)) == 3321
    assert sum(len(list_wards(province.code, NOW)) for province in list_provinces(NOW)) == 3321


def test_a_reused_code_changes_its_meaning(loaded: dict[str, int]) -> None:
    assert get_unit("PROVINCE", "91", BEFORE).name == "Tỉnh Kiên Giang"
    assert get_unit("PROVINCE", "91", AFTER).name == "Tỉnh An Giang"


def test_changes_after_july_2025_are_kept_apart(loaded: dict[str, int]) -> None:
    assert get_unit("WARD", "26485", AFTER).name == "Xã Nhơn Trạch"
    assert get_unit("WARD", "26485", NOW).name == "Phường Nhơn Trạch"
    assert (find_unit("WARD", "06978", AFTER), find_unit("WARD", "06970", NOW)) == (None, None)
    with pytest.raises(NotFound):
        get_unit("WARD", "99999", NOW)


def test_old_wards_are_converted_or_asked_about(loaded: dict[str, int]) -> None:
    whole = convert_old_ward("00001")
    assert (whole.outcome, whole.new_code) == (ConversionOutcome.CONVERTED, "00097")
    assert convert_old_province("02").new_code == "08"
    assert convert_old_ward("99999").outcome is ConversionOutcome.UNKNOWN
    from bhxh.registry.models import UnitMapping

    cut = UnitMapping.objects.filter(level="WARD", is_partial=True).order_by("old_code").first()
    assert cut is not None
    answer = convert_old_ward(cut.old_code)
    assert (answer.outcome, answer.new_code) == (ConversionOutcome.CUT_UP, None)
    assert cut.new_code in answer.candidates


def test_a_list_of_codes_is_traced_at_once(loaded: dict[str, int]) -> None:
    traced = trace_units("WARD", ["00001", "00004", "99999"], NOW)
    whole, alive, nothing = (traced[code] for code in ("00001", "00004", "99999"))
    assert (whole.present_name, whole.old_name, whole.moved_to) == ("", "Phường Phúc Xá", (("00097", "Phường Hồng Hà"),))
    assert not whole.is_cut_up
    assert alive.present_name == "Phường Ba Đình" and alive.old_name != alive.present_name
    assert (nothing.present_name, nothing.old_name, nothing.moved_to) == ("", "", ())
    provinces = trace_units("PROVINCE", ["02", "91"], NOW)
    assert provinces["02"].moved_to == (("08", "Tỉnh Tuyên Quang"),)
    assert (provinces["91"].present_name, provinces["91"].old_name) == ("Tỉnh An Giang", "Tỉnh Kiên Giang")
    assert trace_units("WARD", ["26485"], AFTER)["26485"].present_name == "Xã Nhơn Trạch"


def test_every_new_ward_of_the_mapping_exists(loaded: dict[str, int]) -> None:
    from bhxh.registry.models import AdministrativeUnit, UnitMapping

    known = set(AdministrativeUnit.objects.filter(level="WARD", valid_from__gte=AFTER).values_list("code", flat=True))
    assert set(UnitMapping.objects.filter(level="WARD").values_list("new_code", flat=True)) <= known


def test_searches_ignore_marks(loaded: dict[str, int]) -> None:
    assert "00004" in {ward.code for ward in search_wards(name="ba dinh", on=NOW)}
    assert search_wards(name="ba dinh", on=NOW, province_code="79") == ()
    assert has_facility("01001") and not has_facility("00000")
    assert "01001" in {code for code, _, _ in search_facilities(name="benh vien huu nghi", province_code="01")}


def test_code_lists(loaded: dict[str, int]) -> None:
    assert len(list_codes("d02_change_code")) == 27
    assert len(list_codes("participant_type")) == 17
    child = find_code("hi_participant_type", "TE")
    assert child is not None and child.extra == "1"
    assert find_code("ethnic_group", "77") is None


def test_participant_types_are_those_of_the_law(loaded: dict[str, int]) -> None:
    from bhxh.law.participant_types import ParticipantType

    assert {item.code for item in list_codes("participant_type")} >= {kind.value for kind in ParticipantType} - {"BENEFICIARY"}


def test_working_days_follow_the_declared_days_off(loaded: dict[str, int]) -> None:
    days_off = list_days_off(2026)
    assert not is_working_day(date(2026, 8, 31), days_off)
    assert is_working_day(date(2026, 8, 22), days_off)  # a Saturday worked in exchange
    assert not is_working_day(date(2026, 11, 24), days_off)
    assert is_working_day(date(2026, 11, 23), days_off)
    assert list_days_off(2031) == ()
