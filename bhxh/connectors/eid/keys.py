"""The public keys under which e-ID tokens are signed, fetched seldom and kept through the issuer's bad days."""

from collections.abc import Mapping
from typing import Any

from bhxh.connectors.eid.kept import KeptDocument
from bhxh.connectors.http_client.client import PartnerClient


class EidKeyClient:
    """The port `EidKeys`: fresh keys where they can be had, keys of the last day where not."""

    def __init__(self, client: PartnerClient, path: str = "/.well-known/jwks.json") -> None:
        self._document = KeptDocument(client, path, problem_of=_problem_of)

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        """The key set (JWKS). `is_refresh_wanted` when a token names a key that is not in it. Raises Trouble."""
        return self._document.get(is_refresh_wanted=is_refresh_wanted)


def _problem_of(answer: Mapping[str, Any]) -> str:
    return "" if isinstance(answer.get("keys"), list) and answer["keys"] else "no key set"
