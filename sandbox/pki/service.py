"""OCSP, CRL and time stamps over HTTP, answered by certomancer's services from what stands in the folder."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import core, crl, keys, ocsp, tsp
from asn1crypto import x509 as asn1
from certomancer.services import CRLBuilder, RevocationInfoInterface, SimpleOCSPResponder, TimeStamper, choose_signed_digest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sandbox.pki.authority import SERVICES, Authority, open_authority
from sandbox.pki.certificates import Issued
from sandbox.pki.remote_signing import RemoteSigning
from sandbox.serving import Faults, answer, json_of

FAULTY = ("ocsp", "crls", "tsa", "csc")
"""Services that can be given bad days, each its own."""


class PkiApplication:
    """The WSGI application."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.faults = {service: Faults() for service in FAULTY}
        self.asked: dict[str, int] = {}
        self.remote = RemoteSigning(authority)

    def misbehave(self, **modes: str) -> None:
        """Bad days for the named services, an end of them for the others: `misbehave(ocsp="down")`, `misbehave()`."""
        for service, faults in self.faults.items():
            faults.set(mode=modes.get(service, "ok"))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        try:
            response = self._answer(request)
        except HTTPException as refused:
            return refused(environ, start_response)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        service, _, rest = request.path.strip("/").partition("/")
        if service == "health":
            return answer({"partner": "pki"})
        if service == "sandbox" and rest == "faults" and request.method == "POST":
            return self._set_faults(json_of(request))
        if service == "sandbox" and rest == "approvals" and request.method == "GET":
            return answer({"waiting": self.remote.waiting()})
        if service == "sandbox" and rest == "approvals" and request.method == "POST":
            said = json_of(request)
            is_known = self.remote.approve(str(said.get("responseID", "")), str(said.get("answer", "")))
            return answer({"said": said.get("answer")}, 200 if is_known else 404)
        if service not in self.faults:
            raise NotFound
        self.asked[service] = self.asked.get(service, 0) + 1
        mode, seconds = self.faults[service].next()
        match mode:
            case "down":
                request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError
            case "slow":
                time.sleep(seconds)
            case "error":
                return Response(status=500)
            case "endless":
                return Response((b" " * 65536 for _ in range(4096)), mimetype="application/octet-stream")
            case "nonsense":
                return Response(b"\x30\x03nonsense", mimetype="application/octet-stream")
            case "refuse":
                return self._refuse(service)
        if service == "ocsp" and rest in SERVICES and request.method == "POST":
            return Response(self.ocsp(rest, request.get_data()), mimetype="application/ocsp-response")
        if service == "crls" and rest.removesuffix(".crl") in SERVICES:
            return Response(self.crl(rest.removesuffix(".crl")), mimetype="application/pkix-crl")
        if service == "tsa" and request.method == "POST":
            return self._stamp(request.get_data())
        if service == "csc" and request.method == "POST":
            answered = self.remote.answer(rest.removeprefix("v2/"), request)
            if answered is not None:
                return answered
        raise NotFound

    def _set_faults(self, wanted: dict[str, Any]) -> Response:
        """As every partner of the sandbox; `service` picks one of them, none means all."""
        services = [wanted["service"]] if "service" in wanted else list(FAULTY)
        for service in services:
            if service not in self.faults or wanted.get("mode") not in self.faults[service].modes:
                return answer({"modes": list(Faults().modes), "services": list(FAULTY)}, 422)
            self.faults[service].set(mode=wanted["mode"], seconds=float(wanted.get("seconds", 3.0)), count=int(wanted.get("count", -1)))
        return answer({"mode": wanted["mode"]})

    def _refuse(self, service: str) -> Response:
        if service == "ocsp":
            return Response(ocsp.OCSPResponse({"response_status": "unauthorized"}).dump(), mimetype="application/ocsp-response")
        if service == "tsa":
            status = tsp.PKIStatusInfo({"status": "rejection"}).dump()
            return Response(b"\x30" + bytes([len(status)]) + status, mimetype="application/timestamp-reply")
        return Response("refused", status=403)

    def ocsp(self, name: str, data: bytes, *, at: datetime | None = None) -> bytes:
        """An authority's answer (DER) to a request; `at` makes one as it was given earlier, with what is known now."""
        responder = self.authority.ca(f"ocsp-{name}")
        certificate = certificate_of(responder)
        response = SimpleOCSPResponder(
            responder_cert=certificate,
            responder_key=key_of(responder),
            signature_algo=choose_signed_digest("sha256", certificate.public_key),
            at_time=at or datetime.now(UTC),
            revinfo_interface=_Knowledge(self.authority, name),
        ).build_ocsp_response(ocsp.OCSPRequest.load(data))
        return bytes(response.dump())

    def crl(self, name: str) -> bytes:
        """The present CRL of an authority, DER."""
        issuer = self.authority.ca(name)
        certificate, now = certificate_of(issuer), datetime.now(UTC).replace(microsecond=0)
        revoked = [
            CRLBuilder.format_revoked_cert(status.serial, crl.CRLReason(status.reason), status.revoked_at)
            for status in self.authority.revoked(name)
            if status.revoked_at is not None
        ]
        built = CRLBuilder(
            issuer_name=certificate.subject,
            issuer_key=key_of(issuer),
            signature_algo=choose_signed_digest("sha256", certificate.public_key),
            authority_key_identifier=core.OctetString(certificate.key_identifier),
        ).build_crl(int(now.timestamp()), now, now + timedelta(hours=1), revoked)
        return bytes(built.dump())

    def _stamp(self, data: bytes) -> Response:
        tsa = self.authority.ca("tsa")
        stamper = TimeStamper(
            certificate_of(tsa),
            key_of(tsa),
            certs_to_embed=[certificate_of(self.authority.ca("root"))],
            fixed_dt=datetime.now(UTC).replace(microsecond=0),
        )
        return Response(stamper.request_tsa_response(tsp.TimeStampReq.load(data)).dump(), mimetype="application/timestamp-reply")


