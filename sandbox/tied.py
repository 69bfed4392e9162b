"""`python -m sandbox.tied sandbox.population --port ...`: run a partner that ends when standard input closes.

WHY: a supervisor that was killed cannot stop its children; the kernel closes its pipes for it.
"""

import os
import runpy
import sys
import threading


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
