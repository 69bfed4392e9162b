"""Programs are run with the network off, where the machine lets us take it away."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_NOT_TAKEN = "không mở kết nối nào · opens no connection"


@cache
def _without_network() -> tuple[str, ...]:
    """What to put before a command, nothing where no namespace can be made."""
    for prefix in (("unshare", "-n"), ("unshare", "-r", "-n")):
        if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return prefix
    return ()


def network_words() -> str:
    """How the network is kept away; where it cannot be, that the programs by themselves open no connection."""
    return " ".join(_without_network()) or _NOT_TAKEN


def run_offline(command: Sequence[str], *, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run it in a network namespace without any network, not even the loopback one."""
    return subprocess.run([*_without_network(), *command], cwd=folder, capture_output=True, text=True, check=False)
