"""The permission matrix: every permission for every kind of actor. What is not listed as granted is denied."""

from dataclasses import dataclass, replace
from inspect import signature
from typing import Any
from uuid import UUID

import pytest

from bhxh.access import permissions
from bhxh.access.authority import EVERYTHING, Authority, MandateAct, Scope, representative_of
from bhxh.access.consents import RequesterFacts, RequesterKind
from bhxh.access.permissions import PERMISSIONS
from bhxh.access.reading_purposes import READING_PURPOSES, ReadingPurpose
from bhxh.access.roles import Grant, MachineFacts, MandateRole, OfficerFacts, OfficerRole
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import NotAllowed

PERSON, OTHER_PERSON, EMPLOYER, OTHER_EMPLOYER = 7, 8, 70, 80
AGENCY, OTHER_AGENCY = "00101", "07901"


@dataclass(frozen=True)
class Who:
    actor: Actor
    officer: OfficerFacts | None = None
    machine: MachineFacts | None = None
    authority: Authority | None = None


def _actor(kind: ActorKind, account: str, **more: Any) -> Actor:
    return Actor(kind=kind, account=account, request_id="r", purpose="test", legal_basis=LegalBasis.LEGAL_DUTY, **more)


def _person(**more: Any) -> Who:
    return Who(_actor(ActorKind.PERSON, "eid:x:1", **{"person_id": PERSON, "assurance_level": 2, **more}))


MANDATE, OTHER_MANDATE = UUID(int=1), UUID(int=2)
_FILING = Scope(acts=frozenset({MandateAct.FILE}), procedures=frozenset({"register_employees"}))
_FOLLOWING = Scope(acts=frozenset({MandateAct.FOLLOW}))


def _chief(employer_id: int = EMPLOYER, **more: Any) -> Who:
    return replace(_person(employer_id=employer_id, **more), authority=representative_of(employer_id))


def _clerk(scope: Scope = EVERYTHING, role: MandateRole = MandateRole.AUTHORISED, **more: Any) -> Who:
    held = Authority(employer_id=EMPLOYER, role=role, scope=scope, mandate_id=MANDATE)
    return replace(_person(**{"person_id": OTHER_PERSON, "employer_id": EMPLOYER, "mandate_id": MANDATE, **more}), authority=held)


def _officer(*roles: OfficerRole, agency: str = AGENCY, skills: frozenset[str] = frozenset(), level: int = 2) -> Who:
    facts = OfficerFacts(login="an", account="eid:x:9", agency_code=agency, roles=frozenset(roles), skills=skills)
    return Who(_actor(ActorKind.OFFICER, "officer:an", person_id=99, assurance_level=level), officer=facts)


def _machine(*grants: Grant, authority: Authority | None = None, **more: Any) -> Who:
    facts = MachineFacts(client_id="m", name="M", grants=frozenset(grants))
    return Who(_actor(ActorKind.MACHINE, "machine:m", **more), machine=facts, authority=authority)


def _requester(*, client_id: str, employer_id: int | None = None) -> RequesterFacts:
    return RequesterFacts(
        requester_id="r",
        name="R",
        kind=RequesterKind.BANK,
        client_id=client_id,
        employer_id=employer_id,
        fields=(),
        purposes=(),
        contact="",
        notice_url="",
    )


