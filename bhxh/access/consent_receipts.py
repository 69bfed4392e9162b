"""The consent receipt: what was granted, to whom, for what, until when, as sealed JSON that anybody can verify without us. Pure.

The fields are those of ISO/IEC TS 27560:2023 (record header, processing, parties, events), their names as the standard spells them; what
only we have stands under `bhxh`. The person's number is masked: whoever holds the receipt knows whose it is, whoever finds it does not.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from bhxh.access.consent_errors import ACC_RECEIPT_BROKEN
from bhxh.access.consents import PURPOSE_WORDS, ConsentRequestView, ConsentView, GrantProof
from bhxh.access.data_catalogue import FIELDS
from bhxh.kernel.canonical import Json, canonical_bytes, sha256_hex
from bhxh.kernel.errors import Invalid
from bhxh.signing.keysets import KeySet
from bhxh.signing.ports import SealKey
from bhxh.signing.seals import as_flattened, seal, verify_flattened

PURPOSE: Final = "consent"
"""Of the seal key: receipts, disclosures and statements of status."""
RECEIPT_TYPE: Final = "bhxh-consent-receipt+json"
DISCLOSURE_TYPE: Final = "bhxh-disclosure+json"
STATUS_TYPE: Final = "bhxh-consent-status+json"
SCHEMA: Final = "ISO/IEC TS 27560:2023"
_SMALL = 256 * 1024  # LIMIT: a receipt is some four kilobytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptIssuer:
    """Who issues receipts, and under which address they are looked up."""

    custodian: str
    name: str
    public_url: str

    @property
    def sign_in_address(self) -> str:
        """Where a person signs in to decide."""
        return f"{self.public_url}/dang-nhap"

    def status_address(self, consent_id: UUID) -> str:
        """Where anybody who knows the receipt may ask how the consent stands."""
        return f"{self.public_url}/api/v1/open/consents/{consent_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRead:
    """What a receipt whose seal holds says."""

    consent_id: UUID
    requester_id: str
    fields: tuple[str, ...]
    on: date | None
    until_on: date


def compose_receipt(
    *,
    consent_id: UUID,
    request: ConsentRequestView,
    fields: tuple[str, ...],
    until_on: date,
    granted_at: datetime,
    subject_masked: str,
    proof: GrantProof,
    issuer: ReceiptIssuer,
) -> bytes:
    """The receipt's canonical bytes."""
    vi, en = PURPOSE_WORDS[request.purpose]
    requester = request.requester
    content: dict[str, Json] = {
        "receipt_id": str(consent_id),
        "schema_version": SCHEMA,
        "record_id": str(consent_id),
        "pii_principal_id": subject_masked,
        "pii_processing": {
            "privacy_notice": requester.notice_url,
            "language": "vi",
            "purposes": [
                {
                    "purpose": vi,
                    "purpose_en": en,
                    "purpose_type": request.purpose.value,
                    "purpose_description": request.reason,
                    "lawful_basis": "CONSENT",
                    "pii_information": [
                        {
                            "pii_type": FIELDS[name].group.value,
                            "pii_attribute_id": name,
                            "pii_attribute_name": FIELDS[name].vi,
                            "pii_attribute_name_en": FIELDS[name].en,
                            "pii_optional": False,
                            "sensitive_pii_category": FIELDS[name].tells_money,
                        }
                        for name in fields
                    ],
                    "pii_controllers": [issuer.custodian, requester.requester_id],
                    "recipient_third_parties": [requester.requester_id],
                    "collection_method": "read in the National Insurance Database at each look, each look shown to the person",
                    "retention_period": until_on.isoformat(),
                    "jurisdiction": "VN",
                    "withdrawal_method": f"{issuer.public_url}/api/v1/me/consents/{consent_id}/withdrawal",
                    "privacy_rights": f"{issuer.public_url}/api/v1/me/consents",
                }
            ],
        },
        "party_identification": [
            _party(issuer.custodian, issuer.name, "pii_controller", "", issuer.public_url),
            _party(requester.requester_id, requester.name, "recipient_third_party", requester.contact, requester.notice_url),
        ],
        "events": [
            {
                "event_time": granted_at.isoformat(),
                "event_type": "explicit",
                "event_state": "given",
                "entity_id": subject_masked,
                "validity_duration": f"{granted_at.isoformat()}/{until_on.isoformat()}",
            }
        ],
        "bhxh": {
            "request_id": str(request.request_id),
            "requester_reference": request.reference,
            "asked_at": request.asked_at.isoformat(),
            "asked_fields": list(request.fields),
            "on": request.on.isoformat() if request.on else "",
            "until_on": until_on.isoformat(),
            "status_address": issuer.status_address(consent_id),
            "authenticated_at": proof.authenticated_at.isoformat(),
            "assurance_level": proof.assurance_level,
            "session_sha256": proof.session_sha256,
            "granted_by": "representative" if proof.is_by_representative else "person",
        },
    }
    return canonical_bytes(content)


def compose_status(consent: ConsentView, *, at: datetime) -> bytes:
    """How a consent stands at an instant, for whoever holds its receipt. Names nobody."""
    content: dict[str, Json] = {
        "consent_id": str(consent.consent_id),
        "receipt_sha256": sha256_hex(consent.receipt),
        "status": consent.status(at).value,
        "until_on": consent.until_on.isoformat(),
        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else "",
        "as_of": at.isoformat(),
    }
    return canonical_bytes(content)


def sealed(payload: bytes, *, key: SealKey, type_name: str) -> bytes:
    """Flattened JWS."""
    return as_flattened(payload, seal(payload, key=key, type_name=type_name))


def read_receipt(data: bytes, *, keys: KeySet) -> ReceiptRead:
    """What a receipt says, once its seal holds under a published key that was in force when it was granted. Raises Invalid ACC-150."""
    try:
        payload = verify_flattened(data, keys=keys, type_name=RECEIPT_TYPE, maximum_bytes=_SMALL, purpose=PURPOSE).payload
        said = orjson.loads(payload)
        [event] = said["events"]
        verify_flattened(
            data,
            keys=keys,
            type_name=RECEIPT_TYPE,
            maximum_bytes=_SMALL,
            purpose=PURPOSE,
            sealed_at=datetime.fromisoformat(event["event_time"]),
        )
        return _read(said)
    except (Invalid, ValueError, KeyError, TypeError):
        raise Invalid(ACC_RECEIPT_BROKEN) from None


def _read(said: dict[str, Any]) -> ReceiptRead:
    [purpose] = said["pii_processing"]["purposes"]
    [recipient] = purpose["recipient_third_parties"]
    own = said["bhxh"]
    return ReceiptRead(
        consent_id=UUID(said["receipt_id"]),
        requester_id=recipient,
        fields=tuple(item["pii_attribute_id"] for item in purpose["pii_information"]),
        on=date.fromisoformat(own["on"]) if own["on"] else None,
        until_on=date.fromisoformat(own["until_on"]),
    )


def _party(party_id: str, name: str, role: str, contact: str, address: str) -> dict[str, Json]:
    return {"party_id": party_id, "party_name": name, "party_role": role, "party_contact": contact, "party_url": address}
