"""Books sealed per second, from ledger rows to stored rows: books of 44 lines, in one process and in two, everything committed.

Beside: the same payloads only hashed and signed (what no implementation can save), and the signature alone.
"""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg

from bench.measuring import Row, median_seconds
from bhxh.book.verification import TYPE_NAME
from bhxh.kernel.actor import system_actor
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.decisions import Citation
from bhxh.kernel.identifiers import Pin
from bhxh.kernel.money import Vnd
from bhxh.kernel.months import Month
from bhxh.law.contributions import ParticipantType, contributions_due
from bhxh.ledger.commands import LineDraft, LineKind, post_lines
from bhxh.ledger.lines import COLUMNS
from bhxh.registry.commands import register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry, Provenance
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import seal_many
from bhxh.wiring.configuration import configuration

_PERSONS, _LINES, _AT_ONCE, _ROUNDS = 8_000, 44, 1_000, 3
_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_ACTOR = system_actor(name="bench", request_id="bench", purpose="operation")


def run() -> list[Row]:
    """Rounds in turns, so that on a shared machine all meet the same weather; sealed books are removed between rounds."""
    person_ids = _register()
    _post_and_copy(person_ids)
    with TemporaryDirectory() as folder:
        keys = Path(folder)
        one, two, bare, signing = [], [], [], []
        for _ in range(_ROUNDS):
            one.append(_seconds_of(person_ids))
            payloads = _payloads()
            bare.append(median_seconds(partial(_hash_and_sign, keys, payloads), times=1))
            signing.append(median_seconds(partial(_sign, keys, len(payloads)), times=1))
            _forget_books()
            two.append(_seconds_of(person_ids[::2], person_ids[1::2]))
            _forget_books()
    size = sum(map(len, payloads)) / len(payloads) / 1000
    per_s = {name: _PERSONS / median(taken) for name, taken in (("one", one), ("two", two), ("bare", bare), ("signing", signing))}
    what = f"books sealed, {_LINES} lines, {size:.1f} kB, ledger to stored rows"
    return [
        Row(
            what=f"{what}, one process",
            value=per_s["one"],
            unit="per s",
            beside="hash + sign only, same payloads",
            beside_value=per_s["bare"],
            note=f"{_AT_ONCE:,} books in a transaction",
        ),
        Row(
            what=f"{what}, one process",
            value=per_s["one"],
            unit="per s",
            beside="sign 64 bytes only",
            beside_value=per_s["signing"],
        ),
        Row(
            what=f"{what}, two processes",
            value=per_s["two"],
            unit="per s",
            beside="one process",
            beside_value=per_s["one"],
            note="target 12,000 on 2 idle cores",
        ),
    ]


def _seconds_of(*shares: list[int]) -> float:
    """Wall time of all shares, each in a process of its own; start-up of the processes is not counted."""
    command = [sys.executable, "-m", "bench.programs.sealing", str(_AT_ONCE)]
    children = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in shares]
    try:
        for child in children:
            _expect(child, "ready")
        began = time.perf_counter()
        for child, share in zip(children, shares, strict=True):
            assert child.stdin is not None, "asked for as a pipe"
            child.stdin.write(",".join(map(str, share)) + "\n")
            child.stdin.flush()
        for child, share in zip(children, shares, strict=True):
            _expect(child, str(len(share)))
        return time.perf_counter() - began
    finally:
        for child in children:
            child.kill()
            child.communicate()


def _expect(child: "subprocess.Popen[str]", wanted: str) -> None:
    assert child.stdout is not None, "asked for as a pipe"
    if child.stdout.readline().strip() != wanted:
        raise RuntimeError("a sealing process failed")


def _hash_and_sign(keys: Path, payloads: list[bytes]) -> None:
    key = FileKeys(keys, Custodian.MOF).seal_key("book")
    for payload in payloads:
        sha256(payload).digest()
    seal_many(payloads, key=key, type_name=TYPE_NAME)


def _sign(keys: Path, count: int) -> None:
    sign, content = FileKeys(keys, Custodian.MOF).seal_key("book").sign, b"x" * 64
    for _ in range(count):
        sign(content)


def _owner() -> psycopg.Connection[tuple[bytes, ...]]:
    return psycopg.connect(configuration().address_of_database("bhxh_owner"), autocommit=True)


def _payloads() -> list[bytes]:
    with _owner() as owner:
        return [payload for (payload,) in owner.execute("SELECT payload FROM book_version")]


def _forget_books() -> None:
    with _owner() as owner:
        owner.execute("TRUNCATE book_version, book_state")


def _register() -> list[int]:
    who = IdentityFacts(full_name="Trần Văn Mẫu", birth_on=date(1988, 2, 3), sex="MALE")
    entries = [PersonEntry(identity=who, pin=Pin(f"001088{number:06d}")) for number in range(_PERSONS)]
    source = Provenance(source_kind="NATIONAL_DB", source_system="bench")
    return list(register_persons(actor=_ACTOR, at=_AT, entries=entries, provenance=source).values())


def _wage_of(month: Month) -> Vnd:
    """A rise every January, as most contracts have it."""
    return Vnd(9_800_000 + 400_000 * (month.year - 2022))


def _post_and_copy(person_ids: list[int]) -> None:
    """The first person's lines by the command, everybody else's as copies of them: how they came is not what is measured here."""
    first, *others = person_ids
    participant_type = ParticipantType.LABOUR_CONTRACT
    months = [Month(2022, 1).plus(number) for number in range(_LINES)]
    drafts = [
        LineDraft(
            person_id=first,
            employer_id=7,
            unit_code="TA0007A",
            unit_name="Công ty TNHH May mặc Mẫu",
            workplace="",
            job_title="Công nhân may",
            participant_type=participant_type,
            month=month,
            kind=LineKind.NORMAL,
            due=contributions_due(participant_type=participant_type, month=month, wage_vnd=_wage_of(month), wage_region=1),
        )
        for month in months
    ]
    post_lines(actor=_ACTOR, at=_AT, drafts=drafts, basis=Citation("bench"), dossier_id=None)
    columns, rest = ", ".join(COLUMNS), ", ".join(COLUMNS[1:])
    with _owner() as owner:
        owner.execute(
            f"INSERT INTO ledger_contribution_line ({columns}) SELECT other, {rest} FROM ledger_contribution_line, unnest(%s::bigint[]) AS other"
            " WHERE person_id = %s ORDER BY other, n",
            [others, first],
        )
        owner.execute("ANALYZE")
