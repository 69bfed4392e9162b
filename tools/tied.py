"""`python -m tools.tied COMMAND...`: run a program that ends when standard input closes.

WHY: a stack that was killed cannot stop its server and worker; the kernel closes its pipes for it. A worker left behind would take the
jobs of the next stack with the keys of the last.
"""

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """The program's exit code. Signals of the group are the program's business."""
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: None)
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_watch, daemon=True).start()
    return program.wait()


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
