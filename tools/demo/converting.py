"""An old paper book comes to the desk: photographed, compared by two officers, certified; then printed again, and verified by its codes."""

import sys

import httpx
import orjson

from bhxh.doors.pdf_attachments import find_sealed
from bhxh.registry.synthetic import SyntheticCitizen
from sandbox.papers import an_old_book, as_file, draw, photograph
from tools.demo.demonstration import OUT, Demonstration
from tools.demo.offline import network_words, run_offline
from tools.people import Client, list_outsiders, wait_for
from tools.stack import ROOT

_FILES = ("so-giay-chuyen-doi", "ban-in-chuyen-doi")


def convert(demo: Demonstration) -> None:
    """Whose paper it is: a worker of the list, who has an electronic book already."""
    worker = demo.population.by_pin()[demo.population.demo_workers[0].pin]
    first, second = _converters(demo)
    with demo.step("Số hóa sổ giấy", "a paper book at the desk: photographed, compared by two officers, certified"):
        sharp, blurred = _photographs(worker)
        (OUT / "anh-so-giay.jpg").write_bytes(sharp[1])
        case = first.post("/office/conversions", {"pin": worker.pin, "original": "paper_book", "paper": "A5", "pages": 2})
        path = f"/office/conversions/{case['case_id']}"
        bad = first.post(f"{path}/checks", {"items": [_sent_in(first, path, photo) for photo in (sharp[0], blurred)]})
        said = bad["shortcomings"][0]["vi"] if bad["shortcomings"] else ""
        demo.expect("bị mờ" in said, f"ảnh mờ bị từ chối: {said[:60]}… · a blurred photograph is refused")
        items = [_sent_in(first, path, photo) for photo in sharp]
        waiting = first.post(f"{path}/proposal", {"items": items, "has_compared": True, "remarks": "Góc dưới trang 2 bị sờn."})
        demo.expect(waiting["state"] == "PROPOSED", "chờ người thứ hai đối chiếu · waits for a second person")
        alone = first.request("POST", f"{path}/confirmation", json={"has_compared": True})
        demo.expect("CNV-011" in alone.text, "một người không tự chứng nhận · one person alone does not certify")
        done = second.post(f"{path}/confirmation", {"has_compared": True})
        _keep(_FILES[0], second.download(f"{path}/files/{done['item_id']}"))
        own = Client.sign_in(demo.stack, worker.pin)
        kept = [item["item_id"] for item in own.get("/warehouse/items") if item["conversion"] == "TO_ELECTRONIC"]
        demo.expect(kept == [done["item_id"]], "bản chuyển đổi nằm trong kho của người lao động · it lies in the worker's warehouse")
    with demo.step("In lại ra giấy", "a print copy that leads back to its original"):
        made = second.post("/office/print-copies", {"pin": worker.pin, "item_id": done["item_id"]})
        _keep(_FILES[1], second.download(f"/office/print-copies/{made['print_id']}/file"))
        for code, what in ((done["code"], "bản chuyển đổi · the conversion"), (made["code"], "bản in · the print")):
            page = httpx.get(f"{demo.stack.address}/xac-minh/{code}", trust_env=False).text
            demo.expect("còn giá trị" in page and worker.full_name not in page, f"mã xác minh: {what}")
        # WHY anew: the key that seals certificates was made with the first of them.
        keys = httpx.get(f"{demo.stack.address}/api/v1/open/keys", trust_env=False).raise_for_status()
        (OUT / "keys.json").write_bytes(keys.content)
        command = [sys.executable, "-m", "bhxh.wiring", "verify", "--json", "--keys", str(OUT / "keys.json")]
        command += [str(OUT / f"{name}.pdf") for name in _FILES]
        checked = run_offline(command, folder=ROOT)
        holds = bool(checked.stdout) and orjson.loads(checked.stdout)["holds"]
        demo.expect(holds, f"chứng nhận đúng, mạng tắt ({network_words()}) · both certificates hold with the network off")


def _keep(name: str, pdf: bytes) -> None:
    """With its sealed certificate beside it."""
    sealed = find_sealed(pdf, maximum_bytes=len(pdf))
    assert sealed is not None, "it carries its certificate"
    (OUT / f"{name}.pdf").write_bytes(pdf)
    (OUT / f"{name}.json").write_bytes(sealed)


def _converters(demo: Demonstration) -> tuple[Client, Client]:
    """Two more officers, who only convert."""
    chosen = list_outsiders(demo.population, [demo.population.demo_employer])[2:4]
    named = tuple(zip(("mai", "duc"), chosen, strict=True))
    for login, citizen in named:
        demo.stack.run("appoint", login, "--pin", "-", "--roles", "CONVERTER", stdin=citizen.pin)
    first, second = (Client.sign_in_officer(demo.stack, login=login, pin=citizen.pin) for login, citizen in named)
    return first, second


def _photographs(worker: SyntheticCitizen) -> tuple[list[bytes], bytes]:
    """Cover and first leaf, and the leaf once more out of focus."""
    pages = [
        draw(page, dots_per_inch=250)
        for page in an_old_book(name=worker.full_name, number=worker.old_si_code or worker.pin, unit="Xí nghiệp May Mẫu")
    ]
    return [as_file(photograph(page)) for page in pages], as_file(photograph(pages[1], out_of_focus=0.4))


def _sent_in(client: Client, path: str, photo: bytes) -> str:
    sent = client.request("POST", f"{path}/uploads", content=photo, headers={"Content-Type": "application/octet-stream"}).json()
    shown = wait_for("a scan to be examined", lambda: _examined(client, f"{path}/uploads/{sent['upload_id']}"))
    return str(shown)


def _examined(client: Client, path: str) -> str:
    shown = client.get(path)
    if shown["state"] == "refused":
        raise RuntimeError(f"a scan was refused: {shown['code']}")
    return shown["item_id"] or ""
