"""Card and book in the hand: QR codes, a book withdrawn for a time and given back, and what verifiers see with the network off."""

import shutil
from pathlib import Path
from typing import Any

import httpx

from bhxh.credentials.drawing import draw_png
from tools.demo.deciding import list_workers_with_books
from tools.demo.demonstration import OUT, Demonstration, find_letter, keep_mail
from tools.demo.offline import network_words, run_offline
from tools.foreign.page_readers import codes_in_picture
from tools.foreign.programs import NotHereError
from tools.people import Clerk, Client, wait_for
from tools.stack import ROOT

_WHY = "Chữ ký trong một hồ sơ hưởng không phải của người lao động này."
_CLEARED = "Đã đối chiếu với đơn vị: chữ ký đúng là của người lao động."
_CARD, _SUMMARY, _OLD_SUMMARY = "the-bhyt", "tom-tat-so", "tom-tat-so-cu"
_LISTS = ("trang-thai-truoc.json", "trang-thai-tam-thu-hoi.json", "trang-thai.json")
_SCRIPT = OUT / "kiem-tra-khong-mang.sh"
_WORDS = """#!/bin/sh
# Kiểm tra thẻ, sổ khi tắt mạng, từ những gì để lại trong out/ (danh sách trạng thái dùng được 24 giờ).
# Verify card and book with the network off, from what lies in out/ (a status list is good for 24 hours).
cd "$(dirname "$0")/.." || exit 1
bin/bhxh verify --keys out/keys.json --status-list out/trang-thai.json {codes} out/so-co-ma-qr.pdf out/so-1.json || exit 1
command -v node > /dev/null || {{ echo "Node: -"; exit 0; }}
node tools/verify_credential.mjs --keys out/keys.json --status-list out/trang-thai.json {codes}
"""


def carry(demo: Demonstration, clerk: Clerk, officers: tuple[Client, Client], code: str) -> None:
    """From the codes to the counter without network."""
    pin = _somebody_with_a_card(demo, list_workers_with_books(demo, clerk, code))
    person = Client.sign_in(demo.stack, pin)
    with demo.step("Thẻ, sổ trong tay", "card and book as QR codes"):
        codes = {name: _keep(person, kind, name) for kind, name in (("HEALTH_CARD", _CARD), ("BOOK_SUMMARY", _OLD_SUMMARY))}
        longest = max(len(one["text"]) for one in codes.values())
        demo.expect(longest <= 600, f"mã QR không quá 600 ký tự · QR codes of {[len(one['text']) for one in codes.values()]} characters")
        _read_by_zbar(demo, codes)
        old_pdf = person.download("/me/book.pdf")
    address = codes[_OLD_SUMMARY]["status_address"]
    with demo.step("Sổ tạm thu hồi", "a book is withdrawn for a time by two officers; whoever verifies it sees so"):
        _fetch_list(demo, address, _LISTS[0])
        demo.expect(_holds(demo, _LISTS[0], _OLD_SUMMARY), "trước: mã QR còn giá trị · before: the code holds")
        _decide(demo, pin, officers, "SUSPEND", "SUSPECTED_FORGERY", _WHY)
        _fetch_list(demo, address, _LISTS[1])
        demo.expect(
            not _holds(demo, _LISTS[1], _OLD_SUMMARY), "sau: danh sách trạng thái từ chối mã đó · after: the status list refuses it"
        )
        demo.expect(_holds(demo, _LISTS[1], _CARD), "thẻ bảo hiểm y tế vẫn dùng được · the health card still holds")
        said = _verify_in_public(demo, codes[_OLD_SUMMARY]["text"], old_pdf)
        demo.expect(said == ("suspended", "suspended"), "xác minh công khai bằng mã, bằng tệp: tạm thu hồi · public verification says so")
        standing = person.get("/me/book/standing")
        demo.expect(standing["state"] == "SUSPENDED" and standing["words"] == _WHY, "người có sổ biết lý do · the holder knows why")
        _keep_letter(demo, pin, "tạm bị thu hồi", "thu-tam-thu-hoi")
        (OUT / "so-tam-thu-hoi.json").write_bytes(person.download("/me/book"))
        (OUT / "so-tam-thu-hoi.pdf").write_bytes(person.download("/me/book.pdf"))
    with demo.step("Trả lại sổ", "the book is given back by two officers"):
        _decide(demo, pin, officers, "RESUME", "CLEARED", _CLEARED)
        _keep(person, "BOOK_SUMMARY", _SUMMARY)
        _fetch_list(demo, address, _LISTS[2])
        demo.expect(
            _holds(demo, _LISTS[2], _SUMMARY) and not _holds(demo, _LISTS[2], _OLD_SUMMARY),
            "mã mới còn giá trị, mã cũ đã thay · the new code holds, the old one is replaced",
        )
        (OUT / "so-co-ma-qr.json").write_bytes(person.download("/me/book"))
        (OUT / "so-co-ma-qr.pdf").write_bytes(person.download("/me/book.pdf"))
        new = (OUT / f"{_SUMMARY}.txt").read_text().strip()
        said = _verify_in_public(demo, new, (OUT / "so-co-ma-qr.pdf").read_bytes())
        demo.expect(said == ("valid", "valid"), "xác minh công khai: còn giá trị · public verification: valid")
        _keep_letter(demo, pin, "đã dùng lại được", "thu-tra-lai-so")
    with demo.step("Kiểm tra thẻ, sổ khi tắt mạng", f"card and book verified with the network off ({network_words()})"):
        _SCRIPT.write_text(_WORDS.format(codes=f"out/{_CARD}.txt out/{_SUMMARY}.txt"))
        done = run_offline(("sh", str(_SCRIPT)), folder=OUT)
        print("      " + "\n      ".join(line[:150] for line in done.stdout.splitlines()))
        demo.expect(done.returncode == 0, "sh out/kiem-tra-khong-mang.sh")
        if shutil.which("node") is None:
            print("      KHÔNG KIỂM TRA: chưa cài Node · NOT CHECKED by others: no Node here")
            return
        judged = [_judge_by_node(name, of) for name, of in ((_OLD_SUMMARY, _LISTS[1]), (_OLD_SUMMARY, _LISTS[2]))]
        demo.expect(
            '"suspended"' in judged[0] and '"replaced"' in judged[1], "Node thấy mã cũ: tạm thu hồi, rồi đã thay · Node says the same"
        )


