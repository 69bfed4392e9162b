"""Card and book in the hand: QR codes verified with the network off, a book withdrawn for a time, and what verifiers then see."""

import shutil
import subprocess
from typing import Any

import httpx

from tools.demo.deciding import list_workers_with_books
from tools.demo.demonstration import OUT, Demonstration
from tools.people import Clerk, Client
from tools.stack import ROOT

_WHY = "Chữ ký trong một hồ sơ hưởng không phải của người lao động này."
_KINDS = {"HEALTH_CARD": "the-bhyt", "BOOK_SUMMARY": "tom-tat-so"}


def carry(demo: Demonstration, clerk: Clerk, officers: tuple[Client, Client], code: str) -> None:
    """From the code to the refusal at a counter without network."""
    with demo.step("Thẻ, sổ trong tay; sổ tạm thu hồi", "card and book as QR codes; a book withdrawn for a time"):
        pin = list_workers_with_books(demo, clerk, code)[0]
        person = Client.sign_in(demo.stack, pin)
        codes = {name: _keep(person, kind, name) for kind, name in _KINDS.items()}
        shown = {name: len(one["text"]) for name, one in codes.items() if one}
        demo.expect("tom-tat-so" in shown and max(shown.values()) <= 600, f"mã QR không quá 600 ký tự · QR codes of {shown} characters")
        _download(demo, codes["tom-tat-so"]["status_address"], "trang-thai-truoc.json")
        demo.expect(_holds(demo, "trang-thai-truoc.json"), "kiểm tra được không cần mạng, còn giá trị · verified without network, valid")
        _suspend(pin, officers)
        _download(demo, codes["tom-tat-so"]["status_address"], "trang-thai.json")
        demo.expect(not _holds(demo, "trang-thai.json"), "sau khi tạm thu hồi: bị từ chối · after the withdrawal: refused")
        standing = person.get("/me/book/standing")
        demo.expect(
            standing["state"] == "SUSPENDED" and standing["words"] == _WHY,
            "người có sổ biết lý do · the holder knows why, after signing in",
        )
        (OUT / "so-tam-thu-hoi.json").write_bytes(person.download("/me/book"))
        (OUT / "so-tam-thu-hoi.pdf").write_bytes(person.download("/me/book.pdf"))
        _judge_by_node(demo)


def _keep(person: Client, kind: str, name: str) -> Any:
    """The code as text and as a picture; nothing where the worker has no card that is valid today."""
    reply = person.request("POST", "/me/credentials", json={"kind": kind})
    if "CRD-001" in reply.text:
        return None
    made = reply.raise_for_status().json()
    (OUT / f"{name}.txt").write_text(made["text"] + "\n")
    (OUT / f"{name}.svg").write_text(made["svg"])
    return made


def _suspend(pin: str, officers: tuple[Client, Client]) -> None:
    body = {"number": pin, "act": "SUSPEND", "reason": "SUSPECTED_FORGERY", "words": _WHY}
    proposal = officers[0].post("/office/book-states", body)["proposal_id"]
    officers[1].request("POST", f"/office/book-states/{proposal}/approval").raise_for_status()


def _download(demo: Demonstration, address: str, name: str) -> None:
    path = "/tt/" + address.rpartition("/")[2]
    (OUT / name).write_bytes(httpx.get(demo.stack.address + path, trust_env=False).raise_for_status().content)
    # WHY the keys once more: that of credentials was made for the first of them.
    (OUT / "keys.json").write_bytes(httpx.get(f"{demo.stack.address}/api/v1/open/keys", trust_env=False).raise_for_status().content)


def _holds(demo: Demonstration, status_list: str) -> bool:
    files = ("--keys", str(OUT / "keys.json"), "--status-list", str(OUT / status_list), str(OUT / "tom-tat-so.txt"))
    return demo.stack.run("verify", *files, is_checked=False).returncode == 0


def _judge_by_node(demo: Demonstration) -> None:
    node = shutil.which("node")
    if node is None:
        print("      KHÔNG KIỂM TRA: chưa cài Node · NOT CHECKED by others: no Node here")
        return
    script, found = str(ROOT / "tools" / "verify_credential.mjs"), []
    for status_list in ("trang-thai-truoc.json", "trang-thai.json"):
        command = [node, script, "--keys", "keys.json", "--status-list", status_list, "tom-tat-so.txt"]
        found.append(subprocess.run(command, cwd=OUT, capture_output=True, text=True, check=False).returncode)
    demo.expect(found == [0, 1], "Node cũng thấy như vậy, không cần chúng tôi · Node alone says the same, without us")
