"""Rules and officers decide; results, books and statuses go where they belong."""

from pathlib import Path
from typing import Any

import httpx
import orjson

from tools.demo.demonstration import OUT, Demonstration, find_mail, keep_mail
from tools.people import Clerk, Client, wait_for

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def decide(demo: Demonstration, clerk: Clerk, officers: tuple[Client, Client], code: str) -> None:
    first, second = officers
    with demo.step("Quyết định", "clean lines by the rules at once, the others by two officers; decisions signed"):
        wait_for("the rules' decision", lambda: clerk.client.get(f"/dossiers/{code}")["lines"].get("pending") == 0)
        counts = clerk.client.get(f"/dossiers/{code}")["lines"]
        print(f"      theo quy tắc · by the rules: {counts}")
        demo.figures["lines_clean"] = counts["clean"]
        demo.figures["lines_officer"] = counts["officer"]
        demo.figures["lines_refused"] = demo.figures["lines_total"] - counts["clean"] - counts["officer"]
        demo.expect(counts["officer"] > 0, "có dòng chờ cán bộ · some lines wait for officers")
        queue = first.get("/office/queue")
        demo.expect(any(row["code"] == code for row in queue), "hồ sơ nằm trong hàng việc chung · the dossier is in the one national queue")
        waiting = [line["number"] for line in first.get(f"/office/dossiers/{code}/lines")]
        version = clerk.client.get(f"/dossiers/{code}")["row_version"]
        reason = "Đã đối chiếu giấy khai sinh; dữ liệu dân cư đang được đính chính."
        first.post(f"/office/dossiers/{code}/appraisals", {"lines": waiting, "proposal": "grant", "reason": reason, "row_version": version})
        version = clerk.client.get(f"/dossiers/{code}")["row_version"]
        refused = first.request("POST", f"/office/dossiers/{code}/approvals", json={"row_version": version})
        demo.expect(refused.status_code == 403, "một cán bộ không tự phê duyệt · an officer cannot approve their own proposal")
        decided = second.post(f"/office/dossiers/{code}/approvals", {"row_version": version})["decided"]
        print(f"      hai cán bộ quyết định · two officers decided {decided} dòng")
        wait_for("the result to be returned", lambda: clerk.client.get(f"/dossiers/{code}")["state"] == "RETURNED")


def collect(demo: Demonstration, clerk: Clerk, receipt: Any) -> list[Path]:
    code = receipt["code"]
    with demo.step("Kết quả và sổ điện tử", "results into warehouses, mails out, books sealed and published"):
        for result in clerk.client.get(f"/dossiers/{code}/results"):
            content = clerk.client.download(f"/dossiers/{code}/results/{result['sha256']}")
            if result["media_type"] == _XLSX:
                (OUT / "danh-sach-d02-ket-qua.xlsx").write_bytes(content)
        for number in (1, 2):
            (OUT / f"quyet-dinh-{number}.json").write_bytes(clerk.client.download(f"/dossiers/{code}/decisions/{number}"))
            (OUT / f"quyet-dinh-{number}.pdf").write_bytes(clerk.client.download(f"/dossiers/{code}/decisions/{number}.pdf"))
        (OUT / "phieu-tiep-nhan.pdf").write_bytes(clerk.client.download(f"/dossiers/{code}/receipt.pdf"))
        mail = wait_for("the result mail", lambda: find_mail(demo, code, before=2))
        keep_mail(demo, mail, "thu-ket-qua")
        _look_at_books(demo)
        shown = list_workers_with_books(demo, clerk, code)
        books = []
        for position, worker in enumerate(shown[:3], start=1):
            own = Client.sign_in(demo.stack, worker)
            books.append(OUT / f"so-{position}.json")
            books[-1].write_bytes(own.download("/me/book"))
            (OUT / f"so-{position}.pdf").write_bytes(own.download("/me/book.pdf"))
        looks = own.get("/me/looks")
        demo.expect(any(look["what"] == "book" for look in looks), "người lao động thấy ai đã xem · the worker sees every look")
        keys = httpx.get(f"{demo.stack.address}/api/v1/open/keys", trust_env=False).raise_for_status()
        (OUT / "keys.json").write_bytes(keys.content)
        (OUT / "goc-nhat-ky.json").write_text(demo.stack.run("audit", "head", "--json").stdout)
    return books


def _look_at_books(demo: Demonstration) -> None:
    """How many books there are and whether each reached its holder's e-ID account."""
    from tools.inspection import inspect

    seen = wait_for("books to be published", lambda: (found := inspect(demo.stack)) and found["unpublished"] == 0 and found, timeout_s=30)
    demo.figures["books_sealed"] = seen["books"]
    demo.expect(seen["books"] >= demo.figures["lines_clean"], f"{seen['books']} sổ đã ký và công bố · books sealed and published")
    equality = orjson.loads(demo.stack.run("equality", "--json", is_checked=False).stdout)
    demo.expect(equality["holds"] and equality["books"] == seen["books"], "mỗi sổ khớp với cơ sở dữ liệu · every book equals the database")
    demo.figures["custodian_refused"] = seen["custodian_refused"]
    demo.expect(seen["custodian_refused"] == 1, "sổ của quân nhân không bị chạm tới · the soldier's book was refused, untouched")
    (OUT / "so").mkdir(exist_ok=True)
    for name, sealed in seen["files"].items():
        (OUT / "so" / name).write_bytes(sealed)


def list_workers_with_books(demo: Demonstration, clerk: Clerk, code: str) -> list[str]:
    """Personal numbers of a hire with a history, a newcomer and a leaver, all of the filed list."""
    from samples.make_d02_workbook import demo_lines

    clean = {line["number"] for line in clerk.client.get(f"/dossiers/{code}/lines") if line["state"] == "clean"}
    rows = [row for row in demo_lines(demo.population) if row["worker_reference"] in clean]
    history = {citizen.pin: sum(len(s.wages) for s in citizen.spells) for citizen in demo.population.citizens}
    by_length = sorted((str(row["si_code"]) for row in rows), key=lambda pin: -history.get(pin, 0))
    return [by_length[0], by_length[-1], by_length[len(by_length) // 2]]


def portal_knows(demo: Demonstration, reference: str) -> None:
    with demo.step("Trạng thái về Cổng", "the status flows back to the national portal"):
        address = f"{demo.stack.sandbox.url('npsp')}/dossiers/{reference}"
        known = wait_for(
            "status 10 at the portal",
            lambda: 10 in (seen := [s["trangThai"] for s in httpx.get(address, trust_env=False).json()["trangThai"]]) and seen,
        )
        demo.expect({2, 9, 10} <= set(known), f"cổng đã nhận trạng thái · the portal holds statuses {sorted(known)}")
