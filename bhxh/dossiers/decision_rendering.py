"""A sealed decision as PDF/A-3a + PDF/UA-1: the letter that explains itself, with the original attached. Pure and deterministic."""

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from bhxh.book.typst_compiling import compile_pdf
from bhxh.kernel.canonical import sha256_hex
from bhxh.kernel.clock import shown
from bhxh.kernel.decisions import Outcome
from bhxh.kernel.identifiers import Pin

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "decision.typ"
_SPOKEN = {Outcome.NOT_MET.value, Outcome.UNCLEAR.value, Outcome.WARNING.value}
"""Findings a reader needs; what was met stands in the attached original."""


def render_decision(flattened: bytes) -> bytes:
    """The printable decision of a sealed one. Numbers of persons are masked: the filer has the list."""
    sealed = orjson.loads(flattened)
    decision, kid = orjson.loads(_decoded(sealed["payload"])), str(orjson.loads(_decoded(sealed["protected"]))["kid"])
    view = present_decision(decision, sha256=sha256_hex(flattened), kid=kid)
    return compile_pdf(_TEMPLATE, {"view": json.dumps(view, ensure_ascii=False, sort_keys=True), "sealed": flattened.decode()})


def present_decision(decision: Mapping[str, Any], *, sha256: str, kid: str) -> dict[str, Any]:
    """What the page shows."""
    decided_at = datetime.fromisoformat(decision["decided_at"])
    decided_on = date.fromisoformat(decision["decided_on"])
    granted, refused = decision["granted"], decision["refused"]
    procedure = decision["procedure"]
    filer = str(decision["filer"])
    facts = [
        _fact("Mã hồ sơ", "Dossier", decision["dossier_code"]),
        _fact("Thủ tục", "Procedure", f"{procedure['code']} (bản {procedure['version']})"),
        _fact("Người nộp", "Filer", Pin(filer).masked if Pin.try_parse(filer) else filer),
        *([_fact("Kỳ kê khai", "Period", decision["period"])] if decision["period"] else []),
        _fact("Ngày quyết định", "Decided", shown(decided_at)),
    ]
    return {
        "title": f"Quyết định hồ sơ {decision['dossier_code']}",
        "agency": decision["agency"]["name"],
        "agency_code": decision["agency"]["code"],
        "date": {"year": decided_on.year, "month": decided_on.month, "day": decided_on.day},
        "dossier_code": decision["dossier_code"],
        "subject": procedure["title_vi"],
        "facts": facts,
        "law": list(decision["law"]),
        "summary": {
            "vi": f"Chấp nhận {granted} dòng, không chấp nhận {refused} dòng.",
            "en": f"{granted} lines granted, {refused} lines refused.",
        },
        "lines": [_line(line) for line in decision["lines"]],
        "proof": [
            _fact("Thẩm định", "Appraised by", decision["appraiser"]),
            _fact("Phê duyệt", "Approved by", decision["approver"]),
            _fact("Khóa ký", "Sealing key", kid),
            _fact("Mã băm SHA-256 của tệp gốc", "Digest of the original", " ".join(sha256[at : at + 16] for at in range(0, 64, 16))),
        ],
    }


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    is_granted = line["outcome"] == "granted"
    content = line["content"]
    pin = Pin.try_parse(line["pin"])
    return {
        "number": line["number"],
        "name": str(content.get("full_name") or ""),
        "pin": pin.masked if pin else "",
        "change": " ".join(str(content[name]) for name in ("change_code", "from_month") if content.get(name)),
        "is_granted": is_granted,
        "outcome_vi": "Chấp nhận" if is_granted else "Không chấp nhận",
        "outcome_en": "Granted" if is_granted else "Refused",
        "reasons": [
            {name: finding[name] for name in ("vi", "en", "code", "citation")}
            for finding in line["findings"]
            if finding["outcome"] in _SPOKEN
        ],
    }


def _fact(vi: str, en: str, value: str) -> dict[str, str]:
    return {"vi": vi, "en": en, "value": str(value)}


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
