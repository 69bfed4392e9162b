"""Whose certificate may speak for a filer."""

import pytest

from bhxh.dossiers.policies import check_signer
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
