"""A file of offices: what is wrong is said line by line, and nothing else is refused."""

import pytest

from bhxh.kernel.errors import Invalid
from bhxh.registry.office_table import COLUMNS, OfficeLevel, read_offices
from bhxh.registry.synthetic.offices import office_table

PROVINCE = {
    "code": "00101",
    "level": "PROVINCE",
    "ward_code": "00004",
    "name": "Bảo hiểm xã hội thành phố Hà Nội",
    "address": "Số 1 đường Ví Dụ",
    "phone": "024 000 0101",
    "valid_from": "2025-07-01",
    "source": "thử",
}
BELOW = PROVINCE | {"code": "00102", "level": "GRASS_ROOTS", "parent_code": "00101", "name": "Bảo hiểm xã hội cơ sở Ba Đình"}


def table(*rows: dict[str, str]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    return "\n".join(lines).encode()


def told(*rows: dict[str, str]) -> list[tuple[int, str, object]]:
    return [(one.line, one.error.code, one.error.parameters.get("column")) for one in read_offices(table(*rows))[1]]


def test_a_right_table_is_read_whole() -> None:
    read, problems = read_offices(b"\xef\xbb\xbf" + table(PROVINCE, BELOW) + b"\n\n,,,,,,,,,,\n")
    assert problems == ()
    assert [(line, one.code, one.level, one.parent_code) for line, one in read] == [
        (2, "00101", OfficeLevel.PROVINCE, ""),
        (3, "00102", OfficeLevel.GRASS_ROOTS, "00101"),
    ]
    assert read[0][1].valid_until is None


@pytest.mark.parametrize(
    ("changed", "code", "column"),
    [
        ({"name": " "}, "REG-017", "name"),
        ({"address": ""}, "REG-017", "address"),
        ({"source": ""}, "REG-017", "source"),
        ({"code": "hà nội"}, "REG-018", "code"),
        ({"level": "DISTRICT"}, "REG-018", "level"),
        ({"ward_code": "4"}, "REG-018", "ward_code"),
        ({"phone": "gọi Lan"}, "REG-018", "phone"),
        ({"valid_from": "01/07/2025"}, "REG-018", "valid_from"),
        ({"valid_from": "20250701"}, "REG-018", "valid_from"),
        ({"valid_until": "2025-02-30"}, "REG-018", "valid_until"),
        ({"name": "x" * 301}, "REG-018", "name"),
        ({"valid_until": "2025-07-01"}, "REG-019", None),
        ({"parent_code": "00102"}, "REG-020", None),
    ],
)
def test_each_mistake_is_told_with_its_line_and_column(changed: dict[str, str], code: str, column: str | None) -> None:
    assert (2, code, column) in told(PROVINCE | changed)


def test_lines_of_one_office_do_not_share_days() -> None:
    earlier = PROVINCE | {"valid_until": "2026-01-01"}
    assert told(earlier, PROVINCE | {"valid_from": "2026-01-01", "address": "Số 2"}) == []
    assert told(earlier, PROVINCE | {"valid_from": "2025-12-31"}) == [(3, "REG-019", None)]


def test_below_a_province_stands_an_office_of_the_same_file() -> None:
    assert told(PROVINCE, BELOW | {"parent_code": "00199"}) == [(3, "REG-020", None)]
    assert told(PROVINCE, BELOW | {"parent_code": ""}) == [(3, "REG-020", None)]


def test_all_mistakes_are_told_at_once_in_both_languages() -> None:
    problems = read_offices(table(PROVINCE | {"phone": "?!"}, BELOW | {"name": "", "ward_code": "x"}))[1]
    assert [one.line for one in problems] == [2, 3, 3]
    assert problems[0].text("vi").startswith("dòng 2: Cột phone") and problems[0].text("en").startswith("line 2: Column phone")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"code;name\n1;2\n", b"", table(PROVINCE) + b",thua", b'a"b\n"'])
def test_what_is_no_such_table_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_offices(content)
    assert caught.value.code == "REG-016"


def test_the_invented_offices_are_a_right_table_and_always_the_same() -> None:
    read, problems = read_offices(office_table())
    assert problems == () and office_table() == office_table()
    assert sum(one.level is OfficeLevel.PROVINCE for _, one in read) == 34 and len(read) == 3 * 34
    assert all("(địa chỉ mẫu)" in one.address for _, one in read)
