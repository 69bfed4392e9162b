"""`python -m sandbox.pki --folder DIR --port 8715 [--employers FILE]`: run the stand-in certificate authority."""

import argparse
import json
from pathlib import Path

from sandbox.pki.authority import issue_employer_certificate
from sandbox.pki.service import bind


def main() -> None:
    """Make the folder where it is new, issue for the listed employers, and serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.pki", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where keys and certificates lie; made on the first start")
    parser.add_argument("--port", type=int, default=8715, help="loopback port (default 8715, 0 takes any)")
    parser.add_argument("--employers", type=Path, help='JSON list of {"tax_code", "name", "pin"} to issue certificates for')
    options = parser.parse_args()
    pki = bind(options.folder, port=options.port)
    if options.employers is not None:
        for employer in json.loads(options.employers.read_text()):
            issue_employer_certificate(options.folder, employer["tax_code"], employer["name"], employer.get("pin", ""))
    print(f"sandbox pki: {pki.address} (trust folder {pki.authority.trust_folder})", flush=True)
    try:
        pki.server.serve_forever()
    except KeyboardInterrupt:
        pki.server.server_close()


if __name__ == "__main__":
    main()