_APPRAISER_FACTS = _officer(OfficerRole.APPRAISER).officer
ACTORS: dict[str, Who] = {
    "the person": _person(),
    "the person at level 1": _person(assurance_level=1),
    "a parent acting for the person": _person(person_id=OTHER_PERSON, on_behalf_of_person_id=PERSON),
    "the person acting for a child": _person(on_behalf_of_person_id=OTHER_PERSON),
    "a parent at level 1 acting for the person": _person(person_id=OTHER_PERSON, on_behalf_of_person_id=PERSON, assurance_level=1),
    "a clerk naming the person": _person(person_id=OTHER_PERSON, employer_id=OTHER_EMPLOYER, on_behalf_of_person_id=PERSON),
    "another person": _person(person_id=OTHER_PERSON),
    "the representative": _chief(person_id=OTHER_PERSON),
    "the person as representative": _chief(),
    "the representative at level 1": _chief(assurance_level=1),
    "a representative of another employer": _chief(OTHER_EMPLOYER),
    "a representative by mandate": _clerk(role=MandateRole.LEGAL_REPRESENTATIVE),
    "a clerk": _clerk(),
    "the person as clerk": _clerk(person_id=PERSON),
    "a clerk who files": _clerk(_FILING),
    "a clerk who follows": _clerk(_FOLLOWING),
    "a clerk at level 1": _clerk(assurance_level=1),
    "an agent": _clerk(role=MandateRole.AGENT),
    "a clerk without facts": replace(_clerk(), authority=None),
    "a clerk with another mandate's facts": _clerk(mandate_id=OTHER_MANDATE),
    "a clerk with the representative's facts": replace(_clerk(), authority=representative_of(EMPLOYER)),
    "a representative with another employer's facts": replace(_chief(OTHER_EMPLOYER), authority=representative_of(EMPLOYER)),
    "reception": _officer(OfficerRole.RECEPTION),
    "appraiser": _officer(OfficerRole.APPRAISER),
    "appraiser at level 1": _officer(OfficerRole.APPRAISER, level=1),
    "appraiser of another office": _officer(OfficerRole.APPRAISER, agency=OTHER_AGENCY),
    "appraiser trained for something else": _officer(OfficerRole.APPRAISER, skills=frozenset({"other"})),
    "approver": _officer(OfficerRole.APPROVER),
    "operator": _officer(OfficerRole.OPERATOR),
    "converter": _officer(OfficerRole.CONVERTER),
    "registrar": _officer(OfficerRole.REGISTRAR),
    "supervisor": _officer(OfficerRole.SUPERVISOR),
    "auditor": _officer(OfficerRole.AUDITOR),
    "data protection": _officer(OfficerRole.DATA_PROTECTION),
    "officer without roles": _officer(),
    "filing software with mandate": _machine(
        Grant.FILE_FOR_EMPLOYERS, employer_id=EMPLOYER, mandate_id=MANDATE, authority=_clerk(role=MandateRole.AGENT).authority
    ),
    "filing software without mandate": _machine(Grant.FILE_FOR_EMPLOYERS),
    "filing software with the representative's facts": _machine(
        Grant.FILE_FOR_EMPLOYERS, employer_id=EMPLOYER, authority=representative_of(EMPLOYER)
    ),
    "filing software that lost its grant": _machine(employer_id=EMPLOYER, mandate_id=MANDATE, authority=_clerk().authority),
    "the portal for the person": _machine(Grant.FILE_FOR_PERSONS, on_behalf_of_person_id=PERSON),
    "the portal for another person": _machine(Grant.FILE_FOR_PERSONS, on_behalf_of_person_id=OTHER_PERSON),
    "a bank's program": _machine(Grant.READ_WITH_CONSENT),
    "an agency's program": _machine(Grant.READ_BY_DUTY),
    "a program without grants": _machine(employer_id=EMPLOYER, on_behalf_of_person_id=PERSON),
    "the installation itself": Who(_actor(ActorKind.SYSTEM, "system:rule")),
    "a person carrying an officer's facts": Who(_person(person_id=OTHER_PERSON).actor, officer=_APPRAISER_FACTS),
    "an officer carrying another's facts": Who(_actor(ActorKind.OFFICER, "officer:binh", assurance_level=2), officer=_APPRAISER_FACTS),
}

