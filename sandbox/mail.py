"""A mail relay that keeps every message as a file, and a side door over HTTP that lists them."""

import email
import email.policy
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.serving import Faults, Partner, answer, arguments_of, run

_MAXIMUM_BYTES = 30 * 1024 * 1024
_MODES = ("ok", "550", "452", "slow", "drop_after_data")


class MailRelay(Partner):
    """GET /messages lists what came, GET /messages/<file> shows one. Faults: 550, 452, slow, drop_after_data (kept, then cut)."""

    name = "mail"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.faults = Faults(_MODES)
        self._box = folder / "messages"
        self._box.mkdir(exist_ok=True)
        self._lock = threading.Lock()
        self._count = len(list(self._box.glob("*.eml")))

    def rules(self) -> list[Rule]:
        return [
            Rule("/messages", endpoint=self._list, methods=["GET"]),
            Rule("/messages/<file>", endpoint=self._show, methods=["GET"]),
        ]

    def _misbehave(self, request: Request) -> Response | None:
        return None  # the faults are those of the SMTP side

    def keep(self, content: bytes, sender: str, recipients: list[str]) -> None:
        """Store one message; the envelope goes into two header lines of ours."""
        envelope = f"X-Sandbox-Sender: {sender}\r\nX-Sandbox-Recipients: {', '.join(recipients)}\r\n".encode()
        with self._lock:
            self._count += 1
            file = self._box / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{self._count:06d}.eml"
        half_written = file.with_suffix(".new")
        half_written.write_bytes(envelope + content)
        half_written.replace(file)

    def _list(self, request: Request) -> Response:
        return answer([_line(file) for file in sorted(self._box.glob("*.eml"), key=lambda file: file.stem.rsplit("-", 1)[1])])

    def _show(self, request: Request, file: str) -> Response:
        path = self._box / file
        if path.parent != self._box or path.suffix != ".eml" or not path.exists():
            return answer({"ma": "KHONG_CO_THU"}, 404)
        return Response(path.read_bytes(), mimetype="message/rfc822")


def _line(file: Path) -> dict[str, str]:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return {
        "file": file.name,
        "sender": str(message["X-Sandbox-Sender"]),
        "recipients": str(message["X-Sandbox-Recipients"]),
        "subject": str(message["Subject"] or ""),
        "message_id": str(message["Message-ID"] or ""),
    }


class _Smtp:
    """What aiosmtpd calls: the names are its."""

    def __init__(self, relay: MailRelay) -> None:
        self._relay = relay

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        mode = self._relay.faults.mode
        if mode in {"550", "452"}:
            self._relay.faults.next()
            return "550 5.1.1 no such mailbox" if mode == "550" else "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mode, seconds = self._relay.faults.next()
        if mode == "slow":
            # WHY a plain sleep: the relay serves one test at a time, and the whole relay is meant to be slow.
            time.sleep(seconds)  # noqa: ASYNC251
        self._relay.keep(envelope.original_content, envelope.mail_from, envelope.rcpt_tos)
        if mode == "drop_after_data":
            server.transport.abort()
        return "250 2.0.0 kept"


def main() -> None:
    """Run it."""
    parser = arguments_of("mail", "mail relay of the sandbox; --port is the side door, --smtp-port takes mail", 8716)
    parser.add_argument("--smtp-port", type=int, default=8725)
    options = parser.parse_args()
    relay = MailRelay(options.folder)
    controller = Controller(
        _Smtp(relay), hostname="127.0.0.1", port=options.smtp_port, data_size_limit=_MAXIMUM_BYTES, enable_SMTPUTF8=True, ident="sandbox"
    )
    controller.start()
    run(relay, port=options.port)


if __name__ == "__main__":
    main()
