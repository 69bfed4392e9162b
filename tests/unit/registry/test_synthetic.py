"""One seed, one population: plausible, valid, dirty to the measure, the same in every process."""

import os
import subprocess
import sys
from hashlib import sha256
from itertools import islice
from time import process_time

import pytest

from bhxh.kernel.custodian import Custodian
from bhxh.kernel.identifiers import (
    BIRTH_PLACE_CODES,
    AgencyCode,
    DossierCode,
    EmployerCode,
    FacilityCode,
    HealthCardCode,
    Pin,
    SocialInsuranceCode,
    TaxCode,
    WardCode,
)
from bhxh.kernel.text import tidy
from bhxh.registry.synthetic import (
    Population,
    business_view,
    generate,
    iterate_citizens,
    list_employers,
    register_view,
)


@pytest.fixture(scope="module")
def population() -> Population:
    return generate(20261121)


def _digest(population: Population) -> str:
    return sha256(repr((population, register_view(population), business_view(population))).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_the_same_seed_gives_the_same_bytes_in_any_process(population: Population, hash_seed: str) -> None:
    program = (
        "from hashlib import sha256; from bhxh.registry.synthetic import *; p = generate(20261121);"
        "print(sha256(repr((p, register_view(p), business_view(p))).encode()).hexdigest());"
        "import sys; assert 'django' not in sys.modules"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": hash_seed}, check=True, capture_output=True, text=True
    ).stdout
    assert printed.strip() == _digest(population)


def test_another_seed_gives_other_people(population: Population) -> None:
    assert not set(population.by_pin()) & set(generate(5, 300, 5).by_pin())


def test_every_identifier_parses_and_agrees_with_the_person(population: Population) -> None:
    assert len(population.by_pin()) == len(population.citizens) == 1000
    for citizen in population.citizens:
        pin = Pin.parse(citizen.pin)
        assert pin[:3] in BIRTH_PLACE_CODES
        assert (pin.birth_year, pin.is_male) == (citizen.birth_on.year, citizen.sex == "MALE")
        assert tidy(citizen.full_name) == citizen.full_name
        assert citizen.email.endswith("@vidu.example") and citizen.email.isascii()
        WardCode.parse(citizen.ward_code)
        if citizen.old_si_code:
            assert SocialInsuranceCode.parse(citizen.old_si_code).is_legacy
        for card in citizen.cards:
            HealthCardCode.parse(card.code)
            FacilityCode.parse(card.facility_code)
        for benefit in citizen.benefits:
            DossierCode.parse(benefit.dossier_code)
    codes = [citizen.old_si_code for citizen in population.citizens if citizen.old_si_code]
    assert len(set(codes)) == len(codes)


def test_employers_have_valid_distinct_codes(population: Population) -> None:
    assert len(population.employers) == 60
    assert len({TaxCode.parse(employer.tax_code) for employer in population.employers}) == 60
    assert len({EmployerCode.parse(employer.unit_code) for employer in population.employers}) == 60
    for employer in population.employers:
        assert EmployerCode.parse(employer.unit_code).has_usual_shape
        AgencyCode.parse(employer.agency_code)
        assert employer.legal_representative_pin in population.by_pin()
        assert len(population.workers_of(employer.number)) >= 1
    assert sum(employer.arrears_from is not None for employer in population.employers) == 2


@pytest.mark.parametrize("seed", [1, 20261121, 999])
def test_the_demonstration_finds_its_people(seed: int) -> None:
    population = generate(seed)
    assert population.demo_employer.tax_code == "0110000027"
    assert len(population.demo_workers) >= 40
    assert len(population.hire_candidates) >= 40
    assert sum(not citizen.is_registered for citizen in population.hire_candidates) >= 10
    assert sum(citizen.is_registered for citizen in population.soldiers) >= 3
    assert any(citizen.managed_by is Custodian.MPS for citizen in population.citizens)
    stories = {citizen.story for citizen in population.citizens}
    assert stories >= {"steady", "job_changer", "seasonal", "maternity", "gap", "unemployed", "pensioner", "child", "pupil"}


def test_histories_hold_together(population: Population) -> None:
    for citizen in population.citizens:
        months = [month for spell in citizen.spells for month, _ in spell.contributed(population.last_month)]
        assert len(months) == len(set(months))
        assert all(wage >= 5_310_000 for spell in citizen.spells for _, wage in spell.contributed(population.last_month))
        if citizen.managed_by is not Custodian.MOF:
            assert (citizen.spells, citizen.cards, citizen.benefits) == ((), (), ())
        for spell in citizen.spells:
            assert spell.from_month.year - citizen.birth_on.year >= 17
            assert list(spell.wages) == sorted(spell.wages)


def test_every_household_has_one_head(population: Population) -> None:
    heads = [citizen.household for citizen in population.citizens if citizen.relation == "00"]
    assert len(heads) == len(set(heads)) == len({citizen.household for citizen in population.citizens})


def test_the_register_is_dirty_to_the_measure() -> None:
    population = generate(3, 5000, 60)
    view = register_view(population)
    assert len(view.records) == 5000 - len(view.missing_pins)
    assert 0.005 < len(view.missing_pins) / 5000 < 0.015
    assert 0.014 < len(view.mismatched_pins) / 5000 < 0.026
    records, differing = view.by_pin(), set()
    for citizen in population.citizens:
        record = records.get(citizen.pin)
        if record and (record.full_name, record.birth_on) != (citizen.full_name, citizen.birth_on):
            differing.add(citizen.pin)
    assert differing == set(view.mismatched_pins)


def test_the_business_register_knows_every_employer(population: Population) -> None:
    records = {record.tax_code: record for record in business_view(population)}
    assert set(records) == {employer.tax_code for employer in population.employers}
    assert records[population.demo_employer.tax_code].status == "ACTIVE"


def test_citizens_come_one_by_one(population: Population) -> None:
    employers = list_employers(20261121, 60, citizens=1000)
    assert tuple(islice(iterate_citizens(20261121, 1000, employers), 50)) == population.citizens[:50]


def test_a_thousand_citizens_take_less_than_a_second() -> None:
    generate(1, 300, 5)  # read the tables
    started = process_time()  # WHY not by the clock: other work shares the machine
    generate(2)
    assert process_time() - started < 3  # WHY 3: a slow core; on a good one it takes a quarter of a second


def test_small_populations_work() -> None:
    assert len(generate(1, 10, 2).citizens) == 10
