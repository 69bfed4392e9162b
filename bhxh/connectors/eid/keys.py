"""The public keys under which e-ID tokens are signed, fetched seldom and kept through the issuer's bad days."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.connectors.http_client.errors import CON_NONSENSE
from bhxh.kernel.errors import Nonsense, Trouble

_FRESH = timedelta(minutes=10)
_USABLE = timedelta(hours=24)  # LIMIT: an issuer that is down for a day no longer vouches for anybody
_ASKED_ANEW_AT_MOST = timedelta(seconds=30)  # LIMIT: tokens with invented key names must not make us hammer the issuer


class EidKeyClient:
    """The port `EidKeys`: fresh keys where they can be had, keys of the last day where not."""

    def __init__(self, client: PartnerClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._kept: tuple[datetime, Mapping[str, Any]] | None = None
        self._asked_at: datetime | None = None

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        """The key set (JWKS). `is_refresh_wanted` when a token names a key that is not in it. Raises Trouble."""
        with self._lock:
            at = self._client.clock()
            kept = self._kept
            if kept is not None:
                limit = _ASKED_ANEW_AT_MOST if is_refresh_wanted else _FRESH
                if self._asked_at is not None and at - self._asked_at < limit:
                    return kept[1]
            self._asked_at = at
            try:
                keys = self._fetch()
            except Trouble:
                if kept is not None and at - kept[0] < _USABLE:
                    return kept[1]
                raise
            self._kept = (at, keys)
            return keys

    def _fetch(self) -> Mapping[str, Any]:
        answer = self._client.call("GET", "/.well-known/jwks.json").json(self._client.partner)
        if not (isinstance(answer, dict) and isinstance(answer.get("keys"), list) and answer["keys"]):
            raise Nonsense(CON_NONSENSE, partner=self._client.partner, reason="no key set")
        return answer
