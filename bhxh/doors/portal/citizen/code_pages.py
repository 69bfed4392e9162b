"""One's own codes: the book's summary as a QR code, what was issued, taking it back, and a link that shows chosen parts for some minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.credentials.contents import NAMES, Kind
from bhxh.credentials.queries import IssuedCredential, StandingShare, list_issued, list_shares
from bhxh.credentials.share_commands import end_share, end_shares
from bhxh.credentials.shares import LONGEST_MINUTES, PARTS, Part
from bhxh.doors.admission import lets_in
from bhxh.doors.own_codes import give_code, own_book_actor, share_parts, take_back
from bhxh.doors.partners import partners
from bhxh.doors.portal.citizen.book_pages import back_to_book
from bhxh.doors.portal.citizen.own import BOOK, own_frame
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.kernel.actor import Actor
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import VIETNAM, now
from bhxh.kernel.errors import Conflict, NotFound
from bhxh.kernel.who import PERSON, REPRESENTATIVE
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.pages import page
from bhxh.web.qr import Qr, qr_of

_HERE = "/so/ma"
_MADE = "vua-tao"
_TITLE = ("Mã QR và liên kết chia sẻ", "QR codes and links to share")
_MINUTES: Final = (10, 30, LONGEST_MINUTES)
_LONGEST_REFERENCE = 64
_SHOWN = 20
"""LIMIT: codes listed; a person gets a few a year."""
_PART_WORDS: Final[dict[Part, tuple[str, str]]] = {
    Part.IDENTITY: ("Họ tên, ngày sinh, giới tính", "Name, date of birth, sex"),
    Part.NUMBER: ("Số sổ, mã số hoặc mã thẻ", "Number of the book, code or card"),
    Part.VALIDITY: ("Thời hạn, mức hưởng, nơi khám ban đầu", "Validity, benefit level, first facility"),
    Part.MONTHS: ("Tổng số tháng đóng", "Months contributed in all"),
    Part.WORKPLACES: ("Nơi làm việc gần nhất", "Latest workplaces"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    name: str
    state: str
    state_kind: str
    issued_at: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    reference: str
    name: str
    parts: str
    made_at: str
    until: str
    views: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    address: str
    qr: Qr
    until: str

    @property
    def secret(self) -> str:
        """What comes along when the language changes: the address is kept nowhere else."""
        return self.address.rpartition("/")[2]


@signed_in_page("GET", "POST")
@lets_in(PERSON | REPRESENTATIVE)
def codes(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Show, take back, share. What is shared is shown once: its address is kept nowhere."""
    actor, person_id = own_book_actor(signed_in)
    if request.method == "POST" and not is_switch(request):
        match request.POST.get("viec"):
            case "thu-hoi":
                take_back(actor, person_id, _kind(request))
                return see_other(f"{_HERE}?xong=thu-hoi")
            case "dung":
                return _end(request, actor, person_id)
            case "chia-se":
                return _share(request, signed_in, actor, person_id)
    return _show(request, signed_in, actor, person_id)


def _end(request: HttpRequest, actor: Actor, person_id: int) -> HttpResponse:
    """One link, or all of them."""
    one = request.POST.get("lien-ket", "")
    if one:
        end_share(actor=actor, at=now(), person_id=person_id, reference=one[:_LONGEST_REFERENCE])
        return see_other(f"{_HERE}?xong=dung-mot")
    end_shares(actor=actor, at=now(), person_id=person_id)
    return see_other(f"{_HERE}?xong=dung")


def _share(request: HttpRequest, signed_in: SignedIn, actor: Actor, person_id: int) -> HttpResponse:
    kind = _kind(request)
    parts = [part for part in Part if part in PARTS[kind] and part.value in request.POST.getlist("muc")]
    if not parts:
        words = in_words(("Chọn ít nhất một mục để chia sẻ", "Choose at least one part to share"))
        return _show(request, signed_in, actor, person_id, errors=[("muc-" + kind.value, words)])
    minutes = request.POST.get("phut", "")
    chosen = int(minutes) if minutes in {str(one) for one in _MINUTES} else _MINUTES[0]
    address, until = share_parts(actor, person_id, kind, parts=parts, minutes=chosen)
    return _show(request, signed_in, actor, person_id, shared=_shared(address, until))


def _shared(address: str, until: datetime) -> _Shared:
    return _Shared(address=address, qr=qr_of(address), until=until.astimezone(VIETNAM).strftime("%H:%M"))


