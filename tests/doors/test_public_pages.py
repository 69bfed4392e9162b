"""What everybody may look up without signing in: codes and files, dossiers, offices, clinics and wards, how the system does."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from tests.doors.test_pages import page
from tests.doors.world import World


def verify(api: World, **fields: str) -> Any:
    return api.call("POST", "/xac-minh", data=urlencode(fields), content_type="application/x-www-form-urlencoded", root="")


def words(path: str) -> str:
    text: str = page(path).content.decode()
    return text


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("0123456789abcdef", "/xac-minh/0123456789abcdef"),
        ("  0123456789abcdef\n", "/xac-minh/0123456789abcdef"),
        ("https://bhxh.example/xac-minh/0123456789abcdef", "/xac-minh/0123456789abcdef"),
        ("https://evil.example/xac-minh/0123456789abcdef", "/xac-minh/0123456789abcdef"),
        ("https://bhxh.example/chia-se/0123456789abcdef", "/chia-se/0123456789abcdef"),
    ],
)
def test_a_code_that_is_not_sealed_itself_is_looked_up_here(api: World, typed: str, address: str) -> None:
    reply = verify(api, ma=typed)
    assert (reply.status_code, reply["Location"], reply["Cache-Control"]) == (303, address, "no-store")


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example/dang-xuat",
        "//evil.example/xac-minh/x",
        "javascript:alert(1)",
        "VNB1:<b>không",
        "https://[bad/xac-minh/012345678",
    ],
)
def test_what_cannot_be_verified_comes_back_as_it_was_typed(api: World, typed: str) -> None:
    from django.utils.html import escape

    reply = verify(api, ma=typed)
    assert reply.status_code == 422 and "Không xác minh được" in reply.content.decode()
    assert f">{escape(typed)}</textarea>" in reply.content.decode()
    assert ("Đây không phải mã của cơ quan" in reply.content.decode()) == (not typed.startswith("VNB1:"))


@pytest.mark.parametrize("typed", ["SBH-JGQGJ-23WNZ-75JF", "sbh-jgqgj-23wnz-75jf\n", "DN4828200000001", "DN 482 82000 00001"])
def test_the_number_of_a_book_or_card_is_told_from_a_code_and_nobody_is_said_to_hold_a_false_one(api: World, typed: str) -> None:
    reply = verify(api, ma=typed)
    assert reply.status_code == 422 and "không phải mã xác minh" in reply.content.decode() and "<title>Lỗi: " in reply.content.decode()
    assert "Không có sổ nào" not in reply.content.decode() and f">{typed}</textarea>" in reply.content.decode().replace("\r", "")


def test_nothing_typed_is_asked_for_again_at_the_field(api: World) -> None:
    for typed in ("", "  \n "):
        reply = verify(api, ma=typed)
        assert reply.status_code == 422 and "<title>Lỗi: " in reply.content.decode() and 'id="ma-error"' in reply.content.decode()


def test_only_the_page_that_scans_may_use_the_camera(api: World) -> None:
    assert page("/xac-minh")["Permissions-Policy"].startswith("camera=(self)")
    for path in ("/", "/tra-cuu-ho-so", "/xac-minh/0123456789"):
        assert page(path)["Permissions-Policy"].startswith("camera=()"), path


def test_a_dossiers_code_tells_the_step_and_what_comes_next_and_nothing_else(api: World) -> None:
    text = words(f"/ho-so/{api.code}")
    assert 'aria-current="step"' in text and "Bạn không phải làm gì" in text
    assert api.population.demo_employer.name not in text and api.people["citizen"] not in text


def test_a_code_typed_in_small_letters_with_blanks_is_found(api: World) -> None:
    reply = page(f"/tra-cuu-ho-so?ma=+{api.code.lower().replace('-', '+-')}+")
    assert (reply.status_code, reply["Location"]) == (302, f"/ho-so/{api.code}")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("loai=co-so&ten=bach+mai", "Bệnh viện Bạch Mai"),
        ("loai=co-so&ten=B%E1%BB%86NH+VI%E1%BB%86N+B%E1%BA%A0CH", "Bệnh viện Bạch Mai"),
        ("loai=co-so&ten=&tinh=01", "Chỉ hiện 50 kết quả đầu"),
        ("loai=co-quan&ten=thanh+pho+ha+noi", "Bảo hiểm xã hội thành phố Hà Nội"),
        ("loai=co-quan&ten=&tinh=46", "(địa chỉ mẫu)"),
        ("loai=co-quan&ten=ba+dinh", "Phường Ba Đình, Thành phố Hà Nội"),
        ("loai=co-quan&ten=thanh+pho+ha+noi", 'href="tel:02400000101"'),
        ("loai=co-quan&ten=xyzxyz", "để trống tên và chọn tỉnh"),
        ("loai=la&ten=thanh+pho+ha+noi", "Bảo hiểm xã hội thành phố Hà Nội"),
        ("loai=phuong-xa&ten=ben+nghe", "Từ 01/07/2025 thuộc: Phường Sài Gòn"),
        ("loai=phuong-xa&ten=sai+gon", "Phường Sài Gòn"),
        ("loai=co-so&ten=xyzxyz", "Không có kết quả"),
        ("loai=co-so&ten=bach+mai&tinh=%27--", "Bệnh viện Bạch Mai"),
    ],
)
def test_offices_clinics_and_wards_are_found_without_marks(api: World, query: str, found: str) -> None:
    assert found in words(f"/tra-cuu?{query}")


def test_a_search_costs_the_same_however_much_it_finds(api: World) -> None:
    counted = []
    for query in ("loai=phuong-xa&ten=tan", "loai=phuong-xa&ten=sai+gon", "loai=co-so&ten=an", "loai=co-quan&ten=bao+hiem"):
        with CaptureQueriesContext(connection) as captured:
            assert page(f"/tra-cuu?{query}").status_code == 200
        counted.append(len(captured.captured_queries))
    assert counted == [6, 6, 2, 2]


def test_one_letter_of_the_whole_country_is_not_a_search(api: World) -> None:
    reply = page("/tra-cuu?loai=co-so&ten=a")
    assert reply.status_code == 422 and 'href="#ten"' in reply.content.decode()
    assert page("/tra-cuu?loai=co-so&ten=a&tinh=01").status_code == 200


def test_the_state_of_the_system_is_told_in_peoples_words(api: World, asked_anew: Any) -> None:
    assert "Mọi dịch vụ hoạt động bình thường" in words("/tinh-trang")
    with CaptureQueriesContext(connection) as captured:
        words("/tinh-trang")
    assert len(captured.captured_queries) == 0, "counted a moment ago"


def silence_population(api: World) -> None:
    """Most of what the register was asked today it left unanswered."""
    from bhxh.dossiers.models import Evidence
    from bhxh.dossiers.queries import get_dossier
    from bhxh.kernel.clock import now

    dossier_id, at = get_dossier(api.code).dossier_id, now()
    used = Evidence.objects.filter(dossier_id=dossier_id).count()
    asked = Evidence.objects.filter(register="population", fetched_at__gte=at.replace(hour=0, minute=0)).count()
    Evidence.objects.bulk_create(
        Evidence(
            dossier_id=dossier_id,
            n=used + 1000 + number,
            register="population",
            subject="0",
            kind="unavailable",
            source_kind="NATIONAL_DB",
            source_system="x",
            fetched_at=at,
        )
        for number in range(asked + 5)
    )


def test_a_register_that_is_silent_is_told_with_what_works_meanwhile(api: World, asked_anew: Any) -> None:
    silence_population(api)
    text = words("/tinh-trang")
    assert "Có dịch vụ đang chậm" in text and "Bạn cứ nộp" in text and text.count("Đang chậm trả lời") == 1


def test_an_installed_page_leads_to_the_card_and_the_dossiers() -> None:
    from bhxh.web.assets import all_assets

    manifest = json.loads(all_assets()["manifest.webmanifest"].content)
    assert (manifest["lang"], manifest["display"]) == ("vi", "standalone")
    assert {one["sizes"] for one in manifest["icons"]} == {"any", "192x192", "512x512"}
    for one in manifest["shortcuts"]:
        resolve(one["url"])
    assert [one["url"] for one in manifest["shortcuts"]] == ["/the", "/ho-so"]


def test_an_e_id_that_is_away_is_told_with_what_works_meanwhile(api: World, asked_anew: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from bhxh.doors.partners import partners

    monkeypatch.setattr(type(partners().signing_in.provider), "is_reachable", lambda _: False)
    assert "Tra cứu và xác minh không cần đăng nhập" in words("/tinh-trang")


def test_a_page_about_the_state_of_the_system_stands_when_the_database_does_not(
    api: World, asked_anew: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from bhxh.doors import system_state

    def away(at: object) -> None:
        raise OperationalError

    monkeypatch.setattr(system_state, "delivery_health", away)
    reply = page("/tinh-trang")
    assert (reply.status_code, reply["Retry-After"]) == (503, "60")
