"""Tells the national portal how a dossier stands."""

from datetime import datetime

from bhxh.connectors.http_client.client import PartnerClient


class PortalStatusClient:
    """The port `PortalStatusSink` over HTTP."""

    def __init__(self, client: PartnerClient) -> None:
        self._client = client

    def send_status(self, *, portal_reference: str, dossier_code: str, npsp_status: int, at: datetime, result_sha256: str) -> None:
        """Idempotent on (portal_reference, npsp_status): the portal answers the same to the same. Raises Trouble."""
        content = {
            "maHoSoCong": portal_reference,
            "maHoSo": dossier_code,
            "trangThai": npsp_status,
            "thoiDiem": at.isoformat(),
            "ketQuaSha256": result_sha256,
        }
        self._client.post_json("/status", content)
