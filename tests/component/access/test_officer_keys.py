"""Officers' security keys in the database: the operator's code, one challenge one answer, copied and lost keys, sessions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bhxh.access.commands import appoint_officer, dismiss_officer
from bhxh.access.flows import officer_for_claims, officer_without_key, show_key
from bhxh.access.models import KeyChallenge, KeyInvitation, OfficerKey, SecondFactor
from bhxh.access.officer_key_commands import (
    MOST_KEYS,
    EndOfKey,
    end_officer_key,
    invite_officer_key,
    pose_known_key,
    pose_new_key,
    register_officer_key,
)
from bhxh.access.officer_key_queries import list_officer_keys, list_officers
from bhxh.access.roles import AccountType, OfficerRole
from bhxh.access.security_keys import Site
from bhxh.access.tokens import EidClaims
from bhxh.audit.models import Entry
from bhxh.kernel.actor import Actor, system_actor
from bhxh.kernel.errors import BhxhError, NotAllowed
from sandbox.security_key import SecurityKey

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SITE = Site.of("https://bhxh.vidu.vn", name="BHXH")
BY = system_actor(name="test", request_id="r1", purpose="operation")
EIGHT_HOURS = timedelta(hours=8)
LAN = EidClaims(
    issuer="https://eid.example",
    sub="lan-1",
    pin="001190000001",
    full_name="Trần Thị Mẫu",
    birth_date="1990-02-03",
    account_type=AccountType.CITIZEN,
    assurance_level=2,
    org_id="",
    acting_pin="",
    jti="j",
    expires_at=AT,
)


@pytest.fixture
def officer(db: None) -> Actor:
    for login, claims in (("lan", LAN), ("minh", replace(LAN, sub="minh-1"))):
        appoint_officer(
            actor=BY,
            at=AT,
            login=login,
            account=claims.account,
            agency_code="00101",
            roles=[OfficerRole.APPRAISER],
            from_on=date(2026, 1, 1),
        )
    return officer_without_key(LAN, at=AT, request_id="r", purpose="second_factor")[0]


def register(actor: Actor, key: SecurityKey, *, code: str, at: datetime = AT, session: str = "s1", login: str = "lan") -> str:
    asked = pose_new_key(actor=actor, at=at, site=SITE, session=session, login=login, code=code)
    answer = key.create(asked, origin=SITE.origin)
    return register_officer_key(actor=actor, at=at, site=SITE, session=session, login=login, code=code, name="khóa", answer=answer)


def show(actor: Actor, key: SecurityKey, *, at: datetime = AT, session: str = "s1", login: str = "lan", **lie: Any) -> datetime:
    asked = pose_known_key(actor=actor, at=at, site=SITE, session=session, login=login)
    answer = key.get(asked, origin=SITE.origin, **lie)
    return show_key(actor=actor, at=at, site=SITE, session=session, login=login, answer=answer, lives=EIGHT_HOURS)


def invite(login: str = "lan", at: datetime = AT) -> str:
    return invite_officer_key(actor=BY, at=at, login=login)


def enter(session: str = "s1", at: datetime = AT, claims: EidClaims = LAN) -> Any:
    return officer_for_claims(claims, session=session, at=at, request_id="r", purpose="queue")


def code_of(call: Any) -> str:
    with pytest.raises(BhxhError) as caught:
        call()
    return caught.value.code


def test_without_a_key_no_officer(officer: Actor) -> None:
    assert officer.roles == frozenset(), "only the key gives the roles"
    assert code_of(enter) == "ACC-060"
    assert code_of(lambda: show(officer, SecurityKey())) == "ACC-061"


def test_code_key_session(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    assert code_of(enter) == "ACC-060", "a registered key has still to be shown"
    assert show(officer, key) == AT + EIGHT_HOURS
    actor, facts = enter()
    assert (actor.account, actor.roles, facts.login) == ("officer:lan", frozenset({"APPRAISER"}), "lan")
    assert code_of(lambda: enter("s2")) == "ACC-060", "another session of the same officer"
    assert code_of(lambda: enter(claims=replace(LAN, sub="minh-1"))) == "ACC-060", "another officer in the same session"
    assert code_of(lambda: enter(at=AT + EIGHT_HOURS)) == "ACC-060", "it ends"
    verbs = list(Entry.objects.filter(verb__startswith="access.officer_key").order_by("entry_id").values_list("verb", flat=True))
    assert verbs == [f"access.officer_key.{word}" for word in ("invite", "challenge", "register", "challenge", "show")]


def test_a_code_is_good_once_for_a_day_and_for_one_officer(officer: Actor) -> None:
    code = invite()
    assert KeyInvitation.objects.get(login="lan").code_sha256 != code, "only its digest is kept"
    assert code_of(lambda: register(officer, SecurityKey(), code="AAAA")) == "ACC-065"
    assert code_of(lambda: register(officer, SecurityKey(), code=code, login="minh")) == "ACC-065"
    assert code_of(lambda: register(officer, SecurityKey(), code=code, at=AT + timedelta(hours=24))) == "ACC-065"
    assert code_of(lambda: register(officer, SecurityKey(), code="")) == "ACC-060"
    second = invite()
    assert code_of(lambda: register(officer, SecurityKey(), code=code)) == "ACC-065", "a new code voids the one before"
    register(officer, SecurityKey(), code=second)
    assert code_of(lambda: register(officer, SecurityKey(), code=second)) == "ACC-065"


def test_a_second_key_needs_the_first_and_there_are_not_endlessly_many(officer: Actor) -> None:
    first, second = SecurityKey(), SecurityKey()
    register(officer, first, code=invite())
    assert code_of(lambda: register(officer, second, code="")) == "ACC-060"
    show(officer, first)
    register(officer, second, code="")
    show(officer, second, session="s2")
    assert enter("s2")
    for _ in range(MOST_KEYS - 2):
        register(officer, SecurityKey(), code="")
    assert code_of(lambda: register(officer, SecurityKey(), code="")) == "ACC-067"


def test_a_challenge_is_answered_once_in_its_session_in_time(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    asked = pose_known_key(actor=officer, at=AT, site=SITE, session="s1", login="lan")
    answer = key.get(asked, origin=SITE.origin)

    def answered(session: str = "s1", at: datetime = AT) -> datetime:
        return show_key(actor=officer, at=at, site=SITE, session=session, login="lan", answer=answer, lives=EIGHT_HOURS)

    assert code_of(lambda: answered(session="s2")) == "ACC-063"
    assert code_of(lambda: answered(at=AT + timedelta(minutes=5))) == "ACC-063"
    answered()
    assert code_of(answered) == "ACC-063", "a replay"
    pose_known_key(actor=officer, at=AT, site=SITE, session="s1", login="lan")
    assert code_of(answered) == "ACC-062", "the answer to another challenge"


def test_the_answer_to_a_registration_opens_nothing(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    asked = pose_new_key(actor=officer, at=AT, site=SITE, session="s1", login="lan", code=invite())
    answer = key.get({"publicKey": {**asked["publicKey"], "rpId": SITE.host}}, origin=SITE.origin)
    call = {"actor": officer, "at": AT, "site": SITE, "session": "s1", "login": "lan", "answer": answer, "lives": EIGHT_HOURS}
    assert code_of(lambda: show_key(**call)) == "ACC-063"


def test_another_officers_key_is_unknown(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    minh = officer_without_key(replace(LAN, sub="minh-1"), at=AT, request_id="r", purpose="p")[0]
    register(minh, SecurityKey(), code=invite("minh"), session="s9", login="minh")
    assert code_of(lambda: show(minh, key, session="s9", login="minh")) == "ACC-062"


@pytest.mark.parametrize("counter", [5, 4, 0])
def test_a_copied_key_is_ended_with_all_it_opened(officer: Actor, counter: int) -> None:
    key = SecurityKey(counter=4)
    register(officer, key, code=invite())
    show(officer, key)
    assert OfficerKey.objects.get().counter == 5
    assert code_of(lambda: show(officer, key, session="thief", counter=counter)) == "ACC-064"
    assert code_of(enter) == "ACC-060"
    [kept] = list_officer_keys("lan")
    assert kept.ended_because == "copied"
    assert code_of(lambda: show(officer, key)) == "ACC-061"
    assert Entry.objects.filter(verb="access.officer_key.end", detail__because="copied").count() == 1


def test_a_key_that_never_counts_is_taken(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    for session in ("s1", "s2"):
        show(officer, key, session=session, counter=0)
        assert enter(session)


def test_a_lost_key_closes_its_sessions_and_is_never_registered_again(officer: Actor) -> None:
    lost, other = SecurityKey(), SecurityKey()
    key_id = register(officer, lost, code=invite())
    show(officer, lost)
    register(officer, other, code="")
    show(officer, other, session="s2")
    end_officer_key(actor=officer, at=AT, login="lan", key_id=key_id, because=EndOfKey.LOST)
    assert code_of(enter) == "ACC-060"
    assert enter("s2"), "what the other key opened stays open"
    assert code_of(lambda: end_officer_key(actor=officer, at=AT, login="lan", key_id=key_id, because=EndOfKey.LOST)) == "ACC-068"
    assert code_of(lambda: end_officer_key(actor=officer, at=AT, login="minh", key_id=key_id, because=EndOfKey.LOST)) == "ACC-068"
    assert code_of(lambda: show(officer, lost)) == "ACC-062"
    assert code_of(lambda: register(officer, lost, code=invite())) == "ACC-066"


def test_service_that_ends_ends_the_session(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    show(officer, key)
    dismiss_officer(actor=BY, at=AT, login="lan", on=date(2026, 11, 21))
    assert code_of(enter) == "ACC-015"


def test_what_has_expired_is_swept(officer: Actor) -> None:
    key = SecurityKey()
    register(officer, key, code=invite())
    show(officer, key, session="old")
    pose_known_key(actor=officer, at=AT, site=SITE, session="old", login="lan")
    later = AT + timedelta(days=1)
    show(officer, key, session="new", at=later)
    assert list(SecondFactor.objects.values_list("session", flat=True)) == ["new"]
    assert not KeyChallenge.objects.filter(session="old").exists()


def test_only_operators_invite(officer: Actor) -> None:
    with pytest.raises(NotAllowed) as caught:
        invite_officer_key(actor=officer, at=AT, login="lan")
    assert caught.value.code == "AUD-010"
    invite_officer_key(actor=replace(officer, roles=frozenset({"OPERATOR"})), at=AT, login="lan")


def test_the_operator_sees_who_has_keys(officer: Actor) -> None:
    register(officer, SecurityKey(), code=invite())
    assert [(one.login, one.keys) for one in list_officers()] == [("lan", 1), ("minh", 0)]
    assert [one.login for one in list_officers(after="lan")] == ["minh"]
