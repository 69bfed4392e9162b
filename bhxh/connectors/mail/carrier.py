"""Hands finished messages to the relay by SMTP."""

import smtplib

from bhxh.connectors.http_client.errors import CON_MAIL_REFUSED, CON_UNAVAILABLE
from bhxh.kernel.errors import Rejected, Unavailable

_PERMANENT = 500


class SmtpCarrier:
    """The port `MailCarrier` over SMTP.

    Shape:  one connection per message. A drop after DATA is Unavailable: the message may arrive twice, never not at all.
    """

    def __init__(self, *, host: str, port: int, timeout_s: float, is_encrypted: bool = False) -> None:
        self._host, self._port, self._timeout_s, self._is_encrypted = host, port, timeout_s, is_encrypted

    def send(self, *, message: bytes, sender: str, recipient: str) -> None:
        """Returns when the relay took it. Raises Rejected CON-006 (5xx: for good), Unavailable CON-001 (anything else: later)."""
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout_s, local_hostname="localhost") as relay:
                if self._is_encrypted:
                    relay.starttls()
                relay.sendmail(sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            # WHY `from None` everywhere: the library's errors carry the recipient's address.
            raise _told(max(status for status, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _told(error.smtp_code) from None
        except (smtplib.SMTPException, OSError):
            raise Unavailable(CON_UNAVAILABLE, partner="mail", reason="connection") from None


def _told(status: int) -> Rejected | Unavailable:
    if status >= _PERMANENT:
        return Rejected(CON_MAIL_REFUSED, status=status)
    return Unavailable(CON_UNAVAILABLE, partner="mail", reason=f"status {status}")
