"""Invented social insurance offices: real provinces and wards, addresses and telephone numbers that nobody has."""

import csv
import io

from bhxh.registry.office_table import COLUMNS, OfficeLevel
from bhxh.registry.reference_files import read_rows

_SINCE = "2025-07-01"
_HOURS = "Thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00"
_SOURCE = "hư cấu · synthetic"
_IN_A_PROVINCE = 2
"""How many grass-roots offices each one gets."""


def office_table() -> bytes:
    """A table as `bhxh offices` takes it: for each province its own office and two below it. The same bytes each time.

    >>> office_table().decode().splitlines()[1][:33]
    '00101,PROVINCE,,00004,Bảo hiểm xã'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    units = [row for row in read_rows("administrative_units.csv.gz") if not row["valid_until"] and row["level"] in ("PROVINCE", "WARD")]
    wards: dict[str, list[dict[str, str]]] = {}
    for row in units:
        if row["level"] == "WARD" and row["valid_from"] <= _SINCE:
            wards.setdefault(row["province_code"], []).append(row)
    for province in (row for row in units if row["level"] == "PROVINCE"):
        writer.writerows(_of_province(province, wards[province["code"]]))
    return text.getvalue().encode()


def _of_province(province: dict[str, str], wards: list[dict[str, str]]) -> list[dict[str, str]]:
    own = f"0{province['code']}01"
    offices = [_office(own, OfficeLevel.PROVINCE, "", _lower(province["name"]), wards[0], province)]
    for number in range(1, _IN_A_PROVINCE + 1):
        ward = wards[number * len(wards) // (_IN_A_PROVINCE + 1)]
        offices.append(
            _office(f"0{province['code']}{number + 1:02d}", OfficeLevel.GRASS_ROOTS, own, f"cơ sở {ward['name']}", ward, province)
        )
    return offices


def _office(code: str, level: OfficeLevel, parent: str, of: str, ward: dict[str, str], province: dict[str, str]) -> dict[str, str]:
    return {
        "code": code,
        "level": level.value,
        "parent_code": parent,
        "ward_code": ward["code"],
        "name": f"Bảo hiểm xã hội {of}",
        "address": f"Số {int(code[3:])} đường Ví Dụ, {ward['name']}, {province['name']} (địa chỉ mẫu)",
        "phone": f"0240 000 {code[1:3]}{code[3:]}",
        "opening_hours": _HOURS,
        "valid_from": _SINCE,
        "valid_until": "",
        "source": _SOURCE,
    }


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
