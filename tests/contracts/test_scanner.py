"""Our client of the virus scanner against the stand-in: only a whole answer is one."""

import socket
from collections.abc import Iterator

import pytest

from bhxh.connectors.clamd.client import ClamdScanner
from bhxh.kernel.errors import Unavailable
from sandbox.scanner import HARMFUL, Scanner


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    with Scanner() as running:
        yield running


def _ask(scanner: Scanner, *pieces: bytes) -> bool:
    return ClamdScanner(scanner.address, timeout_s=5).finds(pieces)


def test_what_is_harmful_is_found_also_across_pieces(scanner: Scanner) -> None:
    assert not _ask(scanner, b"a paper", b"", b"of two pieces")
    assert not _ask(scanner)
    assert _ask(scanner, b"before", HARMFUL)
    assert _ask(scanner, HARMFUL[:10], HARMFUL[10:] + b"after")


@pytest.mark.parametrize("mode", ["hang up", "cut off", "error", "nonsense"])
def test_no_answer_is_never_clean(scanner: Scanner, mode: str) -> None:
    scanner.set_fault(mode)
    with pytest.raises(Unavailable) as refused:
        _ask(scanner, b"a paper" * 1000)
    assert refused.value.code == "WAR-030"
    scanner.set_fault("ok")
    assert not _ask(scanner, b"a paper")


def test_who_sends_too_much_is_cut_off_and_not_told_that_it_is_clean(scanner: Scanner) -> None:
    with pytest.raises(Unavailable):
        ClamdScanner(scanner.address, timeout_s=5).finds(b"x" * (1024 * 1024) for _ in range(66))


def test_nobody_there_is_told(tmp_path: object) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp:127.0.0.1:{free.getsockname()[1]}"
    for nowhere in (address, f"unix:{tmp_path}/clamd.ctl"):
        with pytest.raises(Unavailable) as refused:
            ClamdScanner(nowhere, timeout_s=1).finds([b"x"])
        assert refused.value.code == "WAR-030"
