"""Who may act for an organisation: its representative sees, gives and ends mandates. Each is confirmed by a fresh sign-in and sealed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from bhxh.access.authority import MandateAct
from bhxh.access.errors import ACC_NO_MANDATE_FOUND
from bhxh.access.machine_queries import list_programs
from bhxh.access.mandate_commands import grant_mandate, revoke_mandate
from bhxh.access.mandate_documents import revocation_content
from bhxh.access.mandate_errors import ACC_OTHER_CONTENT
from bhxh.access.mandate_queries import get_mandate, list_documents, list_holders, list_mandates
from bhxh.access.permissions import check_grant_mandate
from bhxh.access.roles import MandateRole
from bhxh.doors.admission import lets_in
from bhxh.doors.mandating import HolderKind, WishedMandate, confirmed_by, content_of, look_at_holders
from bhxh.doors.partners import partners
from bhxh.doors.portal.employer.errors import EMP_BAD_DAY, EMP_NO_ACT
from bhxh.doors.portal.employer.right_view import ACTS, mandates_of, program_of
from bhxh.doors.portal.employer.working import RIGHTS, Working, frame_of_unit, show_to_unit, working_for
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.dossiers import catalogue
from bhxh.dossiers.procedure import FilerKind
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound, Refusal
from bhxh.kernel.who import EMPLOYER
from bhxh.web.languages import in_words, is_switch, spoken
from bhxh.web.pages import page

BACK: Final = (RIGHTS, ("Quyền", "Rights"))
_A_YEAR: Final = timedelta(days=365)
_KINDS: Final = {
    "person": ("Một người", "A person"),
    "organisation": ("Một tổ chức khác", "Another organisation"),
    "program": ("Một phần mềm", "A program"),
}


@signed_in_page("GET")
@lets_in(EMPLOYER)
def rights(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """Mandates and programs, ended ones too. Whoever a mandate names is told of the look. Others than the representative see what they may do."""
    working = working_for(signed_in, "mandates")
    at = now()
    context: dict[str, Any] = {"may_rule": working.may_rule, "role": working.role, "acts": _own_acts(working)}
    if working.may_rule:
        found = list_mandates(employer_id=working.employer_id)
        look_at_holders(working.actor, [one.account for one in found])
        context["mandates"] = mandates_of(found, list_holders([one.mandate_id for one in found]), day_in_vietnam(at))
        context["programs"] = [program_of(one) for one in list_programs(owner_employer_id=working.employer_id, at=at)]
    title = in_words(("Quyền", "Rights"))
    return page(request, "employer/rights.html", context, title=title, frame=frame_of_unit(request, signed_in, working, RIGHTS))


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def give(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """First what it should say; then its words to be read; then, freshly signed in, it is given."""
    working = ruling_for(signed_in)
    typed = request.POST if request.method == "POST" else QueryDict("")
    errors: list[tuple[str, str]] = []
    words: tuple[str, str] = ("", "")
    digest, status = "", 200
    # WHY not where the words are corrected: what was typed comes back, and nothing is judged.
    if request.method == "POST" and not is_switch(request) and "sua" not in request.POST:
        try:
            content, words = content_of(working.actor, working.employer_id, _wish(typed))
            digest = content.sha256
            if "ma-bam" in typed:
                if typed["ma-bam"] != digest:
                    raise Invalid(ACC_OTHER_CONTENT)
                confirmation = confirmed_by(request, signed_in, working.actor, digest)
                key = partners().keys.seal_key("mandate")
                grant_mandate(actor=working.actor, at=now(), content=content, confirmation=confirmation, key=key)
                return see_other(RIGHTS)
        except Refusal as refused:
            errors, status = [(_PLACES.get(refused.where, "so"), refused.text(spoken()))], refused.status
            words = ("", "")
    today = day_in_vietnam(now())
    context = {
        "errors": errors,
        "wrong": dict(errors),
        "words": in_words(words),
        "digest": digest,
        "is_fresh": signed_in.is_fresh(),
        "again": f"/dang-nhap?moi=1&tiep={RIGHTS}/moi",
        "typed": [(name, value) for name in typed for value in typed.getlist(name) if name in _FIELDS],
        "number": typed.get("so", ""),
        "full_name": typed.get("ten", ""),
        "from_day": typed.get("tu", today.strftime("%d/%m/%Y")),
        "until_day": typed.get("den", (today + _A_YEAR).strftime("%d/%m/%Y")),
        "kinds": _choices(_KINDS, [typed.get("loai", "person")]),
        "acts": _choices({act.value: pair for act, pair in ACTS.items()}, typed.getlist("viec")),
        "procedures": _choices(
            {one.slug: (one.title_vi, one.title_en) for one in catalogue.list_procedures() if one.filer is FilerKind.EMPLOYER},
            typed.getlist("thu-tuc"),
        ),
    }
    title = in_words(("Đọc lại trước khi cấp quyền", "Read before you give it") if words[0] else ("Cấp quyền", "Give a mandate"))
    frame = frame_of_unit(request, signed_in, working, RIGHTS, back=BACK)
    return page(request, "employer/give.html", context, title=title, frame=frame, status=status, has_errors=bool(errors), has_form=True)


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def end(request: HttpRequest, signed_in: SignedIn, mandate_id: UUID) -> HttpResponse:
    """From today its holder no longer acts; what was done before stands. Ended twice it is ended once."""
    working = ruling_for(signed_in)
    mandate = get_mandate(mandate_id)
    if mandate.employer_id != working.employer_id:
        raise NotFound(ACC_NO_MANDATE_FOUND)
    look_at_holders(working.actor, [mandate.account])
    at = now()
    today = day_in_vietnam(at)
    is_over = mandate.until_on is not None and mandate.until_on <= today
    error: Refusal | None = None
    if request.method == "POST" and not is_switch(request):
        try:
            if not is_over:
                digest = sha256_hex(revocation_content(mandate_id=mandate_id, until_on=today))
                confirmation = confirmed_by(request, signed_in, working.actor, digest)
                key = partners().keys.seal_key("mandate")
                revoke_mandate(actor=working.actor, at=at, mandate_id=mandate_id, on=today, confirmation=confirmation, key=key)
            return see_other(RIGHTS)
        except Refusal as refused:
            error = refused
    context = {
        "mandate": mandates_of([mandate], list_holders([mandate_id]), today)[0],
        "documents": [one.n for one in list_documents(mandate_id) if one.sealed],
        "is_over": is_over,
        "is_fresh": signed_in.is_fresh(),
        "again": f"/dang-nhap?moi=1&tiep={RIGHTS}/{mandate_id}",
        "errors": [("thu-hoi", error.text(spoken()))] if error else [],
    }
    title = ("Quyền đã cấp", "A mandate")
    return show_to_unit(request, signed_in, working, "mandate", context, title=title, here=RIGHTS, back=BACK, error=error, has_form=False)


def ruling_for(signed_in: SignedIn) -> Working:
    """The organisation's representative. Raises NotAllowed ACC-020."""
    working = working_for(signed_in, "mandates")
    check_grant_mandate(working.actor, employer_id=working.employer_id, authority=working.who.authority)
    return working


