"""The client that implements `signing.ports.RevocationSource`: short time-outs, a cache, a breaker; never a redirect."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

import httpx
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from bhxh.connectors.http_client.authorities import trusted_authorities
from bhxh.connectors.revocation.errors import CON_REVOCATION_NONSENSE, CON_REVOCATION_REFUSED, CON_REVOCATION_UNAVAILABLE
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import Nonsense, Rejected, Trouble, Unavailable
from bhxh.signing.ports import RevocationAnswer, RevocationKind

OCSP_CACHE_S = 60.0
"""LIMIT: how long a "good" may be reused; filings of one employer come in bursts."""
CRL_CACHE_S = 600.0
MAXIMUM_CACHED = 5_000
MAXIMUM_OCSP_BYTES = 256 * 1024
MAXIMUM_CRL_BYTES = 32 * 1024 * 1024
BREAKER_FAILURES = 3
BREAKER_OPEN_S = 15.0
"""After three failures in a row a host is left alone this long: filings become pending at once instead of after the budget."""


@dataclass(slots=True)
class _Breaker:
    failures: int = 0
    open_until: float = 0.0


class HttpRevocationSource:
    """Asks the addresses that stand in the certificate.

    `base_address` replaces scheme and host of all of them: for installations that reach the authorities through a relay, and
    for a sandbox on another port.
    """

    def __init__(self, *, base_address: str = "", timeout_s: float = 2.0, client: httpx.Client | None = None) -> None:
        self._base = urlsplit(base_address) if base_address else None
        self._timeout_s = timeout_s
        self._client = client or httpx.Client(verify=trusted_authorities(), follow_redirects=False, trust_env=False)
        self._cache: dict[tuple[str, str], tuple[float, RevocationAnswer]] = {}
        self._breakers: dict[str, _Breaker] = {}
        self._lock = Lock()

    def fetch(self, certificate_der: bytes, issuer_der: bytes, budget_s: float) -> RevocationAnswer:
        """OCSP first, the CRL where that fails. Raises the OCSP's Trouble where both fail."""
        deadline = monotonic() + budget_s
        certificate, issuer = _read(certificate_der), _read(issuer_der)
        trouble: Trouble | None = None
        for address in _ocsp_addresses(certificate):
            key = (address, sha256_hex(certificate_der))
            try:
                return self._cached(key, OCSP_CACHE_S, lambda address=address: self._ask_ocsp(address, certificate, issuer, deadline))  # type: ignore[misc]
            except Trouble as met:
                trouble = trouble or met
        for address in _crl_addresses(certificate):
            try:
                return self._cached((address, ""), CRL_CACHE_S, lambda address=address: self._get_crl(address, deadline))  # type: ignore[misc]
            except Trouble as met:
                trouble = trouble or met
        raise trouble or Unavailable(CON_REVOCATION_UNAVAILABLE, where="no address in the certificate")

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _cached(self, key: tuple[str, str], for_s: float, ask: Callable[[], RevocationAnswer]) -> RevocationAnswer:
        with self._lock:
            held = self._cache.get(key)
        if held is not None and held[0] > monotonic():
            return held[1]
        answer = ask()
        with self._lock:
            if len(self._cache) >= MAXIMUM_CACHED:
                self._cache.clear()
            self._cache[key] = (monotonic() + for_s, answer)
        return answer

    def _ask_ocsp(self, address: str, certificate: x509.Certificate, issuer: x509.Certificate, deadline: float) -> RevocationAnswer:
        # WHY SHA-1: it names the issuer here, it protects nothing; many responders know only this one (RFC 6960, B.1).
        request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
        content = self._exchange(
            "POST",
            address,
            deadline,
            MAXIMUM_OCSP_BYTES,
            content=request.public_bytes(Encoding.DER),
            headers={"Content-Type": "application/ocsp-request"},
        )
        _check_ocsp(content, certificate.serial_number)
        return RevocationAnswer(RevocationKind.OCSP, content, address)

    def _get_crl(self, address: str, deadline: float) -> RevocationAnswer:
        content = self._exchange("GET", address, deadline, MAXIMUM_CRL_BYTES)
        try:
            der = pem.unarmor(content)[2] if content.startswith(b"-----") else content
            asn1_crl.CertificateList.load(der, strict=True)["tbs_cert_list"]["this_update"].native  # noqa: B018 - reads it
        except (ValueError, TypeError, KeyError):
            raise Nonsense(CON_REVOCATION_NONSENSE) from None
        return RevocationAnswer(RevocationKind.CRL, der, address)

    def _exchange(
        self,
        method: str,
        address: str,
        deadline: float,
        maximum_bytes: int,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """One request within what is left of the budget, read up to a limit."""
        target = self._redirected(address)
        breaker = self._breakers.setdefault(urlsplit(target).netloc, _Breaker())
        left = min(self._timeout_s, deadline - monotonic())
        if left <= 0 or breaker.open_until > monotonic():
            raise Unavailable(CON_REVOCATION_UNAVAILABLE)
        try:
            body = bytearray()
            with self._client.stream(method, target, content=content, headers=headers, timeout=left) as response:
                status = response.status_code
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > maximum_bytes:
                        raise Nonsense(CON_REVOCATION_NONSENSE)
                    if monotonic() > deadline:
                        raise httpx.ReadTimeout("budget spent")
        except (httpx.HTTPError, httpx.InvalidURL):
            self._failed(breaker)
            raise Unavailable(CON_REVOCATION_UNAVAILABLE) from None
        if status >= 500:
            self._failed(breaker)
            raise Unavailable(CON_REVOCATION_UNAVAILABLE)
        breaker.failures, breaker.open_until = 0, 0.0
        if status != 200:
            raise Rejected(CON_REVOCATION_REFUSED)
        return bytes(body)

    def _failed(self, breaker: _Breaker) -> None:
        breaker.failures += 1
        if breaker.failures >= BREAKER_FAILURES:
            breaker.open_until = monotonic() + BREAKER_OPEN_S

    def _redirected(self, address: str) -> str:
        if self._base is None:
            return address
        parts = urlsplit(address)
        return urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))


