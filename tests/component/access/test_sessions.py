"""Sessions in the database: begun, renewed, chosen for a role, ended from here and from the e-ID."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from bhxh.access.commands import link_account
from bhxh.access.errors import NotSignedIn
from bhxh.access.models import Session as Row
from bhxh.access.models import SignedOut
from bhxh.access.ports import IdentityProvider
from bhxh.access.session_commands import (
    choose_role,
    end_session,
    end_sessions,
    end_signed_out,
    let_in_again,
    note_seen,
    renew_session,
    shut_out,
)
from bhxh.access.session_flows import NewSession, holder, sign_in, sweep
from bhxh.access.session_queries import HELD_BY, check_not_signed_out, find_session, held_by_parameters, list_sessions
from bhxh.access.sessions import ActingAs, Session, SessionRules, digest_of
from bhxh.access.sign_in_requests import SignInRequest, make_request
from bhxh.access.tokens import EidClaims, SignedOutClaims
from bhxh.audit.models import Entry
from bhxh.kernel.errors import NotAllowed, NotFound
from tests.component.access.test_access import AT, BY, CITIZEN, CLERK, ISSUER

RULES = SessionRules(per_account=3)
CLAIMS = replace(CITIZEN, issued_at=AT, signed_in_at=AT - timedelta(seconds=3), sid="s-1", methods=("pwd", "face"))


class _Eid:
    """The port, saying what it is told to say."""

    def __init__(self, claims: EidClaims) -> None:
        self.claims = claims

    def redeem(self, *, request: SignInRequest, code: str, sender: str | None, at: datetime) -> EidClaims:
        return self.claims


def _sign_in(claims: EidClaims = CLAIMS, *, at: datetime = AT, present: Session | None = None, is_fresh_wanted: bool = False) -> NewSession:
    provider: IdentityProvider = _Eid(claims)  # type: ignore[assignment]
    return sign_in(
        provider=provider,
        request=make_request(secret=b"s", browser="b", return_to="/", is_fresh_wanted=is_fresh_wanted, at=at),
        code="c",
        sender=None,
        present=present,
        device="Firefox on Linux",
        at=at,
        request_id="r",
        rules=RULES,
    )


def _find(secret: str, at: datetime = AT) -> Session | None:
    return find_session(digest_of(secret), at=at, rules=RULES)


def _notice(jti: str = "o-1", **more: Any) -> SignedOutClaims:
    return SignedOutClaims(**{"issuer": ISSUER, "sub": "", "sid": "s-1", "jti": jti, "issued_at": AT, **more})


def test_a_session_says_what_the_e_id_said_and_not_the_name(db: None) -> None:
    made = _sign_in()
    found = _find(made.secret)
    assert found is not None and found.session_id == made.session_id
    assert found.claims == replace(CLAIMS, full_name="", birth_date="", jti="", issued_at=None, expires_at=AT + RULES.longest)
    assert (found.acting_as, found.employer_id, found.device) == (ActingAs.SELF, None, "Firefox on Linux")
    row = Row.objects.get()
    assert made.secret not in str(vars(row)) and CLAIMS.full_name not in str(vars(row))


def test_it_is_journalled_without_personal_data(db: None) -> None:
    _sign_in()
    entry = Entry.objects.get(verb="access.session.begin")
    assert (entry.account, entry.purpose) == (CLAIMS.account, "sign_in")
    assert CLAIMS.pin not in str(entry.detail)
    assert entry.detail["level"] == 2


def test_level_one_gets_no_session(db: None) -> None:
    with pytest.raises(NotAllowed, match="ACC-010"):
        _sign_in(replace(CLAIMS, assurance_level=1))
    assert not Row.objects.exists()


def test_nobody_is_found_by_another_secret_or_by_what_the_table_holds(db: None) -> None:
    made = _sign_in()
    assert _find(digest_of(made.secret)) is None
    assert _find("") is None


def test_it_ends_when_idle_and_at_the_latest(db: None) -> None:
    made = _sign_in()
    assert _find(made.secret, AT + RULES.idle - timedelta(seconds=1)) is not None
    assert _find(made.secret, AT + RULES.idle) is None
    moment = AT
    while moment < AT + RULES.longest - timedelta(minutes=20):
        moment += timedelta(minutes=20)
        note_seen(session_id=made.session_id, at=moment)
    assert _find(made.secret, AT + RULES.longest - timedelta(seconds=1)) is not None
    assert _find(made.secret, AT + RULES.longest) is None


def test_being_there_is_written_down_once_a_minute(db: None) -> None:
    made = _sign_in()
    for seconds in (10, 59, 61, 90):
        note_seen(session_id=made.session_id, at=AT + timedelta(seconds=seconds))
    assert Row.objects.get().seen_at == AT + timedelta(seconds=61)


def test_of_too_many_the_oldest_ends(db: None) -> None:
    made = [_sign_in(at=AT + timedelta(seconds=step)) for step in range(5)]
    at = AT + timedelta(seconds=9)
    assert [_find(one.secret, at) is not None for one in made] == [False, False, True, True, True]
    assert [one.session_id for one in list_sessions(CLAIMS.account, at=at, rules=RULES)] == [one.session_id for one in reversed(made[2:])]
    assert Entry.objects.filter(verb="access.session.begin").order_by("entry_id").last().detail["ended"] == 1  # type: ignore[union-attr]


def test_the_same_account_in_the_same_browser_goes_on_under_a_new_secret(db: None) -> None:
    first = _sign_in()
    present = _find(first.secret)
    later = AT + timedelta(minutes=10)
    again = _sign_in(replace(CLAIMS, signed_in_at=later, issued_at=later, sid="s-2"), at=later, present=present)
    assert again.is_renewed and again.session_id == first.session_id and again.secret != first.secret
    assert _find(first.secret, later) is None
    renewed = _find(again.secret, later)
    assert renewed is not None and (renewed.claims.signed_in_at, renewed.claims.sid) == (later, "s-2")


def test_somebody_else_in_the_same_browser_begins_anew_and_the_first_is_signed_out(db: None) -> None:
    first = _sign_in()
    other = _sign_in(replace(CLAIMS, sub="a2", sid="s-2"), present=_find(first.secret))
    assert not other.is_renewed and other.session_id != first.session_id
    assert _find(first.secret) is None


def test_a_fresh_sign_in_that_was_not_fresh_confirms_nothing(db: None) -> None:
    stale = replace(CLAIMS, signed_in_at=AT - timedelta(minutes=6))
    for claims in (stale, replace(CLAIMS, signed_in_at=None)):
        with pytest.raises(NotSignedIn, match="ACC-036"):
            _sign_in(claims, is_fresh_wanted=True)
        assert _sign_in(claims).secret  # for other things it is good
    assert _sign_in(is_fresh_wanted=True).secret


def test_another_role_takes_another_secret(db: None) -> None:
    made = _sign_in()
    actor = holder(CLAIMS, request_id="r")
    choose_role(actor=actor, at=AT, session_id=made.session_id, secret_sha256=digest_of("new"), acting_as=ActingAs.EMPLOYER, employer_id=70)
    assert _find(made.secret) is None
    found = _find("new")
    assert found is not None and (found.acting_as, found.employer_id) == (ActingAs.EMPLOYER, 70)


def test_one_can_end_ones_own_sessions_only(db: None) -> None:
    mine, other = _sign_in(), _sign_in(replace(CLAIMS, sub="a2", sid="s-2"))
    actor = holder(CLAIMS, request_id="r")
    for session_id in (other.session_id, UUID(int=7)):
        with pytest.raises(NotFound, match="ACC-037"):
            end_session(actor=actor, at=AT, session_id=session_id, account=CLAIMS.account)
    end_session(actor=actor, at=AT, session_id=mine.session_id, account=CLAIMS.account)
    assert _find(mine.secret) is None and _find(other.secret) is not None
    with pytest.raises(NotFound, match="ACC-037"):
        renew_session(actor=actor, at=AT, session_id=mine.session_id, claims=CLAIMS, secret_sha256="x", rules=RULES)


def test_signing_out_everywhere_stops_tokens_too_but_not_the_next_ones(db: None) -> None:
    made = [_sign_in() for _ in range(2)]
    assert end_sessions(actor=holder(CLAIMS, request_id="r"), at=AT, issuer=ISSUER, subject="a1") == 2
    assert all(_find(one.secret) is None for one in made)
    assert _refused(CLAIMS) == "ACC-033"
    check_not_signed_out(replace(CLAIMS, issued_at=AT + timedelta(seconds=1)))
    check_not_signed_out(replace(CLAIMS, sub="a2"))


def _refused(claims: EidClaims) -> str:
    with pytest.raises(NotSignedIn) as caught:
        check_not_signed_out(claims)
    return caught.value.code


def test_who_is_shut_out_stays_out_until_let_in_again(db: None) -> None:
    made, later = _sign_in(), AT + timedelta(days=3)
    of = {"issuer": ISSUER, "subject": "a1"}
    assert shut_out(actor=BY, at=AT, **of) == 1
    assert _find(made.secret) is None
    end_sessions(actor=holder(CLAIMS, request_id="r"), at=AT, **of)  # neither this nor the e-ID's notice opens the door again
    end_signed_out(actor=BY, at=AT, notice=_notice(sid="", sub="a1"))
    sweep(later, request_id="r", rules=RULES)
    anew = replace(CLAIMS, issued_at=later, signed_in_at=later, sid="s-2")
    assert _refused(anew) == "ACC-039"
    with pytest.raises(NotSignedIn, match="ACC-039"):
        _sign_in(anew, at=later)
    let_in_again(actor=BY, at=later, **of)
    assert _refused(CLAIMS) == "ACC-033"
    assert _sign_in(replace(anew, issued_at=later + timedelta(seconds=1)), at=later).secret
    with pytest.raises(NotFound, match="ACC-040"):
        let_in_again(actor=BY, at=later, **of)
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="access.account").order_by("entry_id")] == [
        "access.account.shut_out",
        "access.account.let_in",
    ]


def test_the_e_ids_notice_ends_that_sign_in_and_no_other(db: None) -> None:
    ended, kept = _sign_in(), _sign_in(replace(CLAIMS, sid="s-2"))
    assert end_signed_out(actor=BY, at=AT, notice=_notice()) == 1
    assert _find(ended.secret) is None and _find(kept.secret) is not None
    assert _refused(CLAIMS) == "ACC-033"
    check_not_signed_out(replace(CLAIMS, sid="s-2"))
    with pytest.raises(NotSignedIn, match="ACC-033"):
        _sign_in()


def test_a_notice_that_names_the_account_ends_all_of_it(db: None) -> None:
    made = [_sign_in(), _sign_in(replace(CLAIMS, sid="s-2"))]
    other = _sign_in(replace(CLAIMS, sub="a2", sid="s-3"))
    assert end_signed_out(actor=BY, at=AT, notice=_notice(sid="", sub="a1")) == 2
    assert [_find(one.secret) is None for one in (*made, other)] == [True, True, False]


def test_a_notice_that_names_both_ends_what_fits_both(db: None) -> None:
    made = _sign_in()
    assert end_signed_out(actor=BY, at=AT, notice=_notice(sub="a2")) == 0
    assert Row.objects.filter(session_id=made.session_id).exists()


def test_a_notice_is_good_once(db: None) -> None:
    end_signed_out(actor=BY, at=AT, notice=_notice())
    with pytest.raises(NotSignedIn, match="ACC-004"):
        end_signed_out(actor=BY, at=AT + timedelta(minutes=1), notice=_notice())
    end_signed_out(actor=BY, at=AT, notice=_notice("o-2"))
    end_signed_out(actor=BY, at=AT, notice=_notice(issuer="https://another.example"))


def test_a_notice_that_came_while_the_session_was_being_made_holds(db: None) -> None:
    made = _sign_in()
    SignedOut.objects.create(issuer=ISSUER, name="sid:s-1", at=AT, kept_until=AT + timedelta(hours=13))
    assert _find(made.secret) is None


def test_what_is_over_is_forgotten_in_the_table_and_kept_in_the_log(db: None) -> None:
    _sign_in()
    end_signed_out(actor=BY, at=AT, notice=_notice(sid="s-9"))
    assert sweep(AT + timedelta(minutes=1), request_id="r", rules=RULES) == 0
    assert not Entry.objects.filter(verb="access.session.forget").exists()
    assert sweep(AT + RULES.idle, request_id="r", rules=RULES) == 1
    assert not Row.objects.exists() and SignedOut.objects.exists()
    sweep(AT + timedelta(hours=14), request_id="r", rules=RULES)
    assert not SignedOut.objects.exists()


def test_an_organisations_account_acts_for_it_from_the_start(db: None) -> None:
    made = _sign_in(replace(CLERK, issued_at=AT, sid="s-5"))
    found = _find(made.secret)
    assert found is not None and (found.acting_as, found.claims.org_id) == (ActingAs.EMPLOYER, CLERK.org_id)
    assert found.claims.acting_pin == CLERK.acting_pin


def _held(claims: EidClaims, at: datetime = AT, **more: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HELD_BY, held_by_parameters(claims, person_id=7, at=at, **more))
        return cursor.fetchone() == (7,)


def test_one_statement_proves_a_token_or_a_session_again(db: None) -> None:
    assert not _held(CLAIMS)
    link_account(actor=BY, at=AT, issuer=ISSUER, subject="a1", person_id=7)
    assert _held(CLAIMS)
    made = _sign_in()
    of_session = {"secret_sha256": digest_of(made.secret), "idle": RULES.idle}
    assert _held(CLAIMS, **of_session)
    assert not _held(CLAIMS, secret_sha256=digest_of("another"), idle=RULES.idle)
    assert not _held(replace(CLAIMS, sub="a2"), **of_session)
    assert not _held(CLAIMS, AT + RULES.idle, **of_session)
    end_signed_out(actor=BY, at=AT, notice=_notice())
    assert not _held(CLAIMS) and not _held(CLAIMS, **of_session)
