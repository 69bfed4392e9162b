"""`bhxh offices`: what is wrong with a table is told line by line, and only a right one is loaded."""

from pathlib import Path

from bhxh.registry.synthetic.offices import office_table
from tests.doors.cli_runs import Run, said
from tests.doors.test_pages import page


def test_a_table_is_checked_and_loaded_and_found_on_the_page(inside: Run, tmp_path: Path) -> None:
    file = tmp_path / "co-quan.csv"
    file.write_bytes(office_table())
    assert said(inside("offices", "check", str(file), "--json")) == {"loaded": 0, "problems": 0, "text": said_right()}
    assert said(inside("offices", "load", str(file), "--json"))["loaded"] == 0, "this very table is there already"
    file.write_bytes(office_table().replace("Số 1 đường Ví Dụ".encode(), "Số 7 đường Mới".encode()))
    assert said(inside("offices", "load", str(file), "--json"))["loaded"] == 3 * 34
    assert "Số 7 đường Mới" in page("/tra-cuu?loai=co-quan&ten=thanh+pho+hue").content.decode()


def test_wrong_lines_are_told_and_nothing_is_loaded(inside: Run, tmp_path: Path) -> None:
    file = tmp_path / "co-quan.csv"
    file.write_bytes(office_table().replace(b"PROVINCE,,", b"REGION,,", 1))
    told = said(inside("offices", "load", str(file), "--json"), 1)
    assert told["loaded"] == 0 and "dòng 2: " in told["lines"][0] and "line 2: " in told["lines"][0]
    file.write_text("mã;tên\n")
    assert said(inside("offices", "load", str(file), "--json"), 1)["error"]["code"] == "REG-016"
    assert said(inside("offices", "load", str(tmp_path / "absent.csv"), "--json"), 1)["error"]["code"] == "CLI-001"


def said_right() -> str:
    return "(tệp đúng, chưa nạp · the file is right; nothing was loaded)"
