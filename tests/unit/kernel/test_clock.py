"""Instants that people and programs write."""

from datetime import UTC, datetime

import pytest

from bhxh.kernel.clock import checked_instant
from bhxh.kernel.errors import Invalid


@pytest.mark.parametrize("text", ["2026-11-22T08:00:00+07:00", "2026-11-22T01:00:00Z", "2026-11-21T09:01:00-15:59"])
def test_the_same_instant_however_it_is_written(text: str) -> None:
    assert checked_instant(datetime.fromisoformat(text), "--at") == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert checked_instant(datetime.fromisoformat(text), "--at").tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-22T08:00:00", "2026-11-22", "2026-11-22T08:00:00+16:00", "2026-11-22T08:00:00-23:59"),
        *("0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00"),
    ],
)
def test_what_no_clock_shows_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_instant(datetime.fromisoformat(text), "--known-at")
    assert (refused.value.code, refused.value.where) == ("KER-006", "--known-at")
    assert refused.value.text("en").startswith("--known-at: "), "the sentence says what is meant"
