"""A file of 50 MB sent into a warehouse over HTTP: how much more memory the web server takes for it, and how long until it is in quarantine.

Beside: the same bytes hashed and written to a file by a bare loop, without encryption. The file is a PDF that says nothing.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.installation import Installation, running_installation
from bench.measuring import Row, median_seconds
from bench.memory_watch import MemoryWatch
from tools.people import Client

_SIZE, _PIECE, _ROUNDS = 50 * 1024 * 1024, 256 * 1024, 3
_ADULT = "SELECT pin FROM registry_person WHERE pin <> '' AND birth_on < '2000-01-01' AND managed_by = 'mof' ORDER BY person_id LIMIT 1"
_CONTENT = os.urandom(_PIECE)


def run() -> list[Row]:
    """One upload of a few bytes first, so that everything that every request needs is in memory."""
    with running_installation(with_worker=False) as installation:
        [(pin,)] = installation.query(_ADULT)
        headers = Client.with_token(installation.stack, str(pin)).headers
        with _watching(installation) as small:
            _send(installation, headers, _PIECE)
            time.sleep(1)
        with _watching(installation) as large:
            seconds = [_send(installation, headers, _SIZE) for _ in range(_ROUNDS)]
            time.sleep(1)
    grown = large.peak_mb["web server"] - small.peak_mb["web server"]
    bare = median_seconds(_bare, times=_ROUNDS)
    what, note = "a file of 50 MB into quarantine, hashed and encrypted while it comes", "over HTTP; beside: a bare loop, same disk"
    return [
        Row(what=f"{what}: memory of the web server", value=grown, unit="MB", note=f"{_ROUNDS} one after another; target 30 MB"),
        Row(what=what, value=sorted(seconds)[_ROUNDS // 2], unit="s", beside="hashed and written", beside_value=bare, note=note),
    ]


def _watching(installation: Installation) -> MemoryWatch:
    return MemoryWatch([process.pid for process in installation.stack.processes.values()])


def _send(installation: Installation, headers: dict[str, str], size: int) -> float:
    started = time.perf_counter()
    reply = httpx.post(
        f"{installation.stack.address}/api/v1/warehouse/uploads",
        content=_pieces(size),
        headers={**headers, "Content-Length": str(size), "Content-Type": "application/octet-stream"},
        timeout=60,
        trust_env=False,
    )
    assert reply.status_code == 202, reply.text
    return time.perf_counter() - started


def _pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // _PIECE):
        yield _CONTENT


def _bare() -> None:
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=Path(__file__).parents[1] / ".bhxh") as file:
        for piece in _pieces(_SIZE):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
