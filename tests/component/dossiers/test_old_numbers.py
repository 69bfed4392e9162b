"""A line that says only an old code: linked where registry, name and birth date agree, and otherwise nobody's."""

from datetime import date

import orjson
import pytest

from bhxh.dossiers import flows, line_commands, queries
from bhxh.dossiers.old_numbers import link_old_numbers
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.decisions import Proposal
from bhxh.kernel.identifiers import Pin
from bhxh.registry.commands import register_persons
from bhxh.registry.facts import IdentityFacts, PersonEntry
from bhxh.registry.queries import list_participations
from tests.dossier_kit import AT, SOURCE, SYSTEM, TAX_CODE, World, read

PIN, OLD_CODE = "001199000042", "7916001234"
WHO = IdentityFacts(full_name="Nguyễn Thị Mẫu", birth_on=date(1999, 5, 20), sex="FEMALE")


def document(name: str = "NGUYEN THI MAU", birth_on: str = "1999-05-20", wish: str = "grant") -> bytes:
    line = {"number": 1, "pin": "", "wish": wish, "wage_vnd": 10_000_000, "known_as": [OLD_CODE, name, birth_on]}
    return canonical_bytes({"filer": TAX_CODE, "period": "2026-11", "lines": [line]})


def register(managed_by: Custodian = Custodian.MOF) -> int:
    entry = PersonEntry(identity=WHO, pin=Pin(PIN), legacy_si_codes=(OLD_CODE,), managed_by=managed_by)
    return register_persons(actor=SYSTEM, at=AT, entries=[entry], provenance=SOURCE)[PIN]


def test_the_line_is_asked_about_judged_and_carried_out_for_the_person(world: World) -> None:
    person_id = register()
    dossier_id = world.file(document=document()).dossier_id
    world.gather(dossier_id)
    assert PIN in world.registers.asked
    [line] = queries.list_all_lines(dossier_id)
    assert (line.state.value, line.pin, line.person_id) == ("clean", "", person_id)
    assert len(list_participations([person_id])[person_id]) == 1
    [decision] = queries.get_decisions(dossier_id)
    assert orjson.loads(decision.payload)["lines"][0]["pin"] == PIN


def test_a_refusal_tells_nobody_the_personal_number(world: World) -> None:
    register()
    dossier_id = world.file(document=document(wish="refuse")).dossier_id
    world.gather(dossier_id)
    [decision] = queries.get_decisions(dossier_id)
    assert orjson.loads(decision.payload)["lines"][0]["pin"] == ""


@pytest.mark.parametrize(
    ("name", "birth_on"), [("Trần Văn Khác", "1999-05-20"), ("Nguyễn Thị Mẫu", "1999-05-21"), ("", "1999-05-20"), ("Nguyễn Thị Mẫu", "")]
)
def test_a_name_or_birth_date_that_differs_or_lacks_links_nothing(world: World, name: str, birth_on: str) -> None:
    register()
    [line] = link_old_numbers(read(document(name, birth_on))).lines
    assert line.pin == ""


def test_another_custodians_person_and_an_unknown_code_link_nothing(world: World) -> None:
    assert link_old_numbers(read(document())).lines[0].pin == ""
    register(Custodian.MND)
    assert link_old_numbers(read(document())).lines[0].pin == ""


def test_two_officers_grant_a_linked_line(world: World) -> None:
    person_id = register()
    dossier_id = world.file(document=document(wish="officer")).dossier_id
    world.gather(dossier_id)
    line_commands.appraise(actor=world.first_officer, at=AT, dossier_id=dossier_id, line_numbers=[1], proposal=Proposal.GRANT, reason="x")
    flows.approve(actor=world.second_officer, at=AT, dossier_id=dossier_id, deps=world.gathering)
    [line] = queries.list_all_lines(dossier_id)
    assert (line.state.value, line.person_id) == ("clean", person_id)
