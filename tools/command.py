"""What `bin/bhxh` runs in a checkout: prepares the development installation a command needs, then the real program.

In development the database is made on first use, and partners that a command asks are started for its duration where they do not
run (`make serve` keeps them running). In production, or where DATABASE_URL is set, nothing is prepared.
"""

import os
import subprocess
import sys

from tools.stack import ROOT, Stack, serving_stack

_ASK_PARTNERS = {"file", "decide", "appoint"}
_NEED_NOTHING = {"verify", "-h", "--help", "migrate", "restore"}


def main(arguments: list[str]) -> int:
    """Run one command and give back its exit code."""
    wanted = next((part for part in arguments if not part.startswith("--json")), "--help")
    if wanted in _NEED_NOTHING or "DATABASE_URL" in os.environ or os.environ.get("BHXH_MODE") == "production":
        return _run(arguments, dict(os.environ))
    from tools.serve import prepare

    stack = serving_stack()
    prepare(stack)
    is_starting = wanted in _ASK_PARTNERS and not stack.sandbox.is_running()
    if is_starting:
        stack.start_partners()
    try:
        return _run(arguments + _signing(stack, arguments) if wanted == "file" else arguments, stack.environment)
    finally:
        if is_starting:
            stack.stop()


def _signing(stack: Stack, arguments: list[str]) -> list[str]:
    """The sandbox's key and certificate of a sandbox employer, unless the caller brings their own."""
    if "--key" in arguments or "--as" not in arguments or arguments.index("--as") + 1 == len(arguments):
        return []
    from bhxh.registry.synthetic import generate
    from sandbox.pki.authority import issue_employer_certificate
    from tools.stack import CITIZENS, EMPLOYERS, SEED

    code = arguments[arguments.index("--as") + 1]
    for employer in generate(SEED, citizens=CITIZENS, employers=EMPLOYERS).employers:
        if code.upper() in (employer.tax_code, employer.unit_code):
            folder = stack.sandbox.folder / "pki"
            issue_employer_certificate(folder, employer.tax_code, employer.name)
            label = folder / "leaves" / f"employer-{employer.tax_code}"
            return ["--key", f"{label}.key", "--certificate", f"{label}.pem"]
    return []


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "bhxh.wiring", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
