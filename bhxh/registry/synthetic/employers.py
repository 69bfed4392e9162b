"""Invented employers: valid codes, plain names that no real company has, places by population."""

from collections.abc import Callable
from random import Random

from bhxh.kernel.identifiers import TaxCode
from bhxh.kernel.months import Month
from bhxh.registry.synthetic.places import birth_provinces, present_province, wards
from bhxh.registry.synthetic.shapes import SyntheticEmployer

DEMO_TAX_CODE = "0110000027"
DEMO_UNIT_CODE = "TA0001Z"
_IN_ARREARS = (7, 13)
_SEASONAL_EVERY = 6
_HIGH_WAGE_PROVINCES = {"01": 1, "79": 1, "75": 1, "31": 1, "48": 2, "24": 2, "92": 2, "46": 2, "22": 2}
_TRADES = (
    ("C14", "May mặc", "JSC"),
    ("C10", "Chế biến thực phẩm", "LLC_2"),
    ("F41", "Xây dựng", "JSC"),
    ("G47", "Bán lẻ", "LLC_1"),
    ("H49", "Vận tải", "LLC_2"),
    ("A03", "Thủy sản", "COOPERATIVE"),
    ("C26", "Điện tử", "LLC_1"),
    ("I56", "Ăn uống", "LLC_1"),
    ("J62", "Phần mềm", "JSC"),
    ("C31", "Đồ gỗ", "PRIVATE_ENTERPRISE"),
    ("M71", "Tư vấn kỹ thuật", "LLC_2"),
    ("A01", "Nông sản", "COOPERATIVE"),
)
_FORM_NAMES = {
    "JSC": "Công ty cổ phần",
    "LLC_1": "Công ty TNHH một thành viên",
    "LLC_2": "Công ty TNHH",
    "COOPERATIVE": "Hợp tác xã",
    "PRIVATE_ENTERPRISE": "Doanh nghiệp tư nhân",
}


def make_employers(seed: int, count: int, representative: Callable[[int], str]) -> tuple[SyntheticEmployer, ...]:
    """The employers of a population; `representative` gives the personal number of an employer's legal representative."""
    return tuple(_make(seed, number, representative(number)) for number in range(count))


def _make(seed: int, number: int, representative_pin: str) -> SyntheticEmployer:
    rng = Random(f"{seed}/employer/{number}")
    province = "01" if number == 0 else present_province()[birth_provinces().draw(rng)]
    industry, trade, kind = _TRADES[number % len(_TRADES)]
    return SyntheticEmployer(
        number=number,
        tax_code=DEMO_TAX_CODE if number == 0 else _tax_code(province, number),
        unit_code=DEMO_UNIT_CODE if number == 0 else f"T{chr(ord('B') + number // 10_000 % 25)}{number % 10_000:04d}Z",
        name=f"{_FORM_NAMES[kind]} {trade} Ví Dụ {number:02d}",
        agency_code=f"0{province}01",
        industry=industry,
        enterprise_type=kind,
        wage_region=_HIGH_WAGE_PROVINCES.get(province, 3 + number % 2),
        email=f"don-vi-{number}@vidu.example",
        phone=f"+84240000{number % 10_000:04d}",
        province_code=province,
        ward_code=rng.choice(wards()[province]),
        street=f"Lô {rng.randrange(1, 40)}, Khu công nghiệp Ví Dụ",
        legal_representative_pin=representative_pin,
        is_seasonal=number % _SEASONAL_EVERY == _SEASONAL_EVERY - 1,
        arrears_from=Month(2026, 6) if number in _IN_ARREARS else None,
    )


def _tax_code(province: str, number: int) -> str:
    """The number-th code of a province that has a check digit (one first nine digits in eleven have none)."""
    serial = 8_000_000 + number * 11
    while True:
        serial += 1
        for check in "0123456789":
            found = TaxCode.try_parse(f"{province}{serial:07d}{check}")
            if found:
                return str(found)
