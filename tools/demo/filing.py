"""The list is checked, signed and filed; another dossier comes through the national portal; the list is sent again."""

import time
from base64 import b64decode
from typing import Any

import httpx

from tools.demo.demonstration import OUT, Demonstration, find_mail, keep_mail
from tools.people import Clerk, wait_for


def check_and_prepare(demo: Demonstration, clerk: Clerk) -> tuple[bytes, str, bytes, str]:
    from samples.make_d02_workbook import demo_lines, demo_period, make

    with demo.step("Nhân viên tải lên danh sách D02", "a clerk uploads a D02 workbook; it is checked and shown back as canonical XML"):
        period = demo_period(demo.population).shown
        workbook = make(OUT / "danh-sach-d02.xlsx", demo_lines(demo.population)).read_bytes()
        checked = clerk.check(workbook, period=period)
        for line in checked["lines"]:
            for finding in line["findings"]:
                if finding["outcome"] in {"not_met", "unclear"}:
                    print(f"      dòng · row {line['row']}, ô · cell {finding['where']}: {finding['vi']} [{finding['code']}]")
                    print(f"         {finding['en']}")
        counts = checked["counts"]
        print(f"      {counts}")
        demo.expect(sum(counts.values()) == 32, "32 dòng được kiểm tra · 32 lines judged before signing")
        draft_id, to_sign, document = clerk.prepare(workbook, period=period)
        (OUT / "danh-sach-d02.xml").write_bytes(document)
        demo.figures["lines_total"] = sum(counts.values())
    return workbook, draft_id, to_sign, f"demo-{period}"


def file(demo: Demonstration, clerk: Clerk, draft_id: str, to_sign: bytes, key: str) -> Any:
    with demo.step("Ký bên ngoài và nộp", "signed outside (XAdES, two-phase) and filed; receipt and appointment e-mailed"):
        began = time.monotonic()
        receipt = clerk.file(draft_id, to_sign, key)
        answered_ms = (time.monotonic() - began) * 1000
        mail = wait_for("the receipt mail", lambda: find_mail(demo, receipt["code"], before=1), pause_s=0.01)
        demo.figures["receipt_ms"] = round((time.monotonic() - began) * 1000)
        keep_mail(demo, mail, "phieu-tiep-nhan")
        (OUT / "phieu-tiep-nhan.json").write_bytes(b64decode(receipt["receipt"]))
        print(f"      {receipt['code']} · hẹn trả · appointment {receipt['appointment_on']}")
        print(
            f"      trả lời sau · answered after {answered_ms:.0f} ms; thư đến máy chủ thư · mail handed over {demo.figures['receipt_ms']} ms"
        )
        demo.expect(demo.figures["receipt_ms"] <= 2000, "phiếu tiếp nhận đến trong 2 giây · receipt within 2 s")
    return receipt


def file_through_portal(demo: Demonstration) -> str:
    with demo.step("Hồ sơ thứ hai qua Cổng Dịch vụ công quốc gia", "a citizen asks for a confirmation through the national portal"):
        citizen = next(c for c in demo.population.demo_workers[20:] if c.is_registered)
        wanted = {
            "procedure": "CF-01",
            "pin": citizen.pin,
            "form": {},
            "email": citizen.email,
            "deliver_to": f"{demo.stack.address}/api/v1/npsp/intakes",
        }
        reply = httpx.post(f"{demo.stack.sandbox.url('npsp')}/sandbox/intakes", json=wanted, timeout=30, trust_env=False)
        answer = reply.raise_for_status().json()
        demo.expect(answer["delivery"]["status"] == 201, f"nhận từ cổng · taken from the portal: {answer['reference']}")
        demo.figures["dossiers"] = 2 if answer["delivery"]["status"] == 201 else 1
    return str(answer["reference"])


def send_again(demo: Demonstration, clerk: Clerk, draft_id: str, to_sign: bytes, key: str, receipt: Any) -> None:
    with demo.step("Gửi lại đúng hồ sơ đó", "the same filing sent again gives the same receipt"):
        reply = clerk.file_unchecked(draft_id, to_sign, key)
        again = reply.json()
        same = reply.status_code == 200 and again["code"] == receipt["code"] and again["receipt"] == receipt["receipt"]
        demo.figures["repeat_same_receipt"] = same
        demo.expect(same, "cùng một phiếu tiếp nhận · the first receipt again")
