"""Runs npm `oidc-provider`, an OpenID provider written by others. Its packages are fetched by npm once and kept below `.bhxh`."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tools.foreign.npm_packages import fetched
from tools.foreign.programs import NotHereError

_HERE = Path(__file__).parent / "oidc_provider"


def packages() -> Path:
    """The folder that holds `node_modules`. Skips, with the reason, where there is no node or no registry."""
    try:
        return fetched(_HERE, oldest_node=20)
    except NotHereError as missing:
        pytest.skip(f"NOT TRIED against a provider of others: {missing}")


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
