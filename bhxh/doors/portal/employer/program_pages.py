"""An organisation's programs: registered by their public keys, their keys turned, shut out when they are no longer wanted."""

from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from bhxh.access.errors import ACC_NO_MACHINE
from bhxh.access.machine_commands import add_machine_key, register_own_machine, retire_machine, retire_machine_key
from bhxh.access.machine_queries import find_program
from bhxh.access.permissions import check_manage_program
from bhxh.access.roles import Grant
from bhxh.doors.admission import lets_in
from bhxh.doors.portal.employer.errors import EMP_NO_KEY, EMP_NO_NAME
from bhxh.doors.portal.employer.right_pages import BACK
from bhxh.doors.portal.employer.right_view import program_of
from bhxh.doors.portal.employer.working import RIGHTS, Working, show_to_unit, working_for
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import see_other, signed_in_page
from bhxh.kernel.clock import day_in_vietnam, now
from bhxh.kernel.errors import Invalid, NotFound, Refusal
from bhxh.kernel.who import EMPLOYER
from bhxh.web.languages import is_switch, spoken

_LONGEST_KEY: Final = 4_000
_PUBLIC: Final = ("kty", "crv", "x", "y", "kid")
_NEW: Final = f"{RIGHTS}/phan-mem/moi"


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def register(request: HttpRequest, signed_in: SignedIn) -> HttpResponse:
    """It may do nothing yet: a mandate says for whom it files. Freshly signed in."""
    working = _owner(signed_in)
    error: Refusal | None = None
    if request.method == "POST" and not is_switch(request):
        try:
            signed_in.check_fresh()
            name = request.POST.get("ten", "").strip()
            if not name:
                raise Invalid(EMP_NO_NAME, where="ten")
            client_id = request.POST.get("ma", "").strip()
            register_own_machine(
                actor=working.actor,
                at=now(),
                client_id=client_id,
                name=name[:200],
                jwks={"keys": [_key(request)]},
                grants=[Grant.FILE_FOR_EMPLOYERS],
                owner_employer_id=working.employer_id,
            )
            return see_other(f"{RIGHTS}/phan-mem/{client_id}")
        except Refusal as refused:
            error = refused
    context = {
        "client_id": request.POST.get("ma", ""),
        "name": request.POST.get("ten", ""),
        "key": request.POST.get("khoa", ""),
        "is_fresh": signed_in.is_fresh(),
        "again": f"/dang-nhap?moi=1&tiep={_NEW}",
        **_said(error),
    }
    title = ("Đăng ký phần mềm", "Register a program")
    return show_to_unit(request, signed_in, working, "register", context, title=title, here=RIGHTS, back=BACK, error=error)


@signed_in_page("GET", "POST")
@lets_in(EMPLOYER)
def program(request: HttpRequest, signed_in: SignedIn, client_id: str) -> HttpResponse:
    """One program: add a key beside the old one, end a key, shut the program out. What closes a door asks for no fresh sign-in."""
    working = _owner(signed_in)
    error: Refusal | None = None
    # Whether another's program exists is not told.
    found = find_program(client_id, at=now())
    if found is None or found.owner_employer_id != working.employer_id:
        raise NotFound(ACC_NO_MACHINE)
    if request.method == "POST" and not is_switch(request):
        try:
            _change(request, signed_in, working, client_id)
            return see_other(f"{RIGHTS}/phan-mem/{client_id}")
        except Refusal as refused:
            error = refused
    context = {
        "program": program_of(found),
        "key": request.POST.get("khoa", ""),
        "is_fresh": signed_in.is_fresh(),
        "again": f"/dang-nhap?moi=1&tiep={RIGHTS}/phan-mem/{client_id}",
        **_said(error),
    }
    title = ("Phần mềm của đơn vị", "A program of yours")
    return show_to_unit(request, signed_in, working, "program", context, title=title, here=RIGHTS, back=BACK, error=error)


def _change(request: HttpRequest, signed_in: SignedIn, working: Working, client_id: str) -> None:
    actor, at = working.actor, now()
    match request.POST.get("viec", ""):
        case "ngung":
            retire_machine(actor=actor, at=at, client_id=client_id, on=day_in_vietnam(at))
        case "ngung-khoa":
            retire_machine_key(actor=actor, at=at, client_id=client_id, kid=request.POST.get("kid", "")[:200], from_at=at)
        case _:
            signed_in.check_fresh()
            add_machine_key(actor=actor, at=at, client_id=client_id, jwk=_key(request))


def _key(request: HttpRequest) -> dict[str, Any]:
    """A public key as JWK. A private one is passed on to be refused: it was given away by being sent."""
    try:
        given = orjson.loads(request.POST.get("khoa", "")[:_LONGEST_KEY])
    except orjson.JSONDecodeError:
        given = None
    if isinstance(given, dict) and isinstance(given.get("keys"), list) and len(given["keys"]) == 1:
        given = given["keys"][0]
    if not isinstance(given, dict) or not all(isinstance(given.get(name), str) for name in _PUBLIC):
        raise Invalid(EMP_NO_KEY, where="khoa")
    return {name: value for name, value in given.items() if name in {*_PUBLIC, "d"}}


def _owner(signed_in: SignedIn) -> Working:
    working = working_for(signed_in, "programs")
    check_manage_program(working.actor, owner_employer_id=working.employer_id, authority=working.who.authority)
    return working


def _said(error: Refusal | None) -> dict[str, Any]:
    if error is None:
        return {"errors": [], "wrong": {}}
    place = error.where if error.where in {"ten", "khoa"} else "ma" if error.code in {"ACC-124", "ACC-125"} else "khoa"
    return {"errors": [(place, error.text(spoken()))], "wrong": {place: error.text(spoken())}}
