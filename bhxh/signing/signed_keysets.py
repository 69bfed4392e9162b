"""The published key set, signed by the root: whoever knows the root's public half once can take later key sets from anywhere.

The root signs nothing else but who comes after it, so its storage may be taken away between rotations; the set it signed last lies
beside the keys. A root that was replaced has handed over to the next: the hand-overs stand in every set, so that whoever knows any earlier
root can take the sets of all later ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import orjson

from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.kernel.errors import Invalid, NotFound
from bhxh.signing.base64url import decode
from bhxh.signing.errors import SIG_NO_ROOT_HERE, SIG_ROOT_NOT_TRUSTED
from bhxh.signing.key_files import FileKeys
from bhxh.signing.keysets import KeySet, PublishedKey
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import VerifiedSeal, as_flattened, seal, verify_flattened

TYPE_NAME: Final = "bhxh-keys+json"
FORMAT: Final = "bhxh-keys/1"
PURPOSE: Final = "root"
HANDOVER_FORMAT: Final = "bhxh-root/1"
_MOST_HANDOVERS: Final = 50  # LIMIT: a root lasts for years
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
        root = FileKeys(self.folder, self.custodian)
        is_away, handed_over = root.is_empty, before.get("handovers", [])
        assert isinstance(handed_over, list)
        if kept is not None and before["keys"] == present and (is_away or len(root.listed_keys("root")) == len(handed_over) + 1):
            return kept
        if kept is not None and is_away:
            raise NotFound(SIG_NO_ROOT_HERE, folder=self.folder.name)
        root.seal_key("root")
        content: dict[str, Json] = {
            "format": FORMAT,
            "custodian": self.custodian,
            "number": int(str(before["number"])) + 1,
            "signed_at": at.isoformat(),
            "keys": present,
            "handovers": [*handed_over, *self._handovers(root, len(handed_over), at)],
        }
        payload = canonical_bytes(content)
        return as_flattened(payload, seal(payload, key=root.seal_key("root"), type_name=TYPE_NAME))

    def _handovers(self, root: FileKeys, done: int, at: datetime) -> Iterator[str]:
        """Each root that was replaced names the next one. WHY here: whoever was killed after making the next root has it made good by the next set."""
        for before, after in islice(pairwise(root.listed_keys("root")), done, None):
            payload = canonical_bytes(
                {"format": HANDOVER_FORMAT, "custodian": self.custodian, "signed_at": at.isoformat(), "root": after.as_jwk()}
            )
            yield as_flattened(payload, seal(payload, key=root.key_of(before.kid), type_name=TYPE_NAME)).decode()

    def renew(self, keys: FileKeys, *, at: datetime) -> SealKey:
        """Make the next root; the present one hands over to it, and the set is signed by the next at once. Raises NotFound SIG-113."""
        root = FileKeys(self.folder, self.custodian)
        if root.is_empty:
            raise NotFound(SIG_NO_ROOT_HERE, folder=self.folder.name)
        fresh = root.rotate("root", at=at)
        self.sign(keys, at=at)
        return fresh

    def public_set(self) -> KeySet:
        """The present root's public half as a key set of one: what verifiers are given by another way. Raises NotFound SIG-113."""
        root = FileKeys(self.folder, self.custodian)
        if root.is_empty:
            raise NotFound(SIG_NO_ROOT_HERE, folder=self.folder.name)
        return KeySet(root.listed_keys("root")[-1:])


def is_signed(data: bytes) -> bool:
    """Whether a file looks like a signed key set rather than a bare one."""
    return data.startswith(b'{"payload":')


def verify_key_set(data: bytes, *, root: KeySet) -> SignedKeySet:
    """Open a signed key set, with its root or any root before that one. Pure. Raises Invalid SIG-040 to SIG-047, SIG-112."""
    verified = verify_flattened(data, keys=_followed(data, root), type_name=TYPE_NAME, maximum_bytes=_MAXIMUM_BYTES, purpose=PURPOSE)
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


def _followed(data: bytes, root: KeySet) -> KeySet:
    """The roots that are known, and those to which they handed over: a hand-over counts only if a root signed it that counts already."""
    known = list(root)
    for handover in _claimed_handovers(data):
        try:
            verified = verify_flattened(handover, keys=KeySet(known), type_name=TYPE_NAME, maximum_bytes=_MAXIMUM_BYTES, purpose=PURPOSE)
        except Invalid:
            continue  # of a root before the one that is known here
        known.append(_handed_over(verified))
    return KeySet(known)


def _claimed_handovers(data: bytes) -> list[bytes]:
    """What a file that is not proven yet says; nothing of another form."""
    if len(data) > _MAXIMUM_BYTES:
        return []
    try:
        said = _payload(data).get("handovers", [])
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
    return [one.encode() for one in said[:_MOST_HANDOVERS] if isinstance(one, str)] if isinstance(said, list) else []


def _handed_over(verified: VerifiedSeal) -> PublishedKey:
    """The next root. Raises Invalid SIG-112 where a root signed something else."""
    try:
        said = orjson.loads(verified.payload)
        [key] = KeySet.from_json(canonical_bytes({"keys": [said["root"]]}))
        assert (said["format"], said["custodian"]) == (HANDOVER_FORMAT, verified.custodian)
        assert (key.purpose, key.custodian) == (PURPOSE, verified.custodian)
    except (AssertionError, ValueError, KeyError, TypeError):
        raise Invalid(SIG_ROOT_NOT_TRUSTED, reason="hand-over") from None
    return key


def _payload(signed: bytes) -> dict[str, Json]:
    """What a file of our own says; its signature is the verifiers' question."""
    said: dict[str, Json] = orjson.loads(decode(orjson.loads(signed)["payload"]))
    return said
