"""Signing by a service that keeps the key: we prepare, it asks the holder and signs a digest, we complete and verify at once.

The value that comes back is put in only if it is the certificate's over exactly what was prepared, so nothing about a request
has to be believed: not its number, not the service.
"""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

from bhxh.signing.ports import RemoteSigner
from bhxh.signing.signers import read_certificate


def ask_to_sign(to_sign: bytes, *, credential: str, certificate: bytes, shown: str, signer: RemoteSigner) -> str:
    """Ask the holder to sign prepared bytes; the document itself stays here. Gives the request's id, to be collected by. Raises Trouble."""
    key = read_certificate(certificate).public_key()
    name = "sha384" if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp384r1" else "sha256"
    return signer.ask(credential=credential, digest=hashlib.new(name, to_sign).digest(), digest_name=name, shown=shown)
