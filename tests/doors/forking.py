"""`python -m tests.doors.forking`: has the libraries imported, and forks the program `bhxh` once for each line on standard input.

WHY: a new interpreter needs some two seconds of a core for imports, and the tests of the command line start fifty. Of ours only what reads no setting
is imported before the fork: each child finds its own environment, arguments and streams, as one that a shell started does.
A line is `{"arguments": [...], "environment": {...}, "folder": "..."}`; in the folder lies `stdin`, the child leaves `stdout` and `stderr`
there; the answer is its exit code. One at a time; when standard input closes, it ends.
"""

import json
import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

_LIBRARIES = (
    "cryptography.x509",
    "django.contrib.postgres.fields",
    "django.contrib.postgres.indexes",
    "django.core.management",
    "django.core.serializers.json",
    "django.db.backends.postgresql.base",
    "django.db.migrations.loader",
    "django.forms",
    "django.template.backends.django",
    "django.urls",
    "fido2.webauthn",
    "httpx",
    "joserfc.jwt",
    "lxml.etree",
    "openpyxl",
    "orjson",
    "procrastinate",
    "psycopg_pool",
    "pydantic",
    "pyhanko.pdf_utils.reader",
    "pyhanko_certvalidator.context",
    "python_calamine",
    "segno",
    "signxml",
    "structlog.stdlib",
    "typst",
    "yaml",
)
_OURS = (
    "bhxh.access.consent_receipts",
    "bhxh.access.mandate_documents",
    "bhxh.access.security_keys",
    "bhxh.book.pdf_copies",
    "bhxh.book.presenting",
    "bhxh.connectors.business.client",
    "bhxh.connectors.eid.relying_party",
    "bhxh.connectors.mail.carrier",
    "bhxh.connectors.npsp.intake",
    "bhxh.connectors.population.client",
    "bhxh.connectors.revocation.client",
    "bhxh.connectors.timestamping.client",
    "bhxh.doors.cli.main",
    "bhxh.doors.cli.verify",
    "bhxh.dossiers.confirmations",
    "bhxh.dossiers.policies",
    "bhxh.dossiers.presenting",
    "bhxh.law.contributions",
    "bhxh.notices.layout",
    "bhxh.notices.returned_mail",
    "bhxh.registry.reference_files",
    "bhxh.registry.synthetic.views",
    "bhxh.signing.xades_verifier",
    "bhxh.wiring.__main__",
    "bhxh.wiring.logging",
)


def main() -> None:
    for name in (*_LIBRARIES, *_OURS):
        import_module(name)
    assert not settings.configured and "bhxh.wiring.configuration" not in sys.modules, "a setting was read before the fork"
    assert threading.active_count() == 1, "only the thread that forks lives on in a child"
    answers = sys.stdout
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _be_the_program(wanted)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=answers, flush=True)


def _be_the_program(wanted: dict[str, Any]) -> None:
    """The child; never returns."""
    folder, status = Path(wanted["folder"]), 1
    os.environ.clear()
    os.environ.update(wanted["environment"])
    for number, (name, flags) in enumerate((("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY))):
        os.dup2(os.open(folder / name, flags | os.O_CREAT | os.O_TRUNC * (number > 0), 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (open(number, mode, encoding="utf-8") for number, mode in enumerate("rww"))  # noqa: PTH123, SIM115
    sys.argv = ["bhxh", *wanted["arguments"]]
    try:
        from bhxh.wiring.__main__ import main as bhxh

        status = bhxh(wanted["arguments"])
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001  # the top of a process
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
