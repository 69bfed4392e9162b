"""A mail relay that keeps every message as a file, and a side door over HTTP that lists them and makes bad days."""

import asyncio
import email
import email.policy
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.bounces import Bounce, send_bounce
from sandbox.serving import Faults, Partner, answer, arguments_of, json_of, run

_MAXIMUM_BYTES = 30 * 1024 * 1024
_REPLIES = {
    "550": "550 5.1.1 no such mailbox",
    "452": "452 4.2.2 mailbox full",
    "421": "421 4.3.2 closing for maintenance",
    "greylist": "450 4.7.1 greylisted, try again later",
}
_BOUNCES = ("bounce", "bounce_text", "delay")
_MODES = ("ok", *_REPLIES, *_BOUNCES, "554_data", "451_data", "sender_refused", "slow", "drop_after_data", "no_utf8", "no_dsn")
_RETURN_PATH = re.compile(r"[^@+]+\+[a-z2-7]{40}@[^@]+", re.IGNORECASE)
_DSN_OPTION = re.compile(r"\s(RET=|ENVID=|NOTIFY=|ORCPT=)(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class _Day:
    """How the relay behaves towards one message."""

    mode: str = "ok"
    seconds: float = 0.0
    status: str = "5.1.1"


class MailFaults(Faults):
    """A bad day for everybody, or for one recipient only.

    Modes: 550, 452, 421 (at RCPT), greylist (450 until `seconds` after the first try by the same sender), 554_data, 451_data (after
    the content), sender_refused, slow (kept, then silent for a while), drop_after_data (kept, then cut), no_utf8 and no_dsn (not offered), bounce and delay (kept,
    then a report with `status` comes back), bounce_text (comes back without a report).
    """

    def __init__(self) -> None:
        super().__init__(_MODES)
        self._status = "5.1.1"
        self._special: dict[str, tuple[Faults, str]] = {}
        self._first_try: dict[tuple[str, str], float] = {}

    def set_from(self, wanted: Mapping[str, Any]) -> None:
        """As the side door was told. `ok` for everybody ends every bad day."""
        mode, seconds, count = str(wanted["mode"]), float(wanted.get("seconds", 3.0)), int(wanted.get("count", -1))
        recipient, status = str(wanted.get("recipient", "")), str(wanted.get("status", "5.1.1"))
        if recipient:
            faults = Faults(_MODES)
            faults.set(mode=mode, seconds=seconds, count=count)
            self._special[recipient] = (faults, status)
            return
        self.set(mode=mode, seconds=seconds, count=count)
        self._status = status
        if mode == "ok":
            self._special.clear()
            self._first_try.clear()

    def towards(self, recipient: str, *, spend: bool) -> _Day:
        """What this recipient's message meets; `spend` counts it."""
        faults, status = self._special.get(recipient, (self, self._status))
        if spend:
            mode, seconds = faults.next()
            return _Day(mode, seconds, status)
        return _Day(faults.mode, faults.seconds, status)

    def is_greylisted(self, sender: str, recipient: str, seconds: float) -> bool:
        """Until some seconds after this pair was first seen."""
        first = self._first_try.setdefault((sender, recipient), time.monotonic())
        return time.monotonic() - first < seconds


class MailRelay(Partner):
    """GET /messages lists what came, GET /messages/<file> shows one. Mail to a return path of ours goes into the Maildir `returned`."""

    name = "mail"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.faults: MailFaults = MailFaults()
        self._box = folder / "messages"
        self._box.mkdir(exist_ok=True)
        self._maildir = folder / "returned"
        for part in ("tmp", "new", "cur"):
            (self._maildir / part).mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        kept = [*self._box.glob("*.eml"), *self._maildir.glob("*/*.sandbox*")]
        self._count = max((int(file.name.partition(".")[0].rpartition("-")[2]) for file in kept), default=0)

    def rules(self) -> list[Rule]:
        return [
            Rule("/messages", endpoint=self._list, methods=["GET"]),
            Rule("/messages/<file>", endpoint=self._show, methods=["GET"]),
        ]

    def _misbehave(self, request: Request) -> Response | None:
        return None  # the faults are those of the SMTP side

    def _set_faults(self, request: Request) -> Response:
        wanted = json_of(request)
        if wanted.get("mode") not in self.faults.modes:
            return answer({"modes": list(self.faults.modes)}, 422)
        self.faults.set_from(wanted)
        return answer({"mode": wanted["mode"]})

    def keep(self, content: bytes, sender: str, recipients: list[str], options: str = "") -> None:
        """Store one message; the envelope goes into header lines of ours, as delivering servers do."""
        returned = [recipient for recipient in recipients if _RETURN_PATH.fullmatch(recipient)]
        with self._lock:
            self._count += 1
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{self._count:06d}"
        if returned:
            envelope = f"Return-Path: <{sender.strip('<>')}>\r\nDelivered-To: {returned[0]}\r\n"
            half_written, file = self._maildir / "tmp" / f"{name}.sandbox", self._maildir / "new" / f"{name}.sandbox"
        else:
            envelope = f"X-Sandbox-Sender: {sender}\r\nX-Sandbox-Recipients: {', '.join(recipients)}\r\nX-Sandbox-Options: {options}\r\n"
            file = self._box / f"{name}.eml"
            half_written = file.with_suffix(".new")
        half_written.write_bytes(envelope.encode() + content)
        half_written.replace(file)

    def _list(self, request: Request) -> Response:
        return answer([_line(file) for file in sorted(self._box.glob("*.eml"), key=lambda file: file.stem.rsplit("-", 1)[1])])

    def _show(self, request: Request, file: str) -> Response:
        path = self._box / file
        if path.parent != self._box or path.suffix != ".eml" or not path.exists():
            return answer({"ma": "KHONG_CO_THU"}, 404)
        return Response(path.read_bytes(), mimetype="message/rfc822")


def _line(file: Path) -> dict[str, str]:
    envelope, content = {}, file.read_bytes()
    for name in ("sender", "recipients", "options"):
        written, _, content = content.partition(b"\r\n")
        envelope[name] = written.partition(b": ")[2].decode(errors="replace")
    message = email.message_from_bytes(content, policy=email.policy.default)
    return {"file": file.name, **envelope, "subject": str(message["Subject"] or ""), "message_id": str(message["Message-ID"] or "")}


class _Session(SMTP):
    """SMTP with what aiosmtpd leaves out: the null sender and the parameters of RFC 3461."""

    dsn_options = ""

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        self.enable_SMTPUTF8 = self.event_handler.relay.faults.mode != "no_utf8"
        await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        self.dsn_options = ""
        if arg is not None and re.match(r"FROM:\s*<>", arg, re.IGNORECASE):
            assert self.envelope is not None
            self.envelope.mail_from = "<>"
            await self.push("250 2.1.0 OK")
            return
        if self.event_handler.relay.faults.mode == "sender_refused":
            await self.push("550 5.7.1 we do not relay for you")
            return
        await super().smtp_MAIL(self._without_options(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        await super().smtp_RCPT(self._without_options(arg))

    def _without_options(self, arg: str | None) -> str | None:
        if arg is None or self.event_handler.relay.faults.mode == "no_dsn":
            return arg  # not offered: the parameters are refused
        self.dsn_options += "".join(f" {name.upper()}{value}" for name, value in _DSN_OPTION.findall(arg))
        return _DSN_OPTION.sub("", arg)


class _Handler:
    """What aiosmtpd calls: the names are its."""

    def __init__(self, relay: MailRelay, smtp_port: int) -> None:
        self.relay, self._smtp_port = relay, smtp_port

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        session.host_name = hostname
        return responses if self.relay.faults.mode == "no_dsn" else [responses[0], "250-DSN", *responses[1:]]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        day = self.relay.faults.towards(address, spend=False)
        if day.mode == "greylist":
            if self.relay.faults.is_greylisted(envelope.mail_from, address, day.seconds):
                return _REPLIES["greylist"]
        elif day.mode in _REPLIES:
            self.relay.faults.towards(address, spend=True)
            return _REPLIES[day.mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        day = self.relay.faults.towards(recipient, spend=True)
        if day.mode in ("554_data", "451_data"):
            return "554 5.7.1 content refused" if day.mode == "554_data" else "451 4.7.1 try again later"
        self.relay.keep(envelope.original_content, envelope.mail_from, envelope.rcpt_tos, server.dsn_options.strip())
        if day.mode == "slow":
            await asyncio.sleep(day.seconds)  # after it is kept: whoever hangs up meanwhile sends it again
        if day.mode == "drop_after_data":
            server.transport.abort()
        if day.mode in _BOUNCES:
            bounce = Bounce(day.mode, day.status, envelope.mail_from, recipient, server.dsn_options, envelope.original_content)
            threading.Thread(target=send_bounce, args=(bounce, self._smtp_port), daemon=True).start()
        return "250 2.0.0 kept"


class _Relay(Controller):
    """The listening side."""

    def factory(self) -> SMTP:
        return _Session(self.handler, **self.SMTP_kwargs)


def main() -> None:
    """Run it."""
    parser = arguments_of("mail", "mail relay of the sandbox; --port is the side door, --smtp-port takes mail", 8716)
    parser.add_argument("--smtp-port", type=int, default=8725)
    options = parser.parse_args()
    relay = MailRelay(options.folder)
    controller = _Relay(
        _Handler(relay, options.smtp_port),
        hostname="127.0.0.1",
        port=options.smtp_port,
        data_size_limit=_MAXIMUM_BYTES,
        enable_SMTPUTF8=True,
        ident="sandbox",
    )
    controller.start()
    run(relay, port=options.port)


if __name__ == "__main__":
    main()
