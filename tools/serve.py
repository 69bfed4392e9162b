"""`make serve`: keep an installation running with its own database; prints addresses and sandbox identities. Ctrl-C stops it."""

import json
import signal
import sys
import time
from collections.abc import Sequence

from bhxh.registry.synthetic import Population, generate
from samples.make_d02_workbook import demo_lines, demo_period, make
from sandbox.eid.identities import PEOPLE
from sandbox.pki.authority import issue_employer_certificate
from tools.cast import Role, roles_of
from tools.reception import Reception, open_reception
from tools.stack import CITIZENS, EMPLOYERS, RECEPTION_ABOVE, SEED, Stack, serving_stack

_CHECK_EVERY_S = 2.0
_APPOINTED = "appointed"
"""File in the state folder: this database knows the officers of the cast."""
_WRONG_ON_PURPOSE = slice(18, 22)
"""Of the demonstration's lines."""


def main() -> int:
    """Start what is not running, watch it, start again what dies."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # WHY SIGINT too: a shell starts background programs deaf to it
        signal.signal(ending, signal.default_int_handler)
    stack = serving_stack()
    try:
        prepare(stack)
        population = generate(SEED, citizens=CITIZENS, employers=EMPLOYERS)
        cast = roles_of(population)
        _name_people(stack, cast)
        stack.start_partners()
        _appoint(stack, cast)
        stack.start_server(workers=2)
        stack.start_worker()
        reception = Reception(stack, cast, _samples(stack, population), demo_period(population).shown)
        open_reception(reception, stack.base_port + RECEPTION_ABOVE)
        print(introduction(stack, cast, reception.address), flush=True)
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
        print("chuẩn bị cơ sở dữ liệu lần đầu, một hai phút · preparing the database for the first time, a minute or two", flush=True)
        stack.make_database()
        (stack.state_folder / _APPOINTED).unlink(missing_ok=True)


def _name_people(stack: Stack, cast: Sequence[Role]) -> None:
    """The e-ID's page shows them first, and the signing service keeps the employer's key."""
    file = stack.sandbox.folder / "eid" / PEOPLE
    file.parent.mkdir(parents=True, exist_ok=True)
    people = [{"value": f"{one.pin} {one.org_id}".strip(), "name": one.name, "vi": one.vi, "en": one.en} for one in cast]
    file.write_text(json.dumps(people, ensure_ascii=False))


def _appoint(stack: Stack, cast: Sequence[Role]) -> None:
    done = stack.state_folder / _APPOINTED
    employer = cast[0]
    issue_employer_certificate(stack.sandbox.folder / "pki", employer.org_id, employer.vi.partition("của ")[2])
    if done.exists():
        return
    for officer in cast:
        if officer.is_officer:
            stack.run("appoint", officer.login, "--pin", "-", "--roles", officer.officer_roles, stdin=officer.pin)
    done.touch()


def _samples(stack: Stack, population: Population) -> dict[str, bytes]:
    """A list that is right in every line, and one with four lines that are not."""
    lines = demo_lines(population)
    right = [line for number, line in enumerate(lines) if number not in range(*_WRONG_ON_PURPOSE.indices(len(lines)))]
    names = {"danh-sach-dung.xlsx": right, "danh-sach-co-loi.xlsx": lines}
    return {name: make(stack.state_folder / name, wanted).read_bytes() for name, wanted in names.items()}


def introduction(stack: Stack, cast: Sequence[Role], reception: str) -> str:
    """What a stranger reads first: where to begin, and who one may be."""
    employer, worker, officer = cast[0], cast[1], cast[2]
    table = "\n".join(f"  {one.login or '–':<6} {one.pin:<13} {one.org_id or '–':<11} {one.vi}\n{'':34}{one.en}" for one in cast)
    return f"""
Bắt đầu ở đây · begin here     {reception}/
  Từng bước đến một cuốn sổ đã ký số, danh sách mẫu, thiết bị ký, khóa bảo mật bằng phần mềm cho cán bộ.
  Step by step to a sealed book, sample lists, the signing device, security keys of software for officers.

Trang của mọi người · pages    {stack.address}/     (đăng nhập · sign in: {stack.address}/dang-nhap · sign out: {stack.address}/dang-xuat)
Thư đã gửi · mail              {stack.sandbox.url("mail")}/messages
API                            {stack.address}/api/v1      (mô tả · description: {stack.address}/api/v1/openapi.json)
Sức khỏe · health              {stack.address}/health/promise

Danh tính hư cấu · sandbox identities: trên trang e-ID giả lập mỗi người một nút · one button each on the sandbox's e-ID page
  login  number        for         role
{table}

Không có trình duyệt · without a browser (mã, PKCE, cookie, X-CSRF-Token · code, PKCE, cookie, X-CSRF-Token):
  .venv/bin/python -m tools.sign_in {worker.pin} > .bhxh/worker
  curl -sK .bhxh/worker {stack.address}/api/v1/me/book
  .venv/bin/python -m tools.sign_in {employer.pin} --for {employer.org_id} > .bhxh/clerk
  .venv/bin/python -m tools.sign_in {officer.pin} --officer {officer.login} > .bhxh/{officer.login}
  curl -sK .bhxh/{officer.login} {stack.address}/api/v1/office/queue
  bin/bhxh file --as {employer.org_id} {stack.state_folder / "danh-sach-dung.xlsx"}

Ctrl-C để dừng · to stop
"""


if __name__ == "__main__":
    sys.exit(main())
