"""Every command and every kind of somebody, by real calls: who is not declared is refused before anything happens."""

from dataclasses import replace

import pytest

from bhxh.audit import command_wrapper
from bhxh.audit.commands import command, record
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis, system_actor
from bhxh.kernel.errors import NotAllowed
from bhxh.kernel.who import EMPLOYER, NOBODY, PERSON, SYSTEM, Capacity, capacity_of, officer
from tests.component.audit.test_command_wrapper import AT
from tools.matrix import Role, commands, roles

_KINDS = {
    Capacity.PERSON: ActorKind.PERSON,
    Capacity.REPRESENTATIVE: ActorKind.PERSON,
    Capacity.EMPLOYER: ActorKind.PERSON,
    Capacity.OFFICER: ActorKind.OFFICER,
    Capacity.MACHINE: ActorKind.MACHINE,
    Capacity.SYSTEM: ActorKind.SYSTEM,
}

_DECLARED = commands()


def actor_of(role: Role) -> Actor:
    assert role.capacity is not None
    made = Actor(
        kind=_KINDS[role.capacity],
        account="eid:test:1",
        request_id="r1",
        purpose="operation",
        legal_basis=LegalBasis.LEGAL_DUTY,
        person_id=7,
        employer_id=70 if role.capacity is Capacity.EMPLOYER else None,
        on_behalf_of_person_id=8 if role.capacity is Capacity.REPRESENTATIVE else None,
        assurance_level=2,
        roles=frozenset({role.role} - {""}),
    )
    assert capacity_of(made) is role.capacity
    return made


@pytest.mark.parametrize("name", _DECLARED)
def test_who_may_call(db: None, name: str) -> None:
    declared = _DECLARED[name]
    assert declared is not None, "tools/matrix.py names it as undeclared"
    assert declared != NOBODY, "a command that nobody may call is not needed"
    function = _function(name)
    for role in roles():
        if role.capacity is None:
            continue
        if role.is_let_in(declared):
            # WHY nothing else is given: past the declaration the command finds that its arguments are missing, and nothing happens.
            with pytest.raises(TypeError, match="required keyword-only"):
                function(actor=actor_of(role))
        else:
            with pytest.raises(NotAllowed) as refused:
                function(actor=actor_of(role))
            assert (refused.value.code, refused.value.parameters) == ("AUD-010", {"command": name})
    with pytest.raises(NotAllowed):
        function()


def _function(name: str):
    from importlib import import_module

    module, _, function = f"bhxh.{name}".rpartition(".")
    return getattr(import_module(module), function)


@command(by=SYSTEM)
def _inner(*, actor: Actor) -> None:
    record(actor=actor, at=AT, verb="audit.test.inner")


@command(by=PERSON | officer("APPRAISER"))
def _outer(*, actor: Actor) -> str:
    _inner(actor=actor)
    return "done"


PERSON_ACTOR = actor_of(Role("", Capacity.PERSON))


def test_a_command_within_another_is_part_of_it(db: None) -> None:
    assert _outer(actor=PERSON_ACTOR) == "done"
    with pytest.raises(NotAllowed):
        _inner(actor=PERSON_ACTOR)


def test_a_refused_call_leaves_no_command_open(db: None) -> None:
    with pytest.raises(NotAllowed):
        _outer(actor=system_actor(name="test", request_id="r1", purpose="operation"))
    assert command_wrapper._open_frame.get() is None
    assert _outer(actor=PERSON_ACTOR) == "done"


def test_an_officer_without_the_role_is_nobody_and_a_persons_roles_count_for_nothing(db: None) -> None:
    an_officer = actor_of(Role("", Capacity.OFFICER, "APPRAISER"))
    assert _outer(actor=an_officer) == "done"
    for roles_held in (frozenset[str](), frozenset({"APPROVER"}), frozenset({""})):
        with pytest.raises(NotAllowed):
            _outer(actor=replace(an_officer, roles=roles_held))
    with pytest.raises(NotAllowed):
        _outer(actor=replace(PERSON_ACTOR, employer_id=70, roles=frozenset({"APPRAISER"})))


def test_what_takes_no_actor_cannot_say_who_may_call_it() -> None:
    with pytest.raises(AssertionError, match="takes no actor"):
        command(by=EMPLOYER)(lambda: None)
