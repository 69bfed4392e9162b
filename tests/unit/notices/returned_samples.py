"""Mail as it comes back to a return path, in the forms servers and people really use. Addresses and names are invented."""

from base64 import b64encode

TO = b"To: tra-lai+{token}@bhxh.example\n"


def _mail(*parts: bytes) -> bytes:
    return b"".join(parts)


POSTFIX = _mail(
    b"Return-Path: <>\nReceived: by mx.bhxh.example (Postfix)\n\tid 4F1; Sat, 21 Nov 2026 09:00:00 +0700\n",
    b"From: MAILER-DAEMON@mx.bhxh.example (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\n",
    TO,
    b'Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary="9A1.163/mx"\n\n',
    b"This is a MIME-encapsulated message.\n\n--9A1.163/mx\nContent-Description: Notification\n\nThis is the mail system.\n\n",
    b"<khong-co@vidu.example>: host mx.vidu.example said: 550 5.1.1 unknown (in reply to RCPT TO)\n\n",
    b"--9A1.163/mx\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n",
    b"Reporting-MTA: dns; mx.bhxh.example\nX-Postfix-Queue-ID: 4F1\nArrival-Date: Sat, 21 Nov 2026 09:00:00 +0700\n\n",
    b"Final-Recipient: rfc822; khong-co@vidu.example\nOriginal-Recipient: rfc822;khong-co@vidu.example\nAction: failed\nStatus: 5.1.1\n",
    b"Remote-MTA: dns; mx.vidu.example\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n\n",
    b"--9A1.163/mx\nContent-Type: text/rfc822-headers\n\nSubject: x\n\n--9A1.163/mx--\n",
)
POSTFIX_DELAY = POSTFIX.replace(b"Action: failed\nStatus: 5.1.1", b"Action: delayed\nStatus: 4.4.1").replace(
    b"Undelivered Mail Returned to Sender", b"Delayed Mail (still being retried)"
)
EXCHANGE = _mail(
    b"From: <postmaster@vidu.example>\r\n",
    TO,
    b'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="_6b_"\r\nX-MS-Exchange-Message-Is-Ndr:\r\n\r\n',
    b'--_6b_\r\nContent-Type: multipart/alternative; boundary="_7c_"\r\n\r\n--_7c_\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--_7c_--\r\n',
    b"--_6b_\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;SG2.example\r\nArrival-Date: Sat, 21 Nov 2026 02:00:00 +0000\r\n\r\n",
    b"Final-Recipient: rfc822;day@vidu.example\r\nAction: failed\r\nStatus: 5.2.2\r\n",
    b"Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver; over quota\r\nX-Display-Name: Day\r\n\r\n",
    b"--_6b_\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nbody\r\n--_6b_--\r\n",
)
BASE64_REPORT = _mail(
    b"From: postmaster@x.example\n",
    TO,
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/global-delivery-status\n",
    b"Content-Transfer-Encoding: base64\n\n",
    b64encode("Reporting-MTA: dns; x\n\nFinal-Recipient: utf-8; lê@x.example\nAction: Failed (gone)\nStatus: 5.6.7 (no utf8)\n".encode()),
    b"\n--b--\n",
)
WRAPPED_BY_A_GATEWAY = _mail(
    b"From: x\n",
    TO,
    b"Content-Type: multipart/mixed; boundary=outer\n\n--outer\n",
    POSTFIX.partition(b"MIME-Version: 1.0\n")[2],
    b"\n--outer--\n",
)
GENERIC_STATUS = POSTFIX.replace(b"Status: 5.1.1", b"Status: 5.0.0").replace(b"smtp; 550 5.1.1", b"smtp; 550 5.7.26")
WITHOUT_ACTION = POSTFIX.replace(b"Action: failed\n", b"")
RELAYED = POSTFIX.replace(b"Action: failed\nStatus: 5.1.1", b"Action: relayed\nStatus: 2.0.0").replace(
    b"smtp; 550 5.1.1", b"smtp; 250 2.1.5"
)
ONE_OF_TWO = POSTFIX.replace(
    b"Final-Recipient: rfc822; khong-co",
    b"Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.1.5\n\nFinal-Recipient: rfc822; khong-co",
)
QMAIL = _mail(
    b"Return-Path: <>\nFrom: MAILER-DAEMON@mail.vidu.example\n",
    TO,
    b"Subject: failure notice\n\nHi. This is the qmail-send program at mail.vidu.example.\nI'm afraid I wasn't able to deliver your message",
    b" to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n",
    b"<khong-co@vidu.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n",
)
EXIM = _mail(
    b"From: Mail Delivery System <Mailer-Daemon@vidu.example>\nX-Failed-Recipients: khong-co@vidu.example\nAuto-Submitted: auto-replied\n",
    TO,
    b"References: <x@bhxh.example>\nSubject: Mail delivery failed: returning message to sender\n\nThis message was created automatically by",
    b" mail delivery software (Exim 4.96.2).\n\n  khong-co@vidu.example\n    host mx [192.0.2.5.1]: 550 Requested action not taken\n",
)
EXIM_DELAY = EXIM.replace(b"Mail delivery failed: returning message to sender", b"Warning: message delayed 24 hours")
NO_WORDS = _mail(b"Return-Path: <>\n", TO, b"Subject: ?\n\n\xff\xfe\x00")
WITH_A_REPORT_INSIDE = _mail(
    b"From: ai-do@vidu.example\nIn-Reply-To: <x@bhxh.example>\n",
    TO,
    b"Content-Type: multipart/mixed; boundary=q\n\n--q\n\nxem kem theo\n--q\nContent-Type: message/rfc822\n\n",
    POSTFIX,
    b"\n--q--\n",
)
ON_LEAVE = _mail(b"From: ke.toan@vidu.example\n", TO, b"Auto-Submitted: auto-replied\nSubject: Re: x\n\nI am away until 5.1.2027.\n")
ON_LEAVE_IN_VIETNAMESE = _mail(
    b"From: ke.toan@vidu.example\n",
    TO,
    b"Subject: =?UTF-8?B?" + b64encode("Trả lời tự động: nghỉ phép".encode()) + b"?=\n\nT\xc3\xb4i v\xe1\xba\xafng m\xe1\xba\xb7t.\n",
)
SOMEBODY_WROTE_BACK = _mail(
    b"From: ke.toan@vidu.example\nIn-Reply-To: <x@bhxh.example>\n", TO, b"Subject: Re: x\n\nCho hoi 550 5.1.1 la gi?\n"
)
READ_RECEIPT = _mail(
    b"From: ke.toan@vidu.example\n",
    TO,
    b"Content-Type: multipart/report; report-type=disposition-notification; boundary=m\n\n--m\nContent-Type: message/disposition-notification\n\n",
    b"Disposition: manual-action/MDN-sent-manually; displayed\n--m--\n",
)
COMPLAINT = _mail(
    b"From: feedback@vidu.example\n",
    TO,
    b"Content-Type: multipart/report; report-type=feedback-report; boundary=f\n\n--f\nContent-Type: message/feedback-report\n\n",
    b"Feedback-Type: abuse\n--f--\n",
)

