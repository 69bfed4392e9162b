"""May this actor? Each permission is a pair: `may_...` answers, `check_...` raises NotAllowed ACC-020. Default: no.

Facts are passed in; nothing is asked of the database here. `officer`, `machine` and `authority` are the facts that sign-in gave; an
actor of another kind, or of another mandate, gains nothing by them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final, Literal, ParamSpec

from bhxh.access.authority import Authority, MandateAct
from bhxh.access.consents import RequesterFacts
from bhxh.access.errors import ACC_NOT_ALLOWED
from bhxh.access.reading_purposes import READING_PURPOSES, ReadingPurpose
from bhxh.access.roles import Grant, MachineFacts, MandateRole, OfficerFacts, OfficerRole
from bhxh.kernel.actor import Actor, ActorKind
from bhxh.kernel.errors import NotAllowed

_P = ParamSpec("_P")
_LEVEL = 2
_READERS_OF_THE_LOG = frozenset({OfficerRole.AUDITOR, OfficerRole.DATA_PROTECTION})
PERMISSIONS: Final[dict[str, Callable[..., bool]]] = {}


def _demanding(may: Callable[_P, bool]) -> Callable[_P, None]:
    permission = may.__name__.removeprefix("may_")
    PERMISSIONS[permission] = may

    @wraps(may)
    def check(*args: _P.args, **kwargs: _P.kwargs) -> None:
        if not may(*args, **kwargs):
            raise NotAllowed(ACC_NOT_ALLOWED, permission=permission)

    return check


def may_file(
    actor: Actor,
    *,
    filer: Literal["person", "employer"],
    person_id: int | None = None,
    employer_id: int | None = None,
    procedure: str = "",
    authority: Authority | None = None,
    officer: OfficerFacts | None = None,
    machine: MachineFacts | None = None,
) -> bool:
    """File a dossier of this person, or of this employer, in this procedure. Reception files for those who cannot sign in (R-028)."""
    if filer == "person":
        return person_id is not None and (
            _is_self(actor, person_id)
            or _has_role(actor, officer, OfficerRole.RECEPTION)
            or (_is_granted(actor, machine, Grant.FILE_FOR_PERSONS) and actor.on_behalf_of_person_id == person_id)
        )
    return employer_id is not None and (
        _acts_for(actor, employer_id, authority, MandateAct.FILE, procedure)
        or _has_role(actor, officer, OfficerRole.RECEPTION)
        or _works_for(actor, employer_id, authority, MandateAct.FILE, procedure, machine)
    )


def may_file_at_counter(actor: Actor, *, person_id: int | None = None, officer: OfficerFacts | None = None) -> bool:
    """File for whoever stands at the counter and cannot sign in (R-028): never for oneself. Without a person: for anybody at all."""
    return _has_role(actor, officer, OfficerRole.RECEPTION) and (person_id is None or actor.person_id != person_id)


def may_withdraw(
    actor: Actor,
    *,
    filer_person_id: int | None = None,
    filer_employer_id: int | None = None,
    procedure: str = "",
    authority: Authority | None = None,
) -> bool:
    """Take a dossier back: whoever it belongs to, in person."""
    if filer_employer_id is not None:
        return _acts_for(actor, filer_employer_id, authority, MandateAct.WITHDRAW, procedure)
    return filer_person_id is not None and _is_self(actor, filer_person_id)


def may_see_dossier(
    actor: Actor,
    *,
    filer_person_id: int | None = None,
    filer_employer_id: int | None = None,
    procedure: str = "",
    authority: Authority | None = None,
    officer: OfficerFacts | None = None,
    machine: MachineFacts | None = None,
) -> bool:
    """See a dossier: its filer, a case officer of any office, who watches over them, the program that may file for its filer."""
    if may_see_queue(actor, officer=officer):
        return True
    if filer_employer_id is not None:
        return _acts_for(actor, filer_employer_id, authority, MandateAct.FOLLOW, procedure) or _works_for(
            actor, filer_employer_id, authority, MandateAct.FOLLOW, procedure, machine
        )
    if filer_person_id is None:
        return False
    is_portal = _is_granted(actor, machine, Grant.FILE_FOR_PERSONS) and actor.on_behalf_of_person_id == filer_person_id
    return _is_self(actor, filer_person_id) or is_portal


def may_see_queue(actor: Actor, *, officer: OfficerFacts | None) -> bool:
    """See the one national queue (masked) and what waits in it. LAW: R-004, R-005: no boundary between offices."""
    return officer is not None and (_is_case_officer(actor, officer) or _has_role(actor, officer, OfficerRole.SUPERVISOR))


def may_see_documents(actor: Actor, *, officer: OfficerFacts | None) -> bool:
    """See the documents of any dossier: who works on it, and who converts paper into documents and back."""
    return may_see_queue(actor, officer=officer) or _has_role(actor, officer, OfficerRole.CONVERTER)


def may_convert(actor: Actor, *, person_id: int | None = None, officer: OfficerFacts | None) -> bool:
    """Turn paper into documents and back: never one's own papers. Without a person: of anybody at all, or an employer's."""
    return _has_role(actor, officer, OfficerRole.CONVERTER) and (person_id is None or actor.person_id != person_id)


def may_supervise(actor: Actor, *, officer: OfficerFacts | None) -> bool:
    """See what is late and what is stuck, in the whole country."""
    return _has_role(actor, officer, OfficerRole.SUPERVISOR)


def may_read_person(
    actor: Actor, *, person_id: int, purpose: ReadingPurpose, is_named_in_dossier: bool, officer: OfficerFacts | None
) -> bool:
    """Read a person's data as an officer: never one's own, only for a purpose of one's role, and by a dossier only whom it concerns.

    LAW: R-194, R-197. Who reads the log does not read persons.
    """
    if actor.person_id == person_id or (purpose is ReadingPurpose.DOSSIER and not is_named_in_dossier):
        return False
    return any(_has_role(actor, officer, role) for role in READING_PURPOSES[purpose].roles - _READERS_OF_THE_LOG)


def may_read_looks_of(actor: Actor, *, person_id: int, purpose: ReadingPurpose, officer: OfficerFacts | None) -> bool:
    """Read what the log says about one person: auditor and data-protection officer, each for purposes of their own; never about oneself."""
    roles = READING_PURPOSES[purpose].roles & _READERS_OF_THE_LOG
    return actor.person_id != person_id and any(_has_role(actor, officer, role) for role in roles)


def may_ask_about_data(actor: Actor, *, person_id: int, officer: OfficerFacts | None = None) -> bool:
    """Ask something about one's own data; reception and the data-protection officer enter it for who came or wrote."""
    roles = (OfficerRole.RECEPTION, OfficerRole.DATA_PROTECTION)
    return _is_self(actor, person_id) or any(_has_role(actor, officer, role) for role in roles)


