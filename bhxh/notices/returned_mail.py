"""Read mail that came back to a return path: the one door for bytes that anybody may send.

Shape:  linear in the size, nothing is executed, decoded twice or recursed into beyond a limit, and no bytes at all make it raise.
        Read are the fields of RFC 3464 (also in their RFC 6533 form) wherever in the first levels the report stands, and, where
        there is none, the sentence of an old server: that a letter came back is known from the address it came back to.
        What a returned original says is never looked at: it may be a report itself.
WHY not the library's parser: it follows nesting by recursion and copies every line through every level.
"""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 1024 * 1024
"""LIMIT: bytes that are read of one mail; a report stands before the returned original, so what is cut off is not missed."""
_HEADER_BYTES = 64 * 1024
_FIELDS = 500
_FIELD_SIGNS = 2000
_DEPTH = 4  # LIMIT: gateways and mailing lists wrap a report once or twice
_PARTS = 30
_GROUPS = 50
_TEXT_BYTES = 32 * 1024

Headers = dict[str, str]


class Meaning(StrEnum):
    """What a returned mail tells of its letter."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    ANSWER = "answer"
    """Not about the delivery: somebody is on leave, wrote back, or complains."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What was read."""

    meaning: Meaning
    status: str = ""
    """Enhanced status code (RFC 3463) such as 5.1.1; empty where none was found."""
    is_report: bool = False
    """Whether it was in the agreed form."""


def read_returned(raw: bytes) -> Returned:
    """What a mail to a return path says. Never raises, whatever the bytes."""
    headers, body = _split(_with_plain_line_ends(raw))
    report = next(_reports(headers, body, depth=0, left=[_PARTS]), None)
    found = None if report is None else _read_report(report)
    if found is not None:
        return found
    if _is_answer(headers):
        return Returned(Meaning.ANSWER)
    return _read_sentence(headers, body)


def header_text(raw: bytes) -> str:
    """The header block, in which a return path is looked for: delivering servers note there whom they deliver to."""
    lines = _with_plain_line_ends(raw[:_HEADER_BYTES])
    return lines.partition(b"\n\n")[0].decode("latin-1")


# -- below: mail as parts --------------------------------------------------------------------------------------------


