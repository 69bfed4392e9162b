"""Whose paper came to the desk, by the number that stands on it or on its holder's card."""

from bhxh.conversion.errors import CNV_NO_OWNER
from bhxh.kernel.custodian import Custodian
from bhxh.kernel.errors import NotFound
from bhxh.kernel.identifiers import Pin
from bhxh.registry.queries import find_employer, find_person
from bhxh.warehouse.owners import Owner


def find_owner(*, pin: str, employer: str, custodian: Custodian) -> Owner:
    """A person of this installation, or an organisation; exactly one is asked for. Raises NotFound CNV-020; Invalid KER-002, KER-003."""
    if bool(pin) is bool(employer):
        raise NotFound(CNV_NO_OWNER)
    if pin:
        person = find_person("PIN", Pin.parse(pin))
        # LAW: nothing is kept here of persons whose data others keep.
        if person is None or person.managed_by != custodian:
            raise NotFound(CNV_NO_OWNER)
        return Owner("person", person.person_id)
    found = find_employer(tax_code=employer) or find_employer(unit_code=employer.upper())
    if found is None:
        raise NotFound(CNV_NO_OWNER)
    return Owner("employer", found.employer_id)
