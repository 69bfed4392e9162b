"""How the log's heads get their seals and their time stamps: audit stands below signing, so the door hands it what it needs."""

from datetime import datetime

from bhxh.audit.ports import MadeStamp
from bhxh.signing.keysets import KeySet
from bhxh.signing.ports import SealKey, TimeStamper
from bhxh.signing.seals import as_flattened, seal, verify_flattened
from bhxh.signing.timestamps import request_timestamp
from bhxh.signing.trust import TrustList

_TYPE_NAME = "bhxh-audit-root+json"


class KeySealer:
    """Implements `audit.ports.RootSealer` with the installation's audit key."""

    def __init__(self, key: SealKey) -> None:
        self._key = key

    def seal(self, payload: bytes) -> bytes:
        """A head's canonical bytes as a flattened JWS."""
        return as_flattened(payload, seal(payload, key=self._key, type_name=_TYPE_NAME))


def open_root(sealed: bytes, keys: KeySet) -> bytes:
    """The canonical bytes of a sealed head. Raises Invalid SIG-040 to SIG-046."""
    return verify_flattened(sealed, keys=keys, type_name=_TYPE_NAME, purpose="audit").payload


class TrustedStamper:
    """Implements `audit.ports.HeadStamper`: a stamp is kept only if its authority is a trusted one."""

    def __init__(self, stamper: TimeStamper, trust: TrustList) -> None:
        self._stamper = stamper
        self._trust = trust

    def stamp(self, sha256: bytes, at: datetime) -> MadeStamp:
        """Ask and judge. Raises the stamper's Trouble, or Invalid SIG-050."""
        token, found = request_timestamp(sha256, stamper=self._stamper, trust=self._trust, at=at)
        return MadeStamp(token=token, certificates=found.chain, stamped_at=found.stamped_at, authority=found.authority)
