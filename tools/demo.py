"""`make demo`: the main job before your eyes, on a fresh database, with everything real. Results in out/; exit 0 only if all held."""

import shutil
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx
import orjson

from bhxh.registry.synthetic import Population, generate
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import openssl_parts
from tools.people import Clerk, Client, wait_for
from tools.stack import CITIZENS, EMPLOYERS, ROOT, SEED, Stack, free_base_port

OUT = ROOT / "out"
_WHERE_TO_LOOK = (
    ("danh-sach-d02.xlsx, danh-sach-d02-ket-qua.xlsx", "danh sách đã nộp; trả lại có cột kết quả", "the list; handed back with results"),
    ("danh-sach-d02.xml, danh-sach-d02-da-ky.xml", "tờ khai chuẩn; đã ký XAdES", "canonical form; signed"),
    ("phieu-tiep-nhan.html, phieu-tiep-nhan.pdf", "thư và phiếu tiếp nhận", "receipt: e-mail and letter"),
    ("quyet-dinh-1.pdf, quyet-dinh-2.pdf", "quyết định theo quy tắc; của hai cán bộ", "decisions: by the rules; by two officers"),
    ("thu-ket-qua.html", "thư báo kết quả", "result e-mail"),
    ("so-1.pdf, so-2.pdf, so-3.pdf", "ba sổ điện tử; bản đã ký cạnh đó (.json)", "three books; sealed originals beside (.json)"),
    ("so/, keys.json", "mọi sổ; khóa công khai", "all books; public keys: bin/bhxh verify --keys out/keys.json out/so-1.json"),
    ("bao-cao-kiem-tra.json, demo.json", "báo cáo kiểm tra; số liệu", "verification report; figures"),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Demonstration:
    """One run: the installation, the people, what was measured, what did not hold."""

    stack: Stack
    population: Population
    figures: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def expect(self, holds: bool, what: str) -> None:
        """Print what was checked; remember it where it does not hold."""
        print(f"      {'✓' if holds else '✗ KHÔNG ĐÚNG · DOES NOT HOLD:'} {what}")
        if not holds:
            self.failures.append(what)

    @contextmanager
    def step(self, number: int, vi: str, en: str) -> Iterator[None]:
        """One numbered step with its time."""
        print(f"\n{number}. {vi} · {en}", flush=True)
        began = time.monotonic()
        yield
        print(f"      {time.monotonic() - began:.1f} s", flush=True)


def main() -> int:
    """Run it."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    if OUT.exists():
        shutil.rmtree(OUT)
    OUT.mkdir()
    stack = Stack(ROOT / ".bhxh" / "demo", database="bhxh_demo", base_port=free_base_port())
    stack.forget_state()
    demo = Demonstration(stack, generate(SEED, citizens=CITIZENS, employers=EMPLOYERS))
    print("bhxh · bảo hiểm xã hội điện tử · electronic social insurance. Mọi người đều hư cấu · everybody is fictitious.")
    try:
        _run(demo)
    except (RuntimeError, httpx.HTTPError) as error:
        demo.failures.append(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        demo.failures.append("bị dừng giữa chừng; chạy lại được ngay · interrupted; it can be run again at once")
    finally:
        stack.stop()
        stack.postgres.stop_if_idle()
    demo.figures["elapsed_s"] = round(time.monotonic() - demo.began, 1)
    (OUT / "demo.json").write_bytes(orjson.dumps(demo.figures, option=orjson.OPT_INDENT_2))
    print(f"\n{orjson.dumps(demo.figures).decode()}")
    for failure in demo.failures:
        print(f"✗ {failure}")
    print(
        f"{'✓ Tất cả đều đúng · everything held' if not demo.failures else '✗ Có điều không đúng · something did not hold'}. Xem · see out/"
    )
    for names, vi, en in _WHERE_TO_LOOK:
        if any((OUT / name).exists() for name in names.split(", ")):
            print(f"  {names:<48} {vi} · {en}")
    return 1 if demo.failures else 0


def _run(demo: Demonstration) -> None:
    stack = demo.stack
    with demo.step(1, "Cơ sở dữ liệu và dân số hư cấu", "our own PostgreSQL, migrations, reference data, synthetic population"):
        stack.make_database()
        people = [citizen for citizen in demo.population.citizens if citizen.is_registered]
        print(f"      {len(people)} người · {len(demo.population.employers)} đơn vị · seed {SEED}")
    with demo.step(2, "Các hệ thống đối tác giả lập", "sandbox partners over real sockets, then server and worker"):
        stack.start_partners()
        stack.start_server()
        stack.start_worker()
        print(f"      API {stack.address}/api/v1 · {', '.join(stack.sandbox.names)}")
        officers = _appoint_officers(demo)
    clerk = _clerk(demo)
    workbook, draft_id, to_sign, key = _check_and_prepare(demo, clerk)
    receipt = _file(demo, clerk, draft_id, to_sign, key)
    portal_reference = _file_through_portal(demo)
    _decide(demo, clerk, officers, receipt["code"])
    books = _collect(demo, clerk, receipt)
    _portal_knows(demo, portal_reference)
    _verify(demo, books)
    _send_again(demo, clerk, draft_id, to_sign, key, receipt)
    _count(demo, clerk, receipt["code"], workbook)


# -- steps --------------------------------------------------------------------------------------------------------


def _appoint_officers(demo: Demonstration) -> tuple[Client, Client]:
    """Two citizens of the sandbox become officers; they sign in with their own e-ID accounts."""
    chosen = [c for c in demo.population.citizens if c.is_registered and c.managed_by == "mof" and c.story == "steady"][:2]
    for login, citizen in zip(("lan", "minh"), chosen, strict=True):
        demo.stack.run("appoint", login, "--pin", "-", stdin=citizen.pin)
    first, second = (Client.sign_in(demo.stack, citizen.pin) for citizen in chosen)
    return first, second


def _clerk(demo: Demonstration) -> Clerk:
    employer = demo.population.demo_employer
    return Clerk.of(demo.stack, tax_code=employer.tax_code, name=employer.name, pin=employer.legal_representative_pin)


def _check_and_prepare(demo: Demonstration, clerk: Clerk) -> tuple[bytes, str, bytes, str]:
    from samples.make_d02_workbook import demo_lines, demo_period, make

    with demo.step(3, "Nhân viên tải lên danh sách D02", "a clerk uploads a D02 workbook; it is checked and shown back as canonical XML"):
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


def _file(demo: Demonstration, clerk: Clerk, draft_id: str, to_sign: bytes, key: str) -> Any:
    with demo.step(4, "Ký bên ngoài và nộp", "signed outside (XAdES, two-phase) and filed; receipt and appointment e-mailed"):
        began = time.monotonic()
        receipt = clerk.file(draft_id, to_sign, key)
        answered_ms = (time.monotonic() - began) * 1000
        mail = wait_for("the receipt mail", lambda: _find_mail(demo, receipt["code"], before=1), pause_s=0.01)
        demo.figures["receipt_ms"] = round((time.monotonic() - began) * 1000)
        _keep_mail(demo, mail, "phieu-tiep-nhan")
        (OUT / "phieu-tiep-nhan.json").write_bytes(b64decode(receipt["receipt"]))
        print(f"      {receipt['code']} · hẹn trả · appointment {receipt['appointment_on']}")
        print(
            f"      trả lời sau · answered after {answered_ms:.0f} ms; thư đến máy chủ thư · mail handed over {demo.figures['receipt_ms']} ms"
        )
        demo.expect(demo.figures["receipt_ms"] <= 2000, "phiếu tiếp nhận đến trong 2 giây · receipt within 2 s")
    return receipt


def _file_through_portal(demo: Demonstration) -> str:
    with demo.step(5, "Hồ sơ thứ hai qua Cổng Dịch vụ công quốc gia", "a citizen asks for a confirmation through the national portal"):
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


def _decide(demo: Demonstration, clerk: Clerk, officers: tuple[Client, Client], code: str) -> None:
    first, second = officers
    with demo.step(6, "Quyết định", "clean lines by the rules at once, the others by two officers; decisions signed"):
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


def _collect(demo: Demonstration, clerk: Clerk, receipt: Any) -> list[Path]:
    code = receipt["code"]
    with demo.step(7, "Kết quả và sổ điện tử", "results into warehouses, mails out, books sealed and published"):
        for result in clerk.client.get(f"/dossiers/{code}/results"):
            content = clerk.client.download(f"/dossiers/{code}/results/{result['sha256']}")
            if result["media_type"] == _XLSX:
                (OUT / "danh-sach-d02-ket-qua.xlsx").write_bytes(content)
        for number in (1, 2):
            (OUT / f"quyet-dinh-{number}.json").write_bytes(clerk.client.download(f"/dossiers/{code}/decisions/{number}"))
            (OUT / f"quyet-dinh-{number}.pdf").write_bytes(clerk.client.download(f"/dossiers/{code}/decisions/{number}.pdf"))
        (OUT / "phieu-tiep-nhan.pdf").write_bytes(clerk.client.download(f"/dossiers/{code}/receipt.pdf"))
        mail = wait_for("the result mail", lambda: _find_mail(demo, code, before=2))
        _keep_mail(demo, mail, "thu-ket-qua")
        _look_at_books(demo)
        shown = _workers_with_books(demo, clerk, code)
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


def _workers_with_books(demo: Demonstration, clerk: Clerk, code: str) -> list[str]:
    """Personal numbers of a hire with a history, a newcomer and a leaver, all of the filed list."""
    from samples.make_d02_workbook import demo_lines

    clean = {line["number"] for line in clerk.client.get(f"/dossiers/{code}/lines") if line["state"] == "clean"}
    rows = [row for row in demo_lines(demo.population) if row["worker_reference"] in clean]
    history = {citizen.pin: sum(len(s.wages) for s in citizen.spells) for citizen in demo.population.citizens}
    by_length = sorted((str(row["si_code"]) for row in rows), key=lambda pin: -history.get(pin, 0))
    return [by_length[0], by_length[-1], by_length[len(by_length) // 2]]


def _portal_knows(demo: Demonstration, reference: str) -> None:
    with demo.step(8, "Trạng thái về Cổng", "the status flows back to the national portal"):
        address = f"{demo.stack.sandbox.url('npsp')}/dossiers/{reference}"
        known = wait_for(
            "status 10 at the portal",
            lambda: 10 in (seen := [s["trangThai"] for s in httpx.get(address, trust_env=False).json()["trangThai"]]) and seen,
        )
        demo.expect({2, 9, 10} <= set(known), f"cổng đã nhận trạng thái · the portal holds statuses {sorted(known)}")


def _verify(demo: Demonstration, books: list[Path]) -> None:
    with demo.step(9, "Kiểm tra không cần chúng tôi", "verified with the network off and by other people's programs"):
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


def _send_again(demo: Demonstration, clerk: Clerk, draft_id: str, to_sign: bytes, key: str, receipt: Any) -> None:
    with demo.step(10, "Gửi lại đúng hồ sơ đó", "the same filing sent again gives the same receipt"):
        reply = clerk.file_unchecked(draft_id, to_sign, key)
        again = reply.json()
        same = reply.status_code == 200 and again["code"] == receipt["code"] and again["receipt"] == receipt["receipt"]
        demo.figures["repeat_same_receipt"] = same
        demo.expect(same, "cùng một phiếu tiếp nhận · the first receipt again")


def _count(demo: Demonstration, clerk: Clerk, code: str, workbook: bytes) -> None:
    counted = orjson.loads(demo.stack.run("conservation", "--json", is_checked=False).stdout)
    demo.figures["dossiers"] = counted["filed"]
    demo.expect(counted["holds"] and counted["filed"] == 2, "không hồ sơ nào mất hay lặp · no dossier lost or doubled")
    final = clerk.client.get(f"/dossiers/{code}")
    demo.expect(
        final["receipt_sent_at"] is not None and not final["receipt_late"], "giờ gửi phiếu được ghi · hand-over of the receipt noted"
    )
    returned = (OUT / "danh-sach-d02-ket-qua.xlsx").exists()
    demo.expect(returned, "tệp trả lại có cột kết quả · the workbook came back with its result column")


# -- helpers ------------------------------------------------------------------------------------------------------


def _find_mail(demo: Demonstration, code: str, *, before: int) -> bytes | None:
    """The `before`-th letter about a dossier to its filer, as the sandbox's mail server kept it."""
    employer = demo.population.demo_employer.email
    listed = httpx.get(f"{demo.stack.sandbox.url('mail')}/messages", trust_env=False).json()
    about = [row for row in listed if code in row["subject"] and employer in row["recipients"]]
    if len(about) < before:
        return None
    return httpx.get(f"{demo.stack.sandbox.url('mail')}/messages/{about[before - 1]['file']}", trust_env=False).content


def _keep_mail(demo: Demonstration, mail: bytes, name: str) -> None:
    (OUT / f"{name}.eml").write_bytes(mail)
    html = message_from_bytes(mail, policy=policy.default).get_body(("html",))
    assert html is not None, "every letter has an HTML part"
    (OUT / f"{name}.html").write_text(html.get_content())


def _verify_offline(files: list[Path]) -> dict[str, Any]:
    """`bhxh verify` in a network namespace without any network where one can be made."""
    command = [sys.executable, "-m", "bhxh.wiring", "verify", "--json", "--keys", str(OUT / "keys.json"), *map(str, files)]
    isolated, network = command, "không mở kết nối nào · opens no connection"
    for prefix in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            isolated, network = [*prefix, *command], " ".join(prefix)
            break
    done = subprocess.run(isolated, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(f"bhxh verify said nothing: {done.stderr[-500:]}")
    return {**orjson.loads(done.stdout), "network": network}


def _verify_by_openssl(demo: Demonstration, book: Path) -> None:
    _witness(demo, "openssl", lambda: _openssl(book))


def _openssl(book: Path) -> bool:
    signed, signature, public = openssl_parts(book.read_bytes(), keys=KeySet.from_json((OUT / "keys.json").read_bytes()))
    folder = OUT / "openssl"
    folder.mkdir(exist_ok=True)
    for name, content in (("signed", signed), ("signature.der", signature), ("public.pem", public)):
        (folder / name).write_bytes(content)
    command = ["openssl", "dgst", "-sha256", "-verify", folder / "public.pem", "-signature", folder / "signature.der", folder / "signed"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _verify_by_xmlsec1(demo: Demonstration) -> None:
    _witness(demo, "xmlsec1", lambda: _xmlsec1(demo))


def _xmlsec1(demo: Demonstration) -> bool:
    from tools.inspection import filed_document

    document = OUT / "danh-sach-d02-da-ky.xml"
    document.write_bytes(filed_document(demo.stack))
    trust = demo.stack.sandbox.folder / "pki" / "trust"
    anchors = [part for file in sorted(trust.glob("*.pem")) for part in ("--trusted-pem", str(file))]
    command = ["xmlsec1", "--verify", *anchors, "--enabled-reference-uris", "empty,same-doc", str(document)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _witness(demo: Demonstration, program: str, holds: Callable[[], bool]) -> None:
    if shutil.which(program) is None:
        print(f"      (không có chương trình {program}: bỏ qua · {program} is not installed: skipped)")
        return
    demo.expect(holds(), f"chương trình {program} cũng xác nhận · the {program} program agrees")


if __name__ == "__main__":
    sys.exit(main())
