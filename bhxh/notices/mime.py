"""A letter as bytes for the wire: RFC 5322, text and HTML side by side. The same row gives the same bytes at every attempt."""

from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

from bhxh.notices.addresses import MailAddress
from bhxh.notices.models import Message


def build_message(letter: Message, *, sender: str, recipient: MailAddress) -> bytes:
    """Write one letter. `sender` is an address or `Name <address>`; `recipient` is the letter's, as it travels.

    Shape: multipart/alternative, text first; Date is the instant the letter was composed; Auto-Submitted keeps
           holiday responders from answering (RFC 3834), X-Auto-Response-Suppress those that only listen to that.
    WHY no List-Unsubscribe (RFC 8058): these are notices the law prescribes, not a list one could leave.
    """
    message = EmailMessage(policy=SMTPUTF8 if recipient.needs_utf8 else SMTP)
    message["From"] = sender
    message["To"] = str(recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = letter.smtp_message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.body_text, subtype="plain", charset="utf-8", cte="quoted-printable")
    message.add_alternative(letter.body_html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = "vi, en"  # after the parts, or it would move into the first one
    message.set_boundary(f"bhxh-{letter.message_id.hex}")
    return message.as_bytes()


def envelope_address(sender: str) -> str:
    """The bare address of `Name <address>`."""
    return parseaddr(sender)[1]
