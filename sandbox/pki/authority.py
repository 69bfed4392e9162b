"""The sandbox's authorities on disk: made at the first start, then read; certificates can be issued at any time.

```
folder/
  address            where the services answer, as written into certificates
  ca/                root, issuing, suspended, stranger (unknown), ocsp-<ca>, tsa: PEM and key each
  issued/            one JSON for each certificate, by serial: issuer, revocation
  leaves/            certificate and key by label: employer-<tax code>, expired, revoked-key-compromise ...
  trust/             what an operator of bhxh installs: PEM of roots and intermediates, trust.json
```
Everything here is a stand-in: nobody outside may trust it, and no key leaves the folder.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from sandbox.pki.certificates import Issued, issue, issue_for, subject

ORGANISATION = "Tổ chức chứng thực thử nghiệm (giả lập)"
SERVICES = ("root", "issuing", "suspended")
"""Authorities that answer OCSP and publish a CRL."""
DEFAULT_ADDRESS = "http://127.0.0.1:8715"


@dataclass(frozen=True)
class Status:
    """What the authority knows about one serial number."""

    serial: int
    issuer: str
    revoked_at: datetime | None = None
    reason: str = ""
    """As RFC 5280 writes it, with underscores: key_compromise, superseded ..."""


class Authority:
    """The folder, opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cas: dict[str, Issued] = {}

    @property
    def address(self) -> str:
        """The base address written into certificates."""
        return (self.folder / "address").read_text().strip()

    @property
    def trust_folder(self) -> Path:
        """What an operator installs."""
        return self.folder / "trust"

    def ca(self, name: str) -> Issued:
        """One of the authorities or services by name."""
        if name not in self._cas:
            self._cas[name] = Issued.load(self.folder / "ca", name)
        return self._cas[name]

    def leaf(self, label: str) -> Issued:
        """A certificate and key made here before."""
        return Issued.load(self.folder / "leaves", label)

    def status(self, serial: int) -> Status | None:
        """What is known of a serial, None where it was never issued."""
        file = self.folder / "issued" / f"{serial:x}.json"
        return _read(file) if file.exists() else None

    def revoked(self, issuer: str) -> list[Status]:
        """All revoked certificates of an authority, for its CRL."""
        statuses = [_read(file) for file in sorted((self.folder / "issued").glob("*.json"))]
        return [status for status in statuses if status.issuer == issuer and status.revoked_at is not None]

    def revoke(self, serial: int, *, at: datetime, reason: str) -> None:
        """Take a certificate back."""
        known = self.status(serial)
        assert known is not None, "not issued here"
        self.note(Status(serial, known.issuer, at.replace(microsecond=0), reason))

    def issue_leaf(
        self,
        label: str,
        *,
        name: str,
        uids: tuple[str, ...] = (),
        ca: str = "issuing",
        from_at: datetime | None = None,
        days: int = 730,
        is_signer: bool = True,
    ) -> Issued:
        """A certificate of an end user, kept under its label."""
        issuer = self.ca(ca)
        made = issue(
            subject(name, uids=uids),
            issuer=issuer,
            from_at=from_at or datetime.now(UTC).replace(microsecond=0) - timedelta(days=1),
            days=days,
            is_signer=is_signer,
            ocsp_url=f"{self.address}/ocsp/{ca}",
            crl_url=f"{self.address}/crls/{ca}.crl",
        )
        self.note(Status(made.certificate.serial_number, ca))
        made.save(self.folder / "leaves", label)
        return made

    def note(self, status: Status) -> None:
        """Write down what is known of a certificate."""
        content = {
            "serial": f"{status.serial:x}",
            "issuer": status.issuer,
            "revoked_at": status.revoked_at.isoformat() if status.revoked_at else None,
            "reason": status.reason,
        }
        file = self.folder / "issued" / f"{status.serial:x}.json"
        draft = file.with_suffix(f".{os.getpid()}.new")
        draft.write_text(json.dumps(content))
        draft.replace(file)


def _read(file: Path) -> Status:
    content = json.loads(file.read_text())
    at = content["revoked_at"]
    return Status(int(content["serial"], 16), content["issuer"], datetime.fromisoformat(at) if at else None, content["reason"])


def open_authority(folder: Path, *, address: str = DEFAULT_ADDRESS) -> Authority:
    """The authority of a folder; made where the folder is new."""
    authority = Authority(folder)
    with _alone(folder):
        if not (folder / "trust" / "trust.json").exists():
            _make(authority, address.rstrip("/"))
    return authority


