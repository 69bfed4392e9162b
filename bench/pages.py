"""What a page costs the server: CPU of all its processes for one page, over HTTP, beside the 15 ms that we allow ourselves."""

import os
import time
from pathlib import Path

import httpx

from bench.installation import Installation, running_installation
from bench.measuring import Row
from samples.make_d02_workbook import demo_lines, demo_period, make
from tools.people import Clerk, Client, list_outsiders, wait_for
from tools.stack import Stack

_ALLOWED_MS = 15.0
_TIMES, _ROUNDS = 60, 3
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def run() -> list[Row]:
    """The best of three rounds of sixty, after a round that warms up."""
    with running_installation(with_worker=True) as made:
        stack, population = made.stack, made.population
        code, worker_pin = _file(made)
        person = Client.sign_in(stack, worker_pin)
        stack.run("appoint", "lan", "--pin", "-", stdin=(outsider := list_outsiders(population, [population.demo_employer])[0].pin))
        officer = Client.sign_in_officer(stack, login="lan", pin=outsider)
        employer = population.demo_employer
        clerk = Client.sign_in(stack, employer.legal_representative_pin, org_id=employer.tax_code)
        own = person.post("/confirmation-extract/requests", {})["code"]
        pages = (
            ("the book", "/so", person),
            ("dossiers", "/ho-so", person),
            ("tracking of a dossier", f"/ho-so/{own}/theo-doi", person),
            ("looks", "/ai-da-xem", person),
            ("an organisation's overview", "/don-vi", clerk),
            ("the officers' queue", "/can-bo/viec", officer),
            ("a dossier of 32 lines, as officers see it", f"/can-bo/ho-so/{code}", officer),
        )
        made.wait_for_quiet()
        return [_row(stack, what, path, who) for what, path, who in pages]


def _file(made: Installation) -> tuple[str, str]:
    """Code of the demonstration's list, and a worker of it whose book is sealed."""
    stack, population = made.stack, made.population
    employer, lines = population.demo_employer, demo_lines(population)
    clerk = Clerk.of(stack, tax_code=employer.tax_code, name=employer.name, pin=employer.legal_representative_pin)
    workbook = make(stack.state_folder / "d02.xlsx", lines).read_bytes()
    draft, to_sign, _ = clerk.prepare(workbook, period=demo_period(population).shown)
    code = clerk.file(draft, to_sign, "bench")["code"]
    by_pin = population.by_pin()
    known = [by_pin[str(line["si_code"])] for line in lines if str(line["si_code"]) in by_pin]
    worker = next(one for one in reversed(known) if one.is_registered and one.managed_by == "mof")
    program = Client.with_token(stack, worker.pin)
    wait_for("a sealed book", lambda: program.request("GET", "/me/book").status_code == httpx.codes.OK)
    return str(code), worker.pin


def _row(stack: Stack, what: str, path: str, who: Client) -> Row:
    taken = []
    with httpx.Client(base_url=stack.address, headers={**who.headers, "Accept-Encoding": "gzip"}, trust_env=False, timeout=60) as browser:
        for _ in range(_ROUNDS + 1):
            before = _spent_s(stack)
            for _ in range(_TIMES):
                reply = browser.get(path)
                assert reply.status_code == httpx.codes.OK, (path, reply.status_code)
            time.sleep(0.05)
            taken.append((_spent_s(stack) - before) / _TIMES * 1000)
    size = int(reply.headers.get("Content-Length", len(reply.content)))
    return Row(
        what=f"page: {what}", value=min(taken[1:]), unit="ms CPU", beside="allowed", beside_value=_ALLOWED_MS, note=f"{size / 1024:.1f} KiB"
    )


def _spent_s(stack: Stack) -> float:
    """CPU of everything that serves: the process that was started, and all it started."""
    group, spent = stack.processes["server"].pid, 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                spent += int(fields[11]) + int(fields[12])
    return spent * _TICK_S
