"""Arrival to receipt: signed lists of 32 lines filed over HTTP; how long until the answer, and until the mail server has the receipt.

Everything runs as in production: signature, certificate and revocation are checked, one worker hands over the letters and another
decides what was filed meanwhile, on the same machine. Lists are prepared and signed before the measured part.

The rate is raised in steps, each offered evenly whether or not the answers keep up, until one is not held any more: not answered
as fast as offered, or some receipt in a hundred later than five seconds. The highest that was held is what is reported.
"""

import email
import email.policy
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson

from bench.installation import Installation, running_installation
from bench.load import Load, offer, percentile, request_bytes, send_each
from bench.measuring import Row
from bhxh.doors.jobs.lanes import LANES
from bhxh.kernel.months import Month
from bhxh.registry.synthetic import SyntheticCitizen, SyntheticEmployer
from tools.people import Clerk, wait_for

_LINES = 32
_WANTED_PER_S = 1_400 / _LINES
"""Lines that arrive in a second at the end of a month, by lists of this length."""
_CLERKS = 40
_WARM_UP, _PROBED = 40, 40
_STEPS = (0.6, 0.8, 1.0, 1.25, 1.5, 1.8)
"""Parts of what the probe reached that are then offered."""
_STEP_S = 10
_MOST_LISTS = 2_000  # LIMIT: of a run; only those offered are prepared, each in some hundredths of a second
_HELD_MS = 5_000
_KEPT_UP = 0.9
"""Answers for each list offered, in the time of the step, at which a rate still counts as held."""
_VERDICTS = "SELECT state, count(*) FROM dossiers_line GROUP BY state ORDER BY 2 DESC"


@dataclass(frozen=True)
class _Step:
    """One rate, and what came of it."""

    per_second: float
    load: Load
    receipts_ms: list[float]

    @property
    def is_held(self) -> bool:
        """Whether the answers kept up and the receipts were in time."""
        return self.load.per_second >= self.per_second * _KEPT_UP and percentile(self.receipts_ms, 99) <= _HELD_MS


def run() -> list[Row]:
    """Find the highest rate that is held, and beside it the same rate of bare one-row inserts."""
    with running_installation(with_worker=False) as installation:
        installation.stack.start_worker("letters", ["notices"])
        installation.stack.start_worker("worker", [lane for lane in LANES if lane != "notices"])
        address = installation.stack.address
        requests = _prepare(installation)
        send_each(address, list(islice(requests, _WARM_UP)), connections=4)
        probe = send_each(address, list(islice(requests, _PROBED)), connections=8)
        steps = _raise_rate(installation, requests, probe.per_second)
        held = max((step for step in steps if step.is_held), key=lambda step: step.per_second, default=steps[0])
        decided_per_s = _decided_per_s(installation, steps[0].load.began_at)
        bare_request = request_bytes("POST", f"{installation.bare_address}/insert", body=b"x" * 200)
        bare = offer(installation.bare_address, [bare_request] * len(held.load.exchanges), per_second=held.per_second)
        errors = probe.count_errors() + bare.count_errors() + sum(step.load.count_errors() for step in steps)
        verdicts = installation.query(_VERDICTS)
    assert errors == 0, f"{errors} filings were not answered with a receipt"
    tried = ", ".join(f"{step.per_second:.0f}{'' if step.is_held else ' (not held)'}" for step in steps)
    beside = "bare HTTP, one row inserted + commit, same rate"
    return [
        Row(
            what=f"filings of {_LINES} lines answered, 8 at a time, workers busy",
            value=probe.per_second,
            unit="per s",
            beside="wanted",
            beside_value=_WANTED_PER_S,
            note="8 connections, each waits for its answer",
        ),
        Row(
            what=f"lists of {_LINES} lines a second, receipts p99 within 5 s",
            value=held.per_second if held.is_held else 0.0,
            unit="per s",
            beside="wanted",
            beside_value=_WANTED_PER_S,
            note=f"offered evenly, {_STEP_S} s each: {tried} a second; no errors",
        ),
        Row(
            what="arrival to answer at that rate, p50",
            value=held.load.percentile_ms(50),
            unit="ms",
            beside=beside,
            beside_value=bare.percentile_ms(50),
        ),
        Row(
            what="arrival to answer at that rate, p99",
            value=held.load.percentile_ms(99),
            unit="ms",
            beside=beside,
            beside_value=bare.percentile_ms(99),
        ),
        Row(what="arrival to receipt at the mail server, p50", value=percentile(held.receipts_ms, 50), unit="ms"),
        Row(
            what="arrival to receipt at the mail server, p99",
            value=percentile(held.receipts_ms, 99),
            unit="ms",
            beside="target",
            beside_value=_HELD_MS,
        ),
        Row(
            what="lists decided, sealed, published and returned meanwhile",
            value=decided_per_s,
            unit="per s",
            note="one worker that gives way to the filing; lines: " + ", ".join(f"{state} {count}" for state, count in verdicts),
        ),
    ]