def _with_plain_line_ends(raw: bytes) -> bytes:
    return raw[:LONGEST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _split(content: bytes) -> tuple[Headers, bytes]:
    """Header fields by lower-case name, the first of each, unfolded; and what follows the empty line."""
    if content.startswith(b"\n"):
        return {}, content[1:]
    block, _, body = content.partition(b"\n\n")
    return _fields(block[:_HEADER_BYTES]), body


def _fields(block: bytes) -> Headers:
    fields: Headers = {}
    unfolded = re.sub(rb"\n[ \t]+", b" ", block).decode("latin-1")
    for line in unfolded.split("\n", _FIELDS)[:_FIELDS]:
        name, colon, value = line.partition(":")
        if colon and len(name) < _FIELD_SIGNS:
            fields.setdefault(name.strip().lower(), value[:_FIELD_SIGNS].strip())
    return fields


def _reports(headers: Headers, body: bytes, *, depth: int, left: list[int]) -> Iterator[bytes]:
    """The delivery-status parts, outermost first as they stand."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        yield _decoded(headers, body)
    elif kind.startswith("multipart/") and depth < _DEPTH:
        for part in _parts(headers, body):
            left[0] -= 1
            if left[0] < 0:
                return
            yield from _reports(*_split(part), depth=depth + 1, left=left)


_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^\s";]{1,200}))', re.IGNORECASE)


def _parts(headers: Headers, body: bytes) -> list[bytes]:
    named = _BOUNDARY.search(headers.get("content-type", ""))
    if named is None:
        return []
    boundary = (named[1] or named[2]).encode("latin-1")
    return re.split(rb"\n--" + re.escape(boundary) + rb"(?:--)?[ \t]*(?:\n|\Z)", b"\n" + body, maxsplit=_PARTS)[1:]


def _decoded(headers: Headers, body: bytes) -> bytes:
    encoding = headers.get("content-transfer-encoding", "").lower()
    if encoding == "base64":
        try:
            return _with_plain_line_ends(a2b_base64(body))
        except NotBase64:
            return b""
    return _with_plain_line_ends(a2b_qp(body)) if encoding == "quoted-printable" else body


# -- below: what they say --------------------------------------------------------------------------------------------

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)", re.ASCII)
_BY_CLASS = {"5": Meaning.FAILED, "4": Meaning.DELAYED, "2": Meaning.DELIVERED}
_BY_ACTION = {
    "failed": Meaning.FAILED,
    "delayed": Meaning.DELAYED,
    "delivered": Meaning.DELIVERED,
    "relayed": Meaning.DELIVERED,
    "expanded": Meaning.DELIVERED,
}


def _read_report(report: bytes) -> Returned | None:
    """The worst that is said of any recipient: a letter has one, but that one may stand for several mailboxes."""
    found: list[Returned] = []
    for group in report.strip(b"\n").split(b"\n\n", _GROUPS)[:_GROUPS]:
        fields = _fields(group.strip(b"\n"))
        action, status = fields.get("action", "").partition("(")[0].strip().lower(), _status_of(fields)
        meaning = _BY_ACTION.get(action) or _BY_CLASS.get(status[:1])
        if meaning is not None:
            found.append(Returned(meaning, status, is_report=True))
    order = (Meaning.FAILED, Meaning.DELAYED, Meaning.DELIVERED)
    return min(found, key=lambda one: order.index(one.meaning), default=None)


def _status_of(fields: Headers) -> str:
    """The status field; where it says only "failed" (x.0.0), what the last server said, if that says more."""
    stated, said = (_STATUS.search(fields.get(name, "")) for name in ("status", "diagnostic-code"))
    if stated is None:
        return said[1] if said else ""
    if stated[1].endswith(".0.0") and said and said[1][0] == stated[1][0]:
        return said[1]
    return stated[1]


_MACHINES = re.compile(r"\b(?:mailer-?daemon|mail-?daemon|post_?master|mdaemon|mail delivery)", re.IGNORECASE)
_ON_LEAVE = re.compile(
    r"out of (?:the )?office|auto(?:matic)?[- ]?(?:reply|response)|on vacation|on leave|trả lời tự động|tự động trả lời|vắng mặt|nghỉ phép",
    re.IGNORECASE,
)


def _is_answer(headers: Headers) -> bool:
    """Whether somebody or somebody's holiday responder answers. Known daemons do not; others betray themselves."""
    kind = headers.get("content-type", "").lower()
    if "disposition-notification" in kind or "feedback-report" in kind:
        return True
    if "x-failed-recipients" in headers or _MACHINES.search(headers.get("from", "")):
        return False
    if headers.get("auto-submitted", "").lower().startswith("auto-replied"):
        return True
    marks = ("x-autoreply", "x-autorespond", "x-auto-reply", "in-reply-to", "references")
    is_marked = any(mark in headers for mark in marks) or "auto_reply" in headers.get("precedence", "").lower()
    return is_marked or _ON_LEAVE.search(_readable(headers.get("subject", ""))) is not None


_SAID = re.compile(r"(?<!\d)[45]\d\d[ -]#?([45]\.[0-7]\.\d{1,2})(?!\d)|#([45]\.[0-7]\.\d{1,2})(?!\d)", re.ASCII)
_BARE = re.compile(r"(?<![\d.])([45]\.[0-7]\.\d{1,2})(?![\d.]*\d)", re.ASCII)
_STILL_TRYING = re.compile(
    r"still (?:being )?(?:retri|try)|(?:will|we'll) (?:be retried|keep|continue|try)|not yet been delivered|delayed mail|delivery delayed"
    r"|message delayed|warning: could not send",
    re.IGNORECASE,
)


def _read_sentence(headers: Headers, body: bytes) -> Returned:
    """A bounce without a report: the letter came back; the status where a server's words hold one."""
    text = _decoded(headers, body[:_TEXT_BYTES]).decode("utf-8", "replace")
    said = _SAID.search(text) or _BARE.search(text)
    status = next((group for group in said.groups() if group), "") if said else ""
    is_delay = _STILL_TRYING.search(f"{headers.get('subject', '')}\n{text}") is not None
    return Returned(Meaning.DELAYED if is_delay else Meaning.FAILED, status)


_ENCODED_WORD = re.compile(r"=\?utf-8\?([bq])\?([^?]{0,400})\?=", re.IGNORECASE)


def _readable(subject: str) -> str:
    """Encoded words of UTF-8 (RFC 2047) as text; others as they stand."""

    def plain(word: re.Match[str]) -> str:
        coded = word[2].encode()
        try:
            content = a2b_base64(coded) if word[1] in "bB" else a2b_qp(coded, header=True)
        except NotBase64:
            return word[0]
        return content.decode("utf-8", "replace")

    return _ENCODED_WORD.sub(plain, subject.encode("latin-1").decode("utf-8", "replace"))
