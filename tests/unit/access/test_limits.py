"""So many a minute for each name, in bounded memory."""

import pickle

import pytest

from bhxh.access.errors import TooMany
from bhxh.access.limits import Allowance, Limits, LimitsPerMinute, network_of


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _refused(allowance: Allowance, name: str = "a") -> int:
    with pytest.raises(TooMany) as caught:
        allowance.check(name)
    assert caught.value.code == "ACC-034"
    return caught.value.retry_after_s


def test_a_minutes_worth_at_once_then_one_at_a_time() -> None:
    clock = _Clock()
    allowance = Allowance(60, monotonic=clock)
    for _ in range(60):
        allowance.check("a")
    assert _refused(allowance) == 1
    allowance.check("b")  # somebody else is not held up
    clock.now += 1
    allowance.check("a")
    assert _refused(allowance) == 1
    clock.now += 60
    for _ in range(60):
        allowance.check("a")
    _refused(allowance)


def test_whoever_keeps_asking_is_not_pushed_further_away() -> None:
    clock = _Clock()
    allowance = Allowance(2, monotonic=clock)
    allowance.check("a")
    allowance.check("a")
    waits = [_refused(allowance) for _ in range(50)]
    assert set(waits) == {30}


def test_never_more_in_any_minute_than_twice_what_was_set() -> None:
    clock = _Clock()
    allowance = Allowance(30, monotonic=clock)
    passed: list[float] = []
    for _ in range(6000):
        clock.now += 0.05
        try:
            allowance.check("a")
        except TooMany:
            continue
        passed.append(clock.now)
    for start in passed:
        assert sum(start <= moment < start + 60 for moment in passed) <= 60
    assert len(passed) <= 30 + 30 * 5 + 1


def test_memory_is_bounded_and_the_longest_silent_is_forgotten() -> None:
    allowance = Allowance(1, monotonic=_Clock(), most=100)
    for number in range(1000):
        allowance.check(str(number))
    assert len(allowance) == 100
    _refused(allowance, "999")
    allowance.check("0")


def test_nothing_is_counted_where_nothing_was_set() -> None:
    allowance = Allowance(0, monotonic=_Clock())
    for _ in range(10_000):
        allowance.check("a")
    assert len(allowance) == 0


def test_processes_share_what_was_set() -> None:
    limits = Limits(LimitsPerMinute(account=10, organisation=4), processes=2, monotonic=_Clock())
    limits.check_account("a", org_id="o")
    limits.check_account("b", org_id="o")
    with pytest.raises(TooMany):  # the organisation's four are two here, whoever acts for it
        limits.check_account("c", org_id="o")
    for _ in range(4):
        limits.check_account("a")
    with pytest.raises(TooMany):
        limits.check_account("a")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "?"),
        ("nonsense", "?"),
    ],
)
def test_one_household_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_error_crosses_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(TooMany(retry_after_s=7)))
    assert (again.retry_after_s, again.status, again.text("en").count("7 seconds")) == (7, 429, 1)
