"""Who confirms by this request, and how freshly they are signed in: what a sealed confirmation says of its signer."""

import re

from django.http import HttpRequest

from bhxh.access.roles import MandateRole
from bhxh.doors.representing import relation_of
from bhxh.doors.signed_in import SignedIn
from bhxh.dossiers.confirming import Signatory
from bhxh.dossiers.counter_flows import OFFICERS_RIGHT
from bhxh.kernel.actor import Actor, ActorKind
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import now
from bhxh.registry.queries import get_person
from bhxh.signing.confirmations import Login, Signer, SignerKind

_PROGRAMS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl", "python-httpx")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
_UNNAMED = "?"


def signatory_of(request: HttpRequest, signed_in: SignedIn, actor: Actor) -> Signatory:
    """The signed-in person, for themselves, for another or for an organisation. Raises NotAllowed ACC-030 where the sign-in is not fresh."""
    signed_in.check_fresh()
    if actor.employer_id is not None:
        right = f"mandate:{actor.mandate_id}" if actor.mandate_id else MandateRole.LEGAL_REPRESENTATIVE.value
    else:
        right = relation_of(actor)
    name = get_person(actor.person_id).full_name if actor.person_id is not None else signed_in.claims.full_name
    signer = Signer(account=actor.account, pin=signed_in.claims.pin, full_name=name)
    return Signatory(signer=signer, login=_login(request, signed_in), right=right)


def officer_as_signatory(request: HttpRequest, signed_in: SignedIn, actor: Actor) -> Signatory:
    """An officer who signs as officer, within the shift they signed in for."""
    assert actor.kind is ActorKind.OFFICER, "only an officer signs as one"
    signer = Signer(account=actor.account, pin="", full_name="", kind=SignerKind.OFFICER)
    return Signatory(signer=signer, login=_login(request, signed_in), right=OFFICERS_RIGHT)


def device_hint(user_agent: str) -> str:
    """Kind of program and system, and nothing that tells one device from another."""
    program = next((name for name in _PROGRAMS if name in user_agent), _UNNAMED)
    system = next((name for name in _SYSTEMS if re.search(rf"\b{name}\b", user_agent)), _UNNAMED)
    return f"{program}, {system}"


def _login(request: HttpRequest, signed_in: SignedIn) -> Login:
    claims, session = signed_in.claims, signed_in.session
    named = session.secret_sha256 if session is not None else sha256_hex((claims.sid or claims.jti).encode())
    return Login(
        issuer=claims.issuer,
        assurance_level=claims.assurance_level,
        # WHY an old time where none is told: what does not say when is never fresh.
        authenticated_at=claims.signed_in_at or now().replace(year=1970),
        session_sha256=named,
        device=device_hint(str(request.META.get("HTTP_USER_AGENT", ""))),
    )
