"""3. An organisation's clerk sends five thousand lines with errors, learns which cells, sends the corrected ones, signs at their own machine, and
the worker sees the sealed book. A phone and a browser without scripts do the same."""

from pathlib import Path

import pytest

from samples.make_d02_workbook import _hire, demo_lines, demo_period, make, make_large
from tests.journeys.stage import ALL_WAYS, WAIT_S, Stage, Visit, Way
from tools.people import Clerk, wait_for

_LONG, _WRONG = 5_000, (10, 40)


@pytest.mark.parametrize(("number", "way"), list(enumerate(ALL_WAYS)), ids=str)
def test_a_list_with_errors_becomes_sealed_books(stage: Stage, number: int, way: Way, tmp_path: Path) -> None:
    grounds, clerk = stage.grounds, stage.grounds.clerk()
    listed = {str(line["si_code"]) for line in demo_lines(grounds.population)}
    candidates = [
        one for one in grounds.population.hire_candidates if one.pin not in listed and one.is_registered and one.managed_by == "mof"
    ]
    hired = candidates[-1 - number]
    line = {"worker_reference": 1, **_hire(hired, demo_period(grounds.population), 1)}
    with stage.visit(way) as visit:
        visit.sign_in_as(clerk.client)
        visit.go("/don-vi")
        visit.is_sound()
        if number in (0, 3):  # the long one once with scripts and once without
            _send(visit, _long_list(tmp_path, line), batch=50 + number)
            visit.awaits("trong 5.000 dòng")
            cells = visit.page.locator(".cell").all_inner_texts()
            assert {f"J{row + 3}" for row in _WRONG} <= set(cells), cells[:20]
            visit.is_sound()
        _send(visit, make(tmp_path / "danh-sach.xlsx", [line]), batch=60 + number)
        visit.awaits("Cả 1 dòng đều nộp được")
        visit.reads("Chênh lệch phải đóng")
        visit.is_sound()
        visit.press("Ký và nộp")
        code = _sign(visit, clerk, tmp_path)
        visit.is_sound()
    wait_for("the sealed book", lambda: clerk.client.get(f"/dossiers/{code}")["state"] == "RETURNED", timeout_s=WAIT_S)
    with stage.visit(way) as visit:
        visit.sign_in(hired.pin)
        visit.go("/so")
        assert code in visit.page.content(), "why the newest line is there"


def _long_list(folder: Path, line: dict[str, object]) -> Path:
    """Of people whom no register knows; two of them with a wage below the floor."""
    path = folder / "danh-sach-5000.xlsx"
    lines = ({**line, "worker_reference": n, "si_code": f"001099{n:06d}"} for n in range(1, _LONG + 1))
    path.write_bytes(make_large({**one, "wage_vnd": 1_000_000} if n in _WRONG else one for n, one in enumerate(lines, 1)))  # type: ignore[misc]
    return path


def _send(visit: Visit, file: Path, *, batch: int) -> None:
    visit.go("/don-vi/khai-bao")
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.page.locator("input[name=dot]").fill(str(batch))
    visit.page.locator("#form button[type=submit]").click()
    visit.page.wait_for_url("**/don-vi/khai-bao/*-*")


def _sign(visit: Visit, clerk: Clerk, folder: Path) -> str:
    """Code of the dossier: what is to be signed goes down, the signature of the token goes up."""
    certificate, signature = folder / "chung-thu.cer", folder / "chu-ky.bin"
    certificate.write_bytes(clerk.signer.certificate)
    visit.page.get_by_label("USB token hoặc chứng thư ở máy của đơn vị").check()
    visit.page.locator("input[type=file]").set_input_files(certificate)
    visit.press("Chuẩn bị nội dung cần ký")
    with visit.page.expect_download() as content:
        visit.page.get_by_role("link", name="Tải nội dung cần ký").click()
    signature.write_bytes(clerk.signer.sign(Path(content.value.path()).read_bytes()))
    visit.page.locator("input[type=file]").set_input_files(signature)
    visit.press("Nộp với chữ ký này")
    visit.reads("Đơn vị đã nộp hồ sơ")
    return str(visit.page.url.split("/")[-2])
