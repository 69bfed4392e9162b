"""Which lane a job waits in: short lists never behind long ones, receipts never behind other letters."""

import pytest

from bhxh.doors.jobs import lanes
from bhxh.doors.jobs.lanes import LANES, LARGE_FROM_LINES, LARGE_LANES, SLOTS, SMALL_LANES, lane_of, priority_of, share_slots


@pytest.mark.parametrize(
    ("job", "lines", "lane"),
    [
        ("dossiers.dossier.gather", 1, "dossiers"),
        ("dossiers.dossier.gather", LARGE_FROM_LINES - 1, "dossiers"),
        ("dossiers.dossier.gather", LARGE_FROM_LINES, "dossiers-large"),
        ("dossiers.dossier.deliver", 10_000, "dossiers-large"),
        ("book.books.seal", 10_000, "books-large"),
        ("book.books.publish", 32, "books"),
        ("notices.message.send", 10_000, "notices"),
        ("warehouse.uploads.examine", 0, "documents"),
    ],
)
def test_the_length_of_the_list_chooses_the_lane(job: str, lines: int, lane: str) -> None:
    assert lane_of(job, {"lines": lines}) == lane


def test_a_job_that_says_no_length_is_a_short_one() -> None:
    assert {lane_of(job, {"dossier_id": "x"}) for job in ("dossiers.portal.report", "book.books.publish")} == {"dossiers", "books"}


def test_a_receipt_goes_before_other_letters_and_any_letter_before_lists() -> None:
    send = "notices.message.send"
    receipt, letter = priority_of(send, "notices", {"kind": "receipt"}), priority_of(send, "notices", {"kind": "book_updated"})
    work = [priority_of("dossiers.dossier.gather", lane, {"lines": 1}) for lane in LANES if lane != "notices"]
    assert receipt > letter > max(work)
    assert min(work) > priority_of("book.books.publish", "books-large", {"lines": 10_000}), "publishing lets deciding and sealing go first"


def test_long_lists_can_never_take_all_slots() -> None:
    assert share_slots(()) == ((SMALL_LANES, SLOTS - 1), (LARGE_LANES, 1))
    assert share_slots(SMALL_LANES) == ((SMALL_LANES, SLOTS),)
    assert share_slots(("books-large",)) == ((("books-large",), 1),)
    taken = [lane for group, _ in share_slots(()) for lane in group]
    assert sorted(taken) == sorted(LANES) == sorted({*taken, *lanes.LANES})
