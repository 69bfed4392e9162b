"""The log's published checkpoints, for anybody who wants to hold us to them: sealed heads, their growth, their time stamps.

Digests, sizes and times; nothing of what the log holds.
"""

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any, Self

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from bhxh.audit.errors import AUD_NO_SUCH_HEAD
from bhxh.audit.proofs import prove_growth
from bhxh.audit.queries import StampSeen, find_sealed_head, find_stamp, get_sealed_head, list_stamps
from bhxh.doors.admission import lets_in
from bhxh.doors.api.shapes import SEALED, produces
from bhxh.kernel.errors import NotFound
from bhxh.kernel.who import ANYBODY

router = Router(tags=["open"])
Size = Annotated[int, Path(ge=1, le=2**62, description="how many rows the log had when that head was sealed")]
_SEALED: dict[str, Any] = produces("application/jose+json", SEALED)


class GrowthOut(Schema):
    """That a log begins with an earlier one: RFC 9162, 2.1.4, to be checked without us."""

    first_size: int
    first_root: str
    size: int
    root: str
    path: list[str] = Field(description="the consistency proof, hexadecimal")


class StampedOut(Schema):
    """One checkpoint in the list."""

    size: int
    root: str
    sealed_at: datetime
    stamped_at: datetime = Field(description="by the authority's clock")
    authority: str

    @classmethod
    def of(cls, stamp: StampSeen) -> Self:
        """From the room's view."""
        head = stamp.head
        return cls(size=head.size, root=head.root.hex(), sealed_at=head.at, stamped_at=stamp.stamped_at, authority=stamp.authority)


class CheckpointOut(StampedOut):
    """A checkpoint whole: with it alone anybody can judge seal and stamp."""

    head: dict[str, str] = Field(description="the sealed head, flattened JWS; its canonical bytes were stamped")
    token: str = Field(description="RFC 3161 time-stamp token, DER in base64")
    certificates: list[str] = Field(description="from the one that stamped up to the root, each DER in base64")


@router.get("/head", auth=None, summary="The latest sealed head of the audit log", openapi_extra=_SEALED)
@lets_in(ANYBODY)
def log_head(request: HttpRequest) -> HttpResponse:
    """Flattened JWS over size, root and time; empty object before the first. Keep it: it is what we can be held to."""
    sealed = find_sealed_head()
    return HttpResponse(sealed.sealed if sealed else b"{}", content_type="application/jose+json")


@router.get("/heads/{size}", auth=None, summary="The head that was sealed at a size", openapi_extra=_SEALED)
@lets_in(ANYBODY)
def head_of_size(request: HttpRequest, size: Size) -> HttpResponse:
    """404 where the log was never sealed at that size."""
    return HttpResponse(get_sealed_head(size).sealed, content_type="application/jose+json")


@router.get("/growth/{first_size}/{size}", auth=None, response=GrowthOut, summary="That a sealed log begins with an earlier one")
@lets_in(ANYBODY)
def growth(request: HttpRequest, first_size: Size, size: Size) -> GrowthOut:
    """Between sizes that were sealed. Whoever kept the earlier head checks that nothing below it was changed, removed or moved."""
    if first_size > size:
        raise NotFound(AUD_NO_SUCH_HEAD, size=first_size)
    first, last = get_sealed_head(first_size), get_sealed_head(size)
    path = [one.hex() for one in prove_growth(first_size, size)]
    return GrowthOut(first_size=first_size, first_root=first.root.hex(), size=size, root=last.root.hex(), path=path)


@router.get("/stamps", auth=None, response=list[StampedOut], summary="Checkpoints: heads stamped by somebody else's clock, latest first")
@lets_in(ANYBODY)
def stamps(
    request: HttpRequest,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="the last size of the page before")] = None,
) -> list[StampedOut]:
    """A page of 100; one is made each hour in which the log grew."""
    return [StampedOut.of(stamp) for stamp in list_stamps(before=before)]


@router.get("/stamps/{size}", auth=None, response=CheckpointOut, summary="A checkpoint: the head, its seal, its time stamp")
@lets_in(ANYBODY)
def checkpoint(request: HttpRequest, size: Size) -> CheckpointOut:
    """404 where no head of that size was stamped."""
    stamp = find_stamp(size)
    if stamp is None:
        raise NotFound(AUD_NO_SUCH_HEAD, size=size)
    listed = StampedOut.of(stamp)
    return CheckpointOut(
        **listed.model_dump(),
        head=orjson.loads(stamp.head.sealed),
        token=b64encode(stamp.token).decode(),
        certificates=[b64encode(one).decode() for one in stamp.certificates],
    )
