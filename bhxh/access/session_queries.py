"""Who is signed in, and who was signed out by the issuer."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from bhxh.access.errors import ACC_SHUT_OUT, ACC_SIGNED_OUT, NotSignedIn
from bhxh.access.models import Session as Row
from bhxh.access.models import SignedOut
from bhxh.access.prepared import first_row
from bhxh.access.roles import AccountType
from bhxh.access.sessions import SHUT_OUT_AT, ActingAs, Session, SessionRules, SessionSummary
from bhxh.access.tokens import EidClaims

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
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


_COLUMNS = (
    "session_id, secret_sha256, issuer, subject, sid, account_type, assurance_level, pin, org_id, methods, signed_in_at, acting_as,"
    " employer_id, acting_for, device, begun_at, seen_at, ends_at"
)
_FIND = (
    f"SELECT {_COLUMNS} FROM access_session AS browser WHERE secret_sha256 = %s AND ends_at > %s AND seen_at > %s"
    " AND NOT EXISTS (SELECT FROM access_signed_out AS gone WHERE gone.issuer = browser.issuer"
    " AND (gone.name = 'sid:' || browser.sid OR (gone.name = 'sub:' || browser.subject AND gone.at >= browser.begun_at)))"
)
"""WHY what was ended is looked at too: a notice may have come while the session was being made, and so found nothing to end.

WHY no model: every request of a browser asks this, and the ORM takes three times as long to say it.
"""
_OTHER_ROLES = (
    "SELECT EXISTS (SELECT FROM access_officer WHERE account = ANY(%s::text[]))"
    " OR EXISTS (SELECT FROM access_mandate WHERE account = ANY(%s::text[]))"
)
_GONE = "SELECT at FROM access_signed_out WHERE issuer = %s AND (name = %s OR (name = %s AND at >= %s)) ORDER BY at DESC LIMIT 1"


def find_session(secret_sha256: str, *, at: datetime, rules: SessionRules) -> Session | None:
    """The session of this secret, where it is not over."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [secret_sha256, at, at - rules.idle])
        row = cursor.fetchone()
    return None if row is None else _session(row)


def list_sessions(account: str, *, at: datetime, rules: SessionRules) -> tuple[SessionSummary, ...]:
    """Every open session of an account, the newest first; as many as the rules allow."""
    rows = Row.objects.filter(account=account, ends_at__gt=at, seen_at__gt=at - rules.idle).order_by("-begun_at")[: rules.per_account]
    return tuple(SessionSummary(session_id=row.session_id, begun_at=row.begun_at, seen_at=row.seen_at, device=row.device) for row in rows)


def check_not_signed_out(claims: EidClaims) -> None:
    """Raises NotSignedIn ACC-033 where the sign-in that these claims come from was ended, ACC-039 where the account was shut out."""
    with connection.cursor() as cursor:
        # An empty sid matches nothing: none is ever noted.
        cursor.execute(_GONE, [claims.issuer, f"sid:{claims.sid}", f"sub:{claims.sub}", claims.issued_at or _LONG_AGO])
        row = cursor.fetchone()
    if row is not None:
        raise NotSignedIn(ACC_SHUT_OUT if row[0] == SHUT_OUT_AT else ACC_SIGNED_OUT)


def has_other_roles(names: Sequence[str]) -> bool:
    """Whether anybody of these names (an account, a person by reference) was ever given a role besides their own: only then need anybody look
    which they have today.
    """
    row = first_row(_OTHER_ROLES, [list(names)] * 2)
    return bool(row and row[0])


def has_ended(at: datetime, *, rules: SessionRules) -> bool:
    """Whether there is anything to forget."""
    ended = Q(ends_at__lte=at) | Q(seen_at__lte=at - rules.idle)
    return Row.objects.filter(ended).exists() or SignedOut.objects.filter(kept_until__lte=at).exists()


def _session(row: Sequence[Any]) -> Session:
    (session_id, secret_sha256, issuer, subject, sid, account_type, level, pin, org_id, methods, signed_in_at, *rest) = row
    acting_as, employer_id, acting_for, device, begun_at, seen_at, ends_at = rest
    is_organisation = account_type == AccountType.ORG
    claims = EidClaims(
        issuer=issuer,
        sub=subject,
        pin=pin,
        full_name="",
        birth_date="",
        account_type=AccountType(account_type),
        assurance_level=level,
        org_id=org_id,
        acting_pin=pin if is_organisation else "",
        jti="",
        expires_at=ends_at,
        issued_at=None,
        signed_in_at=signed_in_at,
        sid=sid,
        methods=tuple(methods),
    )
    return Session(
        session_id=session_id,
        secret_sha256=secret_sha256,
        claims=claims,
        acting_as=ActingAs(acting_as),
        employer_id=employer_id,
        acting_for=acting_for,
        begun_at=begun_at,
        seen_at=seen_at,
        ends_at=ends_at,
        device=device,
    )
