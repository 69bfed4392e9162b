"""What Node says by its own cryptography, through the scripts in `tools/` that know nothing of ours."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.foreign.programs import Said, run
from tools.stack import ROOT


def seal(sealed: bytes, keys: bytes, *, type_name: str, root: bytes = b"", content: bytes | None = None) -> Said:
    """`verify_seal.mjs`: sealed JSON of one type under a key set; the set itself under the root, the document it speaks of, where given."""
    files = {"keys.json": keys, "sealed.json": sealed, **({"root.json": root} if root else {})}
    arguments = ["--keys", "keys.json", "--type", type_name, *(("--root", "root.json") if root else ())]
    if content is not None:
        files["content"] = content
        arguments += ["--content", "content"]
    return _asked("verify_seal.mjs", files, *arguments, "sealed.json")[0]


def credentials(texts: str, keys: bytes, *, at: datetime | None = None, status_list: bytes = b"") -> list[Said]:
    """`verify_credential.mjs`: the texts of QR codes, one on a line; still valid by the status list, where one is given."""
    files = {"keys.json": keys, "qr.txt": texts.encode() + b"\n", **({"list.json": status_list} if status_list else {})}
    arguments = ["--keys", "keys.json", *(("--at", at.isoformat()) if at else ()), *(("--status-list", "list.json") if status_list else ())]
    return _asked("verify_credential.mjs", files, *arguments, "qr.txt")


def consent(receipt: bytes, keys: bytes, *, disclosure: bytes = b"", status: bytes = b"", at: datetime | None = None) -> Said:
    """`verify_consent_receipt.mjs`: a receipt, and what rests on it."""
    files = {"keys.json": keys, "receipt.json": receipt, "data.json": disclosure, "status.json": status}
    arguments = ["--keys", "keys.json", "receipt.json", *(("--at", at.isoformat()) if at else ())]
    arguments += [*(("--disclosure", "data.json") if disclosure else ()), *(("--status", "status.json") if status else ())]
    return _asked("verify_consent_receipt.mjs", files, *arguments)[0]


def log_proof(bundle: bytes, keys: bytes) -> Said:
    """`verify_log.mjs`: the entry's leaf, both paths and both seals of a proof from the log; not the time stamp, which is openssl's part."""
    return _asked("verify_log.mjs", {"proof.json": bundle, "keys.json": keys}, "--keys", "keys.json", "proof.json")[0]


def filing(signed: bytes, *, root: Path, issuer: Path) -> Said:
    """`verify_filing.mjs`: JSON that its filer signed, with the path of the certificate in its header."""
    authorities = {"root.pem": root.read_bytes(), "issuer.pem": issuer.read_bytes()}
    arguments = ("--root", "root.pem", "--issuer", "issuer.pem", "filing.json")
    return _asked("verify_filing.mjs", {**authorities, "filing.json": signed}, *arguments)[0]


def _asked(script: str, files: Mapping[str, bytes], *arguments: str) -> list[Said]:
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        done = run("node", ROOT / "tools" / script, *arguments, folder=folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and done.returncode == (0 if all(one["holds"] for one in lines) else 1), done.stderr.decode("utf-8", "replace")
    return [Said(bool(one["holds"]), str(one.get("why") or one.get("status") or "holds"), one) for one in lines]
