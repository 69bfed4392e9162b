"""Programs in the database: who looks after them, their keys, their tokens, and for whom they act."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from bhxh.access.authority import employer_reference, machine_reference
from bhxh.access.commands import use_assertion
from bhxh.access.errors import NotSignedIn
from bhxh.access.machine_commands import (
    add_machine_key,
    register_machine,
    register_own_machine,
    retire_machine,
    retire_machine_key,
)
from bhxh.access.machine_flows import issue_token, machine_for_claims, standing_for_program
from bhxh.access.machine_queries import find_machine, find_program, list_programs
from bhxh.access.machine_tokens import read_program_token
from bhxh.access.models import UsedAssertion
from bhxh.access.permissions import may_file, may_grant_mandate, may_manage_program
from bhxh.access.roles import EmployerFacts, Grant
from bhxh.audit.models import Entry
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import BhxhError, Conflict, Invalid, NotAllowed, NotFound
from bhxh.signing.key_files import FileSealKey
from bhxh.signing.keysets import PublishedKey
from tests.mandate_kit import BY, grant, revoke

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 21)
OURS = "https://bhxh.example"
CLIENT, VENDOR = EmployerFacts(employer_id=70), EmployerFacts(employer_id=90)
KEY, NEXT = ECKey.generate_key("P-256", auto_kid=True), ECKey.generate_key("P-256", auto_kid=True)
_PRIVATE = ec.generate_private_key(ec.SECP256R1())
TOKENS = FileSealKey(_PRIVATE, PublishedKey(kid="mof-token-1", custodian="mof", purpose="token", public=_PRIVATE.public_key()))
CHIEF = Actor(
    kind=ActorKind.PERSON,
    account="eid:eid.example:o9",
    request_id="r",
    purpose="programs",
    legal_basis=LegalBasis.LEGAL_DUTY,
    employer_id=90,
    assurance_level=2,
)


def _public(*keys: ECKey) -> Mapping[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def _register(client: str = "payroll", **more: Any) -> None:
    given = {"name": " Phần mềm  lương ", "jwks": _public(KEY), "grants": [Grant.FILE_FOR_EMPLOYERS], "owner_employer_id": 90}
    register_own_machine(actor=CHIEF, at=AT, client_id=client, **{**given, **more})


def _assertion(key: ECKey = KEY, jti: str = "1", at: datetime = AT, client: str = "payroll") -> str:
    now = int(at.timestamp())
    claims = {"iss": client, "sub": client, "aud": OURS, "iat": now, "exp": now + 60, "jti": jti}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])


def _token(assertion: str | None = None, *, scope: str = "", at: datetime = AT) -> str:
    made = issue_token(assertion or _assertion(at=at), scope=scope, audiences=(OURS,), issuer=OURS, key=TOKENS, at=at, request_id="r")
    return made.access_token


def _machine(token: str, at: datetime = AT) -> Any:
    return machine_for_claims(read_program_token(token, issuer=OURS, key=TOKENS, at=at), at=at)


def _refused(kind: type[BhxhError], call: Any) -> str:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.code


def test_a_program_gets_a_token_for_an_assertion_once(db: None) -> None:
    assert _refused(NotSignedIn, _token) == "ACC-016"
    _register()
    assert _machine(_token()).grants == {Grant.FILE_FOR_EMPLOYERS}
    assert _refused(NotSignedIn, _token) == "ACC-004"
    assert _refused(NotSignedIn, lambda: _token(_assertion(NEXT, jti="2"))) == "ACC-003"
    assert _refused(NotSignedIn, lambda: _token("rubbish")) == "ACC-016"
    assert _refused(Invalid, lambda: _token(_assertion(jti="3"), scope="FILE_FOR_PERSONS")) == "ACC-122"
    later = AT + timedelta(hours=2)
    use_assertion(actor=BY_MACHINE, at=later, client_id="payroll", jti="9")
    assert list(UsedAssertion.objects.values_list("jti", flat=True)) == ["9"], "forgotten when long expired"


BY_MACHINE = replace(CHIEF, kind=ActorKind.MACHINE, account="machine:payroll", employer_id=None, assurance_level=0)


def test_a_token_holds_no_more_than_is_asked_and_than_is_granted_now(db: None) -> None:
    both = [Grant.FILE_FOR_EMPLOYERS, Grant.FILE_FOR_PERSONS]
    register_machine(actor=BY, at=AT, client_id="payroll", name="P", jwks=_public(KEY), grants=both)
    narrow = _token(scope="FILE_FOR_PERSONS")
    assert _machine(narrow).grants == {Grant.FILE_FOR_PERSONS}
    wide = _token(_assertion(jti="2"))
    register_machine(actor=BY, at=AT, client_id="payroll", name="P", jwks=_public(KEY), grants=[Grant.FILE_FOR_EMPLOYERS])
    assert _machine(wide).grants == {Grant.FILE_FOR_EMPLOYERS}, "what was taken back is gone at once"
    assert _machine(narrow).grants == frozenset()


def test_a_retired_program_is_shut_out_at_once(db: None) -> None:
    _register()
    token = _token()
    retire_machine(actor=CHIEF, at=AT, client_id="payroll", on=ON)
    assert _refused(NotSignedIn, lambda: _machine(token)) == "ACC-016"
    assert _refused(NotSignedIn, lambda: _token(_assertion(jti="2"))) == "ACC-016"
    assert (
        _refused(NotFound, lambda: add_machine_key(actor=CHIEF, at=AT, client_id="payroll", jwk=NEXT.as_dict(private=False))) == "ACC-016"
    )
    shown = find_program("payroll", at=AT)
    assert shown is not None and shown.until_on == ON
    assert find_machine(client_id="payroll", at=AT) is None


# -- keys -------------------------------------------------------------------------------------------------------------


def test_keys_are_turned_with_both_good_for_a_while(db: None) -> None:
    _register()
    assert add_machine_key(actor=CHIEF, at=AT, client_id="payroll", jwk=NEXT.as_dict(private=False)) == NEXT.kid
    retire_machine_key(actor=CHIEF, at=AT, client_id="payroll", kid=str(KEY.kid), from_at=AT + timedelta(hours=1))
    old, new = _token(_assertion(KEY, jti="1")), _token(_assertion(NEXT, jti="2"))
    after = AT + timedelta(hours=1)
    assert _refused(NotSignedIn, lambda: _token(_assertion(KEY, jti="3", at=after), at=after)) == "ACC-003"
    assert _machine(_token(_assertion(NEXT, jti="4", at=after), at=after), at=after).client_id == "payroll"
    assert _machine(old).client_id == _machine(new).client_id
    shown = find_program("payroll", at=after)
    assert shown is not None and [(key.kid, key.is_in_force) for key in shown.keys] == [(KEY.kid, False), (NEXT.kid, True)]


def test_a_stolen_key_ends_at_once_and_its_tokens_with_it(db: None) -> None:
    _register(jwks=_public(KEY, NEXT))
    stolen, kept = _token(_assertion(KEY, jti="1")), _token(_assertion(NEXT, jti="2"))
    retire_machine_key(actor=CHIEF, at=AT, client_id="payroll", kid=str(KEY.kid), from_at=AT - timedelta(days=1))
    assert _refused(NotSignedIn, lambda: _machine(stolen)) == "ACC-123"
    assert _machine(kept).client_id == "payroll"
    again = lambda: retire_machine_key(actor=CHIEF, at=AT, client_id="payroll", kid=str(KEY.kid), from_at=AT)  # noqa: E731
    assert _refused(NotFound, again) == "ACC-128"
    back = lambda: add_machine_key(actor=CHIEF, at=AT, client_id="payroll", jwk=KEY.as_dict(private=False))  # noqa: E731
    assert _refused(Conflict, back) == "ACC-126", "what was retired never comes back under its name"


def test_there_is_a_limit_to_keys_and_to_programs(db: None) -> None:
    keys = [ECKey.generate_key("P-256", auto_kid=True) for _ in range(4)]
    _register(jwks=_public(*keys))
    assert _refused(Conflict, lambda: add_machine_key(actor=CHIEF, at=AT, client_id="payroll", jwk=KEY.as_dict(private=False))) == "ACC-127"
    assert _refused(Conflict, lambda: _register("another", jwks=_public(*keys, KEY))) == "ACC-127"
    for number in range(19):
        _register(f"payroll-{number}")
    assert _refused(Conflict, lambda: _register("one-too-many")) == "ACC-130"
    retire_machine(actor=CHIEF, at=AT, client_id="payroll-3", on=ON)
    _register("one-too-many")
    assert len(list_programs(owner_employer_id=90, at=AT)) == 21


@pytest.mark.parametrize(
    "jwks",
    [
        {},
        {"keys": []},
        {"keys": [KEY.as_dict(private=True)]},
        {"keys": [{"kty": "EC", "crv": "P-256", "kid": "x"}]},
        {"keys": [{**KEY.as_dict(private=False), "x": KEY.as_dict(private=False)["y"]}]},
    ],
)
def test_a_program_brings_usable_public_keys_only(db: None, jwks: dict[str, Any]) -> None:
    by_operator = lambda: register_machine(actor=BY, at=AT, client_id="vendor", name="V", jwks=jwks, grants=[])  # noqa: E731
    assert _refused(Invalid, by_operator) == "ACC-024"
    assert _refused(Invalid, lambda: _register(jwks=jwks)) == "ACC-024"


def test_nothing_but_the_key_itself_is_kept_of_a_key_set(db: None) -> None:
    _register(jwks={"keys": [{**KEY.as_dict(private=False), "not_after": "tomorrow", "x5c": ["…"]}], "more": 1})
    found = find_machine(client_id="payroll", at=AT)
    assert found is not None and [sorted(key) for key in found[1]["keys"]] == [["crv", "kid", "kty", "x", "y"]]


@pytest.mark.parametrize("client", ["", "ab", "Payroll", "9lives", "pay_roll", "a" * 41, "npsp\n", "phần-mềm"])
def test_a_client_id_is_plain(db: None, client: str) -> None:
    assert _refused(Invalid, lambda: _register(client)) == "ACC-125"


def test_an_organisation_gives_its_program_filing_only_and_takes_no_name_of_another(db: None) -> None:
    for grants in ([Grant.FILE_FOR_PERSONS], [Grant.FILE_FOR_EMPLOYERS, Grant.FILE_FOR_PERSONS]):
        assert _refused(Invalid, lambda grants=grants: _register(grants=grants)) == "ACC-129"
    register_machine(actor=BY, at=AT, client_id="npsp", name="NPSP", jwks=_public(KEY), grants=[Grant.FILE_FOR_PERSONS])
    assert _refused(Conflict, lambda: _register("npsp")) == "ACC-124"
    assert Entry.objects.filter(verb="access.machine.register").count() == 1


# -- for whom it acts -------------------------------------------------------------------------------------------------


def _stand(**more: Any) -> Any:
    facts = find_machine(client_id="payroll", at=AT)
    assert facts is not None
    return standing_for_program(facts[0], at=AT, request_id="r", purpose="p", **more)


def test_a_program_files_under_a_mandate_that_names_it_or_its_owner(db: None) -> None:
    _register()
    assert _refused(NotAllowed, lambda: _stand(acting_for=CLIENT)) == "ACC-014"
    own = grant(at=AT, holder=machine_reference("payroll"), from_on=ON)
    made = _stand(acting_for=CLIENT)
    assert (made.actor.account, made.actor.employer_id, made.actor.mandate_id) == ("machine:payroll", 70, own)
    facts = {"machine": made.machine, "authority": made.authority}
    assert may_file(made.actor, filer="employer", employer_id=70, procedure="register_employees", **facts)
    assert not may_file(made.actor, filer="employer", employer_id=71, procedure="register_employees", **facts)
    assert not may_grant_mandate(made.actor, employer_id=70, authority=made.authority)
    assert not may_manage_program(made.actor, owner_employer_id=90, authority=made.authority)
    revoke(own, at=AT, on=ON)
    assert _refused(NotAllowed, lambda: _stand(acting_for=CLIENT)) == "ACC-101"
    owners = grant(at=AT, holder=employer_reference(90), from_on=ON)
    assert _stand(acting_for=CLIENT, owner=VENDOR).actor.mandate_id == owners
    assert _refused(NotAllowed, lambda: _stand(acting_for=CLIENT, owner=replace(VENDOR, is_dissolved=True))) == "ACC-101"
    assert _refused(NotAllowed, lambda: _stand(acting_for=replace(CLIENT, is_dissolved=True), owner=VENDOR)) == "ACC-102"


def test_alone_a_program_is_nobodys(db: None) -> None:
    _register()
    made = _stand()
    assert (made.actor.employer_id, made.actor.mandate_id, made.authority) == (None, None, None)
    assert not may_file(made.actor, filer="employer", employer_id=90, machine=made.machine, authority=made.authority)
