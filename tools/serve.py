"""`make serve`: keep an installation running with its own database; prints addresses and sandbox identities. Ctrl-C stops it."""

import signal
import sys
import time

from bhxh.registry.synthetic import generate
from tools.people import list_outsiders
from tools.stack import CITIZENS, EMPLOYERS, SEED, Stack, serving_stack

_CHECK_EVERY_S = 2.0


def main() -> int:
    """Start what is not running, watch it, start again what dies."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # WHY SIGINT too: a shell starts background programs deaf to it
        signal.signal(ending, signal.default_int_handler)
    stack = serving_stack()
    try:
        prepare(stack)
        stack.start_partners()
        stack.start_server(workers=2)
        stack.start_worker()
        _introduce(stack)
        while True:
            time.sleep(_CHECK_EVERY_S)
            stack.restart_the_dead()
    except KeyboardInterrupt:
        print("\nđang dừng · stopping")
    except RuntimeError as error:
        print(
            f"không khởi động được; có thể make serve khác đang chạy, hoặc xóa .bhxh/serve/base-port để chọn cổng khác\n"
            f"did not start; another make serve may be running, or delete .bhxh/serve/base-port to choose other ports\n{error}"
        )
        return 1
    finally:
        stack.stop()
        stack.postgres.stop_if_idle()
    return 0


def prepare(stack: Stack) -> None:
    """The database, made once and kept between starts; migrated when the release changed."""
    stack.ensure_server()
    if stack.has_database():
        stack.run("migrate")
    else:
        print("chuẩn bị cơ sở dữ liệu lần đầu · preparing the database for the first time", flush=True)
        stack.make_database()


def _introduce(stack: Stack) -> None:
    population = generate(SEED, citizens=CITIZENS, employers=EMPLOYERS)
    employer = population.demo_employer
    worker = population.demo_workers[0]
    officer = list_outsiders(population, [employer])[0]
    print(
        f"""
Đăng nhập · sign in   {stack.address}/dang-nhap   (trong trình duyệt: chọn một người ở trang e-ID giả lập
                      in a browser: choose somebody on the sandbox's e-ID page; {stack.address}/dang-xuat signs out)
API            {stack.address}/api/v1   (mô tả · description: {stack.address}/api/v1/openapi.json)
Sức khỏe       {stack.address}/health/promise
Thư · mail     {stack.sandbox.url("mail")}/messages
e-ID           {stack.sandbox.url("eid")}/.well-known/openid-configuration
Cổng · portal  {stack.sandbox.url("npsp")}

Danh tính hư cấu · sandbox identities (số định danh không thuộc về ai · numbers belong to nobody):
  đơn vị · employer   {employer.tax_code}  {employer.name}; người đại diện · clerk {employer.legal_representative_pin}
  người lao động · worker   {worker.pin}  {worker.full_name}

Không có trình duyệt · without a browser (mã, PKCE, cookie, X-CSRF-Token · code, PKCE, cookie, X-CSRF-Token):
  .venv/bin/python -m tools.sign_in {worker.pin} > .bhxh/worker
  curl -sK .bhxh/worker {stack.address}/api/v1/me/book
  curl -sK .bhxh/worker {stack.address}/api/v1/me/book.pdf -o so.pdf
  .venv/bin/python -m tools.sign_in {employer.legal_representative_pin} --for {employer.tax_code} > .bhxh/clerk
  echo {officer.pin} | bin/bhxh appoint lan --pin -
  .venv/bin/python -m tools.sign_in {officer.pin} --officer lan > .bhxh/lan    # khóa bảo mật bằng phần mềm · a security key of software
  curl -sK .bhxh/lan {stack.address}/api/v1/office/queue
  bin/bhxh file --as {employer.tax_code} out/danh-sach-d02.xlsx    # danh sách do make demo tạo · the list that make demo made

Ctrl-C để dừng · to stop
""",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
