"""The employer's side of two-phase signing: a signing token that holds the key and signs bytes it is handed."""

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa


@dataclass(frozen=True)
class SigningToken:
    """A certificate and its key, as a USB token or a remote signing service holds them."""

    certificate: bytes
    """DER."""
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    def sign(self, to_sign: bytes) -> bytes:
        """Sign the prepared bytes: ECDSA as DER (as tokens give it), or RSA PKCS#1 v1.5."""
        return sign_with(self.key, to_sign)


def sign_with(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, to_sign: bytes) -> bytes:
    """The signature value over what `prepare_signature` returned as `to_sign`."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(to_sign, padding.PKCS1v15(), hashes.SHA256())
    digest = hashes.SHA384() if key.curve.name == "secp384r1" else hashes.SHA256()
    return key.sign(to_sign, ec.ECDSA(digest))
