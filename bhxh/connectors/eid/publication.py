"""Hands a sealed insurance book to the publication point, from which the person's e-ID application shows it."""

from datetime import datetime
from urllib.parse import quote

from bhxh.connectors.http_client.client import PartnerClient


class EidPublicationClient:
    """The port `EidPublication` over HTTP."""

    def __init__(self, client: PartnerClient) -> None:
        self._client = client

    def publish(self, *, subject: str, version: int, sealed: bytes, at: datetime) -> None:
        """Idempotent on (subject, version). `subject` is the account's opaque name, never a personal number. Raises Trouble."""
        headers = {"X-Book-Version": str(version), "X-Published-At": at.isoformat()}
        self._client.call("PUT", f"/books/{quote(subject, safe='')}", body=sealed, media_type="application/jose+json", headers=headers)
