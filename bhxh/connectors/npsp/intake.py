"""A dossier handed over by the national portal: a message the portal signed, translated into our words.

The portal vouches for the citizen's sign-in and for the confirmation that replaces a certificate (R-022).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from joserfc import jws
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bhxh.connectors.http_client.errors import CON_INTAKE_BROKEN
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import Pin

_MAXIMUM_BYTES = 12 * 1024 * 1024
_JWS = jws.JWSRegistry(algorithms=["ES256"])
_JWS.max_payload_length = _MAXIMUM_BYTES
UNKNOWN_KEY = "unknown key"
"""The reason that is worth one more try with fresh keys."""
_LEEWAY = timedelta(seconds=60)
_OLDEST = timedelta(days=7)  # LIMIT: the portal sends again while we are down; older than a week is a replay


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalIntake:
    """What the portal says a citizen filed."""

    portal_reference: str
    procedure_code: str
    pin: Pin
    full_name: str
    assurance_level: int
    account_subject: str
    """The citizen's account at the e-ID issuer: opaque."""
    form: Mapping[str, Any]
    email: str
    confirmed_at: datetime
    confirmation_method: str
    sent_at: datetime
    document: bytes
    """The signed message as it came: the document of the dossier."""


class _Citizen(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    soDinhDanh: str  # noqa: N815
    hoTen: str  # noqa: N815
    taiKhoan: str  # noqa: N815
    mucDo: int  # noqa: N815
    thuDienTu: str = ""  # noqa: N815


class _Confirmation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hinhThuc: Literal["XAC_NHAN_CONG", "XAC_NHAN_VNEID"]  # noqa: N815
    thoiDiem: AwareDatetime  # noqa: N815


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")

    noiNhan: str  # noqa: N815
    maHoSoCong: str = Field(pattern=r"^[A-Za-z0-9.\-]{5,60}$")  # noqa: N815
    maThuTuc: str = Field(min_length=1, max_length=60)  # noqa: N815
    nguoiNop: _Citizen  # noqa: N815
    noiDung: dict[str, Any]  # noqa: N815
    xacNhan: _Confirmation  # noqa: N815
    guiLuc: AwareDatetime  # noqa: N815


def read_intake(message: bytes, *, keys: Mapping[str, Any], audience: str, at: datetime) -> PortalIntake:
    """Check the portal's signature and read the message.

    Shape:   compact JWS, ES256 only, key by `kid` in the portal's key set, addressed to us, not older than a week.
             UNKNOWN_KEY is worth one more try with fresh keys.
    Raises:  Invalid CON-005; the reason names the check and never quotes the content.
    """
    if len(message) > _MAXIMUM_BYTES:
        raise _broken("too large")
    try:
        public = KeySet([ECKey.import_key(key) for key in keys.get("keys", ()) if key.get("kty") == "EC" and key.get("crv") == "P-256"])
        signed = jws.deserialize_compact(message.strip(), public, registry=_JWS)
    except InvalidKeyIdError:
        raise _broken(UNKNOWN_KEY) from None
    except (JoseError, ValueError) as error:
        raise _broken("signature") from error
    if signed.headers().get("typ") != "npsp-intake+jws":
        raise _broken("type")
    try:
        said = _Message.model_validate(json.loads(signed.payload or b""))
        pin = Pin.parse(said.nguoiNop.soDinhDanh)
    except (ValidationError, ValueError, Invalid):
        # WHY `from None`: the library's text quotes what the citizen wrote.
        raise _broken("content") from None
    if said.noiNhan != audience:
        raise _broken("addressee")
    if not at - _OLDEST <= said.guiLuc <= at + _LEEWAY or said.xacNhan.thoiDiem > said.guiLuc + _LEEWAY:
        raise _broken("time")
    return PortalIntake(
        portal_reference=said.maHoSoCong,
        procedure_code=said.maThuTuc,
        pin=pin,
        full_name=said.nguoiNop.hoTen,
        assurance_level=said.nguoiNop.mucDo,
        account_subject=said.nguoiNop.taiKhoan,
        form=said.noiDung,
        email=said.nguoiNop.thuDienTu,
        confirmed_at=said.xacNhan.thoiDiem,
        confirmation_method=said.xacNhan.hinhThuc,
        sent_at=said.guiLuc,
        document=message,
    )


def _broken(reason: str) -> Invalid:
    return Invalid(CON_INTAKE_BROKEN, reason=reason)
