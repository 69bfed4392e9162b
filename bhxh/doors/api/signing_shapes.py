"""What the API says of signatures: what is known of each, and where one that is asked for stands."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from bhxh.doors.api.warehouse_shapes import Papers
from bhxh.dossiers.flows import PreparedDraft
from bhxh.dossiers.remote_signing import AskedHolder


class SignatureOut(Schema):
    """What is known of one signature, each question by itself."""

    form: str = Field(description="xades, pades or jws")
    intact: str = Field(description="yes, no or unknown: what is read is what was signed")
    trusted: str = Field(description="yes, no or unknown: a licensed authority issued the certificate, and all was in force")
    revoked: str = Field(description="yes, no or unknown: the certificate had been taken back by then")
    conclusion: str = Field(description="good, bad or indeterminate")
    judged_for: str = Field(description="the instant judged: the arrival, or a verified time stamp; never the signer's clock")
    judged_by: str
    reasons: list[str] = Field(description="codes: what was refused, or what could not be found out")
    component: str = Field("", description="the attachment it stands in; empty for the filing's own")
    role: str = Field("", description="of whoever signed beside the filer: worker, agency; empty for the filer")

    @classmethod
    def of(cls, said: Mapping[str, Any], component: str = "", role: str = "") -> "SignatureOut":
        """From what the proof keeps."""
        return cls(
            form=said["form"],
            intact=said["intact"],
            trusted=said["trusted"],
            revoked=said["revoked"],
            conclusion=said["conclusion"],
            judged_for=said["judged_for"],
            judged_by=said["judged_by"],
            reasons=list(said["reasons"]),
            component=component,
            role=role,
        )

    @classmethod
    def all_of(cls, proof: Mapping[str, Any]) -> "list[SignatureOut]":
        """The filing's own first, as it is known by now; then those of attached PDFs."""
        own = proof.get("completed_status") or proof.get("status")
        if own and "found_bad" in proof and "others" not in proof:
            own = {**own, "conclusion": "bad", "reasons": [*own["reasons"], proof["found_bad"]]}
        others = proof.get("completed_other_statuses") or proof.get("other_statuses", {})
        attached = [(one["component"], said) for one in proof.get("attached", {}).values() for said in one["signatures"]]
        beside = [cls.of(said, role=role) for role, said in others.items()]
        return [*([cls.of(own)] if own else []), *beside, *(cls.of(said, component) for component, said in attached)]


class AskedHolderOut(Schema):
    """A question that waits on the device of the certificate's holder."""

    draft_id: str
    shown: str = Field(description="what the device shows: show it too, so that the holder compares the last eight letters")
    asked_at: datetime
    open_until: datetime = Field(description="not answered by then it is asked anew")
    is_repeat: bool

    @classmethod
    def of(cls, asked: AskedHolder) -> "AskedHolderOut":
        """From the engine's view."""
        return cls(
            draft_id=str(asked.draft_id),
            shown=asked.shown,
            asked_at=asked.asked_at,
            open_until=asked.open_until,
            is_repeat=asked.is_repeat,
        )


class CollectionIn(Schema):
    """What goes with the document, besides the signature that is collected."""

    papers: Papers


class NotAnsweredOut(Schema):
    """The holder has not answered yet; ask again in a few seconds."""

    draft_id: str
    state: Literal["waiting"] = "waiting"


class RenewalIn(Schema):
    """For which key a document is prepared anew."""

    certificate: str = Field("", max_length=16_000, description="DER or PEM, base64; empty: the one it was prepared for before")
    is_for_service: bool = Field(False, description="for the certificate that the remote signing service keeps for the filer now")


class PreparedAnewOut(Schema):
    """The same content, to be signed within a week from now."""

    draft_id: str = Field(description="of the new draft")
    to_sign: str = Field(description="the bytes to sign, base64: ECDSA or RSA with SHA-256 (P-384: SHA-384) over them")
    expires_at: datetime

    @classmethod
    def of(cls, prepared: PreparedDraft) -> "PreparedAnewOut":
        """From the engine's view."""
        return cls(draft_id=str(prepared.draft_id), to_sign=b64encode(prepared.to_sign).decode(), expires_at=prepared.expires_at)
