"""`make foreign`: the demonstration is run, and everything it made is shown to other people's programs, whole and with one thing changed.

The table goes to out/foreign.md. The last line counts; the exit is 0 only where every program was here and all agree with us.
"""

import sys
import time
from collections.abc import Sequence

from tools.demo.__main__ import demonstrate
from tools.demo.demonstration import OUT, Demonstration
from tools.foreign.collecting import collect
from tools.foreign.judging import TOOLS, Row, as_table, judge, missing_tools, never_made
from tools.foreign.questions import Artefact


def main() -> int:
    """Run it."""
    missing, artefacts = missing_tools(), list[Artefact]()
    for tool, why in missing.items():
        print(f"✗ THIẾU CHƯƠNG TRÌNH · MISSING: {tool} ({why})")

    def gather(demo: Demonstration) -> None:
        with demo.step("Thu thập để người khác kiểm tra", "everything made, gathered for others to judge"):
            artefacts.extend(collect(demo))
            print(f"      {len(artefacts)} tài liệu · artefacts")

    if demonstrate(then=gather) != 0:
        print("✗ Phần trình diễn không đúng; không có gì để kiểm tra · the demonstration did not hold; nothing was judged")
        return 1
    began = time.monotonic()
    rows = list(judge(artefacts))
    table = as_table(rows)
    (OUT / "foreign.md").write_text("\n".join(["# Our artefacts, judged by other people's programs", "", *table, ""]))
    print("\n".join(["", *table, "", f"{len(rows)} câu hỏi · questions, {time.monotonic() - began:.0f} s; out/foreign.md"]))
    return _concluded(artefacts, rows, missing)


def _concluded(artefacts: Sequence[Artefact], rows: Sequence[Row], missing: dict[str, str]) -> int:
    used = sorted({row.tool for row in rows if row.is_judged})
    idle = [tool for tool in TOOLS if tool not in missing and not any(one.startswith(f"{tool} ") for one in used)]
    unasked = [*never_made(artefacts), *(artefact.name for artefact in artefacts if not artefact.questions)]
    for what in (*unasked, *idle):
        print(f"✗ KHÔNG ĐƯỢC KIỂM TRA · NOT JUDGED, OR JUDGED NOTHING: {what}")
    for row in rows:
        if not row.agrees:
            print(f"✗ {row.artefact} · {row.tool} · {row.asked}: {row.expected}? {row.said}")
    print(f"chương trình · tools: {', '.join(used)}")
    disagreements = sum(not row.agrees for row in rows) + len(unasked) + len(idle)
    print(f"artefacts {len(artefacts)} tools {len(used)} disagreements {disagreements}")
    return 1 if disagreements or missing else 0


if __name__ == "__main__":
    sys.exit(main())
