"""What was made is verified without us, by other people's programs too; nothing is lost or doubled."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from bhxh.signing.keysets import KeySet
from tools.demo.demonstration import OUT, Demonstration
from tools.demo.offline import network_words, run_offline
from tools.foreign import openssl
from tools.foreign.programs import NotHereError, Said
from tools.foreign.xml_verifiers import xmlsec1
from tools.people import Clerk
from tools.stack import ROOT


def verify(demo: Demonstration, books: list[Path]) -> None:
    with demo.step("Kiểm tra không cần chúng tôi", "verified with the network off and by other people's programs"):
        everything = sorted((OUT / "so").glob("*.json")) + books + sorted(OUT.glob("quyet-dinh-*.json")) + [OUT / "phieu-tiep-nhan.json"]
        report = _verify_offline(everything)
        (OUT / "bao-cao-kiem-tra.json").write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
        held = [entry for entry in report["files"] if entry["holds"]]
        demo.figures["books_verified"] = sum(entry["kind"] == "book" and entry["file"].startswith("book-") for entry in held)
        demo.expect(report["holds"], f"{len(held)} tài liệu đúng, mạng tắt ({report['network']}) · all seals hold with the network off")
        demo.expect(
            demo.figures["books_verified"] == demo.figures["books_sealed"], "mọi sổ đã ký đều kiểm tra được · every sealed book verified"
        )
        broken = OUT / "so-1-sua-mot-byte.json"
        data = bytearray(books[0].read_bytes())
        place = data.index(b'"payload":"') + 200
        data[place] = ord("A") if data[place] != ord("A") else ord("B")
        broken.write_bytes(bytes(data))
        demo.expect(not _verify_offline([broken])["holds"], "đổi một byte là bị từ chối · one changed byte is refused")
        _verify_by_openssl(demo, books[0])
        _verify_by_xmlsec1(demo)
        checked = orjson.loads(demo.stack.run("audit", "verify", "--json", is_checked=False).stdout)
        demo.expect(checked["holds"] and checked["size"] > 0, f"cây nhật ký {checked['size']} lá khớp gốc đã ký · the audit tree holds")


def count(demo: Demonstration, clerk: Clerk, code: str, workbook: bytes) -> None:
    counted = orjson.loads(demo.stack.run("conservation", "--json", is_checked=False).stdout)
    demo.figures["dossiers"] = counted["filed"]
    demo.expect(counted["holds"] and counted["filed"] == 2, "không hồ sơ nào mất hay lặp · no dossier lost or doubled")
    final = clerk.client.get(f"/dossiers/{code}")
    demo.expect(
        final["receipt_sent_at"] is not None and not final["receipt_late"], "giờ gửi phiếu được ghi · hand-over of the receipt noted"
    )
    returned = (OUT / "danh-sach-d02-ket-qua.xlsx").exists()
    demo.expect(returned, "tệp trả lại có cột kết quả · the workbook came back with its result column")


def _verify_offline(files: list[Path]) -> dict[str, Any]:
    """`bhxh verify` in a network namespace without any network where one can be made."""
    command = [sys.executable, "-m", "bhxh.wiring", "verify", "--json", "--keys", str(OUT / "keys.json"), *map(str, files)]
    done = run_offline(command, folder=ROOT)
    if not done.stdout:
        raise RuntimeError(f"bhxh verify said nothing: {done.stderr[-500:]}")
    return {**orjson.loads(done.stdout), "network": network_words()}


def _verify_by_openssl(demo: Demonstration, book: Path) -> None:
    # WHY a folder: what openssl was given stays there, to be tried by hand.
    keys = KeySet.from_json((OUT / "keys.json").read_bytes())
    _witness(demo, "openssl", lambda: openssl.seal(book.read_bytes(), keys, OUT / "openssl"))


def _verify_by_xmlsec1(demo: Demonstration) -> None:
    from tools.inspection import filed_document

    document = OUT / "danh-sach-d02-da-ky.xml"
    document.write_bytes(filed_document(demo.stack))
    trust = demo.stack.sandbox.folder / "pki" / "trust"
    root, issuer = trust / "sandbox-root.pem", trust / "sandbox-issuing.pem"
    _witness(demo, "xmlsec1", lambda: xmlsec1(document.read_bytes(), root=root, issuer=issuer))


def _witness(demo: Demonstration, program: str, ask: Callable[[], Said]) -> None:
    try:
        demo.expect(ask().holds, f"chương trình {program} cũng xác nhận · the {program} program agrees")
    except NotHereError:
        print(f"      (không có chương trình {program}: bỏ qua · {program} is not installed: skipped)")