def _somebody_with_a_card(demo: Demonstration, pins: list[str]) -> str:
    for pin in pins:
        if "CRD-001" not in Client.sign_in(demo.stack, pin).request("POST", "/me/credentials", json={"kind": "HEALTH_CARD"}).text:
            return pin
    raise RuntimeError("none of the workers has a health card that is valid today")


def _keep(person: Client, kind: str, name: str) -> Any:
    """The code as text and as a picture."""
    made = person.post("/me/credentials", {"kind": kind})
    (OUT / f"{name}.txt").write_text(made["text"] + "\n")
    (OUT / f"{name}.png").write_bytes(draw_png(made["text"]))
    return made


def _read_by_zbar(demo: Demonstration, codes: dict[str, Any]) -> None:
    for name, made in codes.items():
        try:
            read = codes_in_picture((OUT / f"{name}.png").read_bytes())
        except NotHereError:
            print("      (không có chương trình zbarimg: bỏ qua · zbarimg is not installed: skipped)")
            return
        demo.expect(read == [made["text"]], f"zbar đọc được {name}.png · zbar reads the picture")


def _decide(demo: Demonstration, pin: str, officers: tuple[Client, Client], act: str, reason: str, words: str) -> None:
    first, second = officers
    proposal = first.post("/office/book-states", {"number": pin, "act": act, "reason": reason, "words": words})["proposal_id"]
    approval = f"/office/book-states/{proposal}/approval"
    refused = first.request("POST", approval).status_code
    demo.expect(refused == 403, "một cán bộ không tự quyết định · one officer alone does not decide")
    second.request("POST", approval).raise_for_status()


def _fetch_list(demo: Demonstration, address: str, name: str) -> None:
    path = "/tt/" + address.rpartition("/")[2]
    (OUT / name).write_bytes(httpx.get(demo.stack.address + path, trust_env=False).raise_for_status().content)
    # WHY the keys once more: that of credentials was made for the first of them.
    (OUT / "keys.json").write_bytes(httpx.get(f"{demo.stack.address}/api/v1/open/keys", trust_env=False).raise_for_status().content)


def _holds(demo: Demonstration, status_list: str, name: str) -> bool:
    files = ("--keys", str(OUT / "keys.json"), "--status-list", str(OUT / status_list), str(OUT / f"{name}.txt"))
    return demo.stack.run("verify", *files, is_checked=False).returncode == 0


def _verify_in_public(demo: Demonstration, text: str, pdf: bytes) -> tuple[str, str]:
    """What anybody is told of a code and of a file."""
    address = f"{demo.stack.address}/api/v1/open/verifications"
    code = httpx.post(address, json={"text": text}, trust_env=False).raise_for_status().json()
    headers = {"Content-Type": "application/octet-stream"}
    file = httpx.post(f"{address}/file", content=pdf, headers=headers, trust_env=False).raise_for_status().json()
    print(f"      {file['sentence_vi']} · {file['sentence_en']}")
    return code["status"], file["status"]


def _keep_letter(demo: Demonstration, pin: str, words: str, name: str) -> None:
    [email] = [citizen.email for citizen in demo.population.citizens if citizen.pin == pin]
    keep_mail(demo, wait_for("the letter about the book", lambda: find_letter(demo, words, recipient=email)), name)
    demo.expect(Path(OUT / f"{name}.html").exists(), f"thư đã đến: {name}.html · the letter arrived")


def _judge_by_node(name: str, status_list: str) -> str:
    command = ("node", str(ROOT / "tools" / "verify_credential.mjs"), "--keys", "keys.json", "--status-list", status_list, f"{name}.txt")
    return run_offline(command, folder=OUT).stdout