_CASE_OFFICERS = {"reception", "appraiser", "appraiser of another office", "approver", "appraiser trained for something else"}
_TRAINED = {"appraiser", "appraiser of another office", "appraiser trained for something else"}
_OWN = {"the person", "a parent acting for the person"}
_QUEUE = {*_CASE_OFFICERS, "supervisor"}
_CHIEFS = {"the representative", "the person as representative", "a representative by mandate"}
_CLERKS = {*_CHIEFS, "a clerk", "the person as clerk", "an agent"}
_WORK = {"procedure": "register_employees"}
_READS: dict[ReadingPurpose, set[str]] = {
    ReadingPurpose.AT_COUNTER: {"reception"},
    ReadingPurpose.ENQUIRY: {"reception"},
    ReadingPurpose.CORRECTION: {"registrar"},
    ReadingPurpose.DUPLICATE: {"registrar"},
    ReadingPurpose.COMPLAINT: {"supervisor"},
    ReadingPurpose.COURT_REQUEST: {"supervisor"},
    ReadingPurpose.INSPECTION: set(),
    ReadingPurpose.DATA_SUBJECT_REQUEST: set(),
    ReadingPurpose.BREACH: set(),
}
_READS_LOG: dict[ReadingPurpose, set[str]] = {
    **{purpose: set() for purpose in ReadingPurpose},
    ReadingPurpose.INSPECTION: {"auditor"},
    ReadingPurpose.DATA_SUBJECT_REQUEST: {"data protection"},
    ReadingPurpose.BREACH: {"data protection"},
}
MATRIX: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("file", "for the person", {"filer": "person", "person_id": PERSON}, {*_OWN, "reception", "the portal for the person"}),
    (
        "file",
        "for the employer",
        {"filer": "employer", "employer_id": EMPLOYER, **_WORK},
        {*_CLERKS, "a clerk who files", "reception", "filing software with mandate"},
    ),
    (
        "file",
        "for the employer in another procedure",
        {"filer": "employer", "employer_id": EMPLOYER, "procedure": "other"},
        {*_CLERKS, "reception", "filing software with mandate"},
    ),
    ("file", "for nobody", {"filer": "person"}, set()),
    ("file", "for no employer", {"filer": "employer"}, set()),
    ("file_at_counter", "", {}, {"reception"}),
    ("file_at_counter", "for the person", {"person_id": PERSON}, {"reception"}),
    ("file_at_counter", "for oneself", {"person_id": 99}, set()),
    ("withdraw", "of the person", {"filer_person_id": PERSON}, _OWN),
    ("withdraw", "of the employer", {"filer_employer_id": EMPLOYER, **_WORK}, _CLERKS),
    ("withdraw", "of nobody", {}, set()),
    (
        "see_dossier",
        "of the person",
        {"filer_person_id": PERSON},
        {*_OWN, "the portal for the person", *_QUEUE},
    ),
    (
        "see_dossier",
        "of the employer",
        {"filer_employer_id": EMPLOYER, **_WORK},
        {*_CLERKS, "a clerk who follows", *_QUEUE, "filing software with mandate"},
    ),
    ("see_dossier", "of nobody", {}, _QUEUE),
    ("see_queue", "", {}, _QUEUE),
    ("see_documents", "", {}, {*_QUEUE, "converter"}),
    ("convert", "", {}, {"converter"}),
    ("convert", "for the person", {"person_id": PERSON}, {"converter"}),
    ("convert", "for oneself", {"person_id": 99}, set()),
    ("supervise", "", {}, {"supervisor"}),
    ("watch", "", {}, {"supervisor", "operator"}),
    (
        "read_person",
        "by a dossier that names them",
        {"person_id": PERSON, "purpose": ReadingPurpose.DOSSIER, "is_named_in_dossier": True},
        {*_CASE_OFFICERS, "converter", "registrar"},
    ),
    (
        "read_person",
        "by a dossier of somebody else",
        {"person_id": PERSON, "purpose": ReadingPurpose.DOSSIER, "is_named_in_dossier": False},
        set(),
    ),
    *(
        ("read_person", f"for {purpose}", {"person_id": PERSON, "purpose": purpose, "is_named_in_dossier": False}, granted)
        for purpose, granted in _READS.items()
    ),
    (
        "read_person",
        "who is the officer",
        {"person_id": 99, "purpose": ReadingPurpose.AT_COUNTER, "is_named_in_dossier": False},
        set(),
    ),
    *(("read_looks_of", f"for {purpose}", {"person_id": PERSON, "purpose": purpose}, granted) for purpose, granted in _READS_LOG.items()),
    ("read_looks_of", "of the officer", {"person_id": 99, "purpose": ReadingPurpose.INSPECTION}, set()),
    ("ask_about_data", "of the person", {"person_id": PERSON}, {*_OWN, "reception", "data protection"}),
    ("audit", "", {}, {"auditor"}),
    ("protect_data", "", {}, {"data protection"}),
    ("appraise", "", _WORK, {"appraiser", "appraiser of another office"}),
    ("approve", "proposed by another", {**_WORK, "appraised_by": "officer:binh"}, {"approver"}),
    ("approve", "proposed by oneself", {**_WORK, "appraised_by": "officer:an"}, set()),
    ("decide", "", _WORK, {"appraiser", "appraiser of another office", "approver"}),
    ("propose_book_state", "", {}, {*_TRAINED, "registrar"}),
    ("propose_book_state", "of the person", {"person_id": PERSON}, {*_TRAINED, "registrar"}),
    ("propose_book_state", "of oneself", {"person_id": 99}, set()),
    ("decide_book_state", "proposed by another", {"person_id": PERSON, "proposed_by": "officer:binh"}, {"approver"}),
    ("decide_book_state", "proposed by oneself", {"person_id": PERSON, "proposed_by": "officer:an"}, set()),
    ("decide_book_state", "of oneself", {"person_id": 99, "proposed_by": "officer:binh"}, set()),
    ("see_book", "plain", {"person_id": PERSON}, _OWN),
    (
        "see_book",
        "with an open case",
        {"person_id": PERSON, "has_open_case": True},
        {*_OWN, *_CASE_OFFICERS, "appraiser of another office"},
    ),
    (
        "ask_persons",
        "of a registered organisation",
        {"requester": _requester(client_id="m", employer_id=EMPLOYER)},
        {*_CHIEFS, "a bank's program"},
    ),
    ("ask_persons", "of another program", {"requester": _requester(client_id="other")}, set()),
    ("ask_persons", "not registered", {"requester": None}, set()),
    ("read_by_duty", "of a registered agency", {"requester": _requester(client_id="m", employer_id=EMPLOYER)}, {"an agency's program"}),
    ("read_by_duty", "of another program", {"requester": _requester(client_id="other", employer_id=EMPLOYER)}, set()),
    ("read_by_duty", "not registered", {"requester": None}, set()),
    ("decide_consent", "", {"person_id": PERSON}, _OWN),
    ("withdraw_consent", "", {"person_id": PERSON}, _OWN),
    ("see_consents", "", {"person_id": PERSON}, _OWN),
    ("see_looks", "", {"person_id": PERSON}, _OWN),
    ("use_warehouse", "of a person", {"person_id": PERSON}, _OWN),
    ("use_warehouse", "of an employer", {"employer_id": EMPLOYER}, _CHIEFS),
    ("see_worker", "who worked there", {"employer_id": EMPLOYER, "worked_there": True}, {*_CLERKS, "a clerk who follows"}),
    ("see_worker", "who did not", {"employer_id": EMPLOYER, "worked_there": False}, set()),
    ("grant_mandate", "", {"employer_id": EMPLOYER}, {*_CHIEFS, "operator", "the installation itself"}),
    ("manage_program", "of the employer", {"owner_employer_id": EMPLOYER}, {*_CHIEFS, "operator", "the installation itself"}),
    ("manage_program", "of nobody", {"owner_employer_id": None}, {"operator", "the installation itself"}),
    ("replay_mandates", "", {"employer_id": EMPLOYER}, {*_CHIEFS, "operator", "auditor", "the installation itself"}),
    ("operate", "", {}, {"operator", "the installation itself"}),
]
_FACTS = {"officer", "machine", "authority"}


