"""Which office a dossier lies with, with its address where the table of offices has it."""

from dataclasses import dataclass
from datetime import date

from bhxh.doors.partners import partners
from bhxh.registry.offices import find_offices


@dataclass(frozen=True, slots=True)
class CompetentOffice:
    """As a page tells it."""

    name: str
    address: str
    phone: str


def competent_office(code: str, on: date) -> CompetentOffice | None:
    """The receiving office goes by the name that receipts give it. None where nobody knows the code. One statement."""
    sender, found = partners().sender, find_offices([code], on).get(code)
    own_name = sender.agency_name if code == sender.agency_code else ""
    if found is None:
        return CompetentOffice(own_name, "", "") if own_name else None
    return CompetentOffice(own_name or found.name, found.address, found.phone)
