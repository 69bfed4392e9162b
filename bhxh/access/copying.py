"""What the access room holds of one person: accounts, signed-in browsers, for whom they may act, consents, requests about their data.

For the person's own copy.
"""

from typing import Any, Final

from bhxh.access.models import Account, Consent, ConsentRequest, ConsentWithdrawal, DataRequest, Mandate, Session
from bhxh.access.roles import person_reference

_ACCOUNT: Final = ("issuer", "subject", "account_type", "linked_at")
_MANDATE: Final = ("mandate_id", "employer_id", "role", "from_on", "until_on", "granted_at")

_SESSION: Final = ("device", "methods", "signed_in_at", "begun_at", "seen_at", "ends_at")

_ASKED: Final = (
    "request_id",
    "requester_id",
    "fields",
    "purpose",
    "reason",
    "reference",
    "on",
    "until_on",
    "asked_at",
    "state",
    "decided_at",
)
_GRANTED: Final = ("consent_id", "request_id", "requester_id", "fields", "purpose", "on", "until_on", "granted_at", "receipt")
_ABOUT_DATA: Final = (
    *("request_id", "kind", "words", "received_at", "answer_due_on", "done_due_on", "answered_at", "extended_at", "extended_because"),
    *("done_at", "is_granted", "outcome"),
)


def copy_of(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """E-ID accounts linked to the person, and mandates that name one of them or the person. `employer_id` is for the caller to name."""
    accounts = list(Account.objects.filter(person_id=person_id).order_by("account"))
    holders = [*(account.account for account in accounts), person_reference(person_id)]
    consents = [dict(row) for row in Consent.objects.filter(person_id=person_id).order_by("granted_at").values(*_GRANTED)]
    ended = dict(
        ConsentWithdrawal.objects.filter(consent_id__in=[row["consent_id"] for row in consents]).values_list("consent_id", "withdrawn_at")
    )
    for row in consents:
        row["receipt"], row["withdrawn_at"] = bytes(row["receipt"]).decode(), ended.get(row["consent_id"])
    return {
        "accounts": [{name: getattr(account, name) for name in _ACCOUNT} for account in accounts],
        "sessions": list(Session.objects.filter(account__in=holders).order_by("begun_at").values(*_SESSION)),
        "consents": consents,
        "consent_requests": list(ConsentRequest.objects.filter(person_id=person_id).order_by("asked_at").values(*_ASKED)),
        "data_requests": list(DataRequest.objects.filter(person_id=person_id).order_by("received_at").values(*_ABOUT_DATA)),
        "mandates": list(Mandate.objects.filter(account__in=holders).order_by("granted_at").values(*_MANDATE)),
    }
