"""Check a proof from the log of a bhxh installation with nothing of ours: Python's standard library and the `openssl` program.

    python3 tools/verify_log.py log-proof.json [--keys keys.json] [--root root.pem]

It holds when the entry is hashed to a leaf below the first head's root, the second head's tree begins with the first one's, both heads are
sealed, and a time-stamping authority saw the first. Every value is proved by another and the file has one spelling: whatever is changed,
added, removed or moved is refused. Whose keys they are no file can say of itself: compare what is printed with what was published, or let
`--keys` (the published key set) and `--root` (the authority's root certificate) do it. Exit: 0 holds, 1 refused, 2 not judged.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

LONGEST, CLOCKS_DIFFER = 1 << 20, timedelta(minutes=5)
SIGNED_DATA, TST_INFO = "2a864886f70d010702", "2a864886f70d0109100104"
SHA2 = {  # digest algorithm -> signature algorithms that go with it: ECDSA, RSA, RSA by its key's name
    "608648016503040201": ("2a8648ce3d040302", "2a864886f70d01010b", "2a864886f70d010101"),
    "608648016503040202": ("2a8648ce3d040303", "2a864886f70d01010c", "2a864886f70d010101"),
    "608648016503040203": ("2a8648ce3d040304", "2a864886f70d01010d", "2a864886f70d010101"),
}
P256_POINT = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def need(holds: object, where: str) -> None:
    if not holds:
        raise ValueError(where)


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def members(data: Any, names: str, where: str) -> list[Any]:
    """Exactly these, in this order, of an object or of its one spelling as bytes."""
    value = json.loads(data) if isinstance(data, bytes) else data
    need(value is data or canonical(value) == data, f"{where}: spelling")
    need(isinstance(value, dict) and sorted(value) == sorted(names.split()), f"{where}: members")
    return [value[name] for name in names.split()]


def number(value: Any, where: str) -> int:
    need(type(value) is int and 0 <= value < 1 << 62, f"{where}: not a number")
    return value


def digests(value: Any, where: str) -> list[bytes]:
    need(isinstance(value, list) and len(value) <= 130, f"{where}: not a list")
    need(all(isinstance(one, str) and re.fullmatch("[0-9a-f]{64}", one) for one in value), f"{where}: not SHA-256")
    return [bytes.fromhex(one) for one in value]


def decoded(text: str, where: str, extra: bytes = b"+/") -> bytes:
    """Base64 (with `-_`: base64url, no padding) in its one spelling."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), extra, validate=True)
    again = base64.b64encode(data, extra).decode()
    need(text == (again.rstrip("=") if extra == b"-_" else again), f"{where}: not Base64")
    return data


def leaf_of(entry: Any) -> tuple[bytes, str]:
    """The leaf's hash, and what the entry says where it shows its columns."""
    need(isinstance(entry, list) and len(entry) == 3 and entry[0] == "entry", "leaf: form")
    told, shown = f"#{number(entry[1], 'leaf')}", entry[2]
    if isinstance(shown, list):
        told, shown = f"{told} {shown[1]} {shown[0]} {shown[12]}", hashlib.sha256(canonical(shown)).hexdigest()
    digests([shown], "leaf")
    return hashlib.sha256(b"\x00" + canonical([*entry[:2], shown])).digest(), told


def climb(fn: int, sn: int, start: bytes, path: list[bytes], where: str) -> tuple[bytes, bytes]:
    """Up a proof's path: the root of the tree as it ended at the start, and of the whole one. RFC 9162, 2.1.3.2 and 2.1.4.2."""
    old = new = start
    for step in path:
        need(sn, f"{where}: path too long")
        if fn & 1 or fn == sn:
            old, new = (hashlib.sha256(b"\x01" + step + one).digest() for one in (old, new))
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = hashlib.sha256(b"\x01" + new + step).digest()
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, f"{where}: path too short")
    return old, new


def check_growth(first: int, size: int, first_root: bytes, root: bytes, path: list[bytes]) -> None:
    """The second head's tree begins with the first one's."""
    need(0 < first <= size, "consistency: the second head is of a shorter log")
    steps = path if first & (first - 1) and first < size else [first_root, *path]
    fn, sn = first - 1, size - 1
    while fn & 1 or fn == sn != 0:
        fn, sn = fn >> 1, sn >> 1
    need(climb(fn, sn, steps[0], steps[1:], "consistency") == (first_root, root), "consistency: another root")


def openssl(folder: Path, where: str, *arguments: str) -> None:
    environment = {**os.environ, **dict.fromkeys(("OPENSSL_CONF", "SSL_CERT_FILE", "SSL_CERT_DIR"), os.devnull)}
    done = subprocess.run(["openssl", *arguments], cwd=folder, env=environment, capture_output=True, input=b"", check=False)
    need(done.returncode == 0, where)