def _shown_before(request: HttpRequest, links: Sequence[StandingShare]) -> _Shared | None:
    """The link that was made a moment ago, on the page in another language. Only one that stands, and only whoever has its secret."""
    secret = request.POST.get(_MADE, "")[:_LONGEST_REFERENCE]
    found = next((one for one in links if secret and one.reference == sha256_hex(secret.encode(errors="replace"))), None)
    return _shared(partners().credential_issuer.share_address(secret), found.expires_at) if found else None


def _show(
    request: HttpRequest,
    signed_in: SignedIn,
    actor: Actor,
    person_id: int,
    *,
    errors: list[tuple[str, str]] | None = None,
    shared: _Shared | None = None,
) -> HttpResponse:
    qr, why = None, ""
    try:
        qr = qr_of(give_code(actor, person_id, Kind.BOOK_SUMMARY).text)
    except (Conflict, NotFound) as none:
        why = none.text(spoken())
    at, kind = now(), _kind(request)
    links = list_shares(person_id, at=at)
    shared = shared or _shown_before(request, links)
    asked = request.POST.get("phut", "")
    chosen = asked if asked in {str(one) for one in _MINUTES} else str(_MINUTES[0])
    context = {
        "qr": qr,
        "why": why,
        "codes": [_code(one, at) for one in reversed(list_issued(person_id)[-_SHOWN:])],
        "forms": [
            {
                "kind": one.value,
                "name": in_words(NAMES[one]),
                "parts": [
                    {
                        "value": part.value,
                        "words": in_words(_PART_WORDS[part]),
                        "is_chosen": one is kind and part.value in request.POST.getlist("muc"),
                    }
                    for part in Part
                    if part in PARTS[one]
                ],
                "minutes": [
                    {
                        "value": str(minutes),
                        "words": in_words((f"{minutes} phút", f"{minutes} minutes")),
                        "is_chosen": str(minutes) == (chosen if one is kind else str(_MINUTES[0])),
                    }
                    for minutes in _MINUTES
                ],
                "error": dict(errors or ()).get("muc-" + one.value, ""),
                "is_open": one is kind and is_switch(request) and bool(request.POST.getlist("muc")),
            }
            for one in (Kind.BOOK_SUMMARY, Kind.HEALTH_CARD)
        ],
        "errors": errors or (),
        "shared": shared,
        "links": [_link(one) for one in links],
        "done": _done(request),
    }
    frame = own_frame(request, signed_in, BOOK, person_id, back=back_to_book())
    title, status = in_words(_TITLE), 422 if errors else 200
    return page(request, "citizen/codes.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True)


def _kind(request: HttpRequest) -> Kind:
    return Kind.HEALTH_CARD if request.POST.get("loai") == Kind.HEALTH_CARD.value else Kind.BOOK_SUMMARY


def _done(request: HttpRequest) -> str:
    return {
        "thu-hoi": in_words(("Đã thu hồi. Mã cũ không dùng được nữa.", "Taken back. The codes from before no longer hold.")),
        "dung-mot": in_words(
            ("Đã dừng liên kết này. Ai mở nó từ bây giờ không thấy gì.", "The link has ended. Whoever opens it now sees nothing.")
        ),
        "dung": in_words(("Đã dừng mọi liên kết đang chia sẻ.", "Every link that was shared has ended.")),
    }.get(request.GET.get("xong", ""), "")


def _link(one: StandingShare) -> _Link:
    times = (f"đã mở {one.views} lần", f"opened {one.views} times" if one.views != 1 else "opened once")
    return _Link(
        reference=one.reference,
        name=in_words(NAMES[one.kind]),
        parts=", ".join(in_words(_PART_WORDS[part]) for part in one.parts),
        made_at=one.made_at.astimezone(VIETNAM).strftime("%H:%M"),
        until=one.expires_at.astimezone(VIETNAM).strftime("%H:%M"),
        views=in_words(times) if one.views else in_words(("chưa ai mở", "not opened yet")),
    )


def _code(one: IssuedCredential, at: datetime) -> _Code:
    if one.withdrawn_at is not None:
        state, kind = ("Đã thu hồi", "Taken back"), "late"
    elif one.expires_at <= at:
        state, kind = ("Hết hạn", "Expired"), "plain"
    else:
        state, kind = ("Còn hạn", "Not expired"), "ok"
    return _Code(
        name=in_words(NAMES[one.kind]),
        state=in_words(state),
        state_kind=kind,
        issued_at=_day(one.issued_at),
        expires_at=_day(one.expires_at),
    )


def _day(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y")
