"""Load on a server of our own on the loopback: a few connections kept open, bounded in number and time, ending by themselves.

WHY not a known load tool: none is installed everywhere, and the clients must carry each their own token. A request costs this client
about 0.1 ms, the same beside everything it is compared to.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from itertools import cycle, islice
from typing import Self
from urllib.parse import urlsplit

_TIMEOUT_S = 60
_MOST_CONNECTIONS = 64  # LIMIT: what is offered beyond that waits for a free connection, and its waiting counts


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    due_at: float
    """When it should have been sent (`time.time()`): waiting for a free connection counts as waiting for the answer."""
    answered_at: float
    status: int
    body: bytes

    @property
    def taken_ms(self) -> float:
        """From the moment it was due to the last byte of the answer."""
        return (self.answered_at - self.due_at) * 1000


@dataclass(slots=True)
class Load:
    """What came of it."""

    exchanges: list[Exchange] = field(default_factory=list)
    began_at: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers per second, from the first request due to the last answer."""
        return len(self.exchanges) / (max(exchange.answered_at for exchange in self.exchanges) - self.began_at)

    def count_errors(self) -> int:
        """Answers other than 2xx."""
        return sum(not 200 <= exchange.status < 300 for exchange in self.exchanges)

    def percentile_ms(self, percent: int) -> float:
        """Of the time taken."""
        return percentile([exchange.taken_ms for exchange in self.exchanges], percent)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def request_bytes(method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request as it goes over the wire, made outside the measured part."""
    parts = urlsplit(address)
    fields = {"Host": parts.netloc, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {parts.path} HTTP/1.1\r\n{head}\r\n".encode() + body


def offer(address: str, requests: Sequence[bytes], *, per_second: float) -> Load:
    """Send each request once, at an even rate, whether or not the answers keep up."""
    began = time.time() + 0.1
    places = iter(enumerate(requests))
    return _run(address, lambda: next(((began + i / per_second, request) for i, request in places), None), began, _MOST_CONNECTIONS)


def saturate(address: str, requests: Sequence[bytes], *, connections: int, seconds: float) -> Load:
    """Each connection asks again as soon as it has its answer, for some seconds."""
    began = time.time()
    endless = cycle(requests)
    return _run(address, lambda: (time.time(), next(endless)) if time.time() < began + seconds else None, began, connections)


def send_each(address: str, requests: Sequence[bytes], *, connections: int) -> Load:
    """Send each request once, as fast as the answers come."""
    rest = islice(requests, None)
    return _run(address, lambda: next(((time.time(), request) for request in rest), None), time.time(), connections)


def _run(address: str, draw: Callable[[], tuple[float, bytes] | None], began: float, connections: int) -> Load:
    load, lock, failures = Load(began_at=began), threading.Lock(), []

    def work() -> None:
        try:
            with _Connection(address) as connection:
                while True:
                    with lock:
                        drawn = draw()
                    if drawn is None:
                        return
                    due_at, request = drawn
                    time.sleep(max(0.0, due_at - time.time()))
                    status, body = connection.exchange(request)
                    load.exchanges.append(Exchange(due_at, time.time(), status, body))
        except (OSError, HTTPException) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} connections failed: {failures[0]}")
    return load


class _Connection:
    """HTTP/1.1, kept alive."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=_TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """(status, body)."""
        self._socket.sendall(request)
        answer = HTTPResponse(self._socket)
        answer.begin()
        return answer.status, answer.read()
