"""Hands finished messages to the relay by SMTP."""

import re
import smtplib
import socket
import ssl
import threading
from time import monotonic

from bhxh.connectors.http_client.errors import CON_MAIL_NEEDS_UTF8, CON_MAIL_NOT_NOW, CON_MAIL_REFUSED, CON_UNAVAILABLE
from bhxh.kernel.errors import Unavailable
from bhxh.notices.ports import LONGEST_CONVERSATION, NeedsUtf8, Never, NotNow

_READY, _OK, _FORWARDED, _GO_ON, _CLOSING, _TOO_MANY, _PERMANENT = 220, 250, 251, 354, 421, 552, 500
_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b", re.ASCII)
_STEPS = 5  # LIMIT: of the time-out, for the relay's look at the content: who hangs up then sends a letter twice

Reply = tuple[int, bytes]


class SmtpCarrier:
    """The port `MailCarrier` over SMTP.

    Shape:  `encryption` None: in the clear, for a relay on this machine or network; else STARTTLS, and no letter to a relay that
            does not offer it or cannot prove its name.
            One connection per message; each answer has `timeout_s`, the one after the content five times that, the whole
            conversation never longer than the port allows. A drop after the content is Unavailable: the message may arrive
            twice, never not at all.
    """

    def __init__(self, *, host: str, port: int, timeout_s: float, encryption: ssl.SSLContext | None = None) -> None:
        self._host, self._port, self._timeout_s, self._encryption = host, port, timeout_s, encryption

    def send(self, *, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
        """Returns when the relay took it. Raises Unavailable CON-001, NotNow CON-007, Never CON-006, NeedsUtf8 CON-008."""
        # WHY `from None` everywhere: the library's errors carry the recipient's address.
        relay = _Relay(self._host, timeout_s=self._timeout_s)
        # WHY a clock beside the time-outs: a relay that says one line every few seconds never times out.
        end = threading.Timer(LONGEST_CONVERSATION.total_seconds(), _cut, [relay])
        end.daemon = True
        end.start()
        try:
            self._talk(relay, message, sender, recipient, envelope_id)
            _say_goodbye(relay, self._timeout_s)
        except (NotNow, Never, NeedsUtf8):
            _say_goodbye(relay, self._timeout_s)
            raise
        except (smtplib.SMTPException, OSError):
            raise _unavailable("connection") from None
        finally:
            end.cancel()
            relay.close()

    def _talk(self, relay: smtplib.SMTP, message: bytes, sender: str, recipient: str, envelope_id: str) -> None:
        began = monotonic()
        code, _ = relay.connect(self._host, self._port)
        if code != _READY:
            raise _unavailable(f"status {code}")
        relay.ehlo_or_helo_if_needed()
        if self._encryption is not None:
            relay.starttls(context=self._encryption)
            relay.ehlo_or_helo_if_needed()
        of_letter, of_recipient = _options(relay, recipient, envelope_id)
        # WHY never the letter's fault before RCPT: a relay that does not know us refuses every letter until it is set right.
        code, _ = relay.mail(sender, of_letter)
        if code != _OK:
            raise _unavailable(f"status {code}")
        _check(relay.rcpt(recipient, of_recipient), is_recipient=True)
        code, said = relay.docmd("DATA")
        if code != _GO_ON:
            _check((code, said))
            raise _unavailable(f"status {code}")
        left = LONGEST_CONVERSATION.total_seconds() - (monotonic() - began)
        if relay.sock is not None:
            relay.sock.settimeout(max(0.1, min(self._timeout_s * _STEPS, left)))
        relay.send(_stuffed(message))
        _check(relay.getreply())


class _Relay(smtplib.SMTP):
    """The library's client, not yet connected, that knows whom it will speak to: a certificate is checked against the name."""

    def __init__(self, host: str, *, timeout_s: float) -> None:
        super().__init__(timeout=timeout_s, local_hostname="localhost")
        self._host = host


def _options(relay: smtplib.SMTP, recipient: str, envelope_id: str) -> tuple[list[str], list[str]]:
    """Parameters of MAIL and RCPT that this relay understands.

    Shape: RET=HDRS, so that what comes back does not carry the letter over the net again; no report of success is asked for,
           because nothing follows from one and it would tell the relay's log when mail is read on.
    """
    of_letter, of_recipient = [], []
    if not recipient.isascii():
        if not relay.has_extn("smtputf8"):
            raise NeedsUtf8(CON_MAIL_NEEDS_UTF8)
        of_letter += ["SMTPUTF8", "BODY=8BITMIME"]
        relay.command_encoding = "utf-8"
    if relay.has_extn("dsn"):
        of_letter += ["RET=HDRS", f"ENVID={envelope_id}"]
        of_recipient += ["NOTIFY=FAILURE,DELAY"]
    return of_letter, of_recipient


def _check(reply: Reply, *, is_recipient: bool = False) -> None:
    """Pass if the relay agrees; else what its answer means for this letter."""
    code, said = reply
    if code in (_OK, _FORWARDED):
        return
    if code == _CLOSING or code < 400:
        raise _unavailable(f"status {code}")
    enhanced = _ENHANCED.match(said)
    status = enhanced[1].decode("ascii") if enhanced else str(code)
    # WHY 552 waits: old servers mean "too many recipients", new ones a full mailbox; RFC 5321 4.5.3.1.10 wants it taken for 452.
    if code >= _PERMANENT and not (is_recipient and code == _TOO_MANY):
        raise Never(CON_MAIL_REFUSED, server_status=status)
    raise NotNow(CON_MAIL_NOT_NOW, server_status=status)


def _stuffed(message: bytes) -> bytes:
    """As it goes after DATA: lines end in CRLF, a leading dot is doubled, a lone dot ends it (RFC 5321 4.5.2)."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


def _say_goodbye(relay: smtplib.SMTP, timeout_s: float) -> None:
    """What became of the letter is known, whatever happens now."""
    try:
        if relay.sock is not None:
            relay.sock.settimeout(min(timeout_s, 1.0))
        relay.quit()
    except (smtplib.SMTPException, OSError):
        return


def _cut(relay: smtplib.SMTP) -> None:
    try:
        if relay.sock is not None:
            # WHY not its own method: that of an encrypted socket would pull the cipher from under whoever reads.
            socket.socket.shutdown(relay.sock, socket.SHUT_RDWR)
    except OSError:
        return


def _unavailable(reason: str) -> Unavailable:
    return Unavailable(CON_UNAVAILABLE, partner="mail", reason=reason)
