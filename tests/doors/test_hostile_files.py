"""No file makes a door fall over: 200 spoilt ones here (`make proof` goes on), and every file of the collected data."""

import os
from pathlib import Path
from typing import Any

import pytest

from bhxh.doors.cli import main
from tests.doors.hostile_files import answer_at_the_doors, check_answer, gather_materials, hang_guard, read_in_a_small_room, spoil
from tests.doors.world import World
from tests.other_programs import BESIDE

ROUNDS, SEED = 200, 164
_ROOT = Path(__file__).resolve().parents[2]
_SHARED = Path(os.environ.get("BHXH_SHARED", _ROOT.parent / "shared"))
_SHARED = _SHARED if _SHARED.is_dir() else _ROOT.parents[1] / "shared"
_DATA = _SHARED / "data"
needs_data = pytest.mark.skipif(not _DATA.is_dir(), reason=f"NOT TESTED: the vendor's files. {BESIDE}")


def test_spoilt_files_are_answered_by_every_door_with_little_memory(api: World, tmp_path: Path) -> None:
    materials = gather_materials(api, tmp_path)
    files = list(spoil(materials, seed=SEED, first=0, count=ROUNDS))
    assert read_in_a_small_room(tmp_path / "room", materials, files).startswith("peak ")
    told = answer_at_the_doors(api, materials, files)
    # WHY: hands that spoil nothing, or a door that refuses everything, would pass as well
    assert told["answered"] >= ROUNDS // 10
    assert len(told) >= 8, told


def test_the_good_ones_are_answered_with_verdicts(api: World, tmp_path: Path) -> None:
    from tests.doors.hostile_files import Spoilt

    materials = gather_materials(api, tmp_path)
    good = [Spoilt("good", "xlsx", materials.workbook), Spoilt("good", "xml", materials.document)]
    assert answer_at_the_doors(api, materials, good) == {"answered": 2}
    words = read_in_a_small_room(
        tmp_path / "room", materials, [*good, *(Spoilt(f"s{n}", "sealed", one) for n, one in enumerate(materials.sealed))]
    )
    assert words.startswith("peak ")


def files_of_the_data() -> list[Path]:
    return sorted(file for file in _DATA.rglob("*") if file.is_file()) if _DATA.is_dir() else []


@pytest.fixture
def command(api: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The program's commands in this process: (exit code, what it wrote)."""
    import io

    def run(*arguments: str) -> tuple[int, str]:
        answered = io.StringIO()
        with monkeypatch.context() as patched:
            patched.setattr(main.sys, "stdout", answered)
            code = main.run([*arguments, "--json"], prepare=lambda command: None, migrate=_never, work=_never)
        return code, answered.getvalue()

    return run


def _never(*anything: Any) -> None:
    raise AssertionError("not asked for")


def _told(code: int, said: str, file: Path) -> Any:
    import orjson

    assert code in {0, 1}, (file, said)
    result = orjson.loads(said)
    assert ("error" in result) == (code == 1) or result.get("holds") is False, (file, said[:500])
    assert "Traceback" not in said and "CLI-012" not in said, (file, said[:500])
    return result


@needs_data
def test_every_file_of_the_collected_data_at_every_door(api: World, command: Any, tmp_path: Path) -> None:
    files = files_of_the_data()
    assert len(files) > 150
    keys = tmp_path / "keys.json"
    keys.write_bytes(api.get("/open/keys").content)
    employer, with_lines = api.population.demo_employer.tax_code, []
    for file in files:
        with hang_guard(file.name):
            filed = _told(*command("file", "--as", employer, str(file)), file)
            assert "error" in filed or all(finding["vi"] and finding["en"] for line in filed["lines"] for finding in line["findings"])
            if "error" not in filed:
                with_lines.append(file.name)
            verified = _told(*command("verify", "--keys", str(keys), str(file)), file)
            assert verified.get("holds") is not True
            content = file.read_bytes()
            check_answer(api.upload("/register-employees/checks", {"workbook": (file.name, content)}, "clerk"), file.name)
            reply = api.call(
                "POST",
                "/register-employees/filings",
                "clerk",
                data=content,
                content_type="application/xml",
                headers={"Idempotency-Key": file.name},
            )
            assert check_answer(reply, file.name) != "answered"
    assert with_lines == ["FileMau_D02_TK1_VNPT.xlsx"], "the vendor's workbook is good input, nothing else is a list"
