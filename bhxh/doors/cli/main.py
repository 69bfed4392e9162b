"""The `bhxh` command: what it can do, and one place where its errors become sentences and exit codes."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import orjson

from bhxh.kernel.errors import BhxhError, Refusal

OK, REFUSED, TROUBLE = 0, 1, 3
"""Exit codes: done; anticipated refusal (the sentence says what to do); the outside or our own fault."""

Handler = Callable[[argparse.Namespace], dict[str, Any]]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bhxh", description="Bảo hiểm xã hội điện tử · electronic social insurance")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON · print the result as JSON")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return command

    file = add("file", "nộp danh sách lao động từ bảng tính · check, sign and file a workbook")
    file.add_argument("--as", dest="employer", required=True, metavar="EMPLOYER", help="mã số thuế hoặc mã đơn vị · tax code or unit code")
    file.add_argument("workbook", help="tệp .xlsx · the workbook")
    file.add_argument("--period", default="", help="kỳ kê khai MM/YYYY · declaration period; default: this month")
    file.add_argument(
        "--confirm-repairs", default="", metavar="N,N", help="dòng mà người nộp xác nhận số định danh được sửa · lines confirmed"
    )
    file.add_argument("--check-only", action="store_true", help="chỉ kiểm tra, không nộp · judge the lines, file nothing")
    file.add_argument("--key", default="", help="khóa riêng PEM của đơn vị · private key (sandbox keys are found by themselves)")
    file.add_argument("--certificate", default="", help="chứng thư của đơn vị · certificate")

    decide = add("decide", "cán bộ giải quyết các dòng chờ · decide waiting lines as two officers")
    decide.add_argument("code", nargs="?", default="", help="mã hồ sơ; bỏ trống: xem hàng việc · dossier; empty: show the queue")
    decide.add_argument("--as", dest="officer", default="", help="cán bộ · officer")
    decide.add_argument("--lines", default="", metavar="N,N")
    decide.add_argument("--grant", action="store_true")
    decide.add_argument("--refuse", action="store_true")
    decide.add_argument("--approve", action="store_true", help="phê duyệt đề xuất của cán bộ khác · approve another officer's proposal")
    decide.add_argument("--reason", default="")

    book = add("book", "sổ BHXH điện tử của một người · the sealed book of a person")
    book.add_argument("pin", help="số định danh · personal number; or - to read it from standard input")
    book.add_argument("--version", type=int, default=0)
    book.add_argument("--out", default="", help="tệp .json hoặc .pdf · where to write it")

    verify = add("verify", "kiểm tra sổ, phiếu, quyết định, không cần mạng · verify sealed documents offline")
    verify.add_argument("files", nargs="+")
    verify.add_argument("--keys", default="", help="tập khóa công khai · the published key set (JSON)")

    generate = add("generate", "tạo dân số hư cấu và lịch sử · synthetic population with histories")
    generate.add_argument("--citizens", type=int, default=1000)
    generate.add_argument("--employers", type=int, default=60)
    generate.add_argument("--seed", type=int, default=164)

    appoint = add("appoint", "bổ nhiệm cán bộ · put an officer into service")
    appoint.add_argument("login")
    appoint.add_argument("--pin", required=True, help="số định danh; - đọc từ đầu vào · personal number; - reads standard input")
    appoint.add_argument("--roles", default="APPRAISER,APPROVER")

    audit = add("audit", "nhật ký: gốc cây, kiểm tra, ai đã xem · the log: root, verification, looks")
    audit.add_argument("what", choices=("head", "verify", "looks"))
    audit.add_argument("--pin", default="")

    add("work", "chạy tiến trình xử lý nền · run the background worker").add_argument("--lanes", default="")
    add("keys", "in tập khóa công khai · print the published key set")
    add("conservation", "đếm hồ sơ theo chỗ đang nằm · where every filed dossier is now")
    add("equality", "mỗi sổ mới nhất có khớp cơ sở dữ liệu không · does every latest book equal the database")
    backup = add("backup", "sao lưu · back up")
    backup.add_argument("folder")
    restore = add("restore", "phục hồi; chỉ nhận khi gốc nhật ký khớp · restore; accepted only when the audit root matches")
    restore.add_argument("folder")
    return parser


def _handlers() -> dict[str, Handler]:
    from bhxh.doors.cli import administration, books, decide, file

    return {
        "file": file.run,
        "decide": decide.run,
        "book": books.run,
        "generate": administration.generate,
        "appoint": administration.appoint,
        "audit": administration.audit,
        "keys": administration.keys,
        "conservation": administration.conservation,
        "equality": administration.equality,
        "backup": administration.backup,
        "restore": administration.restore,
    }


def run(arguments: list[str], *, work: Callable[[tuple[str, ...]], None] | None = None) -> int:
    """Parse, do, print. Returns the exit code. `work` is the other door that runs the worker; wiring hands it in."""
    options = _parser().parse_args(arguments)
    if options.command == "work":
        assert work is not None, "wiring runs the worker"
        work(tuple(lane for lane in options.lanes.split(",") if lane))
        return OK
    if options.command == "verify":
        from bhxh.doors.cli import verify

        handler: Handler = verify.run
    else:
        handler = _handlers()[options.command]
    try:
        result = handler(options)
    except BhxhError as error:
        _print_error(error, as_json=options.json)
        return REFUSED if isinstance(error, Refusal) else TROUBLE
    if options.json:
        sys.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.write(str(result.pop("text", "") or _as_lines(result)) + "\n")
    return OK if result.get("holds", True) else REFUSED


def _print_error(error: BhxhError, *, as_json: bool) -> None:
    if as_json:
        body = {"code": error.code, "where": error.where, "vi": error.text("vi"), "en": error.text("en")}
        sys.stdout.write(orjson.dumps({"error": body}, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        where = f" ({error.where})" if error.where else ""
        sys.stderr.write(f"{error.text('vi')}{where}\n{error.text('en')}\n[{error.code}]\n")


def _as_lines(result: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in result.items())