def issue_employer_certificate(folder: Path, tax_code: str, name: str, pin: str = "") -> tuple[bytes, ec.EllipticCurvePrivateKey]:
    """(certificate DER, private key) of an employer, for whom OCSP answers at once. The same pair when asked again."""
    authority = open_authority(folder)
    label = f"employer-{tax_code}"
    with _alone(folder):
        if (folder / "leaves" / f"{label}.key").exists():
            made = authority.leaf(label)
        else:
            uids = (f"MST:{tax_code}", *((f"CCCD:{pin}",) if pin else ()))
            made = authority.issue_leaf(label, name=name, uids=uids)
    return made.der, made.key


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """WHY: several programs and threads may find the folder new, or ask for one employer's first certificate, in the same moment."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def certify(folder: Path, request: bytes) -> bytes:
    """A certificate for the key of a request (PEM), with the issuing authority's behind it, as a licensed authority sends it back."""
    authority = open_authority(folder)
    asked = x509.load_pem_x509_csr(request)
    public = asked.public_key()
    assert asked.is_signature_valid and isinstance(public, ec.EllipticCurvePublicKey), "whoever asks has the key"
    issuer = authority.ca("issuing")
    certificate = issue_for(
        public,
        asked.subject,
        issuer=issuer,
        from_at=datetime.now(UTC).replace(microsecond=0) - timedelta(days=1),
        days=3 * 365,
        is_signer=True,
        ocsp_url=f"{authority.address}/ocsp/issuing",
        crl_url=f"{authority.address}/crls/issuing.crl",
    )
    authority.note(Status(certificate.serial_number, "issuing"))
    return certificate.public_bytes(Encoding.PEM) + issuer.certificate.public_bytes(Encoding.PEM)


def _make(authority: Authority, address: str) -> None:
    folder = authority.folder
    for name in ("ca", "issued", "leaves", "trust"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name).chmod(0o700)
    (folder / "address").write_text(address)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=5 * 365)
    root = issue(subject("Gốc chứng thực thử nghiệm", organisation=ORGANISATION), issuer=None, from_at=start, days=9000, is_authority=True)
    stranger = issue(
        subject("Gốc không được cấp phép", organisation="Người lạ (giả lập)"), issuer=None, from_at=start, days=9000, is_authority=True
    )
    root.save(folder / "ca", "root")
    stranger.save(folder / "ca", "stranger")
    for name, title in (("issuing", "CA thử nghiệm số 1"), ("suspended", "CA thử nghiệm bị đình chỉ")):
        made = issue(
            subject(title, organisation=ORGANISATION),
            issuer=root,
            from_at=start,
            days=5000,
            is_authority=True,
            ocsp_url=f"{address}/ocsp/root",
            crl_url=f"{address}/crls/root.crl",
        )
        made.save(folder / "ca", name)
        authority.note(Status(made.certificate.serial_number, "root"))
    for name in SERVICES:
        made = issue(
            subject(f"OCSP {name}", organisation=ORGANISATION),
            issuer=authority.ca(name),
            from_at=start,
            days=4000,
            usage=ExtendedKeyUsageOID.OCSP_SIGNING,
            without_check=True,
        )
        made.save(folder / "ca", f"ocsp-{name}")
    tsa = issue(
        subject("Dấu thời gian thử nghiệm", organisation=ORGANISATION),
        issuer=root,
        from_at=start,
        days=4000,
        usage=ExtendedKeyUsageOID.TIME_STAMPING,
        ocsp_url=f"{address}/ocsp/root",
        crl_url=f"{address}/crls/root.crl",
    )
    tsa.save(folder / "ca", "tsa")
    authority.note(Status(tsa.certificate.serial_number, "root"))
    _make_bad_leaves(authority)
    _write_trust(authority)


BAD_TAX_CODE = "0100109106"
"""Well formed, and on all the bad certificates."""


def _make_bad_leaves(authority: Authority) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    uids = (f"MST:{BAD_TAX_CODE}",)
    authority.issue_leaf("expired", name="CÔNG TY HẾT HẠN", uids=uids, from_at=now - timedelta(days=800), days=400)
    authority.issue_leaf("not-yet-valid", name="CÔNG TY CHƯA TỚI HẠN", uids=uids, from_at=now + timedelta(days=30), days=400)
    authority.issue_leaf("wrong-usage", name="CÔNG TY SAI MỤC ĐÍCH", uids=uids, is_signer=False)
    authority.issue_leaf("unknown-ca", name="CÔNG TY CA LẠ", uids=uids, ca="stranger")
    authority.issue_leaf("suspended-ca", name="CÔNG TY CA BỊ ĐÌNH CHỈ", uids=uids, ca="suspended")
    for reason in ("key_compromise", "superseded"):
        made = authority.issue_leaf(f"revoked-{reason.replace('_', '-')}", name="CÔNG TY BỊ THU HỒI", uids=uids)
        authority.revoke(made.certificate.serial_number, at=now - timedelta(hours=12), reason=reason)


def _write_trust(authority: Authority) -> None:
    entries = []
    for name, kind in (("root", "root"), ("issuing", "intermediate"), ("suspended", "intermediate")):
        certificate = authority.ca(name).certificate
        (authority.trust_folder / f"sandbox-{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        entry: dict[str, str | None] = {
            "file": f"sandbox-{name}.pem",
            "kind": kind,
            "from": certificate.not_valid_before_utc.isoformat(),
            "until": None,
            "suspended_from": None,
        }
        if name == "suspended":
            entry["suspended_from"] = (datetime.now(UTC) - timedelta(days=10)).replace(microsecond=0).isoformat()
        entries.append(entry)
    # WHY last: its presence says that the folder is complete.
    (authority.trust_folder / "trust.json").write_text(json.dumps({"authorities": entries}, indent=2))
