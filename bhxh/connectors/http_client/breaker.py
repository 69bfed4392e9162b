"""A circuit breaker: a partner that keeps failing is left alone for some seconds."""

import threading
from collections.abc import Callable


class Breaker:
    """Opens after a row of failures; after the rest one call is let through, and its outcome decides.

    Shape: shared by the threads of one process. Each process learns for itself.
    """

    def __init__(self, *, monotonic: Callable[[], float], failures: int = 5, rest_s: float = 10.0) -> None:
        self._monotonic = monotonic
        self._limit = failures
        self._rest_s = rest_s
        self._lock = threading.Lock()
        self._row = 0
        self._closed_again_at = 0.0
        self._is_probing = False

    def may_call(self) -> bool:
        """Whether a call may go out now. Whoever gets True must report `succeeded` or `failed`."""
        with self._lock:
            if self._row < self._limit:
                return True
            if self._is_probing or self._monotonic() < self._closed_again_at:
                return False
            self._is_probing = True
            return True

    def is_open(self) -> bool:
        """Whether calls are held back just now; False again when one may be tried."""
        with self._lock:
            return self._row >= self._limit and self._monotonic() < self._closed_again_at

    def succeeded(self) -> None:
        """The partner answered, whatever it said."""
        with self._lock:
            self._row, self._is_probing = 0, False

    def failed(self) -> None:
        """The partner did not answer."""
        with self._lock:
            self._row, self._is_probing = self._row + 1, False
            self._closed_again_at = self._monotonic() + self._rest_s
