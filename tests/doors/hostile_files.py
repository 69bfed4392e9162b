"""Files nobody should trust, made by seeded hands, and what every door must answer to each: verdicts, or a refusal with a code."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from tests.doors.world import World
from tests.properties import list_mutations, sealed_mutations, workbook_mutations

_ROOT = Path(__file__).resolve().parents[2]
_AFTER_SIGNING = (workbook_mutations.flipped_bytes, workbook_mutations.cut_or_doubled, *list_mutations.MUTATIONS)
LONGEST_S = 20
"""LIMIT: a guard against hanging, for one file."""


@dataclass(frozen=True)
class Materials:
    """What is spoilt: a good workbook, the list in it, the same signed, a sealed book as JSON and as PDF."""

    workbook: bytes
    document: bytes
    signed: bytes
    sealed: tuple[bytes, ...]
    keys: bytes


@dataclass(frozen=True)
class Spoilt:
    """One spoilt file."""

    name: str
    """Seed, round and the hand that spoilt it: enough to make it again."""
    kind: str
    """`xlsx`, `xml`, `signed` (a list spoilt after it was signed) or `sealed`."""
    content: bytes


def gather_materials(api: World, tmp_path: Path) -> Materials:
    """From the prepared installation, by its own commands."""
    from bhxh.doors.cli import books
    from bhxh.procedures.register_employees.checking import write_documents
    from bhxh.registry.queries import find_employer
    from samples.make_d02_workbook import demo_lines, demo_period, make

    employer = find_employer(tax_code=api.population.demo_employer.tax_code)
    assert employer is not None
    lines = demo_lines(api.population)
    workbook = make(tmp_path / "good.xlsx", [*lines[:3], *lines[17:25], *lines[28:]]).read_bytes()
    _, [batch] = write_documents(workbook, employer=employer, period=demo_period(api.population), batch=7, at=datetime.now(UTC))
    sealed = []
    for name in ("book.json", "book.pdf"):
        books.run(_arguments(pin=api.people["citizen"], version=0, out=str(tmp_path / name), archive=False, json=True))
        sealed.append((tmp_path / name).read_bytes())
    document = signed(api, batch.document)
    return Materials(workbook=workbook, document=batch.document, signed=document, sealed=tuple(sealed), keys=api.get("/open/keys").content)


def _arguments(**given: Any) -> Any:
    from argparse import Namespace

    return Namespace(**given)


def spoil(materials: Materials, *, seed: int, first: int, count: int) -> Iterator[Spoilt]:
    """Rounds `first` up to `first + count`: of ten files five workbooks, two lists, a signed one, two sealed documents; every hand in turn."""
    for number in range(first, first + count):
        turn, place = divmod(number, 10)
        hands: tuple[Any, ...]
        if place < 5:
            kind, hands, good, step = "xlsx", workbook_mutations.MUTATIONS, materials.workbook, turn * 5 + place
        elif place < 7:
            kind, hands, good, step = "xml", list_mutations.MUTATIONS, materials.document, turn * 2 + place - 5
        elif place < 8:
            kind, hands, good, step = "signed", _AFTER_SIGNING, materials.signed, turn
        else:
            kind, hands, good, step = "sealed", sealed_mutations.MUTATIONS, materials.sealed[place - 8], turn
        hand = hands[step % len(hands)]
        content = hand(random.Random(f"{seed} {number}"), good)
        yield Spoilt(name=f"{number:06d}-seed{seed}-{hand.__name__}", kind=kind, content=content)


def read_in_a_small_room(folder: Path, materials: Materials, files: list[Spoilt]) -> str:
    """All files in a program of little memory: each is answered, none ends the program. Returns its last words: the peak of memory."""
    folder.mkdir(exist_ok=True)
    (folder / "keys.json").write_bytes(materials.keys)
    files = [file for file in files if file.kind != "signed"]  # only a door with a trust list can read those
    for file in files:
        (folder / f"{file.name}.{file.kind}").write_bytes(file.content)
    done = subprocess.run(
        [sys.executable, "-m", "tests.properties.hostile_reader", str(folder)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    answered = done.stdout.splitlines()
    assert done.returncode == 0, f"at {answered[-1:]}: exit {done.returncode}\n{done.stderr[-3000:]}"
    assert len(answered) == len(files) + 1
    for file in files:
        (folder / f"{file.name}.{file.kind}").unlink()
    return answered[-1]


def answer_at_the_doors(api: World, materials: Materials, files: list[Spoilt]) -> Counter[str]:
    """Each workbook judged, each list signed and filed, over HTTP; what is filed is gathered too. Anything but an answer fails."""
    from bhxh.doors.jobs import tasks
    from bhxh.dossiers.queries import get_dossier

    told: Counter[str] = Counter()
    for file in files:
        if file.kind == "sealed":
            continue
        with hang_guard(file.name):
            reply = _upload(api, file) if file.kind == "xlsx" else _file(api, file)
            code = check_answer(reply, file.name)
            if reply.status_code == 201:
                dossier_id = get_dossier(reply.json()["code"]).dossier_id
                tasks.gather(dossier_id=str(dossier_id))
                waits = [line for line in _states(dossier_id) if line not in {"clean", "officer", "refused", "superseded"}]
                assert waits == [], file.name
        told[code] += 1
    return told


def check_answer(reply: Any, name: str) -> str:
    """Verdicts or a receipt, or a problem document with a code in two languages; never a fault of ours."""
    assert reply.status_code in {200, 201, 413, 422, 409}, (name, reply.status_code, reply.content[:500])
    if reply.status_code in {200, 201}:
        return "answered"
    body = reply.json()
    assert body["code"] and body["vi"] and body["en"], name
    assert "{" not in body["vi"] + body["en"], name
    assert b"Traceback" not in reply.content, name
    return str(body["code"])


@contextmanager
def hang_guard(name: str) -> Iterator[None]:
    """Fails where one file takes longer than anybody waits: processor time, so that a busy machine does not count."""
    import signal

    def late(*_: Any) -> None:
        raise AssertionError(f"{name} takes more than {LONGEST_S} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _states(dossier_id: Any) -> list[str]:
    from bhxh.dossiers.queries import list_all_lines

    return [line.state.value for line in list_all_lines(dossier_id)]


def _upload(api: World, file: Spoilt) -> Any:
    return api.upload("/register-employees/checks", {"workbook": (f"{file.name}.xlsx", file.content)}, "clerk", period=api.period)


def _file(api: World, file: Spoilt) -> Any:
    return api.call(
        "POST",
        "/register-employees/filings",
        "clerk",
        data=signed(api, file.content) if file.kind == "xml" else file.content,
        content_type="application/xml",
        headers={"Idempotency-Key": file.name},
    )


def signed(api: World, document: bytes) -> bytes:
    """With the employer's own key, as far as the document has a place for a signature; as it is where it has none."""
    from bhxh.kernel.errors import BhxhError
    from bhxh.signing.profiles import HOSO_UNIT
    from bhxh.signing.xades import complete_signature, prepare_signature

    assert api.signer is not None
    try:
        prepared = prepare_signature(document, profile=HOSO_UNIT, certificate=api.signer.certificate, at=datetime.now(UTC))
        return complete_signature(prepared, api.signer.sign(prepared.to_sign))
    except (BhxhError, etree.LxmlError):
        return document
