"""`python -m tools.sign_in NUMBER`: sign in at `make serve` as somebody of the sandbox, and print what `curl -K` needs to be them.

With `--for TAX_CODE` for an organisation, with `--officer LOGIN` as an officer, who shows a security key made of software.
"""

import argparse
import sys

import httpx

from tools.people import Client
from tools.stack import serving_stack


def main() -> int:
    """Sign in, print, or say why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.sign_in", description="sign in at make serve without a browser")
    parser.add_argument("pin", help="personal number of a sandbox identity")
    parser.add_argument("--for", dest="org_id", default="", help="tax code of the organisation they act for")
    parser.add_argument("--officer", default="", metavar="LOGIN", help="as the officer whom `bin/bhxh appoint LOGIN` made of them")
    options = parser.parse_args()
    try:
        if options.officer:
            client = Client.sign_in_officer(serving_stack(), login=options.officer, pin=options.pin)
        else:
            client = Client.sign_in(serving_stack(), options.pin, org_id=options.org_id)
    except (RuntimeError, httpx.HTTPError) as error:
        print(f"không đăng nhập được; make serve có đang chạy không? · not signed in; is make serve running?\n{error}", file=sys.stderr)
        return 1
    for name, value in client.headers.items():
        print(f'header = "{name}: {value}"')
    return 0


if __name__ == "__main__":
    sys.exit(main())
