"""Mandates in the database: how far they reach, when they end, who could act on a day as the records stood, and what is sealed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bhxh.access.authority import EVERY_ACT, EVERYTHING, MandateAct, Scope, employer_reference
from bhxh.access.flows import standing_for_claims
from bhxh.access.mandate_documents import MANDATE_TYPE, REVOCATION_TYPE
from bhxh.access.mandate_queries import (
    check_still_in_force,
    find_mandate,
    get_mandate,
    list_documents,
    list_held,
    list_mandates,
    replay,
)
from bhxh.access.permissions import may_file, may_grant_mandate, may_see_dossier, may_withdraw
from bhxh.access.roles import AccountType, EmployerFacts, MandateRole, person_reference
from bhxh.access.tokens import EidClaims
from bhxh.audit.models import Entry
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.errors import BhxhError, Conflict, Invalid, NotAllowed, NotFound
from bhxh.signing.seals import verify_flattened
from tests.mandate_kit import BY, KEYS, grant, mandate, revoke

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 21)
CLERK = EidClaims(
    issuer="https://eid.example",
    sub="o1",
    pin="001190000001",
    full_name="Trần Thị Mẫu",
    birth_date="1990-02-03",
    account_type=AccountType.ORG,
    assurance_level=2,
    org_id="0101234567",
    acting_pin="001190000001",
    jti="j",
    expires_at=AT,
)
COMPANY = EmployerFacts(employer_id=70, legal_representative_pin="001180000009")
CLIENT = EmployerFacts(employer_id=80, legal_representative_pin="001180000008")
FILES = Scope(acts=frozenset({MandateAct.FILE}), procedures=frozenset({"register_employees"}))


def _stand(claims: EidClaims = CLERK, at: datetime = AT, **more: Any) -> Any:
    return standing_for_claims(claims, at=at, request_id="r", purpose="p", **{"employer": COMPANY, **more})


def _code(kind: type[BhxhError] = NotAllowed, **more: Any) -> str:
    with pytest.raises(kind) as caught:
        _stand(**more)
    return caught.value.code


def test_a_mandate_holds_from_its_day_until_before_its_end(db: None) -> None:
    given = {"at": AT, "holder": "eid:x:1"}
    grant(**given, from_on=date(2026, 11, 1), until_on=date(2026, 12, 1))
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    assert [find_mandate(holders=["eid:x:1"], employer_id=70, on=on) is not None for on in days] == [False, True, True, False]
    with pytest.raises(Conflict):
        grant(**given, from_on=date(2026, 11, 30))
    grant(**given, from_on=date(2026, 12, 1))
    with pytest.raises(Invalid) as caught:
        grant(**given, from_on=ON, until_on=ON)
    assert caught.value.code == "ACC-023"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"holder": "machine:m", "role": MandateRole.AUTHORISED}, "ACC-103"),
        ({"holder": "person:7", "role": MandateRole.AGENT}, "ACC-103"),
        ({"holder": "employer:80", "role": MandateRole.LEGAL_REPRESENTATIVE}, "ACC-103"),
        ({"holder": "employer:70"}, "ACC-105"),
        ({"holder": "person:7", "scope": Scope(acts=frozenset())}, "ACC-104"),
        ({"holder": "person:7", "scope": Scope(acts=EVERY_ACT, procedures=frozenset())}, "ACC-104"),
        ({"holder": "person:7", "role": MandateRole.LEGAL_REPRESENTATIVE, "scope": FILES}, "ACC-104"),
        ({"holder": "person:7", "from_on": date(2028, 1, 1)}, "ACC-109"),
        ({"holder": "person:7", "from_on": date(9999, 1, 1)}, "ACC-109"),
        ({"holder": "person:7", "until_on": date(2032, 1, 1)}, "ACC-109"),
    ],
)
def test_what_cannot_be_is_not_granted(db: None, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        grant(at=AT, **{"from_on": ON, **more})
    assert caught.value.code == code
    assert not Entry.objects.filter(verb="access.mandate.grant").exists()


def test_the_strongest_mandate_is_found(db: None) -> None:
    for role in (MandateRole.AUTHORISED, MandateRole.LEGAL_REPRESENTATIVE):
        grant(at=AT, holder="eid:x:1", role=role, from_on=ON)
    grant(at=AT, holder="person:7", scope=FILES, from_on=ON)
    found = find_mandate(holders=["person:7", "eid:x:1"], employer_id=70, on=ON)
    assert found is not None and found.role is MandateRole.LEGAL_REPRESENTATIVE
    assert [held.account for held in list_held(holders=["person:7"], on=ON)] == ["person:7"]


# -- ending -----------------------------------------------------------------------------------------------------------


def test_a_revoked_mandate_ends_at_once_and_says_since_when(db: None) -> None:
    given = grant(at=AT, holder=CLERK.account, from_on=date(2026, 11, 1))
    made = _stand()
    assert (made.actor.employer_id, made.actor.mandate_id) == (70, given)
    check_still_in_force(made.actor, AT)
    revoke(given, at=AT, on=ON)
    assert _code() == "ACC-101"
    with pytest.raises(NotAllowed) as caught:
        check_still_in_force(made.actor, AT)
    assert (caught.value.code, caught.value.parameters) == ("ACC-101", {"day": "21/11/2026"})
    for gone in (given, uuid4()):
        with pytest.raises(NotFound):
            revoke(gone, at=AT, on=ON)


def test_a_mandate_expires_by_itself_and_another_may_follow(db: None) -> None:
    grant(at=AT, holder=CLERK.account, from_on=ON, until_on=ON + timedelta(days=1))
    later = AT + timedelta(days=1)
    assert _code(at=later) == "ACC-101"
    grant(at=later, holder=CLERK.account, from_on=ON + timedelta(days=1))
    assert _stand(at=later).actor.employer_id == 70


def test_nothing_is_revoked_backwards(db: None) -> None:
    given = grant(at=AT, holder=CLERK.account, from_on=date(2026, 11, 1))
    with pytest.raises(Invalid) as caught:
        revoke(given, at=AT, on=date(2026, 11, 10))
    assert caught.value.code == "ACC-108"
    assert get_mandate(given).until_on is None


def test_one_not_yet_begun_never_begins(db: None) -> None:
    given = grant(at=AT, holder=CLERK.account, from_on=date(2026, 12, 1))
    revoke(given, at=AT, on=ON)
    assert get_mandate(given).until_on == date(2026, 12, 1)
    assert list_mandates(employer_id=70, on=date(2026, 12, 1)) == ()
    assert [one.mandate_id for one in list_mandates(employer_id=70)] == [given], "kept, though it never begins"
    again = grant(at=AT, holder=CLERK.account, from_on=ON)
    assert [one.mandate_id for one in list_mandates(employer_id=70, on=date(2026, 12, 1))] == [again], "nor stands in another's way"


def test_nobody_acts_for_an_organisation_that_was_dissolved(db: None) -> None:
    grant(at=AT, holder=CLERK.account, from_on=ON)
    gone = replace(COMPANY, is_dissolved=True)
    assert _code(employer=gone) == "ACC-102"
    assert _code(claims=replace(CLERK, acting_pin=COMPANY.legal_representative_pin), employer=gone) == "ACC-102"


# -- how far it reaches -----------------------------------------------------------------------------------------------


def test_a_mandate_reaches_its_acts_in_its_procedures_and_no_further(db: None) -> None:
    grant(at=AT, holder=CLERK.account, from_on=ON, scope=FILES)
    made = _stand()
    who = {"authority": made.authority}
    assert may_file(made.actor, filer="employer", employer_id=70, procedure="register_employees", **who)
    assert not may_file(made.actor, filer="employer", employer_id=70, procedure="adjust_base", **who)
    assert not may_file(made.actor, filer="employer", employer_id=70, **who), "no procedure named: none in reach"
    assert not may_file(made.actor, filer="employer", employer_id=80, procedure="register_employees", **who)
    assert not may_see_dossier(made.actor, filer_employer_id=70, procedure="register_employees", **who)
    assert not may_withdraw(made.actor, filer_employer_id=70, procedure="register_employees", **who)
    assert not may_grant_mandate(made.actor, employer_id=70, **who)
    assert not may_file(made.actor, filer="employer", employer_id=70, procedure="register_employees"), "no facts, no right"


def test_an_accounting_firm_acts_for_its_client_and_its_clerk_no_further_than_for_the_firm(db: None) -> None:
    """The client gives the firm filing and following; the firm gives its clerk following only."""
    both = Scope(acts=frozenset({MandateAct.FILE, MandateAct.FOLLOW}), procedures=frozenset({"register_employees"}))
    for_client = grant(at=AT, employer_id=80, holder=employer_reference(70), scope=both, from_on=ON)
    assert _code(acting_for=CLIENT) == "ACC-014", "the firm's clerk needs the firm's mandate first"
    grant(at=AT, holder=CLERK.account, scope=Scope(acts=frozenset({MandateAct.FOLLOW})), from_on=ON)
    made = _stand(acting_for=CLIENT)
    assert (made.actor.employer_id, made.actor.mandate_id, made.authority.role) == (80, for_client, MandateRole.AGENT)
    assert may_see_dossier(made.actor, filer_employer_id=80, procedure="register_employees", authority=made.authority)
    assert not may_file(made.actor, filer="employer", employer_id=80, procedure="register_employees", authority=made.authority)
    chief = _stand(claims=replace(CLERK, sub="o9", acting_pin=COMPANY.legal_representative_pin), acting_for=CLIENT)
    assert may_file(chief.actor, filer="employer", employer_id=80, procedure="register_employees", authority=chief.authority)
    assert not may_grant_mandate(chief.actor, employer_id=80, authority=chief.authority), "an agent passes nothing on"
    assert _code(acting_for=replace(CLIENT, is_dissolved=True)) == "ACC-102"
    assert _code(employer=replace(COMPANY, is_dissolved=True), acting_for=CLIENT) == "ACC-102"
    revoke(for_client, at=AT, on=ON)
    assert _code(acting_for=CLIENT) == "ACC-101"


def test_two_roles_in_one_person_are_two_standings(db: None) -> None:
    """Representative of one organisation by the register, clerk of another by mandate, and a citizen: one at a time."""
    from bhxh.access.commands import link_account

    citizen = replace(CLERK, sub="a1", account_type=AccountType.CITIZEN, org_id="", acting_pin="", pin=CLIENT.legal_representative_pin)
    link_account(actor=BY, at=AT, issuer=citizen.issuer, subject=citizen.sub, person_id=7)
    grant(at=AT, holder=person_reference(7), scope=FILES, from_on=ON)
    alone, clerk, chief = (_stand(claims=citizen, employer=None, **more) for more in ({}, {"acting_for": COMPANY}, {"acting_for": CLIENT}))
    assert (alone.actor.employer_id, alone.actor.person_id, alone.authority) == (None, 7, None)
    assert (clerk.actor.employer_id, clerk.authority.role) == (70, MandateRole.AUTHORISED)
    assert (chief.actor.employer_id, chief.authority.role, chief.actor.mandate_id) == (80, MandateRole.LEGAL_REPRESENTATIVE, None)
    assert may_grant_mandate(chief.actor, employer_id=80, authority=chief.authority)
    assert not may_grant_mandate(clerk.actor, employer_id=80, authority=chief.authority), "another's authority is nobody's"
    assert not may_grant_mandate(chief.actor, employer_id=70, authority=chief.authority)
    assert not may_file(clerk.actor, filer="person", person_id=7), "who acts for an organisation does not act for themselves"


# -- the documents ----------------------------------------------------------------------------------------------------


def test_grant_and_revocation_are_sealed_and_name_each_other(db: None) -> None:
    given = grant(at=AT, holder="person:7", scope=FILES, from_on=ON, until_on=date(2027, 11, 21))
    revoke(given, at=AT + timedelta(hours=1), on=ON)
    first, second = list_documents(given)
    granted = orjson.loads(verify_flattened(first.sealed, keys=KEYS, type_name=MANDATE_TYPE, purpose="mandate").payload)
    content = mandate(holder="person:7", scope=FILES, from_on=ON, until_on=date(2027, 11, 21))
    assert granted["mandate_id"] == str(given)
    assert granted["content"] == orjson.loads(orjson.dumps(content.as_json()))
    assert granted["content_sha256"] == content.sha256
    assert granted["confirmation"] == {"how": "paper", "account": BY.account, "reference": "GUQ 12/2026"}
    ended = orjson.loads(verify_flattened(second.sealed, keys=KEYS, type_name=REVOCATION_TYPE, purpose="mandate").payload)
    assert (ended["mandate_id"], ended["mandate_sha256"]) == (str(given), sha256_hex(first.sealed))
    assert ended["until_on"] == "2026-11-21"


def test_the_words_say_everything_in_both_languages(db: None) -> None:
    titles = {"register_employees": ("Báo tăng lao động", "Register employees")}
    vi, en = mandate(holder="person:7", scope=FILES, from_on=ON, until_on=date(2027, 1, 1)).words(titles)
    assert vi == (
        "Công ty Mẫu (0101234565) ủy quyền cho Trần Thị Mẫu (0011*****001) với vai trò nhân viên được ủy quyền. Được làm: lập, ký và nộp hồ"
        " sơ, bổ sung hồ sơ. Thủ tục: Báo tăng lao động. Thời hạn: từ ngày 21/11/2026 đến trước ngày 01/01/2027."
    )
    assert en.endswith("Procedures: Register employees. Period: from 21/11/2026 until before 01/01/2027.")
    assert "mọi thủ tục" in mandate(holder="person:7", from_on=ON).words({})[0]


# -- what an auditor asks ---------------------------------------------------------------------------------------------


def _stood(on: date, known_at: datetime, employer_id: int = 70) -> set[str]:
    return {found.mandate.account for found in replay(employer_id=employer_id, on=on, known_at=known_at)}


def test_who_could_act_is_answered_as_the_records_stood(db: None) -> None:
    first = grant(at=AT, holder="person:7", from_on=date(2026, 11, 1))
    second_at = AT + timedelta(hours=2)
    grant(at=second_at, holder="person:8", from_on=date(2026, 11, 1), until_on=date(2026, 12, 1))
    revoked_at = AT + timedelta(hours=5)
    revoke(first, at=revoked_at, on=ON)
    before_all, minute = AT - timedelta(minutes=1), timedelta(minutes=1)
    assert _stood(ON, before_all) == set()
    assert _stood(ON, AT + minute) == {"person:7"}
    assert _stood(ON, second_at + minute) == {"person:7", "person:8"}
    assert _stood(ON, revoked_at + minute) == {"person:8"}
    assert _stood(date(2026, 11, 10), revoked_at + minute) == {"person:7", "person:8"}, "what it was good for before stays true"
    assert _stood(date(2026, 12, 1), revoked_at + minute) == set()
    assert _stood(ON, revoked_at + minute, employer_id=71) == set()


_STEP = st.tuples(st.sampled_from(["grant", "revoke"]), st.integers(0, 3), st.integers(0, 20), st.integers(1, 20))


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(_STEP, min_size=1, max_size=8))
def test_every_past_answer_stays_what_it_was(database_server: None, steps: list[tuple[str, int, int, int]]) -> None:
    """Whatever is granted and revoked later, an answer as of an earlier instant does not change, and the present one is the table's."""
    from django.db import connection, transaction

    days = [ON + timedelta(days=number) for number in range(0, 45, 5)]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE bhxh_app")
        told: list[tuple[datetime, list[set[str]]]] = []
        granted: list[UUID] = []
        for number, (what, which, start, length) in enumerate(steps):
            at = AT + timedelta(minutes=number)
            try:
                if what == "grant":
                    begin = ON + timedelta(days=start)
                    granted.append(grant(at=at, holder=f"person:{which}", from_on=begin, until_on=begin + timedelta(days=length)))
                elif granted:
                    revoke(granted[which % len(granted)], at=at, on=ON + timedelta(days=start))
            except (Conflict, NotFound):
                pass
            told.append((at, [_stood(day, at) for day in days]))
            assert told[-1][1] == [{one.account for one in list_mandates(employer_id=70, on=day)} for day in days]
        assert [(at, [_stood(day, at) for day in days]) for at, _ in told] == told
        transaction.set_rollback(True)


def test_every_scope_meets_only_what_both_allow() -> None:
    other = Scope(acts=frozenset({MandateAct.FILE, MandateAct.FOLLOW}), procedures=frozenset({"extract"}))
    assert FILES.within(EVERYTHING) == FILES == EVERYTHING.within(FILES)
    nothing = FILES.within(other)
    assert nothing.procedures == frozenset() and not nothing.touches(MandateAct.FILE)
    assert not nothing.reaches(MandateAct.FILE, "register_employees")
