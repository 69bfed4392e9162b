"""A file encrypted at rest, piece by piece: AES-256-GCM over pieces of 64 KiB, a key of its own, wrapped for its first owner.

Layout: header, then pieces, each with its tag. A piece's nonce is its number and whether it is the last, so that pieces can be neither
changed, nor exchanged, nor cut off. Header: mark, owner, size, the key's check value, the wrapped key, which is bound to the content's digest.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import BinaryIO, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bhxh.warehouse.owners import Owner
from bhxh.warehouse.ports import WRAPPED_BYTES, OwnerKeys

PIECE_BYTES: Final = 64 * 1024
_TAG_BYTES: Final = 16
_MARK: Final = b"BHXHSF1\n"
_KINDS: Final[tuple[Literal["installation", "person", "employer"], ...]] = ("installation", "person", "employer")
_HEADER: Final = struct.Struct(f">8sBqQ16s{WRAPPED_BYTES}s")


class DamagedError(Exception):
    """The file is not what was sealed."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the pieces."""

    owner: Owner
    size_bytes: int
    check_value: bytes
    wrapped_key: bytes

    def to_bytes(self) -> bytes:
        """Always the same length."""
        return _HEADER.pack(_MARK, _KINDS.index(self.owner.kind), self.owner.id, self.size_bytes, self.check_value, self.wrapped_key)

    def is_key(self, data_key: bytes) -> bool:
        """Whether this is the key of the pieces: a file that was written anew has another."""
        return hmac.compare_digest(self.check_value, _check_value(data_key))


def sealed_size(size_bytes: int) -> int:
    """How long the file is that holds so many bytes."""
    return _HEADER.size + size_bytes + _TAG_BYTES * _pieces(size_bytes)


def read_header(file: BinaryIO) -> Header:
    """From the beginning of a file. Raises DamagedError where there is none, or the file is not as long as it says."""
    file.seek(0)
    start = file.read(_HEADER.size)
    if len(start) != _HEADER.size:
        raise DamagedError
    mark, kind, owner_id, size_bytes, check_value, wrapped = _HEADER.unpack(start)
    if mark != _MARK or kind >= len(_KINDS) or os.fstat(file.fileno()).st_size != sealed_size(size_bytes):
        raise DamagedError
    return Header(Owner(_KINDS[kind], owner_id), size_bytes, check_value, wrapped)


def write_sealed(file: BinaryIO, content: Iterable[bytes], *, owner: Owner, keys: OwnerKeys, maximum_bytes: int = 0) -> tuple[str, int]:
    """Seal what comes, holding one piece of it; returns its digest and size. The header is written last.

    Raises: OverflowError as soon as more than `maximum_bytes` came (0: no limit).
    """
    data_key = AESGCM.generate_key(256)
    cipher, digest, size, number, waiting = AESGCM(data_key), hashlib.sha256(), 0, 0, bytearray()
    file.write(bytes(_HEADER.size))
    for part in content:
        digest.update(part)
        size += len(part)
        if maximum_bytes and size > maximum_bytes:
            raise OverflowError
        for start in range(0, len(part), PIECE_BYTES):
            waiting += part[start : start + PIECE_BYTES]
            while len(waiting) > PIECE_BYTES:  # WHY not at once when full: the last one is marked as the last
                file.write(cipher.encrypt(_nonce(number, is_last=False), bytes(waiting[:PIECE_BYTES]), None))
                del waiting[:PIECE_BYTES]
                number += 1
    file.write(cipher.encrypt(_nonce(number, is_last=True), bytes(waiting), None))
    wrapped = keys.wrap(data_key, owner=owner, about=digest.digest())
    file.seek(0)
    file.write(Header(owner, size, _check_value(data_key), wrapped).to_bytes())
    return digest.hexdigest(), size


class SealedReader(RawIOBase):
    """The content of a sealed file, to be read from any place on; one piece of it is held. Raises DamagedError where it was changed."""

    def __init__(self, file: BinaryIO, *, find_key: Callable[[Header], bytes]) -> None:
        self._file = file
        self._header = read_header(file)
        self._cipher = AESGCM(find_key(self._header))
        self._position = 0
        self._held: tuple[int, bytes] = (-1, b"")

    @property
    def size_bytes(self) -> int:
        """Of the content."""
        return self._header.size_bytes

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._position

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """As of any file."""
        start = {SEEK_SET: 0, SEEK_CUR: self._position, SEEK_END: self.size_bytes}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Up to the end of the piece."""
        if self._position >= self.size_bytes:
            return 0
        number, offset = divmod(self._position, PIECE_BYTES)
        taken = self._piece(number)[offset : offset + len(buffer)]
        buffer[: len(taken)] = taken
        self._position += len(taken)
        return len(taken)

    def pieces(self) -> Iterator[bytes]:
        """All of it, in order."""
        for number in range(_pieces(self.size_bytes)):
            yield self._piece(number)

    def close(self) -> None:
        """The file beneath too."""
        self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            is_last = number == _pieces(self.size_bytes) - 1
            self._file.seek(_HEADER.size + number * (PIECE_BYTES + _TAG_BYTES))
            try:
                piece = self._cipher.decrypt(_nonce(number, is_last=is_last), self._file.read(PIECE_BYTES + _TAG_BYTES), None)
            except InvalidTag:
                raise DamagedError from None
            self._held = (number, piece)
        return self._held[1]


def _pieces(size_bytes: int) -> int:
    return max(1, -(-size_bytes // PIECE_BYTES))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _check_value(data_key: bytes) -> bytes:
    return hmac.digest(data_key, b"bhxh warehouse key check", "sha256")[:16]
