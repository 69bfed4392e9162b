"""In which capacity somebody acts, and whom a declaration admits."""

from itertools import product
from typing import Any

import pytest

from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.who import ANYBODY, EMPLOYER, NOBODY, PERSON, REPRESENTATIVE, SYSTEM, Capacity, Who, capacity_of, machine, officer


def actor(kind: ActorKind = ActorKind.PERSON, **more: Any) -> Actor:
    return Actor(kind=kind, account="a", request_id="r", purpose="p", legal_basis=LegalBasis.OWN_DATA, **more)


@pytest.mark.parametrize(
    ("who", "capacity"),
    [
        (actor(person_id=7), Capacity.PERSON),
        (actor(person_id=7, on_behalf_of_person_id=8), Capacity.REPRESENTATIVE),
        (actor(person_id=7, employer_id=70), Capacity.EMPLOYER),
        (actor(person_id=7, employer_id=70, on_behalf_of_person_id=8), Capacity.EMPLOYER),
        (actor(ActorKind.OFFICER, person_id=7, employer_id=70), Capacity.OFFICER),
        (actor(ActorKind.MACHINE, employer_id=70, on_behalf_of_person_id=8), Capacity.MACHINE),
        (actor(ActorKind.SYSTEM), Capacity.SYSTEM),
    ],
)
def test_as_what_somebody_acts(who: Actor, capacity: Capacity) -> None:
    assert capacity_of(who) is capacity


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (NOBODY, "nobody"),
        (ANYBODY | PERSON, "anybody"),
        (EMPLOYER | PERSON, "person, employer"),
        (officer("B", "A") | SYSTEM, "officer (A, B), system"),
        (officer("A") | officer(), "officer"),
        (machine("X") | REPRESENTATIVE, "representative, machine (X)"),
    ],
)
def test_a_declaration_reads_as_words(who: Who, words: str) -> None:
    assert str(who) == words


def test_nobody_is_admitted_by_default() -> None:
    assert not any(NOBODY.admits(actor(kind, roles=frozenset(roles))) for kind, roles in product(ActorKind, ((), ("A",), ("",))))


def test_a_role_admits_only_the_kind_it_was_declared_for() -> None:
    for kind in ActorKind:
        holder = actor(kind, roles=frozenset({"A"}))
        assert officer("A").admits(holder) is (kind is ActorKind.OFFICER)
        assert machine("A").admits(holder) is (kind is ActorKind.MACHINE)
    assert not officer("A").admits(actor(ActorKind.OFFICER, roles=frozenset({"B", ""})))
    assert officer().admits(actor(ActorKind.OFFICER))


def test_to_be_joined_is_to_admit_what_either_admits() -> None:
    parts = (PERSON, REPRESENTATIVE, EMPLOYER, SYSTEM, officer("A"), machine("A"), NOBODY, ANYBODY)
    people = [actor(kind, roles=frozenset(roles)) for kind, roles in product(ActorKind, ((), ("A",)))]
    for (one, other), who in product(product(parts, parts), people):
        assert (one | other).admits(who) is (one.admits(who) or other.admits(who))
