"""Seals: one spelling, one algorithm, known keys, purposes and windows."""

import base64
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.errors import Invalid
from bhxh.signing.key_files import FileKeys, FileSealKey
from bhxh.signing.seals import KeySet, as_flattened, seal, seal_many, verify_flattened

TYPE = "bhxh-book+json"
PAYLOAD = canonical_bytes({"name": "Nguyễn Thị Hương", "months": [1, 2, 3]})
AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path / "keys", "mof")


@pytest.fixture
def key(keys: FileKeys) -> FileSealKey:
    return keys.seal_key("book")


@pytest.fixture
def published(keys: FileKeys, key: FileSealKey) -> KeySet:
    return KeySet.from_json(keys.key_set().to_json())


@pytest.fixture
def sealed(key: FileSealKey) -> bytes:
    return as_flattened(PAYLOAD, seal(PAYLOAD, key=key, type_name=TYPE))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _forge(key: FileSealKey, header: dict[str, object], payload: bytes = PAYLOAD) -> bytes:
    """A rightly signed file whose header or payload breaks our rule."""
    protected = _b64(json.dumps(header, separators=(",", ":"), sort_keys=True).encode())
    signature = key.sign(f"{protected}.{_b64(payload)}".encode())
    return json.dumps(
        {"payload": _b64(payload), "protected": protected, "signature": _b64(signature)}, separators=(",", ":"), sort_keys=True
    ).encode()


def test_round_trip(sealed: bytes, published: KeySet, key: FileSealKey) -> None:
    found = verify_flattened(sealed, keys=published, type_name=TYPE, purpose="book")
    assert (found.payload, found.kid, found.custodian) == (PAYLOAD, key.kid, "mof")


def test_every_changed_byte_is_refused(sealed: bytes, published: KeySet) -> None:
    for position in range(len(sealed)):
        changed = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(Invalid):
            verify_flattened(changed, keys=published, type_name=TYPE)


def test_other_spellings_are_refused(sealed: bytes, published: KeySet) -> None:
    outer = json.loads(sealed)
    spellings = [
        json.dumps(outer).encode(),
        sealed + b"\n",
        json.dumps({**outer, "header": {}}, separators=(",", ":"), sort_keys=True).encode(),
        sealed.replace(outer["payload"].encode(), outer["payload"].encode() + b"="),
        sealed[:-2] + b'","signature":"' + outer["signature"].encode() + b'"}',
        b"[]",
        b"{}",
        b"",
        b"null",
        b'{"payload":1,"protected":2,"signature":3}',
    ]
    for spelling in spellings:
        with pytest.raises(Invalid) as caught:
            verify_flattened(spelling, keys=published, type_name=TYPE)
        assert caught.value.code == "SIG-040"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "SIG-040"),
        ({"alg": "HS256"}, "SIG-040"),
        ({"alg": "ES256", "typ": "other+json"}, "SIG-043"),
        ({"alg": "ES256", "kid": "mof-book-0000000000000000"}, "SIG-042"),
        ({"alg": "ES256", "kid": 7}, "SIG-040"),
        ({"alg": "ES256", "crit": ["b64"], "b64": False}, "SIG-040"),
        ({"alg": "ES256", "jku": "http://127.0.0.1/keys"}, "SIG-040"),
    ],
)
def test_header_is_pinned(key: FileSealKey, published: KeySet, header: dict[str, object], code: str) -> None:
    forged = _forge(key, {"kid": key.kid, "typ": TYPE, **header})
    with pytest.raises(Invalid) as caught:
        verify_flattened(forged, keys=published, type_name=TYPE)
    assert caught.value.code == code


