"""A page of officers: whoever has not shown a security key in this session does that first and comes back; a stale page says so and leads to the new one."""

from collections.abc import Callable
from functools import wraps
from typing import Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from bhxh.access.officer_errors import ACC_NO_SECOND_FACTOR
from bhxh.access.roles import OfficerFacts, OfficerRole
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import frame_of_role, see_other, signed_in_page
from bhxh.kernel.errors import BhxhError, NotAllowed
from bhxh.web.languages import in_words, spoken
from bhxh.web.pages import Frame

KEY_PAGE: Final = "/can-bo/khoa"
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


def officers_page(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """As `signed_in_page`, for officers. Stands above `lets_in`."""

    def stands(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, signed_in: SignedIn, **named: str) -> HttpResponse:
            try:
                return view(request, signed_in, **named)
            except NotAllowed as refused:
                if refused.sentence is not ACC_NO_SECOND_FACTOR:
                    raise
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
    return frame_of_role(request, signed_in, here, name=officer.login, role=roles, back=back, is_wide=is_wide)


def said(error: BhxhError) -> str:
    """What an error says, in the language that is spoken."""
    return error.text(spoken())
