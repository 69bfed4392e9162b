"""What threads share of asn1crypto is set up before they share it: seen in a process of its own, where nothing was used yet."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[3]


def _run(program: str) -> str:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=_ROOT, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_every_class_is_set_up_when_certificates_can_be_judged() -> None:
    said = _run(
        "import bhxh.signing.certificates, bhxh.signing.timestamps\n"
        "from asn1crypto import core\n"
        "from bhxh.signing.asn1_in_threads import every_class\n"
        "classes = set(every_class())\n"
        "print(len(classes), *(one.__name__ for one in classes if one not in core._SETUP_CLASSES))\n"
    )
    [count, *forgotten] = said.split()
    assert int(count) > 300
    assert not forgotten
