"""Accounts and officers in the database, and the actors made from them. Mandates and programs: beside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from bhxh.access.commands import appoint_officer, dismiss_officer, link_account
from bhxh.access.errors import NotSignedIn
from bhxh.access.flows import actor_for_portal, officer_without_key, standing_for_claims
from bhxh.access.machine_commands import register_machine
from bhxh.access.permissions import may_file
from bhxh.access.queries import find_account_by_reference, find_officer_by_login, list_subjects
from bhxh.access.roles import AccountType, EmployerFacts, Grant, OfficerRole, person_reference
from bhxh.access.tokens import EidClaims
from bhxh.access.verified_tokens import verify_under_present_keys
from bhxh.audit.models import Entry
from bhxh.kernel.actor import ActorKind, LegalBasis, system_actor
from bhxh.kernel.errors import Conflict, NotAllowed, NotFound
from tests.mandate_kit import grant

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 21)
ISSUER = "https://eid.example"
BY = system_actor(name="test", request_id="r1", purpose="operation")
CITIZEN = EidClaims(
    issuer=ISSUER,
    sub="a1",
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
CLERK = replace(CITIZEN, sub="o1", account_type=AccountType.ORG, org_id="0101234567", acting_pin="001190000001")
COMPANY = EmployerFacts(employer_id=70, legal_representative_pin="001180000009")


def _link(person_id: int = 7, subject: str = "a1", **more: Any) -> str:
    return link_account(actor=BY, at=AT, issuer=ISSUER, subject=subject, person_id=person_id, **more)


def _code(claims: EidClaims, employer: EmployerFacts | None = None) -> str:
    with pytest.raises(NotAllowed) as caught:
        standing_for_claims(claims, at=AT, request_id="r", purpose="own_book", employer=employer)
    return caught.value.code


def test_a_citizen_is_unknown_until_linked_and_then_acts_for_themselves(db: None) -> None:
    assert _code(CITIZEN) == "ACC-011"
    _link()
    actor = standing_for_claims(CITIZEN, at=AT, request_id="r", purpose="own_book").actor
    assert (actor.kind, actor.account, actor.person_id, actor.employer_id) == (ActorKind.PERSON, "eid:eid.example:a1", 7, None)
    assert (actor.legal_basis, actor.assurance_level) == (LegalBasis.OWN_DATA, 2)


def test_level_two_is_needed_even_where_linked(db: None) -> None:
    _link()
    assert _code(replace(CITIZEN, assurance_level=1)) == "ACC-010"


def test_linking_twice_is_the_same_and_to_another_person_a_conflict(db: None) -> None:
    assert _link() == _link()
    with pytest.raises(Conflict) as caught:
        _link(person_id=8)
    assert caught.value.code == "ACC-012"
    found = find_account_by_reference(CITIZEN.account)
    assert found is not None and found.person_id == 7


def test_linking_is_journalled_without_personal_data(db: None) -> None:
    _link()
    entry = Entry.objects.get(verb="access.account.link")
    assert (entry.person_id, entry.detail) == (7, {"account": "eid:eid.example:a1"})


def test_subjects_for_publication_are_those_of_own_accounts(db: None) -> None:
    _link()
    _link(person_id=8, subject="o8", account_type=AccountType.ORG)
    assert list_subjects([7, 8, 9], issuer=ISSUER) == {7: "a1"}


def test_an_organisation_must_be_registered_and_the_clerk_have_a_mandate(db: None) -> None:
    assert _code(CLERK) == "ACC-013"
    assert _code(CLERK, COMPANY) == "ACC-014"
    grant(at=AT, holder=CLERK.account, from_on=ON)
    actor = standing_for_claims(CLERK, at=AT, request_id="r", purpose="register_employees", employer=COMPANY).actor
    assert (actor.employer_id, actor.person_id, actor.legal_basis) == (70, None, LegalBasis.LEGAL_DUTY)


def test_the_legal_representative_needs_no_mandate(db: None) -> None:
    chief = replace(CLERK, acting_pin=COMPANY.legal_representative_pin)
    assert standing_for_claims(chief, at=AT, request_id="r", purpose="p", employer=COMPANY).actor.employer_id == 70


def test_a_mandate_may_name_the_person_before_they_sign_in(db: None) -> None:
    grant(at=AT, holder=person_reference(7), from_on=ON)
    assert _code(CLERK, COMPANY) == "ACC-014"
    assert _code(CLERK, replace(COMPANY, acting_person_id=8)) == "ACC-014"
    actor = standing_for_claims(CLERK, at=AT, request_id="r", purpose="p", employer=replace(COMPANY, acting_person_id=7)).actor
    assert (actor.employer_id, actor.person_id) == (70, 7)


def test_a_portal_files_for_a_citizen_at_level_two_while_it_is_registered(db: None) -> None:
    ask: dict[str, Any] = {"client_id": "npsp", "person_id": 7, "at": AT, "request_id": "r", "purpose": "p"}
    with pytest.raises(NotAllowed) as caught:
        actor_for_portal(assurance_level=2, **ask)
    assert caught.value.code == "ACC-016"
    jwks: Mapping[str, Any] = {"keys": [KEY.as_dict(private=False)]}
    register_machine(actor=BY, at=AT, client_id="npsp", name="NPSP", jwks=jwks, grants=[Grant.FILE_FOR_PERSONS])
    actor, facts = actor_for_portal(assurance_level=2, **ask)
    assert may_file(actor, filer="person", person_id=7, machine=facts)
    assert not may_file(actor, filer="person", person_id=8, machine=facts)
    with pytest.raises(NotAllowed) as caught:
        actor_for_portal(assurance_level=1, **ask)
    assert caught.value.code == "ACC-010"


def test_nobody_represents_where_the_representative_is_unknown(db: None) -> None:
    assert _code(replace(CLERK, acting_pin=""), EmployerFacts(employer_id=70)) == "ACC-014"


def test_an_officer_signs_in_with_their_own_account_while_in_service(db: None) -> None:
    account = _link()
    appoint_officer(
        actor=BY, at=AT, login="an", account=account, agency_code="00101", roles=[OfficerRole.APPRAISER], skills=["extract"], from_on=ON
    )
    actor, facts = officer_without_key(CITIZEN, at=AT, request_id="r", purpose="queue")
    assert (actor.kind, actor.account, actor.person_id) == (ActorKind.OFFICER, "officer:an", 7)
    assert (facts.roles, facts.skills, facts.agency_code) == ({OfficerRole.APPRAISER}, {"extract"}, "00101")
    for claims in (replace(CITIZEN, assurance_level=1), replace(CITIZEN, sub="a2"), replace(CLERK, sub="a1")):
        with pytest.raises(NotAllowed):
            officer_without_key(claims, at=AT, request_id="r", purpose="queue")
    dismiss_officer(actor=BY, at=AT, login="an", on=ON)
    assert find_officer_by_login(login="an", on=ON) is None
    with pytest.raises(NotFound):
        dismiss_officer(actor=BY, at=AT, login="nobody", on=ON)


KEY = ECKey.generate_key("P-256", auto_kid=True)


class _Keys:
    """An issuer that turned its key: the first set is the old one."""

    def __init__(self, *sets: dict[str, Any]) -> None:
        self._sets, self.asked = list(sets), 0

    def get(self, *, is_refresh_wanted: bool = False) -> Mapping[str, Any]:
        self.asked += 1
        return self._sets[-1 if is_refresh_wanted else 0]


def test_a_new_key_of_the_issuer_is_fetched_once() -> None:
    now = int(AT.timestamp())
    claims = {
        "iss": ISSUER,
        "sub": "a1",
        "aud": "bhxh",
        "iat": now,
        "exp": now + 60,
        "jti": "1",
        "pin": CITIZEN.pin,
        "account_type": "CITIZEN",
        "assurance_level": 2,
    }
    token = jwt.encode({"alg": "ES256", "kid": KEY.kid}, claims, KEY, algorithms=["ES256"])
    ask: dict[str, Any] = {"issuer": ISSUER, "audience": "bhxh", "at": AT}
    turned = _Keys({"keys": []}, {"keys": [KEY.as_dict(private=False)]})
    assert verify_under_present_keys(token, keys=turned, **ask).claims.pin == CITIZEN.pin
    assert turned.asked == 2
    with pytest.raises(NotSignedIn) as caught:
        verify_under_present_keys(token, keys=_Keys({"keys": []}), **ask)
    assert caught.value.code == "ACC-003"