def _arguments(permission: str, who: Who, facts: dict[str, Any]) -> dict[str, Any]:
    takes = set(signature(getattr(permissions, f"may_{permission}")).parameters) & _FACTS
    return {**facts, **{name: getattr(who, name) for name in takes}}


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize(("permission", "case", "facts", "granted"), MATRIX, ids=[f"{row[0]} {row[1]}".strip() for row in MATRIX])
def test_matrix(permission: str, case: str, facts: dict[str, Any], granted: set[str], name: str) -> None:
    who = ACTORS[name]
    arguments = _arguments(permission, who, facts)
    assert getattr(permissions, f"may_{permission}")(who.actor, **arguments) is (name in granted)
    check = getattr(permissions, f"check_{permission}")
    if name in granted:
        check(who.actor, **arguments)
    else:
        with pytest.raises(NotAllowed) as caught:
            check(who.actor, **arguments)
        assert caught.value.parameters == {"permission": permission}


def test_every_purpose_has_a_row_and_a_role() -> None:
    assert set(_READS) == set(READING_PURPOSES) - {ReadingPurpose.DOSSIER}
    assert set(READING_PURPOSES) == set(ReadingPurpose)
    assert all(facts.roles and facts.vi and facts.en for facts in READING_PURPOSES.values())


def test_the_matrix_is_complete() -> None:
    assert {row[0] for row in MATRIX} == set(PERMISSIONS)
    assert set(PERMISSIONS) == {name.removeprefix("may_") for name in vars(permissions) if name.startswith("may_")}
    assert all(row[3] <= set(ACTORS) for row in MATRIX)