def _raise_rate(installation: Installation, requests: Iterator[bytes], reached: float) -> list[_Step]:
    """The steps up to the first that is not held. Nothing is waited for between them but the receipts."""
    steps: list[_Step] = []
    for part in _STEPS:
        rate = reached * part
        load = offer(installation.stack.address, list(islice(requests, int(rate * _STEP_S))), per_second=rate)
        steps.append(_Step(rate, load, _handed_over_ms(installation, load)))
        if not steps[-1].is_held or rate >= _WANTED_PER_S:
            break
    return steps


def _decided_per_s(installation: Installation, began_at: float) -> float:
    """Lists that went all the way since the first step began, each second until now."""
    ((returned,),) = installation.query(
        f"SELECT count(*) FROM dossiers_transition WHERE to_state = 'RETURNED' AND at >= to_timestamp({began_at})"
    )
    return int(str(returned)) / (time.time() - began_at)


def _prepare(installation: Installation, count: int = _MOST_LISTS) -> Iterator[bytes]:
    """Filing requests of many clerks, each made when it is asked for and signed over its own content: the batch number makes every list
    another one.
    """
    from samples.make_d02_workbook import demo_period, make

    period = demo_period(installation.population)
    people = _clerks(installation)
    with tempfile.TemporaryDirectory() as folder:
        workbooks = [make(Path(folder) / "d02.xlsx", _lines(installation, employer, period)).read_bytes() for employer, _ in people]
    for number in range(count):
        batch, position = divmod(number, len(people))
        _, clerk = people[position]
        draft_id, to_sign, _ = clerk.prepare(workbooks[position], period=period.shown, batch=str(batch + 1))
        headers = {
            **clerk.client.headers,
            "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{number}",
        }
        body = orjson.dumps({"signature": b64encode(clerk.signer.sign(to_sign)).decode()})
        path = f"{installation.stack.address}/api/v1/register-employees/drafts/{draft_id}/filing"
        yield request_bytes("POST", path, headers=headers, body=body)


def _clerks(installation: Installation) -> list[tuple[SyntheticEmployer, Clerk]]:
    largest = sorted(installation.population.employers, key=lambda employer: -len(installation.population.workers_of(employer.number)))
    return [
        (employer, Clerk.of(installation.stack, tax_code=employer.tax_code, name=employer.name, pin=employer.legal_representative_pin))
        for employer in largest[:_CLERKS]
    ]


def _lines(installation: Installation, employer: SyntheticEmployer, period: Month) -> list[dict[str, str | int]]:
    """New titles for up to 16 of the employer's workers, the rest hires: other ones for every employer as far as the population goes."""
    workers = installation.population.workers_of(employer.number)[: _LINES // 2]
    candidates = installation.population.hire_candidates
    wanted = _LINES - len(workers)
    first = employer.number * wanted
    hires = [candidates[(first + number) % len(candidates)] for number in range(wanted)]
    lines = [_change(citizen, period, "CD", 5, job_title="Tổ trưởng sản xuất") for citizen in workers]
    lines += [
        _change(citizen, period, "TM", 1, job_title="Công nhân may", workplace="Xưởng 2", wage_vnd=9_800_000, nationality="VN")
        for citizen in hires
    ]
    return [{"worker_reference": number, **line} for number, line in enumerate(lines, start=1)]


def _change(citizen: SyntheticCitizen, period: Month, code: str, kind: int, **more: str | int) -> dict[str, str | int]:
    who: dict[str, str | int] = {"full_name": citizen.full_name, "si_code": citizen.pin}
    return {**who, "declaration_type": kind, "change_code": code, "from_month": period.shown, **more}


def _handed_over_ms(installation: Installation, load: Load) -> list[float]:
    """From due to the moment the relay had the whole letter on its disk, for each list."""
    due_at = {orjson.loads(exchange.body)["code"]: exchange.due_at for exchange in load.exchanges}
    folder = installation.stack.sandbox.folder / "mail" / "messages"

    def all_there() -> dict[str, float]:
        first = _first_letters(folder, due_at)
        return first if len(first) == len(due_at) else {}

    arrived_at = wait_for("the receipt of every list", all_there, timeout_s=120, pause_s=1)
    return [(arrived_at[code] - at) * 1000 for code, at in due_at.items()]


def _first_letters(folder: Path, codes: Sequence[str] | dict[str, float]) -> dict[str, float]:
    """When the first letter about each dossier, its receipt, was written."""
    first: dict[str, float] = {}
    for file in sorted(folder.glob("*.eml"), key=lambda file: file.stem.rsplit("-", 1)[1]):
        subject = str(email.message_from_bytes(file.read_bytes()[:4096], policy=email.policy.default)["Subject"])
        for word in subject.split():
            if word in codes:
                first.setdefault(word, file.stat().st_mtime)
    return first
