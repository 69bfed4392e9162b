"""Asks the e-ID system for the opaque account names of persons, numbers in the body, never in an address."""

from collections.abc import Collection, Mapping

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.connectors.http_client.errors import CON_NONSENSE
from bhxh.kernel.errors import Nonsense

BATCH = 500  # LIMIT: as for every register


class EidAccountClient:
    """The port `EidAccountDirectory` over HTTP."""

    def __init__(self, client: PartnerClient) -> None:
        self._client = client

    def find_subjects(self, pins: Collection[str]) -> Mapping[str, str]:
        """Personal number -> account name. Raises Trouble."""
        asked, found = sorted(pins), dict[str, str]()
        for start in range(0, len(asked), BATCH):
            content = {"danhSach": asked[start : start + BATCH]}
            answer = self._client.post_json("/accounts", content).json(self._client.partner)
            accounts = answer.get("taiKhoan") if isinstance(answer, dict) else None
            if not isinstance(accounts, dict) or not all(isinstance(subject, str) for subject in accounts.values()):
                raise Nonsense(CON_NONSENSE, partner=self._client.partner, reason="no accounts")
            found.update({pin: subject for pin, subject in accounts.items() if pin in pins})
        return found
