"""Runs the steps in order, says what held, ends with where to look."""

import shutil
import signal
import sys
import time
from collections.abc import Callable

import httpx
import orjson

from bhxh.registry.synthetic import generate
from tools.demo.carrying import carry
from tools.demo.consenting import consent
from tools.demo.converting import convert
from tools.demo.deciding import collect, decide, portal_knows
from tools.demo.demonstration import OUT, Demonstration
from tools.demo.filing import check_and_prepare, file, file_through_portal, send_again
from tools.demo.proving_log import prove_log, stamp_log
from tools.demo.signing_in import sign_in, sign_out
from tools.demo.verifying import count, verify
from tools.stack import CITIZENS, EMPLOYERS, ROOT, SEED, Stack, free_base_port

_WHERE_TO_LOOK = (
    ("danh-sach-d02.xlsx, danh-sach-d02-ket-qua.xlsx", "danh sách đã nộp; trả lại có cột kết quả", "the list; handed back with results"),
    ("danh-sach-d02.xml, danh-sach-d02-da-ky.xml", "tờ khai chuẩn; đã ký XAdES", "canonical form; signed"),
    ("phieu-tiep-nhan.html, phieu-tiep-nhan.pdf", "thư và phiếu tiếp nhận", "receipt: e-mail and letter"),
    ("quyet-dinh-1.pdf, quyet-dinh-2.pdf", "quyết định theo quy tắc; của hai cán bộ", "decisions: by the rules; by two officers"),
    ("thu-ket-qua.html", "thư báo kết quả", "result e-mail"),
    ("so-1.pdf, so-2.pdf, so-3.pdf", "ba sổ điện tử; bản đã ký cạnh đó (.json)", "three books; sealed originals beside (.json)"),
    ("so/, keys.json", "mọi sổ; khóa công khai", "all books; public keys: bin/bhxh verify --keys out/keys.json out/so-1.json"),
    (
        "anh-so-giay.jpg, so-giay-chuyen-doi.pdf, ban-in-chuyen-doi.pdf",
        "ảnh sổ giấy; bản chuyển đổi có chứng nhận; bản in lại",
        "a photographed paper book; the certified conversion; its print copy",
    ),
    ("phieu-dong-y.json, du-lieu-cung-cap.json", "phiếu đồng ý; dữ liệu đi kèm", "consent receipt; the data that came with it"),
    ("the-bhyt.png, tom-tat-so.png", "thẻ, tóm tắt sổ dạng mã QR", "card and summary as QR codes; their text beside (.txt)"),
    ("so-tam-thu-hoi.pdf, thu-tam-thu-hoi.html", "sổ tạm thu hồi; thư báo", "a withdrawn book; the letter about it"),
    ("so-co-ma-qr.pdf, trang-thai.json", "sổ in kèm mã QR; danh sách trạng thái", "the book with its QR codes; the status list"),
    ("kiem-tra-khong-mang.sh", "kiểm tra thẻ, sổ khi tắt mạng", "verify card and book with the network off: sh out/kiem-tra-khong-mang.sh"),
    (
        "log-proof.json, goc-nhat-ky-cuoi.json",
        "chứng minh nhật ký; gốc đã đóng dấu",
        "a proof from the log: python3 tools/verify_log.py out/log-proof.json; its sealed head",
    ),
    ("bao-cao-kiem-tra.json, demo.json", "báo cáo kiểm tra; số liệu", "verification report; figures"),
)


def main() -> int:
    """Run it."""
    return demonstrate()


def demonstrate(*, then: Callable[[Demonstration], None] | None = None) -> int:
    """The steps in order, and whatever a caller wants besides while everything runs. Returns the exit code."""
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
        if then is not None:
            then(demo)
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
    with demo.step("Cơ sở dữ liệu và dân số hư cấu", "our own PostgreSQL, migrations, reference data, synthetic population"):
        stack.make_database()
        people = [citizen for citizen in demo.population.citizens if citizen.is_registered]
        print(f"      {len(people)} người · {len(demo.population.employers)} đơn vị · seed {SEED}")
    with demo.step("Các hệ thống đối tác giả lập", "sandbox partners over real sockets, then server and worker"):
        stack.start_partners()
        stack.start_server()
        stack.start_worker()
        print(f"      API {stack.address}/api/v1 · {', '.join(stack.sandbox.names)}")
    clerk, officers = sign_in(demo)
    workbook, draft_id, to_sign, key = check_and_prepare(demo, clerk)
    receipt = file(demo, clerk, draft_id, to_sign, key)
    portal_reference = file_through_portal(demo)
    decide(demo, clerk, officers, receipt["code"])
    books = collect(demo, clerk, receipt)
    portal_knows(demo, portal_reference)
    verify(demo, books)
    stamp_log(demo)
    send_again(demo, clerk, draft_id, to_sign, key, receipt)
    count(demo, clerk, receipt["code"], workbook)
    convert(demo)
    consent(demo)
    carry(demo, clerk, officers, receipt["code"])
    prove_log(demo, receipt["code"])
    sign_out(demo, clerk)


if __name__ == "__main__":
    sys.exit(main())
