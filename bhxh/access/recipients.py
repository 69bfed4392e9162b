"""Who stands behind the accounts in the log: for telling people who looked. Set-based; ended service and retired programs included."""

from collections.abc import Collection
from dataclasses import dataclass

from bhxh.access.models import Account, Machine, Officer

_OFFICER, _MACHINE = "officer:", "machine:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds an account. An officer's agency and person, a program's name."""

    agency_code: str = ""
    person_id: int | None = None
    name: str = ""


def name_accounts(accounts: Collection[str]) -> dict[str, Holder]:
    """Officers and programs by their account reference, in at most three statements. Others are absent."""
    logins = [account.removeprefix(_OFFICER) for account in accounts if account.startswith(_OFFICER)]
    clients = [account.removeprefix(_MACHINE) for account in accounts if account.startswith(_MACHINE)]
    found: dict[str, Holder] = {}
    if logins:
        officers = list(Officer.objects.filter(login__in=logins).values_list("login", "account", "agency_code"))
        persons = dict(Account.objects.filter(account__in=[account for _, account, _ in officers]).values_list("account", "person_id"))
        for login, account, agency_code in officers:
            found[_OFFICER + login] = Holder(agency_code=agency_code, person_id=persons.get(account))
    if clients:
        for client_id, name in Machine.objects.filter(client_id__in=clients).values_list("client_id", "name"):
            found[_MACHINE + client_id] = Holder(name=name or client_id)
    return found
