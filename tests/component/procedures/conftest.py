"""A citizen's dossiers of the real procedures through the real engine. Imports are late: this file is read before Django is set up."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.component.dossiers.conftest import deferred

__all__ = ["deferred"]


@pytest.fixture
def citizen_world(db: None, deferred: list[tuple[str, dict[str, object]]], tmp_path: Path) -> Iterator[Any]:
    """The engine's small world with the real procedures and a population register that says what a test tells it."""
    from bhxh.dossiers import catalogue
    from bhxh.procedures import PROCEDURES
    from tests.dossier_kit import make_world

    world = make_world(tmp_path, deferred)
    catalogue.bind(PROCEDURES)  # the fixture `deferred` puts back what was there
    yield world


@pytest.fixture
def file_own(citizen_world: Any) -> Callable[..., Any]:
    """File a wish of a person of their own, confirmed a minute after signing in. Answers with the dossier's id."""
    from dataclasses import replace

    from bhxh.dossiers import catalogue
    from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
    from bhxh.kernel.identifiers import Pin
    from bhxh.registry.queries import get_person
    from bhxh.signing.confirmations import Party, PartyKind, Signer
    from tests.dossier_kit import AT

    def file_own(slug: str, wishes: dict[str, Any], *, person_id: int, **more: Any) -> Any:
        person = get_person(person_id)
        actor = Actor(
            kind=ActorKind.PERSON,
            account=f"eid:test:{person_id}",
            request_id="r1",
            purpose=slug,
            legal_basis=LegalBasis.OWN_DATA,
            person_id=person_id,
            assurance_level=2,
        )
        compose = catalogue.get(slug).compose
        assert compose is not None
        content = compose(Pin(person.pin), wishes, asked_on=AT.date())
        signer = Signer(account=actor.account, pin=person.pin, full_name=person.full_name)
        world = replace(citizen_world, clerk=actor)
        confirmation = world.confirmation(content, slug=slug, signer=signer, party=Party(kind=PartyKind.SELF))
        return world.file(document=content, procedure_slug=slug, confirmation=confirmation, **more).dossier_id

    return file_own
