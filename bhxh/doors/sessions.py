"""A signed-in browser, as pages and the API both know it: its cookie, its protection token, the roles it may choose from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from bhxh.access.authority import employer_reference
from bhxh.access.errors import ACC_NOT_FROM_OUR_PAGE, NotFromOurPage
from bhxh.access.limits import Limits
from bhxh.access.mandate_queries import list_held
from bhxh.access.ports import IdentityProvider
from bhxh.access.queries import find_account_by_reference, find_officer
from bhxh.access.roles import AccountType, person_reference
from bhxh.access.session_commands import SEEN_EVERY, note_seen
from bhxh.access.session_queries import find_session, has_other_roles
from bhxh.access.sessions import ActingAs, Session, SessionRules, digest_of, is_csrf_token, own_roles
from bhxh.access.tokens import EidClaims
from bhxh.kernel.clock import day_in_vietnam
from bhxh.registry.employer_history import DISSOLVED, list_represented
from bhxh.registry.queries import find_employer, find_person, list_employers

CSRF_HEADER: Final = "X-CSRF-Token"
_SESSION, _BROWSER = "bhxh-session", "bhxh-sign-in"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_IN_S = 900


@dataclass(frozen=True, kw_only=True)
class SigningIn:
    """What signing in needs of this installation."""

    provider: IdentityProvider
    rules: SessionRules
    limits: Limits
    secret: bytes
    """Of sign-ins under way."""
    is_https: bool
    """Whether browsers reach us by TLS: cookies are `__Host-` and secure then, and only then can they be."""
    proxies: int
    """How many proxies of ours write X-Forwarded-For."""
    client_keys: Callable[[], bytes]
    """The public half of the key by which we prove ourselves to the e-ID (JWKS)."""


def session_secret(request: HttpRequest, side: SigningIn) -> str:
    """What the browser's session cookie holds; empty where there is none."""
    return request.COOKIES.get(_named(_SESSION, side), "")


def browser_name(request: HttpRequest, side: SigningIn) -> str:
    """By what the browser is recognised during a sign-in; empty where it is not."""
    return request.COOKIES.get(_named(_BROWSER, side), "")


def give_session(response: HttpResponse, secret: str, side: SigningIn) -> None:
    """Sign the browser in. The cookie ends with the browser; the session by its own rules."""
    _give(response, _named(_SESSION, side), secret, side, None)
    response.delete_cookie(_named(_BROWSER, side), samesite="Lax")


def give_browser_name(response: HttpResponse, name: str, side: SigningIn) -> None:
    """Recognise the browser when it comes back from the e-ID."""
    _give(response, _named(_BROWSER, side), name, side, _SIGN_IN_S)


def take_session(response: HttpResponse, side: SigningIn) -> None:
    """Sign the browser out, and let it forget what it kept of us."""
    response.delete_cookie(_named(_SESSION, side), samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'


def open_session(request: HttpRequest, side: SigningIn, *, at: datetime) -> Session | None:
    """The session of the request's cookie, where there is one and it is not over."""
    secret = session_secret(request, side)
    session = find_session(digest_of(secret), at=at, rules=side.rules) if secret else None
    if session is not None and at - session.seen_at >= SEEN_EVERY:
        note_seen(session_id=session.session_id, at=at)
    return session


def check_from_our_page(request: HttpRequest, side: SigningIn, *, given: str | None = None) -> None:
    """Something may be changed by cookie only with the session's protection token, in a header or (`given`) in a form's field.

    Raises: NotFromOurPage ACC-032.
    """
    if request.method in _SAFE_METHODS:
        return
    token = given if given is not None else request.headers.get(CSRF_HEADER, "")
    # WHY the browser's word too: it costs nothing, and holds where a token has leaked.
    if is_from_elsewhere(request) or not is_csrf_token(token, secret=session_secret(request, side)):
        raise NotFromOurPage(ACC_NOT_FROM_OUR_PAGE)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site made it ask. Where it says nothing: no."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def address_of(request: HttpRequest, side: SigningIn) -> str:
    """From where the request comes: what the outermost proxy of ours saw. What stands further left, anybody can write."""
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")] if side.proxies else []
    seen = [*passed, str(request.META.get("REMOTE_ADDR", ""))]
    return seen[-1 - side.proxies] if side.proxies < len(seen) else seen[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One of the roles somebody may go on in."""

    acting_as: ActingAs
    employer_id: int | None = None
    name: str = ""
    """Of the organisation."""

    @property
    def name_in_forms(self) -> str:
        """`SELF`, `OFFICER`, `EMPLOYER:<id>`."""
        return self.acting_as.value if self.employer_id is None else f"{self.acting_as.value}:{self.employer_id}"


def has_several_roles(claims: EidClaims, *, at: datetime) -> bool:
    """Whether there is anything to choose. Most people have one role, and signing in need not look further for them."""
    may_have = claims.account_type is AccountType.ORG or bool(list_represented(claims.pin)) or has_other_roles(_names(claims))
    return may_have and len(list_roles(claims, at=at)) > 1


def list_roles(claims: EidClaims, *, at: datetime) -> tuple[Role, ...]:
    """Every role this account has today, by the register and by mandates. An organisation's own account acts for it, and as its clients' agent."""
    on = day_in_vietnam(at)
    if ActingAs.SELF not in own_roles(claims.account_type):
        own = find_employer(tax_code=claims.org_id)
        agent = [employer_reference(own.employer_id)] if own is not None else []
        return (
            Role(acting_as=ActingAs.EMPLOYER, name=own.name if own else ""),
            *_employers({one.employer_id for one in list_held(holders=agent, on=on)}),
        )
    roles = [Role(acting_as=ActingAs.SELF)]
    if find_officer(account=claims.account, on=on) is not None:
        roles.append(Role(acting_as=ActingAs.OFFICER))
    mandated = {mandate.employer_id for mandate in list_held(holders=_names(claims), on=on)}
    return (*roles, *_employers(mandated | set(list_represented(claims.pin))))


def _names(claims: EidClaims) -> tuple[str, ...]:
    """The account, and the person behind it. WHY by number too: whoever was given a mandate may come here for the first time to use it."""
    known = find_account_by_reference(claims.account) or find_person("PIN", claims.pin)
    return (claims.account, *((person_reference(known.person_id),) if known else ()))


def _employers(employer_ids: set[int]) -> list[Role]:
    found = list_employers(employer_ids).values() if employer_ids else ()
    roles = [Role(acting_as=ActingAs.EMPLOYER, employer_id=one.employer_id, name=one.name) for one in found if one.status != DISSOLVED]
    return sorted(roles, key=lambda role: (role.name, role.employer_id or 0))


def _named(name: str, side: SigningIn) -> str:
    # WHY the prefix: browsers take such a cookie only over TLS, from this very host and for all of it; nobody beside us can plant one.
    return f"__Host-{name}" if side.is_https else name


def _give(response: HttpResponse, name: str, value: str, side: SigningIn, age_s: int | None) -> None:
    response.set_cookie(name, value, max_age=age_s, path="/", secure=side.is_https, httponly=True, samesite="Lax")
