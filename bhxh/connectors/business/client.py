"""Asks the business register about one employer and translates its words into ours."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.dossiers.ports import Answer, AnswerKind, SourceKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Nonsense, Rejected, Trouble
from bhxh.kernel.text import tidy

_SYSTEM = "business"
_STATUS = {"DANG_HOAT_DONG": "ACTIVE", "TAM_NGUNG": "SUSPENDED", "GIAI_THE": "DISSOLVED"}


class _Company(BaseModel):
    """One enterprise in the register's own words. The field names are placeholders: the real interface is not public."""

    model_config = ConfigDict(extra="ignore", strict=True)

    maSoThue: str  # noqa: N815
    maSoDoanhNghiep: str = ""  # noqa: N815
    tenDoanhNghiep: str  # noqa: N815
    tinhTrang: str  # noqa: N815
    diaChiTruSo: str = ""  # noqa: N815
    soDinhDanhNguoiDaiDien: str = ""  # noqa: N815


class BusinessClient:
    """The port `BusinessRegister` over HTTP."""

    def __init__(self, client: PartnerClient) -> None:
        self._client = client

    def look_up(self, tax_code: str) -> Answer:
        """Never raises for trouble."""
        try:
            reply = self._client.post_json("/lookup", {"maSoThue": tax_code}, expected=frozenset({404}))
            answer = reply.json(_SYSTEM)
        except Rejected:
            return self._plain(tax_code, AnswerKind.REFUSED)
        except Nonsense:
            return self._plain(tax_code, AnswerKind.NONSENSE)
        except Trouble:
            return self._plain(tax_code, AnswerKind.UNAVAILABLE)
        if reply.status == 404:
            # WHY the word too: a gateway's own 404 must not become "no such employer".
            is_known_word = isinstance(answer, dict) and answer.get("ma") == "KHONG_TIM_THAY"
            return self._plain(tax_code, AnswerKind.NOT_FOUND if is_known_word else AnswerKind.NONSENSE, reply.digest)
        return self._answered(tax_code, answer, reply.digest)

    def _answered(self, tax_code: str, answer: Any, digest: str) -> Answer:
        try:
            company = _Company.model_validate(answer)
        except ValidationError:
            return self._plain(tax_code, AnswerKind.NONSENSE, digest)
        status = _STATUS.get(company.tinhTrang)
        if company.maSoThue != tax_code or status is None:
            return self._plain(tax_code, AnswerKind.NONSENSE, digest)
        content: dict[str, Json] = {
            "tax_code": tax_code,
            "name": tidy(company.tenDoanhNghiep),
            "status": status,
            "address": tidy(company.diaChiTruSo),
            "legal_representative_pin": company.soDinhDanhNguoiDaiDien,
        }
        return Answer(
            subject=tax_code,
            kind=AnswerKind.ANSWERED,
            source_kind=SourceKind.SPECIALISED_DB,
            source_system=_SYSTEM,
            record_id=company.maSoDoanhNghiep,
            fetched_at=self._client.clock(),
            content=content,
            content_sha256=digest,
        )

    def _plain(self, tax_code: str, kind: AnswerKind, digest: str = "") -> Answer:
        return Answer(
            subject=tax_code,
            kind=kind,
            source_kind=SourceKind.SPECIALISED_DB,
            source_system=_SYSTEM,
            fetched_at=self._client.clock(),
            content_sha256=digest,
        )
