"""The decision's letter: reasons with clauses, masked numbers, the original inside, the same bytes each time."""

import re
import zlib
from pathlib import Path
from typing import Any

from bhxh.dossiers.decision_rendering import present_decision, render_decision
from bhxh.kernel.canonical import canonical_bytes
from bhxh.signing.key_files import FileKeys
from bhxh.signing.seals import as_flattened, seal

REFUSED = {
    "code": "D02-112",
    "outcome": "not_met",
    "citation": "Law 41/2024/QH15, Art. 31",
    "where": "2",
    "parameters": {},
    "vi": "Tiền lương 1.000.000 đồng thấp hơn mức sàn 2.340.000 đồng của tháng 11/2026. Kiểm tra lại ô N12.",
    "en": "The wage of 1,000,000 VND is below the floor of 2,340,000 VND of 11/2026. Check cell N12.",
}
MET = {**REFUSED, "code": "D02-101", "outcome": "met"}


def decision(lines: int = 3) -> dict[str, Any]:
    return {
        "type": "bhxh-decision+json",
        "version": 1,
        "custodian": "mof",
        "agency": {"code": "00101", "name": "Bảo hiểm xã hội Việt Nam"},
        "dossier_code": "G12.99.01-261121-0001",
        "document_sha256": "0" * 64,
        "filer": "0110000027",
        "period": "2026-11",
        "procedure": {"slug": "register_employees", "code": "SI-02", "title_vi": "Báo tăng, giảm, điều chỉnh lao động", "version": "1.0"},
        "law": ["Law 41/2024/QH15, Art. 28 and 31", "Decree 164/2025/ND-CP"],
        "law_on": "2026-11-21",
        "kind": "automatic",
        "appraiser": "rule:register_employees@1.0",
        "approver": "key:mof-decision-1",
        "decided_at": "2026-11-21T02:00:00+00:00",
        "decided_on": "2026-11-21",
        "granted": lines - 1,
        "refused": 1,
        "lines": [
            {
                "number": number,
                "pin": f"0011990000{number:02d}",
                "outcome": "refused" if number == 2 else "granted",
                "content": {"full_name": "Nguyễn Thị Mẫu", "change_code": "TM", "from_month": "2026-11"},
                "findings": [REFUSED] if number == 2 else [MET],
            }
            for number in range(1, lines + 1)
        ],
    }


def sealed(tmp_path: Path, lines: int = 3) -> bytes:
    payload = canonical_bytes(decision(lines))
    return as_flattened(payload, seal(payload, key=FileKeys(tmp_path, "mof").seal_key("decision"), type_name="bhxh-decision+json"))


def test_the_letter_carries_the_original_and_is_the_same_twice(tmp_path: Path) -> None:
    original = sealed(tmp_path)
    pdf = render_decision(original)
    assert pdf == render_decision(original)
    streams = [match.group(1) for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)]
    opened = []
    for stream in streams:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    assert original in opened


def test_a_reader_sees_why_and_by_which_clause_and_no_whole_number() -> None:
    view = present_decision(decision(), sha256="0" * 64, kid="k")
    granted, refused, _ = view["lines"]
    assert (granted["outcome_vi"], granted["reasons"]) == ("Chấp nhận", [])
    assert refused["reasons"] == [{name: REFUSED[name] for name in ("vi", "en", "code", "citation")}]
    assert refused["pin"] == "001*****0002"
    assert "001199000002" not in str(view)


def test_a_citizens_number_is_masked_too() -> None:
    view = present_decision({**decision(), "filer": "001199000001", "period": ""}, sha256="0" * 64, kid="k")
    assert "001199000001" not in str(view)


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    assert re.search(rb"/Count ([3-9]|\d\d)", render_decision(sealed(tmp_path, 60)))
