"""A key for each owner, derived from a master key in a file: 0600 in a 0700 folder, made on first use, never deleted.

For development and small installations. A hardware module implements the same port `OwnerKeys`.
"""

import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bhxh.kernel.errors import Defect
from bhxh.signing.key_files import alone_in
from bhxh.warehouse.errors import WAR_KEY_GONE, WAR_NO_MASTER_KEY
from bhxh.warehouse.owners import Owner
from bhxh.warehouse.ports import WRAPPED_BYTES

_PURPOSE = b"bhxh warehouse owner key 1\x00"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class FileOwnerKeys:
    """The owners' keys of one installation. `sealed_folder` is where the files lie that they open; names that begin with a dot are not done."""

    def __init__(self, folder: Path, *, sealed_folder: Path) -> None:
        self._folder = folder
        self._sealed_folder = sealed_folder
        self._masters: dict[int, bytes] = {}

    def wrap(self, data_key: bytes, *, owner: Owner, about: bytes) -> bytes:
        """By the newest generation. Raises Defect WAR-010 where files are sealed already and no master key is there."""
        if not self._masters:
            self._read()
        generation = max(self._masters)
        nonce = os.urandom(_NONCE_BYTES)
        return generation.to_bytes(4, "big") + nonce + self._cipher(generation, owner).encrypt(nonce, data_key, about)

    def unwrap(self, wrapped: bytes, *, owner: Owner, about: bytes) -> bytes:
        """By the generation it was wrapped with. Raises ValueError; Defect WAR-011."""
        if len(wrapped) != WRAPPED_BYTES:
            raise ValueError("length")
        generation = int.from_bytes(wrapped[:4], "big")
        if generation not in self._masters:  # another process may have added it since
            self._read()
        if generation not in self._masters:
            raise Defect(WAR_KEY_GONE, generation=generation)
        nonce, rest = wrapped[4 : 4 + _NONCE_BYTES], wrapped[4 + _NONCE_BYTES :]
        try:
            return self._cipher(generation, owner).decrypt(nonce, rest, about)
        except InvalidTag:
            raise ValueError("changed, or of another owner") from None

    def rotate(self) -> int:
        """A new generation for what is sealed from now on; older ones stay, because what they wrapped does. Returns its number.

        LIMIT: a process keeps wrapping with the generation it knows until it starts anew.
        """
        with alone_in(self._folder):
            generation = max(self._generations(), default=0) + 1
            self._make(generation)
        self._read()
        return generation

    def _cipher(self, generation: int, owner: Owner) -> AESGCM:
        return AESGCM(hmac.digest(self._masters[generation], _PURPOSE + f"{owner.kind}:{owner.id}".encode(), "sha256"))

    def _read(self) -> None:
        with alone_in(self._folder):
            if not (generations := self._generations()):
                # WHY: a new key beside files of a lost one would hide the loss until somebody asks for their documents.
                if any(file.is_file() and not file.name.startswith(".") for file in self._sealed_folder.rglob("*")):
                    raise Defect(WAR_NO_MASTER_KEY, folder=self._folder.name)
                self._make(1)
                generations = [1]
            self._masters = {generation: (self._folder / f"{generation}.key").read_bytes() for generation in generations}

    def _generations(self) -> list[int]:
        return [int(file.stem) for file in self._folder.glob("*.key") if file.stem.isdigit()]

    def _make(self, generation: int) -> None:
        """Durable before it is used: what it wraps is lost with it."""
        draft = self._folder / f".{generation}.new"
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                file.write(os.urandom(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / f"{generation}.key")
        finally:
            draft.unlink(missing_ok=True)
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
