"""The room for long lists: what it gives back, who waits, who is asked to come again, and how it is opened anew."""

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bhxh.doors.errors import Busy
from bhxh.doors.list_room import ListRoom, resident_kb
from bhxh.kernel.errors import KER_BAD_MONTH, Invalid
from bhxh.kernel.months import Month

_CHILD = "import sys; from bhxh.doors.list_room import serve; serve(int(sys.argv[1]), after_each=lambda: None)"


@pytest.fixture
def room() -> Iterator[ListRoom]:
    made = ListRoom((sys.executable, "-c", _CHILD), patience_s=120)
    yield made
    made.close()


def test_work_is_done_in_another_process_which_stays_open(room: ListRoom) -> None:
    assert room.run(math.sqrt, 9.0) == 3.0
    first, second = room.run(os.getpid), room.run(os.getpid)
    assert first == second != os.getpid()
    assert room.run(os.getpriority, os.PRIO_PROCESS, 0) > os.getpriority(os.PRIO_PROCESS, 0)
    assert 0 < resident_kb(first) <= resident_kb(first, peak=True)


def test_an_error_of_the_work_comes_back_as_it_was_and_the_room_stays(room: ListRoom) -> None:
    before = room.run(os.getpid)
    with pytest.raises(Invalid) as caught:
        room.run(Month.parse, "13/2026x")
    assert caught.value.sentence is KER_BAD_MONTH
    assert caught.value.text("vi") == Invalid(KER_BAD_MONTH, value="13/2026x").text("vi")
    with pytest.raises(ZeroDivisionError):
        room.run(divmod, 1, 0)
    assert room.run(os.getpid) == before


def test_one_waits_and_the_next_is_asked_to_come_again(room: ListRoom, tmp_path: Path) -> None:
    """What is worked on reads a pipe, so it lasts until this test lets it end, however slow the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done: list[float] = []

    def take_a_while() -> None:
        room.run(Path.read_bytes, pipe)
        done.append(time.monotonic())

    two = [threading.Thread(target=take_a_while) for _ in range(2)]
    for thread in two:
        thread.start()
    _wait(lambda: room._places._value == 0)
    with pytest.raises(Busy) as caught:
        room.run(os.getpid)
    assert not done and all(thread.is_alive() for thread in two), "who is refused is refused at once"
    assert (caught.value.code, caught.value.status, caught.value.retry_after_s) == ("API-020", 503, 20)
    for language in ("vi", "en"):
        assert "20" in caught.value.text(language) and "Idempotency-Key" not in caught.value.text(language), "people send no header"
    assert "Idempotency-Key" in caught.value.sentence.vi, "programs do"
    assert "20" in caught.value.text("vi")
    pipe.write_bytes(b"")
    _wait(lambda: len(done) == 1)
    assert any(thread.is_alive() for thread in two) and room._places._value == 1, "the second waited for the first"
    pipe.write_bytes(b"")
    for thread in two:
        thread.join()
    assert len(done) == 2
    assert room.run(math.sqrt, 4.0) == 2.0, "whoever comes again is served"


def _wait(until: Callable[[], bool], patience_s: float = 60) -> None:
    deadline = time.monotonic() + patience_s
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_room_that_is_lost_is_opened_anew(room: ListRoom) -> None:
    before = room.run(os.getpid)
    with pytest.raises(Busy) as caught:
        room.run(os._exit, 1)
    assert caught.value.code == "API-021"
    assert room.run(os.getpid) != before


def test_a_room_that_is_silent_is_closed() -> None:
    silent = ListRoom((sys.executable, "-c", _CHILD), patience_s=1.5)
    with pytest.raises(Busy) as caught:
        silent.run(time.sleep, 60)
    assert caught.value.code == "API-021"
    silent.close()