def may_audit(actor: Actor, *, officer: OfficerFacts | None) -> bool:
    """Read the log's entries, looks and proofs. An auditor works on no dossier and reads no register."""
    return _has_role(actor, officer, OfficerRole.AUDITOR)


def may_protect_data(actor: Actor, *, officer: OfficerFacts | None) -> bool:
    """Count looks, draw up whom a breach concerns, and keep the register of data subjects' requests."""
    return _has_role(actor, officer, OfficerRole.DATA_PROTECTION)


def may_appraise(actor: Actor, *, procedure: str, officer: OfficerFacts | None) -> bool:
    """Propose how a line is decided."""
    return _may_work_on(actor, OfficerRole.APPRAISER, procedure, officer)


def may_approve(actor: Actor, *, procedure: str, appraised_by: str, officer: OfficerFacts | None) -> bool:
    """Decide what another officer proposed. `appraised_by` is the account of the proposal."""
    is_second_pair_of_eyes = appraised_by != actor.account
    return is_second_pair_of_eyes and _may_work_on(actor, OfficerRole.APPROVER, procedure, officer)


def may_decide(actor: Actor, *, procedure: str, officer: OfficerFacts | None) -> bool:
    """Take part in deciding, as appraiser or as approver; which of the two, the other permissions say."""
    roles = (OfficerRole.APPRAISER, OfficerRole.APPROVER)
    return any(_may_work_on(actor, role, procedure, officer) for role in roles)


def may_propose_book_state(actor: Actor, *, person_id: int | None = None, officer: OfficerFacts | None) -> bool:
    """Propose that a book is withdrawn for a time or given back (R-132): never one's own. Without a person: of anybody at all."""
    roles = (OfficerRole.APPRAISER, OfficerRole.REGISTRAR)
    return (person_id is None or actor.person_id != person_id) and any(_has_role(actor, officer, role) for role in roles)


def may_decide_book_state(actor: Actor, *, person_id: int, proposed_by: str, officer: OfficerFacts | None) -> bool:
    """Decide what another officer proposed about a book: never one's own book. `proposed_by` is the account of the proposal."""
    is_second_pair_of_eyes = proposed_by != actor.account and actor.person_id != person_id
    return is_second_pair_of_eyes and _has_role(actor, officer, OfficerRole.APPROVER)


