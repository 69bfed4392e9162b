"""Runs npm `oidc-provider`, an OpenID provider written by others. Its packages are fetched by npm once and kept below `.bhxh`."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_HERE = Path(__file__).parent / "oidc_provider"
_INSTALL_TIMEOUT_S = 180
_OLDEST_NODE = 20
_NEEDED = f"Install node {_OLDEST_NODE} or later with npm, and let npm reach a registry once; then run these tests again"


def packages() -> Path:
    """The folder that holds `node_modules`. Skips, with the reason, where there is no node or no registry."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"NOT TRIED against a provider of others: {' and '.join(missing)} not installed. {_NEEDED}")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < _OLDEST_NODE:
        pytest.skip(f"NOT TRIED against a provider of others: node {version} is too old. {_NEEDED}")
    lock = (_HERE / "package-lock.json").read_bytes()
    folder = _ROOT / ".bhxh" / "npm" / hashlib.sha256(lock).hexdigest()[:12]
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, folder / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip(f"NOT TRIED against a provider of others: npm had not fetched it after {_INSTALL_TIMEOUT_S} s. {_NEEDED}")
        if done.returncode != 0:
            pytest.skip(f"NOT TRIED against a provider of others: npm could not fetch it: {done.stderr.strip()[-300:]} {_NEEDED}")
        (folder / "complete").touch()
    return folder


@contextmanager
def running(*, port: int, client: Mapping[str, Any], people: Mapping[str, Any], levels: tuple[str, str]) -> Iterator[str]:
    """The provider on a port; its issuer name. `people`: login -> claims; who is called `first` signs in at level 1."""
    claims = sorted({name for one in people.values() for name in one})
    settings = {"port": port, "client": client, "people": people, "levels": dict(zip("12", levels, strict=True)), "claims": claims}
    command = ["node", str(_HERE / "provider.mjs"), json.dumps({**settings, "modules": str(packages())})]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if line.strip() == "ready":
                break
        else:
            raise RuntimeError("the provider did not start: " + "".join(said)[-2000:])
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)
        assert process.stdout is not None
        process.stdout.close()
