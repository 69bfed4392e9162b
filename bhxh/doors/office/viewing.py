"""Papers looked at beside what is judged: photographs as they came, scans sheet by sheet, anything else to be saved. Nothing here asks a database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from bhxh.warehouse.proving import JPEG, PNG

PICTURES: Final = (JPEG, PNG)
_Response = TypeVar("_Response", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetShown:
    """One side of a paper, or a file that has no sides to look at."""

    address: str
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The way to another sheet: where it stands on a page of its own, and as a part of the page that is open."""

    address: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The sheet that lies open beside a case."""

    picture: str
    """Its address; empty where the file is no scan."""
    number: int
    count: int
    before: Leaf | None
    after: Leaf | None
    file: str
    """Address of the file as it came."""


def viewer_of(*, file: str, media_type: str, count: int, number: int, leaf: Callable[[int], Leaf]) -> Viewer:
    """The sheet of this number, or the nearest there is. `count`: 0 where the file is no scan."""
    at = min(max(number, 1), max(count, 1))
    return Viewer(
        picture=_sheet(file, media_type, at) if count else "",
        number=at,
        count=count,
        before=leaf(at - 1) if at > 1 else None,
        after=leaf(at + 1) if at < count else None,
        file=file,
    )


def sheets_of(file: str, media_type: str, count: int) -> list[SheetShown]:
    """Every sheet of a file, in order; the file itself where it is no scan."""
    sheets = [SheetShown(address=_sheet(file, media_type, n), is_picture=True) for n in range(1, count + 1)]
    return sheets or [SheetShown(address=file, is_picture=False)]


def _sheet(file: str, media_type: str, number: int) -> str:
    return file if media_type in PICTURES else f"{file}/trang/{number}"


def as_it_came(content: bytes, media_type: str) -> HttpResponse:
    """A file of somebody's as an answer: pictures to look at, anything else to save."""
    response = harmless(HttpResponse(content, content_type=media_type))
    response["Content-Disposition"] = "inline" if media_type in PICTURES else "attachment"
    return response


def harmless(response: _Response) -> _Response:
    """Whatever a file of somebody's holds, it runs nowhere and loads nothing."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
