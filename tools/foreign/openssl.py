"""What `openssl` says of seals, pages, time stamps, revocation answers and paths, now or at another instant.

Taking a file apart (where the signature stands, what it covers) is done here; whether it holds is openssl's part alone.
"""

import os
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from asn1crypto import cms

from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import openssl_parts
from tools.foreign.programs import Said, in_short, run

_NOBODY_ELSE = dict.fromkeys(("OPENSSL_CONF", "SSL_CERT_FILE", "SSL_CERT_DIR"), os.devnull)
"""WHY: the machine's own authorities and settings have no say."""
_BYTE_RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]")
_STAMPED = re.compile(rb"Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d{4}) GMT")


@dataclass(frozen=True, slots=True)
class Layer:
    """One signature in a PDF: what it covers, the DER in the hole, how far it reaches."""

    covered: bytes
    der: bytes
    end: int


def seal(sealed: bytes, keys: KeySet, folder: Path | None = None) -> Said:
    """`openssl dgst -verify` of sealed JSON. What it was given stays in `folder`, where one is named."""
    signed, signature, public = openssl_parts(sealed, keys=keys)
    return signed_bytes(signed, signature, public, folder)


def signed_bytes(signed: bytes, signature: bytes, public: bytes, folder: Path | None = None) -> Said:
    """The same of signed bytes, a DER signature and a public key."""
    with TemporaryDirectory() as made:
        kept = folder or Path(made)
        kept.mkdir(exist_ok=True)
        _write(kept, {"signed": signed, "signature.der": signature, "public.pem": public})
        done = _openssl(kept, "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature.der", "signed")
    return Said(done.returncode == 0 and done.stdout.strip() == b"Verified OK", in_short(done.stdout, done.stderr))


def filing(signed: bytes, signature: bytes, certificate: bytes) -> Said:
    """`openssl dgst -verify` by the key of the filer's certificate (DER)."""
    with TemporaryDirectory() as made:
        _write(Path(made), {"certificate.pem": ssl.DER_cert_to_PEM_cert(certificate).encode()})
        public = _openssl(Path(made), "x509", "-in", "certificate.pem", "-noout", "-pubkey").stdout
    return signed_bytes(signed, signature, public)


def digest(content: bytes, sha256: str) -> Said:
    """`openssl dgst -sha256` of a file, compared with what a manifest names."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder, {"content": content})
        done = _openssl(folder, "dgst", "-sha256", "-r", "content")
    return Said(done.returncode == 0 and done.stdout.split()[:1] == [sha256.encode()], in_short(done.stdout, done.stderr))


def layers(pdf: bytes) -> list[Layer]:
    """Every signature in a PDF, the innermost first."""
    found = []
    for match in _BYTE_RANGE.finditer(pdf):
        first, length, second, rest = map(int, match.groups())
        der = bytes.fromhex(pdf[first + length + 1 : second - 1].decode())
        covered = pdf[first : first + length] + pdf[second : second + rest]
        found.append(Layer(covered, cms.ContentInfo.load(der).dump(), second + rest))
    return sorted(found, key=lambda layer: layer.end)


def page(pdf: bytes, root: Path, *, at: datetime | None = None) -> Said:
    """`openssl cms -verify -cades` of a page's seal, up to the root."""
    return _cades(layers(pdf)[0], root, at)


def stamp_on_page(pdf: bytes) -> tuple[bytes, bytes]:
    """(token, what was stamped) of the time stamp within a page's seal. Raises ValueError where there is none."""
    [signer] = cms.ContentInfo.load(layers(pdf)[0].der)["content"]["signer_infos"]
    for attribute in signer["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0].dump(), signer["signature"].native
    raise ValueError("no time stamp")


def stamp(token: bytes, data: bytes, root: Path, *, others: Sequence[bytes] = (), at: datetime | None = None) -> Said:
    """`openssl ts -verify` of a time stamp over some bytes."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder, {"data": data, "token": token, "others.pem": "".join(map(ssl.DER_cert_to_PEM_cert, others)).encode()})
        more = ("-untrusted", "others.pem") if others else ()
        done = _openssl(folder, "ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", root, *more, *_attime(at))
    return Said(done.returncode == 0, in_short(done.stdout, done.stderr))


def stamped_at(token: bytes) -> datetime:
    """When a token says it was made, as openssl reads it. Raises ValueError."""
    with TemporaryDirectory() as made:
        _write(Path(made), {"token": token})
        done = _openssl(Path(made), "ts", "-reply", "-in", "token", "-token_in", "-text")
    found = _STAMPED.search(done.stdout)
    if found is None:
        raise ValueError(in_short(done.stdout, done.stderr))
    return datetime.strptime(f"{found[1].decode()} {found[2].decode()}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)


def archive_copy(pdf: bytes, root: Path, *, at: datetime) -> Said:
    """Whether a copy for archives proves its seal at an instant: each layer is judged for the time of the one above it, the newest for now."""
    own, *stamps = layers(pdf)
    if not stamps or stamps[-1].end != len(pdf):
        return Said(holds=False, words="the newest time stamp does not cover the whole file")
    times = [stamped_at(one.der) for one in stamps]
    said = [_cades(own, root, times[0])]
    said += [stamp(one.der, one.covered, root, at=moment) for one, moment in zip(stamps, [*times[1:], at], strict=True)]
    failed = [one for one in said if not one.holds]
    if times != sorted(times):
        return Said(holds=False, words="time stamps out of order")
    return failed[0] if failed else Said(holds=True, words=f"seal and {len(stamps)} time stamp(s), each at its time")


def revocation_answer(answer: bytes, certificate: Path, issuer: Path, root: Path, *, expected: str = "good") -> Said:
    """`openssl ocsp -respin`: whether an authority's answer is its own, and says this of the certificate."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder, {"answer": answer})
        trusted = ("-issuer", issuer, "-cert", certificate, "-CAfile", root)
        done = _openssl(folder, "ocsp", "-respin", "answer", "-no_nonce", *trusted)
    holds = done.returncode == 0 and b"Response verify OK" in done.stderr and f": {expected}".encode() in done.stdout
    return Said(holds, in_short(done.stderr, done.stdout))


def path(certificate: bytes, issuer: Path, root: Path, *, at: datetime | None = None) -> Said:
    """`openssl verify` of a certificate (DER) up to the root."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder, {"certificate.pem": ssl.DER_cert_to_PEM_cert(certificate).encode()})
        done = _openssl(folder, "verify", "-CAfile", root, "-untrusted", issuer, *_attime(at), "certificate.pem")
    return Said(done.returncode == 0, in_short(done.stdout, done.stderr))


def _cades(layer: Layer, root: Path, at: datetime | None) -> Said:
    with TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder, {"covered": layer.covered, "seal.der": layer.der})
        given = ("-binary", "-inform", "DER", "-in", "seal.der", "-content", "covered", "-out", os.devnull)
        done = _openssl(folder, "cms", "-verify", "-cades", *given, "-CAfile", root, "-purpose", "any", *_attime(at))
    return Said(done.returncode == 0, in_short(done.stdout, done.stderr))


def _attime(at: datetime | None) -> tuple[str, ...]:
    return ("-attime", str(int(at.timestamp()))) if at is not None else ()


def _openssl(folder: Path, *arguments: str | Path) -> "CompletedProcess[bytes]":
    return run("openssl", *arguments, folder=folder, environment=_NOBODY_ELSE)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
