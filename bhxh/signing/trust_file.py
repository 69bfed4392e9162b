"""The trust list as one signed file: flattened JWS by whoever answers for the list, with its number and the day of the next one.

The certificates stand in the file itself. Whose key may sign it is told apart from the folder it lies in: who could change both
the list and the key would be believed.
"""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Defect, Invalid
from bhxh.signing.errors import SIG_SEAL_KEY_WINDOW, SIG_TRUST_LIST_OLDER
from bhxh.signing.keysets import KeySet
from bhxh.signing.policy import read_instant
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal, verify_flattened

FILE_NAME: Final = "trust.signed.json"
TYPE_NAME: Final = "bhxh-trust-list+json"
PURPOSE: Final = "trust-list"
_MAXIMUM_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the list."""

    number: int
    """Grows with each issue, so that an older one can be told from a newer."""
    issued_at: datetime
    next_update_at: datetime
    kid: str


class NewestIssue:
    """The newest issue this installation has used, kept in a file: whoever puts an older one back is found out, also after a restart."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def check(self, issue: Issue, version: str) -> None:
        """Note an issue as used. Raises Defect SIG-061 where a newer one was, or another of the same number; OSError, ValueError."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # WHY: two processes read lists at the same moment, and the newer must stay
            said = held.read()
            newest, known = (0, "") if not said else (int(orjson.loads(said)["number"]), str(orjson.loads(said)["version"]))
            if issue.number < newest or (issue.number == newest and version != known):
                raise Defect(SIG_TRUST_LIST_OLDER, number=issue.number, newest=newest)
            if issue.number > newest:
                held.seek(0)
                held.truncate()
                held.write(canonical_bytes({"number": issue.number, "version": version}))
                held.flush()
                os.fsync(held.fileno())


def seal_list(folder: Path, *, key: SealKey, number: int, issued_at: datetime, next_update_at: datetime) -> bytes:
    """The list of a folder (`trust.json` and its PEM files) as one signed file. Raises what reading the folder raises."""
    said = orjson.loads((folder / "trust.json").read_bytes())
    authorities = [
        {**{name: value for name, value in entry.items() if name != "file"}, "certificate": (folder / Path(entry["file"]).name).read_text()}
        for entry in said["authorities"]
    ]
    content = {
        "type": TYPE_NAME,
        "number": number,
        "issued_at": issued_at.isoformat(),
        "next_update_at": next_update_at.isoformat(),
        "authorities": authorities,
        "policy": said.get("policy", {}),
    }
    payload = canonical_bytes(content)
    return as_flattened(payload, seal(payload, key=key, type_name=TYPE_NAME))


def open_list(data: bytes, *, keys: KeySet) -> tuple[dict[str, Any], Issue]:
    """What a signed list says, and which issue it is. Raises Invalid SIG-040 to SIG-046; ValueError, KeyError where it is none."""
    sealed = verify_flattened(data, keys=keys, type_name=TYPE_NAME, maximum_bytes=_MAXIMUM_BYTES, purpose=PURPOSE)
    said: dict[str, Any] = orjson.loads(sealed.payload)
    issued_at, next_update_at = read_instant(said["issued_at"]), read_instant(said["next_update_at"])
    if said["type"] != TYPE_NAME or issued_at is None or next_update_at is None or not issued_at < next_update_at:
        raise ValueError("not an issue of the trust list")
    if not keys.get(sealed.kid).is_in_force(issued_at):
        raise Invalid(SIG_SEAL_KEY_WINDOW, kid=sealed.kid)
    return said, Issue(int(said["number"]), issued_at, next_update_at, sealed.kid)
