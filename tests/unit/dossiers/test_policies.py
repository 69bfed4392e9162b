"""Who acts for a filer, and whose certificate may speak for one."""

import pytest

from bhxh.dossiers.policies import check_filer, check_signer, may_act_for_filer
from bhxh.kernel.actor import Actor, ActorKind, LegalBasis
from bhxh.kernel.errors import NotAllowed

UNIT, OTHER_UNIT, DIRECTOR, CLERK, STRANGER = "0100233488", "0110000027", "001088000001", "001199000001", "079188000123"
EMPLOYER = {"tax_code": UNIT, "legal_representative_pin": DIRECTOR}
HOUSEHOLD_BUSINESS = {"tax_code": DIRECTOR, "legal_representative_pin": DIRECTOR}


@pytest.mark.parametrize(
    ("employer", "tax_code", "pin", "may"),
    [
        (EMPLOYER, UNIT, "", True),
        (EMPLOYER, UNIT, STRANGER, True),  # the unit's own certificate, whoever is named on it
        (EMPLOYER, "", DIRECTOR, True),
        (EMPLOYER, "", CLERK, True),
        (EMPLOYER, "", STRANGER, False),
        (EMPLOYER, "", "", False),
        (EMPLOYER, OTHER_UNIT, DIRECTOR, False),  # speaks for the other organisation
        (EMPLOYER, DIRECTOR, DIRECTOR, True),  # since July 2025 a person's own tax code is the personal number
        (EMPLOYER, STRANGER, DIRECTOR, False),
        (HOUSEHOLD_BUSINESS, DIRECTOR, "", True),
        ({}, "", CLERK, True),  # a person files for themselves
        ({}, "", STRANGER, False),
        ({}, UNIT, "", False),
    ],
)
def test_who_may_sign(employer: dict[str, str], tax_code: str, pin: str, may: bool) -> None:
    given = {"serial": "7f", "tax_code": tax_code, "pin": pin, "employer": employer, "acting_pin": CLERK, "person_pin": CLERK}
    if may:
        check_signer(**given)
        return
    with pytest.raises(NotAllowed) as refused:
        check_signer(**given)
    assert refused.value.code == "DOS-006"


def test_an_empty_number_never_equals_an_empty_number() -> None:
    with pytest.raises(NotAllowed):
        check_signer(
            serial="7f", tax_code="", pin="", employer={"tax_code": "", "legal_representative_pin": ""}, acting_pin="", person_pin=""
        )
    with pytest.raises(NotAllowed):
        check_signer(serial="7f", tax_code="", pin="", employer={}, acting_pin="", person_pin="")


def actor(kind: ActorKind = ActorKind.PERSON, **ids: int) -> Actor:
    return Actor(kind=kind, account="a", request_id="r", purpose="queue", legal_basis=LegalBasis.OWN_DATA, **ids)


@pytest.mark.parametrize(
    ("who", "employer_id", "person_id", "may"),
    [
        (actor(person_id=7), None, 7, True),
        (actor(person_id=7), None, 8, False),
        (actor(person_id=7), 9, None, False),
        (actor(person_id=7), 9, 7, False),  # the employer's dossier, whoever it speaks of
        (actor(person_id=7, employer_id=9), 9, None, True),
        (actor(person_id=7, employer_id=9), 10, None, False),
        (actor(person_id=7, employer_id=9), None, 7, False),  # signed in for the employer, not for themselves
        (actor(ActorKind.MACHINE, on_behalf_of_person_id=7), None, 7, True),
        (actor(ActorKind.MACHINE, employer_id=9), 9, None, True),
        (actor(ActorKind.SYSTEM), None, None, False),
        (actor(ActorKind.SYSTEM), None, 7, False),
    ],
)
def test_who_acts_for_a_filer(who: Actor, employer_id: int | None, person_id: int | None, may: bool) -> None:
    assert may_act_for_filer(who, employer_id=employer_id, person_id=person_id) is may
    if not may:
        with pytest.raises(NotAllowed) as refused:
            check_filer(who, employer_id=employer_id, person_id=person_id)
        assert refused.value.code == "DOS-027"
