"""`bhxh file`, `book` and `verify`: a workbook judged, signed and filed; books in the hand; what is no book of ours."""

import os
from pathlib import Path

import pytest

from tests.doors.cli_runs import Run, a_signed_list, never, said
from tests.doors.world import World
from tests.other_programs import BESIDE

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = Path(os.environ.get("BHXH_SHARED", _ROOT.parent / "shared"))
_SHARED = _SHARED if _SHARED.is_dir() else _ROOT.parents[1] / "shared"
_DATA = _SHARED / "data"
needs_data = pytest.mark.skipif(not _DATA.is_dir(), reason=f"NOT TESTED: the vendor's workbook. {BESIDE}")


def test_file_judges_signs_files_and_repeats(inside: Run, world: World, tmp_path: Path) -> None:
    common, signed = a_signed_list(world, tmp_path)
    judged = said(inside(*common, "--check-only"))
    assert (judged["filed"], len(judged["lines"])) == (False, 32)
    assert said(inside(*common))["filed"] is False, "without a key it only judges"
    filed, again = said(inside(*common, *signed)), said(inside(*common, *signed))
    assert (filed["filed"], filed["is_repeat"], again["is_repeat"]) == (True, False, True)
    assert again["receipt_sha256"] == filed["receipt_sha256"]
    assert {line["state"] for line in filed["filed_lines"]} <= {"clean", "officer", "refused"}
    told = inside(*common[:-1], *signed).stdout
    assert told.startswith("Phiếu tiếp nhận") and "filed before" in told.splitlines()[0], "first that it was filed, not lines judged anew"
    assert not any("refused" in line and "D02-" in line for line in told.splitlines())
    judged_again = inside(*common[:-1], "--check-only").stdout
    assert judged_again.startswith("Phiếu tiếp nhận") and len(judged_again.splitlines()) > 32
    other_period = [*common[: common.index("12/2026")], "10/2026", "--json"]
    wrong = said(inside(*other_period, "--key", signed[-1], "--certificate", signed[-1]), 1)
    assert wrong["error"]["code"] == "CLI-004"


def test_papers_of_the_warehouse_are_named_by_their_ids(inside: Run, api: World, tmp_path: Path) -> None:
    """With a first filing and with a supplement; nothing is read from a file again."""
    from tests.component.warehouse.test_uploads import PDF
    from tests.doors.test_warehouse import _papers, examined, send

    paper, unit = examined(api, send(api, PDF, "clerk"), "clerk"), api.population.demo_employer.tax_code
    [item] = [one for one in said(inside("warehouse", "items", "--employer", unit, "--json"))["items"] if one["kind"] == "own_contract"]
    assert (item["item_id"], item["scan"]) == (paper["item_id"], "not_scanned")
    assert said(inside("warehouse", "items", "--json"), 1)["error"]["code"] == "CLI-008"
    common, signed = a_signed_list(api, tmp_path)
    filed = said(inside(*common, *signed, "--paper", f"D01-TS={item['item_id']}"))
    assert ("D01-TS", True, "WAREHOUSE", item["item_id"]) in _papers(filed["code"])
    said(inside("dossier", "ask", api.code, "--as", "lan", "--missing", "Thiếu hợp đồng | The contract is missing", "--json"))
    answer = ("dossier", "answer", api.code, "--as", unit, "--json", "--paper")
    assert said(inside(*answer, "contract=no id"), 1)["error"]["code"] == "CLI-008"
    assert said(inside(*answer, f"contract={item['item_id']}"))["state"] == "RECEIVED"
    assert ("contract", True, "WAREHOUSE", item["item_id"]) in _papers(api.code)


def test_file_of_nobody_and_of_nothing(inside: Run, tmp_path: Path) -> None:
    assert said(inside("file", "--as", "0000000000", str(tmp_path / "x.xlsx"), "--json"), 1)["error"]["code"] == "CLI-003"


