"""A person's health card and book summary as a QR code that anybody verifies without us."""

from datetime import datetime
from typing import Self

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from bhxh.credentials.contents import Kind
from bhxh.credentials.drawing import draw_svg
from bhxh.credentials.issuing import Issuer
from bhxh.credentials.queries import IssuedCredential
from bhxh.credentials.share_commands import end_shares
from bhxh.credentials.shares import LONGEST_MINUTES, Part
from bhxh.doors.admission import lets_in
from bhxh.doors.own_codes import give_code, own_book_actor, share_parts, take_back
from bhxh.doors.partners import partners
from bhxh.doors.signed_in import SignedIn
from bhxh.kernel.actor import Actor
from bhxh.kernel.clock import now
from bhxh.kernel.who import PERSON, REPRESENTATIVE

router = Router(tags=["credentials"])


class CredentialIn(Schema):
    """Which of the two."""

    kind: Kind


class CredentialOut(Schema):
    """A QR code: its text, and drawn."""

    kind: Kind
    text: str = Field(description="`VNB1:` and Base45 of deflated COSE_Sign1 (docs/credentials.md)")
    svg: str
    issued_at: datetime
    expires_at: datetime
    status_address: str = Field(description="the signed list that says whether it still holds")
    status_index: int

    @classmethod
    def of(cls, issued: IssuedCredential, *, issuer: Issuer) -> Self:
        """From the room's view."""
        return cls(
            kind=issued.kind,
            text=issued.text,
            svg=draw_svg(issued.text),
            issued_at=issued.issued_at,
            expires_at=issued.expires_at,
            status_address=issuer.status_address(issued.list_number),
            status_index=issued.list_index,
        )


@router.post("/credentials", response={201: CredentialOut}, summary="One's own health card or book summary as a QR code")
@lets_in(PERSON | REPRESENTATIVE)
def own_credential(request: HttpRequest, body: CredentialIn) -> Status[CredentialOut]:
    """Asked again it is the same one until half its ninety days are over or something in it changed; a new one replaces the one before."""
    issued = give_code(*_own(request), body.kind)
    return Status(201, CredentialOut.of(issued, issuer=partners().credential_issuer))


class WithdrawnOut(Schema):
    """How many codes no longer hold."""

    withdrawn: int


@router.post("/credentials/withdrawal", response=WithdrawnOut, summary="Take back one's own QR codes of a kind")
@lets_in(PERSON | REPRESENTATIVE)
def withdraw_own(request: HttpRequest, body: CredentialIn) -> WithdrawnOut:
    """For instance because a picture of one went astray. The status list says so at once; the next one asked for is new."""
    return WithdrawnOut(withdrawn=take_back(*_own(request), body.kind))


class ShareIn(Schema):
    """Which of the two, which parts of it, for how long."""

    kind: Kind
    parts: list[Part] = Field(min_length=1, max_length=len(Part))
    minutes: int = Field(10, ge=1, le=LONGEST_MINUTES)


class ShareOut(Schema):
    """What to hand over: an address, and the same as a QR code. It is shown once."""

    address: str
    svg: str
    expires_at: datetime


class SharesEndedOut(Schema):
    """How many were still standing."""

    ended: int


@router.post("/credentials/shares", response={201: ShareOut}, summary="Show parts of one's card or book to somebody for some minutes")
@lets_in(PERSON | REPRESENTATIVE)
def share_own(request: HttpRequest, body: ShareIn) -> Status[ShareOut]:
    """Only the chosen parts are on the page; each opening is in one's list of looks."""
    address, expires_at = share_parts(*_own(request), body.kind, parts=body.parts, minutes=body.minutes)
    return Status(201, ShareOut(address=address, svg=draw_svg(address), expires_at=expires_at))


@router.post("/credentials/shares/ending", response=SharesEndedOut, summary="End everything one shares now")
@lets_in(PERSON | REPRESENTATIVE)
def end_own_shares(request: HttpRequest) -> SharesEndedOut:
    """With effect at once."""
    actor, person_id = _own(request)
    return SharesEndedOut(ended=end_shares(actor=actor, at=now(), person_id=person_id))


def _own(request: HttpRequest) -> tuple[Actor, int]:
    signed_in: SignedIn = request.auth  # type: ignore[attr-defined]
    return own_book_actor(signed_in)
