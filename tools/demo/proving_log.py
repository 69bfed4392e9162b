"""What the log says is proved to somebody who has nothing of ours: Python's standard library and openssl judge the file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import orjson

from tools.demo.demonstration import OUT, Demonstration
from tools.stack import ROOT

_PROOF = OUT / "log-proof.json"
_DIGEST = re.compile(rb'"[0-9a-f]{64}"')


def stamp_log(demo: Demonstration) -> None:
    """The log as it is now gets its seal, and the time of somebody else's clock; later entries come after it."""
    with demo.step("Đóng dấu thời gian cho nhật ký", "the log's head is sealed and time-stamped by an outside authority"):
        stamp = orjson.loads(demo.stack.run("audit", "stamp", "--json").stdout)
        demo.expect(stamp["size"] > 0, f"{stamp['size']} dòng, {stamp['authority']} {stamp['stamped_at']}")


def prove_log(demo: Demonstration, code: str) -> None:
    """An entry from before the stamp is proved against the log of now, and by no changed file."""
    with demo.step("Chứng minh nhật ký cho người ngoài", "an entry of the log is proved to outsiders"):
        demo.stack.run("audit", "head", "--out", str(OUT / "goc-nhat-ky-cuoi.json"))
        made = orjson.loads(
            demo.stack.run("audit", "prove", "--dossier", code, "--verb", "dossiers.lines.judge", "--out", str(_PROOF), "--json").stdout
        )
        demo.expect(made["latest_size"] > made["size"], f"dòng {made['entry']}: {made['size']} → {made['latest_size']} dòng · rows")
        if shutil.which("openssl") is None:
            print("      KHÔNG KIỂM TRA: chưa cài openssl · NOT CHECKED by others: no openssl here")
            return
        keys, root = OUT / "keys.json", demo.stack.sandbox.folder / "pki" / "trust" / "sandbox-root.pem"
        for given in ((), ("--keys", str(keys), "--root", str(root))):
            done = _judge(_PROOF, *given)
            demo.expect(
                done.returncode == 0, " ".join(("python3 tools/verify_log.py", f"out/{_PROOF.name}", *(given and ("--keys … --root …",))))
            )
        print("      " + done.stdout.strip().replace("\n", "\n      "))
        kept = _PROOF.read_bytes()
        digests = list(_DIGEST.finditer(kept))
        refused = 0
        for found in digests:
            changed = bytearray(kept)
            changed[found.start() + 1] ^= 1  # 0 becomes 1, a becomes `: no digest at all, or another
            (OUT / "log-proof-sua.json").write_bytes(changed)
            refused += _judge(OUT / "log-proof-sua.json").returncode == 1
        demo.expect(refused == len(digests) > 0, f"đổi một trong {len(digests)} mã băm là bị từ chối · any changed digest is refused")
        demo.figures["log_proof_bytes"] = len(kept)


def _judge(file: Path, *given: str) -> "subprocess.CompletedProcess[str]":
    """WHY -I -S: no package, ours or anybody's, can be imported."""
    command = [sys.executable, "-I", "-S", str(ROOT / "tools" / "verify_log.py"), str(file), *given]
    return subprocess.run(command, cwd=OUT, capture_output=True, text=True, check=False)
