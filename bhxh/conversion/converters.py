"""Who converts: the officer as certificates name them, which the law wants with the full name (R-103)."""

from datetime import datetime

from bhxh.access.queries import find_officer_by_login
from bhxh.access.recipients import name_accounts
from bhxh.access.roles import OfficerRole
from bhxh.conversion.errors import CNV_NAMELESS
from bhxh.conversion.facts import Converter
from bhxh.kernel.clock import day_in_vietnam
from bhxh.kernel.errors import Conflict
from bhxh.registry.queries import list_persons


def get_converter(account: str) -> Converter:
    """By the account that acts or acted. Raises Conflict CNV-014 where nobody in the database stands behind it."""
    holder = name_accounts([account]).get(account)
    person = list_persons([holder.person_id]).get(holder.person_id) if holder is not None and holder.person_id is not None else None
    if holder is None or person is None or not person.full_name:
        raise Conflict(CNV_NAMELESS)
    return Converter(account=account, person_id=person.person_id, full_name=person.full_name, agency_code=holder.agency_code)


def is_in_office(account: str, *, at: datetime) -> bool:
    """Whether whoever holds the account still converts."""
    officer = find_officer_by_login(login=account.removeprefix("officer:"), on=day_in_vietnam(at))
    return officer is not None and OfficerRole.CONVERTER in officer.roles
