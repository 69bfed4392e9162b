"""Anybody verifies what was put before them: the text of a QR code, or a file of ours."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from bhxh.credentials.contents import Kind
from bhxh.credentials.public_verification import check_code
from bhxh.credentials.status_lists import STATUS_WORDS, Status
from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import takes
from bhxh.doors.partners import partners
from bhxh.doors.public_verification import check_announced, check_file
from bhxh.doors.sessions import address_of
from bhxh.kernel.clock import now
from bhxh.kernel.who import ANYBODY
from bhxh.signing.cose_seals import MOST_CHARACTERS

router = Router(tags=["open"])


class CodeIn(Schema):
    """The text as a scanner reads it."""

    text: str = Field(min_length=1, max_length=MOST_CHARACTERS, pattern=r"^[^\x00]*$")


class CheckedCodeOut(Schema):
    """A genuine code: what it says, and whether it still holds."""

    holds: bool
    status: str = Field(description="valid, withdrawn, suspended, replaced")
    status_vi: str
    status_en: str
    reason: str
    kind: Kind
    content: dict[str, Any] = Field(description="docs/credentials.md says what each key means; compare the name with the identity card")
    issued_at: datetime
    expires_at: datetime


class CheckedFileOut(Schema):
    """A genuine file: what it is, how it stands, in one sentence."""

    holds: bool
    kind: str = Field(description="book, QR code, receipt, decision, extract, consent receipt, mandate, confirmation, log head, ...")
    status: str = Field(description="valid, withdrawn, suspended, replaced; empty where nothing is kept by which it could cease to hold")
    sentence_vi: str
    sentence_en: str
    reason: str
    is_known: bool = Field(description="false: a book sealed by a key of ours and not in this database")
    book_id: str
    version: int | None
    sha256: str = Field(description="of the sealed original")


@router.post(
    "/verifications", auth=None, response=CheckedCodeOut, summary="Is this QR code of a card or a book genuine, and does it still hold"
)
@lets_in(ANYBODY, proof="the sealed code itself")
def verify_code(request: HttpRequest, body: CodeIn) -> CheckedCodeOut:
    """A POST, so that no code stands in an address. Its holder sees that it was verified here; who verifies offline leaves no trace."""
    _count(request)
    request_id = str(request.META["BHXH_REQUEST_ID"])
    checked = check_code(body.text.strip("\r\n"), at=now(), keys=partners().keys.key_set(), request_id=request_id)
    credential, standing = checked.credential, checked.standing
    vi, en = STATUS_WORDS[standing.status]
    return CheckedCodeOut(
        holds=standing.status is Status.VALID,
        status=standing.name,
        status_vi=vi,
        status_en=en,
        reason=standing.reason,
        kind=credential.kind,
        content={str(name): value.hex() if isinstance(value, bytes) else value for name, value in credential.content.items()},
        issued_at=credential.issued_at,
        expires_at=credential.expires_at,
    )


@router.post(
    "/verifications/file",
    auth=None,
    response=CheckedFileOut,
    summary="Is this file genuine, and does it still hold: a PDF of ours, a sealed JSON file, the text of a QR code",
    openapi_extra=takes("application/octet-stream"),
)
@lets_in(ANYBODY, proof="the sealed file itself")
def verify_file(request: HttpRequest) -> CheckedFileOut:
    """The body is the file. Nothing of it is kept, and of what it says only a book's number is repeated."""
    _count(request)
    check_announced(request.META.get("CONTENT_LENGTH", ""))
    request_id = str(request.META["BHXH_REQUEST_ID"])
    known = partners()
    checked = check_file(request.body, at=now(), keys=known.keys.key_set(), trust=known.trust(), request_id=request_id)
    return CheckedFileOut(
        holds=checked.holds,
        kind=checked.kind,
        status=checked.standing.name if checked.standing else "",
        sentence_vi=checked.sentence[0],
        sentence_en=checked.sentence[1],
        reason=checked.standing.reason if checked.standing else "",
        is_known=checked.book is None or checked.standing is not None,
        book_id=checked.book.book_id if checked.book else "",
        version=checked.book.version if checked.book else None,
        sha256=checked.sha256,
    )


def _count(request: HttpRequest) -> None:
    side = partners().signing_in
    side.limits.check_verification(address_of(request, side))
