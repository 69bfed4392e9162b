from bhxh.connectors.http_client.breaker import Breaker


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _opened(clock: _Clock) -> Breaker:
    breaker = Breaker(monotonic=clock, failures=3, rest_s=10)
    for _ in range(3):
        assert breaker.may_call()
        breaker.failed()
    return breaker


def test_it_opens_only_after_failures_in_a_row() -> None:
    breaker = Breaker(monotonic=_Clock(), failures=3)
    for _ in range(10):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
        assert breaker.may_call()


def test_it_rests_and_then_lets_one_call_through() -> None:
    clock = _Clock()
    breaker = _opened(clock)
    assert not breaker.may_call()
    clock.now = 10
    assert breaker.may_call()
    assert not breaker.may_call()


def test_a_good_probe_closes_it() -> None:
    clock = _Clock()
    breaker = _opened(clock)
    clock.now = 10
    assert breaker.may_call()
    breaker.succeeded()
    assert breaker.may_call() and breaker.may_call()


def test_a_bad_probe_makes_it_rest_again() -> None:
    clock = _Clock()
    breaker = _opened(clock)
    clock.now = 10
    assert breaker.may_call()
    breaker.failed()
    clock.now = 19.9
    assert not breaker.may_call()
    clock.now = 20
    assert breaker.may_call()
