"""Packages of others that npm fetches once by a committed lock without addresses, kept below `.bhxh`."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from tools.foreign.programs import NotHereError
from tools.stack import ROOT

_TIMEOUT_S = 180


def fetched(wanted: Path, *, oldest_node: int) -> Path:
    """The folder that holds `node_modules` for a folder with package.json and package-lock.json. Raises NotHereError with the reason."""
    needed = f"Install node {oldest_node} or later with npm, and let npm reach a registry once; then try again"
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        raise NotHereError(f"{' and '.join(missing)} not installed. {needed}")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < oldest_node:
        raise NotHereError(f"node {version} is too old. {needed}")
    lock = (wanted / "package-lock.json").read_bytes()
    folder = ROOT / ".bhxh" / "npm" / hashlib.sha256(lock).hexdigest()[:12]
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(wanted / name, folder / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            raise NotHereError(f"npm had not fetched it after {_TIMEOUT_S} s. {needed}") from None
        if done.returncode != 0:
            raise NotHereError(f"npm could not fetch it: {done.stderr.strip()[-300:]} {needed}")
        (folder / "complete").touch()
    return folder
