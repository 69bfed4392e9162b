"""A proof from the log as one file that `tools/verify_log.py` checks with nothing of ours: each value in it is proved by another.

```
{"type": "bhxh-log-proof/1",
 "leaf": ["entry", number, digest or the row's columns],   hashed to the leaf
 "leaf_number": n, "inclusion": [...],                     from the leaf to the first head's root (RFC 9162, 2.1.3)
 "heads": [stamped, latest],                               flattened JWS over size, root and time
 "consistency": [...],                                     from the first head's tree to the second's (RFC 9162, 2.1.4)
 "keys": [...],                                            those that sealed the heads; a kid holds the key's thumbprint
 "stamp": {"token", "certificates"}}                       RFC 3161 over the first head's bytes; from the stamping one up to the root
```
"""

from base64 import b64encode
from typing import Final

import orjson

from bhxh.audit.proofs import LogProof
from bhxh.kernel.canonical import Json, canonical_bytes
from bhxh.signing.base64url import decode
from bhxh.signing.keysets import KeySet
from bhxh.signing.timestamps import bare_token

TYPE: Final = "bhxh-log-proof/1"
_NEEDED_OF_A_KEY = ("crv", "kid", "kty", "x", "y")
"""WHY not custodian, purpose and window too: no signature in the file speaks of them. The published key set does (`--keys`)."""


def compose(proof: LogProof, *, keys: KeySet) -> bytes:
    """The file, canonical JSON. Raises Invalid SIG-042 where a key that sealed is not in the set."""
    heads = [orjson.loads(head.sealed) for head in (proof.stamp.head, proof.latest)]
    kids = sorted({str(orjson.loads(decode(head["protected"]))["kid"]) for head in heads})
    published = [keys.get(kid).as_jwk() for kid in kids]
    bundle: dict[str, Json] = {
        "type": TYPE,
        "leaf": ["entry", proof.entry_id, proof.shown],
        "leaf_number": proof.leaf_number,
        "inclusion": [one.hex() for one in proof.inclusion],
        "heads": heads,
        "consistency": [one.hex() for one in proof.consistency],
        "keys": [{name: jwk[name] for name in _NEEDED_OF_A_KEY} for jwk in published],
        "stamp": {
            "token": b64encode(bare_token(proof.stamp.token)).decode(),
            "certificates": [b64encode(one).decode() for one in proof.stamp.certificates],
        },
    }
    return canonical_bytes(bundle)
