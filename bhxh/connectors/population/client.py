"""Asks the national population database about persons, five hundred at a time, and translates its words into ours."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bhxh.connectors.http_client.client import PartnerClient
from bhxh.dossiers.ports import Answer, AnswerKind, IdentityQuery, SourceKind
from bhxh.kernel.canonical import Json
from bhxh.kernel.errors import Nonsense, Rejected, Trouble
from bhxh.kernel.text import tidy

BATCH = 500  # LIMIT: the register's agreed batch (assumed); one answer stays under 300 KB
_SYSTEM = "population"
_SEX = {"1": "MALE", "2": "FEMALE", "3": "UNDETERMINED"}
_DAY = re.compile(r"(?:(?:(\d{2})/)?(\d{2})/)?(\d{4})", re.ASCII)


class _Record(BaseModel):
    """One person in the register's own words. The field names are placeholders: the real interface is not public."""

    model_config = ConfigDict(extra="ignore", strict=True)

    soDinhDanh: str  # noqa: N815
    ketQua: str  # noqa: N815
    maBanGhi: str = ""  # noqa: N815
    hoTen: str = ""  # noqa: N815
    ngaySinh: str = ""  # noqa: N815
    gioiTinh: str = ""  # noqa: N815
    noiThuongTru: str = ""  # noqa: N815
    daChet: bool = False  # noqa: N815


class PopulationClient:
    """The port `PopulationRegister` over HTTP."""

    def __init__(self, client: PartnerClient) -> None:
        self._client = client

    def look_up(self, queries: Sequence[IdentityQuery]) -> Sequence[Answer]:
        """One answer for each query, in order. Trouble with one batch is told for that batch only."""
        answers: list[Answer] = []
        for start in range(0, len(queries), BATCH):
            answers += self._look_up_batch(queries[start : start + BATCH])
        return answers

    def _look_up_batch(self, queries: Sequence[IdentityQuery]) -> list[Answer]:
        asked = [{"soDinhDanh": query.pin} for query in queries]
        try:
            reply = self._client.post_json("/lookup", {"danhSach": asked})
            records = _records(reply.json(_SYSTEM))
        except Rejected:
            return self._all(queries, AnswerKind.REFUSED)
        except Nonsense:
            return self._all(queries, AnswerKind.NONSENSE)
        except Trouble:
            return self._all(queries, AnswerKind.UNAVAILABLE)
        if records is None:
            return self._all(queries, AnswerKind.NONSENSE, reply.digest)
        at, digest = self._client.clock(), reply.digest
        return [_answer(query.pin, records.get(query.pin), at, digest) for query in queries]

    def _all(self, queries: Sequence[IdentityQuery], kind: AnswerKind, digest: str = "") -> list[Answer]:
        at = self._client.clock()
        return [_plain(query.pin, kind, at, digest) for query in queries]


def _records(answer: Any) -> dict[str, Any] | None:
    listed = answer.get("danhSach") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        return None
    return {record["soDinhDanh"]: record for record in listed if isinstance(record, dict) and isinstance(record.get("soDinhDanh"), str)}


def _answer(pin: str, raw: Any, at: datetime, digest: str) -> Answer:
    try:
        record = _Record.model_validate(raw)
    except ValidationError:
        return _plain(pin, AnswerKind.NONSENSE, at, digest)
    if record.ketQua == "KHONG":
        return _plain(pin, AnswerKind.NOT_FOUND, at, digest)
    birth_on, sex = _birth(record.ngaySinh), _SEX.get(record.gioiTinh)
    if record.ketQua != "CO" or not record.hoTen or birth_on is None or sex is None:
        return _plain(pin, AnswerKind.NONSENSE, at, digest)
    content: dict[str, Json] = {
        "pin": pin,
        "full_name": tidy(record.hoTen),
        "birth_on": birth_on,
        "sex": sex,
        "residence": tidy(record.noiThuongTru),
        "is_deceased": record.daChet,
    }
    return Answer(
        subject=pin,
        kind=AnswerKind.ANSWERED,
        source_kind=SourceKind.NATIONAL_DB,
        source_system=_SYSTEM,
        record_id=record.maBanGhi,
        fetched_at=at,
        content=content,
        content_sha256=digest,
    )


def _plain(pin: str, kind: AnswerKind, at: datetime, digest: str) -> Answer:
    return Answer(subject=pin, kind=kind, source_kind=SourceKind.NATIONAL_DB, source_system=_SYSTEM, fetched_at=at, content_sha256=digest)


def _birth(text: str) -> str | None:
    """`31/12/1990` -> `1990-12-31`, `12/1990` -> `1990-12`, `1990` -> `1990`; None where there is no such day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = found.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)
