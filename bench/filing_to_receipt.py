"""Arrival to receipt: signed lists of 32 lines filed over HTTP; how long until the answer, and until the mail server has the receipt.

Everything runs as in production: signature, certificate and revocation are checked, the worker decides what was filed and hands over
the letters meanwhile, on the same machine. Lists are prepared and signed before the measured part.
"""

import email
import email.policy
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import orjson

from bench.installation import Installation, running_installation
from bench.load import Load, offer, percentile, request_bytes, send_each
from bench.measuring import Row
from bhxh.kernel.months import Month
from bhxh.registry.synthetic import SyntheticCitizen, SyntheticEmployer
from tools.people import Clerk, wait_for

_WANTED_PER_S = 20
_LINES = 32
_CLERKS = 40
_WARM_UP, _PROBED, _OFFERED = 8, 32, 120
_SHARE = 0.6
"""Part of what the probe reached that is then offered at an even rate: beyond capacity one measures only the length of the queue."""
_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
_VERDICTS = "SELECT state, count(*) FROM dossiers_line GROUP BY state ORDER BY 2 DESC"


def run() -> list[Row]:
    """Find the rate that is held, offer it evenly, and beside it the same rate of bare one-row inserts."""
    with running_installation(with_worker=True) as installation:
        address = installation.stack.address
        requests = _prepare(installation, _WARM_UP + _PROBED + _OFFERED)
        send_each(address, list(islice(requests, _WARM_UP)), connections=4)
        probe = send_each(address, list(islice(requests, _PROBED)), connections=8)
        _wait_for_quiet(installation)
        rate = min(_WANTED_PER_S, probe.per_second * _SHARE)
        load = offer(address, list(requests), per_second=rate)
        handed_over_ms = _handed_over_ms(installation, load)
        _wait_for_quiet(installation)
        decided_per_s = len(load.exchanges) / (time.time() - load.began_at)
        bare_request = request_bytes("POST", f"{installation.bare_address}/insert", body=b"x" * 200)
        bare = offer(installation.bare_address, [bare_request] * _OFFERED, per_second=rate)
        errors = probe.count_errors() + load.count_errors() + bare.count_errors()
        verdicts = installation.query(_VERDICTS)
    assert errors == 0, f"{errors} filings were not answered with a receipt"
    beside = "bare HTTP, one row inserted + commit, same rate"
    offered = f"{rate:.1f} per s offered, {load.per_second:.1f} held; {_OFFERED} lists, no errors"
    return [
        Row(
            what=f"filings of {_LINES} lines answered, 8 at a time, worker busy",
            value=probe.per_second,
            unit="per s",
            beside="wanted",
            beside_value=_WANTED_PER_S,
            note="8 connections, each waits for its answer",
        ),
        Row(
            what="arrival to answer, p50",
            value=load.percentile_ms(50),
            unit="ms",
            beside=beside,
            beside_value=bare.percentile_ms(50),
            note=offered,
        ),
        Row(what="arrival to answer, p99", value=load.percentile_ms(99), unit="ms", beside=beside, beside_value=bare.percentile_ms(99)),
        Row(what="arrival to receipt at the mail server, p50", value=percentile(handed_over_ms, 50), unit="ms"),
        Row(
            what="arrival to receipt at the mail server, p99",
            value=percentile(handed_over_ms, 99),
            unit="ms",
            beside="target",
            beside_value=5000,
        ),
        Row(
            what="lists decided, sealed, published and returned",
            value=decided_per_s,
            unit="per s",
            note="one worker, beside the filing; lines: " + ", ".join(f"{state} {count}" for state, count in verdicts),
        ),
    ]


def _prepare(installation: Installation, count: int) -> Iterator[bytes]:
    """Filing requests of many clerks, each signed over its own content: the batch number makes every list another one."""
    from samples.make_d02_workbook import demo_period, make

    period = demo_period(installation.population)
    people = _clerks(installation)
    made: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        workbooks = [make(Path(folder) / "d02.xlsx", _lines(installation, employer, period)).read_bytes() for employer, _ in people]
    for number in range(count):
        batch, position = divmod(number, len(people))
        _, clerk = people[position]
        draft_id, to_sign, _ = clerk.prepare(workbooks[position], period=period.shown, batch=str(batch + 1))
        headers = {
            "Authorization": f"Bearer {clerk.client.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{number}",
        }
        body = orjson.dumps({"signature": b64encode(clerk.signer.sign(to_sign)).decode()})
        path = f"{installation.stack.address}/api/v1/register-employees/drafts/{draft_id}/filing"
        made.append(request_bytes("POST", path, headers=headers, body=body))
    return iter(made)


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


def _wait_for_quiet(installation: Installation) -> None:
    wait_for("the worker to have done everything", lambda: installation.query(_JOBS) == [(0,)], timeout_s=180, pause_s=0.5)