class _Knowledge(RevocationInfoInterface):
    """What one authority knows, as certomancer's responder asks for it."""

    def __init__(self, authority: Authority, name: str) -> None:
        self._authority = authority
        self._name = name

    def get_issuer_cert(self) -> asn1.Certificate:
        return certificate_of(self._authority.ca(self._name))

    def check_revocation_status(self, cid: ocsp.CertId, at_time: datetime) -> tuple[ocsp.CertStatus, list[ocsp.SingleResponseExtension]]:
        known = self._authority.status(cid["serial_number"].native)
        if known is None or known.issuer != self._name:
            return ocsp.CertStatus(name="unknown", value=ocsp.StatusUnknown()), []
        if known.revoked_at is not None and known.revoked_at <= at_time:
            information = {"revocation_time": known.revoked_at, "revocation_reason": crl.CRLReason(known.reason)}
            return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo(information)), []
        return ocsp.CertStatus(name="good", value=ocsp.StatusGood()), []


def certificate_of(issued: Issued) -> asn1.Certificate:
    """As the libraries of the services want it."""
    certificate: asn1.Certificate = asn1.Certificate.load(issued.der)
    return certificate


def key_of(issued: Issued) -> keys.PrivateKeyInfo:
    """Likewise."""
    key: keys.PrivateKeyInfo = keys.PrivateKeyInfo.load(issued.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    return key


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the sandbox's access log helps nobody."""


@dataclass
class RunningPki:
    """A sandbox PKI that answers."""

    address: str
    authority: Authority
    application: PkiApplication
    server: BaseWSGIServer = field(repr=False)

    @property
    def tsa_address(self) -> str:
        """Where time stamps are made."""
        return f"{self.address}/tsa"


def bind(folder: Path, *, host: str = "127.0.0.1", port: int = 8715) -> RunningPki:
    """Open or make the authority, and the port (0 takes any).

    WHY this order: who sees the port open may read the trust folder at once. With port 0 the number must come first.
    """
    holder: dict[str, PkiApplication] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        return holder["application"](environ, start_response)

    if port:
        holder["application"] = PkiApplication(open_authority(folder, address=f"http://{host}:{port}"))
    server = make_server(host, port, application, threaded=True, request_handler=_Quiet)
    address = f"http://{host}:{server.server_port}"
    if not port:
        holder["application"] = PkiApplication(open_authority(folder, address=address))
    return RunningPki(address, holder["application"].authority, holder["application"], server)


@contextmanager
def running(folder: Path, *, port: int = 0) -> Iterator[RunningPki]:
    """A sandbox PKI on a thread of this process, for tests and the demo."""
    pki = bind(folder, port=port)
    thread = threading.Thread(target=pki.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield pki
    finally:
        pki.server.shutdown()
        thread.join()
        pki.server.server_close()
