"""One careful HTTP client for all partners: a time budget, few retries, a size cap, a breaker, a plain classification."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import httpx
import orjson

from bhxh.connectors.http_client.assertion import MachineKey, assertion
from bhxh.connectors.http_client.authorities import trusted_authorities
from bhxh.connectors.http_client.breaker import Breaker
from bhxh.connectors.http_client.errors import CON_NONSENSE, CON_REJECTED, CON_RESTING, CON_UNAVAILABLE
from bhxh.kernel.errors import Nonsense, Rejected, Unavailable

_RETRIES = 2  # LIMIT: what two quick retries do not cure, the job's own retry cures later
_FIRST_PAUSE_S = 0.1
_PASSING = frozenset({429, 500, 502, 503, 504})
_MAXIMUM_BYTES = 4 * 1024 * 1024  # LIMIT: 500 population records are under 300 KB; more is not an answer to our question


@dataclass(frozen=True, slots=True)
class Reply:
    """What a partner answered, as it came over the wire."""

    status: int
    body: bytes

    @property
    def digest(self) -> str:
        """Under which the answer is named in evidence."""
        return sha256(self.body).hexdigest()

    def json(self, partner: str) -> Any:
        """The body as JSON. Raises Nonsense CON-003."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise Nonsense(CON_NONSENSE, partner=partner, reason="not JSON") from error


@dataclass(frozen=True)
class Identity:
    """Who calls: the installation's name and its machine key."""

    client_id: str
    key: MachineKey


class PartnerClient:
    """Calls one partner.

    Shape:   `call` returns a Reply with a status below 300, or one of `expected`; everything else is a Trouble.
             Paths carry no personal data: identifiers go in bodies.
    Raises:  Unavailable CON-001 (no answer in the budget), CON-004 (breaker open); Rejected CON-002; Nonsense CON-003 (too large).
    """

    def __init__(
        self,
        *,
        partner: str,
        base_url: str,
        timeout_s: float,
        clock: Callable[[], datetime],
        identity: Identity | None = None,
        breaker: Breaker | None = None,
        maximum_bytes: int = _MAXIMUM_BYTES,
    ) -> None:
        self.partner = partner
        self.clock = clock
        self._base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._identity = identity
        self._breaker = breaker or Breaker(monotonic=time.monotonic)
        self._maximum_bytes = maximum_bytes
        # WHY no environment: a proxy variable of the machine must not see what we ask.
        self._http = httpx.Client(
            verify=trusted_authorities(), trust_env=False, follow_redirects=False, limits=httpx.Limits(max_connections=8)
        )

    def close(self) -> None:
        """Give the sockets back."""
        self._http.close()

    def is_resting(self) -> bool:
        """Whether the partner kept failing and is left alone for now. Asks nobody."""
        return self._breaker.is_open()

    def post_json(self, path: str, content: Any, *, expected: frozenset[int] = frozenset()) -> Reply:
        """Send JSON."""
        return self.call("POST", path, body=orjson.dumps(content), media_type="application/json", expected=expected)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        media_type: str = "",
        headers: Mapping[str, str] | None = None,
        expected: frozenset[int] = frozenset(),
    ) -> Reply:
        """One question with its retries. Only questions that may be asked twice are asked here."""
        if not self._breaker.may_call():
            raise Unavailable(CON_RESTING, partner=self.partner)
        try:
            reply = self._with_retries(method, path, body, {"Content-Type": media_type, **(headers or {})} if body else dict(headers or {}))
        except Unavailable:
            self._breaker.failed()
            raise
        except BaseException:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        if reply.status < 300 or reply.status in expected:
            return reply
        raise Rejected(CON_REJECTED, partner=self.partner, status=reply.status)

    def _with_retries(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        deadline = time.monotonic() + self._timeout_s
        reason = "no attempt"
        for attempt in range(_RETRIES + 1):
            if attempt:
                pause_s = _FIRST_PAUSE_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)
                if time.monotonic() + pause_s >= deadline:
                    break
                time.sleep(pause_s)
            try:
                reply = self._once(method, path, body, headers, deadline)
            except httpx.TimeoutException:
                # WHY no retry: the budget is spent; asking a slow partner again only makes it slower.
                reason = "time-out"
                break
            except httpx.DecodingError as error:
                raise Nonsense(CON_NONSENSE, partner=self.partner, reason="content encoding") from error
            except httpx.TransportError:
                reason = "connection"
                continue
            if reply.status not in _PASSING:
                return reply
            reason = f"status {reply.status}"
        # WHY `from None`: the library's error text holds the address; ours holds only a word.
        raise Unavailable(CON_UNAVAILABLE, partner=self.partner, reason=reason) from None

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str], deadline: float) -> Reply:
        remaining_s = deadline - time.monotonic()
        if remaining_s <= 0:
            raise httpx.ReadTimeout("budget spent")
        proof = {}
        if self._identity is not None:
            key, client_id = self._identity.key, self._identity.client_id
            proof["Authorization"] = "Bearer " + assertion(key=key, client_id=client_id, partner=self.partner, body=body, at=self.clock())
        request_headers = {"Accept": "application/json", **headers, **proof}
        with self._http.stream(method, self._base_url + path, content=body, headers=request_headers, timeout=remaining_s) as response:
            received = bytearray()
            for chunk in response.iter_bytes(65536):
                received += chunk
                if len(received) > self._maximum_bytes:
                    raise Nonsense(CON_NONSENSE, partner=self.partner, reason="too large")
                if time.monotonic() > deadline:  # WHY: the library's time-out is per read, and a trickle would last for ever
                    raise httpx.ReadTimeout("budget spent")
            return Reply(response.status_code, bytes(received))
