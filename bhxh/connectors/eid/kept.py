"""A document of a partner that changes seldom: fetched now and then, kept through the partner's bad days."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.connectors.http_client.errors import CON_NONSENSE
from bhxh.kernel.errors import Nonsense, Trouble

_FRESH = timedelta(minutes=10)
_USABLE = timedelta(hours=24)  # LIMIT: an issuer that is down for a day no longer vouches for anybody
_ASKED_ANEW_AT_MOST = timedelta(seconds=30)  # LIMIT: tokens with invented key names must not make us hammer the issuer


class KeptDocument:
    """A JSON object at one address: fresh where it can be had, that of the last day where not."""

    def __init__(self, client: PartnerClient, path: str, *, problem_of: Callable[[Mapping[str, Any]], str]) -> None:
        """`problem_of` says in a word what is wrong with a document that is not to be used; nothing where it is good."""
        self._client, self._path, self._problem_of = client, path, problem_of
        self._lock = threading.Lock()
        self._kept: tuple[datetime, Mapping[str, Any]] | None = None
        self._asked_at: datetime | None = None

    @property
    def last(self) -> Mapping[str, Any] | None:
        """As last fetched, however old; asks nobody."""
        return self._kept[1] if self._kept is not None else None

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        """The document, the same object until it says something else. Raises Trouble."""
        with self._lock:
            at = self._client.clock()
            kept = self._kept
            if kept is not None:
                limit = _ASKED_ANEW_AT_MOST if is_refresh_wanted else _FRESH
                if self._asked_at is not None and at - self._asked_at < limit:
                    return kept[1]
            self._asked_at = at
            try:
                document = self._fetch()
            except Trouble:
                if kept is not None and at - kept[0] < _USABLE:
                    return kept[1]
                raise
            # WHY the object of before where it says the same: what was verified under it need not be verified anew.
            self._kept = (at, kept[1] if kept is not None and kept[1] == document else document)
            return self._kept[1]

    def _fetch(self) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._client.call("GET", self._path).json(self._client.partner)
        problem = self._problem_of(answer) if isinstance(answer, dict) else "not an object"
        if problem:
            raise Nonsense(CON_NONSENSE, partner=self._client.partner, reason=problem)
        return answer