SAMPLES: dict[str, tuple[bytes, str, str]] = {
    "postfix": (POSTFIX, "failed", "5.1.1"),
    "postfix, delay": (POSTFIX_DELAY, "delayed", "4.4.1"),
    "postfix, CRLF": (POSTFIX.replace(b"\n", b"\r\n"), "failed", "5.1.1"),
    "postfix, an mbox line before": (b"From MAILER-DAEMON Sat Nov 21 09:00:00 2026\n" + POSTFIX, "failed", "5.1.1"),
    "postfix, cut off after the report": (POSTFIX[: POSTFIX.index(b"Remote-MTA")], "failed", "5.1.1"),
    "exchange": (EXCHANGE, "failed", "5.2.2"),
    "base64, RFC 6533": (BASE64_REPORT, "failed", "5.6.7"),
    "wrapped by a gateway": (WRAPPED_BY_A_GATEWAY, "failed", "5.1.1"),
    "status says nothing, diagnostic does": (GENERIC_STATUS, "failed", "5.7.26"),
    "no action": (WITHOUT_ACTION, "failed", "5.1.1"),
    "relayed": (RELAYED, "delivered", "2.1.5"),
    "one of two failed": (ONE_OF_TWO, "failed", "5.1.1"),
    "qmail": (QMAIL, "failed", "5.1.1"),
    "exim": (EXIM, "failed", ""),
    "exim, delay": (EXIM_DELAY, "delayed", ""),
    "no words at all": (NO_WORDS, "failed", ""),
    "a person forwards somebody's bounce": (WITH_A_REPORT_INSIDE, "answer", ""),
    "on leave": (ON_LEAVE, "answer", ""),
    "on leave, in Vietnamese": (ON_LEAVE_IN_VIETNAMESE, "answer", ""),
    "somebody wrote back": (SOMEBODY_WROTE_BACK, "answer", ""),
    "read receipt": (READ_RECEIPT, "answer", ""),
    "complaint": (COMPLAINT, "answer", ""),
}
"""Name -> mail, what it means, which status it tells."""


def addressed(sample: bytes, token: str) -> bytes:
    """A sample sent to one letter's return path."""
    return sample.replace(b"{token}", token.encode())


def mutated(sample: bytes, random: "object") -> bytes:
    """Bytes flipped, cut, doubled, moved: as a broken or an evil server might send them."""
    from random import Random

    assert isinstance(random, Random)
    changed = bytearray(sample)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(changed) or 1)
        match random.randrange(6):
            case 0:
                changed[at : at + random.randint(1, 40)] = b""
            case 1:
                changed[at:at] = random.randbytes(random.randint(1, 40))
            case 2:
                changed[at:at] = changed[at : at + random.randint(1, 400)] * random.randint(1, 50)
            case 3:
                changed[at : at + 1] = random.choice([b"\r", b"\n\n", b"\x00", b"\xff", b"--", b"=", b'"', b":", b"=?utf-8?b?", b"\n--b\n"])
            case 4:
                del changed[at:]
            case _:
                changed[at:at] = (
                    b"Content-Type: multipart/mixed; boundary=" + random.choice([b"b", b'"', b"\n\n--b\n--b--", b"=?"]) + b"\n\n"
                )
    return bytes(changed)