def may_see_book(
    actor: Actor,
    *,
    person_id: int,
    has_open_case: bool = False,
    officer: OfficerFacts | None = None,
) -> bool:
    """See a person's insurance book.

    Shape:  the person at level 2 (R-025), signed in for themselves and not for an employer; a case officer while a case of the person
            is open. Employers never; others read single fields, with consent or by duty.
    """
    return _is_self(actor, person_id) or (has_open_case and officer is not None and _is_case_officer(actor, officer))


def may_ask_persons(
    actor: Actor, *, requester: RequesterFacts | None, authority: Authority | None = None, machine: MachineFacts | None = None
) -> bool:
    """Ask persons for their consent and read what they granted (R-192): a registered organisation, by its program or its representative."""
    if requester is None:
        return False
    is_its_program = _is_granted(actor, machine, Grant.READ_WITH_CONSENT) and actor.account == f"machine:{requester.client_id}"
    return is_its_program or (requester.employer_id is not None and _represents(actor, requester.employer_id, authority))


def may_read_by_duty(actor: Actor, *, requester: RequesterFacts | None, machine: MachineFacts | None = None) -> bool:
    """Read persons' data by law within an agreed scope (R-194): a registered agency's program. No account of a person, whoever holds it."""
    is_program = requester is not None and actor.account == f"machine:{requester.client_id}"
    return is_program and _is_granted(actor, machine, Grant.READ_BY_DUTY)


def may_decide_consent(actor: Actor, *, person_id: int) -> bool:
    """Grant or refuse what somebody asks of a person's data: the person."""
    return _is_self(actor, person_id)


def may_withdraw_consent(actor: Actor, *, person_id: int) -> bool:
    """Withdraw a consent: the person, and as easily as it was given."""
    return _is_self(actor, person_id)


def may_see_consents(actor: Actor, *, person_id: int) -> bool:
    """See who asked for a person's data and what was granted: the person."""
    return _is_self(actor, person_id)


def may_see_looks(actor: Actor, *, person_id: int) -> bool:
    """See who looked at a person's data (R-198): the person."""
    return _is_self(actor, person_id)


def may_use_warehouse(
    actor: Actor, *, person_id: int | None = None, employer_id: int | None = None, authority: Authority | None = None
) -> bool:
    """See all that is kept for an owner, and keep more there: the person; for an employer its legal representative.

    WHY no mandate: one that reaches a single procedure must not open the papers of all.
    """
    if employer_id is not None:
        return _represents(actor, employer_id, authority)
    return person_id is not None and _is_self(actor, person_id)


def may_see_worker(actor: Actor, *, employer_id: int, worked_there: bool, authority: Authority | None = None) -> bool:
    """See a worker's data of the months of work with this employer (R-195); which months, the caller cuts."""
    return worked_there and _acts_for(actor, employer_id, authority, MandateAct.FOLLOW)


def may_grant_mandate(actor: Actor, *, employer_id: int, authority: Authority | None = None, officer: OfficerFacts | None = None) -> bool:
    """Let somebody act for an employer, and end it: its legal representative, or an operator on its paper request."""
    return _represents(actor, employer_id, authority) or may_operate(actor, officer=officer)


def may_manage_program(
    actor: Actor, *, owner_employer_id: int | None, authority: Authority | None = None, officer: OfficerFacts | None = None
) -> bool:
    """Register a program, turn its keys, shut it out: its owner's legal representative, or an operator."""
    is_owner = owner_employer_id is not None and _represents(actor, owner_employer_id, authority)
    return is_owner or may_operate(actor, officer=officer)


def may_replay_mandates(actor: Actor, *, employer_id: int, authority: Authority | None = None, officer: OfficerFacts | None = None) -> bool:
    """See who could act for an employer on a day, as the records stood then: its legal representative, an auditor, an operator."""
    watches = may_operate(actor, officer=officer) or _has_role(actor, officer, OfficerRole.AUDITOR)
    return watches or _represents(actor, employer_id, authority)


def may_operate(actor: Actor, *, officer: OfficerFacts | None = None) -> bool:
    """Run the installation: officers, programs, keys, queues, alarms. The command line is the installation itself."""
    return actor.kind is ActorKind.SYSTEM or _has_role(actor, officer, OfficerRole.OPERATOR)


def may_watch(actor: Actor, *, officer: OfficerFacts | None) -> bool:
    """See how much work there is and how fast it goes, in numbers that name nobody."""
    return may_supervise(actor, officer=officer) or _has_role(actor, officer, OfficerRole.OPERATOR)


