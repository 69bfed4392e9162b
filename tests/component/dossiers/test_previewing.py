"""Judging before filing: the same verdicts, nothing filed, and whoever was looked up sees it."""

from datetime import date

from bhxh.audit.queries import list_looks
from bhxh.dossiers.models import Dossier, Evidence
from bhxh.dossiers.previewing import preview
from bhxh.kernel.identifiers import Pin
from bhxh.registry.commands import register_person
from bhxh.registry.facts import IdentityFacts, Provenance
from bhxh.registry.queries import get_employer
from tests.dossier_kit import AT, PROCEDURE, SYSTEM, World, document, read, states_of


def test_a_preview_says_what_filing_would_say_and_is_seen_by_those_it_looked_up(world: World) -> None:
    register_person(
        actor=SYSTEM,
        at=AT,
        pin=Pin("001199000001"),
        identity=IdentityFacts(full_name="Trần Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE"),
        provenance=Provenance(source_kind="OFFICER", source_system="test"),
    )
    filing = read(document("grant", "refuse", "officer"))
    verdicts = preview(
        actor=world.clerk,
        procedure_slug=PROCEDURE.slug,
        filing=filing,
        employer=get_employer(world.employer_id),
        at=AT,
        confirmed_repairs=frozenset(),
        deps=world.gathering,
    )
    assert (Dossier.objects.count(), Evidence.objects.count()) == (0, 0)
    known = [verdict.person_id for verdict in verdicts.values() if verdict.person_id is not None]
    assert known
    assert all(any(look.what == "identity_check" for look in list_looks(person_id)) for person_id in known)
    receipt = world.file("grant", "refuse", "officer")
    world.gather(receipt.dossier_id)
    assert {number: verdict.to_state.value for number, verdict in verdicts.items()} == states_of(receipt.dossier_id)
