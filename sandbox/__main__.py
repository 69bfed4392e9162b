"""`python -m sandbox --folder DIR`: all partners until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from sandbox.supervisor import Ports, Sandbox


def main() -> int:
    """Start all, print one line each, wait, stop all."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="all stand-in partner systems")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--base-port", type=int, default=8711)
    parser.add_argument("--seed", type=int, default=164)
    parser.add_argument("--citizens", type=int, default=1000)
    parser.add_argument("--employers", type=int, default=60)
    options = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    ports = Ports.from_base(options.base_port)
    with Sandbox(options.folder, ports, seed=options.seed, citizens=options.citizens, employers=options.employers) as sandbox:
        for name in sandbox.names:
            print(f"{name:<11} {sandbox.url(name)}", flush=True)
        print(f"{'smtp':<11} 127.0.0.1:{ports.smtp}", flush=True)
        while not over.wait(1.0):
            dead = sandbox.find_dead()
            if dead:
                print(f"stopped by itself: {', '.join(dead)}", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