check_file = _demanding(may_file)
check_file_at_counter = _demanding(may_file_at_counter)
check_withdraw = _demanding(may_withdraw)
check_see_dossier = _demanding(may_see_dossier)
check_see_queue = _demanding(may_see_queue)
check_see_documents = _demanding(may_see_documents)
check_convert = _demanding(may_convert)
check_supervise = _demanding(may_supervise)
check_read_person = _demanding(may_read_person)
check_read_looks_of = _demanding(may_read_looks_of)
check_ask_about_data = _demanding(may_ask_about_data)
check_audit = _demanding(may_audit)
check_protect_data = _demanding(may_protect_data)
check_appraise = _demanding(may_appraise)
check_approve = _demanding(may_approve)
check_decide = _demanding(may_decide)
check_propose_book_state = _demanding(may_propose_book_state)
check_decide_book_state = _demanding(may_decide_book_state)
check_see_book = _demanding(may_see_book)
check_ask_persons = _demanding(may_ask_persons)
check_read_by_duty = _demanding(may_read_by_duty)
check_decide_consent = _demanding(may_decide_consent)
check_withdraw_consent = _demanding(may_withdraw_consent)
check_see_consents = _demanding(may_see_consents)
check_see_looks = _demanding(may_see_looks)
check_use_warehouse = _demanding(may_use_warehouse)
check_see_worker = _demanding(may_see_worker)
check_grant_mandate = _demanding(may_grant_mandate)
check_manage_program = _demanding(may_manage_program)
check_replay_mandates = _demanding(may_replay_mandates)
check_operate = _demanding(may_operate)
check_watch = _demanding(may_watch)


def _is_self(actor: Actor, person_id: int) -> bool:
    """For themselves; or for a child or ward, whom the registers name, and then for that one only."""
    is_private = actor.kind is ActorKind.PERSON and actor.employer_id is None
    return is_private and actor.assurance_level == _LEVEL and actor.for_person_id == person_id


def _acts_for(actor: Actor, employer_id: int, authority: Authority | None, act: MandateAct, procedure: str | None = None) -> bool:
    is_person = actor.kind is ActorKind.PERSON and actor.assurance_level == _LEVEL
    return is_person and _is_within(actor, employer_id, authority, act, procedure)


def _works_for(
    actor: Actor, employer_id: int, authority: Authority | None, act: MandateAct, procedure: str, machine: MachineFacts | None
) -> bool:
    """A filing program, under a mandate: no program is anybody's legal representative."""
    is_filing_program = _is_granted(actor, machine, Grant.FILE_FOR_EMPLOYERS) and actor.mandate_id is not None
    return is_filing_program and _is_within(actor, employer_id, authority, act, procedure)


def _represents(actor: Actor, employer_id: int, authority: Authority | None) -> bool:
    is_representative = authority is not None and authority.role is MandateRole.LEGAL_REPRESENTATIVE
    return is_representative and _acts_for(actor, employer_id, authority, MandateAct.FILE)


def _is_within(actor: Actor, employer_id: int, authority: Authority | None, act: MandateAct, procedure: str | None) -> bool:
    """The authority is this actor's, for this employer, and reaches this far; no procedure named: far enough for one at least."""
    if authority is None or authority.employer_id != employer_id or authority.mandate_id != actor.mandate_id:
        return False
    is_reached = authority.scope.touches(act) if procedure is None else authority.scope.reaches(act, procedure)
    return actor.employer_id == employer_id and is_reached


def _has_role(actor: Actor, officer: OfficerFacts | None, role: OfficerRole) -> bool:
    is_officer = actor.kind is ActorKind.OFFICER and actor.assurance_level == _LEVEL
    return is_officer and officer is not None and actor.account == f"officer:{officer.login}" and role in officer.roles


def _is_case_officer(actor: Actor, officer: OfficerFacts) -> bool:
    roles = (OfficerRole.RECEPTION, OfficerRole.APPRAISER, OfficerRole.APPROVER)
    return any(_has_role(actor, officer, role) for role in roles)


def _may_work_on(actor: Actor, role: OfficerRole, procedure: str, officer: OfficerFacts | None) -> bool:
    if officer is None:
        return False
    return _has_role(actor, officer, role) and (not officer.skills or procedure in officer.skills)


def _is_granted(actor: Actor, machine: MachineFacts | None, grant: Grant) -> bool:
    is_program = actor.kind is ActorKind.MACHINE and machine is not None and actor.account == f"machine:{machine.client_id}"
    return is_program and machine is not None and grant in machine.grants
