"""A remote signing service: it keeps people's keys, and signs a digest once the holder said yes on their own device.

Spoken as in the API of the Cloud Signature Consortium, version 2, in its asynchronous mode: `signatures/signHash` is answered with a
number, `signatures/signPolling` with the value when the holder has approved. The holder's device is `GET` and `POST /sandbox/approvals`.
"""

import base64
import binascii
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from werkzeug.wrappers import Request, Response

from sandbox.pki.authority import Authority
from sandbox.pki.certificates import UID
from sandbox.serving import answer, json_of

TOKEN = "sandbox-remote-signing"
"""What whoever is let in shows. A stand-in for the service's own sign-in of programs."""
_HASHES: dict[str, hashes.HashAlgorithm] = {"2.16.840.1.101.3.4.2.1": hashes.SHA256(), "2.16.840.1.101.3.4.2.2": hashes.SHA384()}


@dataclass
class _Asked:
    """One request that waits for its holder."""

    label: str
    digest: bytes
    hash_oid: str
    shown: str
    said: str = ""
    """`approve` or `refuse`; empty while the holder has not answered."""


@dataclass
class RemoteSigning:
    """The service over an authority's leaves."""

    authority: Authority
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str, request: Request) -> Response | None:
        """One call below `/csc/v2/`; None where there is no such address."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return answer({"error": "invalid_token"}, 401)
        body = json_of(request)
        match path:
            case "credentials/list":
                return answer({"credentialIDs": self._labels(str(body.get("userID", "")))})
            case "credentials/info":
                return self._info(str(body.get("credentialID", "")))
            case "signatures/signHash":
                return self._ask(body)
            case "signatures/signPolling":
                return self._poll(str(body.get("responseID", "")))
        return None

    def approve(self, request_id: str, said: str) -> bool:
        """The holder's answer on their device. False where nobody asked."""
        with self._lock:
            if request_id not in self._asked or said not in {"approve", "refuse"}:
                return False
            self._asked[request_id].said = said
            return True

    def waiting(self) -> list[dict[str, str]]:
        """What waits on holders' devices."""
        with self._lock:
            return [{"responseID": name, "shown": asked.shown} for name, asked in self._asked.items() if not asked.said]

    def shown(self, request_id: str) -> str:
        """What the holder reads on the device."""
        return self._asked[request_id].shown

    def _labels(self, holder: str) -> list[str]:
        found = []
        for file in sorted((self.authority.folder / "leaves").glob("*.pem")):
            subject = self.authority.leaf(file.stem).certificate.subject
            if holder and holder in {str(one.value) for one in subject.get_attributes_for_oid(UID)}:
                found.append(file.stem)
        return found

    def _info(self, label: str) -> Response:
        if not self._is_known(label):
            return answer({"error": "invalid_request", "error_description": "credentialID"}, 400)
        chain = [self.authority.leaf(label).der, self.authority.ca("issuing").der]
        certificates = [base64.b64encode(der).decode() for der in chain]
        return answer({"cert": {"status": "valid", "certificates": certificates}, "key": {"status": "enabled", "algo": ["ECDSA"]}})

    def _ask(self, body: dict[str, Any]) -> Response:
        label, listed, oid = str(body.get("credentialID", "")), body.get("hashes"), str(body.get("hashAlgorithmOID", ""))
        try:
            [encoded] = listed if isinstance(listed, list) else []
            digest = base64.b64decode(str(encoded), validate=True)
        except (ValueError, binascii.Error):
            return answer({"error": "invalid_request", "error_description": "hashes"}, 400)
        if not self._is_known(label) or oid not in _HASHES or len(digest) != _HASHES[oid].digest_size:
            return answer({"error": "invalid_request"}, 400)
        request_id = secrets.token_hex(16)
        with self._lock:
            self._asked[request_id] = _Asked(label, digest, oid, str(body.get("clientData", "")))
        return answer({"responseID": request_id})

    def _poll(self, request_id: str) -> Response:
        with self._lock:
            asked = self._asked.get(request_id)
        if asked is None:
            return answer({"error": "invalid_request", "error_description": "responseID"}, 400)
        if asked.said == "refuse":
            return answer({"error": "access_denied"}, 400)
        if not asked.said:
            return answer({"error": "operation_in_progress"}, 202)
        value = self.authority.leaf(asked.label).key.sign(asked.digest, ec.ECDSA(utils.Prehashed(_HASHES[asked.hash_oid])))
        return answer({"signatures": [base64.b64encode(value).decode()]})

    def _is_known(self, label: str) -> bool:
        return label in {file.stem for file in (self.authority.folder / "leaves").glob("*.pem")}
