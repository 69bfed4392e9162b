"""Who can sign in at the e-ID system, and what it says of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.holdings import Holdings, account_subject

CITIZEN, FOREIGNER, ORGANISATION = "CITIZEN", "FOREIGNER", "ORG"
_SHOWN_PERSONS, _SHOWN_COMPANIES = 6, 3
PEOPLE = "people.json"
"""File in the system's folder: whom its page shows first, each with one button. Whoever runs the sandbox writes it; none where it is not there."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom the page names with what they do."""

    value: str
    """Personal number, and after a blank the tax code of the organisation."""
    name: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person, or a person acting for an organisation, as an account of the e-ID system."""

    subject: str
    """The account's opaque name: no personal number can be read from it."""
    pin: str
    full_name: str
    birth_on: str
    account_type: str
    org_id: str = ""
    """Tax code of the organisation of an ORG account."""

    @property
    def claims(self) -> dict[str, Any]:
        """What tokens say of the account, whoever they are for."""
        acting = {"org_id": self.org_id, "acting_pin": self.pin} if self.org_id else {}
        return {"pin": self.pin, "full_name": self.full_name, "birth_date": self.birth_on, "account_type": self.account_type, **acting}


def find_identity(holdings: Holdings, *, pin: str, account_type: str = "", org_id: str = "") -> Identity | None:
    """The account of a person, or of a person for an organisation; None where there is none. The type follows from `org_id` where not given."""
    kind = account_type or (ORGANISATION if org_id else CITIZEN)
    person = holdings.identities.get(pin)
    is_known = org_id in holdings.companies if kind == ORGANISATION else not org_id
    if person is None or kind not in {CITIZEN, FOREIGNER, ORGANISATION} or not is_known:
        return None
    return Identity(
        subject=account_subject(org_id, pin) if org_id else account_subject(pin),
        pin=pin,
        full_name=person.full_name,
        birth_on=person.birth_on,
        account_type=kind,
        org_id=org_id,
    )


def named(file: Path) -> tuple[Named, ...]:
    """Whom the file names, in its order; read anew each time."""
    try:
        return tuple(Named(**one) for one in json.loads(file.read_text()))
    except FileNotFoundError:
        return ()


def suggested(holdings: Holdings) -> Iterator[tuple[str, str]]:
    """A few accounts for the page, as (value of the choice, words): representatives of enterprises, then persons."""
    active = [company for company in holdings.companies.values() if company.is_active][:_SHOWN_COMPANIES]
    for company in active:
        pin = company.legal_representative_pin
        if pin in holdings.identities:
            yield f"{pin} {company.tax_code}", f"{holdings.identities[pin].full_name} ({pin}) · {company.name} ({company.tax_code})"
    living = (person for person in holdings.identities.values() if not person.is_deceased)
    for person, _ in zip(living, range(_SHOWN_PERSONS), strict=False):
        yield person.pin, f"{person.full_name} ({person.pin})"