@pytest.mark.parametrize("payload", [b'{"b":1,"a":2}', b'{ "a":1}', b'{"a":1.5}', b"not json", '{"a":"Hu\u031bo\u031bng"}'.encode()])
def test_payload_must_be_canonical(key: FileSealKey, published: KeySet, payload: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        verify_flattened(_forge(key, {"alg": "ES256", "kid": key.kid, "typ": TYPE}, payload), keys=published, type_name=TYPE)
    assert caught.value.code == "SIG-045"


def test_size_purpose_and_foreign_key(sealed: bytes, published: KeySet, tmp_path: Path, refused: Callable[..., str]) -> None:
    stranger = FileKeys(tmp_path / "other", "mnd")
    stranger.seal_key("book")
    assert refused(lambda: verify_flattened(sealed, keys=published, type_name=TYPE, maximum_bytes=10)) == "SIG-041"
    assert refused(lambda: verify_flattened(sealed, keys=published, type_name=TYPE, purpose="audit")) == "SIG-043"
    assert refused(lambda: verify_flattened(sealed, keys=stranger.key_set(), type_name=TYPE)) == "SIG-042"


def test_joserfc_reads_our_seals_and_we_read_its(sealed: bytes, key: FileSealKey, published: KeySet) -> None:
    theirs = ECKey.import_key({name: value for name, value in key.public_jwk().items() if name in {"kty", "crv", "x", "y"}})
    found = jws.deserialize_json(json.loads(sealed), theirs, algorithms=["ES256"])
    assert found.payload == PAYLOAD


def test_bulk_is_the_same_as_one_by_one(key: FileSealKey, published: KeySet) -> None:
    payloads = [canonical_bytes({"n": n}) for n in range(200)]
    for payload, made in zip(payloads, seal_many(payloads, key=key, type_name=TYPE), strict=True):
        assert verify_flattened(as_flattened(payload, made), keys=published, type_name=TYPE).payload == payload


def test_key_files_are_private_and_stable(keys: FileKeys, tmp_path: Path) -> None:
    kid = keys.seal_key("book").kid
    assert kid.startswith("mof-book-") and len(kid) == len("mof-book-") + 16
    assert FileKeys(tmp_path / "keys", "mof").seal_key("book").kid == kid
    assert keys.seal_key("receipt").kid != kid
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()} == {0o600}
    assert b"PRIVATE" not in keys.key_set().to_json() and b'"d"' not in keys.key_set().to_json()


def test_many_processes_make_one_first_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kids = set(pool.map(lambda _: FileKeys(tmp_path / "keys", "mof").seal_key("audit").kid, range(16)))
    assert len(kids) == 1


def test_rotation_keeps_old_seals_and_ends_old_key(keys: FileKeys, key: FileSealKey, sealed: bytes, refused: Callable[..., str]) -> None:
    fresh = keys.rotate("book", at=AT)
    published = KeySet.from_json(keys.key_set().to_json())
    assert len(published) == 2 and fresh.kid != key.kid and keys.seal_key("book").kid == fresh.kid
    before, after = AT - timedelta(days=1), AT + timedelta(days=1)
    assert verify_flattened(sealed, keys=published, type_name=TYPE, sealed_at=before).kid == key.kid
    assert refused(lambda: verify_flattened(sealed, keys=published, type_name=TYPE, sealed_at=after)) == "SIG-046"
    late = as_flattened(PAYLOAD, seal(PAYLOAD, key=fresh, type_name=TYPE))
    assert refused(lambda: verify_flattened(late, keys=published, type_name=TYPE, sealed_at=before)) == "SIG-046"


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys":1}', b'{"keys":[{}]}', b'{"keys":[{"kty":"RSA","crv":"P-256"}]}'])
def test_bad_key_sets(document: bytes, refused: Callable[..., str]) -> None:
    assert refused(lambda: KeySet.from_json(document)) == "SIG-047"


def test_a_private_key_in_a_key_set_is_refused(key: FileSealKey, refused: Callable[..., str]) -> None:
    leaked = json.dumps({"keys": [{**key.public_jwk(), "d": "AAAA"}]}).encode()
    assert refused(lambda: KeySet.from_json(leaked)) == "SIG-047"


def test_a_kid_names_its_custodian_and_purpose(key: FileSealKey, refused: Callable[..., str]) -> None:
    for change in ({"custodian": "mnd"}, {"purpose": "audit"}, {"kid": "book"}):
        changed = json.dumps({"keys": [{**key.public_jwk(), **change}]}).encode()
        assert refused(lambda data=changed: KeySet.from_json(data)) == "SIG-047"
