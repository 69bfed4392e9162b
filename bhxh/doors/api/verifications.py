"""Anybody verifies what was put before them: the text of a QR code, or a sealed book as a file."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from bhxh.book.errors import BOK_NOT_A_BOOK
from bhxh.book.states import NAMES, BookState
from bhxh.credentials.contents import Kind
from bhxh.credentials.public_verification import MOST_BYTES, check_book, check_code
from bhxh.credentials.status_lists import STATUS_WORDS, Status
from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import takes
from bhxh.doors.partners import partners
from bhxh.doors.sessions import address_of
from bhxh.kernel.clock import now
from bhxh.kernel.errors import Invalid
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


class CheckedBookOut(Schema):
    """A genuine book: which version, and how it stands."""

    holds: bool
    is_known: bool = Field(description="false: sealed by a key of ours and not in this database")
    book_id: str
    version: int
    is_latest: bool
    state: str
    state_vi: str
    state_en: str
    issued_at: datetime


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
    "/verifications/book",
    auth=None,
    response=CheckedBookOut,
    summary="Is this sealed book genuine, and does it still stand",
    openapi_extra=takes("application/jose+json"),
)
@lets_in(ANYBODY, proof="the sealed file itself")
def verify_book(request: HttpRequest) -> CheckedBookOut:
    """The body is the sealed file, `so-bhxh.json` in the PDF. Nothing of the file is kept."""
    _count(request)
    if len(request.body) > MOST_BYTES:
        raise Invalid(BOK_NOT_A_BOOK, reason=f"> {MOST_BYTES}")
    checked = check_book(request.body, keys=partners().keys.key_set())
    state = checked.present.state if checked.present else checked.book.state
    is_latest = checked.present is not None and checked.present.is_latest
    vi, en = NAMES[state]
    return CheckedBookOut(
        holds=is_latest and state is BookState.ACTIVE,
        is_known=checked.present is not None,
        book_id=checked.book.book_id,
        version=checked.book.version,
        is_latest=is_latest,
        state=state.value,
        state_vi=vi,
        state_en=en,
        issued_at=checked.book.issued_at,
    )


def _count(request: HttpRequest) -> None:
    side = partners().signing_in
    side.limits.check_verification(address_of(request, side))
