"""Who is signed in, and who was signed out by the issuer."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from bhxh.access.errors import ACC_SHUT_OUT, ACC_SIGNED_OUT, NotSignedIn
from bhxh.access.models import Session as Row
from bhxh.access.models import SignedOut
from bhxh.access.roles import AccountType
from bhxh.access.sessions import SHUT_OUT_AT, ActingAs, Session, SessionRules, SessionSummary
from bhxh.access.tokens import EidClaims

HELD_BY = (
    "SELECT holder.person_id FROM access_account AS holder WHERE holder.account = %s AND holder.person_id = %s"
    " AND NOT EXISTS (SELECT FROM access_signed_out AS gone WHERE gone.issuer = %s AND (gone.name = %s OR (gone.name = %s AND gone.at >= %s)))"
    " AND (%s::text IS NULL OR EXISTS (SELECT FROM access_session AS browser WHERE browser.secret_sha256 = %s"
    " AND browser.account = holder.account AND browser.ends_at > %s AND browser.seen_at > %s))"
)
"""The person, where the account is linked to that person now and what was presented still holds: `held_by_parameters`.

For statements of higher rooms that prove and read at once.
"""


def held_by_parameters(
    claims: EidClaims, *, person_id: int, at: datetime, secret_sha256: str | None = None, idle: timedelta = timedelta()
) -> tuple[Any, ...]:
    """What `HELD_BY` takes, in its order. `secret_sha256` where a session was presented and not a token."""
    signed_out = (claims.issuer, f"sid:{claims.sid}", f"sub:{claims.sub}", claims.issued_at or at)
    return claims.account, person_id, *signed_out, secret_sha256, secret_sha256, at, at - idle


def find_session(secret_sha256: str, *, at: datetime, rules: SessionRules) -> Session | None:
    """The session of this secret, where it is not over."""
    # WHY the notice too: it may have come while the session was being made, and so found nothing to end.
    signed_out = SignedOut.objects.filter(issuer=OuterRef("issuer"), name=Concat(Value("sid:"), OuterRef("sid")))
    open_now = Row.objects.filter(secret_sha256=secret_sha256, ends_at__gt=at, seen_at__gt=at - rules.idle)
    row = open_now.exclude(Exists(signed_out)).first()
    return None if row is None else _session(row)


def list_sessions(account: str, *, at: datetime, rules: SessionRules) -> tuple[SessionSummary, ...]:
    """Every open session of an account, the newest first; as many as the rules allow."""
    rows = Row.objects.filter(account=account, ends_at__gt=at, seen_at__gt=at - rules.idle).order_by("-begun_at")[: rules.per_account]
    return tuple(SessionSummary(session_id=row.session_id, begun_at=row.begun_at, seen_at=row.seen_at, device=row.device) for row in rows)


def check_not_signed_out(claims: EidClaims) -> None:
    """Raises NotSignedIn ACC-033 where the sign-in that these claims come from was ended, ACC-039 where the account was shut out."""
    of_account = Q(name=f"sub:{claims.sub}")
    if claims.issued_at is not None:
        of_account &= Q(at__gte=claims.issued_at)
    # An empty sid matches nothing: none is ever noted.
    gone = SignedOut.objects.filter(of_account | Q(name=f"sid:{claims.sid}"), issuer=claims.issuer)
    latest = gone.order_by("-at").values_list("at", flat=True).first()
    if latest is not None:
        raise NotSignedIn(ACC_SHUT_OUT if latest == SHUT_OUT_AT else ACC_SIGNED_OUT)


def has_ended(at: datetime, *, rules: SessionRules) -> bool:
    """Whether there is anything to forget."""
    ended = Q(ends_at__lte=at) | Q(seen_at__lte=at - rules.idle)
    return Row.objects.filter(ended).exists() or SignedOut.objects.filter(kept_until__lte=at).exists()


def count_sessions() -> int:
    """How many rows there are, ended ones not yet forgotten included."""
    return Row.objects.count()


def _session(row: Row) -> Session:
    account_type = AccountType(row.account_type)
    claims = EidClaims(
        issuer=row.issuer,
        sub=row.subject,
        pin=row.pin,
        full_name="",
        birth_date="",
        account_type=account_type,
        assurance_level=row.assurance_level,
        org_id=row.org_id,
        acting_pin=row.pin if account_type is AccountType.ORG else "",
        jti="",
        expires_at=row.ends_at,
        issued_at=None,
        signed_in_at=row.signed_in_at,
        sid=row.sid,
        methods=tuple(row.methods),
    )
    return Session(
        session_id=row.session_id,
        secret_sha256=row.secret_sha256,
        claims=claims,
        acting_as=ActingAs(row.acting_as),
        employer_id=row.employer_id,
        begun_at=row.begun_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
        device=row.device,
    )