def _check_ocsp(content: bytes, serial: int) -> None:
    """Raise the Trouble that an answer is, unless it speaks of this certificate.

    WHY asn1crypto: some responders write fractions of a second, which stricter readers refuse as a whole.
    """
    try:
        response = asn1_ocsp.OCSPResponse.load(content, strict=True)
        status = response["response_status"].native
        if status == "successful":
            answers = response.basic_ocsp_response["tbs_response_data"]["responses"]
            states = [answer["cert_status"].name for answer in answers if answer["cert_id"]["serial_number"].native == serial]
    except (ValueError, TypeError, KeyError):
        raise Nonsense(CON_REVOCATION_NONSENSE) from None
    if status in {"try_later", "internal_error"}:
        raise Unavailable(CON_REVOCATION_UNAVAILABLE)
    if status != "successful":
        raise Rejected(CON_REVOCATION_REFUSED)
    if not states:
        raise Nonsense(CON_REVOCATION_NONSENSE)
    if "unknown" in states:
        raise Rejected(CON_REVOCATION_REFUSED)


_read = lru_cache(maxsize=1024)(x509.load_der_x509_certificate)
"""The same bytes are the same certificate: the signer's for each of a burst of filings, the authorities' for all."""


@lru_cache(maxsize=1024)
def _ocsp_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return _http(
        [entry.access_location for entry in access if entry.access_method == AuthorityInformationAccessOID.OCSP],
    )


def _crl_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return _http([name for point in points for name in point.full_name or []])


def _http(names: list[x509.GeneralName]) -> tuple[str, ...]:
    """At most two addresses of a kind, and only those we speak (no ldap)."""
    found = [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
    return tuple(address for address in found if address.startswith(("http://", "https://")))[:2]
