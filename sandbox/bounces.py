"""What a relay sends back: a delivery status notification (RFC 3464), or the plain sentence of an old server."""

import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import make_msgid


@dataclass(frozen=True)
class Bounce:
    """One message that could not be delivered after all."""

    mode: str
    """bounce, bounce_text or delay."""
    status: str
    to: str
    recipient: str
    options: str
    """ENVID and its like, as they were given."""
    content: bytes


def send_bounce(bounce: Bounce, smtp_port: int) -> None:
    """By SMTP with the null sender, as RFC 3464 wants it, so that nobody ever bounces a bounce."""
    message = _plain(bounce) if bounce.mode == "bounce_text" else _report(bounce)
    message["From"] = "MAILER-DAEMON@sandbox.example"
    message["To"] = bounce.to
    message["Message-ID"] = make_msgid(domain="sandbox.example")
    with smtplib.SMTP("127.0.0.1", smtp_port, timeout=10, local_hostname="localhost") as relay:
        relay.sendmail("", [bounce.to], message.as_bytes())


def _plain(bounce: Bounce) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "failure notice"
    message.set_content(
        "Hi. This is the qmail-send program at sandbox.example.\nI'm afraid I wasn't able to deliver your message to the following"
        f" addresses.\nThis is a permanent error; I've given up.\n\n<{bounce.recipient}>:\n192.0.2.1 does not like recipient.\n"
        f"Remote host said: 550 {bounce.status} no such mailbox\n"
    )
    return message


def _report(bounce: Bounce) -> EmailMessage:
    is_delay = bounce.mode == "delay"
    status = bounce.status.replace("5", "4", 1) if is_delay else bounce.status
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Delayed mail (still being retried)" if is_delay else "Undelivered Mail Returned to Sender"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("I am still trying to deliver it.\n" if is_delay else "I could not deliver your message.\n")
    message.make_mixed()
    message.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    envelope_id = re.search(r"ENVID=(\S+)", bounce.options)
    whole, one = Message(), Message()
    whole["Reporting-MTA"] = "dns; sandbox.example"
    if envelope_id:
        whole["Original-Envelope-Id"] = envelope_id[1]
    one["Final-Recipient"] = f"rfc822; {bounce.recipient}" if bounce.recipient.isascii() else f"utf-8; {bounce.recipient}"
    one["Action"] = "delayed" if is_delay else "failed"
    one["Status"] = status
    one["Diagnostic-Code"] = f"smtp; {'450' if is_delay else '550'} {status} {'later' if is_delay else 'no'}"
    report = EmailMessage(policy=SMTP)
    report["Content-Type"] = "message/delivery-status"
    report.set_payload([whole, one])
    message.attach(report)
    original = EmailMessage(policy=SMTP)
    original.set_content(bounce.content.partition(b"\r\n\r\n")[0].decode(errors="replace") + "\n", subtype="rfc822-headers")
    message.attach(original)
    return message
