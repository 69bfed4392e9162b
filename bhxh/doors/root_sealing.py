"""How the audit room's root gets its seal: audit stands below signing, so the door hands it a sealer."""

from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal


class KeySealer:
    """Implements `audit.ports.RootSealer` with the installation's audit key."""

    def __init__(self, key: SealKey) -> None:
        self._key = key

    def seal(self, payload: bytes) -> bytes:
        """A head's canonical bytes as a flattened JWS."""
        return as_flattened(payload, seal(payload, key=self._key, type_name="bhxh-audit-root+json"))
