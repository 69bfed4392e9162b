"""The client that implements `signing.ports.TimeStamper`."""

import secrets

import httpx
from asn1crypto import algos, cms, core, tsp

from bhxh.connectors.http_client.authorities import trusted_authorities
from bhxh.connectors.timestamping.errors import CON_STAMP_NONSENSE, CON_STAMP_REFUSED, CON_STAMP_UNAVAILABLE
from bhxh.kernel.errors import Nonsense, Rejected, Unavailable

MAXIMUM_BYTES = 64 * 1024


class _Response(core.Sequence):
    """TimeStampResp. WHY our own: the library's demands a token, which a refusal has not."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]  # noqa: RUF012


class HttpTimeStamper:
    """One time-stamping authority."""

    def __init__(self, address: str, *, timeout_s: float = 5.0, client: httpx.Client | None = None) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._client = client or httpx.Client(verify=trusted_authorities(), follow_redirects=False, trust_env=False)

    def stamp(self, sha256: bytes) -> bytes:
        """A token (DER) over the digest; nonce and imprint are those we sent. Its trust is judged by `verify_timestamp`."""
        imprint = tsp.MessageImprint({"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": sha256})
        nonce = secrets.randbits(63)
        request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
        content = self._exchange(request.dump())
        try:
            response = _Response.load(content, strict=True)  # type: ignore[no-untyped-call]
            status = response["status"]["status"].native
            if status not in {"granted", "granted_with_mods"}:
                raise Rejected(CON_STAMP_REFUSED, status=status)
            token = response["time_stamp_token"]
            information = token["content"]["encap_content_info"]["content"].parsed
            if information["nonce"].native != nonce or information["message_imprint"]["hashed_message"].native != sha256:
                raise Nonsense(CON_STAMP_NONSENSE)
            der: bytes = token.dump()
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Nonsense(CON_STAMP_NONSENSE) from None
        return der

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _exchange(self, content: bytes) -> bytes:
        body = bytearray()
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            with self._client.stream("POST", self._address, content=content, headers=headers, timeout=self._timeout_s) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAXIMUM_BYTES:
                        raise Nonsense(CON_STAMP_NONSENSE)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unavailable(CON_STAMP_UNAVAILABLE) from None
        if response.status_code >= 500:
            raise Unavailable(CON_STAMP_UNAVAILABLE)
        if response.status_code != 200:
            raise Rejected(CON_STAMP_REFUSED, status=response.status_code)
        return bytes(body)
