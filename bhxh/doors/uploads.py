"""What somebody uploads, as the API and pages both take it: no larger than configured, and what it must be."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bhxh.doors.errors import NOT_A_CERTIFICATE, UPLOAD_TOO_LARGE, TooLarge
from bhxh.doors.partners import partners
from bhxh.dossiers.facts import Attachment
from bhxh.dossiers.supplement_commands import read_document
from bhxh.kernel.errors import Invalid

_SUPPLEMENT = "supplement"


class Upload(Protocol):
    """A file as the framework hands it over."""

    @property
    def name(self) -> str | None:
        """As it was called where it came from."""

    @property
    def size(self) -> int | None:
        """In bytes."""

    def read(self) -> Any:
        """All of it."""


def read_upload(upload: Upload) -> bytes:
    """All of one file. Raises TooLarge API-004."""
    _check_size(upload.size or 0)
    content: bytes = upload.read()
    return content


class Pieces(Protocol):
    """A file of a form, read piece by piece, as often as one likes."""

    def chunks(self) -> Iterator[bytes]:
        """From its beginning."""


def once_of_file(showing: str, what_for: str, file: Pieces) -> str:
    """Under which key a file of a form is kept once: for the same showing of the page, for the same thing, with the same content.

    WHY the content too: a form without scripts takes several files under one key, one after the other.
    """
    digest = sha256()
    for piece in file.chunks():
        digest.update(piece)
    return sha256(f"{showing}\n{what_for}\n{digest.hexdigest()}".encode()).hexdigest()


def read_attachments(documents: Sequence[Upload], codes: Sequence[str]) -> list[Attachment]:
    """Papers for components, whose codes stand in the same order. Raises TooLarge API-004 where they are too much together; Invalid DOS-033."""
    _check_size(sum(document.size or 0 for document in documents))
    return [
        read_document(document.read(), code=(codes[position] if position < len(codes) else "") or _SUPPLEMENT, name=document.name or "")
        for position, document in enumerate(documents)
    ]


def read_certificate(data: bytes) -> bytes:
    """A certificate as DER, given so or as PEM. Raises Invalid API-007."""
    try:
        is_pem = data.lstrip().startswith(b"-----BEGIN CERTIFICATE")
        read = x509.load_pem_x509_certificate(data) if is_pem else x509.load_der_x509_certificate(data)
    except ValueError:
        raise Invalid(NOT_A_CERTIFICATE) from None
    return read.public_bytes(Encoding.DER)


def _check_size(size_bytes: int) -> None:
    limit = partners().maximum_upload_bytes
    if size_bytes > limit:
        raise TooLarge(UPLOAD_TOO_LARGE, limit_mib=limit // 1024 // 1024)
