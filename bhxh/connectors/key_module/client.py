"""The client that implements `signing.ports.KeyModule` for any PKCS#11 module: a card, a network module, SoftHSM in tests."""

import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from bhxh.connectors.key_module.errors import CON_KEY_MODULE_PIN, CON_KEY_MODULE_UNAVAILABLE
from bhxh.kernel.errors import Defect, Unavailable

_T = TypeVar("_T")

_PIN_REFUSED = (pkcs11.PinIncorrect, pkcs11.PinExpired, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked)
_SIGNATURE_BYTES = 64
_ID_BYTES = 16


class Pkcs11Module:
    """One token of one module.

    WHY one session for the whole process, behind a lock: the login is the token's, not the session's, and a session takes one operation at
    a time. A session that broke is opened anew once; a child process that was forked opens its own.
    """

    def __init__(self, *, library: Path, token: str, pin: Callable[[], str]) -> None:
        self._library = str(library)
        self._token = token
        self._pin = pin
        self._lock = Lock()
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._process = 0
        self._is_refused = False

    def make(self, label: str) -> tuple[str, ec.EllipticCurvePublicKey]:
        """(the new key's id in the module, its public half). Raises Unavailable CON-091."""
        return self._with_session(lambda session: self._make(session, label))

    def sign(self, key_id: str, data: bytes) -> bytes:
        """ECDSA over SHA-256 of the data: raw r||s, 64 bytes. Raises Unavailable CON-091.

        WHY the digest is made here: not every module knows ECDSA with SHA-256 in one; all know the raw one.
        """
        digest = hashlib.sha256(data).digest()
        raw = self._with_session(lambda session: self._key(session, key_id).sign(digest, mechanism=Mechanism.ECDSA))
        assert len(raw) == _SIGNATURE_BYTES, "P-256 gives two numbers of 32 bytes"
        return bytes(raw)

    def close(self) -> None:
        """Let the session go."""
        with self._lock:
            self._forget()

    def _make(self, session: Any, label: str) -> tuple[str, ec.EllipticCurvePublicKey]:
        key_id = secrets.token_bytes(_ID_BYTES)
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        stays = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
        public, _ = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
            id=key_id, label=label, store=True, mechanism=Mechanism.EC_KEY_PAIR_GEN, private_template=stays
        )
        loaded = load_der_public_key(encode_ec_public_key(public))
        assert isinstance(loaded, ec.EllipticCurvePublicKey)
        return key_id.hex(), loaded

    def _key(self, session: Any, key_id: str) -> Any:
        if key_id not in self._keys:
            self._keys[key_id] = session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=KeyType.EC, id=bytes.fromhex(key_id))
        return self._keys[key_id]

    def _with_session(self, do: Callable[[Any], _T]) -> _T:
        with self._lock:
            try:
                return do(self._opened())
            except pkcs11.PKCS11Error:
                self._forget()
            try:
                return do(self._opened())
            except pkcs11.PKCS11Error as error:
                self._forget()
                raise Unavailable(CON_KEY_MODULE_UNAVAILABLE, kind=type(error).__name__) from None

    def _opened(self) -> Any:
        if self._is_refused:
            raise Defect(CON_KEY_MODULE_PIN, kind="refused before")
        if self._session is None or self._process != os.getpid():
            self._open()
        return self._session

    def _open(self) -> None:
        library = pkcs11.lib(self._library)
        if self._process not in (0, os.getpid()):
            library.reinitialize()
        self._session, self._keys, self._process = None, {}, os.getpid()
        token = library.get_token(token_label=self._token)
        try:
            self._session = token.open(rw=True, user_pin=self._pin())
        except pkcs11.UserAlreadyLoggedIn:
            self._session = token.open(rw=True)
        except _PIN_REFUSED as error:
            self._is_refused = True
            raise Defect(CON_KEY_MODULE_PIN, kind=type(error).__name__) from None

    def _forget(self) -> None:
        session, self._session, self._keys = self._session, None, {}
        if session is not None and self._process == os.getpid():
            with suppress(pkcs11.PKCS11Error):
                session.close()
