"""The published key set, signed by the root: whoever knows the root's public half once can take later key sets from anywhere.

The root signs nothing else, so its storage may be taken away between rotations; the set it signed last lies beside the keys.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.signing.base64url import decode
from bhxh.signing.errors import SIG_NO_ROOT_HERE, SIG_ROOT_NOT_TRUSTED
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet
from bhxh.signing.seals import as_flattened, seal, verify_flattened

TYPE_NAME: Final = "bhxh-keys+json"
FORMAT: Final = "bhxh-keys/1"
PURPOSE: Final = "root"
_MAXIMUM_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignedKeySet:
    """A key set whose root's signature holds."""

    keys: KeySet
    number: int
    """Counts the sets this root signed; a lower number is an older set."""
    signed_at: datetime
    root_kid: str


@dataclass(frozen=True)
class Root:
    """Where an installation's root key lies, which may be a medium that is not always there."""

    folder: Path
    custodian: str

    def sign(self, keys: FileKeys, *, at: datetime) -> bytes:
        """The signed key set; made anew where keys changed since, and kept beside them.

        Shape:   the very first call makes the root. After that nothing makes another: an empty folder is a medium that is away.
        Raises:  NotFound SIG-113 where the keys changed and the root is not here.
        """
        return keys.renew_signed_set(lambda kept: self._renewed(kept, keys, at))

    def latest(self, keys: FileKeys, *, at: datetime) -> bytes:
        """The same for whoever asks from outside: while the root is away, the set it signed last. Raises NotFound SIG-113 where there is none."""
        try:
            return self.sign(keys, at=at)
        except NotFound:
            kept = keys.read_signed_set()
            if kept is None:
                raise
            return kept

    def _renewed(self, kept: bytes | None, keys: FileKeys, at: datetime) -> bytes:
        present = orjson.loads(keys.key_set().to_json())["keys"]
        before = _payload(kept) if kept is not None else {"number": 0, "keys": []}
        if kept is not None and before["keys"] == present:
            return kept
        root = FileKeys(self.folder, self.custodian)
        if kept is not None and root.is_empty:
            raise NotFound(SIG_NO_ROOT_HERE, folder=self.folder.name)
        content: dict[str, Json] = {
            "format": FORMAT,
            "custodian": self.custodian,
            "number": int(str(before["number"])) + 1,
            "signed_at": at.isoformat(),
            "keys": present,
        }
        payload = canonical_bytes(content)
        return as_flattened(payload, seal(payload, key=root.seal_key("root"), type_name=TYPE_NAME))

    def public_set(self) -> KeySet:
        """The root's public half as a key set of one: what verifiers are given by another way. Raises NotFound SIG-113."""
        root = FileKeys(self.folder, self.custodian)
        if root.is_empty:
            raise NotFound(SIG_NO_ROOT_HERE, folder=self.folder.name)
        return root.key_set()


def is_signed(data: bytes) -> bool:
    """Whether a file looks like a signed key set rather than a bare one."""
    return data.startswith(b'{"payload":')


def verify_key_set(data: bytes, *, root: KeySet) -> SignedKeySet:
    """Open a signed key set. Pure. Raises Invalid SIG-040 to SIG-047, SIG-112."""
    verified = verify_flattened(data, keys=root, type_name=TYPE_NAME, maximum_bytes=_MAXIMUM_BYTES, purpose=PURPOSE)
    try:
        said = orjson.loads(verified.payload)
        assert (said["format"], said["custodian"]) == (FORMAT, verified.custodian)
        number, signed_at = int(said["number"]), datetime.fromisoformat(said["signed_at"])
        keys = KeySet.from_json(canonical_bytes({"keys": said["keys"]}))
    except (AssertionError, ValueError, KeyError, TypeError):
        raise Invalid(SIG_ROOT_NOT_TRUSTED, reason="form") from None
    if any(key.custodian != verified.custodian or key.purpose == PURPOSE for key in keys):
        raise Invalid(SIG_ROOT_NOT_TRUSTED, reason="custodian")
    return SignedKeySet(keys, number, signed_at, verified.kid)


def _payload(signed: bytes) -> dict[str, Json]:
    """What a file of our own says; its signature is the verifiers' question."""
    said: dict[str, Json] = orjson.loads(decode(orjson.loads(signed)["payload"]))
    return said
