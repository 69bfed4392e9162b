"""One employer's long list over HTTP: 10,000 lines step by step to sealed books, 50,000 rows to verdicts, and who else waits meanwhile.

Everything runs as in production where giant employers file: one server process, a worker for short lists and letters, and one for long
lists. The employer signs outside, in milliseconds. Small employers file two lists a second, once with the machine to themselves, once
while the giant files.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bench.filing_to_receipt import _handed_over_ms, _prepare
from bench.installation import Installation, running_installation
from bench.load import Load, offer, percentile, send_each
from bench.measuring import Row
from bench.memory_watch import MemoryWatch
from bhxh.doors.jobs.lanes import LARGE_LANES, SMALL_LANES
from bhxh.registry.synthetic import SyntheticCitizen
from tools.people import Clerk, wait_for

if TYPE_CHECKING:
    from samples.make_d02_workbook import SampleLine

T = TypeVar("T")
_CITIZENS = 14_000
_LINES, _ROWS = 10_000, 50_000
_SMALL, _SMALL_PER_S = 40, 2.0
_MEMORY_MB = 500
_DECIDED = "SELECT count(*) FROM dossiers_line WHERE dossier_id = (SELECT dossier_id FROM dossiers_dossier WHERE code = '{code}') AND state <> 'pending'"
_SEALED = (
    "SELECT max(at) FILTER (WHERE NOT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = 'book.books.seal'))"
    " FROM (SELECT now() AS at) AS clock"
)
_STATES = (
    "SELECT state, count(*) FROM dossiers_line WHERE dossier_id = (SELECT dossier_id FROM dossiers_dossier WHERE code = '{code}')"
    " GROUP BY state ORDER BY 2 DESC"
)
_RETURNED = "SELECT count(*) FROM dossiers_dossier WHERE code = '{code}' AND state = 'RETURNED'"


@dataclass
class _Clock:
    """How long each step took."""

    taken_s: dict[str, float] = field(default_factory=dict)

    def time(self, step: str, act: Callable[[], T]) -> T:
        began = time.perf_counter()
        done = act()
        self.taken_s[step] = time.perf_counter() - began
        return done


def run() -> list[Row]:
    """The small ones alone, the 10,000 lines, then the 50,000 rows with the small ones beside them."""
    from samples.make_d02_workbook import demo_period, make_large

    with running_installation(with_worker=False, citizens=_CITIZENS) as installation:
        installation.stack.start_worker("worker", SMALL_LANES)
        installation.stack.start_worker("worker of long lists", LARGE_LANES)
        giant = min(installation.population.employers, key=lambda one: len(installation.population.workers_of(one.number)))
        period = demo_period(installation.population)
        clerk = Clerk.of(installation.stack, tax_code=giant.tax_code, name=giant.name, pin=giant.legal_representative_pin)
        workbooks = [make_large(islice(_lines(installation), count)) for count in (_LINES, _ROWS)]
        small = iter(list(_prepare(installation, 2 * _SMALL + 8)))
        send_each(installation.stack.address, list(islice(small, 8)), connections=4)
        installation.wait_for_quiet()
        roots = [process.pid for process in installation.stack.processes.values()]
        with MemoryWatch(roots) as of_10k:
            idle = _offer(installation, list(islice(small, _SMALL)))
            installation.wait_for_quiet()
            steps = _Clock()
            code = _file_10k(installation, clerk, workbooks[0], period.shown, steps)
            states = installation.query(_STATES.format(code=code))
            sealed = installation.query("SELECT count(*) FROM book_version")[0][0]
        with MemoryWatch(roots) as of_50k:
            giants = _Clock()
            filing = threading.Thread(target=_file_50k, args=(clerk, workbooks[1], period.shown, giants), daemon=True)
            filing.start()
            time.sleep(1)
            beside = _offer(installation, list(small))
            filing.join()
        idle_ms, beside_ms = (_handed_over_ms(installation, load) for load in (idle, beside))
    return [
        *_rows_of_10k(steps, ", ".join(f"{state} {count}" for state, count in states), sealed, of_10k),
        *_rows_of_50k(giants, of_50k),
        *_rows_of_small(idle, beside, idle_ms, beside_ms),
    ]


def _lines(installation: Installation) -> "Iterator[SampleLine]":
    """Hires of everybody who may work, then of people no register knows."""
    from samples.make_d02_workbook import _hire, demo_period

    month = demo_period(installation.population)
    for number, citizen in enumerate(_workers(installation), start=1):
        yield {**_hire(citizen, month, number), "worker_reference": number}
    template: SampleLine = {
        "full_name": "Nguyễn Văn Không",
        "declaration_type": 1,
        "change_code": "TM",
        "from_month": month.shown,
        "wage_vnd": 9_800_000,
    }
    for number in range(_ROWS):
        yield {**template, "si_code": f"0010990{number:05d}", "job_title": "Công nhân may"}


def _workers(installation: Installation) -> list[SyntheticCitizen]:
    of_age = installation.population.last_month.year - 18
    return [c for c in installation.population.citizens if c.birth_on.year < of_age and c.managed_by == "mof"]


def _offer(installation: Installation, requests: list[bytes]) -> Load:
    load = offer(installation.stack.address, requests, per_second=_SMALL_PER_S)
    assert load.count_errors() == 0, "a small employer got no receipt"
    return load


def _file_10k(installation: Installation, clerk: Clerk, workbook: bytes, period: str, steps: _Clock) -> str:
    checked = steps.time("check", lambda: clerk.check(workbook, period=period))
    assert sum(checked["counts"].values()) == _LINES, checked["counts"]
    draft_id, to_sign, _ = steps.time("prepare", lambda: clerk.prepare(workbook, period=period))
    code: str = steps.time("sign and file", lambda: clerk.file(draft_id, to_sign, "bench-10k"))["code"]

    def until(what: str, statement: str, wanted: int) -> None:
        asked = statement.format(code=code)
        steps.time(what, lambda: wait_for(what, lambda: installation.query(asked)[0][0] == wanted, timeout_s=180, pause_s=0.1))

    until("decided", _DECIDED, _LINES)
    steps.time("sealed", lambda: wait_for("books", lambda: installation.query(_SEALED)[0][0] is not None, timeout_s=180, pause_s=0.1))
    until("returned", "SELECT count(*) FROM procrastinate_jobs WHERE queue_name IN ('dossiers-large', 'books-large')", 0)
    return code


def _file_50k(clerk: Clerk, workbook: bytes, period: str, steps: _Clock) -> None:
    checked = steps.time("check", lambda: clerk.check(workbook, period=period, batch="2"))
    assert sum(checked["counts"].values()) == _ROWS, checked["counts"]
    drafts = steps.time("prepare", lambda: clerk.prepare_all(workbook, period=period, batch="2"))

    def file_all() -> None:
        for number, (draft_id, to_sign, _) in enumerate(drafts):
            clerk.file(draft_id, to_sign, f"bench-50k-{number}")

    steps.time(f"sign and file {len(drafts)} documents", file_all)


def _rows_of_10k(steps: _Clock, states: str, sealed: object, memory: MemoryWatch) -> list[Row]:
    to_receipt = ("check", "prepare", "sign and file")
    each = ", ".join(f"{step} {steps.taken_s[step]:.1f}" for step in to_receipt)
    after = ", ".join(f"{step} +{taken:.1f}" for step, taken in steps.taken_s.items() if step not in to_receipt)
    what = f"list of {_LINES:,} lines"
    return [
        Row(
            what=f"{what}: upload to verdicts and receipt",
            value=sum(steps.taken_s[step] for step in to_receipt),
            unit="s",
            beside="wanted",
            beside_value=10,
            note=f"{each} s",
        ),
        Row(
            what=f"{what}: upload to verdicts",
            value=steps.taken_s["check"],
            unit="s",
            note="asked of the population register: 10,000 persons",
        ),
        Row(
            what=f"{what}: receipt to all books sealed",
            value=steps.taken_s["decided"] + steps.taken_s["sealed"],
            unit="s",
            beside="wanted",
            beside_value=60,
            note=f"{sealed} books; {after} s; lines: {states}",
        ),
        *_rows_of_memory(what, memory),
    ]


def _rows_of_50k(steps: _Clock, memory: MemoryWatch) -> list[Row]:
    what = f"list of {_ROWS:,} rows, small employers filing beside it"
    each = ", ".join(f"{step} {taken:.1f}" for step, taken in steps.taken_s.items())
    return [
        Row(what=f"{what}: upload to verdicts", value=steps.taken_s["check"], unit="s", beside="wanted", beside_value=60, note=f"{each} s"),
        *_rows_of_memory(what, memory),
    ]


def _rows_of_memory(what: str, memory: MemoryWatch) -> list[Row]:
    name, most = max(memory.peak_mb.items(), key=lambda item: item[1])
    others = ", ".join(f"{other} {peak:.0f}" for other, peak in memory.peak_mb.items() if other != name)
    return [
        Row(
            what=f"{what}: most memory of a process",
            value=most,
            unit="MiB",
            beside="wanted",
            beside_value=_MEMORY_MB,
            note=f"{name}; {others}",
        )
    ]


def _rows_of_small(idle: Load, beside: Load, idle_ms: list[float], beside_ms: list[float]) -> list[Row]:
    rate = f"{len(idle.exchanges)} lists of 32 lines, {_SMALL_PER_S:.0f} per s"
    pairs = (
        ("arrival to answer", [exchange.taken_ms for exchange in beside.exchanges], [exchange.taken_ms for exchange in idle.exchanges]),
        ("arrival to receipt at the mail server", beside_ms, idle_ms),
    )
    return [
        Row(
            what=f"small employers during a {_ROWS:,}-row filing: {name}, p{percent}",
            value=percentile(now, percent),
            unit="ms",
            beside="idle",
            beside_value=percentile(before, percent),
            note=f"{rate}; wanted 2 at most" if percent == 99 else rate,
        )
        for name, now, before in pairs
        for percent in (50, 99)
    ]
