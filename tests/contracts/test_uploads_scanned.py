"""A paper sent in, scanned over a real socket: by the stand-in, and by clamd itself where it is installed; found, clean, and nobody there."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bhxh.connectors.clamd.client import ClamdScanner
from bhxh.kernel.errors import Unavailable
from bhxh.warehouse import flows
from bhxh.warehouse.queries import list_items
from bhxh.warehouse.uploads import Scan, UploadState, get_upload
from sandbox.scanner import HARMFUL, Scanner
from tests.component.warehouse.test_uploads import HANH, PDF, _examine, _receive, deferred
from tests.other_programs import needs

__all__ = ["deferred"]

_HARMFUL_PDF = PDF.replace(b"%%EOF", b"%" + HARMFUL + b"\n%%EOF")
_CONFIGURATION = """Foreground yes
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}
StreamMaxLength 64M
"""


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real daemon, with a database of one signature of our own: the published one has hundreds of megabytes."""
    needs("clamd")
    folder, port = tmp_path_factory.mktemp("clamd"), _free_port()
    (folder / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{HARMFUL.hex()}\n")
    (folder / "clamd.conf").write_text(_CONFIGURATION.format(port=port, folder=folder))
    process = subprocess.Popen([shutil.which("clamd") or "clamd", "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert process.poll() is None, "clamd ended by itself"
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"tcp:127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(params=["stand-in", "clamd"])
def scanner(request: pytest.FixtureRequest) -> Iterator[ClamdScanner]:
    if request.param == "clamd":
        yield ClamdScanner(request.getfixturevalue("clamd"), timeout_s=10)
        return
    with Scanner() as running:
        yield ClamdScanner(running.address, timeout_s=10)


def test_what_is_clean_is_taken_and_what_is_harmful_is_removed(db: None, scanner: ClamdScanner, tmp_path: Path) -> None:
    assert (clean := _examine(_receive(), scanner)).scan is Scan.CLEAN
    harmful = _examine(_receive(_HARMFUL_PDF), scanner)
    assert (harmful.state, harmful.scan, harmful.reason) == (UploadState.REFUSED, Scan.FOUND, "WAR-024")
    assert [item.item_id for item in list_items(HANH)] == [clean.item_id]
    assert list((tmp_path / "files" / "quarantine").iterdir()) == []


def test_who_is_sent_too_much_never_says_clean(scanner: ClamdScanner) -> None:
    with pytest.raises(Unavailable):
        scanner.finds(b"x" * (1024 * 1024) for _ in range(66))
    assert scanner.finds([HARMFUL]), "and answers the next one"


def test_while_nobody_is_there_a_paper_waits_and_is_examined_later(db: None, deferred: list[dict[str, object]], tmp_path: Path) -> None:
    upload, away = _receive(_HARMFUL_PDF), ClamdScanner(f"tcp:127.0.0.1:{_free_port()}", timeout_s=5)
    for _ in range(2):
        with pytest.raises(Unavailable):
            _examine(upload, away)
    waiting = get_upload(upload.upload_id, owner=HANH)
    assert (waiting.state, waiting.scan, list_items(HANH)) == (UploadState.RECEIVED, Scan.WAITING, ())
    deferred.clear()
    flows.sweep(datetime.now(UTC) + timedelta(hours=7))
    assert [one["upload_id"] for one in deferred] == [str(upload.upload_id)], "asked for again, and its file is still there"
    with Scanner() as back:
        assert _examine(upload, ClamdScanner(back.address, timeout_s=5)).scan is Scan.FOUND
