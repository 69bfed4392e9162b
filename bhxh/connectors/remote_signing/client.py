"""The client that implements `signing.ports.RemoteSigner`: the Cloud Signature Consortium's API, version 2, asynchronous."""

import base64
import binascii
from typing import Any, Final

import httpx
import orjson

from bhxh.connectors.http_client.authorities import trusted_authorities
from bhxh.connectors.remote_signing.errors import (
    CON_REMOTE_DECLINED,
    CON_REMOTE_NONSENSE,
    CON_REMOTE_REFUSED,
    CON_REMOTE_UNAVAILABLE,
)
from bhxh.kernel.errors import Nonsense, NotAllowed, Rejected, Unavailable

MAXIMUM_BYTES: Final = 256 * 1024
_OIDS: Final = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2"}
_WAITING: Final = 202
_LONGEST_ID: Final = 200


class RemoteSigningClient:
    """One remote signing service."""

    def __init__(self, address: str, *, token: str, timeout_s: float = 5.0, client: httpx.Client | None = None) -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s
        self._client = client or httpx.Client(verify=trusted_authorities(), follow_redirects=False, trust_env=False)

    def find_credential(self, holder: str) -> tuple[str, bytes] | None:
        """(the service's name for it, certificate DER) of a holder, named as in certificates (`MST:0101234567`); None without one."""
        _, listed = self._call("credentials/list", {"userID": holder})
        names = listed.get("credentialIDs")
        if not isinstance(names, list):
            raise Nonsense(CON_REMOTE_NONSENSE)
        if not names:
            return None
        _, told = self._call("credentials/info", {"credentialID": str(names[0])})
        try:
            return str(names[0]), base64.b64decode(told["cert"]["certificates"][0], validate=True)
        except (KeyError, IndexError, TypeError, ValueError, binascii.Error):
            raise Nonsense(CON_REMOTE_NONSENSE) from None

    def ask(self, *, credential: str, digest: bytes, digest_name: str, shown: str) -> str:
        """Ask the holder to sign a digest; `shown` is what they read on the device. Gives the request's id."""
        body = {
            "credentialID": credential,
            "hashes": [base64.b64encode(digest).decode()],
            "hashAlgorithmOID": _OIDS[digest_name],
            "operationMode": "A",
            "clientData": shown,
        }
        _, told = self._call("signatures/signHash", body)
        request_id = told.get("responseID")
        if not isinstance(request_id, str) or not 0 < len(request_id) <= _LONGEST_ID:
            raise Nonsense(CON_REMOTE_NONSENSE)
        return request_id

    def collect(self, request_id: str) -> bytes | None:
        """The signature value; None while the holder has not answered. Raises NotAllowed CON-104 where they declined."""
        status, told = self._call("signatures/signPolling", {"responseID": request_id})
        if status == _WAITING:
            return None
        try:
            [value] = told["signatures"]
            return base64.b64decode(value, validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error):
            raise Nonsense(CON_REMOTE_NONSENSE) from None

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _call(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, content = self._exchange(f"{self._address}/csc/v2/{path}", orjson.dumps(body))
        try:
            told = orjson.loads(content)
        except ValueError:
            told = None
        if status >= 500:
            raise Unavailable(CON_REMOTE_UNAVAILABLE)
        if status in {200, _WAITING}:
            if not isinstance(told, dict):
                raise Nonsense(CON_REMOTE_NONSENSE)
            return status, told
        if isinstance(told, dict) and told.get("error") == "access_denied":
            raise NotAllowed(CON_REMOTE_DECLINED)
        # WHY not the service's own words: they may repeat what was sent.
        raise Rejected(CON_REMOTE_REFUSED, reason=str(status))

    def _exchange(self, address: str, content: bytes) -> tuple[int, bytes]:
        body = bytearray()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            with self._client.stream("POST", address, content=content, headers=headers, timeout=self._timeout_s) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAXIMUM_BYTES:
                        raise Nonsense(CON_REMOTE_NONSENSE)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unavailable(CON_REMOTE_UNAVAILABLE) from None
        return response.status_code, bytes(body)