def read_keys(listed: Any) -> dict[str, bytes]:
    """Points by kid. A kid holds its key's thumbprint (RFC 7638) and what the key is for."""
    keys = {}
    for crv, kid, kty, x, y in (members(one, "crv kid kty x y", "keys") for one in listed):
        thumbprint = hashlib.sha256(canonical({"crv": crv, "kty": kty, "x": x, "y": y})).hexdigest()[:16]
        need((crv, kty) == ("P-256", "EC") and re.fullmatch(f"[a-z]+-audit-{thumbprint}", kid), "keys: kid")
        keys[kid] = decoded(x, "keys", b"-_") + decoded(y, "keys", b"-_")
    need(list(keys) == sorted(keys) and len(keys) == len(listed), "keys: order")
    return keys


def check_seal(folder: Path, head: Any, keys: dict[str, bytes]) -> tuple[str, datetime, int, bytes]:
    """Key, time, size and root of a sealed head."""
    payload, protected, signature = members(head, "payload protected signature", "head")
    alg, kid, typ = members(decoded(protected, "head", b"-_"), "alg kid typ", "head")
    need((alg, typ) == ("ES256", "bhxh-audit-root+json") and kid in keys, "head: header")
    raw = decoded(signature, "head", b"-_")
    need(len(raw) == 64, "head: signature")
    numbers = [int.from_bytes(half, "big") for half in (raw[:32], raw[32:])]
    halves = b"".join(bytes([2, one.bit_length() // 8 + 1]) + one.to_bytes(one.bit_length() // 8 + 1, "big") for one in numbers)
    (folder / "key").write_bytes(P256_POINT + keys[kid])
    (folder / "signature").write_bytes(bytes([0x30, len(halves)]) + halves)
    (folder / "signed").write_text(f"{protected}.{payload}")
    openssl(folder, "head: signature", "dgst", "-sha256", "-keyform", "DER", "-verify", "key", "-signature", "signature", "signed")
    at, root, size, kind = members(decoded(payload, "head", b"-_"), "at root size type", "head")
    need(kind == "bhxh-audit-head", "head: type")
    return kid, datetime.fromisoformat(at), number(size, "head"), digests([root], "head")[0]


def inside(data: bytes, *tags: int) -> list[bytes]:
    """Contents of the DER parts that lie here one after the other, lengths in their shortest form; just these tags, where they are named."""
    found, at = [], 0
    while at < len(data):
        count = max(data[at + 1] - 0x80, 0)
        start = at + 2 + count
        size = int.from_bytes(data[at + 2 : start], "big") if count else data[at + 1]
        shortest = size < 0x80 if not count else data[at + 1] != 0x80 and size >= max(0x80, 1 << 8 * (count - 1))
        need(shortest and start + size <= len(data), "stamp: not DER")
        found.append((data[at], data[start : start + size]))
        at = start + size
    need(not tags or [tag for tag, _ in found] == list(tags), "stamp: form")
    return [content for _, content in found]


def algorithm(content: bytes) -> str:
    """The algorithm's identifier; parameters are none or NULL."""
    (name,) = inside(content.removesuffix(b"\x05\x00"), 0x06)
    return name.hex()


def read_token(token: bytes) -> datetime:
    """When it was stamped. The frame holds nothing but what the signature speaks of and what is checked here."""
    kind, outer = inside(inside(token, 0x30)[0], 0x06, 0xA0)
    version, listed, content, signers = inside(inside(outer, 0x30)[0], 0x02, 0x31, 0x30, 0x31)
    inner, wrapped = inside(content, 0x06, 0xA0)
    signer = inside(inside(signers, 0x30)[0], 0x02, 0x30, 0x30, 0xA0, 0x30, 0x04)
    need((kind.hex(), inner.hex(), version, signer[0]) == (SIGNED_DATA, TST_INFO, b"\x03", b"\x01"), "stamp: form")
    need(inside(listed, 0x30) == [signer[2]] and algorithm(signer[4]) in SHA2.get(algorithm(signer[2]), ()), "stamp: algorithm")
    stamped_at = re.fullmatch(rb"(\d{14})(\.\d+)?Z", inside(inside(inside(wrapped, 0x04)[0], 0x30)[0])[4])
    need(stamped_at, "stamp: time")
    return datetime.strptime(stamped_at[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def check_stamp(folder: Path, stamp: Any, head: bytes) -> tuple[datetime, bytes]:
    """When the authority saw these bytes, and its root certificate. Each certificate is there for the one before, the last for itself."""
    token, listed = members(stamp, "token certificates", "stamp")
    content = decoded(token, "stamp")
    stamped_at, chain = read_token(content), [decoded(one, "stamp") for one in listed]
    at = ("-attime", str(int(stamped_at.timestamp())), "-check_ss_sig")
    need(0 < len(chain) == len(set(chain)) <= 8 and all(len(inside(one, 0x30)) == 1 for one in chain), "stamp: certificates")
    pems = [ssl.DER_cert_to_PEM_cert(one) for one in chain]
    for name, text in (("chain", "".join(pems)), *((str(place), pem) for place, pem in enumerate(pems))):
        (folder / name).write_text(text)
    last = len(chain) - 1
    for place in range(len(chain)):
        partial = ("-partial_chain",) if place + 1 < last else ()
        openssl(folder, "stamp: certificates", "verify", *at, *partial, "-trusted", str(min(place + 1, last)), str(place))
    (folder / "head").write_bytes(head)
    (folder / "token").write_bytes(content)
    trust = ("-CAfile", str(last), "-untrusted", "chain", *at)
    openssl(folder, "stamp: signature", "ts", "-verify", "-data", "head", "-in", "token", "-token_in", *trust)
    return stamped_at, chain[-1]


def check(data: bytes, *, keys: bytes = b"", root: bytes = b"") -> list[str]:
    """What the proof says, line by line. Raises ValueError, TypeError, LookupError or AttributeError where it does not hold."""
    need(len(data) <= LONGEST, "file: too long")
    names = "type leaf leaf_number inclusion heads consistency keys stamp"
    kind, entry, place, inclusion, heads, consistency, listed, stamp = members(data, names, "file")
    need(kind == "bhxh-log-proof/1" and isinstance(heads, list) and len(heads) == 2, "file: type")
    (leaf, told), known = leaf_of(entry), read_keys(listed)
    with tempfile.TemporaryDirectory() as folder:
        sealed = [check_seal(Path(folder), head, known) for head in heads]
        (_, at, size, first_root), (_, later, latest_size, latest_root) = sealed
        need({kid for kid, *_ in sealed} == set(known), "keys: one that sealed nothing")
        need(number(place, "leaf_number") < size, "inclusion: beyond the first head")
        need(climb(place, size - 1, leaf, digests(inclusion, "inclusion"), "inclusion")[1] == first_root, "inclusion: another root")
        check_growth(size, latest_size, first_root, latest_root, digests(consistency, "consistency"))
        stamped_at, authority = check_stamp(Path(folder), stamp, canonical(heads[0]))
    need(at - CLOCKS_DIFFER <= stamped_at and at <= later, "heads: order of time")
    for kid, sealed_at, *_ in sealed if keys else ():
        [one] = [one for one in json.loads(keys)["keys"] if one["kid"] == kid] or [{}]
        need(one and decoded(one["x"], "keys", b"-_") + decoded(one["y"], "keys", b"-_") == known[kid], "keys: not published")
        starts, ends = (datetime.fromisoformat(one[name]) if one.get(name) else sealed_at for name in ("not_before", "not_after"))
        need(one["purpose"] == "audit" and starts <= sealed_at and (sealed_at < ends or "not_after" not in one), "keys: not in force")
    need(not root or ssl.PEM_cert_to_DER_cert(root.decode()) == authority, "stamp: another root")
    return [
        f"entry {told}",
        f"row {place} of {size}, sealed {at.isoformat()}, seen by the time-stamping authority {stamped_at.isoformat()}",
        f"still there among {latest_size}, sealed {later.isoformat()}",
        f"seal key {', '.join(known)} ({'published' if keys else 'as the file says: compare'})",
        f"root of the stamp, SHA-256 {hashlib.sha256(authority).hexdigest()} ({'as given' if root else 'as the file says: compare'})",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("proof", type=Path)
    parser.add_argument("--keys", type=Path, help="the published key set")
    parser.add_argument("--root", type=Path, help="the time-stamping authority's root certificate, PEM")
    options = parser.parse_args()
    try:
        need(shutil.which("openssl"), "openssl?")
        data, keys, root = (file.read_bytes() if file else b"" for file in (options.proof, options.keys, options.root))
    except (OSError, ValueError) as missing:
        print(f"KHÔNG KIỂM TRA ĐƯỢC · NOT JUDGED: {missing}")
        return 2
    try:
        print("\n  ".join(["ĐÚNG · holds", *check(data, keys=keys, root=root)]))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OSError) as refused:
        print(f"SAI · refused: {refused}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
