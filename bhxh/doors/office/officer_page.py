"""A page of officers: whoever has not shown a security key in this session does that first and comes back; a stale page says so and leads to the new one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from bhxh.access.officer_errors import ACC_NO_SECOND_FACTOR
from bhxh.access.reading_purposes import READING_PURPOSES
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import frame_of_role, is_part, see_other, signed_in_page
from bhxh.kernel.errors import BhxhError, NotAllowed
from bhxh.web.languages import in_words, spoken
from bhxh.web.pages import Frame
from bhxh.web.places import OPERATOR, RECEPTION, Place

KEY_PAGE: Final = "/can-bo/khoa"
QUEUE, BOOKS, DESK, PERSONS, MISTAKES, COUNTER = (f"/can-bo/{name}" for name in ("viec", "so", "so-hoa", "tra-cuu", "bao-sai", "tai-quay"))
REFUSED: Final = f"{COUNTER}/tu-choi"
_ROLE = OfficerRole
_CASE: Final = frozenset({_ROLE.RECEPTION, _ROLE.APPRAISER, _ROLE.APPROVER, _ROLE.SUPERVISOR})
_PLACES_OF: Final[dict[str, frozenset[OfficerRole]]] = {
    QUEUE: _CASE,
    BOOKS: frozenset({_ROLE.APPRAISER, _ROLE.REGISTRAR, _ROLE.APPROVER}),
    DESK: frozenset({_ROLE.CONVERTER}),
    PERSONS: frozenset({role for facts in READING_PURPOSES.values() for role in facts.roles}),
    MISTAKES: _CASE,
    COUNTER: frozenset({_ROLE.RECEPTION}),
}
"""Which roles find anything at a place; the place itself asks again."""
ROLE_WORDS: Final[dict[OfficerRole, tuple[str, str]]] = {
    OfficerRole.RECEPTION: ("Tiếp nhận", "Reception"),
    OfficerRole.APPRAISER: ("Thẩm định", "Appraiser"),
    OfficerRole.APPROVER: ("Phê duyệt", "Approver"),
    OfficerRole.CONVERTER: ("Số hóa", "Converter"),
    OfficerRole.REGISTRAR: ("Quản lý sổ đăng ký", "Registrar"),
    OfficerRole.SUPERVISOR: ("Giám sát", "Supervisor"),
    OfficerRole.OPERATOR: ("Vận hành", "Operator"),
    OfficerRole.AUDITOR: ("Kiểm toán", "Auditor"),
    OfficerRole.DATA_PROTECTION: ("Bảo vệ dữ liệu", "Data protection"),
}


def officers_page(*methods: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """As `signed_in_page`, for officers. Stands above `lets_in`."""

    def stands(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, signed_in: SignedIn, **named: str) -> HttpResponseBase:
            try:
                return view(request, signed_in, **named)
            except NotAllowed as refused:
                if refused.sentence is not ACC_NO_SECOND_FACTOR:
                    raise
                if is_part(request):
                    return HttpResponse(said(refused), status=401, content_type="text/plain; charset=utf-8")
                return see_other(f"{KEY_PAGE}?tiep={quote(request.get_full_path(), safe='')}")

        return signed_in_page(*methods)(answer)

    return stands


def officers_frame(
    request: HttpRequest,
    signed_in: SignedIn,
    here: str,
    officer: OfficerFacts,
    *,
    back: tuple[str, str] | None = None,
    is_wide: bool = False,
) -> Frame:
    """The frame of a page for this officer, who is named as colleagues know them: by login."""
    roles = ", ".join(in_words(ROLE_WORDS[role]) for role in OfficerRole if role in officer.roles)
    frame = frame_of_role(request, signed_in, here, name=officer.login, role=roles, back=back, is_wide=is_wide)
    bar = RECEPTION if OfficerRole.RECEPTION in officer.roles else frame.places
    # WHY the other bar: whoever runs the installation and nothing else has none of these places.
    return replace(frame, places=places_for(officer, bar) or OPERATOR)


def places_for(officer: OfficerFacts, places: Sequence[Place]) -> tuple[Place, ...]:
    """Of the bar, what this officer may open."""
    return tuple(place for place in places if _PLACES_OF.get(place.path, officer.roles) & officer.roles)


def said(error: BhxhError) -> str:
    """What an error says, in the language that is spoken."""
    return error.text(spoken())
