"""What is remembered about certificates is forgotten in time, holds for its window only, and stays within its number."""

from datetime import UTC, datetime, timedelta

import pytest

from bhxh.signing import found_before
from bhxh.signing.found_before import FoundBefore, Window

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = Window(NOON, NOON + timedelta(hours=1))


def test_holds_for_its_window_only() -> None:
    kept: FoundBefore[str, int] = FoundBefore(kept_s=60)
    kept.keep("a", HOUR, 1)
    assert kept.find("a", NOON) == 1 == kept.find("a", HOUR.until_at)
    assert kept.find("a", NOON - timedelta(seconds=1)) is None
    assert kept.find("a", HOUR.until_at + timedelta(seconds=1)) is None
    assert kept.find("b", NOON) is None


def test_is_forgotten_after_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(found_before, "monotonic", lambda: clock[0])
    kept: FoundBefore[str, int] = FoundBefore(kept_s=60)
    kept.keep("a", HOUR, 1)
    clock[0] += 59
    assert kept.find("a", NOON) == 1
    clock[0] += 2
    assert kept.find("a", NOON) is None


def test_the_oldest_goes_first_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_before, "MAXIMUM_KEPT", 2)
    kept: FoundBefore[str, int] = FoundBefore(kept_s=60)
    for number, name in enumerate("abac"):
        kept.keep(name, HOUR, number)
    assert [kept.find(name, NOON) for name in "abc"] == [2, None, 3]