def test_book_and_verify(inside: Run, world: World, keys_file: Path, tmp_path: Path) -> None:
    pin = world.people["citizen"]
    assert said(inside("book", "-", "--json", stdin=pin))["versions"][0]["version"] == 1
    files = [tmp_path / "so.json", tmp_path / "so.pdf"]
    for file in files:
        said(inside("book", "-", "--out", str(file), "--json", stdin=pin))
    verify = ("verify", "--keys", str(keys_file), "--json")
    report = said(inside(*verify, *map(str, files)))
    assert [(entry["holds"], entry["kind"]) for entry in report["files"]] == [(True, "book")] * 2
    assert report["files"][0]["sha256"] == report["files"][1]["sha256"], "the PDF carries the same sealed book"
    changed = bytearray(files[0].read_bytes())
    changed[changed.index(b'"payload":"') + 300] ^= 1
    files[0].write_bytes(bytes(changed))
    assert said(inside(*verify, *map(str, files)), 1)["holds"] is False
    assert said(inside("book", "-", "--json", stdin="001199999999"), 1)["error"]["code"] == "CLI-005"
    assert said(inside("book", "not-a-number", "--json"), 1)["error"]["code"].startswith("KER-")
    assert said(inside("book", "-", "--version", "99", "--json", stdin=pin), 1)["error"]["code"] == "BOK-003"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"protected": 1}',
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\xff" * 5000,
        b"\x00" * 100,
        b'{"protected":"eyJ0eXAiOiJhIn0"}',
    ],
)
def test_verify_of_anything_says_no(keys_file: Path, tmp_path: Path, content: bytes) -> None:
    from bhxh.doors.cli.main import run

    file = tmp_path / "x"
    file.write_bytes(content)
    assert run(["verify", "--keys", str(keys_file), str(file)], prepare=never, migrate=never, work=never) == 1


def test_verify_without_keys_or_file(inside: Run, keys_file: Path) -> None:
    assert said(inside("verify", "nowhere.json", "--json"), 1)["error"]["code"] == "CLI-014"
    assert said(inside("verify", "--keys", str(keys_file), "nowhere.json", "--json"), 1)["files"][0]["code"] == "CLI-001"


def test_a_bomb_in_a_pdf_is_not_unpacked(tmp_path: Path) -> None:
    import zlib

    from bhxh.doors.pdf_attachments import find_sealed

    packed = zlib.compress(b"{" + b" " * 50_000_000)
    bomb = b"%PDF-1.7\n1 0 obj\n<</Type/EmbeddedFile/Filter/FlateDecode>>\nstream\n" + packed + b"\nendstream\n"
    assert len(find_sealed(bomb, maximum_bytes=1000) or b"") == 1000


def test_a_pdf_carries_one_original_or_none() -> None:
    import zlib

    from bhxh.doors.pdf_attachments import find_sealed

    def attached(content: bytes, filtered: bytes = b"") -> bytes:
        return b"1 0 obj\n<</Type /EmbeddedFile" + filtered + b">>\nstream\r\n" + content + b"\r\nendstream\nendobj\n"

    def found(*parts: bytes) -> bytes | None:
        return find_sealed(b"%PDF-1.7\n" + b"".join(parts), maximum_bytes=10_000)

    packed = attached(zlib.compress(b'{"a":1}'), b"/Filter/FlateDecode")
    assert found(attached(b'{"a":1}')) == found(packed) == found(attached(b"picture"), packed, packed) == b'{"a":1}'
    for other in (
        [attached(b'{"a":1}'), attached(b'{"a":2}')],
        [attached(b"picture")],
        [attached(b"no zlib", b"/Filter/FlateDecode")],
        [b"<</Type/EmbeddedFile>>"],
        [b"<</Type/EmbeddedFile>>stream\n"],
        [attached(b"x%d" % number) for number in range(30)] + [packed],
        [],
    ):
        assert found(*other) is None


@needs_data
def test_the_vendors_workbook_is_good_input(inside: Run, world: World) -> None:
    vendor = _DATA / "employer-forms" / "FileMau_D02_TK1_VNPT.xlsx"
    judged = said(inside("file", "--as", world.population.demo_employer.tax_code, str(vendor), "--json"))
    assert sum(judged["counts"].values()) == len(judged["lines"]) >= 1
    assert all(finding["vi"] and finding["en"] for line in judged["lines"] for finding in line["findings"])
