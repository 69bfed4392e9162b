"""How the system does today, in people's words: what works, what is slow, and what can be done meanwhile."""

from dataclasses import dataclass

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from bhxh.doors.admission import lets_in
from bhxh.doors.portal.page import frame_of
from bhxh.doors.register_words import REGISTERS, SLOW
from bhxh.doors.system_state import SystemState, system_state
from bhxh.kernel.clock import now
from bhxh.kernel.who import ANYBODY
from bhxh.web.failures import failure
from bhxh.web.languages import in_words
from bhxh.web.moments import told
from bhxh.web.pages import page

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Service:
    """One thing people do here."""

    name: str
    is_well: bool
    words: str


@lets_in(ANYBODY)
def state(request: HttpRequest) -> HttpResponse:
    """Counted at most twice a minute, whoever asks how often."""
    frame = frame_of(request)
    try:
        services = services_of(system_state())
    except DatabaseError as error:
        _log.warning("portal.state.no_database", kind=type(error).__name__)
        return failure(request, 503, frame=frame, retry_after_s=60)
    context = {"services": services, "are_all_well": all(one.is_well for one in services), "at": told(now())}
    title = in_words(("Tình trạng hệ thống", "State of the system"))
    response = page(request, "portal/state.html", context, title=title, frame=frame)
    response["Cache-Control"] = "no-store"
    return response


def services_of(found: SystemState) -> list[Service]:
    """In the order in which people meet them. Pure."""
    works = ("Hoạt động bình thường.", "Works as usual.")
    lines = [
        (
            ("Đăng nhập bằng tài khoản định danh điện tử", "Signing in with the e-identification account"),
            found.can_sign_in,
            (
                "Lúc này chưa đăng nhập mới được. Ai đang đăng nhập vẫn làm việc bình thường, đừng đăng xuất. Tra cứu và xác minh không cần đăng nhập.",
                "Nobody can sign in just now. Whoever is signed in works on; do not sign out. Looking up and verifying need no sign-in.",
            ),
        ),
        (("Nộp và theo dõi hồ sơ", "Filing and following dossiers"), True, works),
        (("Xác minh sổ, thẻ, giấy tờ", "Verifying books, cards and letters"), True, works),
        *((REGISTERS[name], name not in found.silent_registers, SLOW) for name in REGISTERS),
        (
            ("Thư báo và phiếu tiếp nhận qua email", "Letters and receipts by e-mail"),
            not found.mail_alarms,
            (
                "Thư có thể đến chậm. Phiếu tiếp nhận và kết quả vẫn có ngay sau khi bạn đăng nhập.",
                "Letters may be late. Receipts and results are there as soon as you sign in.",
            ),
        ),
    ]
    return [Service(in_words(name), is_well, in_words(works if is_well else otherwise)) for name, is_well, otherwise in lines]