_FIELDS: Final = frozenset({"loai", "so", "ten", "viec", "thu-tuc", "tu", "den"})
_PLACES: Final = {"holder": "so", "procedures": "thu-tuc", "viec": "viec", "tu": "tu", "den": "den"}


def _wish(typed: QueryDict) -> WishedMandate:
    kind = typed.get("loai", "")
    acts = [MandateAct(act) for act in typed.getlist("viec") if act in set(MandateAct)]
    if not acts:
        raise Invalid(EMP_NO_ACT, where="viec")
    return WishedMandate(
        kind=cast("HolderKind", kind if kind in _KINDS else "person"),
        number=typed.get("so", "").replace(" ", "")[:60],
        full_name=typed.get("ten", "")[:200],
        role=MandateRole.AUTHORISED if kind == "person" else MandateRole.AGENT,
        acts=acts,
        procedures=typed.getlist("thu-tuc") or None,
        from_on=_day(typed.get("tu", ""), "tu"),
        until_on=_day(typed.get("den", ""), "den"),
    )


def _day(text: str, where: str) -> date:
    parts = text.strip().replace("-", "/").split("/")
    try:
        on, month, year = (int(part) for part in parts)
        return date(year, month, on)
    except (ValueError, OverflowError):
        raise Invalid(EMP_BAD_DAY, where=where) from None


def _choices(words: Mapping[str, tuple[str, str]], chosen: list[str]) -> list[dict[str, Any]]:
    return [{"value": value, "words": in_words(pair), "is_chosen": value in chosen} for value, pair in words.items()]


def _own_acts(working: Working) -> list[str]:
    authority = working.who.authority
    return [in_words(ACTS[act]) for act in sorted(authority.scope.acts)] if authority else []
